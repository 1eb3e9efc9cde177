"""A question written as a file: read whole, refused with everything that is wrong with it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.language import counting, speaker
from planning.model.asking import Effort, Method, Objective, SuggestionAsk
from planning.model.errors import QuestionError, RequestError
from planning.model.standards import CLASS_RADII_KM, ServiceStandard, TerrainClass
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
from planning.siting.stating.asking import ABOUT, KEYS, ask_of, question_of, read_question
from planning.siting.stating.strict_json import LARGEST_BYTES

README = Path(__file__).resolve().parents[3] / "README.md"
FIVE_RULES = {
    "province": "91",
    "valid_from": "2025-07-01",
    "standard": {"radii_km": {"urban": 2.5, "delta": 3}},
    "objective": "most people",
    "points": 25,
    "budget": {"thousand_dong": 600000, "default_cost": 40000, "cost": {"bưu cục": 15000}},
    "rules": {
        "per_commune": {"least": 1, "most": 12, "exempt": ["30628"]},
        "spacing_km": 1.5,
        "worst_km": 20,
        "capacity": {"people_per_point": 6000},
        "groups": [{"name": "Hải đảo", "terrain": "island", "share": 0.6}],
    },
}


def written(tmp_path, value) -> Path:
    path = tmp_path / "hoi.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def faults(tmp_path, value) -> list[str]:
    """Return what a file is refused with, line by line, without the first."""
    with pytest.raises(QuestionError) as refused:
        read_question(written(tmp_path, value))
    return [line.strip() for line in str(refused.value).split("\n")[1:]]


def test_five_rules_at_once_are_what_they_say(tmp_path):
    asked = read_question(written(tmp_path, FIVE_RULES))
    assert (asked.province, asked.valid_from) == ("91", "2025-07-01")
    radii = {**CLASS_RADII_KM, TerrainClass.URBAN: 2.5, TerrainClass.DELTA: 3.0}
    assert asked.standard == ServiceStandard(radii)
    assert asked.ask == SuggestionAsk(
        25,
        budget=Budget(600_000, 40_000, (("bưu cục", 15_000),)),
        rules=RuleWishes(
            per_commune=Limits(1, 12, ("30628",)), spacing_km=1.5, worst_km=20,
            capacity=Capacity(6000), groups=(Group("Hải đảo", terrain=TerrainClass.ISLAND, share=0.6),),
        ),
    )  # fmt: skip


def test_a_byte_order_mark_does_not_matter(tmp_path):
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"points": 3}).encode())
    assert read_question(path).ask == SuggestionAsk(3)


@pytest.mark.parametrize(
    ("value", "points"),
    [({}, 40), ({"budget": {"thousand_dong": 5}}, 500),
     ({"objective": "fewest points", "target": 0.5}, 500), ({"points": 7, "budget": {"thousand_dong": 5}}, 7)],
)  # fmt: skip
def test_the_number_of_points_may_be_left_away(value, points):
    assert question_of(value)[0].ask.points == points


def test_everything_wrong_is_said_at_once_with_file_key_value_and_mend(tmp_path):
    found = faults(tmp_path, """
        {"pionts": 3, "points": "12", "objective": "most", "seed": NaN, "seconds": 1e999,
         "polish": 1, "province": 91, "valid_from": "July", "standard": {"radius_km": 99},
         "existing": {"closable": ["P1"]},
         "budget": {"cost": {"a": "b"}},
         "rules": {"per_commune": {"least": -1, "most": 1.5, "exempt": [30628, "abc"]},
                   "spacing_km": true, "worst_km": 0, "kinds": ["hosts"], "capacity": {},
                   "groups": [{"name": "A", "share": 2, "points": 1}, 5]}}
    """)  # fmt: skip
    for start, part in {
        'hoi.json, "pionts"': "nearest to it is “points”",
        "hoi.json, points": 'whole number without quotes is needed, not "12"',
        "hoi.json, objective": 'fewest points”, “mean distance”, “worst distance”, not "most"',
        "hoi.json, seed": "not NaN",
        "hoi.json, seconds": "not 1e999",
        "hoi.json, polish": "true or false, not 1",
        "hoi.json, province": "“91”, in quotes, not 91",
        "hoi.json, valid_from": 'not "July"',
        "hoi.json, standard": "between 0.2 and 50.0 km; 99.0 does not",
        "hoi.json, existing.closable": "how many of them",
        "hoi.json, budget.cost.a": 'whole number without quotes is needed, not "b"',
        "hoi.json, budget.thousand_dong": "missing; add it",
        "hoi.json, rules.per_commune.least": "from 0 to 500, not -1",
        "hoi.json, rules.per_commune.most": "not 1.5",
        "hoi.json, rules.per_commune.exempt[0]": "“30628”, in quotes, not 30628",
        "hoi.json, rules.per_commune.exempt[1]": 'not "abc"',
        "hoi.json, rules.spacing_km": "not true",
        "hoi.json, rules.worst_km": "from 0.01 to 200.0, not 0",
        "hoi.json, rules.kinds[0]": 'not "hosts"',
        "hoi.json, rules.capacity.people_per_point": "missing; add it",
        "hoi.json, rules.groups[0].share": "from 0.0 to 1.0, not 2",
        "hoi.json, rules.groups[1]": "braces are needed, not 5",
    }.items():
        lines = [each for each in found if each.startswith(start + ":")]
        assert any(part in each for each in lines), (start, found)
    # The first group also names no communes, and wants a share and points at once.
    assert len([each for each in found if "groups[0]" in each]) == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [('{"points": 3, "points": 4}', 'hoi.json, "points": The key stands twice'),
     ('{"budget": {"thousand_dong": 1, "cost": {"a": 1, "a": 2}}}', "stands twice"),
     ("[1]", "hoi.json: Keys and values in braces are needed, not [1]"),
     ("12", "not 12"), ("", "no JSON at row 1"), ('{"points": 3', "no JSON at row 1, character 13"),
     ("{" * 9 + "}" * 9, "more than 8 deep"), ("[" * 100_000, "more than 8 deep"),
     (f'{{"points": {"9" * 5000}}}', "not 9999999"), ('{"points": 1e400}', "not 1e400"),
     ('{"points": -Infinity}', "not -Infinity"), ('{"points": 3} x', "no JSON"),
     ('{"seed": 1.0}', "not 1.0"), ('{"rules": null}', "not null"),
     ('{"rules": {"locked_in": ["a\\nb"]}}', "one line of 1 to 200 characters; “a?b” is not"),
     ('{"rules": {"locked_in": ["\\ud800"]}}', "characters; “?” is not"),
     ('{"\\ud800": 1}', "no such key"), ('{"rules": {"locked_in": [""]}}', "one line of 1 to 200")],
)  # fmt: skip
def test_what_is_no_question_is_refused(tmp_path, text, why):
    found = faults(tmp_path, text)
    assert len(found) == 1
    assert why in found[0]
    found[0].encode()  # can be printed


def test_other_encodings_and_huge_files_are_refused(tmp_path):
    path = tmp_path / "x.json"
    for body, why in (
        (b"\xff\xfe{\x00", "not text in UTF-8"),
        (b" " * (LARGEST_BYTES + 1), "larger than"),
    ):
        path.write_bytes(body)
        with pytest.raises(QuestionError, match=why):
            read_question(path)


def test_what_is_wrong_is_said_in_vietnamese_too(tmp_path):
    with pytest.raises(QuestionError) as refused:
        read_question(written(tmp_path, {"points": "3"}))
    said = refused.value.sentence(speaker("vi"), counting("vi"))
    assert "hoi.json, points: Cần một số nguyên" in said


# --- what Python asks ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "why"),
    [(lambda: SuggestionAsk(0), "Ask for 1 to 500 points, not 0"),
     (lambda: SuggestionAsk(501), "1 to 500"), (lambda: SuggestionAsk(2.5), "not 2.5"),
     (lambda: SuggestionAsk(seed=-1), "seed"), (lambda: SuggestionAsk(seconds=float("nan")), "not nan"),
     (lambda: SuggestionAsk(target=0.5), "goes with the fewest points"),
     (lambda: SuggestionAsk(objective=Objective.FEWEST_POINTS), "goes with the fewest points"),
     (lambda: SuggestionAsk(fade=1.0), "from 1.1 to 5"),
     (lambda: SuggestionAsk(fade=2.0, objective=Objective.MEAN_DISTANCE), "most people only"),
     (lambda: SuggestionAsk(fade=2.0, rules=RuleWishes(capacity=Capacity(5))), "do not go together"),
     (lambda: SuggestionAsk(objective=Objective.WORST_DISTANCE, rules=RuleWishes(capacity=Capacity(5))),
      "not with distances"),
     (lambda: SuggestionAsk(method=Method.CLUSTERS, rules=RuleWishes(spacing_km=1)), "no rules"),
     (lambda: Limits(3, 2), "contradicts"), (lambda: Limits(exempt=("3062",)), "five digits"),
     (lambda: Limits(exempt=("30628", "30628")), "stands twice"),
     (lambda: Group("A"), "one of the two"), (lambda: Group("A", ("30628",)), "one of the two"),
     (lambda: Existing(moves=2), "one of the two is missing"),
     (lambda: RuleWishes(locked_in=("a",), locked_out=("a",)), "both locked in and locked out"),
     (lambda: RuleWishes(spacing_km=0), "from 0.01"), (lambda: Capacity(0), "from 1"),
     (lambda: Budget(-1), "thousands of đồng"), (lambda: Variation("x", radius=9), "factor of the radii")],
)  # fmt: skip
def test_a_question_that_cannot_be_is_refused_in_one_sentence(make, why):
    with pytest.raises(RequestError, match=why) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_every_wrong_is_known_though_one_is_said():
    with pytest.raises(AskError) as refused:
        SuggestionAsk(0, seed=-1, fade=9)
    assert [each.key for each in refused.value.wrongs] == ["points", "seed", "fade"]


def test_without_new_points_some_must_be_able_to_move():
    assert SuggestionAsk(0, existing=Existing(("all",), 2)).points == 0


# --- there and back --------------------------------------------------------------------

names = st.text("abcđêưỨ 123,.", min_size=1, max_size=9).filter(str.strip)
km = st.one_of(st.none(), st.integers(1, 200).map(float), st.sampled_from([0.5, 1.25]))
exempt = st.lists(st.sampled_from(["30628", "00001", "16690"]), unique=True).map(tuple)
limits = st.builds(Limits, st.integers(0, 3), st.one_of(st.none(), st.integers(3, 9)), exempt)
groups = st.lists(
    st.one_of(
        st.builds(Group, names, communes=st.just(("30628",)), share=st.sampled_from([0.5, 1.0])),
        st.builds(Group, names, terrain=st.sampled_from(TerrainClass), points=st.integers(1, 9)),
    ),
    max_size=3, unique_by=lambda group: group.name,
)  # fmt: skip
rules = st.builds(
    RuleWishes, per_commune=limits, per_former_commune=limits, spacing_km=km, worst_km=km,
    kinds=st.lists(st.sampled_from(CandidateKind), unique=True).map(tuple),
    host_types=st.lists(names, unique=True, max_size=2).map(tuple), host_within_km=km,
    locked_in=st.lists(names.map("in".__add__), unique=True, max_size=2).map(tuple),
    locked_out=st.lists(names, unique=True, max_size=2).map(tuple), groups=groups.map(tuple),
)  # fmt: skip
budgets = st.builds(
    Budget, st.integers(0, 10**9), st.integers(0, 9),
    st.dictionaries(names, st.integers(0, 99), max_size=3).map(lambda each: tuple(sorted(each.items()))),
)  # fmt: skip
asks = st.builds(
    SuggestionAsk, points=st.integers(1, 500), seed=st.integers(0, 2**32 - 1),
    effort=st.sampled_from(Effort), seconds=st.one_of(st.none(), st.floats(0.1, 3600)),
    fade=st.one_of(st.none(), st.floats(1.1, 5)), budget=st.one_of(st.none(), budgets), rules=rules,
    existing=st.one_of(st.just(Existing()), st.builds(Existing, st.just(("all",)), st.integers(1, 9))),
    variations=st.lists(st.builds(Variation, names, st.floats(0.2, 5)), max_size=2, unique=True).map(tuple),
    firmness=st.booleans(),
    polish=st.booleans(),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(asks)
def test_a_question_written_as_a_file_and_read_is_the_same(ask):
    assert ask_of(json.loads(json.dumps(ask.as_dict()))) == ask


# --- the README ------------------------------------------------------------------------


def test_the_readme_names_every_key():
    text = README.read_text(encoding="utf-8")
    for keys in (*KEYS.values(), ABOUT):
        for key in keys:
            assert f"`{key}`" in text, key


def test_the_example_of_the_readme_has_five_rules_and_can_be_asked():
    text = README.read_text(encoding="utf-8")
    example = next(
        each for each in re.findall(r"```json\n(.*?)```", text, re.DOTALL) if "rules" in each
    )
    asked, wrongs = question_of(json.loads(example))
    assert wrongs == []
    assert len([each for each in asked.ask.as_dict()["rules"] if each]) >= 5
