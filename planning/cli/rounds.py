"""Review rounds on the command line: list them, make one, hand out its documents."""

from pathlib import Path

import click

from geo.errors import N_
from planning.cli.measures import JSON
from planning.cli.output import Console, pass_console
from planning.language import day as written_day
from planning.model.days import today
from planning.model.people import Grant, Role, User

PROVINCE = click.option("--province", metavar="CODE", help="Two-digit code of the province.")
NONE_READY = N_("No proposal of the province %(province)s is appraised; name those that are meant.")


@click.group(name="round")
def round_() -> None:
    """Review rounds: proposals frozen with their data, and the documents for a meeting."""


@round_.command(name="list")
@PROVINCE
@JSON
@pass_console
def list_(console: Console, province: str | None, json_path: Path | None) -> None:
    """List the rounds of a province, the newest first: how many proposals are decided of how many."""
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed
    from planning.services.review import standing  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    found = standing.listed(store, _secretary(console, code), code)
    console.json(json_path, {"rounds": [
        {"number": each.head.number, "name": each.head.name, "day": each.head.day,
         "proposals": each.held, "decided": each.decided, "made_by": each.head.made_by,
         "made_at": each.head.made_at, "fingerprint": each.head.fingerprint}
        for each in found
    ]})  # fmt: skip
    if json_path is not None and str(json_path) == "-":
        return
    for each in found:
        decided = f"{console.count(each.decided)}/{console.count(each.held)}"
        click.echo("\t".join((str(each.head.number), each.head.day, each.head.name, decided,
                              each.head.fingerprint[:12])))  # fmt: skip
    if not found:
        console.tell(N_("There is no review round yet."))


@round_.command()
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@PROVINCE
@click.option("--name", help="Name of the round (default: by its day).")
@click.option("--day", metavar="DAY", help="Day of the meeting, as 2026-12-10 (default: today).")
@JSON
@pass_console
def make(
    console: Console, numbers: tuple[str, ...], province: str | None, name: str | None,
    day: str | None, json_path: Path | None,
) -> None:  # fmt: skip
    """Freeze proposals as a round: those named (DX-2026-0001), else all that are appraised."""
    from planning.model.errors import RequestError  # noqa: PLC0415 - heavy, only when needed
    from planning.model.proposals import State  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed
    from planning.services.review import (  # noqa: PLC0415 - heavy, only when needed
        listing,
        rounds,
    )

    store = console.store()
    code = only_province(store, province)
    who, meets = _secretary(console, code), day or today()
    if not numbers:
        ready = listing.listed(store, who, code, listing.Filter(states=(State.APPRAISED,))).lines
        numbers = tuple(each.proposal.number for each in ready)
    if not numbers:
        raise RequestError(NONE_READY, province=code)
    title = name or console.say(N_("Review round of %(day)s")) % {
        "day": written_day(meets, console.language)
    }
    made = rounds.make(store, who, code, (title, meets), numbers)
    console.json(json_path, {
        "number": made.number, "name": made.name, "day": made.day,
        "fingerprint": made.fingerprint, "proposals": list(numbers),
    })  # fmt: skip
    console.tell(
        N_("Review round %(number)s holds %(count)s proposals; its fingerprint is %(fingerprint)s."),
        number=made.number, count=console.count(len(numbers)), fingerprint=made.fingerprint,
    )  # fmt: skip


@round_.command()
@click.argument("number", type=click.IntRange(1))
@click.argument("out", type=click.Path(path_type=Path))
@PROVINCE
@pass_console
def packet(console: Console, number: int, out: Path, province: str | None) -> None:
    """Write the documents of a round: into a folder, or into one file that ends in .zip."""
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed
    from planning.services.review import rounds  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    code = only_province(store, province)
    who = _secretary(console, code)
    manifest = rounds.write_out(store, who, rounds.one(store, who, code, number), out)
    console.tell(
        N_("%(count)s documents of the review round %(number)s are in %(path)s."),
        count=console.count(len(manifest["files"])), number=number, path=out,
    )  # fmt: skip


def _secretary(console: Console, province: str) -> User:
    """Return who acts: the user of the shell, who prepares meetings but decides nothing."""
    return User(console.by, grants=(Grant(Role.REVIEWER, province),))
