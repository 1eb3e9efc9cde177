"""Targets and results of the toy district, put into its tables row by row."""

from typing import Any

import sqlalchemy as sa

from planning.model.performance import ALL_KEYS, Level
from planning.store import partners, performance_tables, schema
from planning.store.session import Store
from tests.toy import district, register

PROGRAMME, QUARTER = "BHXH-TN", "2025-Q3"
OWNERS = {"#2": "BD", "#3": "VT", "#4": "BD"}  # the points of the toy, by their rows
BOTH = ("target", "result")


def told(store: Store, *rows: dict[str, Any], programme: str = PROGRAMME) -> None:
    """Keep rows: `level`, what it needs of the keys, `target` or `result` or both."""
    common = {"province_code": district.PROVINCE, "programme": programme, "period": QUARTER,
              **dict.fromkeys(ALL_KEYS, "")}  # fmt: skip
    with store.writing() as db:
        for name in BOTH:
            whole = []
            for row in rows:
                if name not in row:
                    continue
                kept = {key: value for key, value in row.items() if key not in BOTH}
                since = district.SINCE if "commune_code" in row else ""
                whole.append({**common, "valid_from": since, **kept, "value": row[name]})
            if whole:
                db.execute(sa.insert(getattr(performance_tables, name)), whole)


def network(store: Store) -> None:
    """Give the points of the toy to two organisations, with one member of staff each."""
    organisations = register.organisations(
        {"organisation_code": "BD", "name": "Bưu điện"},
        {"organisation_code": "VT", "name": "Viettel"},
    )
    staff = register.staff(
        *({"staff_id": f"NV{at}", "person_id": f"NV{at}", "name": f"Người {at}",
           "organisation_code": code, "point_code": point}
          for at, (point, code) in enumerate(OWNERS.items(), start=1))
    )  # fmt: skip
    with store.writing() as db:
        partners.save_organisations(db, district.PROVINCE, organisations)
        partners.save_staff(db, district.PROVINCE, staff)
        for point, code in OWNERS.items():
            db.execute(
                sa.update(schema.point)
                .where(schema.point.c.point_id == point)
                .values(organisation_code=code)
            )


def of_points(*figures: tuple[str, int, int], period: str = QUARTER) -> list[dict[str, Any]]:
    """Return rows of points: point, target, result."""
    return [
        {"level": Level.POINT, "point_id": point, "target": target, "result": result,
         "period": period}
        for point, target, result in figures
    ]  # fmt: skip
