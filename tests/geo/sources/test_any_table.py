"""Any table at all: refused with a sentence, or read with every row accounted for."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.errors import FileError
from geo.findings import FindingReport, Severity
from geo.sources.crosswalk import read_crosswalk_file
from geo.sources.figures import read_figure_file
from geo.sources.inspections import read_inspections
from geo.sources.needs import read_needs
from geo.sources.organisations import read_organisations
from geo.sources.places import read_hosts, read_seats
from geo.sources.points import read_points
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid_file
from geo.sources.programmes import read_programmes
from geo.sources.staff import read_staff
from tests.toy import district

COMMUNES = district.communes()
QUIETLY = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
BOUNDS = (105.0, 10.0, 106.0, 11.0)
READERS = {
    "points": lambda path: read_points(path, COMMUNES),
    "hosts": lambda path: read_hosts(path, "khác"),
    "seats": read_seats,
    "population": lambda path: read_population(path, Unusable.LEAVE_OUT),
    "grid": lambda path: read_grid_file(path, BOUNDS),
    "crosswalk": read_crosswalk_file,
    "organisations": read_organisations,
    "staff": read_staff,
    "results": lambda path: read_figure_file(
        path, "result", programmes=("BHXH-TN", "BHXH tự nguyện")
    ),
    "inspections": read_inspections,
    "programmes": read_programmes,
    "needs": read_needs,
}
NASTY = st.sampled_from(
    ["", "-", "x", "…", "10.2273", "105.5109", "10,2273", "-10.2", "0", "1e5", "1e999", "nan", "inf", "98001",
     "4", "98001.0", "2024-04-03", "3-4", "1.234", "1 000 người", "#REF!", "10°13'38\"B", "1130500", "501200",
     "3456789000TH9898001001", "Bưu cục A", "=1+1", "<b>x</b>", "Tổng cộng", "Có", "Trực tiếp", "٣", "１０",
     "\u200b", "\u00a0", "NULL", "Xã Số 1", "10.2273, 105.5109", "9" * 40, "'=x", "a;b", "\ue000", "Ðông",
     "Toång coäng", "Tho¹i S¬n", "0912345678", "31/02/2025", "full", "Quý I/2025", "T13/2025", "Đạt", "BHXH-TN", "Điểm thu", "-5"]
)  # fmt: skip
CELL = st.one_of(NASTY, st.text(max_size=8))
HEADINGS = st.lists(
    st.sampled_from(
        ["Tên điểm thu", "Vĩ độ", "Kinh độ", "Mã xã", "Mã điểm thu", "Xã/phường", "Trạng thái", "Biển hiệu",
         "Dân số", "Nam", "Nữ", "Diện tích", "Mã xã cũ", "Xã cũ", "lon", "lat", "people", "Tên", "Họ tên",
         "Mã tổ chức", "SĐT", "Số thẻ", "STT", "Ghi chú", "", "Cột lạ", "Kỳ", "Chương trình", "Thực hiện",
         "Ngày kiểm tra", "Kết luận", "Hạn khắc phục", "Mã chương trình", "Cấp", "Tiềm năng", "BHXH-TN", "Thực hiện 2025", "BHXH tự nguyện Chỉ tiêu"]
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def saved(folder: Path, rows: list[list[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path = folder / "any.csv"
    path.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
    return path


def read_or_refused(reader, path: Path):
    """Return what the reader made of a file, None where it refused it by its name."""
    sentence = path.name
    try:
        return reader(path)
    except FileError as refused:
        sentence = str(refused)
    assert path.name in sentence
    return None


@pytest.mark.parametrize("kind", READERS)
@given(head=HEADINGS, body=st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=8))
@example(
    head=["Vĩ độ", "Kinh độ", "Tên điểm thu"], body=[["1130500", "501200", "A"], ["0", "0", "B"]]
)
@example(head=["Tên điểm thu"], body=[])
@QUIETLY
def test_any_table_is_read_or_refused_with_a_sentence(tmp_path, kind, head, body):
    path = saved(tmp_path, [head, *body])
    lines = len(path.read_text(encoding="utf-8", errors="surrogatepass").splitlines())
    file = read_or_refused(READERS[kind], path)
    if file is None:
        return
    for each in file.report:
        assert each.sentence(str)
        assert each.row is None or 1 <= each.row <= lines
        assert each.value is None or len(each.value) <= 40


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b'"\n')
@example("Mã xã;Dân số\n98001;5\n".encode("utf-16-be"))
@QUIETLY
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path, data):
    for name in ("any.csv", "any.xlsx", "any.xls", "any.ods"):
        (tmp_path / name).write_bytes(data)
        file = read_or_refused(read_staff, tmp_path / name)
        assert file is None or isinstance(file.report, FindingReport)


ROW = st.tuples(
    st.sampled_from(["Bưu cục A", "Bưu cục B", "", "-"]),
    st.sampled_from(["10.2273", "10,2273", "-10.2273", "105.5109", "0", "x", "", "10°13'38\"B", "10.2O73", "99"]),
    st.sampled_from(["105.5109", "105,5109", "10.2273", "0", "nan", "", "105.9", "139.7"]),
    st.sampled_from(["", "Trực tiếp", "Trực tuyến", "lạ"]),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=12))
@QUIETLY
def test_every_row_of_a_list_of_points_is_kept_or_named(tmp_path, rows):
    path = saved(tmp_path, [["Tên điểm thu", "Vĩ độ", "Kinh độ", "Hình thức"], *map(list, rows)])
    file = read_points(path, COMMUNES)
    if file.report.blocked:
        return
    grave = (Severity.LEFT_OUT, Severity.ASK, Severity.CHANGED)
    named = {each.row for each in file.report if each.severity in grave}
    kept = {int(each.removeprefix("#")) for each in file.table["point_id"]}
    whole = {at for at, row in enumerate(rows, start=2) if any(row)}
    assert whole - kept <= named
