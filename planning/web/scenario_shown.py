"""How a scenario is shown: its figures against the network as it is, its changes as rows."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request

from geo.errors import N_
from planning.language import number
from planning.model.comparing import ScenarioFigures
from planning.model.errors import NotFoundError
from planning.model.need_words import said_of
from planning.model.scenario import Outline, Scenario
from planning.services import scenarios
from planning.services.scenarios import Measured
from planning.siting.plans.workbench import Listed, Workbench, altered
from planning.web.asked import Asked, store
from planning.web.language import current, say

LARGEST_NUMBER = 10**9
BAR = 1000  # parts of the bar of people
LEAST_PART = 6  # of those who are few but not nobody, so that they can be seen
# Name, key of `NetworkFigures.as_dict`, how it is written, which way is better.
FIGURES = (
    (N_("People served"), "people_served", "people", 1),
    (N_("People not served"), "people_unserved", "people", -1),
    (N_("Share served"), "share_served", "share", 1),
    (N_("Mean distance (km)"), "mean_distance_m", "km", -1),
    (N_("90th percentile (km)"), "p90_distance_m", "km", -1),
    (N_("Farthest (km)"), "max_distance_m", "km", -1),
    (N_("Direct points"), "points", "count", 0),
    (N_("Communes with a direct point"), "communes_with_point", "count", 1),
    (N_("People per point"), "people_per_point", "people", 0),
    (N_("Average service radius (km)"), "mean_radius_km", "radius", 0),
)
# How a figure is written: times what, with how many decimals, followed by what.
WRITTEN = {"people": (1, 0, ""), "count": (1, 0, ""), "share": (100, 1, "%"),
           "km": (0.001, 2, ""), "radius": (1, 2, "")}  # fmt: skip
SIGNS = {
    "add": N_("added"), "move": N_("moved"), "close": N_("closed"), "open": N_("opened"),
    "kind": N_("kind changed"), "lock-in": N_("must get a point"), "lock-out": N_("gets no point"),
    "held": N_("locked in"), "lost": N_("no longer in the list"),
}  # fmt: skip
KINDS = {"direct": N_("direct (staffed)"), "online": N_("online"), "mobile": N_("mobile session")}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One key figure now and with a scenario, as text; `better`: 1 yes, -1 no, 0 neither."""

    name: str
    now: str
    then: str
    change: str
    better: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a scenario does to one point or place. `signs` are keys of SIGNS."""

    id: str
    signs: tuple[str, ...]
    name: str
    commune: str
    lon: float | None
    lat: float | None
    from_lon: float | None = None
    from_lat: float | None = None
    kind: str = ""
    held: bool = False
    added: bool = False
    lock: bool = False
    comment: str = ""

    @property
    def lat_text(self) -> str:
        """The latitude as the reader writes it."""
        return degrees(self.lat)

    @property
    def lon_text(self) -> str:
        """The longitude as the reader writes it."""
        return degrees(self.lon)


def degrees(value: float | None) -> str:
    """Return degrees with five places and the reader's decimal sign; quick, for long lists."""
    if value is None:
        return ""
    text = f"{value:.5f}"
    return text.replace(".", ",") if current() == "vi" else text


def the_scenario(asked: Asked, wanted: int) -> Scenario:
    """Return the scenario an address names."""
    if wanted > LARGEST_NUMBER:
        raise NotFoundError(N_("There is no scenario with the number %(number)s here."), number=str(wanted)[:20])  # fmt: skip
    return scenarios.get(store(), asked.province.code, wanted)


def figure_rows(figures: ScenarioFigures) -> list[FigureRow]:
    """Return the key figures now and with the scenario."""
    now, then = figures.now.as_dict(), figures.then.as_dict()
    speak = said_of(figures.made_from.base.need, say)
    return [_row(speak(name), how, better, now[key], then[key])
            for name, key, how, better in FIGURES]  # fmt: skip


def written(how: str, value: float | None) -> str:
    """Return a figure as the reader writes it."""
    if value is None:
        return "–"
    scale, digits, unit = WRITTEN[how]
    return number(value * scale, current(), digits) + unit


def _row(name: str, how: str, better: int, now: float | None, then: float | None) -> FigureRow:
    one, other = written(how, now), written(how, then)
    if now is None or then is None:
        return FigureRow(name, one, other, "–", 0)
    if one == other:
        return FigureRow(name, one, other, say(N_("no change")), 0)
    scale, digits, _ = WRITTEN[how]
    # Of the figures as they are written: who subtracts one from the other gets the same.
    by = _rounded(then * scale, digits) - _rounded(now * scale, digits)
    change = ("+" if by > 0 else "−") + number(float(abs(by)), current(), digits)
    if how == "share":
        change += " " + say(N_("percentage points"))
    return FigureRow(name, one, other, change, better if then > now else -better)


def _rounded(value: float, digits: int) -> Decimal:
    """Round as numbers are written: half to even, of the decimals that stand for the value."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits))


def bar(figures: ScenarioFigures) -> list[dict[str, Any]]:
    """Return the parts of the bar of people, left to right: who, how many, where, how wide."""
    kept = figures.now.people_served - figures.people_lost
    beyond = figures.then.people_unserved - figures.people_lost
    parts = [("kept", N_("still served"), kept), ("gained", N_("gained"), figures.people_gained),
             ("lost", N_("lost"), figures.people_lost), ("beyond", N_("still not served"), beyond)]  # fmt: skip
    total = max(figures.now.people, 1)
    widths = [max(BAR * people / total, LEAST_PART if people else 0) for _, _, people in parts]
    scale = BAR / (sum(widths) or BAR)
    found, left = [], 0.0
    for (name, text, people), width in zip(parts, widths, strict=True):
        found.append({"name": name, "text": say(text), "people": people,
                      "left": round(left, 2), "width": round(width * scale, 2)})  # fmt: skip
        left += width * scale
    return found


def change_rows(bench: Workbench, outline: Outline) -> list[ChangeRow]:
    """Return a row for every point that is added or altered and for every lock."""
    rows = [
        ChangeRow(each.id, ("add",), each.name or _new(each.id), _commune(bench, each.lon, each.lat),
                  each.lon, each.lat, kind=each.kind, held=each.id in outline.held, added=True,
                  comment=each.comment)
        for each in outline.added.values()
    ]  # fmt: skip
    for name, change in outline.altered.items():
        if name not in bench.points:
            rows.append(ChangeRow(name, ("lost",), name, "", None, None, comment=change.comment))
            continue
        now = bench.points[name]
        then = altered(now, outline)
        rows.append(
            ChangeRow(name, _signs(now, then), now.name, _commune(bench, then.lon, then.lat),
                      then.lon, then.lat, now.lon, now.lat, then.kind, name in outline.held,
                      comment=change.comment)
        )  # fmt: skip
    touched = {each.id for each in rows}
    for name in sorted(outline.held - touched):
        point = bench.points.get(name)
        if point is not None:
            rows.append(
                ChangeRow(name, ("held",), point.name, _commune(bench, point.lon, point.lat),
                          point.lon, point.lat, kind=point.kind, held=True)
            )  # fmt: skip
    rows += [
        ChangeRow(each.id, ("lock-in" if each.inside else "lock-out",),
                  each.name or _new(each.id), _commune(bench, each.lon, each.lat),
                  each.lon, each.lat, lock=True)
        for each in outline.locks.values()
    ]  # fmt: skip
    return rows


def map_parts(rows: list[ChangeRow]) -> list[dict[str, Any]]:
    """Return the rows as the map draws them."""
    return [
        {"id": row.id, "signs": row.signs, "name": row.name, "lon": row.lon, "lat": row.lat,
         "from_lon": row.from_lon, "from_lat": row.from_lat, "kind": row.kind,
         "held": row.held, "added": row.added, "lock": row.lock,
         "said": ", ".join(say(SIGNS[each]) for each in row.signs)}
        for row in rows if row.lon is not None
    ]  # fmt: skip


def points_named(bench: Workbench) -> list[Listed]:
    """Return the listed points that the address asks for: one by its code, or some by name."""
    wanted = request.args.get("point", "")
    if wanted:
        return [bench.points[wanted]] if wanted in bench.points else []
    words = request.args.get("find", "").casefold().split()
    if not words:
        return []
    return [each for each in bench.points.values()
            if all(word in f"{each.id} {each.name}".casefold() for word in words)][:30]  # fmt: skip


def whole(asked: Asked, measured: Measured) -> dict[str, Any]:
    """Return everything that the parts of the workspace show."""
    ready = scenarios.bench(store(), asked.request)
    outline = measured.scenario.outline
    rows = change_rows(ready, outline)
    return {
        "asked": asked, "scenario": measured.scenario, "measured": measured,
        "figures": measured.figures, "figure_rows": figure_rows(measured.figures),
        "bar": bar(measured.figures), "rows": rows, "signs": SIGNS, "kinds": KINDS,
        "comments": scenarios.comments(store(), measured.scenario),
        "decisions": scenarios.decided(store(), asked.request),
    }  # fmt: skip


def _signs(now: Listed, then: Listed) -> tuple[str, ...]:
    found = []
    if then.status != now.status:
        found.append("open" if then.status == "open" else "close")
    if (then.lon, then.lat) != (now.lon, now.lat):
        found.append("move")
    if then.kind != now.kind:
        found.append("kind")
    return tuple(found) or ("kind",)


def _new(name: str) -> str:
    if name.startswith("@"):
        return say(N_("Place %(number)s")) % {"number": name[1:]}
    return say(N_("New point %(number)s")) % {"number": name[1:]}


def _commune(bench: Workbench, lon: float, lat: float) -> str:
    code = bench.commune_at(lon, lat)
    return "" if code is None else bench.names[code]
