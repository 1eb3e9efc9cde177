"""The import in the browser: choose a file, see what it was taken for, correct, decide, keep."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from geo.errors import N_, Refusal
from planning.exports.as_findings import Saying
from planning.exports.as_template import TEMPLATES, write_template
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action
from planning.services import imports, provinces
from planning.web import import_forms, import_words
from planning.web.access import demand, demand_new, user
from planning.web.asked import Asked, about, store
from planning.web.compressed import packed
from planning.web.errors import FormError, status_of
from planning.web.import_shown import shown
from planning.web.language import count, current, say
from planning.web.uploading import drafts, one_file

bp = Blueprint("imports", __name__)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_TEMPLATE = N_("There is no template for “%(kind)s”.")
NO_SHAPES = N_("There is nothing of this file to show on a map.")


class DraftToken(BaseConverter):
    """The part of an address that names an uploaded file: forty hexadecimal digits."""

    regex = r"[0-9a-f]{40}"


@bp.get("/import")
@bp.get("/<province:province>/import")
def choose(province: str | None = None) -> ResponseReturnValue:
    """Offer to bring a file, for one province or for one that is not there yet."""
    more = {} if province is None else {"asked": about(province)}
    offered = import_words.kinds()
    if province is None:
        offered = {"boundaries": offered["boundaries"]}
    return render_template(
        "imports/choose.html", kinds=offered, templates=TEMPLATES, chosen=request.args.get("kind"),
        largest_mb=drafts().most_bytes // 1_000_000, unusable=import_words.UNUSABLE, **more,
    )  # fmt: skip


@bp.post("/import")
@bp.post("/<province:province>/import")
def upload(province: str | None = None) -> ResponseReturnValue:
    """Take a file as a draft, of which nothing is kept yet, and show what is in it."""
    if province is not None:
        about(province)
    with one_file() as sent:
        kind = import_forms.kind_of(sent.form)
        code = province or import_forms.new_province(sent.form)
        said = import_forms.said(sent.form, kind)
        if province is None and kind != "boundaries":
            raise FormError(import_forms.NO_KIND)
        demand_new(code)
        if kind == "staff":
            demand(Action.SEE_PEOPLE, province=code)
        draft = sent.keep(code, kind, said)
    return redirect(_address(draft), HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/import/<draft:token>")
def show(province: str, token: str) -> ResponseReturnValue:
    """Show what a file was taken for, what was found in it and what would come in."""
    draft = _own(province, token)
    if draft.done is not None:
        return redirect(_data_page(draft), HTTPStatus.SEE_OTHER)
    return _page(draft)


@bp.get("/<province:province>/import/<draft:token>/<any(commit, anew, discard):_step>")
def back(province: str, token: str, _step: str) -> ResponseReturnValue:
    """Lead from the address of a step back to the page, as after a change of language."""
    return redirect(url_for("imports.show", province=province, token=token), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/import/<draft:token>")
def review(province: str, token: str) -> ResponseReturnValue:
    """Keep the corrections and decisions of the form with the draft; examine it again."""
    draft = _open(province, token)
    changed = _with_choices(draft)
    drafts().save(changed)
    return redirect(f"{_address(draft)}#findings", HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/import/<draft:token>/anew")
def anew(province: str, token: str) -> ResponseReturnValue:
    """Forget every correction and decision; examine the file as it was recognised at first."""
    draft = _open(province, token)
    drafts().save(replace(draft, said={**draft.said, "choices": {}}))
    return redirect(_address(draft), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/import/<draft:token>/commit")
def commit(province: str, token: str) -> ResponseReturnValue:
    """Keep the file as it was shown; say on the same page what stands in the way."""
    draft = _own(province, token)
    if draft.done is not None:
        raise drafts().done_already()
    try:
        changed = _with_choices(draft)
        if changed.said != draft.said:
            drafts().save(changed)
            draft = changed
            raise RequestError(import_forms.NOT_THE_SAME)
        import_forms.require_consent(request.form, _preview(draft).left_out)
        imports.commit_draft(store(), drafts(), _previews(), draft)
    except Refusal as refusal:
        if drafts().find(province, token).done is not None:
            raise
        page = _page(draft, refusal)
        return page, status_of(type(refusal))
    return redirect(_data_page(draft), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/import/<draft:token>/discard")
def discard(province: str, token: str) -> ResponseReturnValue:
    """Delete a file of which nothing was kept."""
    draft = _open(province, token)
    drafts().drop(draft)
    _previews().forget(token)
    known = _asked(province) is not None
    place = url_for("imports.choose", province=province) if known else url_for("imports.choose")
    return redirect(place, HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/import/<draft:token>/shapes.json")
def shapes(province: str, token: str) -> ResponseReturnValue:
    """Send the shapes of what would come in."""
    draft = _open(province, token)
    body = _preview(draft).shapes
    if body is None:
        raise NotFoundError(NO_SHAPES)
    answer = packed(body, f"{token}-{crc32(body):08x}", mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/<province:province>/import/<draft:token>/findings.xlsx")
def findings(province: str, token: str) -> ResponseReturnValue:
    """Send the findings as a spreadsheet, the faulty cells of the file marked."""
    draft = _open(province, token)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "findings.xlsx"
        found = _preview(draft)
        imports.write_draft_findings(path, drafts(), draft, found, saying())
        return sheet(path, f"diemthu-{province}-{draft.kind}-findings.xlsx")


@bp.get("/import/template/<kind>.xlsx")
def template(kind: str) -> ResponseReturnValue:
    """Send an empty spreadsheet under the headings of a kind."""
    if kind not in TEMPLATES:
        raise NotFoundError(NO_TEMPLATE, kind=kind[:40])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, kind)
        return sheet(path, f"diemthu-mau-{kind}.xlsx")


def install(app: Flask) -> None:
    """Let addresses of `app` hold the token of an uploaded file."""
    app.url_map.converters["draft"] = DraftToken


def sheet(path: Path, name: str) -> Response:
    """Return a spreadsheet of ours as a download."""
    answer = Response(path.read_bytes(), mimetype=SHEET)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def saying() -> Saying:
    """Return the language of this request, for a file."""
    return Saying(say, count)


def _previews() -> imports.Previews:
    found: imports.Previews = current_app.extensions["previews"]
    return found


def _open(province: str, token: str) -> Any:
    """Return a draft that was not imported yet."""
    draft = _own(province, token)
    if draft.done is not None:
        raise drafts().done_already()
    return draft


def _own(province: str, token: str) -> Any:
    """Return a draft of the user's; those of others are not there."""
    found = drafts().find(province, token, by=user().name)
    if found.kind == "staff":
        demand(Action.SEE_PEOPLE, province=province)
    return found


def _preview(draft: Any) -> imports.Preview:
    return imports.preview(store(), drafts(), _previews(), draft)


def _with_choices(draft: Any) -> Any:
    """Return a draft with what the form corrects and decides."""
    return import_forms.corrected(draft, request.form, _preview(draft).recognised)


def _page(draft: Any, refusal: Refusal | None = None) -> str:
    asked = _asked(draft.province)
    more = {} if asked is None else {"asked": asked}
    found = _preview(draft)
    return render_template(
        "imports/preview.html", draft=draft, view=shown(draft, found, saying(), current()),
        found=found, refusal=None if refusal is None else refusal.sentence(say, count),
        address=_address(draft), letters=import_words.LETTERS,
        communes=None if asked is None else asked.url("layers.send", name="communes"),
        **more,
    )  # fmt: skip


def _asked(province: str) -> Asked | None:
    known = {each.code for each in provinces.list_provinces(store())}
    return about(province) if province in known else None


def _address(draft: Any) -> str:
    return url_for("imports.show", province=draft.province, token=draft.token)


def _data_page(draft: Any) -> str:
    batches = (drafts().find(draft.province, draft.token).done or {}).get("batches", [])
    return url_for("data.show", province=draft.province, imported=batches[-1] if batches else None)
