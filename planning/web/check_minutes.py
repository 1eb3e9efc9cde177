"""Minutes of a check on site as they are printed: filled in, or empty to be written by hand."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.language import day, distance, speaker
from planning.model.days import today
from planning.model.errors import NotFoundError
from planning.services.review import checking, criteria, looking
from planning.web.access import user
from planning.web.asked import Asked, about, store

bp = Blueprint("check_minutes", __name__)
IN = "vi"  # a document of an office is in Vietnamese, whatever its reader reads
NOT_BEGUN = N_("%(number)s has not been checked on site yet, so there are no minutes.")


@bp.get("/<province:province>/checks/blank")
def blank(province: str) -> ResponseReturnValue:
    """Show empty minutes of no proposal."""
    asked = about(province)
    lines = criteria.on_day(store(), province, today())
    return _page(asked, view=None, lines=lines)


@bp.get("/<province:province>/checks/<proposal:number>/minutes")
def show(province: str, number: str) -> ResponseReturnValue:
    """Show the minutes of a check; empty ones of its proposal with `blank=1`."""
    asked = about(province)
    view = looking.view(store(), user(), province, number)
    if request.args.get("blank") == "1":
        return _page(asked, view=view, it=view.proposal, lines=view.lines,
                     from_place=checking.proposed_place(view.proposal))  # fmt: skip
    check = view.proposal.check
    if check is None:
        raise NotFoundError(NOT_BEGUN, number=number)
    place = checking.place_of(store(), view.proposal)
    return _page(
        asked, view=view, it=view.proposal, check=check, day=check.day, lines=view.lines,
        told={each.code: each for each in check.conditions}, photos=view.photos,
        from_place=checking.proposed_place(view.proposal),
        far=distance(place.metres, IN) if place else "",
        commune=view.names.commune(place.commune) if place else "",
    )  # fmt: skip


def _page(asked: Asked, **shown: object) -> str:
    nothing: dict[str, object] = {"it": None, "check": None, "told": {}, "day": "", "photos": ()}
    return render_template(
        "field/minutes.html", asked=asked, say_in=speaker(IN), degrees=_degrees,
        sent=lambda at: day(at, IN), **{**nothing, **shown},
    )  # fmt: skip


def _degrees(value: float) -> str:
    return f"{value:.6f}".replace(".", ",")
