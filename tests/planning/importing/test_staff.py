"""Staff: nobody serves two organisations, in the file, in the register, in the database."""

import json
import zlib

import pandas as pd
import pytest
import sqlalchemy as sa

from geo import tables
from planning.model.errors import ImportRefusedError
from planning.services import imports
from planning.store import partners, register_tables, schema, snapshots
from tests.planning.importing.registered import FIRST, HERE, STAFF, brought, read

HEAD = "Mã nhân viên,Họ và tên,Mã tổ chức,Tên tổ chức dịch vụ thu,Mã điểm thu,Số thẻ,SĐT\n"


def found(store, folder, *rows: str) -> list[tuple[str, int | None]]:
    reading = read(store, folder, "staff", HEAD + "\n".join(rows) + "\n")
    return [(each.code, each.row) for each in reading.report]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (",Trần Mẫu,,Viettel,,T1,", "person-two-organisations"),
        ("NV7,Trần Mẫu,,Viettel,,,", "person-two-organisations"),
        (",Trần Mẫu,0202020202,,,,0900000007", "person-two-organisations"),
        (",Trần Mẫu,,Bưu điện Mẫu,,T1,", "person-twice"),  # a former name of the first
        (",Trần Mẫu,,Bưu Điện Tỉnh,,T1,", "person-twice"),
        (",Trần Mẫu,,,,T1,", "person-twice"),
        (",Lê Khác,,Viettel,,T1,", "card-twice"),
    ],
)
def test_a_second_organisation_is_seen_through_every_name_of_the_first(
    ours, tmp_path, second, code
):
    first = f"NV7,Trần Mẫu,0101010101,,{FIRST},T1,0900000007"
    assert (code, 3) in found(ours, tmp_path, first, second)


def test_a_third_row_is_held_against_the_person_and_not_the_row_before(ours, tmp_path):
    rows = ("NV7,Trần Mẫu,0101010101,,,,", "NV7,Trần Mẫu,,,,,", "NV7,Trần Mẫu,0202020202,,,,")
    assert ("person-two-organisations", 4) in found(ours, tmp_path, *rows)


def test_a_file_with_such_a_person_is_refused_and_nothing_of_it_kept(ours, tmp_path):
    text = HEAD + "NV7,Trần Mẫu,0101010101,,,,\nNV7,Trần Mẫu,,Viettel,,,\nNV8,Lê Tốt,,Viettel,,,\n"
    with pytest.raises(ImportRefusedError) as refused:
        brought(ours, tmp_path, "staff", text, good_rows=True)
    with ours.reading() as db:
        assert list(partners.load_staff(db, HERE)["staff_id"]) == ["NV1", "NV2"]
    assert "Mẫu" not in " ".join(each.sentence(str) for each in refused.value.findings)


def test_a_row_without_an_organisation_has_that_of_the_person(ours, tmp_path):
    brought(ours, tmp_path, "staff",
            HEAD + f"NV7,Trần Mẫu,,,,,\nNV7,Trần Mẫu,,Bưu điện Mẫu,{FIRST},,\n")  # fmt: skip
    with ours.reading() as db:
        rows = db.execute(sa.select(schema.staff.c.person_id, schema.staff.c.employer)).all()
    assert list(map(tuple, rows)) == [("NV7", "0101010101")] * 2


def staff_table(*employers: str) -> tables.Staff:
    names = tables.columns(tables.StaffTable)
    frame = pd.DataFrame(
        [{**dict.fromkeys(names), "staff_id": f"S{at}", "person_id": "NGUOI", "name": "x",
          "organisation_code": each} for at, each in enumerate(employers)]
    ).astype({"permanent": "boolean"})  # fmt: skip
    return tables.staff(frame)


def test_the_database_itself_refuses_a_second_organisation(ours):
    with pytest.raises(sa.exc.IntegrityError), ours.writing() as db:
        partners.save_staff(db, HERE, staff_table("0101010101", "0202020202"))
    with ours.writing() as db:  # two rows of one organisation are one person at two points
        partners.save_staff(db, HERE, staff_table("0101010101", "0101010101"))
    with ours.reading() as db:
        row = db.execute(sa.select(schema.staff)).mappings().first()
    another = {**row, "staff_id": "S9", "employer": "0202020202"}
    with pytest.raises(sa.exc.IntegrityError), ours.writing() as db:
        db.execute(sa.insert(schema.staff).values(another))
    with pytest.raises(sa.exc.IntegrityError), ours.writing() as db:
        db.execute(sa.update(register_tables.person).values(employer="0202020202"))
    with ours.reading() as db:
        assert set(db.execute(sa.select(schema.staff.c.employer)).scalars()) == {"0101010101"}


def test_what_the_register_does_not_know_is_named_and_kept(ours, tmp_path):
    rows = ("NV7,Trần Mẫu,0909090909,,P-LẠ,,", "NV8,Lê Mẫu,,Công ty Lạ,P-LẠ,,")
    seen = read(ours, tmp_path, "staff", HEAD + "\n".join(rows) + "\n").report
    told = {(each.code, each.row): each.params.get("count") for each in seen}
    assert told == {
        ("organisation-unknown", 2): 1, ("organisation-unknown", 3): 1, ("point-unknown", 2): 2,
    }  # fmt: skip
    brought(ours, tmp_path, "staff", HEAD + "\n".join(rows) + "\n")


def test_staff_kept_before_rows_named_their_person_come_back(ours, tmp_path):
    batch = brought(ours, tmp_path, "staff", HEAD + "NV9,Lê Mới,0202020202,,,,\n").batch
    with ours.writing() as db:
        table = schema.import_before
        body = json.loads(zlib.decompress(snapshots.load(db, batch)))
        del body["rows"]["person"]
        for row in body["rows"]["staff"]:
            del row["person_id"], row["employer"]
        old = zlib.compress(json.dumps(body).encode())
        db.execute(sa.update(table).where(table.c.batch_id == batch).values(body=old))
    imports.undo(ours, HERE, batch)
    with ours.reading() as db:
        rows = db.execute(sa.select(schema.staff.c.person_id, schema.staff.c.employer)).all()
        assert list(partners.load_staff(db, HERE)["staff_id"]) == ["NV1", "NV2"]
    assert sorted(map(tuple, rows)) == [("NV1", "0101010101"), ("NV2", "0101010101")]
    brought(ours, tmp_path, "staff", STAFF)
