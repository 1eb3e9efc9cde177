"""Accounts on the command line: the user of the shell administers the machine."""

import sys
from collections.abc import Callable
from typing import Any

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console
from planning.model.errors import RequestError
from planning.model.people import Grant, Role, User

NAME = click.argument("name")
PASSWORD = click.option("--password-stdin", is_flag=True, help="Read the password from standard input; without it, it is asked for.")  # fmt: skip


def _role(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say a role."""
    for option in (
        click.option("--communes", default="", metavar="CODES",
                     help="Codes of a checker's communes, with commas between them."),
        click.option("--office", default="", metavar="NAME", help="The BHXH office of a checker; * for the whole province."),
        click.option("--organisation", default="", metavar="CODE",
                     help="The organisation that an organisation's account is for."),
        click.option("--province", required=True, metavar="CODE", help="Two-digit code of the province."),
        click.option("--role", required=True, type=click.Choice([str(each) for each in Role]),
                     help="What they are there."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def user() -> None:
    """Accounts: who may sign in, and what they are in which province."""


@user.command()
@NAME
@click.option("--full-name", default="", help="Shown beside the name.")
@_role
@click.option("--by-provider", is_flag=True, help="No password: signs in by the office's provider.")
@PASSWORD
@pass_console
def add(console: Console, name: str, full_name: str, **given: Any) -> None:
    """Make an account with its first role; its password is changed at the first sign-in."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    grant, by_provider = _grant(given), given["by_provider"]
    store = console.store(create=True)
    first = not accounts.anyone(store)
    password = None if by_provider else _password(console, from_input=given["password_stdin"])
    asked = accounts.NewAccount(name, full_name, grant, by_provider=by_provider)
    accounts.add(store, machine(console), asked, password)
    console.tell(N_("The account %(name)s was made."), name=name)
    if first:
        console.tell(N_("From now on everybody signs in, also on this machine."))


@user.command()
@NAME
@PASSWORD
@pass_console
def password(console: Console, name: str, password_stdin: bool) -> None:
    """Put a new password in place of one that was lost; it is changed at the next sign-in."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    given = _password(console, from_input=password_stdin)
    accounts.new_password(console.store(), machine(console), name, given)
    console.tell(N_("%(name)s has a new password and is signed out everywhere."), name=name)


@user.command()
@NAME
@_role
@pass_console
def grant(console: Console, name: str, **given: Any) -> None:
    """Give an account another role."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    accounts.give(console.store(), machine(console), name, _grant(given))
    console.tell(N_("%(name)s has the role."), name=name)


@user.command()
@NAME
@_role
@pass_console
def revoke(console: Console, name: str, **given: Any) -> None:
    """Take a role away from an account."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    accounts.take(console.store(), machine(console), name, _grant(given))
    console.tell(N_("%(name)s does not have the role any more."), name=name)


@user.command()
@NAME
@pass_console
def lock(console: Console, name: str) -> None:
    """Let somebody sign in no more; where they are signed in, that ends."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    accounts.lock(console.store(), machine(console), name)
    console.tell(N_("%(name)s is locked."), name=name)


@user.command()
@NAME
@pass_console
def unlock(console: Console, name: str) -> None:
    """Let somebody sign in again."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    accounts.unlock(console.store(), machine(console), name)
    console.tell(N_("%(name)s may sign in again."), name=name)


@user.command(name="list")
@pass_console
def list_(console: Console) -> None:
    """List the accounts and their roles."""
    from planning.services import accounts  # noqa: PLC0415 - heavy, only when needed

    for each in accounts.listed(console.store(), machine(console)):
        roles = "; ".join(_shown(grant) for grant in each.grants)
        locked = "" if each.active else console.say(N_(", locked"))
        seen = each.signed_in_at or "–"
        click.echo(f"{each.name}\t{each.full_name}{locked}\t{seen}\t{roles}")


def machine(console: Console) -> User:
    """Return who acts on the command line: an administrator of every province, by their shell name."""
    from planning.services.accounts import EVERY_CODE  # noqa: PLC0415 - heavy, only when needed

    grants = tuple(Grant(Role.ADMINISTRATOR, code) for code in sorted(EVERY_CODE))
    return User(console.by, grants=grants)


def _grant(given: dict[str, Any]) -> Grant:
    codes = frozenset(each.strip() for each in given["communes"].split(",") if each.strip())
    return Grant(
        Role(given["role"]), given["province"], given["organisation"], given["office"], codes
    )


def _shown(grant: Grant) -> str:
    bound = (grant.organisation, grant.office, ",".join(sorted(grant.communes)))
    return " ".join(each for each in (grant.province, str(grant.role), *bound) if each)


def _password(console: Console, *, from_input: bool) -> str:
    """Return a password from standard input or typed twice; never from an argument."""
    if from_input:
        found = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        found = click.prompt(console.say(N_("Password")), hide_input=True, confirmation_prompt=console.say(N_("Password again")), err=True)  # fmt: skip
    else:
        raise RequestError(N_("There is nobody to type the password; give it on standard input with --password-stdin."))  # fmt: skip
    if not found:
        raise RequestError(N_("The password is empty."))
    return str(found)
