"""The form of a question: what it says is what a file would say, and back without loss."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from planning.model.asking import Effort, Method, Objective, SuggestionAsk
from planning.model.standards import TerrainClass
from planning.model.wishes import (
    AskError,
    Budget,
    CandidateKind,
    Capacity,
    Existing,
    Group,
    Limits,
    RuleWishes,
    Variation,
)
from planning.siting.stating.asking import ask_of, question_of
from planning.web.question_form import field_of, form_of, read, shown, values_of
from planning.web.question_words import LABELS, label, told

NAMES = st.text(string.ascii_letters + "ăđê :,“-", min_size=1, max_size=12).map(str.strip).filter(bool)  # fmt: skip
CODES = st.lists(st.integers(0, 99999).map("{:05}".format), max_size=3, unique=True).map(tuple)
KM = st.none() | st.floats(0.01, 200, allow_nan=False)
SHARE = st.integers(10_000, 1_000_000).map(lambda each: each / 1_000_000)
DIFFER = st.integers(0, 900_000).map(lambda each: each / 1_000_000)
WHOLE = st.integers(0, 400)


def limits() -> st.SearchStrategy[Limits]:
    most = st.none() | st.integers(40, 500)
    return st.builds(Limits, st.integers(0, 40), most, CODES)


@st.composite
def groups(draw: st.DrawFn) -> tuple[Group, ...]:
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    made = []
    for name in names:
        communes = draw(CODES)
        terrain = None if communes else draw(st.sampled_from(TerrainClass))
        share = draw(st.none() | SHARE)
        points = draw(st.integers(1, 500)) if share is None else None
        made.append(Group(name, communes, terrain, share, points))
    return tuple(made)


@st.composite
def rules(draw: st.DrawFn) -> RuleWishes:
    places = draw(st.lists(NAMES, max_size=4, unique=True))
    kinds = st.lists(st.sampled_from(CandidateKind), max_size=3, unique=True)
    room = st.builds(Capacity, st.integers(1, 10**7), st.none() | st.integers(1, 10**7))
    return RuleWishes(
        draw(limits()), draw(limits()), draw(KM), draw(KM), tuple(draw(kinds)),
        tuple(draw(st.lists(NAMES, max_size=3, unique=True))), draw(KM),
        tuple(places[:2]), tuple(places[2:]), draw(st.none() | room), draw(groups()),
    )  # fmt: skip


@st.composite
def asks(draw: st.DrawFn) -> SuggestionAsk:
    costs = draw(st.dictionaries(NAMES, WHOLE, max_size=3))
    money = st.builds(Budget, st.integers(0, 10**9), WHOLE, st.just(tuple(sorted(costs.items()))))
    closable = draw(st.lists(NAMES, max_size=3, unique=True).map(tuple))
    moves = draw(st.integers(1, 500)) if closable else 0
    times = st.builds(Variation, NAMES, st.floats(0.2, 5.0, allow_nan=False), DIFFER)
    objective = draw(st.sampled_from(Objective))
    try:
        return SuggestionAsk(
            points=draw(st.integers(1, 500)), seed=draw(st.integers(0, 2**32 - 1)),
            objective=objective, effort=draw(st.sampled_from(Effort)),
            seconds=draw(st.none() | st.floats(0.1, 3600, allow_nan=False)),
            target=draw(SHARE) if objective is Objective.FEWEST_POINTS else None,
            fade=draw(st.none() | st.floats(1.1, 5.0, allow_nan=False)),
            budget=draw(st.none() | money), rules=draw(rules()),
            existing=Existing(closable, moves, draw(WHOLE) if closable else 0),
            firmness=draw(st.booleans()), polish=draw(st.booleans()),
            variations=tuple(draw(st.lists(times, max_size=3, unique_by=lambda one: one.name))),
        )  # fmt: skip
    except AskError:  # two wishes that contradict each other: keep a plain question
        return SuggestionAsk(points=draw(st.integers(1, 500)), rules=RuleWishes(groups=draw(groups())))  # fmt: skip


@given(asks(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_question_goes_into_the_form_and_comes_back_the_same(ask, comma):
    form = form_of(ask.as_dict(), comma=comma)
    values, wrongs = values_of(form)
    assert wrongs == []
    assert ask_of(values) == ask
    again, again_shown = read(form, {})
    assert again == ask
    assert again_shown.wrongs == {}


@given(st.dictionaries(st.sampled_from(sorted(LABELS)), st.text(max_size=30), max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_is_a_question_or_refused_at_its_field(typed):
    form = MultiDict(typed)
    ask, seen = read(form, {})
    assert (ask is None) == bool(seen.wrongs)
    for name, text in typed.items():
        assert seen.text(name) == text  # the form stands as it was
    if ask is not None:
        values, _ = values_of(form)
        assert question_of(values)[0].ask == ask


@pytest.mark.parametrize(
    ("text", "number"),
    [("600000", 600000), ("600.000", 600000), ("600 000", 600000), ("600,000", 600000),
     (" 7 ", 7), ("1.234.567", 1234567)],
)  # fmt: skip
def test_whole_numbers_may_be_grouped(text, number):
    values, wrongs = values_of(MultiDict({"budget.thousand_dong": text}))
    assert (values, wrongs) == ({"budget": {"thousand_dong": number}}, [])


@pytest.mark.parametrize("text", ["1.2", "6000.00", "x", "1e3", "４０", "9" * 50, "--1", "1,5"])
def test_what_is_no_whole_number_is_said_at_its_field(text):
    _, seen = read(MultiDict({"points": text}), {})
    assert list(seen.wrongs) == ["points"]


@pytest.mark.parametrize(("text", "km"), [("1,5", 1.5), ("1.5", 1.5), ("12", 12.0)])
def test_kilometres_take_a_comma_or_a_point(text, km):
    assert values_of(MultiDict({"rules.spacing_km": text}))[0] == {"rules": {"spacing_km": km}}


def test_everything_wrong_is_said_at_once_each_at_its_field():
    form = MultiDict({
        "points": "501", "rules.worst_km": "-3", "budget.default_cost": "5", "target": "60",
        "rules.per_commune.exempt": "30628, 12", "rules.groups[4].name": "Hải đảo",
        "rules.groups[4].communes": "30628", "budget.cost": "bưu cục 15000",
    })  # fmt: skip
    ask, seen = read(form, {})
    assert ask is None
    assert set(seen.wrongs) >= {
        "points", "rules.worst_km", "rules.per_commune.exempt", "budget.thousand_dong", "budget.cost",
    }  # fmt: skip
    assert seen.text("rules.groups[0].name") == "Hải đảo"  # the first row now
    assert seen.text("rules.groups[4].name") == ""


def test_what_contradicts_is_said_when_everything_else_is_right():
    form = MultiDict({"rules.groups[0].name": "A", "rules.groups[0].communes": "30628"})
    ask, seen = read(form, {})
    assert ask is None
    assert list(seen.wrongs) == ["rules.groups[0].share"]


def test_rows_left_empty_are_no_groups():
    form = MultiDict({f"rules.groups[{n}].{key}": "" for n in range(3) for key in ("name", "share")})  # fmt: skip
    assert read(form, {})[0] == SuggestionAsk()


def test_a_key_of_a_list_or_a_part_is_said_at_its_field():
    assert field_of("rules.locked_in[3]") == "rules.locked_in"
    assert field_of("rules.capacity") == "rules.capacity.people_per_point"
    assert field_of("variations[1].people") == "variations[1].people"
    assert field_of("budget.cost.bưu cục") == "budget.cost"
    assert label("rules.groups[2].share", str) == f"{LABELS['rules.groups']}: Served at least (%)"


def test_a_question_is_told_with_the_words_of_the_form():
    ask = SuggestionAsk(points=7, effort=Effort.QUICK, firmness=True, method=Method.COVERAGE,
                        rules=RuleWishes(spacing_km=1.5, kinds=(CandidateKind.HOST,)))  # fmt: skip
    words = dict(told(ask.as_dict(), str, comma=True))
    assert words[LABELS["points"]] == "7"
    assert words[LABELS["rules.spacing_km"]] == "1,5"
    assert words[LABELS["rules.kinds"]] == "places that could house a point"
    assert words[LABELS["firmness"]] == "yes"


def test_the_form_of_a_question_shows_what_it_holds():
    seen = shown(SuggestionAsk(points=12).as_dict(), comma=True)
    assert seen.text("points") == "12"
    assert seen.chosen("objective", "most people")
    assert not seen.any_of("rules.")
