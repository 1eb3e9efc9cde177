"""One record of the register on its page: a point, an organisation, a member of staff."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from planning.model.days import today
from planning.model.people import Action, Thing, may
from planning.model.register import FIELDS
from planning.services.register import conditions, records
from planning.services.register.records import Shown
from planning.web import proposal_words
from planning.web.access import user
from planning.web.asked import Asked, about, store

bp = Blueprint("register_records", __name__)


@bp.get("/<province:province>/register/points/<path:record>")
def point(province: str, record: str) -> ResponseReturnValue:
    """Show one point and everything that belongs to it."""
    asked = about(province)
    shown = records.point(store(), user(), province, record)
    thing = Thing(
        province, shown.row["owner"], shown.row["commune_code"] or "", shown.row["office"] or ""
    )
    inspects = may(user(), Action.INSPECT, thing)
    return _page(
        asked, "point", shown, inspects=inspects, today=today(),
        conditions_mark=conditions.mark(store(), province, record) if inspects else "",
    )  # fmt: skip


@bp.get("/<province:province>/register/organisations/<path:record>")
def organisation(province: str, record: str) -> ResponseReturnValue:
    """Show one organisation: its names, contract, guarantee, points, staff and area."""
    asked = about(province)
    return _page(asked, "organisation", records.organisation(store(), user(), province, record))


@bp.get("/<province:province>/register/staff/<record>")
def person(province: str, record: str) -> ResponseReturnValue:
    """Show one member of staff, without their name to who may not see it."""
    asked = about(province)
    return _page(asked, "person", records.person(store(), user(), province, record))


def _page(asked: Asked, name: str, shown: Shown, **more: object) -> str:
    edits = may(user(), Action.REGISTER, Thing(asked.province.code))
    return render_template(
        f"register/{name}.html", asked=asked, it=shown, fields=FIELDS[shown.kind], edits=edits,
        proposal_names=proposal_words, saved=request.args.get("done") == "changed", **more,
    )  # fmt: skip
