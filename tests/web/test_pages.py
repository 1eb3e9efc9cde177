"""Every page answers, in two languages, and takes names for text."""

import html
import re

import pytest
from small_province import EVIL_POINT, NAMES, PROVINCE

PAGES = (
    "/", f"/{PROVINCE}/map", f"/{PROVINCE}/gaps", f"/{PROVINCE}/suggestions",
    f"/{PROVINCE}/overview", f"/{PROVINCE}/coverage", f"/{PROVINCE}/communes/98001",
    f"/{PROVINCE}/reform", f"/{PROVINCE}/standard", f"/{PROVINCE}/data", f"/{PROVINCE}/attention",
)  # fmt: skip
OF_PROVINCE = PAGES[1:]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_vietnamese_and_in_english(client, page):
    vietnamese = client.get(page).get_data(as_text=True)
    english = client.get(page, query_string={"lang": "en"}).get_data(as_text=True)
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english
    assert "Bước tiếp theo" in vietnamese
    assert "Next" in english


@pytest.mark.parametrize("page", OF_PROVINCE)
def test_every_page_of_a_synthetic_province_says_so_and_shows_the_day_of_the_data(client, page):
    text = client.get(page).get_data(as_text=True)
    assert '<strong class="demo">Dữ liệu minh họa</strong>' in text
    assert "01/07/2025" in text
    assert "Số liệu tính đến ngày" in text


@pytest.mark.parametrize("page", OF_PROVINCE)
def test_the_mark_of_demonstration_data_stays_in_vietnamese_on_english_pages(client, page):
    text = client.get(page, query_string={"lang": "en"}).get_data(as_text=True)
    assert "Dữ liệu minh họa" in text


@pytest.mark.parametrize(
    "page", [each for each in PAGES if not each.endswith(("map", "standard", "data", "attention"))]
)
def test_pages_with_figures_of_people_name_the_population_base(client, page):
    assert "Cơ sở dân số" in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize("page", PAGES)
def test_names_stay_text_on_every_page(client, page):
    text = client.get(page).get_data(as_text=True)
    for dangerous in ("<b>Hòa</b>", "<script>alert", "<img src=x", "<i>Nghiệm", "<u>nghiệm"):
        assert dangerous not in text


def test_names_are_shown_as_they_are_written(client):
    text = html.unescape(client.get(f"/{PROVINCE}/coverage").get_data(as_text=True))
    for name in NAMES:
        assert name in text


def test_a_point_named_like_markup_travels_as_data(client):
    rows = client.get(f"/{PROVINCE}/layers/points.json").get_json()["rows"]
    assert EVIL_POINT in [row[1] for row in rows]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_another_host(client, page):
    assert not re.findall(
        r"""(?:src|href|action)=["'](?:https?:)?//""", client.get(page).get_data(as_text=True)
    )


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_an_inline_script_style_or_handler(client, page):
    text = client.get(page).get_data(as_text=True)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert all('type="application/json"' in each for each in scripts)
    # Inside tags only: a name shown as text may spell anything.
    assert not re.search(r"<style|<[a-z][^<>]*\s(style|on[a-z]+)=", text)


def test_the_empty_database_says_what_to_do(empty_app):
    text = empty_app.test_client().get("/").get_data(as_text=True)
    assert "diemthu demo province" in text


def test_gaps_and_suggestions_are_linked_to_the_map(client):
    assert f'href="/{PROVINCE}/map#-/g1"' in client.get(f"/{PROVINCE}/gaps").get_data(as_text=True)
    text = client.get(f"/{PROVINCE}/suggestions/1").get_data(as_text=True)
    assert f'href="/{PROVINCE}/map?tab=plan&amp;plan=1#-/s1"' in text


def test_the_chosen_standard_stays_in_the_links(client):
    text = client.get(f"/{PROVINCE}/gaps", query_string={"standard": "5"}).get_data(as_text=True)
    assert f'href="/{PROVINCE}/coverage?standard=5"' in text
    assert "trong bán kính 5 km" in text


def test_asking_twice_gives_the_same_plan(client, own, working):
    plans = []
    for _ in range(2):
        asked = {"points": "3", "then": "map"}
        answer = client.post(f"/{PROVINCE}/suggestions", data=asked, headers=own)
        assert answer.status_code == 303
        assert working(answer.location).endswith(f"/{PROVINCE}/map?tab=plan")
        plans.append(client.get(f"/{PROVINCE}/layers/plan.json").get_json())
    assert plans[0] == plans[1]
    assert len(plans[0]["plan"]["sites"]) <= 3


def test_a_changed_standard_is_kept_shown_and_makes_coverage_follow(client, own):
    before = client.get(f"/{PROVINCE}/layers/coverage.json").get_json()["people_covered"]
    radii = dict.fromkeys(("urban", "delta", "midland", "mountain", "difficult", "island"), "7,5")
    answer = client.post(f"/{PROVINCE}/standard", data=radii, headers=own, follow_redirects=True)
    assert "Đã lưu" in answer.get_data(as_text=True)
    assert 'value="7,5"' in answer.get_data(as_text=True)
    after = client.get(f"/{PROVINCE}/layers/coverage.json").get_json()
    assert after["people_covered"] > before
    assert after["standard"]["radius_km"] == 7.5


def test_the_language_is_kept_in_a_cookie_and_the_way_back_stays_here(client, own):
    chosen = {"language": "en", "back": f"/{PROVINCE}/gaps"}
    assert client.post("/language", data=chosen, headers=own).location == f"/{PROVINCE}/gaps"
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    for elsewhere in ("//other.example/", "https://other.example/", "/\\other.example", ""):
        answer = client.post("/language", data={"language": "vi", "back": elsewhere}, headers=own)
        assert answer.location == "/"


@pytest.mark.parametrize("what", ["communes", "points", "proposals", "demand"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg"])
def test_every_export_is_a_download_with_content(client, what, form):
    answer = client.get(f"/{PROVINCE}/export/{what}.{form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'-{what}-2025-07-01.{form}"')
    assert len(answer.data) > 50


def test_the_map_file_can_be_downloaded(client):
    answer = client.get(f"/{PROVINCE}/export/proposals.map")
    assert answer.headers["Content-Disposition"].endswith('.html"')
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_gaps_have_english_names_on_english_pages_and_say_that_the_distance_is_a_mean(client):
    english = client.get(f"/{PROVINCE}/gaps?lang=en").get_data(as_text=True)
    assert " part of " in english or "Middle of " in english
    assert "cách" not in english
    assert "Mean distance to the nearest point (km)" in english
    vietnamese = client.get(f"/{PROVINCE}/gaps?lang=vi").get_data(as_text=True)
    assert ", cách " in vietnamese
    assert "Khoảng cách bình quân đến điểm thu gần nhất (km)" in vietnamese
