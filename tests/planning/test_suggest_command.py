"""Asking for a plan on the command line: by options, or by a file."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planning.cli.commands import cli
from planning.database import Database


@pytest.fixture
def run(own_database: Database):
    """Return a runner of commands on an own copy of the toy district; English unless said."""

    def command(*words, **settings) -> Result:
        given = {"DIEMTHU_DATABASE": own_database.address, "DIEMTHU_LANGUAGE": "en", **settings}
        return CliRunner().invoke(cli, [str(each) for each in words], env=given)

    return command


@pytest.fixture
def question(tmp_path):
    """Return a function that writes a question into a file."""

    def written(**asked) -> Path:
        path = tmp_path / "question.json"
        path.write_text(json.dumps(asked), encoding="utf-8")
        return path

    return written


def planned(run, tmp_path, *words) -> dict:
    path = tmp_path / "plan.json"
    result = run("suggest", *words, "--json", path)
    assert result.exit_code == 0, result.output
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_question_with_five_rules_gets_a_plan_and_a_proof(run, tmp_path, question):
    """One point per commune that lacks one, at 30 each: three more beside the one at x = 3 km.

    A point anywhere in a commune of 2 × 2 km has all of it within 2.9 km: everybody is served.
    """
    path = question(
        province="98", standard={"radius_km": 2.9},
        points=3,
        budget={"thousand_dong": 90, "default_cost": 30},
        rules={"per_commune": {"least": 1, "most": 1}, "spacing_km": 1.2, "worst_km": 2.9,
               "groups": [{"name": "Đông", "communes": ["98004"], "share": 1}]},
    )  # fmt: skip
    found = planned(run, tmp_path, "--problem", path)
    assert {site["commune_code"] for site in found["sites"]} == {"98001", "98003", "98004"}
    assert (found["people_gained"], found["gap_people"]) == (found["people_unserved"], 0)
    assert found["cost"] == 90
    assert (found["proved_optimal"], found["stopped"]) == (True, "proved")
    assert found["ask"]["rules"]["spacing_km"] == 1.2


def test_the_same_by_options(run, tmp_path):
    found = planned(run, tmp_path, "--radius-km", "2.9", "--points", "3", "--budget", "90", "--cost", "30",
                    "--least-per-commune", "1", "--most-per-commune", "1", "--spacing-km", "1.2",
                    "--worst-km", "2.9", "--effort", "quick", "--seed", "3")  # fmt: skip
    assert (found["people_gained"], found["cost"], found["seed"]) == (
        found["people_unserved"],
        90,
        3,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--objective", "fewest points", "--target", "0.8"), "New points needed: 1; no plan"),
     (("--objective", "mean distance", "--points", "3"), "Mean distance: "),
     (("--fade", "2", "--points", "3"), "Tenths of people counted: "),
     (("--points", "3"), " further people; no choice of 3 of the"),
     (("--points", "1"), "to do without it costs "),
     (("--points", "1", "--firmness"), "how firm: firm")],
)  # fmt: skip
def test_the_value_is_told_in_its_own_unit(run, words, said):
    """The point at x = 3 km serves more than half of 1000; with one for the 400 in the east 80 %."""
    result = run("suggest", "--radius-km", "2.5", *words)
    assert result.exit_code == 0, result.output
    assert said in result.stdout


def test_what_clusters_give_up_is_told_in_people_and_in_per_cent(run, tmp_path):
    found = planned(run, tmp_path, "--radius-km", "1.5", "--points", "2", "--method", "clusters")
    fewer = found["optimised_people_gained"] - found["people_gained"]
    share = 100 * fewer / found["optimised_people_gained"]
    said = run("suggest", "--radius-km", "1.5", "--points", "2", "--method", "clusters").stdout
    assert f"reach {fewer} people fewer ({share:.1f} %) than optimisation" in said
    assert "than optimisation" not in run("suggest", "--points", "2").stdout


def test_a_roll_out_is_told_quarter_by_quarter(run, tmp_path, question):
    path = question(standard={"radius_km": 1}, points=3)
    found = planned(run, tmp_path, "--problem", path, "--rollout", "2")
    assert [each["points"] for each in found["quarters"]] == [2, 3]
    assert found["quarters"][-1]["people"] == found["value"]
    first = found["quarters"][0]
    said = run("suggest", "--problem", path, "--rollout", "2").stdout
    more = first["people_afresh"] - first["people"]
    assert f"Quarter 1: with 2 new points {first['people']} people are served" in said
    assert f"would serve {more} more" in said
    assert "quarters" not in planned(run, tmp_path, "--problem", path)


def test_a_roll_out_that_would_break_rules_on_the_way_is_refused(run, question):
    path = question(points=3, rules={"per_commune": {"least": 1}})
    result = run("suggest", "--problem", path, "--rollout", "2")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "A roll-out by quarters is told for the most people only" in result.stderr


def test_what_closes_is_told(run, question):
    path = question(standard={"radius_km": 2}, points=0, existing={"closable": ["all"], "moves": 1})
    result = run("suggest", "--problem", path)
    assert re.search(r"Closed: Bưu cục Giữa \(contract of –\): \d+ people lose", result.stdout)


def test_a_file_goes_with_no_other_option(run, question):
    for option in (("--points", "3"), ("--radius-km", "2"), ("--province", "98")):
        result = run("suggest", "--problem", question(points=2), *option)
        assert result.exit_code == 2
        assert f"Give either --problem or {option[0]}" in result.output


def test_a_file_that_is_wrong_is_refused_with_every_line(run, question):
    result = run("suggest", "--problem", question(points="3", rules={"spacing": 1}))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "question.json, points: A whole number" in result.stderr
    assert 'question.json, rules."spacing": There is no such key' in result.stderr


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    result = run("suggest", "--problem", tmp_path / "no.json")
    assert result.exit_code == 1
    assert "no.json cannot be read" in result.stderr


def test_an_impossible_request_is_refused_with_the_smallest_changes(run, question):
    path = question(standard={"radius_km": 1}, points=2, rules={"per_commune": {"least": 1}})
    result = run("suggest", "--problem", path)
    assert result.exit_code == 1
    assert (
        "2 points cannot give each of the 3 communes that lack one at least 1: allow 3."
        in result.stderr
    )
    said = run("suggest", "--problem", path, DIEMTHU_LANGUAGE="vi").stderr
    assert "cần cho phép 3" in said
