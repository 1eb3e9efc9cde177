"""Pages of results say of which communes a part only was told or counted, and what is in none."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from small_province import PROVINCE

from planning.analysis.performance.standing import Standing
from planning.analysis.restating import Loss
from planning.model.performance import ALL_KEYS, Level, Need
from planning.services import performance
from planning.services.performance.communes import Lost
from planning.services.performance.potential import Brought
from planning.store import performance_tables


@pytest.fixture
def text_of(app, client, monkeypatch):
    """Return how to read a page, after a change of what its service found."""
    row = {"province_code": PROVINCE, "programme": "BHXH-TN", "period": "2025-Q3",
           "valid_from": "", **dict.fromkeys(ALL_KEYS, ""), "level": Level.PROVINCE}  # fmt: skip
    with app.extensions["planning"].writing() as db:
        db.execute(sa.insert(performance_tables.target), {**row, "value": 100})

    def read(page, change):
        real = getattr(performance, page)
        monkeypatch.setattr(performance, page, lambda *asked: change(real(*asked)))
        answer = client.get(f"/{PROVINCE}/results/{page}?lang=vi")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return read


def test_a_commune_told_in_part_is_marked_and_what_lies_in_none_is_named(text_of):
    def change(seen):
        first = replace(seen.rows[0], standing=Standing(200, None), part=Standing(200, 91))
        lost = (Lost("", Standing(10, 4), Loss.NO_CODE.value),)
        return replace(seen, rows=(first, *seen.rows[1:]), lost=lost)

    text = text_of("communes", change)
    assert "Mới có một phần số liệu: 1 xã" in text
    assert 'data-value="91"' in text
    assert "45,5%" not in text
    assert "– (4 / 10; " in text


def test_each_need_is_shown_with_its_source_and_whom_no_sum_counts(text_of):
    def change(seen):
        rows = tuple(replace(each, counts=(1, 2)) for each in seen.rows)
        brought = (Brought((Need.UNINSURED,), "Phòng A", "2026-03-31"),
                   Brought((Need.EXPIRING,), "Phòng B", None))  # fmt: skip
        return replace(seen, needs=(Need.UNINSURED, Need.EXPIRING), rows=rows, sums=(1, 2),
                       lost=(0, 0), parts=(300, 0), brought=brought)  # fmt: skip

    text = text_of("potential", change)
    assert "Phòng A, " in text
    assert "Phòng B." in text
    assert "300 người được đếm ở những xã mới đếm được một phần" in text
