"""Signing in in the browser: who has to, what the cookie is, how it ends, who is alone."""

import re
import stat
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from signing_in import MACHINE, NEXT, OWN, PASSWORD, add, enter, quick_hashes, signed_in
from small_province import PROVINCE

from planning.model.errors import NotReadyError
from planning.model.people import Grant, Role
from planning.services import accounts
from planning.services.accounts import signing
from planning.settings import Settings
from planning.store import audit
from planning.web import cookies, create_app
from tests.databases import ON_FILES

MAP = f"/{PROVINCE}/map"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_hashes(monkeypatch)


@pytest.fixture
def people(app):
    """Return the application with one planner."""
    add(app, "an.nguyen")
    return app


def cookie(answer) -> SimpleCookie:
    """Return the cookies that an answer sets."""
    found = SimpleCookie()
    for each in answer.headers.getlist("Set-Cookie"):
        found.load(each)
    return found


def settings(app, **more: str) -> Settings:
    database = app.extensions["planning"].database.address
    named = {f"DIEMTHU_{name.upper()}": value for name, value in more.items()}
    return Settings.from_environment({"DIEMTHU_DATABASE": database, **named})


# --- alone on this machine --------------------------------------------------------------


def test_without_accounts_the_user_of_this_machine_is_told_on_every_page(client):
    for path in ("/", MAP, f"/{PROVINCE}/overview", f"/{PROVINCE}/data", "/account", "/nowhere"):
        page = client.get(path).get_data(as_text=True)
        assert "Một người dùng trên máy này" in page, path
        assert "Đăng xuất" not in page
    assert "Set-Cookie" not in client.get("/").headers


@pytest.mark.parametrize(
    "asked",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
        *({"headers": {name: "127.0.0.1"}} for name in
          ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host", "Via")),
        {"headers": {"X-Forwarded-For": "127.0.0.1"}, "environ_base": {"REMOTE_ADDR": "10.0.0.2"}},
    ],
)  # fmt: skip
def test_whoever_may_come_from_elsewhere_is_not_the_user_of_this_machine(client, asked):
    answer = client.get(MAP, **asked)
    assert answer.status_code == 303
    assert answer.location == f"/sign-in?next={quote(MAP, safe='/')}"
    page = client.get("/sign-in", **asked).get_data(as_text=True)
    assert "Chưa có tài khoản nào" in page
    assert "Một người dùng" not in page
    assert client.post(f"/{PROVINCE}/standard", headers={**OWN, **asked.get("headers", {})},
                       environ_base=asked.get("environ_base", {})).status_code == 401  # fmt: skip


@pytest.mark.parametrize("more", [{"host": "0.0.0.0"}, {"host": "10.0.0.7"}, {"proxies": "1"}])
def test_no_other_address_and_nothing_behind_a_proxy_is_this_machine(app, more):
    other = create_app(settings(app, **more))
    asked = {"headers": {"X-Forwarded-For": "127.0.0.1"}} if "proxies" in more else {}
    for each in ({}, asked):
        assert other.test_client().get(MAP, **each).status_code == 303
    other.extensions["planning"].close()


@pytest.mark.parametrize("host", ["::1", "localhost", "127.0.0.9"])
def test_every_name_of_this_machine_is_this_machine(app, host):
    other = create_app(settings(app, host=host))
    for address in ("127.0.0.1", "::1"):
        answer = other.test_client().get("/", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == 200
    other.extensions["planning"].close()


def test_from_the_first_account_on_everybody_signs_in(app, client):
    assert client.get(MAP).status_code == 200
    add(app, "an.nguyen")
    assert client.get(MAP).status_code == 303
    assert client.get(f"/{PROVINCE}/layers/gaps.json").status_code == 401
    assert client.get(f"/{PROVINCE}/layers/gaps.json").get_json() == {"error": "Hãy đăng nhập trước."}  # fmt: skip


@pytest.mark.parametrize("path", ["/health", "/sign-in", "/static/diemthu.css", "/map-shell.js"])
def test_what_is_open_stays_open(people, path):
    assert people.test_client().get(path).status_code == 200


def test_what_is_open_tells_nothing_of_the_data(people):
    client = people.test_client()
    assert client.get("/health").get_json() == {"status": "ok"}
    for path in ("/sign-in", f"/{PROVINCE}/nowhere", "/nowhere"):
        assert "Thử" not in client.get(path).get_data(as_text=True)
        assert "Tỉnh" not in re.sub(r"<[^>]+>", "", client.get("/sign-in").get_data(as_text=True))


# --- signing in -------------------------------------------------------------------------


def test_somebody_signs_in_and_comes_to_the_page_they_asked_for(people):
    client = people.test_client()
    first = client.get(f"{MAP}?standard=5")
    page = client.get(first.location).get_data(as_text=True)
    assert f'name="next" value="{MAP}?standard=5"' in page
    answer = enter(client, "an.nguyen", form={"next": f"{MAP}?standard=5"})
    assert (answer.status_code, answer.location) == (303, f"{MAP}?standard=5")
    shown = client.get(MAP).get_data(as_text=True)
    assert "Họ tên an.nguyen" in shown
    assert "Người lập phương án" in shown
    assert "Đăng xuất" in shown
    assert client.get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize(
    "place",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
     "javascript:alert(1)", "\\\\evil.example", "evil", "", "/\t/evil.example", " //evil.example"],
)  # fmt: skip
def test_nobody_is_led_to_another_site(people, place):
    for answer in (
        enter(people.test_client(), "an.nguyen", form={"next": place}),
        signed_in(people, "an.nguyen").get(f"/sign-in?next={quote(place)}"),
    ):
        assert answer.status_code == 303
        assert not answer.location.startswith(("//", "/\\", "http", "j", "\\", " ", "e", "/\t"))


def test_a_wrong_password_is_one_sentence_and_no_cookie(people):
    answer = enter(people.test_client(), "an.nguyen", "wrong")
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
    assert 'value="an.nguyen"' in page
    assert "wrong" not in page
    assert "Set-Cookie" not in answer.headers


def test_too_many_attempts_are_answered_with_429_and_how_long(people):
    client = people.test_client()
    for _ in range(signing.MOST_PER_NAME):
        assert enter(client, "an.nguyen", "wrong").status_code == 401
    answer = enter(client, "an.nguyen")
    assert answer.status_code == 429
    assert "hãy thử lại sau 15 phút" in answer.get_data(as_text=True)
    elsewhere = enter(people.test_client(), "binh", "x", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert elsewhere.status_code == 401


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/account/password", "/account/language"]
)
def test_a_form_of_another_site_signs_nobody_in_or_out(people, path, headers):
    client = signed_in(people, "an.nguyen")
    form = {"name": "an.nguyen", "password": PASSWORD}
    assert client.post(path, data=form, headers=headers).status_code == 403
    assert client.get(MAP).status_code == 200


def test_the_cookie_is_hidden_from_scripts_and_other_sites(people):
    sent = cookie(enter(people.test_client(), "an.nguyen"))[cookies.NAME]
    assert (sent["httponly"], sent["samesite"], sent["path"]) == (True, "Lax", "/")
    assert not sent["domain"]
    assert not sent["secure"]  # there is no https here
    assert sent["expires"] == sent["max-age"] == ""  # it ends with the browser


def test_by_https_the_cookie_is_bound_to_this_host(people):
    secure = {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}
    client = people.test_client()
    form = {"name": "an.nguyen", "password": PASSWORD}
    answer = client.post("/sign-in", data=form, headers=secure, base_url="https://localhost")
    sent = cookie(answer)[cookies.NAME_BY_HTTPS]
    assert cookies.NAME_BY_HTTPS.startswith("__Host-")
    assert (sent["secure"], sent["httponly"], sent["path"], sent["domain"]) == (True, True, "/", "")
    assert client.get(MAP, base_url="https://localhost").status_code == 200
    assert client.get(MAP).status_code == 303  # the same browser without https is nobody
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_behind_a_stated_proxy_https_and_address_are_those_it_names(people):
    other = create_app(settings(people, proxies="1", names="diemthu.example.vn"))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9",
               "Host": "diemthu.example.vn", "Origin": "https://diemthu.example.vn"}  # fmt: skip
    form = {"name": "an.nguyen", "password": PASSWORD}
    answer = other.test_client().post("/sign-in", data=form, headers=headers)
    assert answer.status_code == 303
    assert cookies.NAME_BY_HTTPS in cookie(answer)
    untold = create_app(settings(people, names="diemthu.example.vn"))
    answer = untold.test_client().post(
        "/sign-in", data=form, headers={**headers, "Origin": "http://diemthu.example.vn"}
    )
    assert cookies.NAME in cookie(answer)
    assert untold.test_client().get("/health", headers={"Host": "evil.example"}).status_code == 400
    for each in (other, untold):
        each.extensions["planning"].close()


def test_what_a_browser_brought_along_is_not_its_sign_in(people):
    """Session fixation: the token is new at every sign-in, and the one before is not taken over."""
    client = people.test_client()
    with client.session_transaction() as before:
        before["_user_id"], before["planted"] = "planted-token", "here"
    enter(client, "an.nguyen")
    with client.session_transaction() as after:
        first = after["_user_id"]
        assert first != "planted-token"
        assert "planted" not in after
    client.post("/sign-out", headers=OWN)
    enter(client, "an.nguyen")
    with client.session_transaction() as again:
        assert again["_user_id"] not in (first, "planted-token")


def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(people):
    client, thief = signed_in(people, "an.nguyen"), people.test_client()
    with client.session_transaction() as theirs:
        token = theirs["_user_id"]
    with thief.session_transaction() as taken:
        taken["_user_id"] = token
    assert thief.get(MAP).status_code == 200
    answer = client.post("/sign-out", headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    for each in (client, thief):
        assert each.get(MAP).status_code == 303


def test_a_cookie_signed_by_nobody_is_nobodys(people):
    client = people.test_client()
    for value in ("", "x", "eyJfdXNlcl9pZCI6ImFuIn0.aaaa.bbbb", "a" * 4000):
        client.set_cookie(cookies.NAME, value)
        assert client.get(MAP).status_code == 303


def test_a_sign_in_ends_after_idle_time(people, monkeypatch):
    client = signed_in(people, "an.nguyen")
    later = datetime.now(UTC) + timedelta(minutes=61)
    monkeypatch.setattr(signing, "moment", lambda: later)
    assert client.get(MAP).status_code == 303
    monkeypatch.undo()
    assert client.get(MAP).status_code == 303


def test_a_lock_ends_what_is_going_on(people):
    client = signed_in(people, "an.nguyen")
    accounts.lock(people.extensions["planning"], MACHINE, "an.nguyen")
    assert client.get(MAP).status_code == 303
    assert enter(client, "an.nguyen").status_code == 401


def test_what_was_shown_to_somebody_is_kept_by_no_browser(people):
    client = signed_in(people, "an.nguyen")
    assert client.get(MAP).headers["Cache-Control"] == "private, no-store"
    layer = client.get(f"/{PROVINCE}/layers/gaps.json")
    assert layer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in layer.headers["Vary"]
    etag = {"If-None-Match": layer.headers["ETag"]}
    assert client.get(f"/{PROVINCE}/layers/gaps.json", headers=etag).status_code == 304
    gone = people.test_client().get(f"/{PROVINCE}/layers/gaps.json", headers=etag)
    assert gone.status_code == 401


# --- passwords and language --------------------------------------------------------------


def test_a_given_password_leads_nowhere_but_to_ones_own(app):
    add(app, "binh", changed=False)
    client = app.test_client()
    assert enter(client, "binh", NEXT).status_code == 303
    for path in ("/", MAP, f"/{PROVINCE}/layers/gaps.json", f"/{PROVINCE}/export/points.csv"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, "/account"), path
    assert client.post(f"/{PROVINCE}/standard", headers=OWN).status_code == 303
    page = client.get("/account").get_data(as_text=True)
    assert "do người khác cấp" in page
    form = {"old": NEXT, "new": PASSWORD, "again": PASSWORD}
    answer = client.post("/account/password", data=form, headers=OWN)
    assert answer.location == "/account?changed=1"
    assert client.get(MAP).status_code == 200


def test_a_changed_password_ends_every_other_sign_in(people):
    here, there = signed_in(people, "an.nguyen"), signed_in(people, "an.nguyen")
    form = {"old": PASSWORD, "new": NEXT, "again": NEXT}
    assert here.post("/account/password", data=form, headers=OWN).status_code == 303
    assert here.get(MAP).status_code == 200
    assert there.get(MAP).status_code == 303
    assert enter(there, "an.nguyen").status_code == 401
    assert enter(there, "an.nguyen", NEXT).status_code == 303


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"old": "x", "new": NEXT, "again": NEXT}, "Mật khẩu hiện tại không đúng."),
        ({"old": PASSWORD, "new": NEXT, "again": "y"}, "không giống nhau"),
        ({"old": PASSWORD, "new": "ngắn", "again": "ngắn"}, "cần ít nhất 12 ký tự"),
        ({"old": PASSWORD, "new": "password2025", "again": "password2025"}, "bị đoán trước tiên"),
        ({"old": PASSWORD, "new": "toi la nguyen!", "again": "toi la nguyen!"}, "chứa tên đăng nhập"),
        ({}, "cần ít nhất 12 ký tự"),
    ],
)  # fmt: skip
def test_a_password_that_is_not_taken_is_one_sentence(people, form, sentence):
    client = signed_in(people, "an.nguyen")
    answer = client.post("/account/password", data=form, headers=OWN)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert NEXT not in page
    assert enter(people.test_client(), "an.nguyen").status_code == 303


def test_the_language_goes_with_the_account(people):
    client = signed_in(people, "an.nguyen")
    client.post("/account/language", data={"language": "en"}, headers=OWN)
    assert "Sign out" in client.get(MAP).get_data(as_text=True)
    assert "Sign out" in signed_in(people, "an.nguyen").get(MAP).get_data(as_text=True)


# --- keys -------------------------------------------------------------------------------


@ON_FILES
def test_the_key_lies_beside_the_database_for_its_owner_alone(people):
    made = settings(people)
    path = cookies.key_file(made)
    assert not path.exists()  # nobody signed in by a browser yet
    signed_in(people, "an.nguyen")
    assert path.parent == made.beside.parent
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) >= 43
    before = path.read_text()
    assert cookies.keys(made) == [before.strip()]
    assert path.read_text() == before


@ON_FILES
def test_an_older_key_is_still_read_and_a_forgotten_one_is_not(people):
    client = signed_in(people, "an.nguyen")
    kept = client.get_cookie(cookies.NAME).value
    path = cookies.key_file(settings(people))
    old = path.read_text()
    for text, status in ((f"{'n' * 48}\n{old}", 200), (f"{'n' * 48}\n", 303)):
        path.write_text(text)
        other = create_app(settings(people))
        browser = other.test_client()
        browser.set_cookie(cookies.NAME, kept)
        assert browser.get(MAP).status_code == status
        other.extensions["planning"].close()


@ON_FILES
def test_a_key_of_the_settings_goes_before_the_file(people):
    made = settings(people, secret_key="k" * 32, secret_key_before="b" * 40)
    assert cookies.keys(made) == ["k" * 32, "b" * 40]
    assert not cookies.key_file(made).exists()
    assert "k" * 32 not in repr(made)


@ON_FILES
def test_a_file_that_holds_no_key_is_not_taken(people):
    made = settings(people)
    for text in ("", "short\n", f"{'k' * 48}\nshort\n"):
        cookies.key_file(made).write_text(text)
        with pytest.raises(NotReadyError):
            cookies.keys(made)


# --- what the trail tells ---------------------------------------------------------------


def test_events_name_who_was_signed_in(people):
    client = signed_in(people, "an.nguyen")
    client.post(f"/{PROVINCE}/standard", headers=OWN, data={
        "urban": "2", "delta": "3", "midland": "3", "mountain": "5", "difficult": "5", "island": "5",
    })  # fmt: skip
    client.post(f"/{PROVINCE}/scenarios", data={"name": "Thử"}, headers=OWN)
    client.get(f"/{PROVINCE}/export/points.csv")
    with people.extensions["planning"].reading() as db:
        told = {each.tag: each.actor for each in audit.events(db, PROVINCE)}
    for tag in ("standard:radii:changed", "scenario:scenario:made", "data:export:made"):
        assert told[tag] == "an.nguyen", tag


def test_an_administrator_sees_the_first_password_once(people):
    add(people, "hanh", Grant(Role.ADMINISTRATOR, PROVINCE))
    client = signed_in(people, "hanh")
    form = {"name": "Chi", "full_name": "Lê <b>Chi</b>", "role": "viewer"}
    answer = client.post(f"/{PROVINCE}/accounts", data=form, headers=OWN)
    page = answer.get_data(as_text=True)
    (given,) = re.findall(r"<code>([a-z0-9-]{19})</code>", page)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Lê &lt;b&gt;Chi&lt;/b&gt;" in page
    listed = client.get(f"/{PROVINCE}/accounts").get_data(as_text=True)
    assert "chi" in listed
    assert given not in listed
    assert enter(people.test_client(), "chi", given).location == "/"
    again = client.post(f"/{PROVINCE}/accounts", data=form, headers=OWN)
    assert again.status_code == 409
    assert "Đã có tài khoản “chi”" in again.get_data(as_text=True)


def test_an_administrator_gives_takes_locks_and_gives_a_new_password(people):
    add(people, "hanh", Grant(Role.ADMINISTRATOR, PROVINCE))
    client, store = signed_in(people, "hanh"), people.extensions["planning"]

    def send(deed: str, **form: str):
        form = {"account": "an.nguyen", "deed": deed, **form}
        return client.post(f"/{PROVINCE}/accounts/change", data=form, headers=OWN)

    assert send("give", role="checker", communes="98001, 98003").status_code == 303
    grant = Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98001", "98003"}))
    assert grant in accounts.found(store, "an.nguyen").grants
    assert send("take", role="planner").status_code == 303
    assert accounts.found(store, "an.nguyen").grants == (grant,)
    assert send("lock").status_code == 303
    assert not accounts.found(store, "an.nguyen").active
    assert send("unlock").status_code == 303
    page = send("password").get_data(as_text=True)
    (given,) = re.findall(r"<code>([a-z0-9-]{19})</code>", page)
    assert enter(people.test_client(), "an.nguyen", given).status_code == 303
    for wrong in (send("burn"), send("give", role="king"), send("give"), send("lock", account="x")):
        assert wrong.status_code in (400, 404)
    assert send("lock", account="hanh").status_code == 400


def test_an_administrator_cannot_touch_who_has_a_role_elsewhere(people):
    add(people, "hanh", Grant(Role.ADMINISTRATOR, PROVINCE))
    accounts.give(people.extensions["planning"], MACHINE, "an.nguyen", Grant(Role.VIEWER, "40"))
    client = signed_in(people, "hanh")
    for deed in ("lock", "password"):
        form = {"account": "an.nguyen", "deed": deed}
        answer = client.post(f"/{PROVINCE}/accounts/change", data=form, headers=OWN)
        assert answer.status_code == 403
    page = client.get(f"/{PROVINCE}/accounts").get_data(as_text=True)
    assert "có vai trò ở tỉnh khác" in page
    assert "40" not in re.findall(r"an\.nguyen.*?</tr>", page, re.DOTALL)[0].split("</ul>")[0]
