"""The start page of a province: where its network stands and what to do next."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.language import number, percent
from planning.maps.classes import SHARE
from planning.model.figures import KeyFigures
from planning.services import overview
from planning.services.overview import Overview
from planning.web import access, legends
from planning.web.asked import about, store
from planning.web.language import current, say
from planning.web.result_words import period_name

bp = Blueprint("overview", __name__)
WORST, WORST_COMMUNES = 10, 5
OF = N_("%(count)s of %(of)s direct points of which it is known")
FORMER = N_("of former communes %(share)s (%(count)s of %(of)s)")
NO_FORMER = N_("of former communes: not known")
POINTS_OF_PERCENT = N_("%(by)s percentage points")
SAME = N_("no change")
ONLINE = N_("online %(change)s")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A key figure as the page shows it; `change` None: there is nothing to compare with."""

    key: str
    label: str
    value: str
    note: str
    meaning: str
    change: str | None


@bp.get("/<province:province>/")
def start(province: str) -> ResponseReturnValue:
    """Send the reader to the start page of the province: the first that they may see."""
    return redirect(about(province).url(access.first_page(province)))


@bp.get("/<province:province>/overview")
def show(province: str) -> ResponseReturnValue:
    """Show the key figures, the map, the worst gaps and what needs attention."""
    asked = about(province)
    seen = overview.look(store(), asked.request)
    return render_template(
        "overview/page.html", asked=asked, seen=seen, report=seen.report,
        figures=shown(seen), gaps=seen.gaps.gaps[:WORST],
        worst=seen.report.worst_served(WORST_COMMUNES),
        fills=legends.fills(SHARE, seen.report.communes),
        tips=legends.tips(SHARE, seen.report.communes),
        legend=legends.legend(SHARE, seen.report.communes),
    )  # fmt: skip


def shown(seen: Overview) -> list[ShownFigure]:
    """Return the eight key figures as text, each with its change since the data before."""
    at = seen.figures
    values = {
        "points": (_count(at.points_direct), _words(N_("direct; %(count)s online"),
                                                     count=_count(at.points_online))),
        "signed": (_share(at.share_signed),
                   _words(OF, count=_count(at.signed), of=_count(at.sign_known))),
        "permanent": (_share(at.share_permanent),
                      _words(OF, count=_count(at.permanent), of=_count(at.permanent_known))),
        "communes": (_share(at.share_communes), _communes(at)),
        "radius": (number(at.mean_radius_km, current(), 2), "km"),
        "load": (number(at.people_per_point, current()), say(N_("people"))),
        "beyond": (_count(at.people_beyond),
                   _words(N_("people, %(share)s of all"), share=_share(at.share_beyond))),
        "results": _results(seen),
    }  # fmt: skip
    return [
        ShownFigure(key, say(label), *values[key], say(meaning), _change(seen, key))
        for key, label, meaning in FIGURES
    ]


FIGURES = (
    ("points", N_("Open points"),
     N_("Direct points are staffed and serve people within reach; online points serve nobody within reach and are counted apart. Planned, suspended and closed points are not counted.")),
    ("signed", N_("Direct points with a signboard"),
     N_("Of the open direct points of which the list says whether the signboard was issued; the others are in neither number.")),
    ("permanent", N_("Direct points with permanent staff"),
     N_("Of the open direct points of which the list says whether a member of staff is always there; the others are in neither number.")),
    ("communes", N_("Communes with a direct point"),
     N_("The share of present communes, wards and special zones in which an open direct point stands. Former communes, those before the reorganisation, show what the merger hides.")),
    ("radius", N_("Average service radius"),
     N_("√(area ÷ (π × direct points)): the radius of the mean area per point, not a distance anyone travels.")),
    ("load", N_("People per direct point"),
     N_("All people of the province divided by its open direct points.")),
    ("beyond", N_("People beyond the standard"),
     N_("People whose nearest open direct point is farther than the service radius where they live, in a straight line. Communes of unknown population are in no figure.")),
    ("results", N_("Voluntary BHXH and household BHYT against the target"),
     N_("Results divided by targets, of the province as a whole, in the newest period that was told; the page of results shows the rest. A dash: no target or no result is here yet.")),
)  # fmt: skip


def _results(seen: Overview) -> tuple[str, str]:
    """Return the completion of both insurances, and of which periods."""
    told = [each for each in seen.met if each is not None]
    if not told:
        return "–", say(N_("no data yet"))
    shares = " / ".join(
        "–" if each is None else _share(each.province.completion) for each in seen.met
    )
    return shares, "; ".join(f"{each.programme.name}, {period_name(each.period)}" for each in told)


def _communes(at: KeyFigures) -> str:
    now = _words(N_("%(count)s of %(of)s communes"), count=_count(at.communes_with_point),
                 of=_count(at.communes))  # fmt: skip
    if at.former is None or at.former_with_point is None:
        return f"{now}; {say(NO_FORMER)}"
    former = _words(FORMER, share=_share(at.share_former), count=_count(at.former_with_point),
                    of=_count(at.former))  # fmt: skip
    return f"{now}; {former}"


def _change(seen: Overview, key: str) -> str | None:
    """Return how a figure changed since the data before, None where that is not known."""
    if seen.earlier is None or key == "results":
        return None
    now, before = seen.figures, seen.earlier.figures
    if key == "points":
        online = _by(now.points_online, before.points_online, _count)
        direct = _by(now.points_direct, before.points_direct, _count)
        return f"{direct}; {_words(ONLINE, change=online or '–')}"
    read, show = _READ[key]
    return _by(read(now), read(before), show)


def _by(now: float | None, before: float | None, show: Callable[[float], str]) -> str | None:
    if now is None or before is None:
        return None
    text = show(abs(now - before))
    if text == show(0):
        return say(SAME)
    return f"{'▲ +' if now > before else '▼ −'}{text}"


def _count(value: float) -> str:
    return number(value, current())


def _share(value: float | None) -> str:
    return percent(value, current())


def _points(value: float) -> str:
    return _words(POINTS_OF_PERCENT, by=number(value * 100, current(), 1))


def _radius(value: float) -> str:
    return f"{number(value, current(), 2)} km"


def _words(message: str, **values: str) -> str:
    return say(message) % values


_READ: dict[str, tuple[Callable[[KeyFigures], float | None], Callable[[float], str]]] = {
    "signed": (lambda it: it.share_signed, _points),
    "permanent": (lambda it: it.share_permanent, _points),
    "communes": (lambda it: it.share_communes, _points),
    "radius": (lambda it: it.mean_radius_km, _radius),
    "load": (lambda it: it.people_per_point, _count),
    "beyond": (lambda it: it.people_beyond, _count),
}
