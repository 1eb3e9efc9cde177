"""The compliance page: what breaks which rule since when, who and where, over time; the rules."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.model.compliance import CHECK_NAMES, Check, Count, Failure, Record, Rule
from planning.model.days import today
from planning.model.people import Action, Thing, may
from planning.model.proposals import ProposalKind
from planning.services.compliance import checking, handing, rules
from planning.services.compliance.listing import (
    NONE,
    RANK_SORTS,
    SORTS,
    Filter,
    filtered,
    paged,
    ranked,
)
from planning.services.compliance.reporting import Line, note_sight, report
from planning.services.compliance.wording import NEXT_STEPS, RECORD_NAMES, detail
from planning.services.register.handles import handle
from planning.web import charts
from planning.web.access import reachable, user
from planning.web.asked import Asked, about, store, whole_number
from planning.web.compliance_chart import trend
from planning.web.downloads import sent
from planning.web.errors import FormError, status_of
from planning.web.language import count, current, say

bp = Blueprint("compliance", __name__)
NO_SUCH = N_("The failures cannot be filtered or sorted by “%(name)s” = “%(value)s”.")
NO_CHECK = N_("There is no rule “%(name)s”.")
BY = {"organisation": N_("Organisation"), "commune": N_("Commune")}
COLUMNS = {
    "rule": N_("Rule not kept"), "name": N_("Record"), "organisation": N_("Organisation"),
    "commune": N_("Commune"), "since": N_("Since"),
}  # fmt: skip
RANK_COLUMNS = {
    "name": N_("Name"), "failures": N_("Failures"), "checks": N_("Checks made"),
    "share": N_("Share not kept"),
}  # fmt: skip
ASKED = ("day", "rule", "organisation", "commune", "office", "sort", "down", "by", "rank", "most",
         "page", "lang", "valid_from", "on", "standard")  # fmt: skip
# Where a record is shown; the register has its own way to name a member of staff in an address.
PAGES: Mapping[Record, tuple[str, str]] = {
    Record.POINT: ("register_records.point", "record"),
    Record.ORGANISATION: ("register_records.organisation", "record"),
    Record.STAFF: ("register_records.person", "record"),
    Record.INSPECTION: ("register_inspections.show", "number"),
    Record.COMMUNE: ("communes.sheet", "code"),
}  # fmt: skip


@bp.get("/<province:province>/compliance")
def show(province: str) -> ResponseReturnValue:
    """Show what breaks the rules of a day, filtered, with ranks and counts over time."""
    asked = about(province)
    wanted, day = _wanted(), _day(asked)
    found = report(store(), user(), province, day)
    page = paged(found, wanted)
    note_sight(store(), user(), province, page.lines)
    by, sort, down = _rank()
    ranks = found.by_organisation if by == "organisation" else found.by_commune
    return render_template(
        "compliance/page.html", asked=asked, found=found, wanted=wanted, page=page, by=by,
        ranks=ranked(ranks, sort, down=down), rank=sort, most=down, names=CHECK_NAMES, NONE=NONE,
        columns=COLUMNS, rank_columns=RANK_COLUMNS, groupings=BY, checks=list(Check),
        trend=trend(found.counts, wanted.check), chart=charts, here=_here(asked),
        details=[detail(each.failure, current()) for each in page.lines],
        next_steps=NEXT_STEPS, record_names=RECORD_NAMES, day=day, since=_first_day(found.counts),
        links=[_record(asked, each.failure) for each in page.lines],
        steps=[_step(asked, each) for each in page.lines],
    )  # fmt: skip


@bp.get("/<province:province>/compliance/export.xlsx")
def export(province: str) -> ResponseReturnValue:
    """Send the failures that a filter leaves as a spreadsheet."""
    asked = about(province)
    found = report(store(), user(), province, _day(asked))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "compliance.xlsx"
        handing.hand_out(store(), user(), province, (found, filtered(found, _wanted())), path)
        answer = sent(path, f"diemthu-{province}-tuan-thu-{found.day}.xlsx", "xlsx")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<province:province>/compliance/rules")
def show_rules(province: str) -> ResponseReturnValue:
    """Show the rules, and let the administrator change them."""
    return _rules_page(about(province))


@bp.post("/<province:province>/compliance/rules")
def change(province: str) -> ResponseReturnValue:
    """Let a rule count from a day on, or end one; show the rules with it."""
    asked = about(province)
    form, state = request.form, request.form.get("state", "")
    try:
        check = _check(form.get("check", ""))
        if form.get("deed") == "end":
            last = form.get("last", "").strip()
            rules.end(store(), user(), province, state, (check, last))
        else:
            rules.put(store(), user(), province, state, _rule(check))
    except Refusal as refusal:
        return _rules_page(asked, refusal), status_of(type(refusal))
    return redirect(asked.url("compliance.show_rules", saved=1), HTTPStatus.SEE_OTHER)


@bp.app_template_global("rules_broken")
def rules_broken(asked: Asked) -> checking.Waiting | None:
    """Return how many failures were counted last, for the overview; None where nobody may see."""
    code = asked.province.code
    if not may(user(), Action.SEE_REGISTER, Thing(code)):
        return None
    return checking.waiting(store(), code)


def _wanted() -> Filter:
    """Return the filter that the address names; refuse what none can be."""
    given = request.args
    sort, name = given.get("sort") or "rule", given.get("rule", "")
    if sort not in SORTS:
        raise FormError(NO_SUCH, name="sort", value=sort[:40])
    return Filter(
        check=_check(name) if name else None, organisation=given.get("organisation", "")[:200],
        commune=given.get("commune", "")[:20], office=given.get("office", "")[:200], sort=sort,
        down=given.get("down") == "1", page=max(1, whole_number(given.get("page") or "1")),
    )  # fmt: skip


def _rank() -> tuple[str, str, bool]:
    """Return what is ranked, by which column, and whether the most stand first."""
    by, sort = request.args.get("by") or "organisation", request.args.get("rank") or "failures"
    for name, value, known in (("by", by, BY), ("rank", sort, RANK_SORTS)):
        if value not in known:
            raise FormError(NO_SUCH, name=name, value=value[:40])
    return by, sort, request.args.get("most", "1") == "1"


def _check(name: str) -> Check:
    found = next((each for each in Check if each.value.replace(" ", "-") == name), None)
    if found is None:
        raise FormError(NO_CHECK, name=name[:40])
    return found


def _day(asked: Asked) -> str:
    """Return the day asked for; nobody looks after demonstration data since their own day."""
    given = request.args.get("day", "").strip()[:10]
    its_own = asked.province.data_date if asked.province.synthetic else None
    return given or its_own or ""


def _here(asked: Asked) -> Any:
    """Return the function that gives this page's address with some of its choices changed."""
    now = {name: request.args[name] for name in ASKED if request.args.get(name)}

    def address(endpoint: str = "compliance.show", /, **changed: object) -> str:
        given = {name: value for name, value in (now | changed).items() if value is not None}
        plain = url_for(endpoint, province=asked.province.code)
        return f"{plain}?{urlencode(given)}" if given else plain

    return address


def _first_day(counts: tuple[Count, ...]) -> str:
    return counts[0].day if counts else ""


def _record(asked: Asked, failure: Failure) -> str:
    """Return the address of the record of a failure, empty where it has no page for the user."""
    if failure.record not in PAGES:
        return ""
    page, name = PAGES[failure.record]
    if not reachable(page):
        return ""
    key: object = failure.record_id
    if failure.record is Record.STAFF:
        key = handle(store(), asked.province.code, failure.record_id)
    return asked.url(page, **{name: int(failure.record_id) if name == "number" else key})


def _step(asked: Asked, line: Line) -> tuple[str, str] | None:
    """Return what the next step is called and its address, None where there is no page for it."""
    it = line.failure
    places: Mapping[Check, tuple[str, str, dict[str, object]]] = {
        Check.NO_PERMANENT_STAFF: (N_("propose another kind"), "proposal_forms.new",
                                   {"kind": ProposalKind.KIND.value, "point": it.record_id}),
        Check.POINT_INACTIVE: (N_("propose that it ends"), "proposal_forms.new",
                               {"kind": ProposalKind.CLOSE.value, "point": it.record_id}),
        Check.COMMUNE_UNSTAFFED: (N_("try points there"), "communes.sheet",
                                  {"code": it.commune_code}),
        Check.FORMER_COMMUNE_UNSTAFFED: (N_("try points there"), "communes.sheet",
                                         {"code": it.commune_code}),
        Check.TOO_FEW_POINTS: (N_("its points"), "register.points",
                               {"organisation": it.organisation_code}),
        Check.CONTRACT_EXPIRED: (N_("its points"), "register.points",
                                 {"organisation": it.organisation_code}),
    }  # fmt: skip
    if it.check is Check.INSPECTION_OVERDUE and it.record is Record.POINT:
        text, page = N_("write an inspection down"), "register_inspections.new"
        values: dict[str, object] = {"point": it.record_id}
    elif it.check in places:
        text, page, values = places[it.check]
    else:
        return None
    if not reachable(page) or not all(values.values()):
        return None
    return say(text), asked.url(page, **values)


def _rule(check: Check) -> Rule:
    """Return the rule that the form describes."""
    form = request.form
    amount = form.get("amount", "").strip()
    return Rule(
        check, " ".join(form.get("clause", "").split()), whole_number(amount) if amount else None,
        form.get("first", "").strip(), form.get("last", "").strip(),
    )  # fmt: skip


def _rules_page(asked: Asked, refusal: Refusal | None = None) -> str:
    province, now = asked.province.code, today()
    found = rules.all_rules(store(), province)
    return render_template(
        "compliance/rules.html", asked=asked, today=now, names=CHECK_NAMES, checks=list(Check),
        edits=may(user(), Action.MANAGE, Thing(province)), amounts=rules.AMOUNTS,
        now=[each for each in found if each.holds(now)],
        later=[each for each in found if each.valid_from > now],
        over=[each for each in found if each.valid_to and each.valid_to < now],
        state=rules.state_of(found), typed=request.form,
        refusal=None if refusal is None else refusal.sentence(say, count),
        saved=request.args.get("saved") == "1",
    )  # fmt: skip
