"""One uploaded file as a draft, of which nothing is kept yet."""

from typing import Any

from flask import request
from werkzeug.formparser import parse_form_data

from planning.web.access import user
from planning.web.errors import FormError
from planning.web.imports import EMPTY_FILE, FORM_BYTES, MOST_PARTS, NO_FILE, ONE_FILE, drafts


def one_file(province: str, kind: str, said: dict[str, Any]) -> Any:
    """Return the one file of the form as a draft of the user's.

    It goes to the disk as it arrives. Raises `FormError` for no file, an empty one or several,
    and what `Drafts.receive` and writing to it raise.
    """
    arrived: list[Any] = []

    def room(*_: object, **__: object) -> Any:
        if arrived:
            raise FormError(ONE_FILE)
        arrived.append(drafts().receive(request.content_length))
        return arrived[0]

    draft = None
    try:
        _, _, files = parse_form_data(  # the application's limit is for every other form
            request.environ, stream_factory=room, max_form_memory_size=FORM_BYTES,
            max_form_parts=MOST_PARTS,
        )  # fmt: skip
        name = next((each.filename or "" for each in files.values()), "")
        if not arrived or not name:
            raise FormError(NO_FILE)
        if not arrived[0].size:
            raise FormError(EMPTY_FILE, file=name[-80:])
        draft = drafts().keep(arrived[0], province, kind, name, said, by=user().name)
    finally:
        if draft is None:
            for each in arrived:
                each.drop()
    return draft
