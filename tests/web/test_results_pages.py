"""The pages of targets and results: what they say, for whom, in both languages."""

import csv
import io
import re

import pytest
import sqlalchemy as sa
from markupsafe import escape
from small_province import PROVINCE

from planning.model.performance import ALL_KEYS, Level
from planning.store import performance_tables, schema

PAGES = ("results", "results/communes", "results/below", "results/cascade", "results/potential",
         "results/opened")  # fmt: skip
QUARTER = "2025-Q3"


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
    [("results?period=2025-Q9", 400), ("results?programme=none", 404),
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
    "what", ["organisations", "communes", "matrix", "below", "cascade", "potential"]
)
@pytest.mark.usefixtures("told")
def test_every_table_can_be_taken_away_as_a_spreadsheet(client, what):
    answer = client.get(f"/{PROVINCE}/results/export/{what}.xlsx")

    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
