"""What every answer carries: policy, caching, one sentence when it is a refusal."""

import gzip
import json

import pytest
from flask import Flask
from small_province import PROVINCE

from geo.errors import Refusal
from planning.model.errors import NotFoundError
from planning.web import errors, protection
from planning.web.errors import STATUS, status_of

EVERY_KIND = (
    "/", "/health", "/no-such-page", "/77/map", f"/{PROVINCE}/map",
    f"/{PROVINCE}/layers/points.json", f"/{PROVINCE}/export/points.none",
    f"/{PROVINCE}/layers/none.json", "/map-shell.js", "/static/diemthu.css", "/static/map/page.js",
    "/static/none.css", "/static/vendor/leaflet-1.9.4/dist/leaflet.js",
)  # fmt: skip


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_carries_the_policy_of_the_house(client, path):
    answer = client.get(path)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_an_unforeseen_error_carries_the_policy_too(app: Flask, caplog):
    app.view_functions["home.index"] = lambda: 1 / 0
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.get_data(as_text=True)
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == protection.CONTENT_POLICY
    assert "ZeroDivisionError" in caplog.text


def test_every_route_of_the_application_is_walked_by_these_tests(app):
    rules = {str(rule) for rule in app.url_map.iter_rules()}
    assert rules == {
        "/", "/health", "/language", "/map-shell.js", "/static/<path:name>",
        "/public/<province:province>", "/public/<province:province>/organisations",
        "/public/<province:province>/staff", "/public/<province:province>/files/<name>",
        "/<province:province>/publications", "/<province:province>/publications/new",
        "/<province:province>/publications/<int:number>/withdraw",
        "/<province:province>/publications/<int:number>/files/<name>",
        "/sign-in", "/sign-in/office", "/sign-in/office/back", "/sign-out",
        "/account", "/account/password", "/account/language",
        "/<province:province>/accounts", "/<province:province>/accounts/change",
        "/<province:province>/map", "/<province:province>/gaps", "/<province:province>/suggestions",
        "/<province:province>/suggestions/<int:number>",
        "/<province:province>/suggestions/<int:number>/replay.json",
        "/<province:province>/suggestions/<int:number>/curve",
        "/<province:province>/suggestions/<int:number>/rollout.<form>",
        "/<province:province>/suggestions/jobs/<int:number>",
        "/<province:province>/suggestions/jobs/<int:number>.json",
        "/<province:province>/suggestions/jobs/<int:number>/cancel",
        "/<province:province>/", "/<province:province>/overview",
        "/<province:province>/coverage", "/<province:province>/coverage/surface.png",
        "/<province:province>/communes", "/<province:province>/communes/<code>",
        "/<province:province>/standard",
        "/<province:province>/results", "/<province:province>/results/communes",
        "/<province:province>/results/below", "/<province:province>/results/cascade",
        "/<province:province>/results/potential", "/<province:province>/results/opened",
        "/<province:province>/results/export/<what>.<form>",
        "/<province:province>/data", "/<province:province>/data/<int:number>/file",
        "/<province:province>/data/<int:number>/findings.xlsx", "/<province:province>/data/staff.<form>",
        "/<province:province>/data/<int:number>/undo",
        "/<province:province>/data/<int:number>/settled",
        "/import", "/import/template/<kind>.xlsx", "/<province:province>/import",
        "/<province:province>/import/<draft:token>",
        "/<province:province>/import/<draft:token>/<any(commit, anew, discard):_step>",
        "/<province:province>/import/<draft:token>/commit",
        "/<province:province>/import/<draft:token>/anew",
        "/<province:province>/import/<draft:token>/discard",
        "/<province:province>/import/<draft:token>/shapes.json",
        "/<province:province>/import/<draft:token>/findings.xlsx",
        "/<province:province>/workload", "/<province:province>/workload/export/<what>.<form>",
        "/<province:province>/workload/scenario",
        "/<province:province>/access-and-results",
        "/<province:province>/access-and-results/export.<form>",
        "/<province:province>/register", "/<province:province>/register/organisations",
        "/<province:province>/register/staff", "/<province:province>/register/inspections",
        "/<province:province>/register/export/<what>.<form>",
        "/<province:province>/register/points/<path:record>",
        "/<province:province>/register/organisations/<path:record>",
        "/<province:province>/register/staff/<record>",
        "/<province:province>/register/change/<what>/<path:record>",
        "/<province:province>/register/several/<what>",
        "/<province:province>/register/several/<what>/change",
        "/<province:province>/register/inspections/new",
        "/<province:province>/register/conditions/<path:record>",
        "/<province:province>/register/inspections/<int:number>",
        "/<province:province>/reform", "/<province:province>/attention",
        "/<province:province>/attention/mend", "/<province:province>/attention/again",
        "/<province:province>/attention/undo",
        "/<province:province>/scenarios", "/<province:province>/scenarios/<int:number>",
        "/<province:province>/scenarios/<int:number>/<deed>",
        "/<province:province>/scenarios/<int:number>/<deed>.json",
        "/<province:province>/scenarios/<int:number>/state.json",
        "/<province:province>/scenarios/<int:number>/gaps.json",
        "/<province:province>/scenarios/<int:number>/part/<name>",
        "/<province:province>/scenarios/<int:number>/suggest",
        "/<province:province>/scenarios/<int:number>/export.<form>",
        "/<province:province>/scenarios/compare",
        "/<province:province>/scenarios/compare/export.<form>",
        "/<province:province>/proposals",
        "/<province:province>/proposals/mine",
        "/<province:province>/proposals/bulk",
        "/<province:province>/proposals/export.<form>",
        "/<province:province>/proposals/outlines.json",
        "/<province:province>/proposals/price",
        "/<province:province>/proposals/people",
        "/<province:province>/proposals/people/<path:name>",
        "/<province:province>/proposals/new",
        "/<province:province>/proposals/from-scenario",
        "/<province:province>/proposals/replan",
        "/<province:province>/proposals/file",
        "/<province:province>/proposals/template.xlsx",
        "/<province:province>/proposals/file/<draft:token>",
        "/<province:province>/proposals/file/<draft:token>/anew",
        "/<province:province>/proposals/file/<draft:token>/commit",
        "/<province:province>/proposals/file/<draft:token>/discard",
        "/<province:province>/proposals/file/<draft:token>/<any(commit, anew, discard):_step>",
        "/<province:province>/proposals/<proposal:number>",
        "/<province:province>/proposals/<proposal:number>/price",
        "/<province:province>/proposals/<proposal:number>/edit",
        "/<province:province>/proposals/<proposal:number>/<deed>",
        "/<province:province>/checklist", "/<province:province>/checks",
        "/<province:province>/compliance", "/<province:province>/compliance/export.xlsx",
        "/<province:province>/compliance/rules",
        "/<province:province>/checks/<proposal:number>",
        "/<province:province>/checks/<proposal:number>/around.json",
        "/<province:province>/checks/<proposal:number>/begin",
        "/<province:province>/checks/<proposal:number>/minutes",
        "/<province:province>/checks/<proposal:number>/save.json",
        "/<province:province>/checks/blank",
        "/<province:province>/proposals/<proposal:number>/files",
        "/<province:province>/proposals/<proposal:number>/files.json",
        "/<province:province>/proposals/<proposal:number>/files/<int:file>",
        "/<province:province>/proposals/<proposal:number>/files/<int:file>/<any(large, small):size>.jpg",
        "/<province:province>/rounds", "/<province:province>/rounds/new",
        "/<province:province>/rounds/chosen", "/<province:province>/rounds/<int:number>",
        "/<province:province>/rounds/<int:number>/documents/<name>",
        "/<province:province>/rounds/<int:number>/decisions",
        "/<province:province>/rounds/<int:number>/decisions/file",
        "/<province:province>/rounds/<int:number>/decisions/<draft:token>",
        "/<province:province>/rounds/<int:number>/decisions/<draft:token>/commit",
        "/<province:province>/rounds/<int:number>/decisions/<draft:token>/discard",
        "/<province:province>/rounds/<int:number>/decisions/<draft:token>/<any(commit, discard):_step>",
        "/<province:province>/layers/<name>.json", "/<province:province>/export/<what>.<form>",
    }  # fmt: skip


def test_every_refusal_has_a_status_of_its_own():
    ours = {each for each in subclasses(Refusal) if each.__module__.startswith(("geo", "planning"))}
    assert ours == set(STATUS)


def test_an_unlisted_refusal_takes_the_status_of_its_parent():
    class LostError(NotFoundError):
        pass

    assert status_of(LostError) == 404


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/77/map", 404, "Ở đây không có tỉnh mang mã 77."),
        ("/none", 404, "Không có trang này."),
        (f"/{PROVINCE}/gaps?standard=wide", 400, "“wide” không phải là số."),
        (f"/{PROVINCE}/gaps?standard=-1", 400, "phải nằm trong khoảng từ 0,2 đến 50 km"),
        (f"/{PROVINCE}/gaps?standard=nan", 400, "phải nằm trong khoảng từ 0,2 đến 50 km"),
        (
            f"/{PROVINCE}/map?valid_from=1999-01-01",
            404,
            "không có ranh giới hiệu lực từ 1999-01-01",
        ),
        (f"/{PROVINCE}/coverage?by=colour", 404, "Không có bảng theo “colour”."),
        (f"/{PROVINCE}/export/points.doc", 404, "Không xuất được “points” dưới dạng “doc”."),
    ],
)
def test_a_bad_address_is_answered_with_one_sentence(client, path, status, sentence):
    answer = client.get(path)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        *((each, "từ 1 đến 500") for each in ("0", "501", "-3")),
        *((each, "không phải số nguyên")
          for each in ("1e3", "４０", "9" * 50, "40" + "0" * 6000, "0" * 6000)),
    ],
)  # fmt: skip
def test_a_bad_number_of_points_is_refused_with_one_sentence(client, own, points, sentence):
    answer = client.post(f"/{PROVINCE}/suggestions", data={"points": points}, headers=own)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)


def test_a_refusal_in_a_layer_is_json_in_the_language_of_the_reader(client):
    answer = client.get("/77/layers/gaps.json?lang=en")
    assert answer.status_code == 404
    assert answer.get_json() == {"error": "There is no province with the code 77 here."}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://other.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8001"},
    ],
)
def test_a_form_of_another_site_changes_nothing(client, headers):
    for path in ("standard", "suggestions"):
        answer = client.post(f"/{PROVINCE}/{path}", data={"points": "5"}, headers=headers)
        assert answer.status_code == 403
        assert "Biểu mẫu này chỉ gửi được từ" in answer.get_data(as_text=True)
    assert len(client.get(f"/{PROVINCE}/layers/plan.json").get_json()["plan"]["sites"]) <= 2


@pytest.mark.parametrize(
    "host", ["other.example", "other.example:8000", "127.0.0.1.other.example", ""]
)
def test_a_foreign_name_is_not_answered(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost", "LOCALHOST:99", "[::1]:8000", "10.0.0.7"]
)
def test_our_own_names_and_numbers_are_answered(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_a_large_post_is_refused(client, own):
    answer = client.post(f"/{PROVINCE}/standard", data={"delta": "9" * 100_000}, headers=own)
    assert answer.status_code == 413
    assert "quá lớn" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["communes", "points", "coverage", "gaps", "plan"])
def test_a_layer_travels_compressed_and_only_once(client, name):
    path = f"/{PROVINCE}/layers/{name}.json"
    small = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    assert json.loads(gzip.decompress(small.data)) == plain.get_json()
    again = client.get(
        path, headers={"If-None-Match": small.headers["ETag"], "Accept-Encoding": "gzip"}
    )
    assert again.status_code == 304
    assert not again.data


def test_our_own_files_are_compressed_and_kept_for_a_year(client):
    answer = client.get("/static/diemthu.css", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert b"--brand" in gzip.decompress(answer.data)
    assert b"--brand" in client.get("/static/diemthu.css").data


def test_vendored_files_are_compressed_and_never_asked_for_again(client):
    path = "/static/vendor/leaflet-1.9.4/dist/leaflet.js"
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_no_file_outside_the_static_folder_is_sent(client):
    for path in (
        "/static/../__init__.py",
        "/static/%2e%2e/__init__.py",
        "/static/vendor/../../errors.py",
    ):
        assert client.get(path).status_code == 404


def test_the_sentences_of_plain_http_errors_are_complete():
    assert {400, 403, 404, 405, 413, 500} <= set(errors.SENTENCES)


def test_numbers_of_a_refusal_are_written_as_the_reader_writes_them(client):
    vietnamese = client.get(f"/{PROVINCE}/gaps?standard=183.5").get_data(as_text=True)
    assert "183,5" in vietnamese
    assert "183.5" not in vietnamese.partition('role="alert"')[2]
    english = client.get(f"/{PROVINCE}/gaps?standard=1183.5&lang=en").get_data(as_text=True)
    assert "1,183.5" in english
