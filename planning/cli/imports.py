"""Commands that take files into the database."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console

FILE = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
PROVINCE = click.option("--province", metavar="CODE", help="Two-digit code of the province.")


def _origin(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--source", help="Where the data come from (default: the file's name)."),
        click.option("--as-of", metavar="DAY", help="Day the data describe."),
        click.option("--synthetic", is_flag=True, help="Mark as demonstration data."),
    ):
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
@_origin
@pass_console
def boundaries(
    console: Console, path: Path, province: str, valid_from: str, valid_to: str | None,
    name: str | None, **origin: Any,
) -> None:  # fmt: skip
    """Communes of one vintage: GeoJSON, GeoPackage, FlatGeobuf or a zipped Shapefile."""
    from geo.sources.boundaries import Vintage  # noqa: PLC0415 - heavy, only when needed
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    vintage = Vintage(province, valid_from, valid_to)
    store = console.store(create=True)
    result = imports.import_boundaries(store, path, vintage, imports.Origin(**origin), name)
    _report(console, path, [result])


@import_.command()
@FILE
@click.option(
    "--unusable", type=click.Choice(["leave-out", "suggestion", "census"]), default="leave-out",
    help="What to do with values the file marks as unusable.", show_default=True,
)  # fmt: skip
@click.option("--valid-from", metavar="DAY", help="Vintage of the communes (default: newest).")
@_origin
@pass_console
def population(
    console: Console, path: Path, unusable: str, valid_from: str | None, **origin: Any
) -> None:
    """People per commune: a table with commune code and people."""
    from geo.sources.population import Unusable  # noqa: PLC0415 - heavy, only when needed
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    results = imports.import_population(
        console.store(create=True), path, Unusable(unusable), imports.Origin(**origin), valid_from
    )
    _report(console, path, results)


@import_.command(name="population-grid")
@FILE
@PROVINCE
@_origin
@pass_console
def population_grid(console: Console, path: Path, province: str | None, **origin: Any) -> None:
    """A population grid: a table of lon, lat, people, or a GeoTIFF of people per cell."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    origin_ = imports.Origin(**origin)
    results = imports.import_grid(console.store(create=True), path, origin_, province)
    _report(console, path, results)


@import_.command()
@FILE
@PROVINCE
@click.option("--good-rows", is_flag=True, help="Keep the good rows of a file with bad ones.")
@_origin
@pass_console
def points(
    console: Console, path: Path, province: str | None, *, good_rows: bool, **origin: Any
) -> None:
    """The list of collection points: CSV or a spreadsheet."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    result = imports.import_points(
        console.store(create=True), path, imports.Origin(**origin), province, good_rows=good_rows
    )
    _report(console, path, [result])


@import_.command()
@FILE
@PROVINCE
@click.option("--type", "kind", default="khác", help="Kind where the file names none.")
@_origin
@pass_console
def hosts(console: Console, path: Path, province: str | None, kind: str, **origin: Any) -> None:
    """Places that could house a point: name, kind, latitude, longitude."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    store = console.store(create=True)
    result = imports.import_hosts(store, path, imports.Origin(**origin), province, kind)
    _report(console, path, [result])


@import_.command()
@FILE
@_origin
@pass_console
def seats(console: Console, path: Path, **origin: Any) -> None:
    """The seat of each commune: commune code, latitude, longitude."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    result = imports.import_seats(console.store(create=True), path, imports.Origin(**origin))
    _report(console, path, [result])


@import_.command()
@FILE
@_origin
@pass_console
def crosswalk(console: Console, path: Path, **origin: Any) -> None:
    """Former commune → present commune, whole or in part."""
    from planning.services import imports  # noqa: PLC0415 - heavy, only when needed

    results = imports.import_crosswalk(console.store(create=True), path, imports.Origin(**origin))
    _report(console, path, results)


def _report(console: Console, path: Path, results: Sequence[Any]) -> None:
    """Say what was kept, what was left out, and every finding."""
    for result in results:
        console.tell(
            N_("%(file)s: %(rows)s rows kept for province %(province)s, %(left_out)s left out."),
            file=path.name, rows=console.count(result.rows), province=result.province_code,
            left_out=console.count(result.left_out),
        )  # fmt: skip
        console.findings(result.findings)
