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


@pytest.mark.parametrize(
    ("kind", "good", "bad", "said"),
    [
        ("targets", "Kỳ,Chương trình,Mã xã,Chỉ tiêu\n2026-03,BHXH-TN,98001,5\n", "98009",
         "row 2, column “Mã xã”, value “98009”: is no commune of the province on 31/03/2026"),
        ("results", "Kỳ,Chương trình,Mã xã,Thực hiện\nQuý I/2026,BHYT-HGD,98001,5\n", "98009",
         "row 2, column “Mã xã”, value “98009”: is no commune of the province on 31/03/2026"),
        ("needs", "Mã xã,Tiềm năng\n98001,5\n98002,6\n", "98009",
         "row 2, column “Mã xã”, value “98009”: is no commune of the boundaries"),
        ("programmes", "Mã chương trình,Tên chương trình,Cách tính\nA,98001,Tăng mới\n", "",
         "row 2, column “Tên chương trình”"),
    ],
)  # fmt: skip
def test_what_performance_is_made_of_is_imported_and_its_faults_named(
    run, tmp_path, kind, good, bad, said
):
    path = tmp_path / f"{kind}.csv"
    path.write_text(good, encoding="utf-8")
    shown = run("import", kind, path, "--check", "--json", "-")
    assert (shown.exit_code, '"blocked": false' in shown.stdout) == (0, True)
    assert run("import", kind, path).exit_code == 0
    assert kind in run("import", "list").stdout
    assert "this very file" in run("import", kind, path, "--check").stderr

    path.write_text(good.replace("98001", bad), encoding="utf-8")
    told = run("import", kind, path)
    assert said in told.stderr
    # Of people by commune the rows that can be kept are, as of the population.
    assert told.exit_code == (0 if kind == "needs" else 1)
