"""Who may do what to which proposal in which state: the whole grid, held against tables written here."""

from itertools import product

import pytest

from planning.model.people import (
    EVERYWHERE,
    Action,
    ForbiddenError,
    Grant,
    Role,
    Thing,
    User,
    local_user,
    may,
    may_some,
    require,
)
from planning.model.proposals import ProposalKind, State, after, possible

HERE, THERE = "91", "40"
OWN, OTHER = "0101010101", "0202020202"
ITS, FAR = "30337", "30340"
OFFICE, OTHER_OFFICE = "BHXH cơ sở Long Xuyên", "BHXH cơ sở Châu Đốc"

# x: anywhere in the province; own: of its own organisation; its: in its communes; –: never.
# * beside it: not to a proposal they wrote themselves.
WHO = """
                 viewer  planner  organisation  checker  reviewer  approver  administrator
view             x       x        –             x        x         x         x
plan             –       x        –             –        –         –         –
standard         –       x        –             –        –         –         –
import           –       x        –             –        –         –         –
see people       –       x        own           its      x         x         –
see proposal     x       x        own           its      x         x         x
propose          –       x        own           –        –         –         –
edit             –       x        own           –        –         –         –
submit           –       x        own           –        –         –         –
withdraw         –       x        own           –        –         –         –
begin check      –       –        –             its      x         –         –
check            –       –        –             its*     –         –         –
finish check     –       –        –             its*     –         –         –
ask more         –       –        –             its      x         x         –
measure          –       x        –             –        x         x         –
appraise         –       –        –             –        x*        –         –
approve          –       –        –             –        –         x*        –
reject           –       –        –             –        –         x*        –
lift             –       –        –             –        –         x         –
revoke           –       –        –             –        –         x         –
issue code       –       –        –             –        x         x         –
publish          –       –        –             –        x         x         –
start            –       –        –             –        x         x         –
suspend          –       –        –             –        x         x         –
resume           –       –        –             –        x         x         –
end              –       –        –             –        –         x         –
assign           –       –        –             –        x         x         –
comment          –       x        own           its      x         x         –
attach           –       x        own           its      x         x         –
see register     x       x        own           its      x         x         x
register         –       x        –             –        –         –         –
inspect          –       x        –             its      x         –         –
publish lists    –       –        –             –        x         x         –
round            –       –        –             –        x         x         –
audit            –       –        –             –        x         x         x
manage           –       –        –             –        –         –         x
"""
# Which steps a proposal to open or move a point can take, and where they lead; ~: it stays.
STEPS = """
draft          edit ~, submit submitted, withdraw withdrawn, measure ~, assign ~
submitted      begin check checking, ask more → more wanted, withdraw withdrawn, measure ~, assign ~
checking       check ~, finish check checked, ask more → more wanted, withdraw withdrawn, measure ~, assign ~
more wanted    edit ~, submit submitted, withdraw withdrawn, measure ~, assign ~
checked        appraise appraised, ask more → more wanted, withdraw withdrawn, measure ~, assign ~
appraised      approve approved, reject → not approved, ask more → more wanted, withdraw withdrawn, measure ~, assign ~
approved       issue code → code issued, publish published, revoke ended, assign ~
not approved   lift ~
code issued    publish published, revoke ended, assign ~
published      start operating, revoke ended, assign ~
operating      suspend suspended, end ended
suspended      resume operating, end ended
ended
withdrawn
"""
# Points that close or change their kind get no code; one that closes is not started, but ends.
OTHERWISE = {
    ProposalKind.KIND: {"approved": "publish published, revoke ended, assign ~"},
    ProposalKind.CLOSE: {
        "approved": "publish published, revoke ended, assign ~",
        "published": "end ended, revoke ended, assign ~",
    },
}  # fmt: skip
ANYWHERE = ("comment", "attach")  # in every state once there is a proposal


def rows() -> dict[tuple[str, str], str]:
    """Return by action and role what the table says."""
    lines = WHO.strip("\n").split("\n")
    roles = lines[0].split()
    return {
        (line[:17].strip(), role): cell
        for line in lines[1:]
        for role, cell in zip(roles, line[17:].split(), strict=True)
    }


def steps(kind: ProposalKind) -> dict[tuple[str, str], str]:
    """Return by action and state the state that a step of a proposal leads to."""
    names = sorted(map(str, Action), key=len, reverse=True)
    found = {}
    for line in STEPS.strip().split("\n"):
        state = line[:15].strip()
        told = OTHERWISE.get(kind, {}).get(state, line[15:])
        if kind is ProposalKind.CLOSE and state in ("operating", "suspended"):
            told = ""
        if state == "code issued" and kind in OTHERWISE:
            told = "assign ~"
        for each in filter(None, (part.strip() for part in told.split(","))):
            action = next(name for name in names if each.startswith(name))
            then = each.removeprefix(action).replace("→", "").strip()
            found[action, state] = state if then == "~" else then
        found |= {(action, state): state for action in ANYWHERE}
    return found


EXPECTED = rows()


def grants(role: Role) -> Grant:
    more = {Role.ORGANISATION: {"organisation": OWN}, Role.CHECKER: {"office": OFFICE}}
    return Grant(role, HERE, **more.get(role, {}))


def expected(cell: str, thing: Thing, name: str) -> bool:
    reach = cell.rstrip("*")
    if cell == "–" or thing.province != HERE or (cell.endswith("*") and thing.proposed_by == name):
        return False
    if reach == "own":
        return thing.organisation == OWN
    return thing.office == OFFICE if reach == "its" else True


def test_the_table_names_every_action_and_role():
    assert {each for each, _ in EXPECTED} == set(Action)
    assert {each for _, each in EXPECTED} == set(Role)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_every_role_may_do_what_the_table_says_and_nothing_else(role, action):
    user = User("an", grants=(grants(role),))
    places = ((ITS, OFFICE), (FAR, OTHER_OFFICE), ("", ""))
    for province, organisation, (commune, office), by in product(
        (HERE, THERE), (OWN, OTHER, ""), places, ("an", "binh", "")
    ):
        thing = Thing(province, organisation, commune, office, by)
        wanted = expected(EXPECTED[action, role], thing, "an")
        assert may(user, action, thing) is wanted, thing
        if wanted:
            require(user, action, thing)
        else:
            with pytest.raises(ForbiddenError):
                require(user, action, thing)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(ProposalKind))
def test_the_grid_of_role_action_and_state(role, kind):
    """A step is taken where the role may and the state allows it: both tables together."""
    table = steps(kind)
    user = User("an", grants=(grants(role),))
    own = Thing(HERE, OWN, ITS, OFFICE, "binh")
    living = [each for each in State if each is not State.NONE]
    for action, state in product(Action, living):
        then = after(action, kind, state)
        taken = may(user, action, own) and then is not None
        allowed = expected(EXPECTED[action, role], own, "an")
        assert taken is (allowed and (str(action), str(state)) in table), (action, state)
        if then is not None:
            assert str(then) == table[str(action), str(state)]
    for state in living:
        offered = {str(each) for each in possible(kind, state)}
        assert offered == {action for action, at in table if at == state}


def test_somebody_without_a_role_or_locked_may_do_nothing():
    locked = User("an", grants=tuple(grants(role) for role in Role), active=False)
    for user, action in product((User("an"), locked), Action):
        assert not may(user, action, Thing(HERE, OWN, ITS, OFFICE))
        assert not may_some(user, action, HERE)
    assert locked.provinces == frozenset()


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_an_address_opens_for_whom_something_of_the_province_is_allowed(role, action):
    user = User("an", grants=(grants(role),))
    assert may_some(user, action, HERE) is (EXPECTED[action, role] != "–")
    assert not may_some(user, action, THERE)


def test_a_checker_reaches_by_office_by_commune_or_everywhere():
    by_commune = User("an", grants=(Grant(Role.CHECKER, HERE, communes=frozenset({ITS})),))
    everywhere = User("an", grants=(Grant(Role.CHECKER, HERE, office=EVERYWHERE),))
    nowhere = User("an", grants=(Grant(Role.CHECKER, HERE),))
    near, far = Thing(HERE, OWN, ITS, OFFICE), Thing(HERE, OWN, FAR, OTHER_OFFICE)
    unknown = Thing(HERE, OWN)
    assert [may(by_commune, Action.CHECK, each) for each in (near, far, unknown)] == [True, False, False]  # fmt: skip
    assert [may(everywhere, Action.CHECK, each) for each in (near, far, unknown)] == [True] * 3
    assert not any(may(nowhere, Action.CHECK, each) for each in (near, far, unknown))


def test_two_roles_do_not_reach_farther_together_than_each():
    user = User("an", grants=(Grant(Role.PLANNER, HERE), Grant(Role.APPROVER, THERE)))
    assert may(user, Action.PROPOSE, Thing(HERE))
    assert may(user, Action.APPROVE, Thing(THERE))
    assert not may(user, Action.APPROVE, Thing(HERE))
    assert not may(user, Action.PROPOSE, Thing(THERE))


def test_nobody_judges_what_they_wrote_but_the_one_user_of_a_machine():
    every = User("an", grants=tuple(grants(role) for role in Role))
    mine, yours = Thing(HERE, OWN, ITS, OFFICE, "an"), Thing(HERE, OWN, ITS, OFFICE, "binh")
    judging = {action for action, _ in EXPECTED if any(
        EXPECTED[action, role].endswith("*") for role in Role)}  # fmt: skip
    for action in judging:
        assert not may(every, action, mine)
        assert may(every, action, yours)
    alone = local_user(frozenset({HERE}))
    assert all(may(alone, Action(each), Thing(HERE, "", ITS, "", alone.name)) for each in judging)


def test_the_one_user_of_a_machine_may_do_everything_in_its_provinces():
    alone = local_user(frozenset({HERE}))
    assert all(may(alone, action, Thing(HERE, OTHER, FAR, OTHER_OFFICE)) for action in Action)
    assert not any(may(alone, action, Thing(THERE)) for action in Action)
