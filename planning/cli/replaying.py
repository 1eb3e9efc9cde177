"""The command that repeats a plan from its replay file."""

import sys
from pathlib import Path

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console
from planning.language import counting

_SHOWN = 60


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_console
def replay(console: Console, file: Path) -> None:
    """Make the plan of a replay file again and compare its numbers; nothing is kept.

    Exit status 1 when a number differs.
    """
    from planning.services import replay as service  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    console.progress(N_("Repeating %(file)s …"), file=file)
    found = service.repeat(store, file)
    for reason in found.reasons:
        console.progress("%(reason)s", reason=reason.sentence(console.say, counting(console.language)))  # fmt: skip
    for each in found.differences:
        console.tell(
            N_("%(name)s: %(before)s then, %(now)s now"),
            name=each.name, before=str(each.before)[:_SHOWN], now=str(each.now)[:_SHOWN],
        )  # fmt: skip
    if found.differences:
        console.tell(N_("The plan came out otherwise."))
        sys.exit(1)
    console.tell(
        N_("The same plan: %(sites)s sites, %(people)s further people served, every number as before."),
        sites=len(found.plan.sites), people=console.count(found.plan.people_gained),
    )  # fmt: skip
