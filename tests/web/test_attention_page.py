"""The page of what needs a hand: list, filter, mend, undo, found right, back again."""

import html
import json
import re

import pytest
from small_province import EVIL_POINT, NAMES, PROVINCE

from planning.services import imports
from planning.services.imports import Origin
from planning.store import audit

PAGE = f"/{PROVINCE}/attention"
# Two points 5 m apart, one written in another commune, one outside the province.
POINTS = (
    "Tên điểm thu,Mã xã,Vĩ độ,Kinh độ\n"
    f"{EVIL_POINT},98000,10.22,105.02\n"
    "Nhà thuốc An,98000,10.22,105.02005\n"
    "Đại lý Lạc,98003,10.22,105.06\n"
    "Đại lý Xa,,10.15,105.06\n"
)


@pytest.fixture
def troubled(app, tmp_path):
    """Return the store of the application after a list of troubled points was imported."""
    path = tmp_path / "troubled.csv"
    path.write_text(POINTS, encoding="utf-8")
    store = app.extensions["planning"]
    imports.import_points(store, path, Origin(synthetic=True), PROVINCE)
    return store


def text_of(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def buttons(text):
    """Return {label: (item, mend)} of every mend the page offers; later ones win."""
    found = {}
    for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
        item = re.search(r'name="item" value="([^"]+)"', form)
        for key, label in re.findall(r'name="mend" value="(\w+)">(.*?)</button>', form):
            found[html.unescape(label)] = (item[1], key)
    return found


def waiting(text):
    found = re.search(r'<span class="waiting">(\d+)</span>', text)
    return int(found[1]) if found else 0


def press(client, own, button, **more):
    item, mend = button
    data = {"item": item, "mend": mend, **more}
    return client.post(f"{PAGE}/mend", data=data, headers=own)


@pytest.mark.usefixtures("troubled")
def test_the_list_shows_each_item_with_numbers_and_buttons_the_gravest_first(client):
    text = text_of(client.get(PAGE))
    heads = [re.sub(r"<.*?>|\(\d+\)", " ", each).split("  ")[0].strip()
             for each in re.findall(r"<h2 id=.*?>(.*?)</h2>", text)]  # fmt: skip
    assert heads == ["Điểm thu nằm ngoài tỉnh", "Điểm thu cách nhau dưới 10 m",
                     "Ghi khác xã của tọa độ"]  # fmt: skip
    assert "cách nhau 5,5 m" in text
    assert set(buttons(text)) >= {"Vị trí đúng", "Tạm dừng Đại lý Xa", "Xóa Đại lý Xa",
                                  "Cả hai đều đúng", "Giữ như đã ghi"}  # fmt: skip
    assert waiting(text) == 3
    assert waiting(text_of(client.get(f"/{PROVINCE}/data"))) == 3


@pytest.mark.usefixtures("troubled")
def test_names_are_text_wherever_they_stand(client):
    text = text_of(client.get(PAGE))
    assert EVIL_POINT not in text
    assert html.escape(EVIL_POINT) in text
    assert f"Lấy theo xã của tọa độ: Xã {NAMES[1]}" in buttons(text)
    view = json.loads(re.search(r'id="attention">(.*?)</script>', text, re.DOTALL)[1])
    assert len(view["items"]) == 3
    assert any(EVIL_POINT in each["text"] for each in view["items"])


@pytest.mark.usefixtures("troubled")
def test_a_filter_shows_one_kind(client):
    text = text_of(client.get(PAGE, query_string={"kind": "outside"}))
    assert "Tạm dừng Đại lý Xa" in text
    assert "Giữ như đã ghi" not in text
    assert client.get(PAGE, query_string={"kind": "<b>"}).status_code == 404


def test_a_mend_is_done_said_and_undone_with_a_click(troubled, client, own):
    text = text_of(client.get(PAGE))
    answer = press(client, own, buttons(text)["Tạm dừng Đại lý Xa"], kind="outside")
    assert answer.status_code == 303
    assert "kind=outside" in answer.location
    text = text_of(client.get(answer.location))
    assert "Đã làm: Xử lý tay: Tạm dừng Đại lý Xa." in text
    assert waiting(text) == 2

    number = re.search(r'name="batch" value="(\d+)"', text)[1]
    answer = client.post(f"{PAGE}/undo", data={"batch": number}, headers=own)
    assert answer.status_code == 303
    text = text_of(client.get(answer.location))
    assert "Đã hoàn tác: Xử lý tay: Tạm dừng Đại lý Xa." in text
    assert waiting(text) == 3
    with troubled.reading() as db:
        tags = [each.tag for each in audit.events(db, PROVINCE)]
    assert tags[-2:] == ["data:mend:committed", "data:import:undone"]


@pytest.mark.usefixtures("troubled")
def test_what_is_right_is_noted_shown_apart_and_can_come_back(client, own):
    text = text_of(client.get(PAGE))
    answer = press(client, own, buttons(text)["Cả hai đều đúng"], why="một <b>nhà</b>, hai tổ chức")
    text = text_of(client.get(answer.location))
    assert "Đã ghi nhận là đúng" in text
    assert "một &lt;b&gt;nhà&lt;/b&gt;, hai tổ chức" in text
    assert "Đã xem và thấy đúng (1)" in text
    assert "Cả hai đều đúng" not in text
    assert waiting(text) == 2

    item = re.search(r'name="item" value="(same-point-\w+)"', text)[1]
    answer = client.post(f"{PAGE}/again", data={"item": item}, headers=own)
    text = text_of(client.get(answer.location))
    assert "Cả hai đều đúng" in text
    assert waiting(text) == 3


@pytest.mark.usefixtures("troubled")
def test_what_is_no_longer_offered_is_refused_with_a_sentence(client, own):
    button = buttons(text_of(client.get(PAGE)))["Xóa Đại lý Xa"]
    assert press(client, own, button).status_code == 303
    again = press(client, own, button)
    assert again.status_code == 404
    assert "hãy xem lại danh sách" in again.get_data(as_text=True)


@pytest.mark.parametrize("batch", ["", "1", "-1", "x", "9" * 40, "٣"])
@pytest.mark.usefixtures("troubled")
def test_only_mends_are_undone_here(client, own, batch):
    before = text_of(client.get(PAGE))
    assert client.post(f"{PAGE}/undo", data={"batch": batch}, headers=own).status_code == 404
    assert waiting(text_of(client.get(PAGE))) == waiting(before)


@pytest.mark.parametrize("path", ["mend", "undo", "again"])
@pytest.mark.usefixtures("troubled")
def test_forms_of_other_sites_are_refused(client, path):
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(f"{PAGE}/{path}", headers=foreign).status_code == 403


def test_nothing_to_do_is_said(client):
    text = text_of(client.get(PAGE))
    assert "Không còn việc nào" in text
    assert waiting(text) == 0


@pytest.mark.usefixtures("troubled")
def test_the_map_page_shows_the_count_only_once_it_is_known(client):
    assert waiting(text_of(client.get(f"/{PROVINCE}/map"))) == 0
    client.get(PAGE)
    assert waiting(text_of(client.get(f"/{PROVINCE}/map"))) == 3


@pytest.mark.usefixtures("troubled")
def test_the_page_is_complete_in_english(client):
    text = text_of(client.get(PAGE, query_string={"lang": "en"}))
    assert "To be settled" in text
    assert "Suspend Đại lý Xa" in buttons(text)
    assert "are 5.5 m apart" in text


@pytest.mark.parametrize(
    "told", ["batch=9999", "batch=x", "undone=1", "seen=%3Cb%3E", "reopened=1"]
)
@pytest.mark.usefixtures("troubled")
def test_what_an_address_tells_never_breaks_the_page(client, told):
    text = text_of(client.get(f"{PAGE}?{told}"))
    assert "<b>" not in text
