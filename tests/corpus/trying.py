"""Try a file of the corpus on the toy database: examine it, keep it, agree and keep it."""

import multiprocessing
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo.errors import Refusal
from geo.findings import Finding, Severity
from geo.recognition import Choices
from planning.model.errors import ImportRefusedError
from planning.services import imports
from planning.store import schema
from planning.store.session import Store
from tests.corpus import province
from tests.corpus.expecting import Action, Case, Outcome, outcome

MOST_SECONDS = 30.0  # of wall clock for a hostile file, which never needs a tenth of it
GRAVE = (Severity.BLOCKS, Severity.ASK)


@dataclass(frozen=True)
class Tried:
    """What came of a file.

    `seen` is what examining gave; `left_alone` that no table changed by it nor by imports
    that were refused. `told` are the findings of the import without any answer, `refused`
    its sentence where it was refused. `kept` is what stands in the database in the end,
    None where nothing was kept.
    """

    seen: Outcome
    left_alone: bool
    told: tuple[Finding, ...]
    refused: str | None
    kept: Mapping[str, Any] | None


def tried(case: Case, database: Path, folder: Path) -> Tried:
    """Examine the case's file, import it as it is, then import it with everything agreed to."""
    own = folder / "own.db"
    shutil.copyfile(database, own)
    place = folder / "file"
    place.mkdir()
    path = case.make(place)
    store = Store(own)
    try:
        before = province.checksums(own)
        seen = examined(case, store, path)
        left_alone = province.checksums(own) == before
        told, refused = imported(case, store, path, None)
        if refused is None:
            return Tried(seen, left_alone, told, None, kept(store, case))
        left_alone &= province.checksums(own) == before
        answers = dict.fromkeys(
            (each.code for each in seen.findings if each.severity in GRAVE), True
        )
        if not could_be_kept(case, seen):
            return Tried(seen, left_alone, told, refused, None)
        _, still = imported(case, store, path, answers)
        left_alone &= still is None or province.checksums(own) == before
        return Tried(seen, left_alone, told, refused, kept(store, case) if still is None else None)
    finally:
        store.close()


def tried_apart(case: Case, database: Path, folder: Path) -> Tried:
    """Do the same in a process of its own, which is killed when it takes too long."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=lambda: theirs.send(tried(case, database, folder)), name=case.id)
    child.start()
    theirs.close()
    try:
        if not ours.poll(MOST_SECONDS):
            raise TimeoutError(f"{case.id} hangs")
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError as error:
        raise RuntimeError(f"{case.id} brought its process down") from error
    finally:
        child.kill()
        child.join()
        ours.close()


def examined(case: Case, store: Store, path: Path) -> Outcome:
    """Return what examining a file gives; only a `Refusal` may be raised on the way."""
    try:
        return outcome(imports.examine(store, case.ask(path)))
    except Refusal as refusal:
        return outcome(refusal)


def imported(
    case: Case, store: Store, path: Path, answers: Mapping[str, bool] | None
) -> tuple[tuple[Finding, ...], str | None]:
    """Import a file; return what it said, and the sentence of the refusal if there was one."""
    try:
        results = imports.commit(store, case.ask(path, answers))
    except ImportRefusedError as error:
        return tuple(error.findings), str(error)
    except Refusal as refusal:
        return (), str(refusal)
    return results[0].findings, None


def could_be_kept(case: Case, found: Outcome) -> bool:
    """Whether answering or choosing could change what the import without answers came to."""
    asked = any(each.severity is Severity.ASK for each in found.findings)
    return asked or case.mend != Choices() or found.action is Action.LEAVES_OUT


def expected_to_be_refused(case: Case, found: Outcome) -> bool:
    """Whether the import without any answer must be refused."""
    partly = case.kind in ("points", "organisations", "staff") and found.action is Action.LEAVES_OUT
    return partly or case.action in (Action.REFUSED, Action.BLOCKS, Action.ASKS)


def kept(store: Store, case: Case) -> dict[str, Any]:
    """Return what stands in the database of the kind of file.

    Boundaries: code → km², and the name under “name of” the code; points: name → (lon, lat);
    population: code → people; grids: all people under an empty name; else the number of rows.
    """
    with store.reading() as db:
        if case.kind == "boundaries":
            return _communes(db, case.vintage.province_code)
        if case.kind == "points":
            table = schema.point.c
            return {name: (lon, lat) for name, lon, lat in
                    db.execute(sa.select(table.name, table.lon, table.lat))}  # fmt: skip
        if case.kind == "population":
            people = schema.population.c
            return dict(map(tuple, db.execute(sa.select(people.commune_code, people.people))))
        if case.kind == "grid":
            return {"": db.execute(sa.select(sa.func.sum(schema.grid_cell.c.people))).scalar()}
        of_kind = {"organisations": "organisation", "staff": "staff", "crosswalk": "crosswalk",
                   "hosts": "host"}[case.kind]  # fmt: skip
        rows = sa.select(sa.func.count()).select_from(schema.metadata.tables[of_kind])
        return {"": db.execute(rows).scalar()}


def _communes(db: sa.Connection, code: str) -> dict[str, Any]:
    table = schema.commune.c
    rows = db.execute(
        sa.select(table.code, table.area_km2, table.full_name).where(table.province_code == code)
    ).all()
    found: dict[str, Any] = {row.code: row.area_km2 for row in rows}
    return found | {f"name of {row.code}": row.full_name for row in rows}
