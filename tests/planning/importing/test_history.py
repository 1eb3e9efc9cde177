"""What an import, an undoing, a mend changed stands in the history of each record."""

import pytest

from planning.model.compliance import Record
from planning.services import imports
from planning.store.register import history
from tests.planning.importing.registered import (
    FIRST,
    HERE,
    ORGANISATIONS,
    STAFF,
    brought,
    points,
)


def told(store, record: Record, record_id: str) -> list[tuple[str, bool, bool, dict]]:
    """Return how, added, removed and the fields of every change, the newest first."""
    with store.reading() as db:
        return [(each.deed.how, each.added, each.removed, each.fields)
                for each in history(db, HERE, record, record_id)]  # fmt: skip


def test_a_first_import_tells_of_no_record(ours):
    assert told(ours, Record.ORGANISATION, "0101010101") == []
    assert told(ours, Record.STAFF, "NV1") == []


@pytest.mark.parametrize(
    ("kind", "text", "whose", "fields"),
    [
        ("points", points().replace("Bưu cục Một", "Bưu cục Mới"), (Record.POINT, FIRST),
         {"name": ("Bưu cục Một", "Bưu cục Mới")}),
        ("organisations", ORGANISATIONS.replace("Bưu điện Mẫu", "Bưu chính"),
         (Record.ORGANISATION, "0101010101"), {"former_names": ("Bưu điện Mẫu", "Bưu chính")}),
        ("staff", STAFF.replace(f"An,0101010101,{FIRST}", "An,0101010101,"), (Record.STAFF, "NV1"),
         {"point_code": (FIRST, None)}),
    ],
)  # fmt: skip
def test_only_what_changed_is_told_and_what_came_back(ours, tmp_path, kind, text, whose, fields):
    before = len(told(ours, *whose))
    batch = brought(ours, tmp_path, kind, text).batch
    assert told(ours, *whose)[0] == ("import", False, False, fields)
    assert len(told(ours, *whose)) == before + 1
    again = brought(ours, tmp_path, kind, text)  # the same list changes nothing
    assert len(told(ours, *whose)) == before + 1
    imports.undo(ours, HERE, again.batch)
    imports.undo(ours, HERE, batch)
    back = {name: (new, old) for name, (old, new) in fields.items()}
    assert told(ours, *whose)[0] == ("undo", False, False, back)
    assert len(told(ours, *whose)) == before + 2


def test_who_came_and_who_went_is_told(ours, tmp_path):
    brought(ours, tmp_path, "organisations", ORGANISATIONS + "0303030303,MobiFone,\n")
    assert told(ours, Record.ORGANISATION, "0303030303")[0][:3] == ("import", True, False)
    batch = brought(ours, tmp_path, "organisations", ORGANISATIONS).batch
    assert told(ours, Record.ORGANISATION, "0303030303")[0][:3] == ("import", False, True)
    imports.undo(ours, HERE, batch)
    assert told(ours, Record.ORGANISATION, "0303030303")[0][:3] == ("undo", True, False)
