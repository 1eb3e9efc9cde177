import pytest

from geo.findings import Finding, FindingReport, Severity

SWAPPED = Finding(Severity.ASK, "axes-exchanged", "longitude and latitude are exchanged.", row=4)


@pytest.mark.parametrize(
    ("answers", "kept", "agreed"),
    [
        ({}, Severity.ASK, False),
        ({"axes-exchanged": True}, Severity.CHANGED, True),
        ({"axes-exchanged": False}, Severity.LEFT_OUT, False),
        ({"another": True}, Severity.ASK, False),
    ],
)
def test_a_question_is_mended_only_when_somebody_agreed(answers, kept, agreed):
    report = FindingReport("points.csv", answers)

    assert report.ask(SWAPPED) is agreed
    assert [each.severity for each in report] == [kept]
    assert report.asked == (("axes-exchanged",) if kept == Severity.ASK else ())


def test_a_question_about_the_whole_file_blocks_it_when_declined():
    report = FindingReport("points.csv", {"axes-exchanged": False})
    report.ask(SWAPPED, Severity.BLOCKS)

    assert report.blocked


def test_each_open_question_is_named_once():
    report = FindingReport("points.csv")
    report.ask(SWAPPED)
    report.ask(SWAPPED)

    assert report.asked == ("axes-exchanged",)
