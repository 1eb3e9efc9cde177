"""Both published articles, sentence by sentence, read off the pages a provincial office opens.

Nghệ An's network is laid on the communes of the demonstration province, whose 11 former
districts stand for the 21 of Nghệ An. Ids in the comments are those of the published figures.
"""

import csv
import html
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from planning.services.demo import PROVINCE, lay
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app


@pytest.fixture(scope="module")
def files(demonstration: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a database for each article, made from the demonstration that nothing writes to."""
    folder = tmp_path_factory.mktemp("articles")
    with (
        closing(sqlite3.connect(str(demonstration.database))) as made,
        closing(sqlite3.connect(folder / "an-giang.db")) as copy,
    ):
        made.backup(copy)
    shutil.copy(folder / "an-giang.db", folder / "nghe-an.db")
    store = Store(folder / "nghe-an.db")
    lay(store, "nghe-an-2023", PROVINCE)
    store.close()
    return {each.stem: each for each in folder.glob("*.db")}


@pytest.fixture(scope="module", params=["an-giang", "nghe-an"])
def opened(request: pytest.FixtureRequest, files: dict[str, Path]) -> Iterator[FlaskClient]:
    app = create_app(Settings.from_environment({
        "DIEMTHU_DATABASE": str(files[request.param]), "DIEMTHU_SECRET_KEY": "x" * 40,
        "DIEMTHU_UPLOADS": str(files[request.param].with_suffix("")),
    }))  # fmt: skip
    yield app.test_client()
    app.extensions["planning"].close()


AN_GIANG = pytest.mark.parametrize("opened", ["an-giang"], indirect=True)
NGHE_AN = pytest.mark.parametrize("opened", ["nghe-an"], indirect=True)


def read(client: FlaskClient, path: str) -> str:
    """Return what a page says, as plain text."""
    answer = client.get(f"/{PROVINCE}/{path}")
    assert answer.status_code == 200, path
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def row(text: str, name: str) -> str:
    """Return what stands in a table from a name on."""
    return text.split(f" {name} ", 2)[-1][:60]


@AN_GIANG
def test_the_network_of_an_giang(opened: FlaskClient) -> None:
    overview = read(opened, "overview")
    assert "Điểm thu đang hoạt động 857 trực tiếp; 541 trực tuyến" in overview  # AG1, AG6
    assert "747 trên 857" in overview  # AG2
    assert "xã cũ 100,0% (155 trên 155)" in overview  # AG3
    assert "Nhân viên thu tại các điểm trực tiếp đang mở 947" in read(opened, "workload")  # AG7
    assert "947 trong 947" in read(opened, "register/staff")
    former = read(opened, "coverage?valid_from=2004-01-01")
    assert "Xã, phường có từ 10 điểm thu 39" in former  # AG4
    assert re.search(r"Điểm thu chưa có biển hiệu 110 857", read(opened, "compliance"))


@AN_GIANG
def test_the_most_points_of_a_former_commune(opened: FlaskClient) -> None:
    sent = opened.get(f"/{PROVINCE}/export/communes.csv?valid_from=2004-01-01")
    rows = csv.DictReader(StringIO(sent.get_data(as_text=True).lstrip("\ufeff")))
    counts = sorted(int(each["points_direct"]) for each in rows if each["points_direct"])
    assert counts[-1] == 29  # AG5
    assert counts[-2] < 29
    assert sum(counts) == 857


@AN_GIANG
def test_the_results_of_an_giang(opened: FlaskClient) -> None:
    voluntary = read(opened, "results?programme=BHXH-TN&period=2025-Q1")
    for said in ("Thực hiện 12.561", "Tỷ lệ hoàn thành 39,4%", "Còn thiếu so với chỉ tiêu 19.335"):
        assert said in voluntary  # AG8
    assert "786,4%" in row(voluntary, "Công ty Minh An")  # AG10
    assert "12 tổ chức dưới mức này" in voluntary  # AG11
    for name, rate in (("Đăng Khoa", "3,4%"), ("Huy Phúc", "6,8%"), ("Thiện Nhân", "21,2%")):
        assert rate in row(voluntary, f"Công ty {name}")
    health = read(opened, "results?programme=BHYT-HGD&period=2025-Q1")
    for said in (
        "Thực hiện 749.962",
        "Tỷ lệ hoàn thành 87,5%",
        "Còn thiếu so với chỉ tiêu 106.965",
    ):
        assert said in health  # AG9
    assert "14 tổ chức dưới mức này" in health  # AG13
    assert "3 tổ chức vượt chỉ tiêu" in health  # AG12
    for name, rate in (("Minh An", "197,5%"), ("Thiện Nhân", "127,6%"), ("Hoàng Ngọc An Giang", "119,7%")):  # fmt: skip
        assert rate in row(health, f"Công ty {name}")


@NGHE_AN
def test_the_network_of_nghe_an(opened: FlaskClient) -> None:
    assert "Điểm thu đang hoạt động 1.294" in read(opened, "overview")  # NA5
    organisations = read(opened, "register/organisations")
    assert "25 trong 25" in organisations  # NA4
    assert "3.153 trong 3.153" in read(opened, "register/staff")  # NA6
    everywhere = [
        code for code in (f"{at:010d}" for at in range(1, 26))
        if "Huyện cũ có điểm thu 11" in read(opened, f"register/organisations/{code}")
    ]  # fmt: skip
    assert len(everywhere) == 2  # NA7


@NGHE_AN
def test_the_results_of_nghe_an(opened: FlaskClient) -> None:
    voluntary = read(opened, "results?programme=BHXH-TN&period=2023-Q4")
    assert "Thực hiện 113.461" in voluntary  # NA2
    assert "+4.039 từ 109.422" in voluntary
    health = read(opened, "results?programme=BHYT&period=2023-Q4")
    assert "Thực hiện 2.936.308" in health  # NA3
    assert "+60.737 từ 2.875.571" in health
    assert "93,0%" in health
