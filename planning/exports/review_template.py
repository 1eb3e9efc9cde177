"""An empty spreadsheet of proposals for an organisation, under the headings that are read back."""

from pathlib import Path

import xlsxwriter

HEADINGS = (
    "STT", "Đề nghị", "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu",
    "Hình thức", "Nơi đặt", "Loại địa điểm", "Số nhà, đường, thôn/ấp/khóm", "Xã/phường/đặc khu",
    "Vĩ độ", "Kinh độ", "Mã nhân viên thu", "Thời gian làm việc", "Chi phí (đồng)", "Ghi chú",
)  # fmt: skip
WORDS = {"Đề nghị": ("Mở mới", "Di dời", "Chấm dứt", "Đổi hình thức"),
         "Hình thức": ("Trực tiếp", "Trực tuyến", "Lưu động")}  # fmt: skip
HINTS = {
    "Mã điểm thu": "Chỉ ghi khi di dời, chấm dứt hoặc đổi hình thức một điểm thu đã có.",
    "Vĩ độ": "Độ thập phân, ví dụ 10,3811", "Kinh độ": "Độ thập phân, ví dụ 105,4359",
    "Mã nhân viên thu": "Nhiều mã cách nhau bằng dấu chấm phẩy.",
}  # fmt: skip
CODES = ("Mã tổ chức", "Mã điểm thu", "Mã nhân viên thu")
ROWS = 500


def write_review_template(path: Path) -> None:
    """Write the headings, codes as text, words to choose from, hints as notes."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Đề nghị")
        bold = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E9EEF3"}
        )
        text = book.add_format({"num_format": "@"})
        for column, heading in enumerate(HEADINGS):
            page.write_string(0, column, heading, bold)
            page.set_column(column, column, max(11, min(30, len(heading) + 2)),
                            text if heading in CODES else None)  # fmt: skip
            if heading in HINTS:
                page.write_comment(0, column, HINTS[heading])
            if heading in WORDS:
                page.data_validation(
                    1, column, ROWS, column,
                    {"validate": "list", "source": list(WORDS[heading]), "error_type": "warning"},
                )  # fmt: skip
        page.freeze_panes(1, 0)
