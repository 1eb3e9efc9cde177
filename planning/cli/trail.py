"""The trail of events on the command line: look at it, check that nothing was changed in it."""

import json
import sys
from pathlib import Path

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console


@click.group()
def audit() -> None:
    """The trail of events: who did what and when."""


@audit.command()
@click.option("--head", metavar="HASH", help="The hash that an earlier check ended with.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write the result here.")
@pass_console
def verify(console: Console, head: str | None, json_path: Path | None) -> None:
    """Check that no event was changed, removed or put in between; exit status 1 if one was."""
    from planning.services import trail  # noqa: PLC0415 - heavy, only when needed

    found = trail.verify(console.store(), head)
    console.json(json_path, {
        "holds": found.holds, "events": found.events, "head": found.head,
        "cut_off": found.cut_off,
        "breaks": [{"event": each.event, "gone": each.gone} for each in found.breaks],
    })  # fmt: skip
    for each in found.breaks:
        gone, changed = (
            N_("Event %(number)s is missing."),
            N_("Event %(number)s was changed, or does not follow the one before it."),
        )
        console.progress(gone if each.gone else changed, number=each.event)
    if found.cut_off:
        console.progress(N_("No event has the hash %(hash)s any more: the trail was cut off or written anew."), hash=head)  # fmt: skip
    if not found.holds:
        sys.exit(1)
    console.tell(
        N_("%(count)s events, none changed or missing. Keep the last hash elsewhere, for “--head” of the next check: %(hash)s"),
        count=console.count(found.events), hash=found.head,
    )  # fmt: skip


@audit.command()
@click.option("--province", metavar="CODE", help="Only events of this province.")
@click.option("--by", "actor", metavar="NAME", help="Only what this account did.")
@click.option("--area", metavar="AREA", help="Only one area, such as data, proposal, access.")
@click.option("--last", type=click.IntRange(1, 1_000_000), default=50, show_default=True,
              help="How many, the newest.")  # fmt: skip
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write them here.")
@pass_console
def show(
    console: Console, province: str | None, actor: str | None, area: str | None, last: int,
    json_path: Path | None,
) -> None:  # fmt: skip
    """Show the newest events, a line each."""
    from planning.services import trail  # noqa: PLC0415 - heavy, only when needed

    found = trail.shown(console.store(), province=province, actor=actor, area=area, last=last)
    console.json(json_path, {"events": found})
    if json_path is not None and str(json_path) == "-":
        return
    for each in found:
        facts = json.dumps(each["facts"], ensure_ascii=False)
        click.echo("\t".join((str(each["number"]), each["at"], each["actor"], each["event"],
                              each["province"] or "–", facts)))  # fmt: skip
