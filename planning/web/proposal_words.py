"""What the pages call the kinds, states, steps, reasons and fields of proposals."""

from collections.abc import Callable, Mapping
from typing import Any

from geo.errors import N_
from planning.language import day as day_in
from planning.model.people import Action
from planning.model.proposals import STATE_NAMES, Met, ProposalKind, Reason, State
from planning.web.language import count, current, say

A, K, S, R = Action, ProposalKind, State, Reason
KINDS: Mapping[ProposalKind, str] = {
    K.OPEN: N_("open a point"), K.MOVE: N_("move a point"), K.CLOSE: N_("end a point"),
    K.KIND: N_("change the kind of a point"),
}  # fmt: skip
POINT_KINDS: Mapping[str, str] = {
    "direct": N_("direct (staffed)"), "online": N_("online"), "mobile": N_("mobile session"),
}  # fmt: skip
STATES = STATE_NAMES
# How a state is drawn: under way, waiting for the proposer, decided for, in force, against, over.
LOOKS: Mapping[State, str] = {
    S.DRAFT: "draft", S.SUBMITTED: "way", S.CHECKING: "way", S.MORE_WANTED: "wanted",
    S.CHECKED: "way", S.APPRAISED: "way", S.APPROVED: "yes", S.CODE_ISSUED: "yes",
    S.PUBLISHED: "yes", S.OPERATING: "force", S.SUSPENDED: "over", S.ENDED: "over",
    S.NOT_APPROVED: "no", S.WITHDRAWN: "over",
}  # fmt: skip
LOOK_NAMES: Mapping[str, str] = {
    "draft": N_("draft"), "way": N_("under way"), "wanted": N_("more information wanted"),
    "yes": N_("approved"), "force": N_("operating"), "no": N_("not approved"),
    "over": N_("suspended, ended or withdrawn"),
}  # fmt: skip
# What a button says.
STEPS: Mapping[Action, str] = {
    A.PROPOSE: N_("Make a proposal"), A.EDIT: N_("Edit"), A.SUBMIT: N_("Send in"),
    A.WITHDRAW: N_("Withdraw"), A.BEGIN_CHECK: N_("Begin the check on site"),
    A.CHECK: N_("Write down the check"), A.FINISH_CHECK: N_("Finish the check"),
    A.ASK_MORE: N_("Ask for more information"), A.MEASURE: N_("Compute the figures again"),
    A.APPRAISE: N_("Appraise"), A.APPROVE: N_("Approve"), A.REJECT: N_("Do not approve"),
    A.REVOKE: N_("Take the approval back"),
    A.LIFT: N_("Let the place be suggested again"), A.ISSUE_CODE: N_("Issue the official code"),
    A.PUBLISH: N_("Note as published"), A.START: N_("Put into operation"),
    A.SUSPEND: N_("Suspend"), A.RESUME: N_("Resume"), A.END: N_("End"),
    A.ASSIGN: N_("Assign"), A.COMMENT: N_("Comment"), A.ATTACH: N_("Add a file"),
}  # fmt: skip
# What waits for somebody, by the step that takes it on.
WAITING: Mapping[Action, str] = {
    A.SUBMIT: N_("%(count)s proposals are yours to complete and send in"),
    A.BEGIN_CHECK: N_("%(count)s proposals wait for a check on site to begin"),
    A.FINISH_CHECK: N_("%(count)s checks on site are to be finished"),
    A.APPRAISE: N_("%(count)s proposals wait for you to appraise them"),
    A.APPROVE: N_("%(count)s proposals wait for your decision"),
    A.ISSUE_CODE: N_("%(count)s approved points wait for their official code"),
    A.PUBLISH: N_("%(count)s approved proposals are to be published"),
    A.START: N_("%(count)s published proposals are to be put into operation"),
    A.END: N_("%(count)s published endings are to be carried out"),
}
# The states in which a proposal waits for a step: where a line of `WAITING` leads.
WAITS_IN: Mapping[Action, tuple[State, ...]] = {
    A.SUBMIT: (S.DRAFT, S.MORE_WANTED), A.BEGIN_CHECK: (S.SUBMITTED,),
    A.FINISH_CHECK: (S.CHECKING,), A.APPRAISE: (S.CHECKED,), A.APPROVE: (S.APPRAISED,),
    A.ISSUE_CODE: (S.APPROVED,), A.PUBLISH: (S.APPROVED, S.CODE_ISSUED), A.START: (S.PUBLISHED,),
    A.END: (S.PUBLISHED,),
}  # fmt: skip
REASONS: Mapping[Reason, str] = {
    R.CONDITIONS: N_("conditions not met on site"),
    R.OVERLAP: N_("who is served there is served already"), R.NEED: N_("too few people"),
    R.ORGANISATION: N_("the organisation"), R.PLACE: N_("the place: flood, access, ownership"),
    R.COST: N_("the cost"), R.BETTER: N_("another place is better"), R.OTHER: N_("another reason"),
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    "name": N_("Name of the point"), "kind": N_("What is asked"), "lat": N_("Latitude"),
    "lon": N_("Longitude"), "point_id": N_("Listed point"), "point_kind": N_("Kind of point"),
    "organisation": N_("Organisation"), "host": N_("Host"), "host_type": N_("Kind of place"),
    "address": N_("Address"), "opening_hours": N_("Opening hours"), "cost": N_("Cost (đồng)"),
    "staff": N_("Staff intended"), "conditions": N_("Conditions"), "note": N_("Note"),
}  # fmt: skip
METS: Mapping[Met, str] = {
    Met.YES: N_("met"), Met.NO: N_("not met"), Met.UNKNOWN: N_("not known"),
}  # fmt: skip
FIRMNESS: Mapping[str, str] = {
    "firm": N_("firm"), "likely": N_("likely"), "depends": N_("depends on circumstances"),
}  # fmt: skip
LONGEST = 300
NO_ORGANISATION = N_("none yet")
PLACE = N_("Latitude; longitude")


def value(field: str, given: Any) -> str:
    """Return a field of a proposal as the reader writes it; a dash for nothing."""
    if given in (None, "", [], ()):
        return "–"
    if field in _WRITTEN:
        return _WRITTEN[field](given)
    return count(given) if isinstance(given, int) else short(given)


def _staff(given: Any) -> str:
    return count(given) if isinstance(given, int) else ", ".join(map(str, given))


def _conditions(given: Any) -> str:
    met = sum((each["met"] if isinstance(each, dict) else each.met) == Met.YES for each in given)
    return say(N_("%(met)s of %(all)s met")) % {"met": met, "all": len(given)}


def written_day(iso: str) -> str:
    """Return a day as the reader writes it."""
    return day_in(iso, current())


def degrees(given: float) -> str:
    """Return degrees with six places and the decimal sign of the reader."""
    text = f"{given:.6f}"
    return text.replace(".", ",") if current() == "vi" else text


def short(text: Any) -> str:
    """Return a text, cut where it is too long to be told in a line."""
    text = str(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "kind": lambda given: say(KINDS[ProposalKind(given)]),
    "point_kind": lambda given: say(POINT_KINDS.get(given, given)),
    "conditions": _conditions, "staff": _staff, "lon": degrees, "lat": degrees,
}  # fmt: skip
