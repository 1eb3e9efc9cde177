"""What is worked out ahead of the first reader, and when."""

import pytest
import sqlalchemy as sa

from planning.jobs import readiness
from planning.jobs.readiness import Readiness
from planning.maps import content, picture
from planning.services import gaps, layers, overview, standards
from planning.services.requests import AnalysisRequest
from planning.store import attention, schema
from planning.store.session import Store
from tests.toy import district

HERE = district.PROVINCE


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Return the list that every province made ready is put on, in place of the work."""
    found: list[str] = []
    monkeypatch.setattr(readiness, "_make_ready", lambda _store, code: found.append(code))
    return found


def change(store: Store, km: float) -> None:
    standards.change(store, HERE, {"urban": km})


class TestWhen:
    def test_a_province_is_made_ready_once(self, store, made):
        ahead = Readiness(store)
        assert [ahead.look() for _ in range(3)] == [(HERE,), (), ()]
        assert made == [HERE]

    def test_after_a_change_it_waits_until_the_data_stand_still(self, store, made):
        ahead = Readiness(store)
        ahead.look()
        change(store, 1.25)
        assert ahead.look() == ()
        change(store, 1.5)
        assert ahead.look() == ()
        assert ahead.look() == (HERE,)
        assert made == [HERE, HERE]

    def test_where_provinces_are_many_only_the_changed_are_made_ready(
        self, store, made, monkeypatch
    ):
        monkeypatch.setattr(readiness, "FEW", 0)
        ahead = Readiness(store)
        assert ahead.look() == ()
        change(store, 1.25)
        ahead.look()
        assert ahead.look() == (HERE,)
        assert made == [HERE]

    def test_a_province_without_boundaries_is_passed_over(self, empty_store, made):
        assert Readiness(empty_store).look() == ()
        assert made == []


def test_the_first_reader_finds_all_that_takes_long_already_made(store, monkeypatch):
    Readiness(store).look()

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("worked out again")

    for module, name in ((gaps, "find_gaps"), (overview, "find_gaps"), (picture, "province"),
                         (content, "communes"), (content, "points")):  # fmt: skip
        monkeypatch.setattr(module, name, refuse)
    request = AnalysisRequest(HERE)
    gaps.find(store, request)
    overview.look(store, request)
    for name in ("communes", "points"):
        layers.layer(store, request, name)
    assert attention.waiting(store, HERE, look=False) is not None


def test_what_is_made_ahead_leaves_no_figures_to_compare_with(store):
    Readiness(store).look()
    with store.reading() as db:
        assert db.execute(sa.select(schema.figures_kept)).all() == []


def test_the_thread_ends_when_told_and_survives_a_missing_database(tmp_path):
    ahead = Readiness(Store(tmp_path / "none.db"))
    ahead.start()
    ahead.stop()
    ahead._thread.join(10)
    assert not ahead._thread.is_alive()
