"""The command that holds the register of a province to its rules."""

from pathlib import Path

import click

from geo.errors import N_
from planning.cli.measures import JSON
from planning.cli.output import Console, pass_console, to_be_written
from planning.language import percent
from planning.model.compliance import CHECK_NAMES
from planning.model.people import Grant, Role, User


@click.command()
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@click.option("--day", metavar="DAY", default="", help="By the rules of this day (default: today).")
@click.option("--xlsx", "xlsx_path", metavar="FILE", type=click.Path(path_type=Path),
              callback=to_be_written, help="Write every failure as a spreadsheet, naming no staff.")  # fmt: skip
@JSON
@pass_console
def compliance(
    console: Console, province: str | None, day: str, xlsx_path: Path | None,
    json_path: Path | None,
) -> None:  # fmt: skip
    """Say which records do not keep a rule of the network; keep the counts of today.

    A cron job that runs it once a day keeps how many there are over time.
    """
    from planning.services.compliance import (  # noqa: PLC0415 - heavy, only when needed
        handing,
        reporting,
    )
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed
    from planning.whole_file import whole_file  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    # Who looks over the whole province, but at nobody's name.
    who = User(console.by, grants=(Grant(Role.VIEWER, code),))
    report = reporting.report(store, who, code, day)
    console.json(json_path, handing.as_dict(report))
    if xlsx_path is not None:
        with whole_file(xlsx_path) as draft:
            handing.hand_out(store, who, code, (report, report.lines), draft)
    for each in report.rules:
        console.tell(
            N_("%(rule)s: %(failures)s of %(base)s (%(share)s), not known of %(unknown)s – %(clause)s"),
            rule=console.say(CHECK_NAMES[each.rule.check]), failures=console.count(each.failures),
            base=console.count(each.base), share=percent(each.share, console.language),
            unknown=console.count(each.unknown), clause=each.rule.clause,
        )  # fmt: skip
    console.tell(N_("%(count)s failures of %(rules)s rules."), count=console.count(report.failures),
                 rules=console.count(len(report.rules)))  # fmt: skip
