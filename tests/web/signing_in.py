"""Accounts of the small province, and browsers that sign in with them."""

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from small_province import PROVINCE

from planning.model.people import Grant, Role, User
from planning.services import accounts
from planning.services.accounts import EVERY_CODE, NewAccount, passwords

PASSWORD, NEXT = "ngựa ô ăn cỏ tím", "lá chuối trôi sông"
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
MACHINE = User("cli:may", grants=tuple(Grant(Role.ADMINISTRATOR, each) for each in EVERY_CODE))


def quick_hashes(monkeypatch) -> None:
    """Hash with the least work."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


def add(app: Flask, name: str, grant: Grant | None = None, *, changed: bool = True) -> None:
    """Make an account; with `changed` its owner has chosen the password that it has."""
    store = app.extensions["planning"]
    grant = grant or Grant(Role.PLANNER, PROVINCE)
    accounts.add(store, MACHINE, NewAccount(name, f"Họ tên {name}", grant), NEXT)
    if changed:
        entry = accounts.sign_in(store, name, NEXT, "")
        accounts.sign_out(store, accounts.change_password(store, entry, NEXT, PASSWORD).token)


def enter(client: FlaskClient, name: str, password: str = PASSWORD, **more):
    """Send the form of signing in and return the answer."""
    form = {"name": name, "password": password, **more.pop("form", {})}
    return client.post("/sign-in", data=form, headers=OWN, **more)


def signed_in(app: Flask, name: str) -> FlaskClient:
    """Return a browser in which somebody has signed in."""
    client = app.test_client()
    assert enter(client, name).status_code == 303
    return client
