"""Changes of communes are kept with their crosswalk, in one piece, and taken back with it."""

from pathlib import Path

import pytest

from geo.changes import Kind
from geo.sources.boundaries import Vintage
from planning.model.errors import ImportRefusedError, RequestError
from planning.services import imports
from planning.services.imports import Origin
from planning.store import layers
from planning.store.changes import every_former, load_events
from tests.toy import district, files

ORIGIN = Origin(source="Bản vẽ")
ACT = "1654/NQ-UBTVQH15"


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["Mã xã cũ,Xã cũ,Mã xã mới", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def crosswalk(tmp_path: Path) -> Path:
    """Return a crosswalk into the toy district: two merged, one divided, one re-coded."""
    return write(
        tmp_path / "crosswalk.csv", "97001,Xã Một,98001", "97002,Xã Hai,98001",
        "97003,Xã Ba,98002", "97003,Xã Ba,98003", "97004,Xã Bốn,98004",
    )  # fmt: skip


def kinds(store) -> dict[tuple[str, str], str]:
    with store.reading() as db:
        events = load_events(db, district.PROVINCE)
    assert events is not None
    return {(str(old), str(new)): kind for old, new, kind in
            zip(events["old_code"], events["new_code"], events["kind"], strict=True)}  # fmt: skip


def test_importing_a_crosswalk_keeps_the_events_of_the_newest_vintage(store, crosswalk):
    imports.import_crosswalk(store, crosswalk, ORIGIN, resolution=ACT)
    assert kinds(store) == {
        ("97001", "98001"): Kind.MERGED, ("97002", "98001"): Kind.MERGED,
        ("97003", "98002"): Kind.SPLIT, ("97003", "98003"): Kind.SPLIT,
        ("97004", "98004"): Kind.RECODED,
    }  # fmt: skip
    with store.reading() as db:
        events = load_events(db, district.PROVINCE)
    assert set(events["date"]) == {district.SINCE}
    assert set(events["resolution"]) == {ACT}
    assert set(events["new_name"]) == {f"Xã Số {at}" for at in range(1, 5)}


def test_the_same_day_again_replaces_its_events(store, crosswalk, tmp_path):
    imports.import_crosswalk(store, crosswalk, ORIGIN)
    again = write(tmp_path / "again.csv", "97001,Xã Một,98001")
    imports.import_crosswalk(store, again, ORIGIN)
    found = kinds(store)
    assert found.pop(("97001", "98001")) == Kind.RECODED
    assert set(found.values()) == {Kind.BEGUN}


def test_an_earlier_change_keeps_its_events_and_leaves_the_newest_crosswalk(
    store, crosswalk, tmp_path
):
    imports.import_crosswalk(store, crosswalk, ORIGIN)
    earlier = write(tmp_path / "earlier.csv", "96001,Xã Không,97001")
    imports.import_crosswalk(store, earlier, ORIGIN, valid_from="2024-12-01")
    with store.reading() as db:
        events = load_events(db, district.PROVINCE)
        table = layers.load_crosswalk(db, district.PROVINCE)
    assert events["date"].tolist() == ["2024-12-01", *[district.SINCE] * 5]
    assert events["new_to"].iloc[0] == "2025-06-30"  # the later change ends it
    assert set(table["old_code"]) == {"97001", "97002", "97003", "97004"}


def test_undoing_the_import_takes_its_events_back(store, crosswalk):
    batch = imports.import_crosswalk(store, crosswalk, ORIGIN)[0].batch
    imports.undo(store, district.PROVINCE, batch)
    with store.reading() as db:
        assert load_events(db, district.PROVINCE) is None


@pytest.mark.parametrize("boundaries_first", [True, False])
def test_units_of_both_vintages_have_their_validity(store, crosswalk, tmp_path, boundaries_first):
    if not boundaries_first:
        imports.import_crosswalk(store, crosswalk, ORIGIN)
    features = [files.feature(f"9700{at}", district.square(2 * (at - 1), 0, 2))
                for at in range(1, 5)]  # fmt: skip
    for each in features:
        each["properties"]["province_code"] = district.PROVINCE
    path = tmp_path / "former.geojson"
    path.write_text(files.collection(features), encoding="utf-8")
    vintage = Vintage(district.PROVINCE, "2004-01-01", "2025-06-30")
    imports.import_boundaries(store, path, vintage, ORIGIN)
    if boundaries_first:
        imports.import_crosswalk(store, crosswalk, ORIGIN)
    with store.reading() as db:
        events = load_events(db, district.PROVINCE)
    assert set(events["old_from"]) == {"2004-01-01"}
    assert set(events["old_to"]) == {"2025-06-30"}
    assert set(events["new_from"]) == {district.SINCE}
    assert events["new_to"].isna().all()


def test_a_wrong_day_and_unknown_communes_keep_nothing(store, crosswalk, tmp_path):
    with pytest.raises(RequestError, match="is no day"):
        imports.import_crosswalk(store, crosswalk, ORIGIN, valid_from="1/7/2025")
    with pytest.raises(ImportRefusedError):
        imports.import_crosswalk(store, write(tmp_path / "x.csv", "11111,Xã,22222"), ORIGIN)
    with store.reading() as db:
        assert load_events(db, district.PROVINCE) is None


def test_former_names_lead_through_every_change_to_the_newest_communes(store, crosswalk, tmp_path):
    """The row of four, its first two merged on the first day of 2027 and its third divided."""
    imports.import_crosswalk(store, crosswalk, ORIGIN)
    shapes = {"98011": (0, 0, 4, 2), "98012": (4, 0, 1, 2), "98013": (5, 0, 1, 2),
              "98004": (6, 0, 2, 2)}  # fmt: skip
    features = [
        files.feature(code, district.square(*corners), name=f"Mới {code}",
                      full_name=f"Xã Mới {code}")
        for code, corners in shapes.items()
    ]  # fmt: skip
    (tmp_path / "later.geojson").write_text(files.collection(features), encoding="utf-8")
    later = Vintage(district.PROVINCE, "2027-01-01")
    imports.import_boundaries(store, tmp_path / "later.geojson", later, ORIGIN)
    second = write(
        tmp_path / "second.csv", "98001,Xã Số 1,98011", "98002,Xã Số 2,98011",
        "98003,Xã Số 3,98012", "98003,Xã Số 3,98013", "98004,Xã Số 4,98004",
    )  # fmt: skip
    imports.import_crosswalk(store, second, ORIGIN, valid_from="2027-01-01")

    with store.reading() as db:
        found = every_former(db, district.PROVINCE)
    led: dict[str, set[tuple[str, str]]] = {}
    for old, new, relation in found[["old_code", "new_code", "relation"]].itertuples(index=False):
        led.setdefault(old, set()).add((new, relation))
    assert led == {
        "97001": {("98011", "full")}, "97002": {("98011", "full")},
        "97003": {("98011", "partial"), ("98012", "partial"), ("98013", "partial")},
        "97004": {("98004", "full")}, "98001": {("98011", "full")}, "98002": {("98011", "full")},
        "98003": {("98012", "partial"), ("98013", "partial")}, "98004": {("98004", "full")},
    }  # fmt: skip

    path = tmp_path / "points.csv"
    lon, lat = district.degrees([(1, 1)])[0]
    path.write_text(f"Tên điểm thu,Xã,Vĩ độ,Kinh độ\nA,Xã Hai,{lat},{lon}\n", encoding="utf-8")
    reading = imports.examine(store, imports.ImportAsk("points", path, ORIGIN, district.PROVINCE))
    assert [each.code for each in reading.report] == ["commune-through-former"]
