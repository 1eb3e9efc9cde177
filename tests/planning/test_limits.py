"""The limits of files are settings: what the environment says is what is refused."""

import pytest

from geo.errors import FileError
from geo.limits import Limits, limits, put_in_force
from geo.sources.boundaries import Vintage
from planning.bootstrap import open_store
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.settings import Settings
from tests.databases import ON_FILES
from tests.toy import district, files

pytestmark = ON_FILES  # nothing here is written


@pytest.fixture
def set_up(own_database):
    stores = []

    def opened(**given):
        names = {f"DIEMTHU_{name.upper()}": str(value) for name, value in given.items()}
        setting = {"DIEMTHU_DATABASE": own_database.address, **names}
        stores.append(open_store(Settings.from_environment(setting)))
        return stores[-1]

    yield opened
    for each in stores:
        each.close()
    put_in_force(Limits())


def test_without_settings_the_usual_limits_hold(set_up):
    set_up()
    assert limits() == Limits()


def test_a_list_of_more_rows_than_set_is_refused(set_up, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(
        files.points_csv(
            *[((1, 1), f"Điểm {each}", "Trực tiếp", "Hoạt động") for each in range(150)]
        ),
        encoding="utf-8",
    )
    ask = ImportAsk("points", path, province=district.PROVINCE)

    assert imports.examine(set_up(), ask).rows == 150
    with pytest.raises(FileError, match="more than 100 rows"):
        imports.examine(set_up(most_rows=100), ask)


def test_boundaries_of_more_corners_than_set_are_refused(set_up, toy_files):
    ask = ImportAsk("boundaries", toy_files / "communes.geojson",
                    vintage=Vintage(district.PROVINCE, district.SINCE))  # fmt: skip

    store = set_up()
    assert imports.examine(store, ask).rows == 4
    put_in_force(Limits(corners=12))
    with pytest.raises(FileError, match="12 corners"):
        imports.examine(store, ask)
