"""How far targets are met stands in the packet of a round, of the province and each organisation."""

import sqlalchemy as sa

from planning.model.packet import Completion, Round
from planning.model.performance import HOUSEHOLD
from planning.services.review.freezing import Wanted, packet_of
from planning.store import schema
from planning.store.ledgers import completion
from tests.databases import ON_FILES
from tests.planning.performance.told import network, of_points, told
from tests.toy import district

pytestmark = ON_FILES
ROUND = Wanted(district.PROVINCE, Round(1, "Phiên 1", "2026-12-01"), ())


def test_nothing_is_said_before_anything_is_told(store):
    assert completion.newest(store, district.PROVINCE) == (None, None)
    assert packet_of(store, ROUND).completion == Completion(None, None)


def test_the_newest_completion_of_both_is_frozen(store):
    network(store)
    with store.writing() as db:
        db.execute(sa.update(schema.point).values(organisation="Bưu điện"))
    told(
        store,
        *of_points(("#2", 10, 4), period="2025-Q2"),
        *of_points(("#2", 10, 5), ("#3", 30, 15)),
    )
    told(store, *of_points(("#2", 8, 6)), programme=HOUSEHOLD.code)

    found = packet_of(store, ROUND)
    assert found.completion == Completion(20 / 40, 6 / 8)
    # Of the open direct points one is left, that of BD: 5 of 10 and 6 of 8.
    assert [(each.code, each.completion) for each in found.organisations] == [
        ("BD", Completion(0.5, 0.75))
    ]
    assert "BHXH tự nguyện – Quý III/2025; BHYT hộ gia đình – Quý III/2025" in found.notes[-1]
