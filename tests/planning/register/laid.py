"""The toy district with a register: four points, two organisations, three members of staff."""

from pathlib import Path

import sqlalchemy as sa

from planning.services import imports
from planning.services.imports import ImportAsk
from planning.store import register_tables, schema
from planning.store.session import Store
from tests.toy import district

PROVINCE = district.PROVINCE
POST, SHOP = "0101010101", "0202020202"
ORGANISATIONS = (
    "Mã tổ chức,Tên tổ chức dịch vụ thu,Tên cũ,Số hợp đồng,Ngày hợp đồng,Hợp đồng có giá trị đến,"
    "Bảo lãnh,Bảo lãnh có giá trị đến,Điện thoại\n"
    f"{POST},Bưu điện tỉnh,Bưu cục trung tâm,12/HĐ,01/02/2025,31/12/2026,500000000,30/06/2026,0296000001\n"
    f"{SHOP},Ánh Dương,,13/HĐ,,31/12/2027,,,\n"
)


def code(owner: str, commune: str, number: int) -> str:
    return f"{owner}TH{PROVINCE}{commune}{number:03d}"


FIRST, SECOND, FOURTH = code(POST, "98001", 1), code(SHOP, "98002", 1), code(POST, "98004", 1)
# name, code, place in km, organisation, status, sign, permanent
POINTS = (
    ("Bưu cục Đông", FIRST, (1, 1), POST, "Hoạt động", "Có", "Có"),
    ("Đại lý Ân", SECOND, (3, 1), SHOP, "Hoạt động", "Chưa", "Không"),
    ("Bưu cục Ấp Bắc", "", (5, 1), POST, "Tạm dừng", "", ""),
    ("=1+1", FOURTH, (7, 1), POST, "Hoạt động", "Có", "Có"),
)
STAFF = (
    "Mã nhân viên thu,Họ tên nhân viên,Mã tổ chức,Mã điểm thu,Số thẻ,Thẻ có giá trị đến,Thường trực\n"
    f"NV1,Người Một,{POST},{FIRST},T1,31/12/2026,Có\n"
    f"NV1,Người Một,{POST},{FOURTH},T1,31/12/2026,Không\n"
    f"NV2,Người Hai,{SHOP},{SECOND},T2,31/01/2026,Có\n"
)
DAY, DEADLINE = "2026-03-02", "2026-03-20"


def lay(store: Store, folder: Path) -> None:
    """Bring the register into a database that holds the toy district."""
    lines = ["Tên điểm thu,Mã điểm thu,Vĩ độ,Kinh độ,Mã tổ chức,Trạng thái,Biển hiệu,Nhân viên thường trực"]  # fmt: skip
    for name, number, place, *rest in POINTS:
        lon, lat = district.degrees([place])[0]
        lines.append(",".join([name, number, f"{lat:.9f}", f"{lon:.9f}", *rest]))
    for kind, text in (("organisations", ORGANISATIONS), ("points", "\n".join(lines) + "\n"),
                       ("staff", STAFF)):  # fmt: skip
        path = folder / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        imports.commit(store, ImportAsk(kind, path, province=PROVINCE))
    with store.writing() as db:
        for each in district.CODES:
            office = "BHXH Cơ sở 1" if each < "98003" else "BHXH Cơ sở 2"
            mine = schema.commune.c.code == each
            db.execute(sa.update(schema.commune).where(mine).values(office=office))
        found = {"province_code": PROVINCE, "content": "Biển hiệu, nhân viên", "settled": ""}
        rows = (
            {"point_id": SECOND, "day": DAY, "findings": "Không có biển hiệu",
             "conclusion": "not met", "deadline": DEADLINE, "document": "1/BB"},
            {"point_id": FIRST, "day": "2026-04-01", "findings": "", "conclusion": "met",
             "deadline": "", "document": "2/BB"},
        )  # fmt: skip
        db.execute(sa.insert(register_tables.inspection), [{**found, **row} for row in rows])
