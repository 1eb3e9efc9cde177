"""What every answer carries and what no request may do: policy, hosts, foreign forms."""

import ipaddress
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from flask import Flask, Response, request

from geo.errors import N_
from planning.web.errors import ForeignHostError, ForeignPostError

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A checker may have the telephone say where it stands; photos come by files.
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
FOREIGN_POST = N_("This form can only be sent from this service's own pages.")
FOREIGN_HOST = N_("This service does not answer under the name “%(host)s”.")


def install(app: Flask, own_hosts: Collection[str]) -> None:
    """Check every request of `app` and put the headers on every answer."""
    app.before_request(_host_check(own_hosts))
    app.before_request(_refuse_foreign_post)
    app.after_request(_with_headers)


def own_name(host: str, own_hosts: Collection[str]) -> bool:
    """Whether `host` of a request is ours: an IP address, localhost or a configured name.

    A page of another site can make a browser ask us under a name of its own (DNS
    rebinding), never under a number.
    """
    name = (urlsplit(f"//{host}").hostname or "").lower()
    if name == "localhost" or name in {each.lower() for each in own_hosts}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _host_check(own_hosts: Collection[str]) -> Callable[[], None]:
    def check() -> None:
        if not own_name(request.host, own_hosts):
            raise ForeignHostError(FOREIGN_HOST, host=request.host)

    return check


def _refuse_foreign_post() -> None:
    """Refuse what another site's page sends: browsers say where a form comes from."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    same_site = site == "same-origin" if site else origin is not None
    same_origin = origin is None or origin == request.host_url.rstrip("/")
    if not (same_site and same_origin):
        raise ForeignPostError(FOREIGN_POST)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers.update(BY_HTTPS)
    return response
