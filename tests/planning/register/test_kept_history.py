"""The register keeps who changed what of a record: from what, to what, and nothing else."""

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from planning.model.compliance import Record
from planning.store import register_tables
from planning.store.register import Deed, history, record_changes
from tests.toy import district

PROVINCE = district.PROVINCE
LAN = Deed("2026-03-01T08:00:00+00:00", "lan", "edit")


def points(*rows, fields=("name", "sign", "staff_count", "lon")):
    frame = pd.DataFrame(rows, columns=["point_id", *fields])
    types = {"sign": "boolean", "staff_count": "Int64"}
    return frame.astype({name: kind for name, kind in types.items() if name in frame})


def kept(store, before, after, record=Record.POINT, deed=LAN):
    with store.writing() as db:
        return record_changes(db, PROVINCE, record, before, after, deed)


def told(store, record_id, record=Record.POINT):
    with store.reading() as db:
        return history(db, PROVINCE, record, record_id)


def test_only_what_differs_is_kept_and_nothing_given_is_none(store):
    before = points(("A", "Một", None, 2, 105.0), ("B", "Hai", True, 1, 105.1))
    after = points(("A", "Một", True, None, 105.0), ("B", "Hai", True, 1, 105.1))
    assert kept(store, before, after) == 1
    (change,) = told(store, "A")
    assert change.fields == {"sign": (None, True), "staff_count": (2, None)}
    assert (change.deed, change.added, change.removed) == (LAN, False, False)
    assert told(store, "B") == []


def test_records_that_come_and_go_say_so_and_the_newest_stands_first(store):
    one = points(("A", "Một", True, 2, 105.0))
    none = one.iloc[:0]
    later = Deed("2026-04-01T08:00:00+00:00", "minh", "import")
    kept(store, none, one)
    kept(store, one, none, deed=later)
    went, came = told(store, "A")
    assert came.added
    assert came.fields == {}
    assert went.removed
    assert went.deed == later
    expected = {
        "name": ("Một", None), "sign": (True, None), "staff_count": (2, None), "lon": (105.0, None),
    }  # fmt: skip
    assert went.fields == expected


STAFF_FIELDS = ("person_id", "name", "phone", "card_number", "certificate", "permanent")
IMPORT = Deed("2026-05-01T08:00:00+00:00", "minh", "import")


def staff(*rows):
    return pd.DataFrame(rows, columns=["staff_id", *STAFF_FIELDS])


def bodies(store):
    with store.reading() as db:
        return list(db.execute(sa.select(register_tables.register_change.c.body)).scalars())


def test_what_is_personal_goes_with_the_member_of_staff_out_of_older_changes_too(store):
    one = staff(("NV1", "NV1", "Người A", "0900000001", "T1", "CC1", True))
    now = one.assign(phone="0900000002", card_number="T2", permanent=False)
    kept(store, one, now, Record.STAFF)
    kept(store, now, now.assign(certificate="CC2"), Record.STAFF)
    assert "0900000001" in str(bodies(store))
    kept(store, now, one.iloc[:0], Record.STAFF, IMPORT)
    went, changed = told(store, "NV1", Record.STAFF)  # that of the certificate alone is gone
    assert went.removed
    assert went.fields == {"permanent": (False, None)}
    assert changed.fields == {"permanent": (True, False)}
    told_of = str(bodies(store))
    assert not [each for each in ("Người", "09000", "T1", "T2", "CC") if each in told_of]


@pytest.mark.parametrize(
    ("person", "name"), [("#3", "Người B"), ("NV9", "Người A")], ids=["name", "number"]
)
def test_who_stands_on_a_row_now_is_not_told_the_changes_of_who_stood_there(store, person, name):
    first = staff(("#3", "#3", "Người A", "0900000001", "T1", "CC1", True))
    moved = first.assign(phone="0900000002", permanent=False)
    kept(store, first, moved, Record.STAFF)
    second = staff(("#3", person, name, "0900000003", "T3", None, False))
    assert kept(store, moved, second, Record.STAFF, IMPORT) == 1
    (came,) = told(store, "#3", Record.STAFF)
    assert came.added
    assert came.fields == {}
    assert "09000" not in str(bodies(store))
    kept(store, second, second.assign(permanent=True), Record.STAFF)
    assert [each.fields for each in told(store, "#3", Record.STAFF)] == [
        {"permanent": (False, True)}, {}
    ]  # fmt: skip


def test_a_row_that_went_and_came_unsaid_does_not_tell_of_who_went(store):
    one = staff(("#3", "#3", "Người A", "0900000001", "T1", "CC1", True))
    kept(store, one, one.assign(permanent=False), Record.STAFF)
    kept(store, one, one.iloc[:0], Record.STAFF, IMPORT)
    assert told(store, "#3", Record.STAFF) == []


def test_a_row_of_a_file_that_came_to_hold_another_point_begins_anew(store):
    was = points(("#5", "Một", True, 2, 105.0), ("#6", "Hai", True, 1, 105.1))
    kept(store, was.assign(staff_count=9), was)
    now = points(("#5", "Ba", False, 1, 105.3), ("#6", "Hai", False, 1, 105.1))
    assert kept(store, was, now, deed=IMPORT) == 2
    assert [(each.added, each.fields) for each in told(store, "#5")] == [(True, {})]
    assert told(store, "#6")[0].fields == {"sign": (True, False)}


def test_a_point_without_code_that_is_named_anew_by_hand_stays_the_same(store):
    was = points(("#5", "Một", True, 2, 105.0))
    kept(store, was, was.assign(name="Ba"))
    assert [each.fields for each in told(store, "#5")] == [{"name": ("Một", "Ba")}]


def test_a_column_that_one_state_lacks_is_not_compared(store):
    was = points(("A", "Một", True), fields=("name", "sign"))
    now = points(("A", "Mới"), fields=("name",))
    kept(store, was, now)
    assert told(store, "A")[0].fields == {"name": ("Một", "Mới")}


def test_an_organisation_and_a_point_of_one_code_keep_apart(store):
    was = pd.DataFrame({"organisation_code": ["A"], "name": ["Bưu điện"]})
    kept(store, was, was.assign(name="Bưu điện tỉnh"), Record.ORGANISATION)
    assert told(store, "A") == []
    assert len(told(store, "A", Record.ORGANISATION)) == 1


STATES = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.tuples(
        st.sampled_from(["Một", "Hai"]),
        st.sampled_from([True, False, None]),
        st.sampled_from([0, 1, None]),
        st.sampled_from([105.0, 105.1]),
    ),
)


@given(STATES, STATES)
def test_the_state_before_follows_from_the_state_after_and_the_changes(was, now):
    class Kept(list):
        def execute(self, _statement, rows):
            self.extend(rows)

    db = Kept()
    frames = (points(*((name, *row) for name, row in state.items())) for state in (was, now))
    count = record_changes(db, PROVINCE, "point", *frames, LAN)
    assert count == len(db) == sum(was.get(each) != now.get(each) for each in {*was, *now})
    fields = ("name", "sign", "staff_count", "lon")
    back = {name: dict(zip(fields, row, strict=True)) for name, row in now.items()}
    for row in db:
        there = row["body"].pop("record", [True, True])
        if there == [False, True]:
            del back[row["record_id"]]
        else:
            old = back.setdefault(row["record_id"], dict.fromkeys(fields))
            old.update({field: pair[0] for field, pair in row["body"].items()})
    assert back == {name: dict(zip(fields, row, strict=True)) for name, row in was.items()}
