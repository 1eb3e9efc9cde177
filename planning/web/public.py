"""What everybody may read without signing in: the published points, organisations, staff, files."""

from typing import Any, cast

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planning.exports.published import FORMS, WHOLE
from planning.model.errors import RequestError
from planning.services import public
from planning.services.public import MOST_TEXT, Published, Wanted
from planning.web.asked import store
from planning.web.errors import status_of
from planning.web.language import count, say
from planning.web.proposal_words import POINT_KINDS

bp = Blueprint("public", __name__)
MIMETYPES = {
    "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
ZOOM_MARGIN = 0.15  # of a commune, around it
LAST_PAGE = 10_000


@bp.get("/public/<province:province>")
def points(province: str) -> ResponseReturnValue:
    """Search the published points of a province by words and commune, or find the nearest."""
    head, found = public.in_force(store(), province)
    wanted, refusal = _wanted()
    shown = public.points(found, wanted)
    page = render_template(
        "public/points.html", **_about(province, head, found), wanted=wanted, found=shown,
        near=_text("near"), refusal=None if refusal is None else refusal.sentence(say, count),
        kinds=POINT_KINDS, pages=_pages("public.points", province, shown.page, shown.pages),
        view=_view(found, wanted.commune),
        drawn=[found.publication.drawing.marks[row] for row in shown.drawn],
    )  # fmt: skip
    return _kept(page, 200 if refusal is None else status_of(type(refusal)))


@bp.get("/public/<province:province>/organisations")
def organisations(province: str) -> ResponseReturnValue:
    """List the published organisations of a province."""
    head, found = public.in_force(store(), province)
    return _kept(render_template("public/organisations.html", **_about(province, head, found)))


@bp.get("/public/<province:province>/staff")
def staff(province: str) -> ResponseReturnValue:
    """List the published staff of a province, by words."""
    head, found = public.in_force(store(), province)
    wanted = Wanted(_text("text"), page=_page())
    rows, total, page, pages = public.staff(found, wanted)
    return _kept(
        render_template(
            "public/staff.html", **_about(province, head, found), wanted=wanted, rows=rows,
            total=total, pages=_pages("public.staff", province, page, pages),
        )
    )  # fmt: skip


@bp.get("/public/<province:province>/files/<name>")
def file(province: str, name: str) -> ResponseReturnValue:
    """Send a published list as a file, which its reader asks for again only when it is another."""
    head, body = public.file(store(), province, name)
    return sent(body, f"diemthu-{province}-{head.day}-{name}")


def sent(body: bytes, name: str) -> Response:
    """Return a file of a publication as a download."""
    answer = Response(body, mimetype=MIMETYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _asked_again(answer)


def _about(province: str, head: object, found: Published) -> dict[str, Any]:
    """Return what every public page says of the publication."""
    publication = found.publication
    return {"province": province, "head": head, "publication": publication, "act": publication.act,
            "lists": publication.lists, "forms": FORMS, "whole": WHOLE}  # fmt: skip


def _wanted() -> tuple[Wanted, RequestError | None]:
    """Return what is looked for; where the place cannot be read, the rest and why."""
    text, commune, page = _text("text"), _text("commune"), _page()
    try:
        return Wanted(text, commune, public.place_of(_text("near")), page), None
    except RequestError as refusal:
        return Wanted(text, commune, None, page), refusal


def _text(name: str) -> str:
    return request.args.get(name, "").strip()[:MOST_TEXT]


def _page() -> int:
    text = request.args.get("page", "1")
    known = text.isascii() and text.isdigit() and len(text) < 6
    return min(int(text), LAST_PAGE) if known else 1


def _pages(endpoint: str, province: str, page: int, pages: int) -> dict[str, Any]:
    """Return number and addresses of the pages before and after this one."""
    kept = {name: request.args[name][:MOST_TEXT] for name in ("text", "commune", "near", "lang")
            if request.args.get(name)}  # fmt: skip

    def address(number: int) -> str | None:
        if not 0 < number <= pages:
            return None
        values = cast(dict[str, Any], {**kept, "page": number})
        return url_for(endpoint, province=province, **values)

    return {"page": page, "pages": pages, "before": address(page - 1), "after": address(page + 1)}


def _view(found: Published, commune: str) -> str:
    """Return the part of the drawing that is shown: a commune, or all of it."""
    drawing = found.publication.drawing
    for code, _, _, (left, top, right, bottom) in drawing.areas:
        if code == commune:
            margin = ZOOM_MARGIN * max(right - left, bottom - top)
            box = (
                left - margin,
                top - margin,
                right - left + 2 * margin,
                bottom - top + 2 * margin,
            )
            return " ".join(f"{each:.1f}" for each in box)
    return f"0 0 {drawing.width} {drawing.height}"


def _kept(page: str, status: int = 200) -> Response:
    """Return a page that its reader keeps, and asks each time whether it is still the same."""
    return _asked_again(make_response(page, status))


def _asked_again(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
