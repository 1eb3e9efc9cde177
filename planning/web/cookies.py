"""The signed cookie of a sign-in: its key, its name, and when it is sent."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from geo.errors import N_
from planning.model.errors import NotReadyError
from planning.settings import LEAST_KEY_BYTES, Settings

NAME, NAME_BY_HTTPS = "diemthu", "__Host-diemthu"


def install(app: Flask, settings: Settings) -> None:
    """Let `app` sign its cookies with the key of the settings, else of the file beside the database."""
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.session_interface = _Cookies(settings)


def key_file(settings: Settings) -> Path:
    """Return where the key is kept where no setting gives it."""
    return settings.beside.with_name(f"{settings.beside.name}-key")


def keys(settings: Settings) -> list[str]:
    """Return the key that signs, then those that are still read; make the first where none is.

    The file holds one key a line, the present one first; nobody but its owner reads it.
    Raises `NotReadyError` where what it holds is too short to be a key.
    """
    if settings.secret_key:
        return [each for each in (settings.secret_key, settings.secret_key_before) if each]
    path = key_file(settings)
    if not path.exists():
        _make(path)
    found = path.read_text(encoding="utf-8").split()
    if not found or min(len(each.encode()) for each in found) < LEAST_KEY_BYTES:
        raise NotReadyError(
            N_("%(file)s holds no key of at least %(least)s bytes; delete the file, and a new key is made."),
            file=path, least=LEAST_KEY_BYTES,
        )  # fmt: skip
    return found


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; one that another process wrote meanwhile stays."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secrets.token_urlsafe(48)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie; by https under a name that browsers bind to this very host."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - the library's signature
        return NAME_BY_HTTPS if request.is_secure else NAME

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the library's signature
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie; without one no key is needed, nor made."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if app.secret_key is None:
            first, *older = keys(self._settings)
            app.config["SECRET_KEY_FALLBACKS"] = older
            app.secret_key = first
        return super().get_signing_serializer(app)
