"""The page of what still needs a hand: a list and a map, each item with its mends."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.model.attention import Action, Gravity, Item, Kind, Mend
from planning.model.errors import NotFoundError
from planning.services import attention, imports, mending, sources
from planning.services.mending import MendAsk
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.language import count, say
from planning.web.map import shell_version

bp = Blueprint("attention", __name__)
KINDS = {
    Kind.PEOPLE_UNKNOWN: N_("Population unknown"),
    Kind.DENSITY: N_("Population hardly possible"),
    Kind.OUTSIDE: N_("Points outside the province"),
    Kind.NOBODY_NEAR: N_("Points with nobody near"),
    Kind.CODE_TWICE: N_("Official code given twice"),
    Kind.SAME_POINT: N_("Points less than 10 m apart"),
    Kind.SHARED_PLACE: N_("Many points in one place"),
    Kind.SAME_NAME: N_("Near with a similar name"),
    Kind.OTHER_COMMUNE: N_("Written in another commune"),
    Kind.STAFF_ASTRAY: N_("Staff without a point"),
    Kind.CODE_INVALID: N_("Official code of no valid form"),
    Kind.CODE_ELSEWHERE: N_("Official code of another commune"),
}
GRAVITIES = {
    Gravity.HIGH: N_("figures depend on it"),
    Gravity.MIDDLE: N_("a record may be wrong"),
    Gravity.LOW: N_("worth a look"),
}
SHOWN, SHOWN_OF_KIND, ON_MAP = 20, 200, 3000
NO_KIND = N_("There is no list of “%(name)s”.")
# Pages that must be quick show how many items wait only where that is known already.
QUICK = ("map.show",)


@bp.get("/<province:province>/attention")
def show(province: str) -> ResponseReturnValue:
    """List what needs a hand, the gravest first, beside the map."""
    asked = _newest(about(province))
    report = attention.report(store(), province)
    kind = _kind()
    chosen = [each for each in report.items if kind in (None, each.kind)]
    groups = {key: list(found) for key, found in groupby(chosen, key=lambda each: each.kind)}
    most = SHOWN if kind is None else SHOWN_OF_KIND
    return render_template(
        "attention/page.html", asked=asked, report=report, kind=kind, groups=groups, most=most,
        kinds=KINDS, gravities=GRAVITIES, done=_done(province), label=_label, sentence=_sentence,
        view={"communes": asked.url("layers.send", name="communes", valid_from=None),
              "items": _places(groups.values(), most)},
        shell_version=shell_version(),
    )  # fmt: skip


@bp.post("/<province:province>/attention/mend")
def mend(province: str) -> ResponseReturnValue:
    """Do what an item offers and say so."""
    asked = about(province)
    form = request.form
    ask = MendAsk(
        form.get("item", ""), form.get("mend", ""), why=form.get("why", ""), by=user().name
    )
    done = mending.mend(store(), province, ask)
    told = {"seen": done.item.key} if done.batch is None else {"batch": done.batch}
    return _back(asked, **told)


@bp.post("/<province:province>/attention/undo")
def undo(province: str) -> ResponseReturnValue:
    """Take a mend back."""
    asked = about(province)
    batch = request.form.get("batch", "")
    if not (batch.isascii() and batch.isdigit() and len(batch) <= 12):
        raise NotFoundError(mending.GONE)
    record = _mend_record(province, int(batch))
    if record is None:
        raise NotFoundError(mending.GONE)
    imports.undo(store(), province, record.id, by=user().name)
    return _back(asked, undone=record.id)


@bp.post("/<province:province>/attention/again")
def again(province: str) -> ResponseReturnValue:
    """Put an item that was found right back on the list."""
    asked = about(province)
    mending.look_again(store(), province, request.form.get("item", ""), by=user().name)
    return _back(asked, reopened=1)


@bp.app_template_global("waiting")
def waiting(asked: Asked) -> int | None:
    """Return how many items wait, for the navigation; None where that cannot be said."""
    try:
        look = request.endpoint not in QUICK
        return attention.waiting(store(), asked.province.code, look=look)
    except Refusal:
        return None


def _newest(asked: Asked) -> Asked:
    """Return the question on the newest boundaries: kept data are held against no others."""
    return replace(asked, valid_from=asked.province.vintages[-1])


def _kind() -> Kind | None:
    text = request.values.get("kind", "")
    if text and text not in list(Kind):
        raise NotFoundError(NO_KIND, name=text[:40])
    return Kind(text) if text else None


def _back(asked: Asked, **told: object) -> ResponseReturnValue:
    kind = _kind()
    kept = {"kind": kind.value} if kind else {}
    return redirect(asked.url("attention.show", **kept, **told), 303)


def _done(province: str) -> dict[str, object] | None:
    """Return what the page says was just done, where the address tells of it."""
    number = request.args.get("batch", request.args.get("undone", ""))
    if number.isascii() and number.isdigit() and len(number) <= 12:
        record = _mend_record(province, int(number))
        if record is not None:
            return {"batch": record.id, "what": record.file, "undone": bool(record.undone_at)}
    if "seen" in request.args:
        return {"item": request.args["seen"]}
    return {"reopened": True} if "reopened" in request.args else None


def _mend_record(province: str, number: int) -> sources.ImportSummary | None:
    found = (each for each in sources.imports(store(), province) if each.id == number)
    return next((each for each in found if each.is_mend), None)


def _sentence(item: Item) -> str:
    return item.sentence(say, count)


def _label(item: Item, way: Mend) -> tuple[str, bool]:
    """Return what a button says and whether it changes data."""
    return item.label(way, say, count), way.action is not Action.SEEN


def _places(groups: Iterable[list[Item]], most: int) -> list[dict[str, object]]:
    """Return the items the list shows as the map draws them."""
    shown = [each for group in groups for each in group[:most]]
    return [
        {"key": each.key, "kind": each.kind.value, "gravity": int(each.gravity),
         "lon": round(each.lon, 6), "lat": round(each.lat, 6), "text": _sentence(each)}
        for each in shown[:ON_MAP]
        if each.lon is not None and each.lat is not None
    ]  # fmt: skip
