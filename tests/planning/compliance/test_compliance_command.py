"""`diemthu compliance` says what breaks the rules and keeps the counts, as a cron job runs it."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from planning.cli.commands import cli
from planning.model.days import today
from planning.store import compliance, layers, partners
from tests.toy import district
from tests.toy.register import points, staff

HERE = district.PROVINCE


@pytest.fixture
def run(store):
    with store.writing() as db:
        layers.save_points(
            db, HERE, points({"sign": False, "opened": "2025-08-01"}, {"sign": True})
        )
        partners.save_staff(db, HERE, staff({"name": "Người Một", "card_valid_to": "2026-01-01"}))

    def invoke(*words):
        environment = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "vi"}
        return CliRunner().invoke(cli, ["compliance", *map(str, words)], env=environment)

    return invoke


def test_every_rule_is_said_and_the_counts_of_today_are_kept(run, store):
    result = run()
    assert result.exit_code == 0, result.output
    assert (
        "điểm thu chưa có biển hiệu: 1 trên 2 (50,0%), chưa rõ 0 – Công văn 3116" in result.output
    )
    with store.reading() as db:
        kept = {str(each.check): (each.day, each.failures, each.base)
                for each in compliance.counts(db, HERE)}  # fmt: skip
    assert kept["sign missing"] == (today(), 1, 2)


def test_the_files_hold_every_failure_and_name_no_staff(run, tmp_path):
    path = tmp_path / "khong_dat.xlsx"
    result = run("--json", "-", "--xlsx", path)
    whole = json.loads(result.stdout)
    assert whole["failures"] == len(whole["records"]) > 1
    (card,) = [each for each in whole["records"] if each["rule"] == "card expired"]
    assert (card["id"], card["name"], card["since"]) == (None, None, "2026-01-02")
    book = openpyxl.load_workbook(path)
    assert book["Danh sách"].max_row == whole["failures"] + 1
    assert "Người Một" not in str([list(row) for row in book["Danh sách"].values])
    book.close()


def test_a_day_to_come_is_refused_with_one_sentence(run):
    result = run("--day", "2999-01-01")
    assert result.exit_code == 1
    assert result.stderr.strip().startswith("Ngày 2999-01-01 chưa tới")
    assert result.stderr.count("\n") == 1
