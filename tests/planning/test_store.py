"""Keeping data: whole or not at all, nothing lost, nothing stale."""

import gzip
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import ImportRefusedError, NotFoundError, NotReadyError
from planning.model.siting import SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.services import coverage, exports, imports, layers, siting, standards
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.store import audit, plans, schema
from planning.store.layers import load_population
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation
from tests.databases import ON_FILES
from tests.toy import district, files

OURS = AnalysisRequest(district.PROVINCE)
VINTAGE = Vintage(district.PROVINCE, district.SINCE)
PLAIN = Origin()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def counts(store: Store) -> dict[str, int]:
    with store.reading() as db:
        return {
            table.name: db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in schema.metadata.sorted_tables
        }


def tags(store: Store) -> list[str]:
    with store.reading() as db:
        return [event.tag for event in audit.events(db, district.PROVINCE)]


# --- the schema ------------------------------------------------------------------------


def ours(_object, name: str, *_: object) -> bool:
    """Return whether a table is the program's and not PostGIS's own."""
    return name != "spatial_ref_sys"


def test_upgrading_from_nothing_makes_the_schema_that_the_code_declares(empty_store):
    with empty_store.reading() as db:
        opts = {"compare_type": True, "include_object": ours}
        context = MigrationContext.configure(db, opts=opts)
        assert compare_metadata(context, schema.metadata) == []
        names = set(sa.inspect(db).get_table_names()) - {"alembic_version", "spatial_ref_sys"}
    assert names == set(schema.metadata.tables)


def test_the_checks_of_the_code_are_in_the_database(empty_store):
    """Alembic does not compare check constraints: compare their names."""
    declared = {
        (table.name, str(each.name))
        for table in schema.metadata.tables.values()
        for each in table.constraints
        if isinstance(each, sa.CheckConstraint)
    }
    with empty_store.reading() as db:
        found = {
            (name, each["name"])
            for name in schema.metadata.tables
            for each in sa.inspect(db).get_check_constraints(name)
        }
    assert declared
    assert found == declared


def test_upgrading_twice_changes_nothing(store):
    before = counts(store)
    store.upgrade()
    assert counts(store) == before


def test_a_database_without_a_schema_is_named_with_the_command_that_makes_one(tmp_path):
    (tmp_path / "bare.db").touch()
    bare = Store(tmp_path / "bare.db")
    with pytest.raises(NotReadyError, match="diemthu db upgrade"), bare.reading():
        pass
    bare.close()


def test_reading_where_there_is_no_database_makes_none(tmp_path):
    absent = Store(tmp_path / "absent.db")
    with pytest.raises(NotReadyError, match="no database"), absent.reading():
        pass
    assert not (tmp_path / "absent.db").exists()


@ON_FILES
def test_committed_means_on_the_disk(store):
    with store.reading() as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


# --- transactions ----------------------------------------------------------------------


def test_a_write_that_fails_leaves_nothing_behind(store):
    before = counts(store)

    def half() -> None:
        with store.writing() as db:
            audit.record(db, "a:b:c", district.PROVINCE, at="2025", actor="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert counts(store) == before


def test_two_writers_lose_nothing(store):
    """Each of four writers reads the number of events and writes one more, ten times."""
    with store.reading() as db:
        start = len(audit.events(db, district.PROVINCE))

    def work(name: str) -> None:
        own = Store(store.database)
        for _ in range(10):
            with own.writing() as db:
                seen = len(audit.events(db, district.PROVINCE))
                audit.record(db, "a:b:c", district.PROVINCE, at="2025", actor=name, seen=seen)
        own.close()

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.reading() as db:
        seen = [event.facts["seen"] for event in audit.events(db, district.PROVINCE)[start:]]
    assert seen == list(range(start, start + 40))


def test_a_reader_sees_one_state_while_a_writer_writes(store):
    with store.reading() as reading:
        before = load_population(reading, district.PROVINCE, district.SINCE)
        with store.writing() as writing:
            writing.execute(sa.update(schema.population).values(people=1))
        assert load_population(reading, district.PROVINCE, district.SINCE) == before
    with store.reading() as reading:
        assert set(load_population(reading, district.PROVINCE, district.SINCE).values()) == {1}


# --- importing again -------------------------------------------------------------------


def test_boundaries_imported_again_keep_the_population(store, toy_files):
    before = coverage.assess(store, OURS)
    imports.import_boundaries(store, toy_files / "communes.geojson", VINTAGE, PLAIN)
    after = coverage.assess(store, OURS)
    assert after.total.people == before.total.people == 1000
    assert after.total.people_covered == before.total.people_covered


def test_population_is_replaced_and_a_commune_left_out_becomes_unknown(store, tmp_path):
    shorter = write(tmp_path / "shorter.csv", "code,people\n98001,110\n98002,220\n98003,330\n")
    (result,) = imports.import_population(store, shorter, Unusable.LEAVE_OUT, PLAIN)
    report = coverage.assess(store, OURS)
    assert report.total.people == 660
    assert report.base.unknown_communes == ("98004",)
    assert [each.code for each in result.findings] == ["rows-missing"]
    assert "98004" in result.findings[0].sentence(str)


def test_points_are_replaced_as_a_whole(store, tmp_path):
    text = files.points_csv(((7, 1), "Bưu cục Đông", "Trực tiếp", "Hoạt động"))
    imports.import_points(store, write(tmp_path / "new.csv", text), PLAIN, None)
    report = coverage.assess(store, OURS)
    assert [each.points_direct for each in report.communes] == [0, 0, 0, 1]


def test_the_vintage_before_ends_the_day_before_the_next_and_stays(store, toy_files):
    older = Vintage(district.PROVINCE, "2004-01-01")
    imports.import_boundaries(store, toy_files / "communes.geojson", older, PLAIN)
    with store.reading() as db:
        rows = db.execute(
            sa.select(schema.commune.c.valid_from, schema.commune.c.valid_to).distinct()
        )
        found = dict(tuple(row) for row in rows)
    assert found == {"2004-01-01": "2025-06-30", district.SINCE: None}
    assert coverage.assess(store, OURS).valid_from == district.SINCE


def test_a_vintage_that_is_not_there_is_named_with_those_that_are(store):
    with pytest.raises(NotFoundError, match=f"1999-01-01.*{district.SINCE}"):
        coverage.assess(store, replace(OURS, valid_from="1999-01-01"))


# --- what was computed is used only while the data are the same -------------------------


def covered(store: Store) -> int | None:
    return coverage.assess(store, OURS).total.people_covered


def test_the_same_data_give_the_same_result_from_what_was_kept(store):
    first = coverage.assess(store, OURS)
    made = counts(store)["artefact"]
    assert coverage.assess(store, OURS) == first
    assert counts(store)["artefact"] == made


def test_new_population_is_seen_at_once(store, tmp_path):
    assert covered(store) == 600
    text = files.POPULATION.replace("98002,200", "98002,250")
    imports.import_population(store, write(tmp_path / "p.csv", text), Unusable.LEAVE_OUT, PLAIN)
    assert covered(store) == 650


def test_a_new_grid_is_seen_at_once(store, tmp_path):
    """All people of 98003 move from all over it to its west, 1.4 km from the point."""
    near = replace(OURS, standard=ServiceStandard.one_radius(2.0))
    assert coverage.assess(store, near).communes[2].people_covered < 300
    lon, lat = district.degrees([(4.4, 1.0)])[0]
    text = f"lon,lat,people\n{lon},{lat},5\n"
    imports.import_grid(store, write(tmp_path / "g.csv", text), PLAIN, "98")
    assert coverage.assess(store, near).communes[2].people_covered == 300


def test_people_lost_between_two_imports_of_one_boundary_file_are_not_found_again(
    store, toy_files, tmp_path
):
    """The four communes, then three of them, then the same file of four again."""
    assert coverage.assess(store, OURS).total.people == 1000
    three = write(tmp_path / "three.geojson", files.collection(files.row_of_four()[:3]))
    imports.import_boundaries(store, three, VINTAGE, PLAIN)
    assert coverage.assess(store, OURS).total.people == 600
    imports.import_boundaries(store, toy_files / "communes.geojson", VINTAGE, PLAIN)
    report = coverage.assess(store, OURS)
    assert report.base.unknown_communes == ("98004",)
    assert report.total.people == sum(each.people or 0 for each in report.communes) == 600


def test_what_the_map_says_of_the_source_is_what_was_said_last(store, toy_files):
    layers.layer(store, OURS, "coverage")
    said = Origin(source="Cục Thống kê", as_of="2026-01-01")
    imports.import_population(store, toy_files / "population.csv", Unusable.LEAVE_OUT, said)
    body = json.loads(gzip.decompress(layers.layer(store, OURS, "coverage").body))
    assert body["population_base"]["source"] == "Cục Thống kê"
    assert body["population_base"]["as_of"] == "2026-01-01"


def test_another_standard_gets_another_layer(store):
    first = layers.layer(store, OURS, "coverage").etag
    standards.change(store, district.PROVINCE, {"mountain": 4.5})
    assert layers.layer(store, OURS, "coverage").etag != first


def test_a_plan_is_out_of_date_when_the_data_change(store, tmp_path):
    siting.suggest(store, OURS, SuggestionAsk(1))
    assert siting.latest(store, OURS)[1] is False
    text = files.points_csv(((7, 1), "Bưu cục Đông", "Trực tiếp", "Hoạt động"))
    imports.import_points(store, write(tmp_path / "new.csv", text), PLAIN, None)
    assert siting.latest(store, OURS)[1] is True


def test_a_kept_plan_comes_back_as_it_was(store):
    plan = siting.suggest(store, OURS, SuggestionAsk(2))
    with store.reading() as db:
        assert plans.latest(db, district.PROVINCE, district.SINCE) == plan


def test_the_order_of_a_file_s_rows_does_not_change_what_is_measured(store, empty_store, tmp_path):
    features = files.row_of_four()[::-1]
    turned = write(tmp_path / "turned.geojson", files.collection(features))
    head, *rows = files.POPULATION.strip().split("\n")
    people = write(tmp_path / "turned.csv", "\n".join([head, *rows[::-1]]))
    imports.import_boundaries(empty_store, turned, VINTAGE, PLAIN)
    imports.import_population(empty_store, people, Unusable.LEAVE_OUT, PLAIN)
    one = load_situation(store, district.PROVINCE, None)
    other = load_situation(empty_store, district.PROVINCE, None)
    assert one.demand.equals(other.demand)


# --- the trail -------------------------------------------------------------------------


def test_every_use_case_that_changes_something_writes_one_event(store, toy_files, tmp_path):
    before = len(tags(store))
    imports.import_boundaries(store, toy_files / "communes.geojson", VINTAGE, PLAIN)
    imports.import_population(store, toy_files / "population.csv", Unusable.LEAVE_OUT, PLAIN)
    imports.import_points(store, toy_files / "points.csv", PLAIN, None)
    siting.suggest(store, OURS, SuggestionAsk(1))
    standards.change(store, district.PROVINCE, {"delta": 2.5})
    exports.export(store, OURS, "communes", "csv", tmp_path / "out.csv")
    assert tags(store)[before:] == [
        *["data:import:committed"] * 3,
        "siting:plan:made", "standard:radii:changed", "data:export:made",
    ]  # fmt: skip


def test_a_refused_import_writes_no_event(store, tmp_path):
    before = tags(store)
    bad = write(tmp_path / "bad.csv", "Tên điểm thu,Vĩ độ,Kinh độ\nA,x,y\n")
    with pytest.raises(ImportRefusedError):
        imports.import_points(store, bad, PLAIN, None)
    assert tags(store) == before


def test_without_a_province_or_without_people_the_next_step_is_named(empty_store, toy_files):
    with pytest.raises(NotFoundError, match="import its boundaries first"):
        current_fingerprint(empty_store, district.PROVINCE, None)
    imports.import_boundaries(empty_store, toy_files / "communes.geojson", VINTAGE, PLAIN)
    with pytest.raises(NotReadyError, match="import population"):
        coverage.assess(empty_store, OURS)


def test_a_database_of_a_later_version_is_refused_with_a_sentence(empty_store):
    with empty_store.writing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NotReadyError, match="later version"):
        empty_store.upgrade()
