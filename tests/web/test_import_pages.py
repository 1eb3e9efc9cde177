"""A file goes from upload over correction and decision to the data page, and back again."""

import io
import os
import re
import threading
import time
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from small_province import PROVINCE

from planning.store import imports as kept
from planning.store import layers
from planning.store.drafts import KEPT_S, plain_name
from planning.web import imports

# A title above the headings, a heading nobody knows, an exchanged pair, a bad word, a total.
MESSY = (
    ("Danh sách điểm thu",),
    (),
    ("STT", "Tên điểm thu", "Hình thức", "V.độ", "Kinh độ", "Trạng thái", "Ghi chú"),
    (1, "Bưu cục Một", "Trực tiếp", "10,22", "105,02", "Hoạt động", "=1+1"),
    (2, "Bưu cục <b>Hai</b>", "Trực tiếp", "10,23", "105,06", "Hoạt động", ""),
    (3, "Bưu cục Ba", "Trực tiếp", "105,11", "10,21", "Hoạt động", ""),
    (4, "Bưu cục Bốn", "Trực tiếp", "10,22", "105,16", "Đang sửa", ""),
)
GOOD = "Tên điểm thu,Vĩ độ,Kinh độ\nBưu cục Mới,10.22,105.02\nBưu cục Hai,10.23,105.06\n"


def messy() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in MESSY:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # what looks like a formula is text here
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, own, body=GOOD, name="điểm thu.csv", kind="points", province=PROVINCE, **more):
    body = body.encode() if isinstance(body, str) else body
    return client.post(
        f"/{province}/import", data={"kind": kind, "file": (io.BytesIO(body), name), **more},
        headers=own, content_type="multipart/form-data",
    )  # fmt: skip


def brought(client, own, *args, **options) -> str:
    """Return the address of a draft."""
    answer = upload(client, own, *args, **options)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the form without any change."""
    form = page.partition('class="preview"')[2].partition("</form>")[0]
    found = {}
    for name, body in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', body)[1]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        if "checked" in tag or 'type="number"' in tag:
            found[name[1]] = value[1]
    return found


def figure(page: str, label: str) -> str:
    return re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", page)[1].strip()


def points(app) -> list[str]:
    with app.extensions["planning"].reading() as db:
        return sorted(layers.load_points(db, PROVINCE)["name"])


def history(app):
    with app.extensions["planning"].reading() as db:
        return kept.history(db, PROVINCE)


def drafts(app) -> list[Path]:
    folder = app.extensions["drafts"].folder
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_messy_list_is_corrected_decided_kept_and_undone(app, client, own):
    before = points(app)
    address = brought(client, own, messy(), "danh sách.xlsx")
    page = shown(client, address)
    assert 'class="missing"' in page
    assert "danh sách.xlsx" in page
    assert 'value="3"' in re.search(r'<input type="number" name="heading_row"[^>]*>', page)[0]
    assert re.search(r'formaction="[^"]*/commit" disabled', page)
    assert points(app) == before

    form = {**fields(page), "column.lat": "V.độ"}
    assert client.post(address, data=form, headers=own).status_code == 303
    page = shown(client, address)
    assert 'class="missing"' not in page
    assert "axes-exchanged" in page  # asked: yes or no
    assert re.search(r'formaction="[^"]*/commit" disabled', page)

    form = {**fields(page), "answer.axes-exchanged": "yes"}
    client.post(address, data=form, headers=own)
    page = shown(client, address)
    assert figure(page, "Số dòng trong tệp") == "4"
    assert figure(page, "Sẽ giữ") == "3"
    assert figure(page, "Sẽ bỏ") == "1"
    assert not re.search(r'formaction="[^"]*/commit" disabled', page)
    assert len(client.get(f"{address}/shapes.json").get_json()["points"]) == 3

    form = fields(page)
    refused = client.post(f"{address}/commit", data=form, headers=own)
    assert refused.status_code == 400  # nobody agreed to the row left out
    assert "1 dòng sẽ bị bỏ" in unescape(refused.get_data(as_text=True))
    assert points(app) == before

    done = client.post(f"{address}/commit", data={**form, "left_out": "1"}, headers=own)
    assert done.status_code == 303
    assert points(app) == ["Bưu cục <b>Hai</b>", "Bưu cục Ba", "Bưu cục Một"]
    page = client.get(done.location).get_data(as_text=True)
    assert "giữ 3 dòng, bỏ 1 dòng" in unescape(page)
    assert "Các dòng bị bỏ, chưa xử lý" in page
    assert "<b>Hai</b>" not in page

    newest = history(app)[-1]
    assert (newest.rows, newest.left_out, newest.file) == (3, 1, "danh sách.xlsx")
    assert newest.options["choices"]["columns"] == {"lat": "V.độ"}
    client.post(f"/{PROVINCE}/data/{newest.id}/settled", headers=own)
    assert "chưa xử lý" not in client.get(f"/{PROVINCE}/data").get_data(as_text=True)

    undone = client.post(f"/{PROVINCE}/data/{newest.id}/undo", headers=own)
    assert undone.status_code == 303
    assert points(app) == before
    assert "đã hoàn tác ngày" in client.get(f"/{PROVINCE}/data").get_data(as_text=True)


def test_the_second_import_of_one_upload_gets_a_sentence(app, client, own):
    address = brought(client, own)
    form = fields(shown(client, address))
    assert client.post(f"{address}/commit", data=form, headers=own).status_code == 303
    again = client.post(f"{address}/commit", data=form, headers=own)
    assert again.status_code == 409
    assert "Tệp này đã được nhập" in again.get_data(as_text=True)
    assert client.get(address).status_code == 303
    assert [each.kind for each in history(app)].count("points") == 2


def test_of_two_imports_at_the_same_time_one_is_kept(app, client, own):
    address = brought(client, own)
    form = fields(shown(client, address))
    gate, found = threading.Barrier(2), []

    def go() -> None:
        alone = app.test_client()
        gate.wait()
        found.append(alone.post(f"{address}/commit", data=form, headers=own).status_code)

    both = [threading.Thread(target=go) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(found) == [303, 409]
    assert [each.kind for each in history(app)].count("points") == 2


def test_a_correction_that_was_not_looked_at_is_not_imported(app, client, own):
    before = points(app)
    address = brought(client, own)
    form = {**fields(shown(client, address)), "column.note": "Tên điểm thu"}
    answer = client.post(f"{address}/commit", data=form, headers=own)
    assert answer.status_code == 400
    assert "hãy xem lại rồi nhập" in answer.get_data(as_text=True)
    assert points(app) == before
    form = fields(shown(client, address))
    assert form["column.note"] == "Tên điểm thu"
    client.post(f"{address}/anew", headers=own)
    assert fields(shown(client, address))["column.note"] == ""


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.csv", "..\\..\\x.csv", "<img src=x onerror=alert(1)>.csv", "a\u202egpj.csv",
     "x" * 300 + ".csv", "C:\\x.csv", "/etc/x.csv", '"; filename="evil.html.csv'],
)  # fmt: skip
def test_a_hostile_name_stays_text(app, client, own, name):
    address = brought(client, own, GOOD, name)
    page = client.get(address).get_data(as_text=True)
    assert "<img" not in page.partition("<main")[2]
    assert "\u202e" not in page
    for draft in drafts(app):
        assert {each.name for each in draft.iterdir()} == {"draft.json", "file.csv"}
    client.post(f"{address}/commit", data=fields(unescape(page)), headers=own)
    newest = history(app)[-1]
    assert len(newest.file) <= 120
    assert not set(newest.file) & set("/\\\u202e")
    data = client.get(f"/{PROVINCE}/data").get_data(as_text=True)
    assert "<img src" not in data.partition("<main")[2]
    answer = client.get(f"/{PROVINCE}/data/{newest.id}/file")
    assert answer.data.decode() == GOOD
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_name_without_anything_to_see_gets_one():
    assert plain_name("\u202e\x00") == "tệp"
    assert plain_name("a/b\\c.csv") == "c.csv"


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ({"body": ""}, 400, "trống"),
        ({"name": ""}, 400, "Hãy chọn tệp"),
        ({"kind": "nothing"}, 400, "Hãy chọn loại dữ liệu"),
        ({"kind": "boundaries"}, 400, "ngày ranh giới bắt đầu"),
        ({"kind": "boundaries", "boundaries.valid_from": "1.7.2025"}, 400, "không phải"),
        ({"as_of": "hôm nay"}, 400, "hôm nay"),
        ({"province": "77"}, 404, "77"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    app, client, own, options, status, sentence
):
    answer = upload(client, own, **options)
    assert answer.status_code == status
    assert sentence in unescape(answer.get_data(as_text=True))
    assert drafts(app) == []


def test_a_file_beyond_the_limit_is_refused_while_it_arrives(app, client, own):
    app.extensions["drafts"].most_bytes = 100_000
    before = points(app)
    for size in (100_001, 400_000):
        answer = upload(client, own, b"x" * size)
        assert answer.status_code == 413
        assert "Tệp lớn hơn" in answer.get_data(as_text=True)
        assert drafts(app) == []
    assert points(app) == before
    assert upload(client, own, GOOD + "," * 90_000).status_code == 303


def test_a_file_arrives_as_it_was_sent_however_its_lines_fall(app, client, own):
    for width in (1, 63, 1000):
        body = (b"x" * width + b"\r\n") * (400_000 // (width + 2))
        brought(client, own, body)
        assert body in [(each / "file.csv").read_bytes() for each in drafts(app)]


def test_a_full_disk_is_said(app, client, own, monkeypatch):
    monkeypatch.setattr("planning.store.drafts.LEAST_FREE_BYTES", 10**18)
    answer = upload(client, own)
    assert answer.status_code == 507
    assert "không đủ chỗ" in answer.get_data(as_text=True)
    assert drafts(app) == []


def test_other_forms_stay_small(client, own):
    address = brought(client, own)
    answer = client.post(address, data={"column.name": "x" * 100_000}, headers=own)
    assert answer.status_code == 413


def test_only_its_own_province_and_token_lead_to_a_file(app, client, own):
    address = brought(client, own)
    token = address.rpartition("/")[2]
    other = f"{int(token[0] == '0')}{token[1:]}"
    for path in (f"/{PROVINCE}/import/{other}", f"/97/import/{token}", f"/{PROVINCE}/import/{token[:-1]}",
                 f"/{PROVINCE}/import/..%2F{token}"):  # fmt: skip
        for end in ("", "/shapes.json", "/findings.xlsx"):
            assert client.get(path + end).status_code == 404
        assert client.post(f"{path}/commit", headers=own).status_code == 404
    assert client.post(f"{address}/commit").status_code == 403  # no form of ours
    assert upload(client, {}).status_code == 403
    folder = app.extensions["drafts"].folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / token).stat().st_mode & 0o777 == 0o700


def test_a_file_is_gone_when_discarded_and_after_a_day(app, client, own):
    address = brought(client, own)
    gone = client.post(f"{address}/discard", headers=own)
    assert gone.location == f"/{PROVINCE}/import"
    assert client.get(address).status_code == 404
    assert drafts(app) == []
    old = brought(client, own)
    folder = drafts(app)[0]
    long_ago = time.time() - KEPT_S - 60
    os.utime(folder, (long_ago, long_ago))
    assert client.get(old).status_code == 404
    brought(client, own)
    assert folder not in drafts(app)


def test_an_unreadable_file_is_shown_with_a_sentence_and_cannot_be_kept(app, client, own):
    before = points(app)
    address = brought(client, own, b"PK\x03\x04 no workbook", "x.xlsx")
    page = shown(client, address)
    assert "x.xlsx" in re.search(r'role="alert">([^<]*)<', page)[1]
    assert re.search(r'formaction="[^"]*/commit" disabled', page)
    assert client.post(f"{address}/commit", data={}, headers=own).status_code == 422
    assert points(app) == before


def test_findings_come_as_a_spreadsheet_with_the_faulty_cells_marked(client, own):
    address = brought(client, own, messy(), "x.xlsx")
    form = {**fields(shown(client, address)), "column.lat": "V.độ"}
    client.post(address, data=form, headers=own)
    answer = client.get(f"{address}/findings.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    written = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    assert written["Đang sửa"].fill.fgColor.rgb == "FFFBDCC8"
    assert written["Đang sửa"].comment is not None
    assert written["Bưu cục Một"].fill.fgColor.rgb == "00000000"
    assert written["=1+1"].data_type == "s"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    listed = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert [7, "Trạng thái", "Đang sửa", "bỏ qua"] in [row[:4] for row in listed]


def test_findings_of_an_import_come_with_its_file(app, client, own):
    address = brought(client, own, GOOD + "Bưu cục Ba,,\n")
    client.post(
        f"{address}/commit", data={**fields(shown(client, address)), "left_out": "1"}, headers=own
    )
    number = history(app)[-1].id
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/{PROVINCE}/data/{number}/findings.xlsx").data)
    )
    row = next(row for row in book.worksheets[0].iter_rows() if row[0].value == 4)
    assert row[1].value == "Bưu cục Ba"
    assert row[2].fill.fgColor.rgb == "FFFBDCC8"
    assert client.get(f"/{PROVINCE}/data/{number + 1}/file").status_code == 404


def test_boundaries_of_a_first_province_are_brought_from_the_start(empty_app, small_files, own):
    client = empty_app.test_client()
    assert "/import" in client.get("/").get_data(as_text=True)
    assert 'name="province"' in client.get("/import").get_data(as_text=True)
    body = (small_files / "communes.geojson").read_bytes()
    form = {"kind": "boundaries", "province": PROVINCE, "boundaries.valid_from": "2025-07-01",
            "file": (io.BytesIO(body), "xã.geojson")}  # fmt: skip
    answer = client.post("/import", data=form, headers=own)
    assert answer.status_code == 303
    page = shown(client, answer.location)
    assert len(client.get(f"{answer.location}/shapes.json").get_json()["areas"]) == 4
    done = client.post(f"{answer.location}/commit", data=fields(page), headers=own)
    assert done.status_code == 303
    assert client.get(done.location).status_code == 200
    with empty_app.extensions["planning"].reading() as db:
        number = kept.history(db, PROVINCE)[-1].id
    undone = client.post(f"/{PROVINCE}/data/{number}/undo", headers=own)
    assert undone.location == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("kind", sorted(imports.TEMPLATES))
def test_a_template_is_read_back_without_an_unknown_column(client, own, kind):
    answer = client.get(f"/import/template/{kind}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    example = {"Mã xã": "98000", "Dân số": 4000, "Vĩ độ": 10.22, "Kinh độ": 105.02}
    example |= {
        "inspections": {"Ngày kiểm tra": "01/03/2026", "Mã điểm thu": "#2", "Kết luận": "Đạt"},
        "programmes": {"Mã chương trình": "BHTN"},
        "targets": {"Mã xã": None, "Kỳ": "Quý 1/2026", "Chương trình": "BHXH-TN", "Chỉ tiêu": 5},
        "results": {
            "Mã xã": None,
            "Kỳ": "Tháng 3/2026",
            "Chương trình": "BHXH-TN",
            "Cấp": "Tỉnh",
            "Thực hiện": 5,
        },
        "needs": {"Tiềm năng": 12},
    }.get(kind, {})
    sheet.append(
        [
            example.get(
                each,
                "Một"
                if each.startswith(("Tên", "Họ")) and kind not in ("targets", "results")
                else None,
            )
            for each in headings
        ]
    )
    out = io.BytesIO()
    book.save(out)
    page = shown(client, brought(client, own, out.getvalue(), "mẫu.xlsx", kind))
    assert "column-unknown" not in page
    assert 'class="missing"' not in page
    assert figure(page, "Sẽ giữ") == "1"
    assert client.get("/import/template/none.xlsx").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_of_the_import_speak_both_languages(client, own, language):
    address = brought(client, own, messy(), "x.xlsx")
    for path in (f"/{PROVINCE}/import", "/import", address):
        text = client.get(path, query_string={"lang": language}).get_data(as_text=True)
        assert f'<html lang="{language}">' in text
        assert {"vi": "Bước tiếp theo", "en": "Next"}[language] in text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
