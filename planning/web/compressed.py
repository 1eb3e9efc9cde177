"""Sending text small: gzip where the reader takes it, and nothing at all where he has it."""

import gzip

from flask import Flask, Response, request

TEXTS = {
    "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
    "image/svg+xml",
}  # fmt: skip
WORTH_BYTES = 600


def takes_gzip() -> bool:
    """Whether the reader of this request can read gzip."""
    return request.accept_encodings["gzip"] > 0


def packed(body: bytes, etag: str, *, mimetype: str) -> Response:
    """Return an answer of gzip-compressed bytes: as they are, opened, or 304.

    The reader keeps it and asks each time whether it is still the same.
    """
    response = Response(mimetype=mimetype)
    response.set_etag(etag.strip('"'), weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip():
        response.data = body
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.data = gzip.decompress(body)
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Compress every text answer of `app` that is not a download."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.headers.get("Content-Disposition"):
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if response.content_encoding or response.status_code != 200 or not takes_gzip():
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) > WORTH_BYTES:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
    return response
