"""Figures on one page agree with each other, and the worst served stand first."""

import html
import re
from functools import cache
from itertools import pairwise

from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from small_province import PROVINCE

from planning.web import create_app
from planning.web.scenario_shown import WRITTEN, FigureRow, _row
from tests.web.test_workspace_pages import rows_of

COVERAGE = f"/{PROVINCE}/coverage"
METRES = st.floats(0, 300_000)


@cache
def app() -> Flask:
    """Return an application that is asked for nothing but the reader's language."""
    return create_app()


def read(text: str) -> float:
    """Return a figure as a reader would read it: 1.234,5."""
    bare = text.split(maxsplit=1)[0].removesuffix("%").replace(".", "").replace(",", ".")
    return float(bare.replace("−", "-"))


def row(how: str, now: float, then: float, better: int = -1) -> FigureRow:
    with app().test_request_context(headers={"Accept-Language": "vi"}):
        return _row("Khoảng cách", how, better, now, then)


class TestChange:
    @example(now=5.0, then=6.0, how="km")  # 0,005 and 0,006: half goes to the even one
    @given(now=METRES, then=METRES, how=st.sampled_from(sorted(WRITTEN)))
    def test_is_the_difference_of_the_figures_beside_it(self, now, then, how):
        found = row(how, now, then)
        if found.now == found.then:
            assert found.change == "không đổi"
            assert found.better == 0
        else:
            assert abs(read(found.then) - read(found.now) - read(found.change)) < 1e-6
            assert found.better == (1 if then < now else -1)

    def test_of_distances_that_round_apart(self):
        assert row("km", 23_834.0, 10_825.0).change == "−13,00"  # 23,83 and 10,83; not −13,01


def test_equal_shares_are_ordered_by_the_people_not_served(client):
    for query in ("sort=direct", "sort=direct&down=1", "sort=share"):
        text = html.unescape(client.get(f"{COVERAGE}?{query}").get_data(as_text=True))
        rows = [cells for cells in rows_of(text) if cells[3] != "–"]
        at = {"sort=share": 4}.get(query, 5)
        assert len(rows) > 1
        for one, other in pairwise(rows):
            if one[at] == other[at]:
                assert read(one[3]) >= read(other[3])


def test_a_change_says_better_or_worse_by_its_mark_and_in_words(client, own):
    at = client.post(
        f"/{PROVINCE}/scenarios", data={"name": "Thử"}, headers=own
    ).headers["Location"]  # fmt: skip
    place = {"version": "0", "kind": "add", "lat": "10.22", "lon": "105.11"}
    version = client.get(f"{at}/state.json").json["version"]
    client.post(f"{at}/change.json", data=place | {"version": str(version)}, headers=own)
    text = client.get(at).get_data(as_text=True)
    row_of = re.search(r'<th scope="row">Dân số chưa được phục vụ</th>.*?</tr>', text, re.DOTALL)
    assert row_of is not None
    assert re.search(r"✓</span> −[\d.]+<span class=\"unseen\"> \(tốt hơn\)", row_of[0])
    assert "▲" not in row_of[0]
