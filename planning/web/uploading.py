"""One uploaded file on its way to a draft, of which nothing is kept yet."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from werkzeug.formparser import parse_form_data

from geo.errors import N_
from planning.web.access import user
from planning.web.errors import FormError

FORM_BYTES = 500_000  # of a form beside its file, and of what is in hand while it is read
MOST_PARTS = 40
NO_FILE = N_("Choose a file first.")
EMPTY_FILE = N_("%(file)s is empty.")
ONE_FILE = N_("Send one file at a time.")


@dataclass(frozen=True, slots=True)
class Sent:
    """The one file of a form, on the disk already, and what the form says beside it."""

    form: Mapping[str, str]
    name: str
    _file: Any

    def keep(self, province: str, kind: str, said: dict[str, Any]) -> Any:
        """Return the file as a draft of the user's; raise `FormError` for an empty one."""
        if not self._file.size:
            raise FormError(EMPTY_FILE, file=self.name[-80:])
        return drafts().keep(self._file, province, kind, self.name, said, by=user().name)


def drafts() -> Any:
    """Return the drafts that bootstrap opened for this application."""
    return current_app.extensions["drafts"]


@contextmanager
def one_file() -> Iterator[Sent]:
    """Give the one file of the form; it is deleted where it comes to an error.

    It goes to the disk as it arrives. Raises `FormError` for no file or several, and what
    `Drafts.receive` and writing to it raise.
    """
    arrived: list[Any] = []
    try:
        yield _received(arrived)
    except BaseException:
        for each in arrived:
            each.drop()
        raise


def _received(arrived: list[Any]) -> Sent:
    """Read the form of the request, its file into `arrived`."""

    def room(*_: object, **__: object) -> Any:
        if arrived:
            raise FormError(ONE_FILE)
        arrived.append(drafts().receive(request.content_length))
        return arrived[0]

    _, form, files = parse_form_data(  # the application's limit is for every other form
        request.environ, stream_factory=room, max_form_memory_size=FORM_BYTES,
        max_form_parts=MOST_PARTS,
    )  # fmt: skip
    name = next((each.filename or "" for each in files.values()), "")
    if not arrived or not name:
        raise FormError(NO_FILE)
    return Sent(form, name, arrived[0])
