"""`diemthu results` says the same as the pages, for people and for programs."""

import json

import pytest
from click.testing import CliRunner

from planning.cli.commands import cli
from tests.databases import ON_FILES
from tests.planning.performance.told import QUARTER, network, of_points, told

pytestmark = ON_FILES


@pytest.fixture
def run(store):
    network(store)

    def ran(*words):
        environment = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "vi"}
        return CliRunner().invoke(cli, ["results", *words], env=environment)

    return ran


def test_nothing_told_is_said_in_one_sentence(run):
    done = run()

    assert done.exit_code == 0
    assert "Chưa có chỉ tiêu và kết quả nào" in done.output


def test_the_province_and_its_organisations_are_listed_the_best_first(run, store):
    told(store, *of_points(("#2", 1000, 450), ("#3", 200, 250), ("#4", 1000, 50)))
    lines = [each.split("\t") for each in run().output.splitlines()]

    assert lines[0] == ["BHXH tự nguyện, Quý III/2025"]
    assert lines[1:4] == [
        ["98", "750", "2.200", "34,1%", "1.450"], ["Viettel", "250", "200", "125,0%", "-50"],
        ["Bưu điện", "500", "2.000", "25,0%", "1.500"],
    ]  # fmt: skip


def test_a_program_reads_the_same_as_json(run, store):
    told(store, *of_points(("#2", 10, 4), ("#3", 20, 25)))
    found = json.loads(run("--period", QUARTER, "--json", "-").stdout)

    assert (found["province"]["result"], found["province"]["short"]) == (29, 1)
    assert [each["code"] for each in found["organisations"]] == ["VT", "BD"]


def test_a_programme_that_is_not_there_is_refused(run):
    done = run("--programme", "none")

    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
