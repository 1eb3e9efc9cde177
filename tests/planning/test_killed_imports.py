"""An import whose process dies at any statement leaves the database as before it or after it."""

import re

import pytest
import sqlalchemy as sa

from geo.sources.boundaries import Vintage
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.store import schema
from planning.store.session import Store
from tests.databases import ON_FILES, ON_SERVERS
from tests.planning.dying import MOST_STATEMENTS, everything, killed
from tests.toy import district, files

# Of what changed: its number, when it was written, and the number of the import it came by.
CHANGE = re.compile(r"^\(\d+|'\d{4}-\d\d-\d\dT[^']*'|(?<='import', )\d+")


def steady(rows):
    """Return rows without the moments at which they were written, and without their numbers.

    A server gives the number of what was not kept to nothing else.
    """
    keep = {
        name: each
        for name, each in rows.items()
        if name not in ("import_batch", "audit", "audit_head")
    }
    files_kept = [each.partition(", b'")[0] for each in keep.pop("import_file")]
    keep["import_before"] = sorted(each.partition(", ")[2] for each in rows["import_before"])
    keep["register_change"] = sorted(CHANGE.sub("", each) for each in rows["register_change"])
    counts = (len(rows["import_batch"]), len(rows["audit"]))
    return {**keep, "files": files_kept, "counts": counts}


def new_points(folder):
    path = folder / "new.csv"
    rows = [
        ((1, 1), "Mới Một", "Trực tiếp", "Hoạt động"),
        ((5, 1), "Mới Hai", "Trực tiếp", "Hoạt động"),
    ]
    path.write_text(files.points_csv(*rows), encoding="utf-8")
    return lambda store: imports.commit(store, ImportAsk("points", path))


def new_boundaries(folder):
    vintage = Vintage(district.PROVINCE, "2026-01-01")
    path = files.write(folder) / "communes.geojson"
    return lambda store: imports.commit(store, ImportAsk("boundaries", path, vintage=vintage))


def new_results(folder):
    path = folder / "results.csv"
    path.write_text(
        "Kỳ,Chương trình,Mã xã,Chỉ tiêu,Thực hiện\n"
        "2025-08,BHXH-TN,98001,9,5\n2025-09,BHXH-TN,98002,8,6\n2025-09,BHXH-TN,,30,7\n",
        encoding="utf-8",
    )
    return lambda store: imports.commit(store, ImportAsk("results", path))


def undone_points(folder):
    del folder

    def act(store):
        with store.reading() as db:
            table = schema.import_batch
            batch = db.execute(sa.select(table.c.id).where(table.c.kind == "points")).scalar()
        imports.undo(store, district.PROVINCE, batch)

    return act


@ON_FILES
@pytest.mark.parametrize("made", [new_points, new_boundaries, new_results, undone_points])
def test_a_death_at_every_statement(toy_database, tmp_path, made):
    act = made(tmp_path)
    original = toy_database.file.read_bytes()
    done = tmp_path / "done.db"
    done.write_bytes(original)
    act(store := Store(done))
    store.close()
    whole = steady(everything(done))

    path = tmp_path / "own.db"
    path.write_bytes(original)
    before = everything(path)
    states = []
    for statement in range(1, MOST_STATEMENTS):
        for each in tmp_path.glob("own.db*"):
            each.unlink()
        path.write_bytes(original)
        if not killed(path, act, statement):
            break
        found = everything(path)
        assert found == before or steady(found) == whole
        states.append(found == before)

    assert len(states) > 10  # it was killed in the middle, more than once
    assert all(states)  # the last statement before which it died is the commit itself
    assert steady(everything(path)) == whole


@ON_SERVERS
@pytest.mark.parametrize("made", [new_points, new_boundaries, new_results, undone_points])
def test_a_death_at_every_statement_to_a_server(
    databases, toy_database, own_database, tmp_path, made
):
    act = made(tmp_path)
    done = databases.copy(toy_database)
    act(store := Store(done))
    store.close()
    whole = steady(everything(done))
    databases.drop(done)

    before = everything(own_database)
    deaths = 0
    while deaths < MOST_STATEMENTS and killed(own_database, act, deaths + 1):
        # The last statement before which it dies is the commit itself.
        assert everything(own_database) == before
        deaths += 1

    assert deaths > 10  # it was killed in the middle, more than once
    assert steady(everything(own_database)) == whole
