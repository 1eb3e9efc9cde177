"""Refusals and findings: numbers and words of a sentence in the reader's language."""

from geo.errors import Refusal, Word
from geo.findings import Finding, Severity
from planning.language import counting, speaker
from planning.model.standards import TerrainClass


def test_numbers_have_the_separators_of_the_language_and_texts_stay():
    refusal = Refusal(
        "%(a)s %(b)s %(c)s %(d)s %(row)s", a=183.5, b=12345, c="1234.5", d=True, row=2001
    )
    assert refusal.sentence(speaker("vi"), counting("vi")) == "183,5 12.345 1234.5 True 2001"
    assert refusal.sentence(speaker("en"), counting("en")) == "183.5 12,345 1234.5 True 2001"


def test_callers_without_a_language_of_numbers_get_them_as_they_are():
    assert str(Refusal("%(a)s %(b)s", a=183.5, b=12345)) == "183.5 12345"


def test_the_row_of_a_finding_is_no_quantity():
    finding = Finding(
        Severity.LOOK, "x", "%(people)s", row=12345, value="1234.5", params={"people": 12345}
    )
    said = finding.sentence(speaker("vi"), counting("vi"))
    assert said == "dòng 12345, giá trị “1234.5”: 12.345"


def test_words_among_the_values_are_said():
    words = {"urban": "đô thị", "%(a)s %(b)s %(c)s": "%(a)s %(b)s %(c)s"}
    refusal = Refusal("%(a)s %(b)s %(c)s", a=Word("urban"), b=TerrainClass.URBAN, c="urban")
    assert refusal.sentence(lambda text: words.get(text, text)) == "đô thị đô thị urban"
