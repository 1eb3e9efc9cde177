"""Who may do what: accounts, their roles in provinces, and the one question `may`."""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import N_
from planning.model.errors import PlanningError

FORBIDDEN = N_("You have no role that may do this here; ask the administrator of the province.")


class ForbiddenError(PlanningError):
    """Somebody asked for what their roles do not allow; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(FORBIDDEN)


class Role(StrEnum):
    """What somebody is in a province."""

    VIEWER = "viewer"
    PLANNER = "planner"
    ORGANISATION = "organisation"  # a service organisation: sees and proposes its own only
    CHECKER = "checker"  # of a BHXH cơ sở: checks on site in its communes only
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be asked for. Steps of a proposal carry the same name in `proposals.STEPS`."""

    VIEW = "view"  # maps, figures, gaps, plans, lists without personal data
    PLAN = "plan"  # suggestions, scenarios, comments on them
    STANDARD = "standard"
    IMPORT = "import"  # and undo, mend, settle, re-state
    SEE_PEOPLE = "see people"  # names, ids and telephones of staff
    SEE_PROPOSAL = "see proposal"
    PROPOSE = "propose"
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    BEGIN_CHECK = "begin check"
    CHECK = "check"  # write down what was found on site
    FINISH_CHECK = "finish check"
    ASK_MORE = "ask more"
    MEASURE = "measure"  # compute its figures again on the present data
    APPRAISE = "appraise"
    APPROVE = "approve"
    REJECT = "reject"
    REVOKE = "revoke"  # take an approval back before its point operates
    LIFT = "lift"  # let a rejected site be suggested again
    ISSUE_CODE = "issue code"
    PUBLISH = "publish"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    ASSIGN = "assign"  # to somebody, with a day by which it is due
    COMMENT = "comment"
    ATTACH = "attach"
    SEE_REGISTER = "see register"  # its records, targets and results; people apart
    REGISTER = "register"  # change records of the register by hand
    INSPECT = "inspect"  # write down inspections of points, and what was settled since
    PUBLISH_LISTS = "publish lists"  # the lists that the public reads
    ROUND = "round"  # make a review round and hand out its packet
    AUDIT = "audit"
    MANAGE = "manage"  # accounts, roles, checklist


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a province.

    `organisation` is the code of the organisation an `ORGANISATION` acts for; `office` the
    name of the BHXH cơ sở of a `CHECKER`, `communes` the codes of communes it looks after
    where the boundaries name no office.
    """

    role: Role
    province: str
    organisation: str = ""
    office: str = ""
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can sign in; `name` is what they sign in with and what events carry.

    `alone`: the only user of an installation on one machine, who may judge their own
    proposals because nobody else is there.
    """

    name: str
    full_name: str = ""
    grants: tuple[Grant, ...] = ()
    active: bool = True
    alone: bool = False

    def roles(self, province: str) -> frozenset[Role]:
        """Return their roles in a province."""
        return frozenset(each.role for each in self.grants if each.province == province)

    @property
    def provinces(self) -> frozenset[str]:
        """The codes of the provinces they have a role in: no other exists for them."""
        return frozenset(each.province for each in self.grants) if self.active else frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """What an action is done to.

    Of a proposal: `organisation` is the code of the organisation it is for, `commune` and
    `office` are where the point is or shall be, `proposed_by` is who wrote it. Of staff:
    their organisation, and commune and office of their point.
    """

    province: str
    organisation: str = ""
    commune: str = ""
    office: str = ""
    proposed_by: str = ""


_V, _P, _O, _C, _R, _A, _M = (
    Role.VIEWER, Role.PLANNER, Role.ORGANISATION, Role.CHECKER,
    Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR,
)  # fmt: skip
_PROPOSING, _DECIDING = frozenset({_P, _O}), frozenset({_R, _A})
_WORKING = frozenset({_P, _O, _C, _R, _A})
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.VIEW: frozenset(Role) - {_O},
    Action.PLAN: frozenset({_P}),
    Action.STANDARD: frozenset({_P}),
    Action.IMPORT: frozenset({_P}),
    Action.SEE_PEOPLE: _WORKING,
    Action.SEE_PROPOSAL: frozenset(Role),
    Action.PROPOSE: _PROPOSING,
    Action.EDIT: _PROPOSING,
    Action.SUBMIT: _PROPOSING,
    Action.WITHDRAW: _PROPOSING,
    Action.BEGIN_CHECK: frozenset({_C, _R}),
    Action.CHECK: frozenset({_C}),
    Action.FINISH_CHECK: frozenset({_C}),
    Action.ASK_MORE: frozenset({_C, _R, _A}),
    Action.MEASURE: frozenset({_P, _R, _A}),
    Action.APPRAISE: frozenset({_R}),
    Action.APPROVE: frozenset({_A}),
    Action.REJECT: frozenset({_A}),
    Action.REVOKE: frozenset({_A}),
    Action.LIFT: frozenset({_A}),
    Action.ISSUE_CODE: _DECIDING,
    Action.PUBLISH: _DECIDING,
    Action.START: _DECIDING,
    Action.SUSPEND: _DECIDING,
    Action.RESUME: _DECIDING,
    Action.END: frozenset({_A}),
    Action.ASSIGN: _DECIDING,
    Action.COMMENT: _WORKING,
    Action.ATTACH: _WORKING,
    Action.SEE_REGISTER: frozenset(Role),
    Action.REGISTER: frozenset({_P}),
    Action.INSPECT: frozenset({_P, _C, _R}),
    Action.PUBLISH_LISTS: _DECIDING,
    Action.ROUND: _DECIDING,
    Action.AUDIT: frozenset({_R, _A, _M}),
    Action.MANAGE: frozenset({_M}),
}
# Two pairs of eyes: nobody judges what they proposed themselves (OWASP ASVS 5.0, 2.3.5).
JUDGING = frozenset(
    {Action.CHECK, Action.FINISH_CHECK, Action.APPRAISE, Action.APPROVE, Action.REJECT}
)
# A field checker sees the whole province on the map, but works in its own communes only.
_WHOLE_PROVINCE = frozenset({Action.VIEW})


def may(user: User, action: Action, thing: Thing) -> bool:
    """Whether somebody may do `action` to `thing`: the one place where that is decided.

    A role counts in its own province alone. A service organisation reaches what is its own,
    a field checker the communes it looks after. Nobody judges their own proposal. Whether
    the state of a proposal allows a step is said by `planning.model.proposals.after`.
    """
    if not user.active or (action in JUDGING and thing.proposed_by == user.name and not user.alone):
        return False
    return any(
        each.province == thing.province
        and each.role in ALLOWED[action]
        and _reaches(each, action, thing)
        for each in user.grants
    )


def may_some(user: User, action: Action, province: str) -> bool:
    """Whether somebody may do `action` to anything of a province: what `may` is asked then."""
    return user.active and any(each.role in ALLOWED[action] for each in user.grants
                               if each.province == province)  # fmt: skip


def require(user: User, action: Action, thing: Thing) -> None:
    """Raise `ForbiddenError` unless somebody may do `action` to `thing`."""
    if not may(user, action, thing):
        raise ForbiddenError


def local_user(provinces: frozenset[str]) -> User:
    """Return the one user of an installation on one machine: every role of its provinces."""
    grants = tuple(
        Grant(role, province)
        for province in sorted(provinces)
        for role in Role
        if role not in (_O, _C)
    )
    checks = tuple(Grant(_C, province, office=EVERYWHERE) for province in sorted(provinces))
    return User("local", grants=(*grants, *checks), alone=True)


NOBODY = User("", active=False)  # who is not signed in
EVERYWHERE = "*"  # as the office of a checker: the whole province


def _reaches(grant: Grant, action: Action, thing: Thing) -> bool:
    if grant.role is _O:
        return bool(grant.organisation) and grant.organisation == thing.organisation
    if grant.role is _C and action not in _WHOLE_PROVINCE:
        return (
            grant.office == EVERYWHERE
            or (bool(grant.office) and grant.office == thing.office)
            or (bool(thing.commune) and thing.commune in grant.communes)
        )
    return True
