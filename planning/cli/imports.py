"""Commands that take files into the database, show what would come in, and take it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geo.errors import N_
from geo.recognition import Choices
from planning.cli.output import Console, pass_console
from planning.model.errors import RequestError

FILE = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
PROVINCE = click.option("--province", metavar="CODE", help="Two-digit code of the province.")
_FROM_DAY = "Vintage of the communes (default: newest)."
_Command = Callable[..., Any]


def _common(command: _Command) -> _Command:
    """Give a command the options on origin, recognition and decisions that all kinds share."""
    for option in (
        click.option("--source", help="Where the data come from (default: the file's name)."),
        click.option("--as-of", metavar="DAY", help="Day the data describe."),
        click.option("--synthetic", is_flag=True, help="Mark as demonstration data."),
        click.option("--part", help="Sheet, layer or Shapefile in the file that is meant."),
        click.option("--heading-row", type=int, help="Row number of the (last) row of headings."),
        click.option("--column", "columns", multiple=True, metavar="FIELD=HEADING",
                     help="Which column is meant by a field; nothing after “=”: none."),
        click.option("--encoding", help="Coding of the text: utf-8, windows-1258 …"),
        click.option("--letters", help="Legacy letters of the text: tcvn3, vni."),
        click.option("--crs", metavar="EPSG:N", help="System the coordinates are in."),
        click.option("--axes", type=click.Choice(["xy", "yx"]), help="Order of the coordinates."),
        click.option("--agree", multiple=True, metavar="FINDING",
                     help="Let what was found be mended as it says."),
        click.option("--decline", multiple=True, metavar="FINDING",
                     help="Leave out instead of mending."),
        click.option("--check", is_flag=True, help="Show what would come in; keep nothing."),
        click.option("--json", "json_path", metavar="FILE", type=click.Path(path_type=Path),
                     help="With --check: write what was recognised and found; “-” to show it."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group(name="import")
def import_() -> None:
    """Take a file into the database: read whole, kept whole or not at all."""


@import_.command()
@FILE
@click.option("--province", metavar="CODE", required=True, help="Two-digit code, text.")
@click.option("--valid-from", metavar="DAY", required=True, help="First day of validity.")
@click.option("--valid-to", metavar="DAY", help="Last day of validity (default: none).")
@click.option("--name", help="Name of the province where the file has none.")
@_common
@pass_console
def boundaries(
    console: Console, path: Path, province: str, valid_from: str, valid_to: str | None,
    name: str | None, **common: Any,
) -> None:  # fmt: skip
    """Communes of one vintage: GeoJSON, GeoPackage, FlatGeobuf or a zipped Shapefile."""
    from geo.sources.boundaries import Vintage  # noqa: PLC0415 - heavy, only when needed

    vintage = Vintage(province, valid_from, valid_to)
    _take(console, "boundaries", path, common, vintage=vintage, name=name)


@import_.command()
@FILE
@click.option(
    "--unusable", type=click.Choice(["leave-out", "suggestion", "census"]), default="leave-out",
    help="What to do with values the file marks as unusable.", show_default=True,
)  # fmt: skip
@click.option("--valid-from", metavar="DAY", help=_FROM_DAY)
@_common
@pass_console
def population(
    console: Console, path: Path, unusable: str, valid_from: str | None, **common: Any
) -> None:
    """People per commune: a table with commune code and people."""
    from geo.sources.population import Unusable  # noqa: PLC0415 - heavy, only when needed

    _take(console, "population", path, common, unusable=Unusable(unusable), valid_from=valid_from)


@import_.command(name="population-grid")
@FILE
@PROVINCE
@_common
@pass_console
def population_grid(console: Console, path: Path, province: str | None, **common: Any) -> None:
    """A population grid: a table of lon, lat, people, or a GeoTIFF of people per cell."""
    _take(console, "grid", path, common, province=province)


def _list_of(kind: str, about: str) -> None:
    """Add the command of a list of which single rows may be bad."""

    @import_.command(name=kind, help=about)
    @FILE
    @PROVINCE
    @click.option("--good-rows", is_flag=True, help="Keep the good rows of a file with bad ones.")
    @_common
    @pass_console
    def _(
        console: Console, path: Path, province: str | None, *, good_rows: bool, **common: Any
    ) -> None:
        _take(console, kind, path, common, province=province, good_rows=good_rows)


_list_of("points", "The list of collection points: CSV or a spreadsheet.")
_list_of("organisations", "The collection service organisations: name, code, contract, guarantee.")
_list_of("staff", "The collection staff: name, organisation, point, card. Personal data.")
_list_of("inspections", "Inspections of points: day, point, findings, conclusion, deadline.")
_list_of("programmes", "The programmes that targets are given for: code, name, unit.")
_list_of("targets", "Targets by period and programme at any level; a column of results comes too.")
_list_of("results", "Results by period and programme at any level; a column of targets comes too.")


@import_.command()
@FILE
@PROVINCE
@click.option(
    "--valid-from", metavar="DAY", help="Vintage of the communes (default: by the codes)."
)
@_common
@pass_console
def needs(
    console: Console, path: Path, province: str | None, valid_from: str | None, **common: Any
) -> None:
    """People to be reached by commune: without health insurance, potential and so on."""
    _take(console, "needs", path, common, province=province, valid_from=valid_from)


@import_.command()
@FILE
@PROVINCE
@click.option("--type", "kind", default="khác", help="Kind where the file names none.")
@_common
@pass_console
def hosts(console: Console, path: Path, province: str | None, kind: str, **common: Any) -> None:
    """Places that could house a point: name, kind, latitude, longitude."""
    _take(console, "hosts", path, common, province=province, host_type=kind)


@import_.command()
@FILE
@_common
@pass_console
def seats(console: Console, path: Path, **common: Any) -> None:
    """The seat of each commune: commune code, latitude, longitude."""
    _take(console, "seats", path, common)


@import_.command()
@FILE
@click.option("--valid-from", metavar="DAY",
              help="Day of the change (default: first day of the newest boundaries).")  # fmt: skip
@click.option("--resolution", help="The act that ordered the change, such as 1654/NQ-UBTVQH15.")
@_common
@pass_console
def crosswalk(
    console: Console, path: Path, valid_from: str | None, resolution: str | None, **common: Any
) -> None:
    """Former commune → present commune, whole or in part."""
    _take(console, "crosswalk", path, common, valid_from=valid_from, resolution=resolution)


@import_.command(name="list")
@PROVINCE
@pass_console
def list_(console: Console, province: str | None) -> None:
    """What was imported into a province, newest first, with the number to undo it by."""
    from planning.services import sources  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    for each in sources.imports(store, only_province(store, province)):
        undone = console.say(N_(", undone")) if each.undone_at else ""
        click.echo(
            f"{each.id}\t{each.imported_at}\t{each.kind}\t{each.file}\t"
            f"{console.count(each.rows)}{undone}"
        )


@import_.command()
@click.argument("number", type=int)
@PROVINCE
@pass_console
def undo(console: Console, number: int, province: str | None) -> None:
    """Put back what stood before an import; see “import list” for its number."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    imports.undo(store, code, number, by=console.by)
    console.tell(N_("Import %(number)s of province %(province)s was undone."),
                 number=number, province=code)  # fmt: skip


def _take(console: Console, kind: str, path: Path, common: dict[str, Any], **more: Any) -> None:
    """Examine a file and, unless only that was asked, keep it."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    origin = imports.Origin(**{name: common[name] for name in ("source", "as_of", "synthetic")},
                            by=console.by)  # fmt: skip
    ask = imports.ImportAsk(kind, path, origin, choices=_choices(common), **more)
    store = console.store(create=True)
    if common["check"]:
        _show(console, imports.examine(store, ask), common["json_path"])
        return
    for result in imports.commit(store, ask):
        console.tell(
            N_("%(file)s: %(rows)s rows kept for province %(province)s, %(left_out)s left out."),
            file=path.name, rows=console.count(result.rows), province=result.province_code,
            left_out=console.count(result.left_out),
        )  # fmt: skip
        console.findings(result.findings)


def _choices(common: dict[str, Any]) -> Choices:
    pairs = [each.partition("=") for each in common["columns"]]
    for field, sign, _ in pairs:
        if not sign:
            raise RequestError(
                N_("“%(text)s” names no column; write FIELD=HEADING, such as lat=“Vĩ độ”."),
                text=field,
            )
    answers = dict.fromkeys(common["agree"], True) | dict.fromkeys(common["decline"], False)
    plain = ("part", "heading_row", "encoding", "letters", "crs", "axes")
    return Choices(
        columns={field: heading for field, _, heading in pairs}, answers=answers,
        **{name: common[name] for name in plain},
    )  # fmt: skip


def _show(console: Console, reading: Any, json_path: Path | None) -> None:
    """Say what a file was taken for and what was seen in it."""
    console.json(json_path, reading.as_dict())
    console.tell(
        N_("%(file)s: %(usable)s of %(rows)s rows would be kept; nothing was changed."),
        file=reading.report.file, usable=console.count(reading.usable),
        rows=console.count(reading.rows),
    )  # fmt: skip
    known = reading.recognised
    if known is not None:
        for field, heading in known.columns.items():
            console.tell(N_("  column “%(heading)s” was read as %(field)s"),
                         heading=heading, field=field)  # fmt: skip
    console.findings(tuple(reading.report))
