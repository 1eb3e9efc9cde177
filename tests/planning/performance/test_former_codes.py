"""Staff belong to the point whose code they name, be it a former one."""

import sqlalchemy as sa

from planning.store import partners, schema
from planning.store.ledgers import network
from tests.toy import district, register


def test_staff_that_name_a_former_code_belong_to_the_point_that_bore_it(store):
    with store.writing() as db:
        ids = db.execute(sa.select(schema.point.c.point_id).order_by("point_id")).scalars().all()
        first, second = ids[:2]
        codes = {first: ("MOI1", "CU1; CU2"), second: ("CU1", None)}
        for point, (code, former) in codes.items():
            db.execute(sa.update(schema.point).where(schema.point.c.point_id == point)
                       .values(official_code=code, former_codes=former))  # fmt: skip
        rows = register.staff(*({"point_code": code, "organisation_code": "BD"} for code in
                                ("MOI1", "CU2", "CU1", second, "LA", None)))  # fmt: skip
        partners.save_staff(db, district.PROVINCE, rows)
    found = network.load(store, district.PROVINCE, district.SINCE, "now").places.staff["point"]
    assert found.to_dict() == {
        "N0": first, "N1": first, "N2": second, "N3": second, "N4": "", "N5": "",
    }  # fmt: skip
