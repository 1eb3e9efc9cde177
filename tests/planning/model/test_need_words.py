"""What is said of a need in place of what is said of all people."""

import re

import pytest
from babel.messages.pofile import read_po

from planning.language import CATALOGUES, speaker
from planning.model.need_words import _OF_A_NEED, said_of
from planning.model.performance import Need


@pytest.fixture(scope="module")
def catalogue():
    path = CATALOGUES / "vi" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale="vi")}


def test_every_sentence_that_is_replaced_is_one_that_pages_say(catalogue):
    assert set(_OF_A_NEED) <= set(catalogue)


def test_no_replacement_calls_those_of_a_need_the_population(catalogue):
    for text in _OF_A_NEED.values():
        assert not re.search(r"(?i)dân số|số dân", catalogue[text]), text


def test_both_sentences_fill_in_the_same(catalogue):
    def names(text):
        return sorted(re.findall(r"%\((\w+)\)s", text))

    for one, other in _OF_A_NEED.items():
        assert names(one) == names(other) == names(catalogue[other])


def test_everybody_is_spoken_of_as_before():
    say = speaker("vi")
    assert said_of(Need.EVERYBODY, say) is say
    assert said_of(Need.UNINSURED, say)("Population") == "Số người được tính"
    assert said_of(Need.UNINSURED, say)("Direct points") == say("Direct points")
