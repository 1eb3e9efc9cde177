"""The pages of targets and results: what they say, for whom, in both languages."""

import csv
import io
import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from markupsafe import escape
from small_province import PROVINCE

from planning.analysis.performance.standing import Standing
from planning.model.performance import ALL_KEYS, Level
from planning.store import performance_tables, schema
from planning.web import mismatch

PAGES = ("results", "results/communes", "results/below", "results/cascade", "results/potential",
         "results/opened")  # fmt: skip
QUARTER = "2025-Q3"
FIGURES = re.compile(r'<dl class="figures">.*?</dl>', re.DOTALL)


@pytest.fixture
def told(app):
    """Have an organisation with an awkward name, and figures of two of its points; return their names."""
    store = app.extensions["planning"]
    common = {"province_code": PROVINCE, "programme": "BHXH-TN", "period": QUARTER,
              "valid_from": "", **dict.fromkeys(ALL_KEYS, "")}  # fmt: skip
    with store.writing() as db:
        points = db.execute(
            sa.select(schema.point.c.point_id, schema.point.c.name).order_by(
                schema.point.c.point_id
            )
        )
        (first, one), (second, other) = list(points)[:2]
        db.execute(sa.insert(schema.organisation), {
            "province_code": PROVINCE, "organisation_code": "=1+1", "name": "Tổ <b>chức</b> & Cộng"})  # fmt: skip
        db.execute(sa.update(schema.point).values(organisation_code="=1+1"))
        for name, figures in (("target", (1000, 234)), ("result", (450, 300))):
            db.execute(sa.insert(getattr(performance_tables, name)), [
                {**common, "level": Level.POINT, "point_id": point, "value": value}
                for point, value in zip((first, second), figures, strict=True)
            ])  # fmt: skip
        db.execute(sa.insert(performance_tables.target), {**common, "level": Level.PROVINCE, "value": 1300})  # fmt: skip
    return str(escape(one)), str(escape(other))


def text_of(client, path, language="vi"):
    answer = client.get(f"/{PROVINCE}/{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_says_what_to_do_next_before_and_after_anything_is_told(
    client, request, path, language
):
    for _ in range(2):
        text = text_of(client, path, language)
        assert 'class="next"' in text
        assert "<h1>" in text
        assert "None" not in text
        assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", text.lower())
        assert "style=" not in text
        request.getfixturevalue("told")


@pytest.mark.usefixtures("told")
def test_the_province_stands_against_its_target(client):
    text = text_of(client, "results")

    figures = re.sub(
        r"\s+",
        " ",
        re.sub(r"<[^>]+>", " ", text.partition('<dl class="figures">')[2].partition("</dl>")[0]),
    )
    for said in ("750", "1.300", "57,7%", "550"):  # 750 ÷ 1300, and 1300 − 750
        assert said in figures
    assert "Tổ &lt;b&gt;chức&lt;/b&gt; &amp; Cộng" in text
    assert "<b>chức</b>" not in text


@pytest.mark.usefixtures("told")
def test_the_difference_between_a_target_and_its_parts_is_shown(client):
    text = text_of(client, "results/cascade")

    assert "✗ +66" in text  # 1300 − (1000 + 234)
    assert "không khớp" in text


def test_a_list_below_a_rate_follows_the_address(client, told):
    first, second = told

    assert first in text_of(client, "results/below?rate=50")
    assert second not in text_of(client, "results/below?rate=50")
    assert second in text_of(client, "results/below?rate=1000")
    assert "1 trong số 2" in text_of(client, "results/below?rate=45,1")


@pytest.mark.parametrize(
    ("path", "status"),
    [("results?period=2025-Q9", 400), ("results?period=0001-W01", 400),
     ("results?period=9999-W52", 400), ("results/communes?period=9999", 400), ("results?programme=none", 404),
     ("results/below?rate=x", 400), ("results/below?rate=-1", 400),
     ("results/below?list=offices", 404), ("results/communes?vintage=1999-01-01", 404),
     ("results/export/none.csv", 404), ("results/export/communes.gpkg", 404)],
)  # fmt: skip
@pytest.mark.usefixtures("told")
def test_what_cannot_be_meant_is_one_sentence(client, path, status):
    answer = client.get(f"/{PROVINCE}/{path}")

    assert answer.status_code == status
    assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.usefixtures("told")
def test_a_file_has_whole_numbers_and_no_formula(client):
    answer = client.get(f"/{PROVINCE}/results/export/organisations.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [(each["code"], each["target"], each["result"], each["short"]) for each in rows] == [
        ("", "1300", "750", "550"), ("'=1+1", "1234", "750", "484"),
    ]  # fmt: skip
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "what", ["organisations", "offices", "communes", "matrix", "below", "cascade", "potential"]
)
@pytest.mark.usefixtures("told")
def test_every_table_can_be_taken_away_as_a_spreadsheet(client, what):
    answer = client.get(f"/{PROVINCE}/results/export/{what}.xlsx")

    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def keep(app, name, *rows):
    """Keep targets or results of a programme that counts who takes part: period, level, more, figure."""
    common = {"province_code": PROVINCE, "programme": "BHXH-TN", "valid_from": "",
              **dict.fromkeys(ALL_KEYS, "")}  # fmt: skip
    with app.extensions["planning"].writing() as db:
        db.execute(sa.insert(getattr(performance_tables, name)), [
            {**common, "period": period, "level": level, **more, "value": value}
            for period, level, more, value in rows
        ])  # fmt: skip


@pytest.mark.usefixtures("told")
def test_no_change_is_shown_where_nothing_is_told_yet(app, client):
    keep(app, "result", ("2024-Q4", Level.PROVINCE, {}, 749_962))
    keep(app, "target", ("2025-Q4", Level.PROVINCE, {}, 800_000))

    shown = {
        period: FIGURES.search(text_of(client, f"results?period={period}"))[0]
        for period in ("2025-Q3", "2025-Q4")
    }
    assert "749.962" in shown["2025-Q3"]  # what was held before the year
    assert "749.962" not in shown["2025-Q4"]


@pytest.mark.usefixtures("told")
def test_who_lacks_a_result_is_not_said_to_lack_a_target(app, client):
    keep(app, "target", (QUARTER, Level.ORGANISATION, {"organisation_code": "TC2"}, 100),
         ("2025", Level.PROVINCE, {}, 1500))  # fmt: skip
    text = text_of(client, f"results?period={QUARTER}", "en")

    assert "no result yet" in text
    assert "no target<" not in text
    assert "1 organisations lack a target or a result; their targets count in the rate" in text
    assert "Held at the end of the period, of the target of the year" in text
    assert "Since new year" not in text


@pytest.mark.usefixtures("told")
def test_offices_are_listed_against_their_targets(app, client):
    for name, value in (("target", 400), ("result", 90)):
        keep(app, name, (QUARTER, Level.OFFICE, {"office": "Cơ sở <Đông>"}, value))
    row = text_of(client, "results").partition("Cơ sở &lt;Đông&gt;")[2].partition("</tr>")[0]

    for said in ("400", "90", "22,5%", "310"):  # 90 ÷ 400, and 400 − 90
        assert f">{said}<" in row


@pytest.mark.usefixtures("told")
def test_sums_that_contradict_each_other_are_said(app, client):
    keep(app, "result", (QUARTER, Level.OFFICE, {"office": "Đông"}, 9000))
    text = text_of(client, "results", "en")

    assert "Results add up differently by different ways:" in text
    assert "BHXH office: 9" in text


def test_targets_by_two_ways_are_not_said_to_add_up(app, client):
    keep(app, "target", (QUARTER, Level.ORGANISATION, {"organisation_code": "TC2"}, 100),
         (QUARTER, Level.OFFICE, {"office": "Đông"}, 1000))  # fmt: skip
    text = text_of(client, f"results/cascade?period={QUARTER}", "en")

    assert "Targets add up differently by different ways:" in text
    assert "adds up, to the person" not in text


def test_communes_are_held_against_those_that_have_both():
    rows = [SimpleNamespace(standing=each) for each in
            (Standing(100, 50), Standing(300, None), Standing(None, 70), Standing(0, 9))]  # fmt: skip
    lost = [SimpleNamespace(standing=Standing(100, 90))]

    assert mismatch._mean(SimpleNamespace(rows=rows, lost=lost)) == 0.7  # (50 + 90) ÷ 200
