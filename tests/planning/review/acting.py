"""People of every role, and one function that lets them try any step of a proposal."""

from dataclasses import replace

from planning.model.people import Action, Grant, Role, User
from planning.model.proposals import Condition, Content, Met, ProposalKind, Reason, SiteCheck
from planning.services.review import deciding, drafting, putting, steps
from planning.services.review.deciding import Verdict
from planning.services.review.drafting import Edit
from planning.services.review.steps import Ask
from tests.toy import district

PROVINCE = district.PROVINCE
POST, OTHER = "1234567890", "0987654321"


def person(name: str, role: Role, province: str = PROVINCE, **more) -> User:
    return User(name, grants=(Grant(role, province, **more),))


CHECKED_COMMUNES = frozenset(district.CODES)
PEOPLE = {
    "viewer": person("viewer", Role.VIEWER),
    "planner": person("planner", Role.PLANNER),
    "post": person("post", Role.ORGANISATION, organisation=POST),
    "other": person("other", Role.ORGANISATION, organisation=OTHER),
    "checker": person("checker", Role.CHECKER, communes=CHECKED_COMMUNES),
    "idle": person("idle", Role.CHECKER, communes=frozenset({"99999"})),
    "reviewer": person("reviewer", Role.REVIEWER),
    "approver": person("approver", Role.APPROVER),
    "administrator": person("administrator", Role.ADMINISTRATOR),
    "neighbour": User("neighbour", grants=tuple(Grant(each, "97") for each in Role)),
    "nobody": User("nobody"),
    "locked": User("locked", grants=tuple(Grant(each, PROVINCE) for each in Role), active=False),
}


def content(x: float = 7.0, y: float = 1.0, name: str = "Bưu cục Mới", **more) -> Content:
    lon, lat = district.degrees([(x, y)])[0]
    more = {"kind": ProposalKind.OPEN, "organisation": POST, **more}
    return Content(name=name, lon=float(lon), lat=float(lat), **more)


def at(proposal, **more) -> Ask:
    more = {"action": Action.VIEW, **more}
    return Ask(proposal.province, proposal.number, proposal.version, **more)


def checked(passed: bool = True) -> SiteCheck:
    return SiteCheck("checker", "2026-11-20", (Condition("BH", Met.YES),), passed=passed)


def attempt(store, user: User, action: Action, proposal, version: int | None = None):
    """Let somebody try a step with what it needs, as a page would."""
    ask = Ask(proposal.province, proposal.number,
              proposal.version if version is None else version, action,
              reason="vì thế", document="12/QĐ-BHXH")  # fmt: skip
    if action in ON_ALL:
        return ON_ALL[action](store, user, [ask])[0]
    if action is Action.EDIT:
        return drafting.edit(store, user, ask, Edit(proposal.content))
    return ON_ONE.get(action, steps.act)(store, user, ask)


ON_ONE = {
    Action.SUBMIT: drafting.submit,
    Action.WITHDRAW: drafting.withdraw,
    Action.ASK_MORE: lambda *asked: deciding.ask_more(*asked, [("name", "Ghi rõ tên")]),
    Action.CHECK: lambda *asked: steps.act(*asked, _with_check),
    Action.FINISH_CHECK: lambda *asked: steps.act(*asked, _with_check),
    Action.LIFT: deciding.lift,
    Action.REVOKE: deciding.revoke,
    Action.COMMENT: lambda *asked: deciding.comment(*asked, "xem lại"),
    Action.START: lambda *asked: putting.start(*asked, "2026-12-01"),
    Action.SUSPEND: putting.suspend,
    Action.RESUME: putting.resume,
    Action.END: lambda *asked: putting.end(*asked, "2027-01-31"),
}
ON_ALL = {
    Action.APPRAISE: deciding.appraise,
    Action.APPROVE: deciding.approve,
    Action.REJECT: lambda *asked: deciding.reject(*asked, [Verdict(Reason.NEED, "ít người")]),
    Action.ASSIGN: lambda *asked: deciding.assign(*asked, "reviewer", "2026-12-01"),
    Action.ISSUE_CODE: putting.issue_codes,
    Action.PUBLISH: putting.publish,
}


def _with_check(_db, then):
    return replace(then, check=checked())
