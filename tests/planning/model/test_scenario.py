"""A scenario as a list of steps: undone and redone it is what it was; ids never come twice."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.model.errors import RequestError
from planning.model.scenario import Change, ChangeKind, Outline, Scenario, outline

EMPTY = Scenario(1, "98", "Thử", "", "2025-07-01", "f", 1, (), 0, "ai", "2026", "ai", "2026")
POINTS = ("P000", "P001", "P002")
LON, LAT = st.floats(104.0, 106.0), st.floats(9.0, 11.0)


def add(lon: float = 105.0, lat: float = 10.0, **more: str) -> Change:
    return Change(ChangeKind.ADD, lon=lon, lat=lat, **more)


@st.composite
def changes(draw) -> Change:
    """Draw a change that may or may not be possible."""
    kind = draw(st.sampled_from(list(ChangeKind)))
    point = draw(st.sampled_from([*POINTS, "+1", "+2", "+3", "@1", "@2"]))
    lon, lat = draw(LON), draw(LAT)
    match kind:
        case ChangeKind.ADD | ChangeKind.LOCK_OUT:
            return Change(kind, lon=lon, lat=lat)
        case ChangeKind.MOVE:
            return Change(kind, point, lon, lat)
        case ChangeKind.KIND:
            return Change(kind, point, to=draw(st.sampled_from(["direct", "online", "mobile"])))
        case ChangeKind.LOCK_IN if draw(st.booleans()):
            return Change(kind, lon=lon, lat=lat)
        case _:
            return Change(kind, point)


class Naive:
    """The same rules written as plain dictionaries, changed in place."""

    def __init__(self) -> None:
        self.points: dict[str, dict[str, object]] = {name: {} for name in POINTS}
        self.added: dict[str, tuple[float, float, str]] = {}
        self.locks: dict[str, tuple[float, float, bool]] = {}
        self.held: set[str] = set()

    def do(self, change: Change) -> None:
        name, kind = change.point_id, change.kind
        if kind == "add":
            self.added[name] = (change.lon, change.lat, change.to or "direct")
        elif kind in ("lock-in", "lock-out") and change.lon is not None:
            self.locks[name] = (change.lon, change.lat, kind == "lock-in")
        elif kind == "lock-in":
            self.held.add(name)
        elif kind == "restore":
            self.take_back(name)
        elif name in self.added:
            self.do_to_added(change)
        else:
            self.points[name] |= {
                "move": {"lon": change.lon, "lat": change.lat}, "kind": {"kind": change.to},
                "close": {"status": "closed"}, "open": {"status": "open"},
            }[str(kind)]  # fmt: skip

    def take_back(self, name: str) -> None:
        if name in self.locks:
            del self.locks[name]
        elif name in self.held:
            self.held.remove(name)
        else:
            self.points[name] = {}

    def do_to_added(self, change: Change) -> None:
        lon, lat, now = self.added.pop(change.point_id)
        if change.kind == "move":
            self.added[change.point_id] = (change.lon, change.lat, now)
        elif change.kind == "kind":
            self.added[change.point_id] = (lon, lat, change.to)

    def seen(self) -> object:
        return ({name: it for name, it in self.points.items() if it}, self.added, self.locks, self.held)  # fmt: skip


def seen(found: Outline) -> object:
    altered = {
        name: {key: getattr(it, key) for key in ("lon", "lat", "kind", "status")
               if getattr(it, key) is not None}
        for name, it in found.altered.items()
    }  # fmt: skip
    added = {name: (it.lon, it.lat, it.kind) for name, it in found.added.items()}
    locks = {name: (it.lon, it.lat, it.inside) for name, it in found.locks.items()}
    return altered, added, locks, set(found.held)


def grown(wanted: list[Change]) -> Scenario:
    """Return the scenario after those of the changes that are possible, a step each."""
    made = EMPTY
    for each in wanted:
        try:
            made = made.with_step([each])
        except RequestError:
            continue
    return made


@settings(max_examples=150, deadline=None)
@given(st.lists(changes(), max_size=25))
def test_the_outline_is_what_plain_dictionaries_hold(wanted):
    made = grown(wanted)
    naive = Naive()
    for each in made.changes:
        naive.do(each)
    assert seen(made.outline) == naive.seen()


@settings(max_examples=150, deadline=None)
@given(st.lists(changes(), max_size=20), st.data())
def test_undone_and_redone_it_is_what_it_was_at_every_step(wanted, data):
    made = grown(wanted)
    states = [outline(each for step in made.steps[:at] for each in step)
              for at in range(len(made.steps) + 1)]  # fmt: skip
    now = made
    for _ in range(12):
        if data.draw(st.booleans()) and now.can_undo:
            now = now.undone()
        elif now.can_redo:
            now = now.redone()
        assert now.outline == states[now.cursor]
        assert now.steps == made.steps
    while now.can_redo:
        now = now.redone()
    assert now == made


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(changes(), st.sampled_from(["undo"])), max_size=25))
def test_what_is_new_never_bears_a_name_that_is_in_use(wanted):
    now = EMPTY
    for each in wanted:
        before = now
        try:
            now = now.undone() if each == "undo" else now.with_step([each])
        except RequestError:
            assert now == before
            continue
        if each != "undo":
            new = [it.point_id for it in now.steps[-1] if it.kind == "add"]
            used = {it.point_id for it in before.changes}
            assert not used & set(new)
            assert len(set(new)) == len(new)


def test_every_change_comes_back_from_its_plain_values():
    for each in (add(name="A", host="B", comment="C"), Change(ChangeKind.CLOSE, "P000"),
                 Change(ChangeKind.KIND, "P001", to="online"), add(0.0, 0.0)):  # fmt: skip
        assert Change.of(each.as_dict()) == each


def test_a_new_step_drops_what_was_undone():
    made = EMPTY.with_step([add()]).with_step([add(105.1)]).undone().with_step([add(105.2)])
    assert [it.lon for it in made.outline.added.values()] == [105.0, 105.2]
    assert not made.can_redo


def test_one_step_of_many_is_undone_at_once():
    made = EMPTY.with_step([add(105.0), add(105.1), Change(ChangeKind.CLOSE, "P000")])
    assert sorted(made.outline.added) == ["+1", "+2"]
    assert made.undone().outline == Outline()


def test_a_held_point_is_let_go_before_it_changes():
    held = EMPTY.with_step([Change(ChangeKind.LOCK_IN, "P000")])
    for kind in (ChangeKind.CLOSE, ChangeKind.OPEN):
        with pytest.raises(RequestError, match="locked in"):
            held.with_step([Change(kind, "P000")])
    free = held.with_step([Change(ChangeKind.RESTORE, "P000")])
    assert free.with_step([Change(ChangeKind.CLOSE, "P000")]).outline.altered["P000"].status == "closed"  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ChangeKind.ADD}, {"kind": ChangeKind.ADD, "lon": 105.0},
        {"kind": ChangeKind.ADD, "lon": float("nan"), "lat": 10.0},
        {"kind": ChangeKind.MOVE, "point_id": "P000", "lon": 181.0, "lat": 10.0},
        {"kind": ChangeKind.KIND, "point_id": "P000", "to": "flying"},
        {"kind": ChangeKind.ADD, "lon": 1.0, "lat": 1.0, "name": "a\tb"},
    ],
)  # fmt: skip
def test_a_change_that_says_nothing_possible_is_never_made(wrong):
    with pytest.raises(RequestError):
        Change(**wrong)


def test_nothing_and_too_much_are_refused():
    with pytest.raises(RequestError, match="Nothing"):
        EMPTY.with_step([])
    with pytest.raises(RequestError, match="nothing to undo"):
        EMPTY.undone()
    full = replace(EMPTY, steps=((add(),) * 2000,), cursor=1)
    with pytest.raises(RequestError, match="2000"):
        full.with_step([add()])
