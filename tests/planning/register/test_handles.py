"""What stands for a person in an address is found by no trying, and stays where the secret is set."""

from hashlib import sha256

import pandas as pd
import pytest

from planning.database import Database
from planning.services.register.handles import handle, key_by
from planning.services.register.kept import load
from planning.settings import Settings
from planning.store.session import Store
from planning.web import create_app
from tests.planning.register.laid import PROVINCE

SECRET, OTHER = "khoa-" * 10, "khac-" * 10


@pytest.fixture
def stores(tmp_path):
    return [Store(Database.of(tmp_path / f"{each}.sqlite")) for each in range(3)]


def test_a_handle_depends_on_the_secret_and_on_nothing_that_a_restart_changes(stores):
    for store, secret in zip(stores, (SECRET, SECRET, OTHER), strict=True):
        key_by(store, lambda secret=secret: secret)
    first, again, other = (handle(store, "98", "079185001234") for store in stores)
    assert first == again != other
    assert len({first, handle(stores[0], "98", "079185001235"),
                handle(stores[0], "97", "079185001234")}) == 3  # fmt: skip
    assert sha256(b"98:079185001234").hexdigest()[:16] not in (first, other)


def test_without_a_secret_a_handle_cannot_be_told_from_the_number_either(stores):
    made = handle(stores[0], "98", "079185001234")
    assert made == handle(stores[0], "98", "079185001234")
    assert made != sha256(b"98:079185001234").hexdigest()[:16]


def test_the_web_application_makes_handles_with_the_secret_of_its_settings(tmp_path):
    made = set()
    for at, secret in enumerate((SECRET, SECRET, OTHER)):
        given = {"DIEMTHU_DATABASE": str(tmp_path / f"{at}.sqlite"), "DIEMTHU_SECRET_KEY": secret}
        app = create_app(Settings.from_environment(given))
        made.add(handle(app.extensions["planning"], "98", "079185001234"))
        app.extensions["planning"].close()
    assert len(made) == 2


def test_a_person_is_shown_by_the_row_of_their_own_number_in_whatever_order_rows_come(
    registered, monkeypatch
):
    rows = load(registered, PROVINCE).staff
    one = rows[rows["person_id"] == "NV1"].iloc[[0]]
    listed = pd.concat([
        one.assign(staff_id="#a", phone="3"), one.assign(staff_id="#B", phone="2"),
        one.assign(staff_id="NV1", phone="1"),
        one.assign(staff_id="#9", person_id="NV9", employer="x", phone="4"),
    ], ignore_index=True)  # fmt: skip
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        registered._memory.clear()
        monkeypatch.setattr("planning.store.register_rows.staff",
                            lambda *_, order=order: listed.iloc[order].reset_index(drop=True))  # fmt: skip
        found = load(registered, PROVINCE)
        assert found.staff["staff_id"].tolist() == ["NV1", "#9", "#B", "#a"]
        assert found.persons.frame["phone"].tolist() == ["1", "4"]
        assert found.persons.frame["count"].tolist() == [3, 1]
