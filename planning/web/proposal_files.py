"""A list of proposals as a file: choose it, see what was read and what is wrong, keep the drafts."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from geo.recognition import Choices
from planning.exports.review_template import write_review_template
from planning.model.errors import NotFoundError, RequestError
from planning.services.imports import Preview
from planning.services.review import reading, viewing
from planning.services.review.reading import HEADINGS, ReadProposals
from planning.web import import_forms, import_words
from planning.web import proposal_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.import_shown import View, shown
from planning.web.imports import saying, sheet
from planning.web.language import count, current, say
from planning.web.uploading import drafts, one_file

bp = Blueprint("proposal_files", __name__)
KIND = "proposals"
SHOWN = 100
GONE = N_("This file is not here any more: an uploaded file is kept for one day. Choose it again.")


@bp.get("/<province:province>/proposals/file")
def choose(province: str) -> ResponseReturnValue:
    """Offer to bring a list of proposals, and an empty template."""
    asked = about(province)
    reading.demand(user(), province)
    return render_template(
        "proposals/file.html", asked=asked, most=drafts().most_bytes // 1_000_000
    )


@bp.get("/<province:province>/proposals/template.xlsx")
def template(province: str) -> ResponseReturnValue:
    """Send an empty spreadsheet of proposals."""
    about(province)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_review_template(path)
        return sheet(path, "diemthu-mau-de-nghi.xlsx")


@bp.post("/<province:province>/proposals/file")
def upload(province: str) -> ResponseReturnValue:
    """Take a file of which nothing is kept yet, and show what is in it."""
    asked = about(province)
    reading.demand(user(), province)
    with one_file() as sent:
        draft = sent.keep(province, KIND, {})
    return redirect(_address(asked, draft.token), HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/proposals/file/<draft:token>")
def show(province: str, token: str) -> ResponseReturnValue:
    """Show what a file was taken for, what was found in it, which drafts it would make."""
    return _page(about(province), _draft(province, token))


@bp.post("/<province:province>/proposals/file/<draft:token>")
def review(province: str, token: str) -> ResponseReturnValue:
    """Keep the corrections and decisions of the form with the file; read it again."""
    asked, draft = about(province), _draft(province, token)
    drafts().save(import_forms.corrected(draft, request.form, _read(draft).recognised))
    return redirect(f"{_address(asked, token)}#findings", HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/proposals/file/<draft:token>/anew")
def anew(province: str, token: str) -> ResponseReturnValue:
    """Forget every correction and decision."""
    asked, draft = about(province), _draft(province, token)
    drafts().save(replace(draft, said={**draft.said, "choices": {}}))
    return redirect(_address(asked, token), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/proposals/file/<draft:token>/commit")
def commit(province: str, token: str) -> ResponseReturnValue:
    """Make a draft of every usable row as it was shown, all or none."""
    asked, draft = about(province), _draft(province, token)
    found = _read(draft)
    try:
        changed = import_forms.corrected(draft, request.form, found.recognised)
        if changed.said != draft.said:
            drafts().save(changed)
            draft = changed
            raise RequestError(import_forms.NOT_THE_SAME)
        import_forms.require_consent(request.form, found.rows - len(found.contents))
        with drafts().claimed(draft) as fresh:
            made = reading.keep(store(), user(), province, draft.name, found)
            drafts().finish(fresh, {"proposals": len(made)})
    except Refusal as refusal:
        if drafts().find(province, token).done is not None:
            raise
        return _page(asked, draft, refusal), status_of(type(refusal))
    drafts().drop(draft)
    return redirect(asked.url("proposals.show", state="draft", done=len(made), deed="propose"), 303)


@bp.post("/<province:province>/proposals/file/<draft:token>/discard")
def discard(province: str, token: str) -> ResponseReturnValue:
    """Delete a file of which nothing was kept."""
    asked = about(province)
    drafts().drop(_draft(province, token))
    return redirect(asked.url("proposal_files.choose"), HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/proposals/file/<draft:token>/<any(commit, anew, discard):_step>")
def back(province: str, token: str, _step: str) -> ResponseReturnValue:
    """Lead from the address of a step back to the page, as after a change of language."""
    return redirect(_address(about(province), token), HTTPStatus.SEE_OTHER)


def _draft(province: str, token: str) -> Any:
    """Return a file that this user brought and that is of this kind; for others it is not here."""
    found = drafts().find(province, token, by=user().name)
    if found.kind != KIND or found.done is not None:
        raise NotFoundError(GONE)
    return found


def _read(draft: Any) -> ReadProposals:
    choices = Choices(**draft.said.get("choices", {}))
    path = drafts().path(draft)
    return reading.read(store(), user(), draft.province, path, draft.name, choices)


def _page(asked: Asked, draft: Any, refusal: Refusal | None = None) -> str:
    found = _read(draft)
    preview = Preview(
        found.findings, found.rows, len(found.contents), found.rows - len(found.contents),
        found.recognised, (asked.province.code,), None, found.refusal,
    )  # fmt: skip
    return render_template(
        "proposals/preview.html", asked=asked, draft=draft, view=_view(draft, preview),
        found=preview, contents=found.contents[:SHOWN],
        refusal=None if refusal is None else refusal.sentence(say, count).split("\n"),
        address=_address(asked, draft.token), letters=import_words.LETTERS,
        names=viewing.names(store(), asked.province.code),
    )  # fmt: skip


def _view(draft: Any, preview: Preview) -> View:
    view = shown(draft, preview, saying(), current())
    known = preview.recognised
    fields = {} if known is None or not known.headings else {
        name: words.FIELDS.get(name, headings[0]) for name, headings in HEADINGS.items()
    }  # fmt: skip
    return replace(view, fields=fields, title=say(N_("Proposals")))


def _address(asked: Asked, token: str) -> str:
    """Return the address of a file's page, to which the form adds the names of steps."""
    return url_for("proposal_files.show", province=asked.province.code, token=token)
