"""Who is counted as demand: offered as a choice, said on a page."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from planning.model.need_words import said_of
from planning.model.performance import NEED_NAMES, Need
from planning.services import needs
from planning.web.asked import KEPT, Asked, store
from planning.web.language import say

# Pages of figures that are about all people, whatever demand the address keeps for others.
OF_EVERYBODY = ("overview", "reform")
# Pages made of parts that are sent one by one: all of them speak of whom the address counts.
OF_PARTS = ("scenarios", "scenario_changes")


def worded(need: Need) -> Callable[..., str]:
    """Return `_` for the templates of a page on which the people of a need are counted."""

    def translate(message: str, **values: object) -> str:
        text = said_of(need, say)(message)
        return text % values if values else text

    return translate


def _offers(asked: Asked) -> list[Any]:
    return needs.offered(store(), asked.province.code, asked.valid_from)


def _kept() -> dict[str, str]:
    """Return what a form that chooses the demand must keep of the address."""
    return {key: request.args[key] for key in KEPT if key in request.args and key != "demand"}


def _spoken() -> dict[str, Any]:
    """Return `_` for the parts of a page whose address counts those of a need."""
    text = request.args.get("demand", "")
    known = request.blueprint in OF_PARTS and text in set(Need)
    return {"_": worded(Need(text))} if known else {}


def install(app: Flask) -> None:
    """Let templates offer a choice of demand and name it."""
    app.context_processor(_spoken)
    app.jinja_env.globals.update(
        demands=_offers, NEED_NAMES=NEED_NAMES, kept_beside_demand=_kept,
        OF_EVERYBODY=OF_EVERYBODY, everybody=lambda: say(NEED_NAMES[Need.EVERYBODY]),
    )  # fmt: skip
