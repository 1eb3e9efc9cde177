"""The toy district with a register: two organisations, three points, two members of staff.

Before 1/7/2025 it had two communes, 97001 and 97002, each of half of it.
"""

from pathlib import Path

from geo.sources.boundaries import Vintage
from planning.services import imports
from planning.services.imports import ImportAsk, ImportResult
from planning.store.session import Store
from tests.toy import district, files

HERE = district.PROVINCE
FIRST, SECOND, SHUT = (f"0101010101TH98{code}001" for code in ("98001", "98002", "98003"))
ORGANISATIONS = "Mã tổ chức,Tên tổ chức dịch vụ thu,Tên cũ\n0101010101,Bưu điện tỉnh,Bưu điện Mẫu\n0202020202,Viettel,\n"
STAFF = (
    "Mã nhân viên,Họ và tên,Mã tổ chức,Mã điểm thu\n"
    f"NV1,Nguyễn Thị An,0101010101,{FIRST}\nNV2,Trần Văn Bình,0101010101,{FIRST}\n"
)


def points() -> str:
    """Return the list of points: the third was closed on 31/12/2024."""
    head = "Tên điểm thu,Mã điểm thu,Mã tổ chức,Trạng thái,Ngày chấm dứt,Vĩ độ,Kinh độ"
    rows = [
        (place, name, code, status, closed)
        for place, name, code, status, closed in (
            ((1, 1), "Bưu cục Một", FIRST, "Hoạt động", ""),
            ((3, 1), "Bưu cục Hai", SECOND, "Hoạt động", ""),
            ((5, 1), "Bưu cục Ba", SHUT, "Chấm dứt", "31/12/2024"),
        )
    ]
    lines = [head]
    for place, name, code, status, closed in rows:
        lon, lat = district.degrees([place])[0]
        lines.append(f"{name},{code},0101010101,{status},{closed},{lat:.9f},{lon:.9f}")
    return "\n".join(lines) + "\n"


def brought(store: Store, folder: Path, kind: str, text: str, **asked: object) -> ImportResult:
    """Import a text as a CSV file of a kind."""
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return imports.commit(store, ImportAsk(kind, path, province=HERE, **asked))[0]  # type: ignore[arg-type]


def read(store: Store, folder: Path, kind: str, text: str) -> imports.Reading:
    """Examine a text as a CSV file of a kind."""
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return imports.examine(store, ImportAsk(kind, path, province=HERE))


def register(store: Store, folder: Path) -> None:
    """Bring the whole register into the toy district."""
    former = [
        files.feature(f"9700{at + 1}", district.square(4 * at, 0, 4, 2),
                      name=f"Cũ {at + 1}", province_code=HERE, full_name=f"Xã Cũ {at + 1}")
        for at in range(2)
    ]  # fmt: skip
    path = folder / "former.geojson"
    path.write_text(files.collection(former), encoding="utf-8")
    vintage = Vintage(HERE, "2004-01-01", "2025-06-30")
    imports.commit(store, ImportAsk("boundaries", path, vintage=vintage))
    for kind, text in (("organisations", ORGANISATIONS), ("points", points()), ("staff", STAFF)):
        brought(store, folder, kind, text)
