"""The start page: every province with its key figures and the next step; the health check."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from planning.model.people import Action
from planning.services import provinces
from planning.web.access import allowed, user
from planning.web.asked import store

bp = Blueprint("home", __name__)
MOST_CARDS = 3  # more provinces are read in the table


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the provinces that the user has a role in, with figures where they may see them."""
    seen = frozenset(each for each in user().provinces if allowed(Action.VIEW, province=each))
    country = provinces.country(store(), seen)
    own = [provinces.one(store(), each) for each in sorted(user().provinces - seen)]
    return render_template(
        "home/page.html", country=country, most_cards=MOST_CARDS,
        own=[each for each in own if each is not None],
    )  # fmt: skip


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Say that the service and its database answer."""
    provinces.count(store())
    return jsonify(status="ok")
