"""The command of the workload, and its measure beside the peer on a little land."""

import json

import pytest
from click.testing import CliRunner

from planning.benchmarks import workload as bench
from planning.cli.commands import cli
from tests.toy import district
from tests.toy.district import Point


@pytest.fixture
def run(store):
    store.close()

    def run(*options, language="vi"):
        setting = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": language}
        return CliRunner().invoke(cli, ["workload", *options], env=setting)

    return run


def test_the_command_says_what_it_writes(run):
    result = run("--radius-km", "1", "--next", "2", "--people-per-staff", "50", "--json", "-")
    assert result.exit_code == 0, result.output
    whole = json.loads(result.stdout)
    assert whole["points_unknown"] == 1
    assert [each["code"] for each in whole["communes"]] == list(district.CODES)
    assert [each["staff_needed"] for each in whole["communes"]] == [2, 3, 6, 8]
    assert [round(each["people"]) for each in whole["next"]["units"]] == [50, 50]
    assert whole["next"]["people_gained"] <= whole["next"]["bound"] <= 100 + 1e-6
    assert "1 nhân viên thu tại các điểm trực tiếp đang mở" in result.stderr
    assert "1. " in result.stderr


def test_only_what_was_asked_for_is_added(run):
    result = run("--radius-km", "1", "--next", "1", "--people-per-staff", "50", "--only", "staff",
                 language="en")  # fmt: skip
    assert "1. another staff member: Bưu cục Giữa" in result.output
    assert run("--people-per-staff", "0").exit_code == 2
    assert run("--next", "1000", "--people-per-staff", "50").exit_code == 1


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # in the peer
def test_the_bench_agrees_with_the_peer_and_says_so():
    pytest.importorskip("access")
    situation = district.situation([Point((1, 1)), Point((5, 1))])
    lines = list(bench._province(situation, "toy"))
    assert "with the same answer everywhere" in lines[1]
    assert [line.endswith("% of the bound") for line in lines[3:]] == [True, True]
