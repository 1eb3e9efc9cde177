"""Changes of communes read from a crosswalk: every kind by hand, nothing lost."""

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import tables
from geo.changes import Change, Kind, crosswalk_of, events_of, same_name
from geo.sources.crosswalk import read_crosswalk
from tests.toy import district

DATA = Path(
    os.environ.get("DIEMTHU_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)
CHANGE = Change("2025-07-01", "1654/NQ-UBTVQH15")


def crosswalk(*rows: tuple[str, str, str]) -> tables.Crosswalk:
    frame = pd.DataFrame(rows, columns=["old_code", "new_code", "relation"])
    return tables.crosswalk(frame.assign(old_name="Xã " + frame["old_code"], old_district=None))


def vintage(first: str, *codes: str, **names: str) -> tables.Communes:
    shapes = {code: district.square(2 * at, 0, 2) for at, code in enumerate(codes)}
    full = [names.get(f"c{code}", f"Xã {code}") for code in codes]
    return district.communes(shapes, full_name=full, valid_from=[first] * len(codes))


def kinds(events: tables.UnitEvents) -> dict[tuple[str | None, str | None], str]:
    plain = pd.DataFrame(events).astype(object).where(events.notna(), None)
    return {(row["old_code"], row["new_code"]): row["kind"] for row in plain.to_dict("records")}


def test_every_kind_of_change_by_hand():
    table = crosswalk(
        ("10001", "20001", "full"), ("10002", "20001", "full"),  # two become one
        ("10003", "20002", "partial"), ("10003", "20003", "partial"),  # one is divided …
        ("10004", "20003", "full"),  # … and a part joins another
        ("10005", "20005", "full"),  # another code
        ("10006", "10006", "full"),  # another name
        ("10007", "10007", "full"),  # the name is only written otherwise
    )  # fmt: skip
    before = vintage("2004-01-01", "10001", "10002", "10003", "10004", "10005", "10006",
                     "10007", "10008", "10009", c10007="Xã Hoà Lạc")  # fmt: skip
    after = vintage("2025-07-01", "20001", "20002", "20003", "20005", "10006", "10007",
                    "10008", "20009", c10006="Phường 10006", c10007="Xã Hòa Lạc")  # fmt: skip
    assert kinds(events_of(table, CHANGE, before, after)) == {
        ("10001", "20001"): Kind.MERGED, ("10002", "20001"): Kind.MERGED,
        ("10003", "20002"): Kind.SPLIT, ("10003", "20003"): Kind.SPLIT,
        ("10004", "20003"): Kind.MERGED, ("10005", "20005"): Kind.RECODED,
        ("10006", "10006"): Kind.RENAMED, ("10007", "10007"): Kind.UNCHANGED,
        ("10008", "10008"): Kind.UNCHANGED,  # in both vintages; the crosswalk needs not name it
        ("10009", None): Kind.ENDED, (None, "20009"): Kind.BEGUN,
    }  # fmt: skip


def test_units_carry_their_validity_and_the_act():
    events = events_of(
        crosswalk(("10001", "20001", "full")), CHANGE,
        vintage("2004-01-01", "10001"), vintage("2025-07-01", "20001"),
    )  # fmt: skip
    row = events.iloc[0]
    assert (row["old_from"], row["old_to"]) == ("2004-01-01", "2025-06-30")
    assert row["new_from"] == "2025-07-01"
    assert pd.isna(row["new_to"])
    assert row["resolution"] == "1654/NQ-UBTVQH15"


def test_without_boundaries_the_names_of_the_crosswalk_stand():
    events = events_of(crosswalk(("10001", "20001", "full")), Change("2025-07-01"), None, None)
    row = events.iloc[0]
    assert row["old_name"] == "Xã 10001"
    assert row[["old_from", "new_name", "resolution"]].isna().all()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Xã Mỹ Hoà Hưng", "xã Mỹ Hòa Hưng", True),
        ("Xã Đông Thành", "Xã Đồng Thành", False),
        ("Xã Thổ Châu", "Đặc khu Thổ Châu", False),
        ("Xã Diên Hoa", "Xã Diễn Hoa", False),
    ],
)
def test_a_name_is_the_same_wherever_its_tone_is_written(one, other, same):
    assert same_name(one, other) is same


PAIRS = st.lists(
    st.tuples(st.sampled_from([f"1000{at}" for at in range(6)]),
              st.sampled_from([f"2000{at}" for at in range(4)])),
    unique=True,
)  # fmt: skip


@given(PAIRS)
def test_any_crosswalk_comes_back_out_of_its_events(pairs):
    olds = [old for old, _ in pairs]
    table = crosswalk(
        *((old, new, "partial" if olds.count(old) > 1 else "full") for old, new in pairs)
    )
    back = crosswalk_of(events_of(table, CHANGE, None, None))
    columns = ["old_code", "new_code", "relation", "old_name"]
    wanted = table.sort_values(["old_code", "new_code"])[columns].to_numpy().tolist()
    assert back[columns].to_numpy().tolist() == wanted


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "rows", "units", "splits", "unchanged"),
    [("an_giang", 302, 102, 3, 6), ("nghe_an", 412, 130, 0, 8)],
)
def test_real_crosswalks(name, rows, units, splits, unchanged):
    """Nghệ An's law names nine unchanged; one of them the source writes “Lưỡng Minh” before."""
    path = DATA / f"crosswalk_{name}.csv"
    if not path.is_file():
        pytest.skip(f"the real files are not in {DATA}; name their folder in DIEMTHU_REAL_DATA")
    from geo.sources.boundaries import Vintage, read_boundaries  # noqa: PLC0415

    table, _ = read_crosswalk(path)
    province = "91" if name == "an_giang" else "40"
    shapes = read_boundaries(
        DATA / f"{name}_2025.geojson", Vintage(province, "2025-07-01"), frozenset()
    )
    communes = shapes[0] if isinstance(shapes, tuple) else shapes.table
    events = events_of(table, CHANGE, None, communes)
    assert len(events) == rows
    assert events["new_code"].nunique() == units
    assert events.loc[events["kind"] == Kind.SPLIT, "old_code"].nunique() == splits
    assert (events["kind"] == Kind.UNCHANGED).sum() == unchanged
    assert not events["kind"].isin([Kind.ENDED, Kind.BEGUN]).any()
