"""The service standard of a province: read it, change it."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.standards import (
    CLASS_RADII_KM,
    LARGEST_RADIUS_KM,
    SMALLEST_RADIUS_KM,
    TerrainClass,
)
from planning.services import standards
from planning.web.access import user
from planning.web.asked import about, decimal, store

bp = Blueprint("standard", __name__)
TERRAIN_NAMES: dict[TerrainClass, str] = {
    TerrainClass.URBAN: N_("Urban"),
    TerrainClass.DELTA: N_("Delta"),
    TerrainClass.MIDLAND: N_("Midland"),
    TerrainClass.MOUNTAIN: N_("Mountain"),
    TerrainClass.DIFFICULT: N_("Mountain, especially difficult"),
    TerrainClass.ISLAND: N_("Island"),
}


@bp.get("/<province:province>/standard")
def show(province: str) -> ResponseReturnValue:
    """Show the radius of every class."""
    return render_template(
        "standard/page.html",
        asked=about(province),
        standard=standards.current(store(), province),
        names=TERRAIN_NAMES,
        defaults=CLASS_RADII_KM,
        smallest=SMALLEST_RADIUS_KM,
        largest=LARGEST_RADIUS_KM,
    )


@bp.post("/<province:province>/standard")
def change(province: str) -> ResponseReturnValue:
    """Keep the radii of the form and show them."""
    asked = about(province)
    radii = {each.value: decimal(request.form.get(each.value, "")) for each in TerrainClass}
    standards.change(store(), province, radii, by=user().name)
    return redirect(asked.url("standard.show", saved=1), 303)
