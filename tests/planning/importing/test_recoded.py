"""A point that gets another official code stays the point it was, and keeps the code before."""

import pytest

from planning.services import imports
from planning.store import layers
from tests.planning.importing.registered import FIRST, HERE, SECOND, brought, points, read

NEW = FIRST.replace("TH9898001", "TH9898004")
RESULTS = "Kỳ,Chương trình,Mã điểm thu,Thực hiện\n"


def listed(store) -> dict[str, tuple[str, str | None]]:
    """Return what each point is called → official code, former codes."""
    with store.reading() as db:
        found = layers.load_points(db, HERE)
    return {
        point: (code, former if isinstance(former, str) else None)
        for point, code, former in zip(
            found["point_id"], found["official_code"], found["former_codes"], strict=True
        )
    }


def told(reading, code: str) -> list[dict[str, object]]:
    return [dict(each.params) for each in reading.report if each.code == code]


def test_the_code_before_is_kept_and_told(ours, tmp_path):
    before = listed(ours)
    text = points().replace(FIRST, NEW)
    assert told(read(ours, tmp_path, "points", text), "point-recoded") == [
        {"name": "Bưu cục Một", "before": FIRST, "after": NEW}
    ]
    batch = brought(ours, tmp_path, "points", text).batch
    assert listed(ours) == {**before, FIRST: (NEW, FIRST)}
    # The same list again has no column of former codes: they stay.
    brought(ours, tmp_path, "points", text + "\n")
    assert listed(ours)[FIRST] == (NEW, FIRST)
    imports.undo(ours, HERE, batch + 1)
    imports.undo(ours, HERE, batch)
    assert listed(ours) == before


def test_results_are_found_under_the_code_before_and_the_one_after(ours, tmp_path):
    brought(ours, tmp_path, "points", points().replace(FIRST, NEW))
    for code in (FIRST, NEW):
        reading = read(ours, tmp_path, "results", RESULTS + f"2025-08,BHXH-TN,{code},5\n")
        assert (reading.usable, told(reading, "point-unknown")) == (1, [])


def test_a_code_given_to_another_point_is_another_point(ours, tmp_path):
    text = points().replace(FIRST, NEW)
    lon, lat = text.splitlines()[2].split(",")[-1], text.splitlines()[2].split(",")[-2]
    other = f"Bưu cục Khác,{FIRST},0101010101,Hoạt động,,{float(lat):.9f},{float(lon) + 0.01:.9f}\n"
    brought(ours, tmp_path, "points", points().replace(FIRST, NEW))
    brought(ours, tmp_path, "points", text + other)
    found = listed(ours)
    assert found[FIRST][0] == NEW
    assert [point for point, (code, _) in found.items() if code == FIRST] == ["#5"]
    assert len(found) == 4


@pytest.mark.parametrize(
    "text",
    [
        points().replace(FIRST, NEW.replace("0101010101", "0202020202", 1)),  # another organisation
        points()
        .replace(FIRST, "")
        .replace("Bưu cục Một,,", f"Bưu cục Xa,{NEW},")
        .replace("10.2", "10.23"),
    ],
    ids=["organisation", "place"],
)
def test_another_organisation_or_place_is_another_point(ours, tmp_path, text):
    assert told(read(ours, tmp_path, "points", text), "point-recoded") == []


def test_two_at_one_place_are_told_apart_by_name_or_not_at_all(ours, tmp_path):
    second = (
        points()
        .splitlines()[1]
        .replace("Bưu cục Một", "Quầy Hai")
        .replace(FIRST, SECOND.replace("001", "009"))
    )
    both = points() + second + "\n"
    brought(ours, tmp_path, "points", both, good_rows=True)
    named = both.replace(FIRST, NEW).replace(SECOND.replace("001", "009"), NEW[:-1] + "9")
    found = told(read(ours, tmp_path, "points", named), "point-recoded")
    assert {(each["name"], each["after"]) for each in found} == {
        ("Bưu cục Một", NEW), ("Quầy Hai", NEW[:-1] + "9"),
    }  # fmt: skip
    renamed = named.replace("Bưu cục Một", "A").replace("Quầy Hai", "B")
    assert told(read(ours, tmp_path, "points", renamed), "point-recoded") == []
