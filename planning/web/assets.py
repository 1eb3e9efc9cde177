"""Our own styles and scripts, and the addresses under which they may be kept for a year."""

import hashlib
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, request, url_for
from werkzeug.security import safe_join

from geo.drawing.canvas import shell

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
# In the order in which they must be loaded; the first makes the name the others add to.
MAP_SCRIPTS = (
    "map/words.js", "map/signs.js", "map/layers.js", "map/panel.js", "map/table.js", "map/page.js",
)  # fmt: skip


def install(app: Flask) -> None:
    """Let `app` serve our own files, and templates find them by `asset('name')`."""
    app.add_url_rule("/static/<path:name>", "static", _own_file)
    app.jinja_env.globals.update(
        asset=asset, vendored=vendored, shell=shell, MAP_SCRIPTS=MAP_SCRIPTS
    )


def asset(name: str) -> str:
    """Return the address of one of our own files, changing with its content."""
    return url_for("static", name=name, v=_version(name, (STATIC / name).stat().st_mtime_ns))


def vendored(name: str) -> str:
    """Return the address of a vendored file; its folder carries its version."""
    return f"/static/vendor/{name}"


@cache
def _version(name: str, changed_ns: int) -> str:  # noqa: ARG001 - a changed file is read anew
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _own_file(name: str) -> Response:
    path = safe_join(str(STATIC), name)
    if path is None or not Path(path).is_file():
        abort(404)
    answer = Response(Path(path).read_bytes(), mimetype=guess_type(path)[0])
    answer.headers["Cache-Control"] = "public, max-age=31536000"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
