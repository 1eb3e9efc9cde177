"""`diemthu attention` lists what needs a hand, as sentences and as JSON."""

import json

import pytest
from click.testing import CliRunner

from planning.cli.commands import cli
from planning.services import imports
from planning.services.imports import Origin
from tests.toy import district, files


@pytest.fixture
def run(store, tmp_path):
    """Return a way to run the command on the toy with twenty-two points outside the province."""
    rows = [((1 + 2 * at, 5), f"Điểm {at:02d}", "Trực tiếp", "Hoạt động") for at in range(22)]
    path = tmp_path / "outside.csv"
    path.write_text(files.points_csv(*rows), encoding="utf-8")
    imports.import_points(store, path, Origin(synthetic=True), district.PROVINCE)
    store.close()

    def run(*options):
        setting = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "vi"}
        return CliRunner().invoke(cli, ["attention", *options], env=setting)

    return run


def test_items_are_said_twenty_of_each_kind_and_counted(run):
    result = run()
    assert result.exit_code == 0, result.output
    assert "Điểm 00 nằm ngoài mọi xã của tỉnh, cách 3.000 m." in result.output
    assert "Điểm 19" in result.output
    assert "Điểm 20" not in result.output
    assert "… và 2 việc nữa" in result.output
    assert "22 việc cần xử lý; 0 việc đã xem" in result.output


def test_every_item_can_be_said(run):
    result = run("--all")
    assert "Điểm 21" in result.output
    assert "việc nữa" not in result.output


def test_the_list_as_json_holds_everything(run):
    result = run("--json", "-")
    whole = json.loads(result.stdout)
    assert whole["counts"] == {"outside": 22}
    first = whole["items"][0]
    assert first["gravity"] == "high"
    assert [each["action"] for each in first["mends"]] == ["seen", "suspend", "remove"]
    assert first["records"][0]["name"] == "Điểm 00"


def test_a_province_that_is_not_there_is_refused(run):
    result = run("--province", "77")
    assert result.exit_code == 1
