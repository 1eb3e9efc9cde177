"""A frozen round is written in one way only, read back strictly, and holds nobody's name."""

import json
import unicodedata
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as some

from planning.model import packet as model
from planning.model.errors import RequestError
from planning.model.packet import Packet, Shading
from planning.model.plain import canonical, plain, read
from tests.planning import packets


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Small:
    name: str
    length: float
    count: int | None
    colour: Colour
    corners: tuple[tuple[float, float], ...]
    more: dict[str, str]


SMALL = some.builds(
    Small, name=some.text(), length=some.floats(-1e6, 1e6), count=some.none() | some.integers(),
    colour=some.sampled_from(Colour),
    corners=some.lists(some.tuples(some.floats(-180, 180), some.floats(-90, 90))).map(tuple),
    more=some.dictionaries(some.text("abcđê"), some.text()),
)  # fmt: skip


@given(SMALL)
def test_what_is_written_and_read_is_written_the_same_again(value):
    once = canonical(value)
    assert canonical(read(Small, json.loads(once))) == once


@given(some.dictionaries(some.text("abcđê", min_size=1), some.integers(), min_size=2))
def test_the_order_in_which_a_mapping_was_made_leaves_no_trace(value):
    turned = dict(reversed(list(value.items())))
    assert canonical(value) == canonical(turned)


@given(some.text())
def test_texts_are_composed_and_hold_nothing_that_xml_forbids(text):
    kept = plain(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert all(each in "\t\n" or ord(each) >= 0x20 for each in kept)
    assert not any(0xD800 <= ord(each) <= 0xDFFF or ord(each) in (0xFFFE, 0xFFFF) for each in kept)


def test_letters_of_vietnamese_stay_as_they_are():
    text = packets.LETTERS + packets.LETTERS.upper()
    assert plain(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (-0.0, "0.0"), (-1e-9, "0.0"), (3.0, "3.0"), (3, "3"), (True, "true")],
)
def test_numbers_have_one_form(value, text):
    assert canonical(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"nan|inf"):
        canonical({"a": [value]})


def test_a_thing_that_is_no_plain_value_is_refused():
    with pytest.raises(TypeError):
        plain({"a": object()})


def test_a_packet_comes_back_from_its_own_text():
    made = packets.packet()
    again = Packet.of(json.loads(made.as_bytes()))
    assert again == made
    assert again.fingerprint == made.fingerprint


def test_every_change_changes_the_fingerprint():
    made = packets.packet()
    others = (
        replace(made, notes=()),
        replace(made, origin=packets.origin(standard="5 km")),
        replace(made, proposals=(packets.proposal(1, version=4), *made.proposals[1:])),
        replace(made, gained_together=None),
        replace(made, layers={"communes": {}}),
    )
    assert len({each.fingerprint for each in (made, *others)}) == 1 + len(others)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("round", "number"), "2"),
        (("round", "number"), True),
        (("origin", "synthetic"), 1),
        (("origin", "province"), None),
        (("proposals", 0, "kind"), "reopen"),
        (("proposals", 0, "lon"), "105"),
        (("communes", 0, "shape"), [[[[105.0]]]]),
        (("gaps",), {}),
        (("origin", "parameters"), []),
    ],
)
def test_a_damaged_snapshot_is_refused_by_place(path, value):
    found = packets.packet().as_dict()
    inner = found
    for each in path[:-1]:
        inner = inner[each]
    inner[path[-1]] = value
    with pytest.raises(RequestError) as refused:
        Packet.of(found)
    place = str(refused.value.params["place"])
    assert place.startswith(str(path[0]))
    assert str(path[-1]) in place


@pytest.mark.parametrize("change", ["missing", "more"])
def test_a_snapshot_with_other_keys_is_refused(change):
    found = packets.packet().as_dict()
    if change == "missing":
        del found["proposals"][1]["rank"]
    else:
        found["proposals"][1]["telephone"] = "0912"
    with pytest.raises(RequestError, match=r"rank|telephone"):
        Packet.of(found)


@pytest.mark.parametrize("written", [2, None, "1"])
def test_a_snapshot_of_another_format_is_refused(written):
    with pytest.raises(RequestError, match="format"):
        Packet.of({**packets.packet().as_dict(), "format": written})


def test_classes_of_the_map_need_a_colour_each():
    with pytest.raises(ValueError, match="#fff"):
        Shading((0.5,), ("#fff",))


def test_nobody_is_named_in_a_packet():
    # Staff is a count in every part of it; no field is a person's.
    kinds = [each for each in vars(model).values() if hasattr(each, "__dataclass_fields__")]
    staff = {(each.__name__, one.name): one.type for each in kinds for one in fields(each)
             if one.name.startswith("staff")}  # fmt: skip
    assert staff == {("ProposalRow", "staff"): int, ("OrganisationRow", "staff"): int | None}
    private = {"phone", "telephone", "person", "identity", "by", "proposed_by", "staff_name"}
    assert not private & {one.name for each in kinds for one in fields(each)}
