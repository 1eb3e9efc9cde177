"""Reading the forms of the import: what an owner says of a file, what he corrects and decides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geo.errors import N_
from geo.recognition import Recognised
from planning.model.errors import RequestError
from planning.services import imports
from planning.web.errors import FormError
from planning.web.import_words import AS_WRITTEN, UNUSABLE, chosen_system

LONGEST = 200
ANSWER, COLUMN = "answer.", "column."
NO_KIND = N_("Say what the file holds.")
NO_FIRST_DAY = N_("Say from which day the boundaries hold.")
NO_CODE = N_("“%(code)s” is no province code; write its two digits, such as 91.")
NO_ROW = N_(
    "“%(value)s” is no row number; write the number of the row as the spreadsheet shows it."
)
NOT_THE_SAME = N_("Something was changed since the file was examined; look again, then import.")
NO_CONSENT = N_("%(count)s rows would be left out; agree to that, or mend the file.")

Form = Mapping[str, str]


def kind_of(form: Form) -> str:
    """Return the kind of file that a form names."""
    kind = form.get("kind", "")
    if kind not in imports.KINDS:
        raise FormError(NO_KIND)
    return kind


def new_province(form: Form) -> str:
    """Return the code of a province that may not be there yet."""
    code = form.get("province", "").strip()
    if not (code.isascii() and code.isdigit() and len(code) == 2):
        raise FormError(NO_CODE, code=code[:20])
    return code


def said(form: Form, kind: str) -> dict[str, Any]:
    """Return what an owner says of a file when he hands it over, as plain values."""
    found: dict[str, Any] = {}
    for name in ("source", "province_name", "host_type", "resolution"):
        if text := form.get(name, "").strip()[:LONGEST]:
            found[name] = text
    if form.get("synthetic"):
        found["synthetic"] = True
    if as_of := form.get("as_of", "").strip():
        imports.require_day(as_of)
        found["as_of"] = as_of
    if kind == "population" and form.get("unusable") in UNUSABLE:
        found["unusable"] = form["unusable"]
    first = form.get(f"{kind}.valid_from", "").strip()
    if kind == "boundaries" and not first:
        raise FormError(NO_FIRST_DAY)
    if kind in ("boundaries", "crosswalk") and first:
        imports.require_day(first)
        found["valid_from"] = first
    return found


def choices(form: Form, shown: Recognised | None, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices after a form was sent: only what differs from what was shown is one.

    `shown` is how the file was understood when the form was made, `before` the choices made
    earlier. Another sheet or another row of headings has other columns: choices of columns
    made before then do not hold.
    """
    found: dict[str, Any] = dict(before)
    if shown is not None:
        for made in (_place(form, shown), _letters(form, shown), _system(form, shown)):
            found.update(made)
        columns = dict(found.get("columns", {})) | _columns(form, shown)
        moved = {name for name in ("part", "heading_row") if found.get(name) != before.get(name)}
        found["columns"] = {} if moved else columns
        if "part" in moved:
            found["heading_row"] = None
    answers = dict(found.get("answers", {}))
    for name, value in form.items():
        if name.startswith(ANSWER) and value in ("yes", "no"):
            answers[name.removeprefix(ANSWER)[:80]] = value == "yes"
    found["answers"] = answers
    return {name: value for name, value in found.items() if value not in (None, "", {})}


def corrected(draft: Any, form: Form, shown: Recognised | None) -> Any:
    """Return a draft with what a form corrects and decides; itself where that is nothing."""
    before = draft.said.get("choices", {})
    chosen = choices(form, shown, before)
    if not before and not chosen:
        return draft
    return replace(draft, said={**draft.said, "choices": chosen})


def require_consent(form: Form, left_out: int) -> None:
    """Raise `RequestError` unless the form agrees that just so many rows are left out."""
    if left_out and form.get("left_out") != str(left_out):
        raise RequestError(NO_CONSENT, count=left_out)


def _place(form: Form, shown: Recognised) -> dict[str, Any]:
    found: dict[str, Any] = {}
    part = form.get("part")
    if part in shown.parts and part != shown.part:
        found["part"] = part
    row = form.get("heading_row", "").strip()
    if row and row != str(shown.heading_row):
        if not (row.isascii() and row.isdigit() and int(row[:7]) >= 1 and len(row) < 7):
            raise FormError(NO_ROW, value=row[:20])
        found["heading_row"] = int(row)
    return found


def _letters(form: Form, shown: Recognised) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (encoding := form.get("encoding", "")) != (shown.encoding or ""):
        found["encoding"] = encoding[:40]
    letters = form.get("letters")
    if letters is not None and letters != (shown.letters or AS_WRITTEN):
        found["letters"] = letters[:40]
    return found


def _system(form: Form, shown: Recognised) -> dict[str, Any]:
    value = form.get("system")
    if value is None or value == chosen_system(shown):
        return {}
    crs, _, axes = value.partition("|")
    return {"crs": crs[:20], "axes": axes if axes in ("xy", "yx") else None}


def _columns(form: Form, shown: Recognised) -> dict[str, str]:
    return {
        field: column
        for name, column in form.items()
        if name.startswith(COLUMN)
        for field in [name.removeprefix(COLUMN)]
        if column != shown.columns.get(field, "") and column in ("", *shown.headings)
    }
