"""What a SQLite file and a PostgreSQL server must do alike, and what only a server can go through."""

import multiprocessing
import threading
import time
import traceback
from contextlib import contextmanager

import pytest
import shapely
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner

from planning import jobs
from planning.cli.commands import cli
from planning.database import Database
from planning.jobs import supervisor as supervising
from planning.jobs import tasks
from planning.jobs.supervisor import Supervisor
from planning.model.errors import NotReadyError, RequestError, UnavailableError
from planning.model.jobs import Job, JobState
from planning.model.siting import Effort, SuggestionAsk
from planning.services import coverage, siting
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store import hosts, layers, register_tables, schema
from planning.store import jobs as table
from planning.store.session import Store
from planning.web import create_app
from tests.databases import ON_FILES, ON_SERVERS
from tests.toy import district

HERE = district.PROVINCE
OURS = AnalysisRequest(HERE)
PATIENCE_S = 60.0


# --- alike -----------------------------------------------------------------------------


def test_texts_are_in_the_order_of_their_signs(store):
    """Not in that of a dictionary, in which Ă follows a and small letters stand by capitals."""
    types = ["a", "B", "Ă", "â", "b", "Đ", "d", "-x", "x", "Z", "bưu cục", "buu"]
    with store.writing() as db:
        db.execute(
            sa.insert(schema.host),
            [{"province_code": HERE, "host_id": str(at), "name": "x", "host_type": each,
              "lon": 105.0, "lat": 10.0} for at, each in enumerate(types)],
        )  # fmt: skip
    with store.reading() as db:
        assert hosts.types(db, HERE) == sorted(types)


def test_shapes_come_back_byte_by_byte(store):
    shapes = [
        shapely.box(105, 10, 105.1 + 1e-13, 10.1),
        shapely.MultiPolygon([shapely.box(1, 1, 2, 2), shapely.box(3, 3, 4, 4 / 3)]),
        shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)]]),
    ]
    with store.writing() as db:
        for at, each in enumerate(shapes):
            db.execute(sa.update(schema.commune).where(schema.commune.c.code == f"9800{at + 1}")
                       .values(geometry=shapely.to_wkb(each)))  # fmt: skip
    with store.reading() as db:
        column = sa.select(schema.commune.c.geometry).order_by(schema.commune.c.code)
        found = db.execute(column).scalars().all()
    assert found[:3] == [shapely.to_wkb(each) for each in shapes]


def test_numbers_past_two_thousand_million_are_kept(store):
    many = 5_000_000_000
    with store.writing() as db:
        layers.save_population(db, district.SINCE, {"98001": many})
        db.execute(sa.insert(schema.organisation).values(
            province_code=HERE, organisation_code="A", name="A", guarantee=many))  # fmt: skip
        db.execute(sa.update(schema.point).values(staff_count=many))
    with store.reading() as db:
        assert layers.load_population(db, HERE, district.SINCE)["98001"] == many
        assert db.execute(sa.select(schema.organisation.c.guarantee)).scalar_one() == many
        assert set(layers.load_points(db, HERE)["staff_count"]) == {many}


def test_the_stamp_is_another_after_every_write_and_after_nothing_else(store):
    first = store.stamp()
    coverage.assess(store, OURS)  # keeps what it worked out
    second = store.stamp()
    assert second != first
    coverage.assess(store, OURS)
    with store.reading() as db:
        layers.load_points(db, HERE)
    if store.database.file is not None:  # on a server others write, and that is seen too
        assert store.stamp() == second
    with store.writing() as db:
        db.execute(sa.update(schema.province).values(name="Khác"))
    assert store.stamp() != second


@pytest.mark.parametrize(
    ("table", "column", "on_files", "on_servers"),
    [("population", "people", "TEXT", "TYPE numeric(20,3)"),
     ("commune", "geometry", "TEXT", "TYPE geometry(Point,4326) USING NULL")],
)  # fmt: skip
def test_another_schema_than_the_declared_is_found(
    empty_store, table, column, on_files, on_servers
):
    """What says that no difference is found can find one."""
    with empty_store.writing() as db:
        if empty_store.database.file is None:
            db.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {column} {on_servers}")
        else:
            db.exec_driver_sql("PRAGMA writable_schema=ON")
            db.exec_driver_sql(
                "UPDATE sqlite_master SET sql = replace(replace(sql, "
                f"'{column} BLOB', '{column} {on_files}'), '{column} INTEGER', '{column} {on_files}') "
                f"WHERE name = '{table}'"
            )
    own = Store(empty_store.database)
    with own.reading() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        found = [each[0] for each in compare_metadata(context, schema.metadata)
                 if isinstance(each, list)]  # fmt: skip
    own.close()
    assert [(each[0], each[2], each[3]) for each in found] == [("modify_type", table, column)]


@ON_FILES
def test_files_of_old_have_the_columns_they_always_had(empty_store):
    with empty_store.reading() as db:
        kinds = {
            (table, row[1]): row[2]
            for table in ("commune", "population", "organisation", "point")
            for row in db.exec_driver_sql(f"PRAGMA table_info({table})")
        }
    assert kinds["commune", "geometry"] == "BLOB"
    assert kinds["population", "people"] == "INTEGER"
    assert kinds["organisation", "guarantee"] == "INTEGER"
    assert kinds["point", "staff_count"] == "INTEGER"


# --- on a server -----------------------------------------------------------------------


@ON_SERVERS
def test_programs_of_maps_read_the_shapes(store):
    with store.reading() as db:
        kinds = db.exec_driver_sql(
            "SELECT DISTINCT GeometryType(geometry), ST_SRID(geometry), ST_IsValid(geometry) "
            "FROM commune"
        ).all()
        listed = db.exec_driver_sql(
            "SELECT f_geometry_column, srid FROM geometry_columns WHERE f_table_name = 'commune'"
        ).all()
    assert {tuple(each)[1:] for each in kinds} == {(4326, True)}
    assert {each[0] for each in kinds} <= {"POLYGON", "MULTIPOLYGON"}
    assert [tuple(each) for each in listed] == [("geometry", 4326)]


@ON_SERVERS
@pytest.mark.parametrize("code", ["9\x008", 2**40])
def test_what_no_server_keeps_is_refused_with_a_sentence(store, code):
    column = schema.plan.c.id if isinstance(code, int) else schema.province.c.code
    with pytest.raises(RequestError, match="sign or a number"), store.reading() as db:
        db.execute(sa.select(column).where(column == code)).all()


@ON_SERVERS
def test_a_reader_cannot_write(store):
    with pytest.raises(sa.exc.DBAPIError, match="read-only"), store.reading() as db:
        db.execute(sa.delete(schema.point))


@ON_SERVERS
def test_a_writer_that_waits_too_long_is_told_so(store, monkeypatch):
    monkeypatch.setattr("planning.store.engines.WAIT_S", 1)
    other = Store(store.database)
    with store.writing(), pytest.raises(UnavailableError, match="busy"), other.writing():
        pytest.fail("two writers at once")
    with other.writing(alone=False) as db:  # what needs no order waits for nobody
        assert layers.provinces(db)
    other.close()


@contextmanager
def away(databases, database: Database):
    """Have the server take no connection to a database and end those there are."""
    name = database.url.database
    databases.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    databases.run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    try:
        yield
    finally:
        databases.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@ON_SERVERS
def test_a_lost_connection_is_one_sentence_and_the_next_request_is_answered(store, databases):
    before = coverage.assess(store, OURS)
    with (
        pytest.raises(UnavailableError, match="cannot be reached"),
        store.reading() as db,
        away(databases, store.database),
    ):
        layers.load_points(db, HERE)
    assert coverage.assess(store, OURS) == before


@ON_SERVERS
def test_a_write_that_loses_its_connection_is_not_kept(store, databases):
    def half() -> None:
        with store.writing() as db:
            db.execute(sa.update(schema.province).values(name="Nửa chừng"))
            with away(databases, store.database):
                pass  # it is gone before the commit

    with pytest.raises(UnavailableError, match="cannot be reached"):
        half()
    with store.reading() as db:
        assert [row.name for row in layers.provinces(db)] != ["Nửa chừng"]


@ON_SERVERS
def test_without_a_server_pages_and_commands_say_one_sentence(own_database, databases, tmp_path):
    address = own_database.address.replace("postgres@", "postgres:bimat@")
    settings = {"DIEMTHU_DATABASE": address, "DIEMTHU_UPLOADS": str(tmp_path)}
    app = create_app(Settings.from_environment(settings))
    client = app.test_client()
    assert client.get(f"/{HERE}/data").status_code == 200
    with away(databases, own_database):
        answer = client.get(f"/{HERE}/data?lang=en")
        said = CliRunner().invoke(cli, ["assess"], env={**settings, "DIEMTHU_LANGUAGE": "en"})
    assert answer.status_code == 503
    assert "The database cannot be reached at the moment" in answer.get_data(as_text=True)
    assert said.exit_code == 1
    first, why = said.stderr.strip().splitlines()
    assert first.startswith("The database cannot be reached at the moment")
    assert "not currently accepting connections" in why
    assert "bimat" not in said.stderr + answer.get_data(as_text=True)
    assert client.get(f"/{HERE}/data").status_code == 200
    app.extensions["planning"].close()


@pytest.fixture
def waiting_task(monkeypatch, tmp_path):
    """Have a kind of job that makes its plan when a file is there; return the file."""
    sign = tmp_path / "go"

    def work(store: Store, job: Job, line: tasks.Line) -> tasks.Keep:
        while not sign.exists():
            line.tell(1000, 1.0, 2.0)
            time.sleep(0.02)
        plan = siting.made(store, OURS, SuggestionAsk(points=1, effort=Effort.QUICK))
        sign.with_name("made").touch()
        wait_for(lambda: not sign.exists())
        return lambda db: siting.keep(db, plan, by=job.asked_by)

    monkeypatch.setitem(tasks.TASKS, "waiting", tasks.Task(work))
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(supervising, "_processes", lambda: fork)
    return sign


def wait_for(true) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def supervisor(store, waiting_task):  # noqa: ARG001 - changes what a supervisor is made of
    """Return a supervisor that knows the waiting kind of job; it is stopped in the end."""
    made = Supervisor(store.database)
    yield made
    made.stop()


@ON_SERVERS
def test_a_job_in_hand_outlives_a_restart_of_the_server(store, databases, supervisor, waiting_task):
    """The server is away while it is worked on, and again when its plan would be kept."""
    supervisor.start()
    number = jobs.ask(store, "waiting", HERE, {})
    wait_for(lambda: jobs.status(store, HERE, number).value == 1.0)
    with away(databases, store.database):
        time.sleep(1.5)
    assert len(supervisor.processes) == 1
    waiting_task.touch()
    wait_for(waiting_task.with_name("made").exists)
    with away(databases, store.database):
        waiting_task.unlink()
        time.sleep(1.5)
    wait_for(lambda: jobs.status(store, HERE, number).ended)
    supervisor.stop()
    job = jobs.status(store, HERE, number)
    assert (job.state, job.attempt, job.refusal) == (JobState.DONE, 1, None)
    assert [line.id for line, _ in siting.listed(store, HERE)] == [job.plan_id]


@ON_SERVERS
def test_a_job_whose_claim_was_never_heard_of_is_handed_back(store, supervisor):
    """The server took a claim and was gone before it said so; another job is in hand."""
    supervisor.start()
    first = jobs.ask(store, "waiting", HERE, {})
    wait_for(lambda: jobs.status(store, HERE, first).state is JobState.RUNNING)
    with store.writing() as db:
        row, at = schema.job.c, "2026-01-01T00:00:00+00:00"
        lost = table.add(db, "waiting", HERE, {"n": 2}, at=at, by="me")
        taken = {"state": "running", "worker": supervisor.worker, "attempt": 1, "beat": time.time()}
        db.execute(sa.update(schema.job).where(row.id == lost).values(taken))
    wait_for(lambda: len(supervisor.processes) == 2)
    supervisor.stop()
    assert jobs.status(store, HERE, lost).state is JobState.WAITING


@ON_SERVERS
def test_two_that_upgrade_at_once_make_one_schema(databases):
    new = databases.new()
    failed = []

    def work() -> None:
        own = Store(new)
        try:
            own.upgrade()
        except Exception as error:  # noqa: BLE001 - looked at below
            failed.append(error)
        own.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    store = Store(new)
    with store.reading() as db:
        assert layers.provinces(db) == []
    store.close()
    databases.drop(new)


@ON_SERVERS
def test_a_user_who_may_not_add_postgis_is_told_what_to_ask_for(databases):
    new = databases.new()
    name = new.url.database
    databases.run(f"CREATE ROLE {name}")
    databases.run(f"ALTER DATABASE {name} OWNER TO {name}")
    as_owner = new.url.update_query_dict({"options": f"-crole={name}"})
    store = Store(Database(as_owner.render_as_string(hide_password=False)))
    with pytest.raises(NotReadyError, match="CREATE EXTENSION postgis"):
        store.upgrade()
    store.close()
    admin = Store(new)
    with admin._engine.begin() as db:  # as the sentence says
        db.exec_driver_sql("CREATE EXTENSION postgis")
    admin.close()
    store.upgrade()
    with store.reading() as db:
        assert layers.provinces(db) == []
    store.close()
    databases.drop(new)
    databases.run(f"DROP ROLE {name}")


SECRET = "Nguyễn Thị Bí Mật"


def _staff(**values) -> sa.Executable:
    row = {"province_code": HERE, "staff_id": SECRET, "person_id": SECRET, "employer": "BD",
           "name": SECRET}  # fmt: skip
    return sa.insert(schema.staff).values({**row, **values})


def _person(employer: str = "BD") -> sa.Executable:
    return sa.insert(register_tables.person).values(
        province_code=HERE, person_id=SECRET, employer=employer
    )


FAILING = {
    "not null": [sa.insert(schema.staff).values(province_code=HERE, staff_id="1", name=SECRET)],
    "foreign key": [_staff()],
    "unique": [_person(), _person("VT")],
    "check": [sa.insert(register_tables.inspection).values(
        province_code=HERE, point_id="P", day="2026-01-02", content=SECRET, findings=SECRET,
        conclusion=SECRET, deadline="", settled="", document="")],
}  # fmt: skip


@pytest.mark.parametrize("rule", FAILING)
def test_a_statement_that_fails_says_nothing_of_its_values(store, rule):
    def act() -> None:
        with store.writing() as db:
            for each in FAILING[rule]:
                db.execute(each)

    with pytest.raises(sa.exc.IntegrityError) as error:
        act()
    whole = "".join(traceback.format_exception(error.value))
    assert "Bí Mật" not in whole
    assert rule.split()[0] in whole.lower()  # it still says what failed


@ON_SERVERS
def test_a_value_of_a_wrong_kind_is_not_told_either(store):
    with pytest.raises(sa.exc.DataError) as error, store.reading() as db:
        db.execute(sa.select(sa.cast(sa.literal(SECRET), sa.Integer))).all()
    assert "Bí Mật" not in "".join(traceback.format_exception(error.value))
