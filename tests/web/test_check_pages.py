"""Pages of a check on site, of its minutes, its files, its checklist, as a browser without scripts has them."""

import html
import io
import re

import pytest
from flask import g
from PIL import Image
from small_province import PROVINCE
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from planning.model.days import today
from planning.model.people import Grant, Role, User, local_user
from planning.model.proposals import DEFAULT_CRITERIA, Content, ProposalKind
from planning.services.review import checking, drafting
from planning.services.review.steps import Ask
from planning.store import proposals
from planning.web import access

ME = local_user(frozenset({PROVINCE}))
VIETNAMESE = "Điểm thu chợ Ba Thê, ấp Tân Thành"


@pytest.fixture
def store(app):
    return app.extensions["planning"]


def content(**more):
    given = {"kind": ProposalKind.OPEN, "name": VIETNAMESE, "lon": 105.06, "lat": 10.22,
             "address": "Chợ <b>Ba Thê</b>", "note": "gần phà"}  # fmt: skip
    return Content(**{**given, **more})


@pytest.fixture
def sent(store):
    made = drafting.propose(store, ME, PROVINCE, content())
    return drafting.submit(store, ME, Ask(PROVINCE, made.number, 1, "submit"))


@pytest.fixture
def begun(store, sent):
    return checking.begin(store, ME, Ask(PROVINCE, sent.number, sent.version, "begin check"))


def now_at(store, it):
    with store.reading() as db:
        return proposals.load(db, PROVINCE, it.number)


def answers(it, **more):
    """Return the fields that the form of a check sends, everything answered."""
    met = {f"met-{each.code}": "yes" for each in DEFAULT_CRITERIA}
    notes = {f"note-{each.code}": "" for each in DEFAULT_CRITERIA}
    return {"version": it.version, "day": today(), "place": "same", "lat": "", "lon": "",
            "present": "Ông An\r\nBà Bình", "findings": "Sạch sẽ", "passed": "yes", "deed": "save",
            **met, **notes, **more}  # fmt: skip


def path(it, rest=""):
    return f"/{PROVINCE}/checks/{it.number}{rest}"


def photo(colour="red", size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def upload(client, it, own, *files, what="photo", form="", **more):
    data = {
        "what": what,
        "file": [FileStorage(io.BytesIO(body), name) for name, body in files],
        **more,
    }
    boundary, body = encode_multipart(data)  # in memory: the client leaves its own file open
    return client.post(f"/{PROVINCE}/proposals/{it.number}/files{form}", data=body, headers=own,
                       content_type=f"multipart/form-data; boundary={boundary}")  # fmt: skip


def test_my_checks_lead_to_the_check(client, sent):
    text = client.get(f"/{PROVINCE}/checks").get_data(as_text=True)
    assert html.escape(VIETNAMESE) in text
    assert f'href="{path(sent)}"' in text
    assert "<b>Ba Thê" not in text


def test_a_check_is_begun_once_by_whoever_taps_first(client, own, store, sent):
    for _ in range(2):
        answer = client.post(path(sent, "/begin"), data={"version": sent.version}, headers=own)
        assert (answer.status_code, answer.location) == (303, path(sent))
    assert now_at(store, sent).version == sent.version + 1


def test_a_form_is_kept_as_it_was_filled_in(client, own, store, begun):
    answer = client.post(
        path(begun), data=answers(begun, **{"met-BH": "no", "note-BH": "chưa treo"}), headers=own
    )
    assert answer.status_code == 303
    check = now_at(store, begun).check
    assert check.present == "Ông An\nBà Bình"
    assert [each.note for each in check.conditions if each.code == "BH"] == ["chưa treo"]
    text = html.unescape(client.get(path(begun)).get_data(as_text=True))
    assert "chưa treo" in text
    assert "Ông An\nBà Bình</textarea>" in text
    assert re.search(r'name="met-BH" value="no" checked', text)
    again = client.post(
        path(begun),
        data=answers(now_at(store, begun), **{"met-BH": "no", "note-BH": "chưa treo"}),
        headers=own,
    )
    assert again.status_code == 303
    assert now_at(store, begun).version == begun.version + 1


def test_the_end_leads_back_to_the_list_and_what_is_missing_is_said_on_the_page(
    client, own, store, begun
):
    answer = client.post(path(begun), data=answers(begun, deed="finish", passed=""), headers=own)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "kết luận" in text
    assert "Sạch sẽ</textarea>" in text  # nothing typed is lost
    answer = client.post(path(begun), data=answers(begun, deed="finish"), headers=own)
    assert (answer.status_code, answer.location) == (303, f"/{PROVINCE}/checks?done={begun.number}")
    assert now_at(store, begun).check.passed is True


def test_of_two_at_once_the_second_sees_both_versions_and_may_keep_theirs(
    client, own, store, begun
):
    client.post(path(begun), data=answers(begun, findings="của người kia"), headers=own)
    mine = answers(begun, findings="của tôi")
    told = client.post(path(begun, "/save.json"), data=mine, headers=own)
    assert told.status_code == 409
    body = told.get_json()
    assert body["version"] == now_at(store, begun).version
    assert body["theirs"]["findings"] == "của người kia"
    assert "của người kia" in body["html"]
    assert "của tôi" in body["html"]
    assert "Sign of" not in body["html"]  # only what differs
    page = client.post(path(begun), data=mine, headers=own)
    text = page.get_data(as_text=True)
    assert page.status_code == 409
    assert "của người kia" in text
    assert "của tôi</textarea>" in text
    shown = int(re.search(r'name="version" value="(\d+)"', text)[1])
    assert client.post(path(begun), data={**mine, "version": shown}, headers=own).status_code == 303
    assert now_at(store, begun).check.findings == "của tôi"


def test_the_script_is_told_version_and_place(client, own, begun):
    far = answers(begun, place="other", lat="10,22", lon="105.11")
    told = client.post(path(begun, "/save.json"), data=far, headers=own).get_json()
    assert told["version"] == begun.version + 1
    assert 5000 < told["place"]["metres"] < 6000
    assert "xã khác" in told["place"]["warning"] or "khác xã" in told["place"]["warning"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"version": "x"}, "tải lại trang"), ({"place": "other"}, "vĩ độ"), ({"place": "x"}, "không phải câu trả lời"),
        ({"met-BH": "maybe"}, "không phải câu trả lời"), ({"place": "other", "lat": "a", "lon": "1"}, "không phải là số"),
        ({"met-XX": "yes"}, "XX"), ({"day": "2999-01-01"}, "2999"), ({"passed": "perhaps"}, "không phải câu trả lời"),
    ],
)  # fmt: skip
def test_forms_that_nobody_can_have_filled_in_are_refused(client, own, store, begun, more, says):
    for form in ("", "/save.json"):
        answer = client.post(path(begun, form), data=answers(begun, **more), headers=own)
        assert answer.status_code == 400
        assert says in (
            answer.get_json()["error"] if form else html.unescape(answer.get_data(as_text=True))
        )
    assert now_at(store, begun).version == begun.version


def test_a_finished_check_is_read_only_and_its_lost_answer_harmless(client, own, store, begun):
    done = answers(begun, deed="finish")
    for _ in range(2):
        told = client.post(path(begun, "/save.json"), data=done, headers=own).get_json()
        assert told["next"].endswith(f"done={begun.number}")
    late = client.post(path(begun, "/save.json"), data={**done, "deed": "save"}, headers=own)
    assert late.get_json()["next"].endswith(begun.number)
    assert "<textarea" not in client.get(path(begun)).get_data(as_text=True)
    other = client.post(path(begun, "/save.json"), data=answers(begun, findings="sau"), headers=own)
    assert other.status_code == 409
    assert now_at(store, begun).check.findings == "Sạch sẽ"


def test_the_minutes_say_what_was_found_in_vietnamese_in_any_language(client, own, begun):
    client.post(path(begun), data=answers(begun, **{"met-NV": "no", "deed": "finish"}), headers=own)
    upload(client, begun, own, ("1.jpg", photo()))
    for language in ("vi", "en"):
        text = html.unescape(
            client.get(path(begun, f"/minutes?lang={language}")).get_data(as_text=True)
        )
        for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BIÊN BẢN",
                     VIETNAMESE, "Biển hiệu điểm thu", "Ông An\nBà Bình", "Sạch sẽ", "10,220000; 105,060000",
                     "PHỤ LỤC", "Dữ liệu minh họa", "☒ Đạt điều kiện", "……/BB-BHXH"):  # fmt: skip
            assert said in re.sub(r"<[^>]+>", "", text)


def test_empty_minutes_hold_the_proposal_or_nothing_at_all(client, sent):
    of_it = client.get(path(sent, "/minutes?blank=1")).get_data(as_text=True)
    assert html.escape(VIETNAMESE) in of_it
    assert "☒" not in of_it
    assert client.get(path(sent, "/minutes")).status_code == 404
    nothing = client.get(f"/{PROVINCE}/checks/blank").get_data(as_text=True)
    assert "Biển hiệu điểm thu" in nothing
    assert "☒" not in nothing


def test_photos_are_shown_and_documents_only_taken_away(client, own, begun):
    pdf = b"%PDF-1.4\n<script>alert(1)</script>"
    assert upload(client, begun, own, ("1.jpg", photo()), back="check").location.startswith(
        path(begun)
    )
    assert upload(client, begun, own, ("Biên bản <b>.pdf", pdf), what="document").status_code == 303
    page = client.get(f"/{PROVINCE}/proposals/{begun.number}/files").get_data(as_text=True)
    assert "Biên bản &lt;b&gt;.pdf" in page
    [shown] = re.findall(r'src="([^"]+small\.jpg)"', page)
    for address in (shown, shown.replace("small", "large")):
        answer = client.get(address)
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.data)).size == (40, 30)
        assert (
            client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code
            == 304
        )
    [given] = re.findall(rf'href="(/{PROVINCE}/proposals/{begun.number}/files/\d+)"', page)
    answer = client.get(given)
    number = given.rpartition("/")[2]
    assert answer.data == pdf
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="{begun.number}-{number}.pdf"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for size in ("small", "large"):
        assert client.get(f"{given}/{size}.jpg").status_code == 404


@pytest.mark.parametrize(
    "sent_file",
    [
        ("ảnh.jpg", b"<html><script>alert(1)</script></html>", "photo", "JPEG hoặc PNG"),
        ("vẽ.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "photo", "JPEG hoặc PNG"),
        ("IMG.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "photo", "HEIC"),
        ("x.exe", b"MZ\x90\0", "document", "PDF, JPEG"),
        ("rỗng.pdf", b"", "document", "tệp rỗng"),
    ],
)
def test_what_is_not_taken_is_said_by_name(client, own, begun, sent_file):
    name, body, what, says = sent_file
    for form in ("", ".json"):
        answer = upload(client, begun, own, (name, body), what=what, form=form)
        assert answer.status_code == 400
        text = answer.get_json()["error"] if form else html.unescape(answer.get_data(as_text=True))
        assert name in text
        assert says in text
    assert "small.jpg" not in client.get(f"/{PROVINCE}/proposals/{begun.number}/files").get_data(
        as_text=True
    )


def test_a_form_without_a_file_or_with_too_many_is_refused(client, own, begun):
    assert upload(client, begun, own).status_code == 400
    many = [(f"{at}.jpg", photo(size=(at + 1, 1))) for at in range(11)]
    assert upload(client, begun, own, *many).status_code == 400


def test_a_photo_sent_by_script_comes_back_as_a_list_item(client, own, begun):
    told = upload(client, begun, own, ("1.jpg", photo()), form=".json").get_json()
    again = upload(client, begun, own, ("1.jpg", photo()), form=".json").get_json()
    assert told == again
    assert "small.jpg" in told["html"][0]


def test_a_large_photo_is_taken_and_a_larger_one_is_not(client, own, begun):
    noise = io.BytesIO()
    Image.effect_noise((2200, 1800), 120).convert("RGB").save(noise, "PNG")
    body = noise.getvalue()
    assert 3_000_000 < len(body) < 10_000_000
    assert upload(client, begun, own, ("1.png", body)).status_code == 303
    assert upload(client, begun, own, ("1.jpg", photo() + b"\0" * 10_000_000)).status_code == 413


def test_the_checklist_is_edited_by_a_form(client, own):
    page = client.get(f"/{PROVINCE}/checklist").get_data(as_text=True)
    state = re.search(r'name="state" value="(\w+)"', page)[1]
    line = {"state": state, "code": "dt", "text": "Diện tích <10 m²>", "basis": "12/HD", "mandatory": "1",
            "first": today(), "deed": "put"}  # fmt: skip
    assert client.post(f"/{PROVINCE}/checklist", data=line, headers=own).status_code == 303
    page = client.get(f"/{PROVINCE}/checklist").get_data(as_text=True)
    assert "Diện tích &lt;10 m²&gt;" in page
    stale = client.post(f"/{PROVINCE}/checklist", data={**line, "code": "D2"}, headers=own)
    assert stale.status_code == 409
    assert 'value="D2"' in stale.get_data(as_text=True)
    state = re.search(r'name="state" value="(\w+)"', page)[1]
    own_text = {**line, "state": state, "code": "BH", "text": "Biển hiệu điểm thu"}
    client.post(f"/{PROVINCE}/checklist", data=own_text, headers=own)
    assert "Sign of the collection point" in client.get(f"/{PROVINCE}/checklist?lang=en").get_data(
        as_text=True
    )
    state = re.search(
        r'name="state" value="(\w+)"', client.get(f"/{PROVINCE}/checklist").get_data(as_text=True)
    )[1]
    end = {"state": state, "code": "DT", "last": today(), "deed": "end"}
    assert client.post(f"/{PROVINCE}/checklist", data=end, headers=own).status_code == 303


PAGES = (
    "/checks",
    "/checks/blank",
    "/checks/{n}",
    "/checks/{n}/minutes?blank=1",
    "/proposals/{n}/files",
    "/checklist",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_both_languages_with_text_as_text(client, begun, page):
    for language in ("vi", "en"):
        joint = "&" if "?" in page else "?"
        answer = client.get(f"/{PROVINCE}{page.format(n=begun.number)}{joint}lang={language}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in text
        assert "Dữ liệu minh họa" in text
        for dangerous in ("<b>Hòa</b>", "<b>Ba Thê", "<script>alert", "<i>Nghiệm"):
            assert dangerous not in text
        assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
        assert not re.search(r"\son\w+=|style=", text)


@pytest.fixture
def become(monkeypatch):
    """Return a function that lets every request be made by somebody with these roles."""

    def as_user(*grants):
        somebody = User("ai đó", grants=grants)
        monkeypatch.setattr(access, "_recognise", lambda: setattr(g, "user", somebody))

    return as_user


@pytest.mark.parametrize("commune", ["98001", "98002"])
def test_a_checker_of_other_communes_is_told_that_there_is_nothing(
    client, own, begun, become, commune
):
    upload(client, begun, own, ("1.jpg", photo()))
    [image] = re.findall(r'src="([^"]+small\.jpg)"', client.get(path(begun)).get_data(as_text=True))
    become(Grant(Role.CHECKER, PROVINCE, communes=frozenset({commune})))
    expected = 200 if commune == "98001" else 404
    for address in (path(begun), path(begun, "/minutes"), path(begun, "/around.json"), image,
                    image.replace("/small.jpg", "")):  # fmt: skip
        assert client.get(address).status_code == expected
    saved = client.post(path(begun), data=answers(begun), headers=own)
    assert saved.status_code == (303 if commune == "98001" else 404)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_who_is_no_checker_reads_only(client, own, begun, become, role):
    store = client.application.extensions["planning"]
    become(Grant(role, PROVINCE))
    assert "<textarea" not in client.get(path(begun)).get_data(as_text=True)
    for form in ("", "/save.json"):
        assert client.post(path(begun, form), data=answers(begun), headers=own).status_code == 403
    assert now_at(store, begun).version == begun.version


def test_a_checker_finds_the_way_from_every_page(client, become):
    become(Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98001"})))
    assert f'href="/{PROVINCE}/checks"' in client.get(f"/{PROVINCE}/map").get_data(as_text=True)
    become(Grant(Role.REVIEWER, PROVINCE))
    assert f'href="/{PROVINCE}/checks"' not in client.get(f"/{PROVINCE}/map").get_data(as_text=True)


def test_a_viewer_does_not_see_who_was_present(client, own, begun, become):
    client.post(path(begun), data=answers(begun), headers=own)
    become(Grant(Role.VIEWER, PROVINCE))
    for address in (path(begun), path(begun, "/minutes")):
        assert "Ông An" not in client.get(address).get_data(as_text=True)


def test_a_page_is_small_enough_for_a_poor_line(client, begun):
    """What a phone fetches for the page of a check before it opens the map, as it travels."""
    packed = {"Accept-Encoding": "gzip"}
    page = client.get(path(begun), headers=packed)
    text = client.get(path(begun)).get_data(as_text=True)
    size = len(page.data)
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        assert "vendor" not in address
        size += len(client.get(address, headers=packed).data)
    assert size < 60_000


def test_signing_out_has_the_browser_forget_what_a_check_kept(client, own):
    assert client.post("/sign-out", headers=own).headers["Clear-Site-Data"] == '"storage"'
