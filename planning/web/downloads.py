"""Files to take away."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.errors import NotFoundError
from planning.services import exports
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.language import current

bp = Blueprint("downloads", __name__)
WHATS = ("communes", "points", "proposals", "demand", "reform", "former")
FORMS = {
    "csv": ("csv", "text/csv"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "geojson": ("geojson", "application/geo+json"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "map": ("html", "text/html"),
}
NO_EXPORT = N_("There is no export “%(what)s” as “%(form)s”.")


@bp.get("/<province:province>/export/<what>.<form>")
def send(province: str, what: str, form: str) -> ResponseReturnValue:
    """Make a file and send it as a download."""
    asked = about(province)
    if what not in WHATS or form not in FORMS:
        raise NotFoundError(NO_EXPORT, what=what[:40], form=form[:40])
    ending, mimetype = FORMS[form]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{what}.{ending}"
        reader = exports.Reader(current(), user().name)
        exports.export(store(), asked.request, what, form, path, reader=reader)
        body = path.read_bytes()
    answer = Response(body, mimetype=mimetype)
    name = f"diemthu-{province}-{what}-{asked.valid_from}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def sent(path: Path, name: str, form: str) -> Response:
    """Return a file as a download under a name."""
    answer = Response(path.read_bytes(), mimetype=FORMS[form][1])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
