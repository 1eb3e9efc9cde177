"""Lists of points are read with what the database knows of the province."""

import pandas as pd

from geo.tables import crosswalk
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.store import layers
from tests.toy import district

FORMER = crosswalk(
    pd.DataFrame(
        {"old_code": ["97001"], "old_name": ["Xã Cũ Kỹ"], "old_district": ["Huyện Cũ"],
         "new_code": ["98002"], "relation": ["full"]}
    )
)  # fmt: skip


def test_a_point_that_names_a_former_commune_is_known_by_the_present_one(store, tmp_path):
    with store.writing() as db:
        layers.save_crosswalk(db, district.PROVINCE, FORMER)
    lon, lat = district.degrees([(3, 1)])[0]
    path = tmp_path / "points.csv"
    path.write_text(
        f"Tên điểm thu,Xã/phường/đặc khu,Vĩ độ,Kinh độ\nBưu cục,Xã Cũ Kỹ,{lat:.6f},{lon:.6f}\n",
        encoding="utf-8",
    )

    imports.commit(store, ImportAsk("points", path))
    with store.reading() as db:
        kept = layers.load_points(db, district.PROVINCE)
    assert list(kept["written_code"]) == ["98002"]
