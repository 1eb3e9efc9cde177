"""The database keeps the way of a proposal by itself, and what was written stays written."""

import json

import pytest
import sqlalchemy as sa

from planning.model.people import Action
from planning.services.review import drafting
from planning.store import audit, proposals, review_tables, schema
from tests.planning.review.acting import PEOPLE, PROVINCE, attempt, content

EVENT = review_tables.proposal_event


@pytest.fixture
def made(store):
    return drafting.propose(store, PEOPLE["post"], PROVINCE, content())


def written(store, values: dict[str, object], **more: object):
    """Write an event, and the proposal as it would leave it, past every service."""
    with store.writing() as db:
        number = audit.record(db, "proposal:x:done", PROVINCE, at="2026-11-22", actor="x")
        db.execute(sa.insert(EVENT).values(audit_id=number, kind="open", **values))
        if more:
            db.execute(sa.update(review_tables.proposal).values(**more))


STEP = {"proposal_id": 1, "version": 2, "previous": 1, "action": "submit",
        "before": "draft", "after": "submitted"}  # fmt: skip


def test_a_step_of_the_table_is_taken(store, made):
    written(store, STEP, version=2, state="submitted")
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, made.number).state == "submitted"


@pytest.mark.parametrize(
    ("event", "proposal"),
    [
        (STEP | {"action": "approve", "after": "approved"}, {"version": 2, "state": "approved"}),
        (STEP | {"before": "checked", "action": "appraise", "after": "appraised"},
         {"version": 2, "state": "appraised"}),
        (STEP | {"version": 3, "previous": 1}, {"version": 3, "state": "submitted"}),
        (STEP | {"version": 3, "previous": 2}, {"version": 3, "state": "submitted"}),
        (STEP | {"previous": None}, {"version": 2, "state": "submitted"}),
        (STEP | {"version": 1, "previous": None}, {"version": 1, "state": "submitted"}),
        (STEP, {"version": 2, "state": "approved"}),
        (STEP, {"version": 2, "state": "draft"}),
        (STEP, {"version": 2, "state": "submitted", "code": "1234567890TH9898001001"}),
        (STEP, {"version": 2, "state": "submitted", "kind": "close"}),
    ],
    ids=["no such step", "another state before", "a version left out", "after none", "no previous",
         "the same version twice", "another state than the event's", "no state at all taken",
         "a code before approval", "another kind"],
)  # fmt: skip
def test_what_the_table_does_not_hold_cannot_be_written(store, made, event, proposal):
    with pytest.raises(sa.exc.IntegrityError):
        written(store, event, **proposal)
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, made.number) == made
        assert list(audit.breaks(db)) == []


@pytest.mark.usefixtures("made")
def test_a_state_without_its_event_cannot_be_written(store):
    with pytest.raises(sa.exc.IntegrityError), store.writing() as db:
        db.execute(sa.update(review_tables.proposal).values(state="submitted", version=2))


@pytest.mark.parametrize("table", [schema.audit, EVENT, review_tables.proposal_step])
@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.usefixtures("made")
def test_what_was_written_stays(store, table, act):
    column = table.c.actor if table is schema.audit else table.c.action
    change = sa.delete(table) if act == "delete" else sa.update(table).values({column: "x"})
    with pytest.raises(sa.exc.DBAPIError, match="stays"), store.writing() as db:
        db.execute(change)


def forget_guards(db: sa.Connection) -> None:
    """Take the guards away, as somebody with the database in their hands could."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
    else:
        for each in ("update", "delete"):
            db.exec_driver_sql(f"DROP TRIGGER audit_no_{each}")


@pytest.fixture
def trail(store, made):
    """Return the number of events in a trail of some length, its guards taken away."""
    at = made
    for action in (Action.SUBMIT, Action.WITHDRAW):
        at = attempt(store, PEOPLE["post"], action, at)
    for text in ("Một", "Hai"):
        drafting.propose(store, PEOPLE["planner"], PROVINCE, content(3, name=text))
    with store.writing() as db:
        forget_guards(db)
        return audit.head(db).events


def found(store) -> list[audit.Break]:
    with store.reading() as db:
        return list(audit.breaks(db))


@pytest.mark.parametrize("column", ["at", "actor", "tag", "province_code", "facts", "hash"])
def test_a_changed_event_is_found(store, trail, column):
    which = trail - 2  # no proposal's last: what is found is the hash
    value = {"forged": 1} if column == "facts" else "x"
    with store.writing() as db:
        db.execute(
            sa.update(schema.audit).where(schema.audit.c.id == which).values({column: value})
        )
    assert audit.Break(which, gone=False) in found(store)
    assert min(each.event for each in found(store)) == which


@pytest.mark.parametrize("back", [0, 1, 3])
def test_a_removed_event_is_found(store, trail, back):
    remove_without_keys(store, trail - back)
    assert found(store)[0] == audit.Break(trail - back, gone=True)


def remove_without_keys(store, event: int) -> None:
    """Remove an event though a proposal's step names it: with the database in hand anybody can."""
    if store._engine.dialect.name == "postgresql":
        with store.writing() as db:
            db.exec_driver_sql(
                "ALTER TABLE proposal_event DROP CONSTRAINT fk_proposal_event_audit_id"
            )
            db.execute(sa.delete(schema.audit).where(schema.audit.c.id == event))
        return
    raw = store._engine.raw_connection()
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("DELETE FROM audit WHERE id = ?", (event,))
    raw.execute("PRAGMA foreign_keys=ON")
    raw.close()


@pytest.mark.usefixtures("trail")
def test_a_trail_rewritten_as_a_whole_is_told_from_the_one_on_paper(store):
    with store.reading() as db:
        printed = audit.head(db)
    with store.writing() as db:
        before = audit.START
        for row in db.execute(sa.select(schema.audit).order_by(schema.audit.c.id)).mappings().all():
            forged = dict(row) | {"actor": "forger"}
            own = audit.chained(before, forged)
            db.execute(sa.update(schema.audit).where(schema.audit.c.id == row["id"])
                       .values(actor="forger", hash=own))  # fmt: skip
            before = own
        db.execute(sa.update(review_tables.audit_head).values(hash=before))
    with store.reading() as db:
        assert list(audit.breaks(db)) == []  # it holds together …
        assert audit.hash_of(db, printed.events) != printed.hash  # … but is another


def test_the_steps_in_the_database_are_those_of_the_program(store):
    with store.reading() as db:
        kept = {tuple(row) for row in db.execute(sa.select(review_tables.proposal_step))}
    assert kept == {
        (each["action"], each["kind"], each["before"], each["after"])
        for each in review_tables.steps()
    }


def test_what_staff_are_called_is_not_in_the_trail(store):
    person = "Nguyễn Thị Nhân Viên"
    made = drafting.propose(store, PEOPLE["post"], PROVINCE, content(staff=(person,)))
    after = drafting.edit(
        store, PEOPLE["post"], drafting.Ask(PROVINCE, made.number, 1, Action.EDIT),
        drafting.Edit(content(staff=(person, "Lê Văn Hai"))),
    )  # fmt: skip
    with store.reading() as db:
        told = json.dumps([each.facts for each in proposals.events(db, made.id)])
        assert person not in json.loads(json.dumps(told, ensure_ascii=False))
        assert json.dumps(person)[1:-1] not in told
        assert proposals.events(db, after.id)[-1].facts["changed"]["staff"] == [1, 2]
