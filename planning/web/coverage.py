"""Who is served and how far people go: standard, map, charts and tables on one page."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from geo.names import sort_key
from planning.maps.classes import MEASURES, SURFACE, Measure
from planning.model.coverage import AreaCoverage, CoverageReport
from planning.model.errors import NotFoundError
from planning.model.standards import LARGEST_RADIUS_KM, SMALLEST_RADIUS_KM
from planning.services import coverage, standards, surface
from planning.web import charts, legends
from planning.web.asked import BY_CLASS, Asked, about, store
from planning.web.demand import worded
from planning.web.map import shell_version

bp = Blueprint("coverage", __name__)
GROUPINGS = {
    "communes": N_("Communes, wards and special zones"),
    "former": N_("Former communes"),
    "districts": N_("Former districts"),
    "offices": N_("BHXH cơ sở"),
}
NO_GROUPING = N_("There is no table by “%(name)s”.")
NO_MEASURE = N_("There is no map by “%(name)s”.")
NO_COLUMN = N_("There is no column “%(name)s” to sort by.")
# Column -> heading, and how an area's value is read (None: the name).
COLUMNS: dict[str, tuple[str, str | None]] = {
    "name": (N_("Name"), None),
    "people": (N_("People"), "people"),
    "served": (N_("Served"), "people_covered"),
    "unserved": (N_("Not served"), "unserved"),
    "share": (N_("Share served"), "share_covered"),
    "direct": (N_("Direct points"), "points_direct"),
    "online": (N_("Online points"), "points_online"),
    "load": (N_("People per point"), "people_per_point"),
    "mean": (N_("Mean distance (km)"), "mean_distance_m"),
    "median": (N_("Median (km)"), "median_distance_m"),
    "p90": (N_("90th percentile (km)"), "p90_distance_m"),
    "max": (N_("Farthest (km)"), "max_distance_m"),
    "radius": (N_("Average service radius (km)"), "mean_radius_km"),
}
FORM_FIELDS = ("mode", "km")
VIEW = ("by", "measure", "sort", "down")


@bp.get("/<province:province>/coverage")
def show(province: str) -> ResponseReturnValue:
    """Show coverage by one standard, on the map, as charts and area by area."""
    if "mode" in request.args:
        return _by_address(province)
    asked = about(province)
    by, measure, sort, down = _view()
    report = coverage.assess(store(), asked.request)
    spread = coverage.spread(store(), asked.request)
    known = {name: text for name, text in GROUPINGS.items() if getattr(report, name)}
    return render_template(
        "coverage/page.html", _=worded(report.base.need), asked=asked, report=report, by=by, groupings=known,
        rows=_sorted(getattr(report, by), sort, down=down), columns=COLUMNS, sort=sort, down=down,
        measure=measure.name, measures=legends.NAMES, legend=legends.legend(measure, report.communes),
        spread=spread, histogram=charts.histogram(spread), curve=charts.curve(spread), chart=charts,
        own_standard=standards.current(store(), province), view=_on_map(asked, report, measure),
        mode=_mode(asked), here=_here(asked), shell_version=shell_version(),
        smallest=SMALLEST_RADIUS_KM, largest=LARGEST_RADIUS_KM,
    )  # fmt: skip


@bp.get("/<province:province>/coverage/surface.png")
def surface_png(province: str) -> ResponseReturnValue:
    """Send the picture of the distance to the nearest point, or 304."""
    drawn, version = surface.of_distance(store(), about(province).request)
    answer = Response(drawn.png, mimetype="image/png")
    answer.set_etag(version)
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


def _by_address(province: str) -> ResponseReturnValue:
    """Return the reader to the address of what the form chose: one address for each standard."""
    asked = about(province)
    mode = request.args["mode"]
    standard = {"radius": request.args.get("km", ""), BY_CLASS: BY_CLASS}.get(mode)
    kept = {name: request.args[name] for name in VIEW if name in request.args}
    return redirect(asked.url("coverage.show", **kept, standard=standard or None))


def _view() -> tuple[str, Measure, str, bool]:
    """Return grouping, measure, sorted column and its direction, as the address names them."""
    by = request.args.get("by", "communes")
    if by not in GROUPINGS:
        raise NotFoundError(NO_GROUPING, name=by[:40])
    name = request.args.get("measure", "share")
    measure = legends.measure_named(name)
    if measure is None:
        raise NotFoundError(NO_MEASURE, name=name[:40])
    sort = request.args.get("sort", "share")
    if sort not in COLUMNS:
        raise NotFoundError(NO_COLUMN, name=sort[:40])
    return by, measure, sort, request.args.get("down") == "1"


def _here(asked: Asked) -> Any:
    """Return the function that gives this page's address with some of its choices changed."""
    now = {name: request.args[name] for name in VIEW if name in request.args}

    def address(**changed: object) -> str:
        return asked.url("coverage.show", **(now | changed))

    return address


def _mode(asked: Asked) -> str:
    if not asked.standard:
        return "own"
    return BY_CLASS if asked.standard == BY_CLASS else "radius"


def values(area: AreaCoverage) -> dict[str, Any]:
    """Return an area's values by column; None is not known, which is not zero."""
    plain = area.as_dict()
    known = area.people is not None and area.people_covered is not None
    plain["unserved"] = (area.people or 0) - (area.people_covered or 0) if known else None
    return {name: area.name if field is None else plain[field]
            for name, (_, field) in COLUMNS.items()}  # fmt: skip


def _sorted(
    areas: tuple[AreaCoverage, ...], column: str, *, down: bool
) -> list[tuple[AreaCoverage, dict[str, Any]]]:
    """Return areas with their values, by a column, unknown last.

    Where a figure is the same, those with more people not served come first (where a whole
    province has no point, every share is nought), then names in Vietnamese order.
    """
    rows = sorted(((each, values(each)) for each in areas), key=lambda row: sort_key(row[0].name))
    known = [row for row in rows if row[1][column] is not None]
    rest = [row for row in rows if row[1][column] is None]
    if column == "name":
        return (known[::-1] if down else known) + rest
    known.sort(key=lambda row: -(row[1]["unserved"] or 0))
    return sorted(known, key=lambda row: row[1][column], reverse=down) + rest


def _on_map(asked: Asked, report: CoverageReport, measure: Measure) -> dict[str, Any]:
    """Return what the script draws: colours and words are worked out here."""
    view: dict[str, Any] = {
        "communes": asked.url("layers.send", name="communes", standard=None),
        "points": asked.url("layers.send", name="points", standard=None),
        "fills": legends.fills(measure, report.communes), "surface": None,
        "tips": legends.tips(measure if measure.field else MEASURES["distance"], report.communes),
        "page": asked.url("communes.sheet", code="00000"),
    }  # fmt: skip
    if measure is SURFACE:
        drawn, version = surface.of_distance(store(), asked.request)
        west, south, east, north = drawn.bounds
        view["surface"] = {
            "url": asked.url("coverage.surface_png", standard=None, v=version),
            "bounds": [[south, west], [north, east]], "cell_m": round(drawn.cell_m),
        }  # fmt: skip
    return view
