"""Photos and documents of proposals: sent in, listed, taken away; only our own photos are shown."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from geo.errors import N_, Refusal
from planning.model.errors import NotFoundError
from planning.model.people import Action, may
from planning.services.review import attachments, looking, photos
from planning.services.review.attachments import (
    DOCUMENT,
    MB,
    MOST_BYTES,
    PHOTO,
    Attachment,
    Incoming,
)
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import FormError, status_of
from planning.web.job_words import moment
from planning.web.language import count, say
from planning.web.uploading import NO_FILE

bp = Blueprint("attachments", __name__)
MOST_AT_ONCE = 10
MOST_REQUEST = 64 * MB
TOO_MANY = N_("Send at most %(most)s files at a time.")


@bp.get("/<province:province>/proposals/<proposal:number>/files")
def show(province: str, number: str) -> ResponseReturnValue:
    """List the files of a proposal, and take more of them from whoever may add them."""
    return _page(about(province), number)


@bp.post("/<province:province>/proposals/<proposal:number>/files")
def add(province: str, number: str) -> ResponseReturnValue:
    """Keep the files of a form, all or none, and show them."""
    asked = about(province)
    try:
        _added(province, number)
    except Refusal as refusal:
        if isinstance(refusal, NotFoundError):
            raise
        return _page(asked, number, refusal), status_of(type(refusal))
    if request.form.get("back") == "check":
        return redirect(asked.url("field_check.show", number=number, _anchor="photos-box"), HTTPStatus.SEE_OTHER)  # fmt: skip
    return redirect(asked.url("attachments.show", number=number, added=1), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/proposals/<proposal:number>/files.json")
def add_json(province: str, number: str) -> ResponseReturnValue:
    """Keep a photo sent by a script; send the version after it and the photo as a list item."""
    asked = about(province)
    kept = _added(province, number)
    html = [render_template("field/_photo.html", asked=asked, number=number, file=each)
            for each in kept if each.what == PHOTO]  # fmt: skip
    return jsonify(ids=[each.id for each in kept], html=html)


@bp.get("/<province:province>/proposals/<proposal:number>/files/<int:file>")
def send(province: str, number: str, file: int) -> ResponseReturnValue:
    """Send a file to be kept, under a name of ours; a browser never opens it here."""
    about(province)
    it, body = attachments.one(store(), user(), province, number, file)
    answer = _bytes(body, it.media_type, it.sha256)
    name = attachments.safe_name(number, it)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/<province:province>/proposals/<proposal:number>/files/<int:file>/<any(large, small):size>.jpg")  # fmt: skip
def picture(province: str, number: str, file: int, size: str) -> ResponseReturnValue:
    """Show a photo that was written anew here, or its thumbnail; nothing else is ever shown."""
    about(province)
    it, body = attachments.one(store(), user(), province, number, file)
    if it.what != PHOTO:
        raise NotFoundError(attachments.NO_FILE, number=number, file=file)
    shown = photos.small(body) if size == "small" else body
    return _bytes(shown, "image/jpeg", f"{it.sha256}-{size}")


def _bytes(body: bytes, media_type: str, etag: str) -> Response:
    """Return bytes that are only what they are said to be; the reader asks whether they changed."""
    answer = Response(body, mimetype=media_type)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(etag)
    answer.make_conditional(request)
    return answer


def _added(province: str, number: str) -> list[Attachment]:
    """Read the files of the request and keep them."""
    request.max_content_length = MOST_REQUEST
    what = PHOTO if request.form.get("what") == PHOTO else DOCUMENT
    try:
        sent = [each for each in request.files.getlist("file") if each.filename]
        if not sent:
            raise FormError(NO_FILE)
        if len(sent) > MOST_AT_ONCE:
            raise FormError(TOO_MANY, most=MOST_AT_ONCE)
        files = (_incoming(what, each) for each in sent)
        return attachments.add(store(), user(), province, number, files)[1]
    finally:
        for each in request.files.values():
            each.close()


def _incoming(what: str, sent: FileStorage) -> Incoming:
    """Return a file as it arrived, read no farther than one byte over what is taken."""
    return Incoming(what, sent.filename or "", sent.stream.read(MOST_BYTES[what] + 1))


def _page(asked: Asked, number: str, refusal: Refusal | None = None) -> str:
    view = looking.view(store(), user(), asked.province.code, number)
    limits: dict[str, Any] = {
        "photo_mb": MOST_BYTES[PHOTO] // MB, "document_mb": MOST_BYTES[DOCUMENT] // MB,
        "most_files": attachments.MOST_FILES, "most_mb": attachments.MOST_OF_PROPOSAL // MB,
        "at_once": MOST_AT_ONCE,
    }  # fmt: skip
    return render_template(
        "field/files.html", asked=asked, view=view, it=view.proposal, moment=moment, **limits,
        refusal=None if refusal is None else refusal.sentence(say, count),
        adds=may(user(), Action.ATTACH, view.proposal.thing), added=request.args.get("added") == "1",
    )  # fmt: skip
