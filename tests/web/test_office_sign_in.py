"""Signing in by the office's own provider, against a small OpenID provider written here."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.common.encoding import urlsafe_b64encode
from joserfc import jwt
from joserfc.jwk import RSAKey
from signing_in import MACHINE, add, quick_hashes
from small_province import PROVINCE

from planning.model.people import Grant, Role
from planning.services import accounts
from planning.services.accounts import NewAccount
from planning.settings import Settings
from planning.store import audit
from planning.web import create_app

MAP = f"/{PROVINCE}/map"
CLIENT, SECRET = "diemthu", "a secret shared by both"


class Provider(ThreadingHTTPServer):
    """A provider that signs whoever comes in as `claims` say; `spoil` changes its token."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs = self.key
        self.claims: dict[str, object] = {"preferred_username": "an.nguyen"}
        self.spoil: dict[str, object] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.refuses = False

    def token(self, code: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "17", "aud": CLIENT, "iat": now, "exp": now + 60,
                  "nonce": self.asked[code]["nonce"], **self.claims, **self.spoil}  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs)


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, value: dict, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        idp = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self._send({"issuer": idp, "authorization_endpoint": f"{idp}/authorize",
                        "token_endpoint": f"{idp}/token", "jwks_uri": f"{idp}/keys",
                        "id_token_signing_alg_values_supported": ["RS256"]})  # fmt: skip
        elif self.path == "/keys":
            self._send({"keys": [self.server.key.as_dict(private=False)]})

    def do_POST(self) -> None:
        sent = {key: value[0] for key, value in parse_qs(
            self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}  # fmt: skip
        asked = self.server.asked.get(sent.get("code", ""))
        proof = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode()
        if self.server.refuses or asked is None or proof != asked["code_challenge"]:
            self._send({"error": "invalid_grant"}, 400)
        else:
            token = self.server.token(sent["code"])
            self._send({"access_token": "x", "token_type": "Bearer", "id_token": token})


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    running = threading.Thread(target=made.serve_forever, daemon=True)
    running.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def office(app, provider, monkeypatch):
    """Return the application with an account and a provider."""
    quick_hashes(monkeypatch)
    new = NewAccount("an.nguyen", "Nguyễn Văn An", Grant(Role.PLANNER, PROVINCE), by_provider=True)
    accounts.add(app.extensions["planning"], MACHINE, new)
    made = create_app(Settings.from_environment({
        "DIEMTHU_DATABASE": app.extensions["planning"].database.address,
        "DIEMTHU_OIDC_ISSUER": provider.issuer, "DIEMTHU_OIDC_CLIENT_ID": CLIENT,
        "DIEMTHU_OIDC_CLIENT_SECRET": SECRET, "DIEMTHU_SECRET_KEY": "k" * 48,
    }))  # fmt: skip
    yield made
    made.extensions["planning"].close()


def sent_to(client, provider: Provider, path: str = "/sign-in/office") -> dict[str, str]:
    """Go to the provider; return what it was asked."""
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{provider.issuer}/authorize?")
    asked = {key: value[0] for key, value in parse_qs(urlsplit(answer.location).query).items()}
    assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
    assert asked["redirect_uri"] == "http://localhost/sign-in/office/back"
    assert asked["code_challenge_method"] == "S256"
    assert SECRET not in answer.location
    return asked


def come_back(client, provider: Provider, asked: dict[str, str], **changed: str):
    code = secrets.token_hex(8)
    provider.asked[code] = asked
    query = {"code": code, "state": asked["state"], **changed}
    return client.get("/sign-in/office/back", query_string=query)


def test_whom_the_provider_names_is_signed_in_by_their_account(office, provider):
    client = office.test_client()
    page = client.get(f"/sign-in?next={MAP}").get_data(as_text=True)
    assert f'href="/sign-in/office?next={MAP}"' in page
    asked = sent_to(client, provider, f"/sign-in/office?next={MAP}")
    answer = come_back(client, provider, asked)
    assert (answer.status_code, answer.location) == (303, MAP)
    assert "Nguyễn Văn An" in client.get(MAP).get_data(as_text=True)
    with office.extensions["planning"].reading() as db:
        last = audit.events(db, None)[-1]
    assert (last.tag, last.actor, last.facts) == (
        "access:sign-in:done", "an.nguyen", {"how": "provider"}
    )  # fmt: skip
    with client.session_transaction() as kept:
        assert not any(each.startswith("_state") for each in kept)


def test_a_name_without_an_account_is_let_in_nowhere_and_gets_none(office, provider):
    provider.claims = {"preferred_username": "binh", "roles": ["administrator"]}
    client = office.test_client()
    answer = come_back(client, provider, sent_to(client, provider))
    assert answer.status_code == 401
    assert "Bạn chưa có tài khoản ở đây" in answer.get_data(as_text=True)
    assert client.get(MAP).status_code == 303
    store = office.extensions["planning"]
    assert [each.name for each in accounts.listed(store, MACHINE)] == ["an.nguyen"]


def test_a_locked_account_is_let_in_by_no_provider(office, provider):
    accounts.lock(office.extensions["planning"], MACHINE, "an.nguyen")
    client = office.test_client()
    assert come_back(client, provider, sent_to(client, provider)).status_code == 401


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "an.nguyen", "email_verified": True}, 303),
        ({"email": "an.nguyen", "email_verified": False}, 401),
        ({"email": "an.nguyen"}, 401),
        ({"preferred_username": ""}, 401),
        ({"preferred_username": ["an.nguyen"]}, 401),
        ({"name": "an.nguyen"}, 401),
        ({"preferred_username": " AN.Nguyen "}, 303),
    ],
)
def test_only_a_name_to_sign_in_with_or_a_checked_address_counts(office, provider, claims, status):
    provider.claims = claims
    client = office.test_client()
    assert come_back(client, provider, sent_to(client, provider)).status_code == status


@pytest.mark.parametrize(
    "spoil",
    [{"aud": "another"}, {"iss": "http://evil.example"}, {"exp": 1000}, {"nonce": "another"}],
)
def test_a_token_made_for_somebody_else_is_not_believed(office, provider, spoil):
    provider.spoil = spoil
    client = office.test_client()
    answer = come_back(client, provider, sent_to(client, provider))
    assert answer.status_code == 401
    assert "không cho biết bạn là ai" in answer.get_data(as_text=True)
    assert client.get(MAP).status_code == 303


def test_a_token_signed_with_another_key_is_not_believed(office, provider):
    provider.signs = RSAKey.generate_key(2048, {"kid": "one"})
    client = office.test_client()
    assert come_back(client, provider, sent_to(client, provider)).status_code == 401


def test_an_answer_to_a_question_that_this_browser_did_not_ask_is_not_believed(office, provider):
    thief, victim = office.test_client(), office.test_client()
    asked = sent_to(thief, provider)
    assert come_back(victim, provider, asked).status_code == 401
    sent_to(victim, provider)
    assert come_back(victim, provider, asked).status_code == 401
    assert come_back(thief, provider, asked, state="another").status_code == 401
    assert victim.get(MAP).status_code == 303


def test_a_provider_that_refuses_or_is_away_is_one_sentence(office, provider):
    client = office.test_client()
    asked = sent_to(client, provider)
    provider.refuses = True
    assert come_back(client, provider, asked).status_code == 401
    denied = client.get("/sign-in/office/back", query_string={"error": "access_denied", "state": asked["state"]})  # fmt: skip
    assert denied.status_code == 401
    away = create_app(Settings.from_environment({
        "DIEMTHU_DATABASE": office.extensions["planning"].database.address,
        "DIEMTHU_OIDC_ISSUER": "http://127.0.0.1:9", "DIEMTHU_OIDC_CLIENT_ID": CLIENT,
        "DIEMTHU_SECRET_KEY": "k" * 48,
    }))  # fmt: skip
    answer = away.test_client().get("/sign-in/office")
    assert answer.status_code == 401
    assert "Không kết nối được hệ thống đăng nhập" in answer.get_data(as_text=True)
    away.extensions["planning"].close()


def test_nobody_is_led_to_another_site_by_way_of_the_provider(office, provider):
    client = office.test_client()
    asked = sent_to(client, provider, "/sign-in/office?next=//evil.example")
    assert come_back(client, provider, asked).location == "/"


def test_where_there_is_no_provider_there_is_no_such_page(app, monkeypatch):
    quick_hashes(monkeypatch)
    add(app, "an.nguyen")
    client = app.test_client()
    for path in ("/sign-in/office", "/sign-in/office/back?code=x&state=y"):
        assert client.get(path).status_code == 404
    assert "/sign-in/office" not in client.get("/sign-in").get_data(as_text=True)
