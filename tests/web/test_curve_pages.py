"""A plan's page: people against points as chart and table, the roll-out, and where steps lead."""

import csv
import html
import re

import pytest
from small_province import PROVINCE

from planning.model.asking import Objective
from planning.model.siting import SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.services import rolling, siting
from planning.services.requests import AnalysisRequest
from planning.web import charts

PAGE = f"/{PROVINCE}/suggestions"


@pytest.fixture
def store(app):
    return app.extensions["planning"]


@pytest.fixture
def plan(store):
    return siting.kept(store, PROVINCE, 1).plan


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_the_curve_is_asked_for_and_stands_on_the_page_of_its_plan(
    client, own, store, plan, working
):
    before = text_of(client, f"{PAGE}/1")
    assert "Tính đường cong và lộ trình" in before
    assert "<svg" not in before.partition('id="curve"')[2].partition("<details")[0]
    answer = client.post(f"{PAGE}/1/curve", headers=own)
    assert answer.status_code == 303
    assert working(answer.location) == f"{PAGE}/1#curve"
    page = text_of(client, f"{PAGE}/1")
    assert "Tính đường cong và lộ trình" not in page
    found = rolling.kept(store, plan)
    table = re.search(r'<table class="data narrow">(.*?)</table>', page, re.DOTALL)[1]
    rows = [
        [int(re.sub(r"<[^>]*>|\.", "", each)) for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    ]  # fmt: skip
    assert rows == [
        [at, *both] for at, both in enumerate(zip(found.people, found.bound, strict=True))
    ]


def test_a_step_opens_the_plan_of_its_number_or_asks_for_it(client, store, plan):
    rolling.known(store, plan)
    wide = AnalysisRequest(PROVINCE, standard=ServiceStandard.one_radius(1))
    siting.suggest(store, wide, SuggestionAsk(points=3))  # by another standard: not the same
    siting.suggest(store, AnalysisRequest(PROVINCE), SuggestionAsk(points=1))
    chart = re.search(r'<figure class="chart people">.*?</svg>', text_of(client, f"{PAGE}/1"), re.DOTALL)[0]  # fmt: skip
    links = [html.unescape(each) for each in re.findall(r'<a href="([^"]+)"', chart)]
    assert len(links) == rolling.most_shown(2)
    assert links[:2] == [f"{PAGE}/3#curve", f"{PAGE}/1#curve"]
    assert "like=1" in links[2]
    form = text_of(client, links[2])
    assert re.search(r'name="points"[^>]*value="3"', form)
    assert chart.count('class="step here"') == 1
    answer = client.get(f"{PAGE}?like=1&points=x")
    assert answer.status_code == 400


def test_the_roll_out_is_told_by_quarter_and_handed_out(client, store, plan):
    rolling.known(store, plan)
    page = text_of(client, f"{PAGE}/1?per_quarter=1")
    rollout = page.partition('id="rollout"')[2]
    body = re.search(r"<tbody>(.*?)</tbody>", rollout, re.DOTALL)[1]
    assert len(re.findall("<tr>", body)) == len(plan.sites) == 2
    last = plan.people - plan.people_unserved + plan.people_gained
    assert f"{last:,}".replace(",", ".") in body
    links = [html.unescape(each) for each in re.findall(r'href="([^"]*rollout\.[^"]+)"', rollout)]
    assert len(links) == 4
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    text = client.get(links[1]).get_data(as_text=True).lstrip("\ufeff").splitlines()
    rows = list(csv.DictReader(line for line in text if not line.startswith("#")))
    assert [row["quarter"] for row in rows] == ["1", "2"]
    assert client.get(f"{PAGE}/1/rollout.exe").status_code == 404
    for wrong in ("0", "x", "-1"):
        assert client.get(f"{PAGE}/1?per_quarter={wrong}").status_code == 400


def test_a_question_without_a_roll_out_says_so(client, own, store):
    ask = SuggestionAsk(points=1, objective=Objective.MEAN_DISTANCE)
    siting.suggest(store, AnalysisRequest(PROVINCE), ask)
    assert "Câu hỏi này không có" in text_of(client, f"{PAGE}/2")
    assert client.post(f"{PAGE}/2/curve", headers=own).status_code == 400
    assert client.get(f"{PAGE}/2/rollout.csv").status_code == 400
    assert client.post(f"{PAGE}/99/curve", headers=own).status_code == 404


def test_a_curve_that_was_cancelled_leads_back_to_the_plan(client, own):
    answer = client.post(f"{PAGE}/1/curve", headers=own)  # nobody works here: it waits
    waits = text_of(client, answer.location)
    assert 'value="keep"' not in waits
    assert f'href="{PAGE}/1"' in waits
    ended = client.post(f"{answer.location}/cancel", data={"how": "drop"}, headers=own)
    answer = client.get(ended.location)
    assert answer.status_code == 303
    assert "Phép tính đã bị hủy" in text_of(client, answer.location)
    assert client.get(f"{PAGE}/1?ended=999").status_code == 404


@pytest.mark.parametrize(
    ("least", "step"), [(0.2, 1), (1, 1), (1.1, 2), (3, 5), (6, 10), (11, 20), (4999, 5000)]
)
def test_lines_stand_at_round_numbers(least, step):
    assert charts._round_step(least) == step


def test_a_chart_keeps_to_its_frame_and_leaves_out_what_cannot_be():
    found = charts.PeopleCurve((-1, 1007, 1007, 1490), (1490, 1490, 1490, 1490))
    drawn = charts.people_chart(found)
    assert [each.points for each in drawn.steps] == [1, 2, 3]
    for each in drawn.steps:
        assert charts.LEFT <= each.x <= charts.WIDTH - charts.RIGHT
        assert charts.TOP <= each.y <= charts.HEIGHT - charts.BOTTOM
    assert drawn.steps[0].y == drawn.steps[1].y > drawn.steps[2].y
    assert drawn.lines[0][0] <= 1007
    assert drawn.lines[-1][0] >= 1490
    assert charts.people_chart(charts.PeopleCurve((-1, -1), (5, 5))) is None
    assert charts.people_chart(charts.PeopleCurve((7,), (7,))) is None
