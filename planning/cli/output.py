"""How commands speak: sentences in the reader's language, JSON files, progress, refusals."""

import errno
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, IntegrityError

from geo.errors import N_, Refusal
from geo.findings import Finding, Severity
from planning.bootstrap import open_store
from planning.language import LANGUAGES, Say, counting, number, speaker
from planning.settings import Settings
from planning.store.session import Store
from planning.whole_file import whole_file

_MOST_FINDINGS = 100
_WHY = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("there is no such file or folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.EACCES: N_("the system does not allow it"),
    errno.EPERM: N_("the system does not allow it"),
    errno.EROFS: N_("the system does not allow it"),
    errno.ENOSPC: N_("the disk is full"),
}


class Console:
    """One command's language, database and outputs.

    Results go to standard output, progress and problems to standard error.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.language = settings.language
        self.say: Say = speaker(settings.language)
        self._json_on_output = False
        self._opened: list[Store] = []

    def store(self, *, create: bool = False) -> Store:
        """Return the open database; `create` makes or upgrades it first."""
        store = open_store(self.settings)
        self._opened.append(store)
        if create:
            store.upgrade()
        return store

    def close(self) -> None:
        """Let go of every database that was opened."""
        for each in self._opened:
            each.close()

    @property
    def by(self) -> str:
        """Who an event names: the user of the shell, who administers the machine."""
        return f"cli:{getpass.getuser()}"

    def tell(self, message: str, **params: object) -> None:
        """Say a result; beside JSON on standard output it goes to standard error."""
        click.echo(self.say(message) % params, err=self._json_on_output)

    def progress(self, message: str, **params: object) -> None:
        """Say what is being done."""
        click.echo(self.say(message) % params, err=True)

    def count(self, value: float | None, digits: int = 0) -> str:
        """Return a number as the language writes it."""
        return number(value, self.language, digits)

    def findings(self, found: Sequence[Finding]) -> None:
        """Say what reading a file saw, on standard error, a line each, and how to decide."""
        from planning.exports.as_findings import WORDS  # noqa: PLC0415 - heavy, only when needed

        for each in found[:_MOST_FINDINGS]:
            said = each.sentence(self.say, counting(self.language))
            click.echo(f"  [{self.say(WORDS[each.severity])}] {said}", err=True)
        if len(found) > _MOST_FINDINGS:
            self.progress(N_("  … and %(count)s more."), count=len(found) - _MOST_FINDINGS)
        for code in dict.fromkeys(each.code for each in found if each.severity is Severity.ASK):
            self.progress(N_("  To decide: --agree %(code)s or --decline %(code)s."), code=code)

    def json(self, path: Path | None, value: dict[str, Any]) -> None:
        """Write `value` to a file, whole or not at all; “-” is standard output."""
        if path is None:
            return
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if str(path) == "-":
            click.echo(text, nl=False)
            self._json_on_output = True
            return
        with whole_file(path) as draft:
            draft.write_text(text, encoding="utf-8")


def to_be_written(
    _context: click.Context, _parameter: click.Parameter, path: Path | None
) -> Path | None:
    """Return `path` when a file can be written there; so that no work is done in vain."""
    if path is None or str(path) == "-":
        return path
    code = 0
    if path.is_dir():
        code = errno.EISDIR
    elif not path.parent.is_dir():
        code = errno.ENOENT
    elif not os.access(path.parent, os.W_OK):
        code = errno.EACCES
    if code:
        raise OSError(code, os.strerror(code), str(path))
    return path


class RefusingGroup(click.Group):
    """A group whose commands end with one sentence and status 1 when they are refused."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; say a refusal in the reader's language."""
        try:
            return super().invoke(context)
        except Refusal as refusal:
            language = _language(context)
            click.echo(refusal.sentence(speaker(language), counting(language)), err=True)
            if why := getattr(refusal, "why", ""):
                click.echo(f"  {why}", err=True)
            found = getattr(refusal, "findings", ())
            if found and isinstance(context.obj, Console):
                context.obj.findings(found)
            sys.exit(1)
        except BrokenPipeError:
            raise  # whoever reads has enough: click ends quietly
        except OSError as error:
            say = speaker(_language(context))
            text = say(N_("%(file)s cannot be read or written: %(why)s."))
            why = say(_WHY.get(error.errno or 0, str(error.strerror)))
            click.echo(text % {"file": error.filename, "why": why}, err=True)
            sys.exit(1)
        except DatabaseError as error:
            if not isinstance(context.obj, Console) or isinstance(error, IntegrityError):
                raise
            text = context.obj.say(N_("The database %(path)s cannot be used: %(why)s."))
            path = context.obj.settings.database
            why = str(error.orig).partition("\n")[0]
            click.echo(text % {"path": path, "why": why}, err=True)
            sys.exit(1)


def _language(context: click.Context) -> str:
    """Return the language to refuse in, also where the settings themselves are refused."""
    if isinstance(context.obj, Console):
        return context.obj.language
    asked = os.environ.get("DIEMTHU_LANGUAGE", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def pass_console(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the console as its first argument.

    Click's own type wants that argument to be positional only, which `**options` rule out.
    """
    given: Callable[..., Callable[..., None]] = click.make_pass_decorator(Console)
    return given(command)
