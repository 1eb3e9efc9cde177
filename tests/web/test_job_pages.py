"""From the form to the plan: the job's page, its words, refusals, cancelling, the replay file."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_province import PROVINCE

from planning import jobs
from planning.cli.commands import cli
from planning.model.errors import RequestError
from planning.model.jobs import JobState
from planning.model.siting import Objective, SuggestionAsk, Unit
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.store import jobs as table
from planning.web.job_words import AT_BEST, SO_FAR

PAGE = f"/{PROVINCE}/suggestions"


@pytest.fixture
def store(app):
    return app.extensions["planning"]


def waiting(store, **ask) -> int:
    values = siting.as_values(store, AnalysisRequest(PROVINCE), SuggestionAsk(**ask))
    return jobs.ask(store, "suggest", PROVINCE, values)


def running(store, people=None, value=None, bound=None, **ask) -> int:
    """Return a job that some worker holds and told so much about."""
    number = waiting(store, **ask)
    with store.writing() as db:
        job = table.claim(db, "w", now=1e12, at="2026-01-01T00:00:00+00:00")
        assert job.id == number
        table.tell(db, table.Claim(number, "w", 1), people, value, bound)
    return number


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_form_leads_to_the_plan_and_the_plan_back_to_the_form(client, own, working):
    answer = client.post(PAGE, data={"points": "2", "rules.spacing_km": "0,5"}, headers=own)
    assert answer.status_code == 303
    page = text(client.get(working(answer.location)))
    assert "Cơ sở dân số" in page
    assert "Các điểm thu cách nhau ít nhất (km)" in page
    assert "Phiên bản" in page or "phiên bản" in page
    assert "like=2" in page
    again = text(client.get(f"{PAGE}?like=2"))
    assert 'name="rules.spacing_km" value="0,5"' in again
    assert 'value="0.5"' in text(client.get(f"{PAGE}?like=2&lang=en"))


def test_an_impossible_question_is_answered_with_what_would_make_it_possible(client, own, working):
    asked = {"points": "1", "rules.per_commune.least": "7", "rules.spacing_km": "0,1"}
    answer = client.post(PAGE, data=asked, headers=own)
    where = working(answer.location)
    assert "/suggestions/jobs/" in where
    answer = client.get(where)
    page = text(answer)
    assert answer.status_code == 200
    assert "Không đề xuất nào theo được mọi quy tắc" in page
    assert page.count("<li>") >= 1
    assert 'name="rules.per_commune.least" value="7"' in page
    assert 'name="rules.spacing_km" value="0,1"' in page


def test_what_is_wrong_with_a_form_is_said_at_its_fields_and_nothing_typed_is_lost(client, own):
    asked = {"points": "x<b>", "rules.worst_km": "900", "rules.locked_in": "A\nB",
             "rules.groups[3].name": "Hải đảo", "rules.groups[3].share": "60"}  # fmt: skip
    answer = client.post(PAGE, data=asked, headers=own)
    page = text(answer)
    assert answer.status_code == 400
    assert "“x&lt;b&gt;” không phải số nguyên" in page
    assert 'href="#rules.worst_km"' in page
    assert 'value="900"' in page
    assert ">A\nB</textarea>" in page
    assert 'name="rules.groups[0].name"' in page
    assert 'value="Hải đảo"' in page
    assert page.count('aria-invalid="true"') >= 2


def test_a_form_without_anything_asks_as_usual(client, own, store):
    client.post(PAGE, data={}, headers=own)
    (job,) = jobs.still_open(store, PROVINCE)
    assert siting.stated(job.question).ask == SuggestionAsk()


@pytest.mark.parametrize(
    ("ask", "told", "shown"),
    [
        ({}, (1000000, 812400.0, 830000.0), ("Đã phủ 812.400 người", "830.000 người", 0.9788)),
        ({"fade": 2.0}, (1000, 8120.0, 9000.0), ("812 người", "900", 0.9022)),
        ({"objective": Objective.FEWEST_POINTS, "target": 0.9}, (1000, 20.0, 15.0), ("20 điểm thu", "15", 0.75)),
        ({"objective": Objective.MEAN_DISTANCE}, (1000, 2000000.0, 1500000.0), ("2.000 m", "1.500 m", 0.75)),
        ({"objective": Objective.WORST_DISTANCE}, (1000, 9000.0, 9000.0), ("9.000 m", "9.000 m", 1.0)),
    ],
)  # fmt: skip
def test_progress_is_told_in_what_the_aim_counts(client, store, ask, told, shown):
    figure, bound, share = shown
    number = running(store, *told, points=3, **ask)
    answer = client.get(f"{PAGE}/jobs/{number}.json").get_json()
    assert figure in answer["figure"]
    assert bound in answer["bound"]
    assert answer["share"] == pytest.approx(share, abs=1e-4)
    assert not answer["ended"]
    page = text(client.get(f"{PAGE}/jobs/{number}"))
    assert figure in page
    assert "<noscript><meta http-equiv" in page
    assert "Cơ sở dân số" in page
    assert figure in text(client.get(PAGE))  # among those under way


def test_every_unit_has_its_words():
    assert set(SO_FAR) == set(AT_BEST) == set(Unit)


def test_before_anything_is_known_the_page_says_what_is_done(client, store):
    number = waiting(store, points=3)
    assert "chờ đến lượt" in text(client.get(f"{PAGE}/jobs/{number}"))
    with store.writing() as db:
        table.claim(db, "w", now=1e12, at="2026-01-01T00:00:00+00:00")
    page = text(client.get(f"{PAGE}/jobs/{number}"))
    assert "Đang tập hợp dân cư" in page
    assert '<progress max="1" aria' in page  # of unknown length


def test_a_waiting_job_is_cancelled_and_its_question_stands_there_again(client, own, store):
    number = waiting(store, points=17)
    answer = client.post(f"{PAGE}/jobs/{number}/cancel", data={"how": "drop"}, headers=own)
    assert answer.status_code == 303
    page = text(client.get(answer.location))
    assert "đã bị hủy" in page
    assert 'name="points" value="17"' in page
    assert jobs.status(store, PROVINCE, number).state is JobState.CANCELLED


def test_stopping_with_the_best_plan_says_that_it_is_being_written(client, own, store):
    number = running(store, 1000, 5.0, 9.0, points=3)
    client.post(f"{PAGE}/jobs/{number}/cancel", data={"how": "keep"}, headers=own)
    told = client.get(f"{PAGE}/jobs/{number}.json").get_json()
    assert told["sentence"].startswith("Đang kết thúc")


def test_a_failed_job_says_why_in_the_language_of_the_reader(client, store):
    number = running(store, points=3)
    with store.writing() as db:
        refusal = RequestError("A seed is a whole number from 0 to 4294967295, not %(seed)s.", seed="<9>")  # fmt: skip
        table.refuse(db, table.Claim(number, "w", 1), refusal, at="2026-01-01T00:00:01+00:00")
    page = text(client.get(f"{PAGE}/jobs/{number}?lang=en"))
    assert "A seed is a whole number from 0 to 4294967295, not &lt;9&gt;." in page
    assert "not &lt;9&gt;" not in text(client.get(f"{PAGE}/jobs/{number}"))


@pytest.mark.parametrize("path", ["77", "jobs/77", "77/replay.json"])
def test_a_dead_link_says_what_to_do(client, path):
    answer = client.get(f"{PAGE}/{path}")
    assert answer.status_code == 404
    body = answer.get_json()["error"] if path.endswith("json") else text(answer)
    assert "77" in body


def test_a_foreign_page_cancels_nothing(client, store):
    number = waiting(store, points=3)
    answer = client.post(f"{PAGE}/jobs/{number}/cancel", headers={"Origin": "http://other.example"})
    assert answer.status_code == 403
    assert jobs.status(store, PROVINCE, number).state is JobState.WAITING


def test_the_plan_of_an_older_number_is_mapped_and_handed_out(client, store):
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=1))
    newest = client.get(f"/{PROVINCE}/layers/plan.json").get_json()["plan"]["sites"]
    older = client.get(f"/{PROVINCE}/layers/plan.json?plan=1").get_json()["plan"]["sites"]
    assert (len(newest), len(older)) == (1, 2)
    assert "plan.json?plan=1" in text(client.get(f"/{PROVINCE}/map?plan=1"))
    rows = text(client.get(f"/{PROVINCE}/export/proposals.csv?plan=1")).strip().splitlines()
    assert len(rows) == len(text(client.get(f"/{PROVINCE}/export/proposals.csv")).strip().splitlines()) + 1  # fmt: skip


def test_a_scenario_is_made_of_the_plan_that_is_shown(client, own, store):
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=1))
    page = text(client.get(f"{PAGE}/1"))
    action = re.search(r'<form class="stop" method="post" action="([^"]+)"', page)[1]
    answer = client.post(action, data={"of": "plan"}, headers=own)
    assert answer.status_code == 303
    state = client.get(answer.location.partition("?")[0] + "/state.json").get_json()
    assert json.dumps(state).count('"add"') == 2  # the older plan's sites, not the newest's


def test_a_plan_is_out_of_date_when_the_data_change(client, store):
    assert "dữ liệu hiện nay" in text(client.get(PAGE))
    with store.writing() as db:
        db.exec_driver_sql("UPDATE population SET people = people + 1 WHERE people > 0")
    assert "đã cũ" in text(client.get(PAGE))
    assert "Đã cũ" in text(client.get(f"{PAGE}/1"))


def repeated(store, path: Path) -> tuple[int, str]:
    run = CliRunner().invoke(
        cli, ["replay", str(path)],
        env={"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "en"},
    )  # fmt: skip
    return run.exit_code, run.output


@pytest.fixture
def file(client, tmp_path) -> Path:
    path = tmp_path / "replay.json"
    path.write_bytes(client.get(f"{PAGE}/1/replay.json").data)
    return path


def test_a_replay_file_gives_the_same_numbers(store, file):
    code, said = repeated(store, file)
    assert code == 0, said
    assert "The same plan: 2 sites" in said


@pytest.mark.parametrize("figure", ["value", "bound", "people_gained"])
def test_a_number_that_differs_is_found(store, file, figure):
    body = json.loads(file.read_text())
    body["figures"][figure] += 1
    file.write_text(json.dumps(body))
    code, said = repeated(store, file)
    assert code == 1
    assert f"{figure}: {body['figures'][figure]} then" in said


def test_other_data_and_another_version_are_said(store, file):
    with store.writing() as db:
        db.exec_driver_sql("UPDATE population SET people = people * 3 WHERE people > 0")
    body = json.loads(file.read_text()) | {"version": "0.0/1", "stopped": "time"}
    file.write_text(json.dumps(body))
    code, said = repeated(store, file)
    assert code == 1
    assert "The data have changed since" in said
    assert "made by version 0.0/1" in said
    assert "ended early" in said


@pytest.mark.parametrize("body", ["[]", "{}", "x", '{"replay": 2}', '{"replay": 1, "question": {}}'])  # fmt: skip
def test_what_is_no_replay_file_is_refused_with_a_sentence(store, tmp_path, body):
    path = tmp_path / "no.json"
    path.write_text(body)
    code, said = repeated(store, path)
    assert code == 1
    assert "is no replay file" in said
