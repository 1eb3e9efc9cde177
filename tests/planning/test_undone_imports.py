"""An import is kept with what it replaced, and can be taken back as a whole."""

import itertools
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from geo.errors import Refusal
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import RequestError
from planning.services import imports
from planning.services.imports import ImportAsk, Origin
from planning.store import imports as kept
from planning.store import schema
from planning.store.situation import current_fingerprint
from tests.toy import files

US = Origin(by="lan")
PROVINCE = "98"
# What no import may leave behind once undone; its own records stay on purpose.
DATA = ("province", "commune", "population", "grid_cell", "point", "host", "crosswalk")


@pytest.fixture
def store(empty_store):
    return empty_store


@pytest.fixture
def folder(tmp_path):
    return files.write(tmp_path)


def bring(store, folder, kinds):
    asks = {
        "boundaries": ImportAsk("boundaries", folder / "communes.geojson", US,
                                vintage=Vintage(PROVINCE, "2025-07-01")),
        "population": ImportAsk("population", folder / "population.csv", US,
                                unusable=Unusable.LEAVE_OUT),
        "points": ImportAsk("points", folder / "points.csv", US),
    }  # fmt: skip
    return [imports.commit(store, asks[kind])[0].batch for kind in kinds]


def data(store):
    with store.reading() as db:
        return {
            name: sorted(map(repr, db.execute(sa.select(schema.metadata.tables[name])).all()))
            for name in DATA
        }


def test_undoing_every_import_newest_first_goes_back_step_by_step(store, folder):
    order = ("boundaries", "population", "points", "points", "boundaries")
    states, numbers = [data(store)], []
    for kind in order:
        numbers += bring(store, folder, [kind])
        states.append(data(store))

    for number, before in zip(reversed(numbers), reversed(states[:-1]), strict=True):
        imports.undo(store, PROVINCE, number)
        assert data(store) == before


def test_an_older_import_of_the_same_data_is_not_undone_before_the_later_one(store, folder):
    first, second = bring(store, folder, ["boundaries", "points", "points"])[1:]

    with pytest.raises(RequestError, match="undo that first"):
        imports.undo(store, PROVINCE, first)
    imports.undo(store, PROVINCE, second)
    imports.undo(store, PROVINCE, first)


def test_imports_of_other_data_do_not_stand_in_the_way(store, folder):
    _, people, points = bring(store, folder, ["boundaries", "population", "points"])

    imports.undo(store, PROVINCE, people)
    with store.reading() as db:
        assert [each.id for each in kept.batches(db, PROVINCE)] == [1, points]


def test_an_import_is_undone_once(store, folder):
    number = bring(store, folder, ["boundaries", "points"])[1]
    imports.undo(store, PROVINCE, number)

    with pytest.raises(RequestError, match="could be undone"):
        imports.undo(store, PROVINCE, number)


def test_nobody_undoes_an_import_of_another_province(store, folder):
    number = bring(store, folder, ["boundaries", "points"])[1]

    with pytest.raises(RequestError):
        imports.undo(store, "91", number)


def test_figures_follow_an_undone_import(store, folder):
    bring(store, folder, ["boundaries", "population"])
    before = current_fingerprint(store, PROVINCE, None)
    number = bring(store, folder, ["points"])[0]
    assert current_fingerprint(store, PROVINCE, None) != before

    imports.undo(store, PROVINCE, number)
    assert current_fingerprint(store, PROVINCE, None) == before


def test_the_record_and_the_file_of_an_undone_import_stay(store, folder):
    number = bring(store, folder, ["boundaries", "points"])[1]
    imports.undo(store, PROVINCE, number, by="minh")

    with store.reading() as db:
        record = kept.history(db, PROVINCE)[-1]
        body = kept.load_file(db, record.sha256)
        tags = [row.tag for row in db.execute(sa.select(schema.audit).order_by(schema.audit.c.id))]
    assert (record.imported_by, record.undone_by) == ("lan", "minh")
    assert body == (folder / "points.csv").read_bytes()
    assert tags[-1] == "data:import:undone"


def test_examining_keeps_nothing(store, folder):
    bring(store, folder, ["boundaries"])
    before = data(store)

    reading = imports.examine(store, ImportAsk("points", folder / "points.csv", US))

    listed = len((folder / "points.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert (reading.rows, reading.usable) == (listed, listed)
    assert data(store) == before


def test_the_same_file_again_is_recognised_until_it_was_undone(store, folder):
    number = bring(store, folder, ["boundaries", "points"])[1]
    ask = ImportAsk("points", folder / "points.csv", US)
    again = [each for each in imports.examine(store, ask).report if each.code == "same-file"]
    assert again[0].params["who"] == "lan"

    imports.undo(store, PROVINCE, number)
    assert "same-file" not in [each.code for each in imports.examine(store, ask).report]


@pytest.mark.parametrize(("by", "said"), [("lan", "by lan already."), ("local", "/20")])
def test_a_file_known_already_is_told_with_its_day_and_with_who_where_that_is_a_name(
    store, folder, by, said
):
    bring(store, folder, ["boundaries"])
    ask = ImportAsk("points", folder / "points.csv", Origin(by=by))
    batch = imports.commit(store, ask)[0].batch
    with store.reading() as db:
        when = next(each.imported_at for each in kept.batches(db, PROVINCE) if each.id == batch)
    (again,) = [each for each in imports.examine(store, ask).report if each.code == "same-file"]
    there = datetime.fromisoformat(when).astimezone(timezone(timedelta(hours=7)))  # in Viet Nam
    assert f"{there:%d/%m/%Y}" in again.sentence(str)
    assert said in again.sentence(str)
    assert "local" not in again.sentence(str)


def test_a_file_is_spoken_of_by_the_name_its_owner_gave_it(store, folder):
    bring(store, folder, ["boundaries"])
    hidden = folder / "upload.csv"
    hidden.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        imports.commit(store, ImportAsk("points", hidden, US, shown_as="Điểm thu.csv"))
    assert "Điểm thu.csv" in str(refused.value)
    assert "upload" not in str(refused.value)


def test_what_each_kind_writes_is_known_for_every_kind(store, folder):
    bring(store, folder, ["boundaries"])
    from planning.store.snapshots import overlap  # noqa: PLC0415

    for kind, other in itertools.product(imports.KINDS, repeat=2):
        assert overlap(kind, other) == overlap(other, kind)
