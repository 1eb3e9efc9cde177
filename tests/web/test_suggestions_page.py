"""The page of suggestions: what a kept plan knows of its sites and of points that close."""

import html
import re
from dataclasses import replace

import pytest
from small_province import EVIL_POINT, NAMES, PROVINCE

from planning.model.siting import ClosedPoint, Firmness, Method, Refusing, SitingPlan, Unit
from planning.model.wishes import Budget
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.store import plans

PAGE = f"/{PROVINCE}/suggestions"


@pytest.fixture
def plan(app) -> SitingPlan:
    found, _ = siting.latest(app.extensions["planning"], AnalysisRequest(PROVINCE))
    return found


@pytest.fixture
def shown(app, client):
    """Return a function that keeps a plan and returns the page that shows it."""

    def page(kept: SitingPlan, lang: str = "vi") -> str:
        with app.extensions["planning"].writing() as db:
            number = plans.save(db, kept, made_at="2026-01-01T00:00:00+00:00")
        return client.get(f"{PAGE}/{number}", query_string={"lang": lang}).get_data(as_text=True)

    return page


def rows(text: str, table: int) -> list[list[str]]:
    """Return the cells of each row of a table as a reader sees them."""
    body = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)[table]
    return [
        [" ".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split())
         for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]  # fmt: skip


def headings(text: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text)]


def known_of(plan: SitingPlan) -> SitingPlan:
    """Return the plan of two sites, one likely, the other in no circumstances to be missed."""
    first, second = plan.sites
    price = Refusing(1234.0, replacement="x", commune=NAMES[2], distance_m=1500.4)
    return replace(plan, sites=(
        replace(first, firmness=Firmness.LIKELY, refusing=price),
        replace(second, firmness=Firmness.FIRM, refusing=Refusing(None, impossible=True)),
    ))  # fmt: skip


def test_points_that_close_are_listed_with_whom_they_lose_and_their_contract(plan, shown):
    gone = [ClosedPoint("A", EVIL_POINT, "98000", 105.0, 10.2, 12345, "2024-03-01"),
            ClosedPoint("B", "Nhà <b>thuốc</b>", None, 105.0, 10.2, 0)]  # fmt: skip
    text = shown(replace(plan, closed=tuple(gone)))
    assert "Điểm thu đóng hoặc chuyển đi" in text
    assert rows(text, 1) == [
        [EVIL_POINT, "12.345", "01/03/2024"], ["Nhà <b>thuốc</b>", "0", "–"],
    ]  # fmt: skip
    assert "<img src=x" not in text
    assert "<b>thuốc" not in text
    assert "Bước tiếp theo" in text
    english = shown(replace(plan, closed=tuple(gone)), "en")
    assert "People who lose their only point" in english
    assert rows(english, 1)[0] == [EVIL_POINT, "12,345", "1 Mar 2024"]


def test_firmness_is_said_in_words_and_by_a_sign(plan, shown):
    text = shown(known_of(plan))
    assert "Độ chắc chắn" in headings(text)
    column = headings(text).index("Độ chắc chắn")
    assert [row[column] for row in rows(text, 0)] == ["◐ khá chắc", "● chắc chắn"]
    first, second = plan.sites
    text = shown(replace(plan, sites=(replace(first, firmness=Firmness.DEPENDS), second)))
    assert [row[column] for row in rows(text, 0)] == ["○ còn tùy", "–"]


def test_the_price_of_refusing_names_what_takes_the_place_of_a_site(plan, shown):
    text = shown(known_of(plan))
    column = headings(text).index("Số người mất đi nếu bỏ")
    assert [row[column : column + 2] for row in rows(text, 0)] == [
        ["1.234", f"{NAMES[2]} (1,50 km)"], ["–", "bỏ thì không còn đề xuất"],
    ]  # fmt: skip
    assert headings(text)[column + 1] == "Vị trí thay thế"
    assert "<script>alert" not in text


def test_the_cost_is_shown_where_there_is_a_budget(plan, shown):
    first, second = plan.sites
    money = replace(plan, ask=replace(plan.ask, budget=Budget(90_000, 30_000)),
                    sites=(replace(first, cost=30_000), replace(second, cost=12_500)))  # fmt: skip
    text = shown(money)
    column = headings(text).index("Chi phí (nghìn đồng)")
    assert [row[column] for row in rows(text, 0)] == ["30.000", "12.500"]
    assert "42.500 <small>nghìn đồng</small>" in text


def test_what_is_not_known_has_no_column(plan, shown):
    bare = replace(plan, sites=tuple(replace(each, refusing=None) for each in plan.sites))
    text = shown(bare)
    assert len(headings(text)) == 8
    assert len(headings(text)) == len(rows(text, 0)[0])
    assert "Điểm thu đóng" not in text
    assert "Chi phí" not in text


def test_every_row_has_a_cell_for_every_heading(plan, shown):
    first, second = known_of(plan).sites
    money = replace(plan, ask=replace(plan.ask, budget=Budget(9, 3)), sites=(first, second))
    text = shown(money)
    assert {len(row) for row in rows(text, 0)} == {len(headings(text))} == {12}


def test_what_clusters_give_up_is_told_in_people_and_in_per_cent(plan, shown):
    gained = plan.people_gained
    clusters = replace(plan, ask=replace(plan.ask, method=Method.CLUSTERS),
                       optimised_people_gained=gained + 1234)  # fmt: skip
    share = f"{100 * 1234 / (gained + 1234):.1f}".replace(".", ",")
    assert plan.unit == Unit.PEOPLE
    assert f"phục vụ ít hơn 1.234 người ({share} %) so với tối ưu hóa" in shown(clusters)
    assert "người. Cách theo tâm cụm" in shown(replace(clusters, bound=clusters.value + 1))
    assert "tối ưu hóa" not in shown(plan)
