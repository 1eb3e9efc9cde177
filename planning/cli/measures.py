"""Commands that measure, find gaps, suggest and hand out."""

from pathlib import Path
from typing import Any

import click

from geo.errors import N_, Word
from planning.cli.output import Console, pass_console, to_be_written
from planning.cli.suggesting import only_file, question, question_options, tell_plan, tell_quarters
from planning.language import gap_name
from planning.language import radius as places
from planning.model.need_words import said_of
from planning.model.performance import NEED_NAMES, Need
from planning.model.standards import CLASS_RADII_KM, ServiceStandard, TerrainClass

JSON = click.option(
    "--json", "json_path", metavar="FILE", type=click.Path(path_type=Path), callback=to_be_written,
    help="Write the whole result as JSON (- for standard output).",
)  # fmt: skip


def asked_options(command: Any) -> Any:
    """Add the options that say which province, vintage and standard."""
    for option in (
        click.option("--province", metavar="CODE", help="Two-digit code of the province."),
        click.option("--valid-from", metavar="DAY", help="Vintage (default: the newest)."),
        click.option("--on", metavar="DAY", help="The vintage in force on this day."),
        click.option("--radius-km", type=float, help="One radius everywhere, in kilometres."),
        click.option("--by-class", is_flag=True, help="The standard radius of each terrain class."),
        click.option("--class-radius", metavar="CLASS=KM", multiple=True,
                     help="With --by-class: another radius for one class; repeatable."),
        click.option("--demand", type=click.Choice([each.value for each in Need]),
                     help="Whom figures of people count (default: everybody)."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@asked_options
@JSON
@pass_console
def assess(console: Console, json_path: Path | None, **asked: Any) -> None:
    """Measure coverage: who is within the standard of an open direct point."""
    from planning.services import coverage  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    request = request_of(console, store, asked)
    console.progress(N_("Measuring province %(province)s …"), province=request.province)
    report = coverage.assess(store, request)
    console.json(json_path, report.as_dict())
    total = report.total
    share = None if total.share_covered is None else 100 * total.share_covered
    console.tell(
        N_("%(covered)s of %(people)s people (%(share)s %%) live within the standard of %(points)s open direct points."),
        covered=console.count(total.people_covered), people=console.count(total.people),
        share=console.count(share, 1), points=console.count(total.points_direct),
    )  # fmt: skip
    if total.distance.mean_m is not None:
        console.tell(
            N_("Distance to the nearest point: mean %(mean)s m, median %(median)s m, 90 %% within %(p90)s m, farthest %(max)s m."),
            mean=console.count(total.distance.mean_m), median=console.count(total.distance.median_m),
            p90=console.count(total.distance.p90_m), max=console.count(total.distance.max_m),
        )  # fmt: skip
    if total.mean_radius_km is not None:
        console.tell(
            N_("Mean radius of the area per point (bán kính phục vụ bình quân): %(radius)s km."),
            radius=console.count(total.mean_radius_km, 2),
        )
    base_line(console, report.base)


@click.command()
@asked_options
@JSON
@pass_console
def gaps(console: Console, json_path: Path | None, **asked: Any) -> None:
    """Find and name where unserved people gather."""
    from planning.services import gaps as service  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    request = request_of(console, store, asked)
    console.progress(N_("Looking for gaps in province %(province)s …"), province=request.province)
    report = service.find(store, request)
    console.json(json_path, report.as_dict())
    for gap in report.gaps[:20]:
        console.tell(
            N_("%(rank)s. %(name)s: %(people)s people, %(area)s km², mean distance to the nearest point %(metres)s m"),
            rank=gap.rank, name=gap_name(gap, console.language), people=console.count(gap.people),
            area=console.count(gap.area_km2, 1), metres=console.count(gap.nearest_point_m),
        )  # fmt: skip
    console.tell(
        N_("%(gaps)s gaps; %(people)s people beyond the standard, of whom %(scattered)s scattered."),
        gaps=console.count(len(report.gaps)), people=console.count(report.people_unserved),
        scattered=console.count(report.people_scattered),
    )  # fmt: skip
    base_line(console, report.base)


@click.command()
@asked_options
@question_options
@click.option(
    "--rollout",
    type=click.IntRange(min=1),
    metavar="N",
    help="Open N points a quarter, and say what that costs against plans made afresh.",
)
@JSON
@pass_console
def suggest(console: Console, json_path: Path | None, rollout: int | None, **asked: Any) -> None:
    """Suggest where points should be, with a bound on what any choice could reach."""
    from planning.services import rolling, siting  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    path = only_file(console, asked)
    if path is None:
        request, ask = request_of(console, store, asked), question(asked)
    else:
        request, ask = siting.asked_in(store, path)
    console.progress(N_("Choosing sites for province %(province)s …"), province=request.province)
    if rollout:
        rolling.refuse_quarters(ask)
    plan = siting.suggest(store, request, ask, by=console.by)
    quarters = rolling.rolled_out(store, plan, rollout) if rollout else ()
    by_quarter = {"quarters": [each.as_dict() for each in quarters]} if rollout else {}
    console.json(json_path, {**plan.as_dict(), **by_quarter})
    tell_plan(console, plan)
    tell_quarters(console, quarters)
    base_line(console, plan.base)


@click.command()
@click.argument(
    "what", type=click.Choice(["communes", "points", "proposals", "demand", "reform", "former"])
)
@click.option("--format", "form", required=True,
              type=click.Choice(["csv", "xlsx", "geojson", "gpkg", "map"]), help="Kind of file.")  # fmt: skip
@click.argument("out", type=click.Path(path_type=Path), callback=to_be_written)
@asked_options
@pass_console
def export(console: Console, what: str, form: str, out: Path, **asked: Any) -> None:
    """Hand out a table, or the whole map as one HTML file that needs no network."""
    from planning.services import exports  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    request = request_of(console, store, asked)
    reader = exports.Reader(console.language, console.by)
    exports.export(store, request, what, form, out, reader=reader)
    console.tell(N_("%(file)s was written."), file=out)


@click.command()
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@click.option("--set", "changes", metavar="CLASS=KM", multiple=True,
              help="Change the radius of one terrain class; repeatable.")  # fmt: skip
@pass_console
def standard(console: Console, province: str | None, changes: tuple[str, ...]) -> None:
    """Show or change the radii by which a province measures coverage."""
    from planning.services import standards  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    if changes:
        standards.change(store, code, _radii(console, changes), by=console.by)
    for terrain, radius in standards.current(store, code).radii_km.items():
        console.tell(N_("%(class)s: %(radius)s km"),
                     **{"class": terrain.value, "radius": places(radius, console.language)})  # fmt: skip


def request_of(console: Console, store: Any, asked: dict[str, Any]) -> Any:
    """Return the request that the options of `asked_options` mean."""
    from planning.services.requests import AnalysisRequest, only_province, vintage_on  # noqa: PLC0415 - heavy, only when needed

    if asked["on"] is not None and asked["valid_from"] is not None:
        raise click.UsageError(console.say(N_("Give either --valid-from or --on.")))
    province = only_province(store, asked["province"])
    if asked["province"] is None:
        console.progress(N_("Province %(province)s."), province=province)
    vintage = asked["valid_from"]
    if asked["on"] is not None:
        vintage = vintage_on(store, province, asked["on"])
    need = Need(asked["demand"] or Need.EVERYBODY)
    return AnalysisRequest(province, vintage, _standard(console, asked), need=need)


def _standard(console: Console, asked: dict[str, Any]) -> ServiceStandard | None:
    if asked["class_radius"] and not asked["by_class"]:
        raise click.UsageError(console.say(N_("--class-radius goes with --by-class.")))
    if asked["by_class"] and asked["radius_km"] is not None:
        raise click.UsageError(console.say(N_("Give either --radius-km or --by-class.")))
    if asked["radius_km"] is not None:
        return ServiceStandard.one_radius(asked["radius_km"])
    if not asked["by_class"]:
        return None
    changed = {TerrainClass(k): v for k, v in _radii(console, asked["class_radius"]).items()}
    return ServiceStandard({**CLASS_RADII_KM, **changed})


def _radii(console: Console, pairs: tuple[str, ...]) -> dict[str, float]:
    radii = {}
    for pair in pairs:
        name, _, km = pair.partition("=")
        try:
            radii[TerrainClass(name).value] = float(km.replace(",", "."))
        except ValueError:
            known = ", ".join(TerrainClass)
            text = console.say(
                N_("“%(pair)s” is not CLASS=KM with a class of %(known)s and a number.")
            )
            raise click.UsageError(text % {"pair": pair, "known": known}) from None
    return radii


def base_line(console: Console, base: Any) -> None:
    """Say where the people come from, and whether anything is a demonstration."""
    if base.need is not Need.EVERYBODY:
        console.tell(
            N_("Demand counted: %(need)s, taken to live where the people of each commune live."),
            need=console.say(Word(NEED_NAMES[base.need])),
        )  # fmt: skip
    sentence = N_("Population base: %(people)s people; %(source)s; counted %(as_of)s; %(unknown)s communes unknown and not counted.")  # fmt: skip
    console.tell(
        said_of(base.need, str)(sentence),
        people=console.count(base.people), source=base.source, as_of=base.as_of or "–",
        unknown=len(base.unknown_communes),
    )  # fmt: skip
    if base.synthetic:
        console.tell(N_("Demonstration data (Dữ liệu minh họa)."))
