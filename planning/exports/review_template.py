"""An empty spreadsheet of proposals for an organisation, under the headings that are read back."""

from pathlib import Path

from planning.exports.empty_sheet import KINDS_OF_POINT, EmptySheet

HEADINGS = (
    "STT", "Đề nghị", "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu",
    "Hình thức", "Nơi đặt", "Loại địa điểm", "Số nhà, đường, thôn/ấp/khóm", "Xã/phường/đặc khu",
    "Vĩ độ", "Kinh độ", "Mã nhân viên thu", "Thời gian làm việc", "Chi phí (đồng)", "Ghi chú",
)  # fmt: skip
WORDS = {"Đề nghị": ("Mở mới", "Di dời", "Chấm dứt", "Đổi hình thức"),
         "Hình thức": KINDS_OF_POINT}  # fmt: skip
HINTS = {
    "Mã điểm thu": "Chỉ ghi khi di dời, chấm dứt hoặc đổi hình thức một điểm thu đã có.",
    "Vĩ độ": "Độ thập phân, ví dụ 10,3811", "Kinh độ": "Độ thập phân, ví dụ 105,4359",
    "Mã nhân viên thu": "Nhiều mã cách nhau bằng dấu chấm phẩy.",
}  # fmt: skip
CODES = ("Mã tổ chức", "Mã điểm thu", "Mã nhân viên thu")
ROWS = 500


def write_review_template(path: Path) -> None:
    """Write the headings, codes as text, words to choose from, hints as notes."""
    EmptySheet("Đề nghị", HEADINGS, WORDS, CODES, ROWS, HINTS).write(path)
