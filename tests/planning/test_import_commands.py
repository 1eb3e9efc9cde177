"""Importing on the command line: what was found is said so that it can be decided there."""

import pytest
from click.testing import CliRunner

from planning.cli.commands import cli
from tests.toy import district, files


@pytest.fixture
def run(tmp_path):
    folder = files.write(tmp_path)
    settings = {"DIEMTHU_DATABASE": str(tmp_path / "d.db"), "DIEMTHU_LANGUAGE": "en"}

    def run(*words):
        return CliRunner().invoke(cli, [str(each) for each in words], env=settings)

    made = run("import", "boundaries", folder / "communes.geojson", "--province", "98",
               "--valid-from", "2025-07-01")  # fmt: skip
    assert made.exit_code == 0
    return run


def test_what_is_asked_is_said_with_its_gravity_and_the_options_that_answer_it(run, tmp_path):
    (east, north), (other_east, other_north) = district.degrees([(1, 1), (3, 1)])
    path = tmp_path / "list.csv"
    path.write_text(
        f"Tên điểm thu,Vĩ độ,Kinh độ\nA,{north},{east}\nB,{other_east},{other_north}\n",
        encoding="utf-8",
    )
    refused = run("import", "points", path)
    assert refused.exit_code == 1
    assert "[to be decided] row 3" in refused.stderr
    options = [line for line in refused.stderr.splitlines() if "--agree" in line]
    assert len(options) == 1

    answer = options[0].split("--agree ")[1].split()[0]
    kept = run("import", "points", path, "--agree", answer)
    assert (kept.exit_code, "--agree" in kept.stderr) == (0, False)
    assert "[read otherwise than written] row 3" in kept.stderr
