"""What the pages of a planner are called: one word for each page and for what is found there."""

import html
import re

from small_province import PROVINCE

from planning.language import catalogue

# Address -> the word of the glossary for the page (domain §4.1).
NAMES = {
    "overview": "Toàn cảnh", "coverage": "Độ bao phủ", "gaps": "Khoảng trống",
    "suggestions": "Đề xuất", "scenarios": "Phương án",
}  # fmt: skip


def read(client, path):
    answer = client.get(f"/{PROVINCE}/{path}")
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_the_navigation_calls_the_pages_by_their_names(client):
    text = read(client, "overview")
    links = dict(
        re.findall(rf'<a href="/{PROVINCE}/(\w+)"[^>]*>([^<]+)</a>', text.split("</nav>")[0])
    )
    assert {path: links[path] for path in NAMES} == NAMES


def test_title_and_heading_of_a_page_begin_with_its_name(client):
    for path, name in NAMES.items():
        text = read(client, path)
        heading = re.search(r"<h1>(.*?)</h1>", text)
        title = re.search(r"<title>(.*?)</title>", text)
        assert heading is not None
        assert title is not None
        assert heading[1].startswith(name)
        assert title[1].startswith(name)


def test_a_gap_has_one_word_everywhere():
    assert not [text for text in catalogue("vi").values() if "vùng trống" in text.casefold()]


def test_the_navigation_marks_the_page_and_what_belongs_to_it(client):
    for path, name, mark in (("suggestions", "Đề xuất", "page"), ("suggestions/1", "Đề xuất", "true"),
                             ("scenarios/compare", "Phương án", "true")):  # fmt: skip
        nav = read(client, path).split("</nav>")[0]
        assert re.findall(r'aria-current="(\w+)">([^<]+)</a>', nav) == [(mark, name)]
