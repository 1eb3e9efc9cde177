"""A small province with awkward names, and the web application on it.

Four square communes side by side, 5 km each; points stand in the first. Names hold what
would run if any page took them for markup.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.siting import SuggestionAsk
from planning.services import imports, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app

PROVINCE = "98"
NAMES = (
    "Đông <b>Hòa</b>",
    "Bình An`${alert(1)}`",
    "Tân </script><script>alert(2)</script>",
    "Ân Phú",
)
EVIL_POINT = "Bưu cục <img src=x onerror=alert(3)>"
STEP = 0.045  # degrees, about 5 km


def commune(place: int) -> dict[str, object]:
    west, south = 105.0 + STEP * place, 10.2
    ring = [[west, south], [west + STEP, south], [west + STEP, south + STEP], [west, south + STEP],
            [west, south]]  # fmt: skip
    name = NAMES[place]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "code": f"9800{place}", "name": name, "full_name": f"Xã {name}", "unit_type": "xã",
            "province_code": PROVINCE, "province_name": "Tỉnh Thử <i>Nghiệm</i>",
        },
    }  # fmt: skip


def write_files(folder: Path) -> None:
    whole = {"type": "FeatureCollection", "features": [commune(place) for place in range(4)]}
    (folder / "communes.geojson").write_text(json.dumps(whole), encoding="utf-8")
    rows = [f"9800{place},{people}" for place, people in enumerate((4000, 6000, 9000, 3000))]
    (folder / "population.csv").write_text("code,people\n" + "\n".join(rows), encoding="utf-8")
    (folder / "points.csv").write_text(
        "Tên điểm thu,Hình thức,Vĩ độ,Kinh độ,Trạng thái\n"
        f"{EVIL_POINT},Trực tiếp,10.22,105.02,Hoạt động\n"
        "Nhà thuốc An,Trực tuyến,10.22,105.06,Hoạt động\n"
        "Bưu cục cũ,Trực tiếp,10.22,105.15,Tạm dừng\n",
        encoding="utf-8",
    )


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that holds the small province and a plan of two points."""
    folder = tmp_path_factory.mktemp("small")
    write_files(folder)
    store = Store(folder / "small.db")
    store.upgrade()
    origin = Origin(source="Thử <u>nghiệm</u>", as_of="2025-03-31", synthetic=True)
    vintage = Vintage(province_code=PROVINCE, valid_from="2025-07-01")
    imports.import_boundaries(store, folder / "communes.geojson", vintage, origin)
    imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, origin)
    imports.import_points(store, folder / "points.csv", origin, PROVINCE)
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=2))
    store.close()
    return folder / "small.db"


@pytest.fixture
def app(filled: Path, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on a copy of the database that a test may change."""
    own = tmp_path / "own.db"
    own.write_bytes(filled.read_bytes())
    made = create_app(Settings.from_environment({"DIEMTHU_DATABASE": str(own)}))
    yield made
    made.extensions["planning"].close()


class ReadClient(FlaskClient):
    """A client that reads every answer to its end, so that no file stays open."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = ReadClient
    return app.test_client()


@pytest.fixture
def own() -> dict[str, str]:
    """Return the headers that a browser sends with a form of our own pages."""
    return {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
