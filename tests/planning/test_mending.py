"""A mend writes one row, is recorded like an import, and is taken back like one."""

import hashlib

import pytest
import sqlalchemy as sa

from planning.model.attention import Action, Kind
from planning.model.compliance import Record
from planning.model.errors import NotFoundError, RequestError
from planning.services import attention, imports, mending
from planning.services.imports import Origin
from planning.services.mending import MendAsk
from planning.services.provinces import list_provinces
from planning.store import audit, schema
from planning.store import imports as kept
from planning.store.register import history
from planning.store.situation import current_fingerprint, load_situation
from tests.toy import district

PROVINCE = district.PROVINCE
DATA = ("province", "commune", "population", "grid_cell", "point", "host", "crosswalk")
CODE = "0123456789TH98{}001"
# id, name, place in km, written commune, official code
LISTED = (
    ("Bưu cục Một", (1, 1), "98001", CODE.format("98001")),
    ("Nhà thuốc Hai", (1.005, 1), "98001", ""),  # 5 m beside the first
    ("Đại lý Ba", (3, 1), "98003", ""),  # lies in 98002
    ("Đại lý Bốn", (5, 3), "98003", ""),  # a kilometre north of the district
    ("Hộ Năm", (7, 1.5), "98004", "12-34"),  # no official code
    ("Hộ Sáu", (7, 0.5), "98004", ""),  # gets the first one's code below
)


@pytest.fixture
def troubled(store, tmp_path):
    """Return the toy with troubled points, and a population that lacks one commune."""
    lines = ["Tên điểm thu,Mã xã,Mã điểm thu,Vĩ độ,Kinh độ"]
    for name, place, code, official in LISTED:
        lon, lat = district.degrees([place])[0]
        lines.append(f"{name},{code},{official},{lat:.9f},{lon:.9f}")
    path = tmp_path / "troubled.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    origin = Origin(source="Danh sách", as_of="2025-05-05", synthetic=True)
    imports.import_points(store, path, origin, PROVINCE, good_rows=True)
    with store.writing() as db:  # readers take a code once; older data may hold it twice
        mine = schema.point.c.name == "Hộ Sáu"
        db.execute(sa.update(schema.point).where(mine).values(official_code=CODE.format("98001")))
    people = tmp_path / "people.csv"
    people.write_text("Mã xã,Dân số\n98001,100\n98002,200\n98003,300\n", encoding="utf-8")
    imports.import_population(
        store, people, imports.ImportAsk("population", people).unusable, origin
    )
    cells = tmp_path / "grid.csv"
    rows = ["lon,lat,people"]
    for x, count in ((1, 90), (3, 210), (5, 300), (7, 420)):
        lon, lat = district.degrees([(x, 1)])[0]
        rows += [f"{lon:.6f},{lat:.6f},{count}", f"{lon + 0.01:.6f},{lat:.6f},0"]
    cells.write_text("\n".join(rows) + "\n", encoding="utf-8")
    imports.import_grid(store, cells, origin, PROVINCE)
    return store


def data(store):
    with store.reading() as db:
        return {
            name: sorted(map(repr, db.execute(sa.select(schema.metadata.tables[name])).all()))
            for name in DATA
        }


def keys(store):
    return {each.key for each in attention.report(store, PROVINCE).items}


def ways(store):
    """Return every (item, mend) that changes data."""
    return [
        (item, each)
        for item in attention.report(store, PROVINCE).items
        for each in item.mends
        if each.action is not Action.SEEN
    ]


def test_every_kind_of_trouble_of_the_toy_is_found(troubled):
    found = attention.report(troubled, PROVINCE).counts()
    assert found == {
        Kind.PEOPLE_UNKNOWN: 1, Kind.OUTSIDE: 1, Kind.CODE_TWICE: 1, Kind.SAME_POINT: 1,
        Kind.OTHER_COMMUNE: 1, Kind.CODE_INVALID: 1, Kind.CODE_ELSEWHERE: 1,
    }  # fmt: skip


def test_every_mend_removes_its_item_and_undoing_it_brings_back_everything(troubled):
    before, figures = data(troubled), current_fingerprint(troubled, PROVINCE, None)
    listed = keys(troubled)
    tried = ways(troubled)
    assert {mend.action for _, mend in tried} == set(Action) - {Action.SEEN, Action.TAKE_FORMER}
    for item, mend in tried:
        done = mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key, by="lan"))
        assert item.key not in keys(troubled), mend.action
        assert current_fingerprint(troubled, PROVINCE, None) != figures

        imports.undo(troubled, PROVINCE, done.batch, by="lan")
        assert data(troubled) == before
        assert keys(troubled) == listed
        assert current_fingerprint(troubled, PROVINCE, None) == figures


def test_a_mend_changes_one_row_and_no_other(troubled):
    for item, mend in ways(troubled):
        before = data(troubled)
        done = mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))
        after = data(troubled)
        changed = {name: set(before[name]) ^ set(after[name]) for name in DATA}
        table = "population" if mend.record.what == "commune" else "point"
        assert [name for name in DATA if changed[name]] == [table]
        assert len(changed[table]) == (1 if mend.action is Action.REMOVE else 2)
        assert all(mend.record.id in row for row in changed[table])
        if table == "point":
            assert_told(troubled, mend, done.batch)
        imports.undo(troubled, PROVINCE, done.batch)


def assert_told(store, mend, batch: int) -> None:
    """The history of the point tells what the mend changed, and by which number to undo it."""
    with store.reading() as db:
        told = history(db, PROVINCE, Record.POINT, mend.record.id)[0]
    assert (told.deed.how, told.deed.batch) == ("mend", batch)
    assert told.removed == (mend.action is Action.REMOVE)
    status = {Action.CLOSE: "closed", Action.SUSPEND: "suspended"}.get(mend.action)
    assert status is None or told.fields["status"] == ("open", status)


def test_many_mends_are_undone_newest_first_and_not_otherwise(troubled):
    states, numbers = [data(troubled)], []
    while waiting := [(i, m) for i, m in ways(troubled) if m.action is not Action.TAKE_GRID]:
        item, mend = waiting[0]
        numbers.append(mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key)).batch)
        states.append(data(troubled))
    assert len(numbers) > 3
    with pytest.raises(RequestError, match="undo that first"):
        imports.undo(troubled, PROVINCE, numbers[0])
    for number, before in zip(reversed(numbers), reversed(states[:-1]), strict=True):
        imports.undo(troubled, PROVINCE, number)
        assert data(troubled) == before


def test_the_record_of_a_mend_takes_over_what_the_import_said(troubled):
    with troubled.reading() as db:
        base = kept.in_force(kept.batches(db, PROVINCE), "points")
        files = kept.history(db, PROVINCE)
    item, mend = next(each for each in ways(troubled) if each[1].action is Action.REMOVE)
    done = mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key, by="lan"))
    with troubled.reading() as db:
        found = kept.batches(db, PROVINCE)
        batch = kept.in_force(found, "points")
        same = kept.of_file(db, base.sha256, "points")
        body = kept.load_file(db, batch.sha256)
        event = audit.events(db, PROVINCE)[-1]
    assert batch.id == done.batch
    assert (batch.source, batch.as_of, batch.synthetic) == (base.source, base.as_of, base.synthetic)
    assert (batch.rows, batch.left_out, batch.findings) == (base.rows - 1, 0, [])
    assert batch.is_mend
    assert batch.options["record"] == mend.record.id
    assert mend.record.name in batch.file
    assert batch.sha256 not in {each.sha256 for each in files}
    assert len(batch.sha256) == len(hashlib.sha256().hexdigest())
    assert same.id == base.id
    assert body is None
    assert kept.data_date(found) == "2025-05-05"
    assert (event.tag, event.actor) == ("data:mend:committed", "lan")
    assert event.facts["batch"] == done.batch


def test_a_mend_does_not_make_undated_data_newer(store):
    with store.writing() as db:
        db.execute(
            sa.update(schema.import_batch).values(as_of=None, imported_at="2025-01-02T00:00")
        )
        db.execute(sa.delete(schema.population).where(schema.population.c.commune_code == "98004"))
        db.execute(sa.update(schema.point).values(official_code="x"))
    item, mend = ways(store)[0]
    mending.mend(store, PROVINCE, MendAsk(item.key, mend.key))
    with store.reading() as db:
        assert kept.data_date(kept.batches(db, PROVINCE)) == "2025-01-02"
    assert [each.data_date for each in list_provinces(store)] == ["2025-01-02"]


def test_figures_follow_a_mended_population(troubled):
    assert load_situation(troubled, PROVINCE, None).base.unknown_communes == ("98004",)
    item, mend = next(each for each in ways(troubled) if each[1].action is Action.TAKE_GRID)
    assert mend.value == 420
    mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))
    situation = load_situation(troubled, PROVINCE, None)
    assert situation.base.unknown_communes == ()
    assert situation.population["98004"] == 420
    assert int(situation.demand["people"].sum()) == 100 + 200 + 300 + 420


def test_what_was_found_right_waits_no_more_until_somebody_looks_again(troubled):
    before = data(troubled)
    item = attention.report(troubled, PROVINCE).items[0]
    seen = next(each for each in item.mends if each.action is Action.SEEN)
    waiting = attention.waiting(troubled, PROVINCE)
    done = mending.mend(troubled, PROVINCE, MendAsk(item.key, seen.key, "lan", " hỏi xã rồi "))
    report = attention.report(troubled, PROVINCE)

    assert done.batch is None
    assert data(troubled) == before
    assert attention.waiting(troubled, PROVINCE) == waiting - 1 == len(report.items)
    [(again, decision)] = report.seen
    assert again == item
    assert (decision.by, decision.why) == ("lan", "hỏi xã rồi")

    mending.look_again(troubled, PROVINCE, item.key)
    assert attention.waiting(troubled, PROVINCE) == waiting
    with troubled.reading() as db:
        tags = [each.tag for each in audit.events(db, PROVINCE)]
    assert tags[-2:] == ["attention:item:seen", "attention:item:reopened"]
    with pytest.raises(NotFoundError):
        mending.look_again(troubled, PROVINCE, item.key)


@pytest.mark.parametrize("wrong", ["item", "mend"])
def test_only_what_is_offered_can_be_done(troubled, wrong):
    item, mend = ways(troubled)[0]
    ask = {"item": item.key, "mend": mend.key, wrong: "nothing"}
    before = data(troubled)
    with pytest.raises(NotFoundError):
        mending.mend(troubled, PROVINCE, MendAsk(**ask))
    assert data(troubled) == before


def test_a_mend_is_done_once(troubled):
    item, mend = ways(troubled)[0]
    mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))
    with pytest.raises(NotFoundError):
        mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))


def test_data_that_change_while_a_mend_is_asked_for_are_left_alone(troubled, monkeypatch):
    item, mend = ways(troubled)[0]
    other, another = ways(troubled)[-1]
    found = mending.attention.found

    def slow(store, province):
        answer = found(store, province)
        monkeypatch.setattr(mending.attention, "found", found)
        mending.mend(store, province, MendAsk(other.key, another.key))
        return answer

    monkeypatch.setattr(mending.attention, "found", slow)
    with pytest.raises(RequestError, match="changed meanwhile"):
        mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))


def test_waiting_is_kept_and_not_computed_where_nobody_looks(troubled):
    assert attention.waiting(troubled, PROVINCE, look=False) is None
    count = attention.waiting(troubled, PROVINCE)
    assert count == len(attention.report(troubled, PROVINCE).items) > 0
    assert attention.waiting(troubled, PROVINCE, look=False) == count


def test_rows_left_out_of_the_imports_in_force_are_counted_until_settled(troubled, tmp_path):
    assert attention.report(troubled, PROVINCE).left_out == 0
    path = tmp_path / "partly.csv"
    lon, lat = district.degrees([(5, 3)])[0]  # outside: something to mend
    path.write_text(f"Tên điểm thu,Vĩ độ,Kinh độ\nTốt,{lat},{lon}\nHỏng,,\n", encoding="utf-8")
    imports.import_points(troubled, path, Origin(), PROVINCE, good_rows=True)
    assert attention.report(troubled, PROVINCE).left_out == 1
    item, mend = next(each for each in ways(troubled) if each[1].record.what == "point")
    mending.mend(troubled, PROVINCE, MendAsk(item.key, mend.key))
    assert attention.report(troubled, PROVINCE).left_out == 1
    with troubled.writing() as db:
        base = [each for each in kept.batches(db, PROVINCE) if each.left_out][-1]
        kept.mark_settled(db, base.id, at="2025-08-01")
    assert attention.report(troubled, PROVINCE).left_out == 0
