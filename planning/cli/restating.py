"""The command that carries a table of figures to the communes of another day."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geo.errors import N_
from planning.cli.measures import JSON
from planning.cli.output import Console, pass_console, to_be_written
from planning.whole_file import whole_file

_MOST_LINES = 20


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--to", metavar="DAY", required=True, help="The communes of this day are wanted.")
@click.option("--from", "since", metavar="DAY",
              help="A day on which the codes of the file hold (default: the one that fits).")  # fmt: skip
@click.option("--figure", "figures", metavar="COLUMN", multiple=True,
              help="Column of whole numbers to carry; repeatable. Without it every row is placed by itself.")  # fmt: skip
@click.option("--apart", metavar="COLUMN", multiple=True,
              help="Column whose rows stay apart, such as the organisation; repeatable.")  # fmt: skip
@click.option("--code", metavar="COLUMN", help="Column of commune codes (default: by its heading).")
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), callback=to_be_written,
              help="Write the table here as CSV (default: standard output).")  # fmt: skip
@JSON
@pass_console
def restate(
    console: Console, path: Path, out: Path | None, json_path: Path | None, **asked: Any
) -> None:
    """Re-state figures by commune (CSV or spreadsheet) on the communes of another day.

    Without --figure each row gets the commune of that day: where its coordinates lie, else
    where its commune passed whole.
    """
    from planning.services import restating  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    ask = restating.RestateAsk(path, **asked)
    if not ask.figures:
        placed = restating.place_rows(store, ask)
        _hand_out(out, lambda draft: restating.write_rows(draft, placed))
        _count_placed(console, placed.table)
        return
    done = restating.restate_file(store, ask)
    _hand_out(out, lambda draft: restating.write(draft, done))
    _account(console, done)
    console.json(json_path, done.as_dict())


def _hand_out(out: Path | None, write: Callable[[Path], None]) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    if out is None or str(out) == "-":
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "table.csv"
            write(whole)
            sys.stdout.write(whole.read_text(encoding="utf-8-sig"))
        return
    with whole_file(out) as draft:
        write(draft)


def _count_placed(console: Console, table: Any) -> None:
    """Say how many rows have a commune, by what, and why the others have none."""
    for basis, count in table["basis"].value_counts().items():
        console.progress(N_("%(count)s rows placed by: %(basis)s"),
                         count=console.count(count), basis=console.say(str(basis)))  # fmt: skip
    for why, count in table["why"].value_counts().items():
        console.progress(N_("%(count)s rows without a commune: %(why)s"),
                         count=console.count(count), why=console.say(str(why)))  # fmt: skip


def _account(console: Console, done: Any) -> None:
    """Say what was carried, what was shared by people, and what has no commune."""
    result = done.result
    console.progress(
        N_("From the communes of %(since)s to those of %(to)s, through %(count)s changes."),
        since=done.since, to=done.to, count=console.count(len(done.changes)),
    )  # fmt: skip
    for row in result.balance.itertuples():
        console.progress(
            N_("%(figure)s: %(before)s before, %(after)s after, %(unlinked)s not linked."),
            figure=row.figure, before=console.count(row.before), after=console.count(row.after),
            unlinked=console.count(row.unlinked),
        )  # fmt: skip
    shared = sorted(set(result.apportioned["from_code"]))
    if shared:
        console.progress(
            N_("Apportioned by people: the figures of %(count)s communes (%(codes)s)."),
            count=console.count(len(shared)), codes=", ".join(shared[:_MOST_LINES]),
        )  # fmt: skip
    for row in list(result.unlinked.itertuples())[:_MOST_LINES]:
        console.progress(
            N_("Not linked: %(code)s – %(why)s"), code=row.code or "–", why=console.say(row.why)
        )
    if len(result.unlinked) > _MOST_LINES:
        console.progress(N_("  … and %(count)s more."), count=len(result.unlinked) - _MOST_LINES)
    if done.synthetic:
        console.progress(N_("Demonstration data (Dữ liệu minh họa)."))
