"""Whose need is counted: chosen on the pages, kept from page to page, said wherever it counts."""

import json
import re

import pytest
import sqlalchemy as sa
from small_province import PROVINCE

from planning import jobs
from planning.model.performance import Need
from planning.model.scenario import Change, ChangeKind
from planning.services import coverage, scenarios, siting
from planning.services.requests import AnalysisRequest
from planning.store.performance_tables import need_count

UNINSURED = {"98000": 400, "98001": 500, "98002": 600}
PAGES = ("coverage", "gaps", "map", "suggestions", "communes/98001")
SAID = {"vi": "người chưa tham gia BHYT", "en": "people without health insurance"}


@pytest.fixture
def counted(app, client):
    """Return a client of the small province in which the uninsured were counted."""
    rows = [{"province_code": PROVINCE, "need": "uninsured", "commune_code": code,
             "valid_from": "2025-07-01", "people": n} for code, n in UNINSURED.items()]  # fmt: skip
    with app.extensions["planning"].writing() as db:
        db.execute(sa.insert(need_count), rows)
    return client


def text_of(client, page, **query):
    answer = client.get(f"/{PROVINCE}/{page}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.text


def options(page):
    select = re.search(r'<select [^>]*name="demand".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'<option value="([^"]*)"( disabled)?( selected)?>([^<]*)<', select)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("lang", "all_people", "none"),
    [("vi", "toàn bộ dân số", "chưa có số đếm"), ("en", "all people", "no counts yet")],
)
def test_every_need_is_offered_those_that_nobody_counted_cannot_be_chosen(
    counted, page, lang, all_people, none
):
    found = options(text_of(counted, page, lang=lang, demand="uninsured"))
    assert [value for value, *_ in found] == [
        "", "uninsured", "outside compulsory", "potential", "due", "expiring", "lapsed",
    ]  # fmt: skip
    assert found[0][3] == all_people
    assert found[1] == ("uninsured", "", " selected", SAID[lang])
    assert all(disabled and none in text for _, disabled, _, text in found[2:])


@pytest.mark.parametrize("page", [*PAGES[:3], PAGES[4]])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_says_whom_it_counts_only_where_that_is_not_everybody(counted, page, lang):
    note = re.compile(r'<p class="need" role="note">.*?<strong>([^<]*)</strong>', re.DOTALL)
    assert note.search(text_of(counted, page, lang=lang, demand="uninsured"))[1] == SAID[lang]
    assert not note.search(text_of(counted, page, lang=lang))


def test_figures_are_of_the_need_and_call_nobody_the_population(counted):
    everybody = text_of(counted, "coverage", lang="vi")
    some = text_of(counted, "coverage", lang="vi", demand="uninsured")
    assert "22.000" in everybody
    assert "1.500" in some
    assert "Nhu cầu được tính: người chưa tham gia BHYT" in some
    assert "<dt>Số người được tính</dt>" in some
    body = some[some.index('id="measured"') : some.index('class="next"')]
    assert "Dân số" not in body
    # The sheet of a commune in which nobody was counted says that, and no zero.
    assert "chưa có số đếm nên không tính" in text_of(
        counted, "communes/98003", lang="vi", demand="uninsured"
    )


def test_the_choice_goes_with_the_reader_and_away_with_everybody(counted):
    page = text_of(counted, "gaps", demand="uninsured", standard="2")
    assert f'href="/{PROVINCE}/coverage?standard=2&amp;demand=uninsured' in page
    form = page[page.index('<form class="ask demand"') :]
    form = form[: form.index("</form>")]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert hidden == {"standard": "2"}
    links = re.findall(r'href="([^"]*)"', text_of(counted, "gaps", demand="", standard="2"))
    assert links
    assert not [each for each in links if "demand=" in each]


def test_pages_of_all_people_say_so_where_a_need_was_chosen(counted):
    told = "tính toàn bộ dân số"
    for page in ("overview", "reform"):
        assert told in text_of(counted, page, lang="vi", demand="uninsured"), page
        assert told not in text_of(counted, page, lang="vi"), page
    one, other = (text_of(counted, "overview", demand=need) for need in ("", "uninsured"))
    figures = re.compile(r"<dd>[^<]*")
    assert figures.findall(one) == figures.findall(other)


def test_a_need_without_counts_or_without_a_name_is_refused_in_a_sentence(counted):
    answer = counted.get(f"/{PROVINCE}/coverage?demand=potential&lang=vi")
    assert answer.status_code == 409
    assert "chưa có số đếm người tham gia tiềm năng" in answer.text
    wrong = counted.get(f"/{PROVINCE}/gaps?demand=everyone&lang=vi")
    assert wrong.status_code == 400
    assert "“everyone” không phải là một nhu cầu" in wrong.text


def test_layers_of_the_map_are_asked_for_the_need(counted):
    page = text_of(counted, "map", demand="uninsured")
    view = json.loads(re.search(r'id="view">(.*?)</script>', page, re.DOTALL)[1])
    assert view["words"]["population"] == "Số người được tính"
    coverage = counted.get(view["sources"]["coverage"]).get_json()
    assert (coverage["people"], coverage["population_base"]["need"]) == (1500, "uninsured")


def test_a_suggestion_is_for_the_need_chosen_in_its_question(counted, own, working, app):
    asked = {"demand": "uninsured", "objective": "most people", "points": "1", "effort": "normal"}
    answer = counted.post(f"/{PROVINCE}/suggestions", data=asked, headers=own)
    where = working(answer.headers["Location"])
    page = counted.get(where, query_string={"lang": "vi"}).text
    assert "Đang tính:" in page
    assert "Số người được phục vụ thêm" in page
    assert "Dân số được phục vụ thêm" not in page
    assert "<dt>Đề xuất phục vụ cho</dt><dd>người chưa tham gia BHYT</dd>" in page
    assert "&amp;demand=uninsured" in page, "its map shows the same need"
    (line, old), *_ = siting.listed(app.extensions["planning"], PROVINCE)
    assert (line.need, old) == ("uninsured", False)
    assert "cho: người chưa tham gia BHYT" in text_of(counted, "suggestions", lang="vi")
    # Asked again it is for the same need; the newest plan for everybody is as before.
    assert options(text_of(counted, "suggestions", like=line.id))[1][2] == " selected"
    newest, _ = siting.latest(app.extensions["planning"], AnalysisRequest(PROVINCE))
    assert newest.base.need == "everybody"


def test_a_question_with_an_unknown_need_is_told_at_its_field(counted, own):
    asked = {"demand": "everyone", "objective": "most people", "points": "1"}
    answer = counted.post(f"/{PROVINCE}/suggestions?lang=vi", data=asked, headers=own)
    assert answer.status_code == 400
    assert 'id="demand-wrong"' in answer.text


# --- scenarios ------------------------------------------------------------------------


@pytest.fixture
def scenario(app):
    """Return the number of a scenario with a point in the middle of the third commune."""
    store, here = app.extensions["planning"], AnalysisRequest(PROVINCE)
    made = scenarios.make(store, here, "Thử")
    add = Change(ChangeKind.ADD, lon=105.115, lat=10.222, name="Mới")
    scenarios.change(store, here, scenarios.Write(PROVINCE, made.id, made.version), [add])
    return made.id


@pytest.mark.usefixtures("counted", "scenario")
def test_a_scenario_is_measured_for_the_need_and_is_no_older_for_it(app):
    store = app.extensions["planning"]
    (made,) = [each.scenario for each in scenarios.listed(store, AnalysisRequest(PROVINCE))]
    some = AnalysisRequest(PROVINCE, need=Need.UNINSURED)
    everybody = scenarios.evaluate(store, AnalysisRequest(PROVINCE), made)
    measured = scenarios.evaluate(store, some, made)
    assert everybody.figures.now.people == 22000
    assert measured.figures.now.people == 1500
    assert not everybody.out_of_date
    assert not measured.out_of_date
    # As coverage has it, of the network as it is.
    now = coverage.assess(store, some).total.people_covered
    assert measured.figures.now.people_served == now
    assert 0 < measured.figures.people_gained <= 600
    sides = scenarios.compare(store, some, [made]).communes
    assert {each.code: each.people for each in sides} == UNINSURED


def test_pages_of_scenarios_say_whom_they_count(counted, scenario):
    note = re.compile(r'<p class="need" role="note">.*?<strong>([^<]*)</strong>', re.DOTALL)
    for page in ("scenarios", f"scenarios/{scenario}", f"scenarios/compare?ids={scenario}"):
        path, _, query = page.partition("?")
        more = dict(each.split("=") for each in query.split("&") if each)
        text = text_of(counted, path, lang="vi", demand="uninsured", **more)
        assert note.search(text)[1] == SAID["vi"], page
        assert options(text)[1][2] == " selected"
        main = text[text.index('id="main"') :].replace(">toàn bộ dân số<", "")
        main = re.sub("<script.*?</script>", "", main, flags=re.DOTALL)
        assert not re.search(r"(?i)>[^<]*(dân số|số dân)[^<]*<", main), page
        assert not note.search(text_of(counted, path, lang="vi", **more)), page
    state = f"/{PROVINCE}/scenarios/{scenario}/state.json?demand=uninsured&lang=vi"
    figures = counted.get(state).get_json()["html"]["figures"]
    assert "Số người được phục vụ" in figures
    assert "Dân số" not in figures


def test_points_in_addition_to_a_scenario_are_for_the_need(counted, app, own, scenario):
    where = f"/{PROVINCE}/scenarios/{scenario}/suggest?demand=uninsured"
    assert counted.post(where, data={"points": "1"}, headers=own).status_code == 303
    (job, *_) = jobs.still_open(app.extensions["planning"], PROVINCE)
    assert job.question["demand"] == "uninsured"
    assert job.question["basis"]
