"""The data of the map, layer by layer, as JSON."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from planning.services import layers
from planning.web.asked import about, store
from planning.web.compressed import packed

bp = Blueprint("layers", __name__)
NAMES = ("communes", "points", "coverage", "gaps", "plan")


@bp.get("/<province:province>/layers/<name>.json")
def send(province: str, name: str) -> ResponseReturnValue:
    """Send one layer, or 304 when the reader has it already."""
    layer = layers.layer(store(), about(province).request, name)
    return packed(layer.body, layer.etag, mimetype="application/json")
