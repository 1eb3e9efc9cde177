"""Tables with a column for every programme or period are read as one row per figure."""

import openpyxl
import pytest

from geo.sources.figures import read_figure_file

PROGRAMMES = ("BHXH-TN", "BHXH tự nguyện", "BHYT-HGD", "BHYT hộ gia đình")


def saved(folder, *lines: str):
    path = folder / "wide.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def figures(path, needed: str = "result") -> list[tuple[object, ...]]:
    """Return row, period, programme, organisation, target, result of every usable row."""
    file = read_figure_file(path, needed, programmes=PROGRAMMES)
    assert not file.report.blocked, [each.sentence(str) for each in file.report]
    assert set(file.recognised.columns.values()) <= set(file.recognised.headings)
    rows = file.frame.astype(object).where(file.frame.notna(), None)
    return sorted(
        (int(file.cells.rows[at]), row["period"], row["programme"], row["organisation"],
         row["target"], row["result"])
        for at, row in enumerate(rows.to_dict("records")) if file.usable[at]
    )  # fmt: skip


def test_a_column_for_every_programme(tmp_path):
    path = saved(tmp_path, "Kỳ,Tên tổ chức,BHXH tự nguyện,BHYT-HGD", "Quý I/2025,Viettel,5,6",
                 "Quý I/2025,Bưu điện,,7")  # fmt: skip
    assert figures(path) == [
        (2, "2025-Q1", "BHXH tự nguyện", "Viettel", None, 5),
        (2, "2025-Q1", "BHYT-HGD", "Viettel", None, 6),
        (3, "2025-Q1", "BHYT-HGD", "Bưu điện", None, 7),
    ]


def test_a_column_for_every_month(tmp_path):
    path = saved(tmp_path, "Sản phẩm,Tên tổ chức,Tháng 1/2025,T2/2025,Chỉ tiêu 2025",
                 "BHXH tự nguyện,Viettel,5,6,90")  # fmt: skip
    assert figures(path) == [
        (2, "2025", "BHXH tự nguyện", "Viettel", 90, None),
        (2, "2025-01", "BHXH tự nguyện", "Viettel", None, 5),
        (2, "2025-02", "BHXH tự nguyện", "Viettel", None, 6),
    ]


@pytest.mark.parametrize("merged", [True, False])
def test_figures_under_headings_of_two_rows(tmp_path, merged):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Kết quả phát triển người tham gia"])
    page.append(["STT", "Kỳ", "Tên tổ chức", "BHXH tự nguyện", None, "BHYT hộ gia đình", None])
    page.append([None, None, None, "Chỉ tiêu", "Thực hiện", "Chỉ tiêu", "Thực hiện"])
    page.append([1, "Quý I/2025", "Viettel", 10, 4, 20, 19])
    if merged:
        page.merge_cells("D2:E2")
        page.merge_cells("F2:G2")
    book.save(tmp_path / "wide.xlsx")
    assert figures(tmp_path / "wide.xlsx") == [
        (4, "2025-Q1", "BHXH tự nguyện", "Viettel", 10, 4),
        (4, "2025-Q1", "BHYT hộ gia đình", "Viettel", 20, 19),
    ]


def test_programme_and_period_both_in_the_headings(tmp_path):
    path = saved(tmp_path, "Tên tổ chức,BHXH-TN Quý 1/2025 Chỉ tiêu,BHXH-TN Quý 1/2025 Thực hiện",
                 "Viettel,9,8")  # fmt: skip
    assert figures(path) == [(2, "2025-Q1", "BHXH-TN", "Viettel", 9, 8)]


def test_a_long_table_stays_as_it_is(tmp_path):
    path = saved(tmp_path, "Kỳ,Chương trình,Tên tổ chức,Chỉ tiêu,Thực hiện 2025",
                 "2025,BHXH-TN,Viettel,9,8")  # fmt: skip
    assert figures(path) == [(2, "2025", "BHXH-TN", "Viettel", 9, 8)]


def test_a_bad_cell_is_named_by_its_row_in_the_file(tmp_path):
    path = saved(tmp_path, "Kỳ,Tên tổ chức,BHXH-TN,BHYT-HGD", "2025,A,1,2", "2025,B,3,bốn")
    file = read_figure_file(path, "result", programmes=PROGRAMMES)
    assert [(each.code, each.row, each.value) for each in file.report] == [
        ("figure-unreadable", 3, "bốn")
    ]
