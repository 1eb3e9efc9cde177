"""Empty spreadsheets under the headings of the offices, to be filled in and imported."""

from collections.abc import Mapping
from pathlib import Path

from planning.exports.empty_sheet import KINDS_OF_POINT, EmptySheet

POINTS = (
    "STT", "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu", "Hình thức",
    "Loại địa điểm", "Số nhà, đường, thôn/ấp/khóm", "Xã/phường/đặc khu", "Mã xã", "Xã cũ",
    "BHXH cơ sở quản lý", "Vĩ độ", "Kinh độ", "Độ chính xác tọa độ", "Biển hiệu",
    "Ngày cấp biển hiệu", "Số nhân viên thu", "Nhân viên thường trực", "Thời gian làm việc",
    "Điện thoại điểm thu", "Số hợp đồng", "Ngày hợp đồng", "Trạng thái", "Trạng thái từ ngày",
    "Ngày bắt đầu", "Ngày chấm dứt", "Mã điểm thu cũ", "Ghi chú",
)  # fmt: skip
POPULATION = ("Mã xã", "Dân số")
ORGANISATIONS = (
    "STT", "Mã tổ chức", "Tên tổ chức dịch vụ thu", "Tên cũ", "Giấy phép", "Mã số thuế",
    "Số hợp đồng", "Ngày hợp đồng", "Hợp đồng có giá trị đến", "Phụ lục hợp đồng", "Bảo lãnh",
    "Bảo lãnh có giá trị đến", "Điện thoại", "Địa chỉ", "Địa bàn quản lý",
)  # fmt: skip
STAFF = (
    "STT", "Mã nhân viên thu", "Họ tên nhân viên", "Tên tổ chức dịch vụ thu", "Mã tổ chức",
    "Mã điểm thu", "Số thẻ", "Thẻ có giá trị đến", "Giấy chứng nhận", "Thường trực", "Điện thoại",
)  # fmt: skip
FIGURES = (
    "STT", "Kỳ", "Chương trình", "Cấp", "BHXH cơ sở", "Mã tổ chức", "Tên tổ chức dịch vụ thu", "Mã xã",
    "Xã/phường/đặc khu", "Mã điểm thu", "Mã nhân viên thu", "Chỉ tiêu", "Thực hiện",
)  # fmt: skip
INSPECTIONS = (
    "STT", "Ngày kiểm tra", "Mã điểm thu", "Nội dung kiểm tra", "Phát hiện, tồn tại", "Kết luận",
    "Hạn khắc phục", "Ngày khắc phục", "Số biên bản",
)  # fmt: skip
PROGRAMMES = ("STT", "Mã chương trình", "Tên chương trình", "Đơn vị tính", "Cách tính")
NEEDS = (
    "STT", "Mã xã", "Xã/phường/đặc khu", "Chưa tham gia BHYT",
    "Ngoài BHXH bắt buộc trong độ tuổi lao động", "Tiềm năng", "Sắp hết hạn",
)  # fmt: skip
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "points": POINTS, "population": POPULATION, "organisations": ORGANISATIONS, "staff": STAFF,
    "targets": FIGURES, "results": FIGURES, "inspections": INSPECTIONS, "programmes": PROGRAMMES,
    "needs": NEEDS,
}  # fmt: skip
# Heading → the words it takes; a list to choose from in the spreadsheet.
WORDS: Mapping[str, tuple[str, ...]] = {
    "Hình thức": KINDS_OF_POINT,
    "Biển hiệu": ("Có", "Chưa"),
    "Nhân viên thường trực": ("Có", "Không"),
    "Thường trực": ("Có", "Không"),
    "Trạng thái": ("Hoạt động", "Dự kiến", "Tạm dừng", "Chấm dứt"),
    "Kết luận": ("Đạt", "Không đạt"),
    "Cách tính": ("Đang tham gia cuối kỳ", "Tăng mới trong kỳ"),
    "Cấp": ("Tỉnh", "BHXH cơ sở", "Tổ chức", "Xã", "Tổ chức theo xã", "Điểm thu", "Nhân viên thu"),
}
CODES = frozenset(
    {"Mã tổ chức", "Mã điểm thu", "Mã xã", "Xã cũ", "Điện thoại điểm thu", "Số hợp đồng",
     "Mã số thuế", "Điện thoại", "Mã nhân viên thu", "Số thẻ", "Kỳ", "Mã chương trình",
     "Số biên bản"}
)  # fmt: skip
ROWS = 2000  # that are prepared


def write_template(path: Path, kind: str) -> None:
    """Write the headings of a kind of file, codes as text, lists of words to choose from."""
    EmptySheet("Danh sách", TEMPLATES[kind], WORDS, CODES, ROWS).write(path)
