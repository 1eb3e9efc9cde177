"""The published figures of Nghệ An, recounted from kept tables by plain loops."""

from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa

from planning.store import performance_tables, register_tables, schema
from planning.store.session import Store

# What `nghe_an_stands` recounts. Of NA5 only the points: the 460 communes became 412 in December
# 2024, and no public table leads back to them.
RECOUNTED = frozenset(f"NA{at}" for at in range(1, 10))
VOLUNTARY, INSURED, SOCIAL = "BHXH-TN", "BHYT", "BHXH"
Told = list[dict[str, Any]]


class Tables:
    """The rows of a province's register, targets and results as they are kept."""

    def __init__(self, store: Store, province: str) -> None:
        self._province = province
        with store.reading() as db:
            self.points = self._all(db, schema.point)
            self.organisations = self._all(db, schema.organisation)
            self.staff = self._all(db, schema.staff)
            self.crosswalk = self._all(db, schema.crosswalk)
            self.inspections = self._all(db, register_tables.inspection)
            self.conditions = self._all(db, register_tables.point_condition)
            self.programmes = self._all(db, performance_tables.programme)
            self.targets = self._all(db, performance_tables.target)
            self.results = self._all(db, performance_tables.result)
            self.needs = self._all(db, performance_tables.need_count)
        self.direct = [each for each in self.points if each["kind"] == "direct"]

    def _all(self, db: sa.Connection, table: sa.Table) -> Told:
        query = sa.select(table).where(table.c.province_code == self._province)
        return [dict(row) for row in db.execute(query).mappings()]

    def of_province(self, figures: Told, programme: str) -> dict[str, int]:
        """Return the province's figure of each period."""
        return {
            each["period"]: each["value"] for each in figures
            if each["level"] == "province" and each["programme"] == programme
        }  # fmt: skip

    def sums(self, figures: Told) -> dict[tuple[str, str], dict[str, int]]:
        """Return the sum of each level by programme and period."""
        found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for each in figures:
            found[(each["programme"], each["period"])][each["level"]] += each["value"]
        return {key: dict(each) for key, each in found.items()}

    def everywhere(self) -> list[str]:
        """Return the organisations with a direct point in every former district, by name."""
        district = {each["old_code"]: each["old_district"] for each in self.crosswalk}
        found = defaultdict(set)
        for each in self.direct:
            found[each["organisation"]].add(district[each["former_code"]])
        return sorted(name for name, there in found.items() if there == set(district.values()))


def nghe_an_stands(tables: Tables) -> None:
    """Assert the figures of `RECOUNTED`."""
    social = tables.of_province(tables.results, SOCIAL)
    voluntary = tables.of_province(tables.results, VOLUNTARY)
    insured = tables.of_province(tables.results, INSURED)
    base = tables.of_province(tables.targets, INSURED)
    assert social["2023-Q4"] == 385_931  # NA1
    assert voluntary["2023-Q4"] == 113_461  # NA2
    assert voluntary["2023-Q4"] - voluntary["2022-Q4"] == 4_039
    assert insured["2023-Q4"] == 2_936_308  # NA3
    assert insured["2023-Q4"] - insured["2022-Q4"] == 60_737
    assert base["2023-Q4"] == 3_157_320
    assert round(100 * insured["2023-Q4"] / base["2023-Q4"], 1) == 93.0
    assert len(tables.organisations) == 25  # NA4
    assert len(tables.points) == len(tables.direct) == 1_294  # NA5
    assert len(tables.staff) == 3_153  # NA6
    assert tables.everywhere() == ["Bưu điện tỉnh", "Viettel Nghệ An"]  # NA7
    given = [each["certificate"] for each in tables.staff if "/2023," in each["certificate"]]
    assert len(given) == 514  # NA8
    assert len({each.split(", ")[1] for each in given}) == 2
    employers = defaultdict(set)  # NA9
    for each in tables.staff:
        employers[each["person_id"]].add(each["employer"])
    assert len(employers) == 3_153
    assert all(len(each) == 1 for each in employers.values())
