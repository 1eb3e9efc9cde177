"""Signing in by the office's own OpenID provider, where it has one.

The provider says who somebody is; what they may stands with their account here, which must
exist under the same name.
"""

import logging
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, abort, current_app, request, session, url_for
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.accounts import SignInError
from planning.services import accounts
from planning.settings import Settings
from planning.web import sign_in
from planning.web.asked import store
from planning.web.language import own_path

bp = Blueprint("oidc", __name__)
WAIT_S = 10
NOT_SAID = N_("The provider of your office did not say who you are; try again, or sign in with name and password.")  # fmt: skip
AWAY = N_("The provider of your office cannot be reached; try again, or sign in with name and password.")  # fmt: skip
_log = logging.getLogger(__name__)


def install(app: Flask, settings: Settings) -> None:
    """Let `app` ask the provider that the settings name; without one this adds nothing."""
    if not (settings.oidc_issuer and settings.oidc_client_id):
        return
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415 - only where there is one

    app.extensions[sign_in.OFFICE] = OAuth(app).register(
        sign_in.OFFICE,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_id=settings.oidc_client_id, client_secret=settings.oidc_client_secret,
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256",
                       "timeout": WAIT_S},
    )  # fmt: skip


@bp.get("/sign-in/office")
def start() -> ResponseReturnValue:
    """Send somebody to the provider, and remember where they wanted to go."""
    session["next"] = own_path(request.args.get("next", "/"))
    place = url_for("oidc.back", _external=True)
    sent: ResponseReturnValue = _asked(lambda: _office().authorize_redirect(place))
    return sent


@bp.get("/sign-in/office/back")
def back() -> ResponseReturnValue:
    """Sign in whom the provider has named, where they have an account."""
    token = _asked(lambda: _office().authorize_access_token())
    place = own_path(session.get("next", "/"))
    return sign_in.lead_in(accounts.sign_in_as(store(), _name(token.get("userinfo") or {})), place)


def _name(claims: dict[str, Any]) -> str:
    """Return the name of the account that claims are about: that of sign-in, else a checked address."""
    name = claims.get("preferred_username")
    if not name and claims.get("email_verified") is True:
        name = claims.get("email")
    if not isinstance(name, str) or not name.strip():
        raise SignInError(NOT_SAID)
    return name


def _office() -> Any:
    if sign_in.OFFICE not in current_app.extensions:
        abort(HTTPStatus.NOT_FOUND)
    return current_app.extensions[sign_in.OFFICE]


def _asked(ask: Any) -> Any:
    """Return what the provider answers; say in one sentence that it does not."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - as above
    from joserfc.errors import JoseError  # noqa: PLC0415 - as above
    from requests import RequestException  # noqa: PLC0415 - as above

    try:
        return ask()
    except RequestException as error:
        _log.warning("The OpenID provider does not answer: %s", type(error).__name__)
        raise SignInError(AWAY) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        _log.warning("The OpenID provider did not sign anybody in: %s", error)
        raise SignInError(NOT_SAID) from error
