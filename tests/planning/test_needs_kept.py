"""A chosen demand, from its kept counts through coverage, plans, layers and files.

The toy district: one open direct point in the middle of 98002, within 3 km of the people of
98001, 98002 and 98003; those of 98004 live 4 km away.
"""

import csv
import gzip
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from geo.sources.boundaries import Vintage
from planning.cli.commands import cli
from planning.jobs import asking
from planning.jobs.replanning import replan
from planning.model.asking import SuggestionAsk
from planning.model.errors import NotReadyError
from planning.model.performance import Need
from planning.model.siting import CandidateKind
from planning.model.standards import ServiceStandard
from planning.model.wishes import RuleWishes
from planning.services import (
    coverage,
    exports,
    gaps,
    layers,
    needs,
    overview,
    replay,
    rolling,
    siting,
)
from planning.services import imports as importing
from planning.services.requests import AnalysisRequest
from planning.store import imports, plans, schema
from planning.store.decided import out_of_date
from planning.store.imports import ImportBatch
from planning.store.performance_tables import need_count
from planning.store.situation import current_fingerprint, load_situation
from tests.planning.review.acting import PEOPLE
from tests.toy import district, files

HERE = AnalysisRequest(district.PROVINCE, standard=ServiceStandard.one_radius(3.0))
UNINSURED = replace(HERE, need=Need.UNINSURED)
COUNTS = {"98001": 10, "98002": 60, "98004": 33}


def count(store, need, people, day=district.SINCE, **batch):
    """Keep counts of a need and the record of their import."""
    rows = [{"province_code": district.PROVINCE, "need": need.value, "commune_code": code,
             "valid_from": day, "people": n} for code, n in people.items()]  # fmt: skip
    facts = {"kind": "needs", "file": "need.csv", "sha256": "0", "rows": len(rows), "left_out": 0,
             "source": "Phòng QLT", "as_of": "2026-06-30", "synthetic": False, "findings": [],
             "options": {"replaces": [f"{need.value} {day}"]}, "valid_from": day,
             "imported_at": "2026-07-01T00:00:00+00:00", **batch}  # fmt: skip
    with store.writing() as db:
        db.execute(sa.delete(need_count).where(need_count.c.need == need.value))
        db.execute(sa.insert(need_count), rows)
        imports.record(db, ImportBatch(district.PROVINCE, **facts))


@pytest.fixture
def counted(store):
    """Return the toy district with its uninsured counted, but for those of 98003."""
    count(store, Need.UNINSURED, COUNTS)
    return store


def test_coverage_and_gaps_are_of_the_need_asked_for(counted):
    report = coverage.assess(counted, UNINSURED)
    assert (report.total.people, report.total.people_covered) == (103, 70)
    assert report.base.unknown_communes == ("98003",)
    assert (report.base.source, report.base.as_of) == ("Phòng QLT + Bản vẽ", "2026-06-30")
    found = gaps.find(counted, UNINSURED)
    assert found.people_unserved == 33
    # 103 of the 700 people of the communes counted: 300 × 103 / 700.
    assert (found.least_people, found.base.need) == (44, Need.UNINSURED)
    spread = coverage.spread(counted, UNINSURED)
    assert sum(each.people for each in spread.classes) == 103


def test_what_is_measured_of_all_people_is_as_before_there_were_counts(store):
    before = current_fingerprint(store, district.PROVINCE, None)
    report = coverage.assess(store, HERE)
    count(store, Need.UNINSURED, COUNTS)
    assert current_fingerprint(store, district.PROVINCE, None) == before
    assert load_situation(store, district.PROVINCE, None).fingerprint == before[0]
    again = coverage.assess(store, HERE)
    assert again == report
    assert "need" not in json.dumps(again.as_dict())


def test_every_need_and_every_state_of_its_counts_has_a_fingerprint_of_its_own(counted):
    def now(need=Need.EVERYBODY):
        return current_fingerprint(counted, district.PROVINCE, None, need)[0]

    count(counted, Need.POTENTIAL, COUNTS)
    first = {now(), now(Need.UNINSURED), now(Need.POTENTIAL)}
    assert len(first) == 3
    at = now(Need.UNINSURED)
    assert load_situation(counted, district.PROVINCE, None, Need.UNINSURED).fingerprint == at
    count(counted, Need.UNINSURED, {**COUNTS, "98001": 11})
    assert now(Need.UNINSURED) not in first
    assert coverage.assess(counted, UNINSURED).total.people == 104


def test_a_need_that_nobody_counted_is_refused_by_name(counted):
    with pytest.raises(NotReadyError, match="no counts") as refused:
        coverage.assess(counted, replace(HERE, need=Need.EXPIRING))
    assert str(refused.value.params["need"]) == "people whose health insurance card expires soon"
    offers = {each.need: each.people for each in
              needs.offered(counted, district.PROVINCE, district.SINCE)}  # fmt: skip
    assert offers == {Need.UNINSURED: 103, Need.OUTSIDE_COMPULSORY: None, Need.POTENTIAL: None,
                      Need.DUE: None, Need.EXPIRING: None, Need.LAPSED: None}  # fmt: skip


def test_the_source_is_that_of_the_import_that_brought_this_need(counted):
    count(counted, Need.POTENTIAL, COUNTS, source="Danh sách", as_of="2026-09-01")
    base = coverage.assess(counted, UNINSURED).base
    assert (base.source, base.as_of) == ("Phòng QLT + Bản vẽ", "2026-06-30")
    other = coverage.assess(counted, replace(HERE, need=Need.POTENTIAL)).base
    assert (other.source, other.as_of) == ("Danh sách + Bản vẽ", "2026-09-01")


def test_key_figures_of_a_need_are_not_kept_among_those_of_all_people(counted):
    own = AnalysisRequest(district.PROVINCE, need=Need.UNINSURED)
    coverage.assess(counted, own)
    with counted.reading() as db:
        assert not db.execute(sa.select(schema.figures_kept.c.id)).all()
    assert overview.look(counted, own).report.total.people == 1000


def test_layers_of_measures_follow_the_need_those_of_places_do_not(counted):
    def body(request, name):
        return json.loads(gzip.decompress(layers.layer(counted, request, name).body))

    assert body(UNINSURED, "coverage")["people"] == 103
    assert body(UNINSURED, "gaps")["population_base"]["need"] == "uninsured"
    assert body(HERE, "coverage")["people"] == 1000
    for name in ("communes", "points"):
        one, other = (layers.layer(counted, each, name) for each in (HERE, UNINSURED))
        assert one.etag == other.etag


ASK = SuggestionAsk(1, rules=RuleWishes(kinds=(CandidateKind.SETTLEMENT,)))


def test_a_plan_is_for_the_need_it_was_asked_for_and_says_so_for_good(counted, tmp_path):
    everybody = siting.suggest(counted, HERE, ASK)
    plan = siting.suggest(counted, UNINSURED, ASK)
    assert (plan.people, plan.people_unserved, plan.people_gained) == (103, 33, 33)
    assert plan.base.need is Need.UNINSURED
    with counted.reading() as db:
        assert plans.latest(db, district.PROVINCE, district.SINCE) == everybody
        assert plans.latest(db, district.PROVINCE, district.SINCE, Need.UNINSURED) == plan
    found = siting.listed(counted, district.PROVINCE)
    assert [(each.need, old) for each, old in found] == [
        (Need.UNINSURED, False), (Need.EVERYBODY, False),
    ]  # fmt: skip

    path = tmp_path / "replay.json"
    body = replay.recorded(plan, "2026-07-01T00:00:00+00:00", plans.MADE_BY)
    path.write_text(json.dumps(body), encoding="utf-8")
    repeated = replay.repeat(counted, path)
    assert repeated.plan == plan
    assert (repeated.reasons, repeated.differences) == ((), ())
    assert rolling.known(counted, plan).people[:2] == (70, 103)

    count(counted, Need.UNINSURED, {**COUNTS, "98004": 34})
    assert out_of_date(counted, plan)
    assert not out_of_date(counted, everybody)
    with counted.writing() as db:
        db.execute(sa.delete(need_count))
    assert out_of_date(counted, plan)
    assert [old for _, old in siting.listed(counted, district.PROVINCE)] == [True, False]


def test_a_question_carries_whom_it_is_for_and_nothing_where_that_is_everybody(counted):
    values = siting.as_values(counted, UNINSURED, ASK)
    assert values["demand"] == "uninsured"
    asked = siting.stated(values)
    assert siting.request_of(asked, district.PROVINCE).need is Need.UNINSURED
    assert "demand" not in siting.as_values(counted, HERE, ASK)


def test_files_say_whom_they_count_and_call_nobody_the_population(counted, tmp_path):
    def told(request):
        path = tmp_path / "communes.geojson"
        exports.export(counted, request, "communes", "geojson", path)
        body = json.loads(path.read_text(encoding="utf-8"))
        return body["about"], {each["properties"].get("demand") for each in body["features"]}

    notes, rows = told(UNINSURED)
    assert rows == {"người chưa tham gia BHYT"}
    assert notes["Nhu cầu được tính"] == "người chưa tham gia BHYT"
    assert notes["Số đếm tính đến"] == "2026-06-30"
    assert notes["Xã chưa có số đếm, không tính"] == "98003"
    assert not [what for what in notes if "dân số" in what.lower()]
    notes, rows = told(HERE)
    assert (rows, notes["Dân số (người)"]) == ({None}, "1000")
    path = tmp_path / "demand.csv"
    exports.export(counted, UNINSURED, "demand", "csv", path)
    with path.open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    assert sum(int(each["people"]) for each in found) == 103
    assert {each["demand"] for each in found} == {"người chưa tham gia BHYT"}
    page = tmp_path / "map.html"
    exports.export(counted, UNINSURED, "points", "map", page)
    shown = page.read_text(encoding="utf-8")
    assert "Đang tính:" in shown
    assert "Nhu cầu được tính: %(source)s" in shown


def test_a_plan_asked_again_is_for_the_same_need_and_so_is_its_map(counted, tmp_path):
    siting.suggest(counted, HERE, ASK)
    siting.suggest(counted, UNINSURED, ASK)
    (line, _), *_ = siting.listed(counted, district.PROVINCE)
    job = replan(counted, PEOPLE["planner"], district.PROVINCE, plan=line.id)
    assert asking.status(counted, district.PROVINCE, job).question["demand"] == "uninsured"
    newest = replan(counted, PEOPLE["planner"], district.PROVINCE)
    assert "demand" not in asking.status(counted, district.PROVINCE, newest).question
    drawn = tmp_path / "plan.html"
    exports.export(counted, replace(HERE, plan=line.id), "proposals", "map", drawn)
    assert "Đang tính: <strong>người chưa tham gia BHYT" in drawn.read_text(encoding="utf-8")


# --- counts by the communes of another vintage ----------------------------------------

BEFORE = "2020-01-01"
FORMER = {"98101": (0, 4), "98103": (4, 2), "98104": (6, 2)}  # west end and width in km


@pytest.fixture
def reformed(store, tmp_path):
    """Return the toy district that had three communes before; the first was divided."""
    shapes = [files.feature(code, district.square(west, 0, wide, 2))
              for code, (west, wide) in FORMER.items()]  # fmt: skip
    (tmp_path / "former.geojson").write_text(files.collection(shapes), encoding="utf-8")
    vintage = Vintage(district.PROVINCE, BEFORE, "2025-06-30")
    importing.import_boundaries(store, tmp_path / "former.geojson", vintage, importing.Origin())
    return store


def link(store, tmp_path):
    rows = ("98101,A,98001", "98101,A,98002", "98103,B,98003", "98104,C,98004")
    path = tmp_path / "crosswalk.csv"
    path.write_text("\n".join(["Mã xã cũ,Xã cũ,Mã xã mới", *rows]), encoding="utf-8")
    importing.import_crosswalk(store, path, importing.Origin())


def test_counts_by_former_communes_are_shared_by_the_people_of_their_parts(reformed, tmp_path):
    count(reformed, Need.UNINSURED, {"98101": 31, "98104": 4}, BEFORE)
    with pytest.raises(NotReadyError, match="cannot be carried") as refused:
        coverage.assess(reformed, UNINSURED)
    assert refused.value.params["people"] == 35
    link(reformed, tmp_path)
    report = coverage.assess(reformed, UNINSURED)
    # 31 people shared as 100 and 200 people live: 10⅓ and 20⅔.
    assert {each.code: each.people for each in report.communes} == {
        "98001": 10, "98002": 21, "98003": None, "98004": 4,
    }  # fmt: skip
    assert report.base.people == report.total.people == 35
    assert report.base.unknown_communes == ("98003",)
    # Counts by the present communes come first once there are any.
    count(reformed, Need.UNINSURED, COUNTS)
    assert coverage.assess(reformed, UNINSURED).base.people == 103


# --- on the command line --------------------------------------------------------------


@pytest.fixture
def run(counted):
    def command(*words):
        given = {"DIEMTHU_DATABASE": counted.database.address, "DIEMTHU_LANGUAGE": "en"}
        return CliRunner().invoke(cli, [str(each) for each in words], env=given)

    return command


def test_a_command_measures_the_demand_it_is_told(run, tmp_path):
    path = tmp_path / "coverage.json"
    result = run("assess", "--radius-km", 3, "--demand", "uninsured", "--json", path)
    assert result.exit_code == 0, result.output
    assert "Demand counted: people without health insurance" in result.output
    assert "Demand counted: 103 persons; Phòng QLT + Bản vẽ; counted 2026-06-30" in result.output
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["people"] == 103
    assert found["population_base"]["need"] == "uninsured"
    refused = run("gaps", "--demand", "potential")
    assert refused.exit_code == 1
    assert "potential participants" in refused.output


def test_a_file_of_a_question_may_name_its_demand(run, tmp_path):
    path, out = tmp_path / "question.json", tmp_path / "plan.json"
    asked = {"province": "98", "standard": {"radius_km": 3}, "demand": "uninsured", "points": 1}
    path.write_text(json.dumps(asked), encoding="utf-8")
    result = run("suggest", "--problem", path, "--json", out)
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text(encoding="utf-8"))["people"] == 103
    path.write_text(json.dumps({**asked, "demand": "unhappy"}), encoding="utf-8")
    wrong = run("suggest", "--problem", path)
    assert wrong.exit_code == 1
    assert "demand" in wrong.output
    assert "uninsured" in wrong.output, "what may stand there is said"
