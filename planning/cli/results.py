"""The command that says how far the targets of a programme are met."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.errors import N_
from planning.cli.measures import JSON
from planning.cli.output import Console, pass_console
from planning.language import number, percent, period_name
from planning.model.people import local_user

if TYPE_CHECKING:
    from planning.services.performance import Overview


@click.command()
@click.option("--programme", metavar="CODE", help="Code of the programme (default: the first that has figures).")  # fmt: skip
@click.option("--period", metavar="PERIOD", help="2025, 2025-Q1, 2025-03 or 2025-W13 (default: the newest).")  # fmt: skip
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@JSON
@pass_console
def results(
    console: Console, programme: str | None, period: str | None, province: str | None,
    json_path: Path | None,
) -> None:  # fmt: skip
    """Say how far the targets of a programme are met: the province, then its organisations."""
    from planning.services import performance  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    user = local_user(frozenset({code}))
    seen = performance.overview(store, user, code, programme, period)
    if isinstance(seen, performance.Choice):
        console.tell(N_("No target and no result of this programme is here yet."))
        console.json(json_path, {"province_code": code, "periods": []})
        return
    console.json(json_path, _plain(code, seen))
    if json_path is not None and str(json_path) == "-":
        return
    click.echo(f"{seen.programme.name}, {period_name(seen.period, console.language)}")
    for name, it in ((code, seen.province), *((each.name, each.standing) for each in seen.organisations)):  # fmt: skip
        click.echo("\t".join((
            name, number(it.result, console.language), number(it.target, console.language),
            percent(it.completion, console.language), number(it.short, console.language),
        )))  # fmt: skip
    if seen.basis.missing:
        console.progress(N_("Nothing was told of %(months)s yet: the figures of the period are without it."),
                         months=", ".join(seen.basis.missing))  # fmt: skip
    if seen.basis.synthetic:
        console.progress(N_("Demonstration data (Dữ liệu minh họa)."))


def _plain(province: str, seen: "Overview") -> dict[str, Any]:
    """Return what is seen as plain values for JSON."""

    def standing(it: Any) -> dict[str, Any]:
        return {**asdict(it), "completion": it.completion, "short": it.short}

    return {
        "province_code": province, "programme": asdict(seen.programme),
        "period": seen.period.code, "basis": asdict(seen.basis),
        "province": {**standing(seen.province), "before": seen.before, "year_end": seen.year_end},
        "cumulative": standing(seen.cumulative), "comparison": asdict(seen.comparison),
        "organisations": [
            {"code": each.key, "name": each.name, **standing(each.standing),
             "before": each.before, "below": each.below}
            for each in seen.organisations
        ],
    }  # fmt: skip
