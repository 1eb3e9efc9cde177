"""The command that lists what in the kept data still needs a hand."""

from pathlib import Path

import click

from geo.errors import N_
from planning.cli.measures import JSON
from planning.cli.output import Console, pass_console
from planning.language import counting

_MOST = 20


@click.command()
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@click.option("--all", "every", is_flag=True, help="Say every item, not 20 of each kind.")
@JSON
@pass_console
def attention(console: Console, province: str | None, every: bool, json_path: Path | None) -> None:
    """List what in the kept data still needs a hand, the gravest first."""
    from planning.services import attention as service  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    report = service.report(store, code)
    console.json(json_path, report.as_dict())
    said = dict.fromkeys(report.counts(), 0)
    for item in report.items:
        said[item.kind] += 1
        if every or said[item.kind] <= _MOST:
            sentence = item.sentence(console.say, counting(console.language))
            console.tell("%(what)s", what=sentence)
    hidden = 0 if every else sum(max(0, count - _MOST) for count in said.values())
    if hidden:
        console.tell(N_("… and %(count)s more; --all says every one."), count=console.count(hidden))
    console.tell(
        N_("%(count)s items need a hand; %(seen)s were found right as they stand; %(left_out)s rows of imported files were left out and nobody has settled them."),
        count=console.count(len(report.items)), seen=console.count(len(report.seen)),
        left_out=console.count(report.left_out),
    )  # fmt: skip
