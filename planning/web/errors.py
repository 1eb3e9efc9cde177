"""Which status a refusal has, and the page or JSON that says it in the reader's language."""

import logging
from http import HTTPStatus

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from geo.errors import N_, FileError, GeoError, Refusal, TableError, WrongCrsError
from planning.model.accounts import SignInError, TooManyTriesError
from planning.model.errors import (
    DoneAlreadyError,
    Fault,
    ImportRefusedError,
    ImpossibleAsk,
    NoRoomError,
    NotFoundError,
    NotReadyError,
    PlanDoesNotAddUpError,
    PlanningError,
    QuestionError,
    RequestError,
    TooLargeError,
    UnavailableError,
)
from planning.model.people import NOBODY, ForbiddenError
from planning.model.proposals import ChangedError, StateError
from planning.model.scenario import DeletedError, StaleError
from planning.model.wishes import AskError
from planning.services import provinces
from planning.services.provinces import ProvinceSummary
from planning.services.register.editing import RecordError
from planning.services.review.steps import BulkError
from planning.web.language import count, say

_log = logging.getLogger(__name__)


class FormError(RequestError):
    """A field of a form or of the address cannot be read."""


class ForeignPostError(PlanningError):
    """A form was sent from a page of another site."""


class ForeignHostError(PlanningError):
    """The request names a host that this service is not."""


class SignInNeededError(PlanningError):
    """Whoever asked is not signed in."""


STATUS: dict[type[Refusal], HTTPStatus] = {
    Refusal: HTTPStatus.INTERNAL_SERVER_ERROR,
    GeoError: HTTPStatus.UNPROCESSABLE_ENTITY,
    WrongCrsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TableError: HTTPStatus.UNPROCESSABLE_ENTITY,
    FileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    PlanningError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    DeletedError: HTTPStatus.GONE,
    NotReadyError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.CONFLICT,
    StateError: HTTPStatus.CONFLICT,
    ChangedError: HTTPStatus.CONFLICT,
    BulkError: HTTPStatus.CONFLICT,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    SignInError: HTTPStatus.UNAUTHORIZED,
    TooManyTriesError: HTTPStatus.TOO_MANY_REQUESTS,
    RequestError: HTTPStatus.BAD_REQUEST,
    FormError: HTTPStatus.BAD_REQUEST,
    AskError: HTTPStatus.BAD_REQUEST,
    Fault: HTTPStatus.BAD_REQUEST,
    QuestionError: HTTPStatus.BAD_REQUEST,
    ImpossibleAsk: HTTPStatus.CONFLICT,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NoRoomError: HTTPStatus.INSUFFICIENT_STORAGE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    DoneAlreadyError: HTTPStatus.CONFLICT,
    RecordError: HTTPStatus.BAD_REQUEST,
    ImportRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    PlanDoesNotAddUpError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ForeignPostError: HTTPStatus.FORBIDDEN,
    ForeignHostError: HTTPStatus.BAD_REQUEST,
}

SENTENCES: dict[int, str] = {
    400: N_("The request cannot be read."),
    403: N_("This is not allowed."),
    404: N_("There is no such page."),
    405: N_("This page does not take what was sent to it."),
    413: N_("What was sent is too large."),
    500: N_("Something went wrong on our side; it was written to the log."),
}
REST = N_("The request cannot be answered.")


def status_of(refusal: type[Refusal]) -> HTTPStatus:
    """Return the status of a refusal: its own, else that of its nearest parent."""
    return next(STATUS[each] for each in refusal.__mro__ if each in STATUS)


def install(app: Flask) -> None:
    """Let `app` answer every refusal and every HTTP error with one sentence."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _failed)


def _refused(error: Refusal) -> ResponseReturnValue:
    if isinstance(error, UnavailableError):
        _log.warning("%s %s", error, error.why)
    return _answer(error.sentence(say, count), status_of(type(error)))


def _failed(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return _answer(say(SENTENCES.get(code, REST)), HTTPStatus(code))


def _answer(sentence: str, status: HTTPStatus) -> ResponseReturnValue:
    if request.path.endswith(".json"):
        return jsonify(error=sentence), status
    # Where a page is missing the database was read a moment ago; elsewhere it may be what failed.
    province = _province() if status == HTTPStatus.NOT_FOUND else None
    page = render_template(
        "errors/page.html", sentence=sentence, status=status.value, province=province
    )
    return page, status


def _province() -> ProvinceSummary | None:
    """Return the province that the address is about, where it is one that the user may know of."""
    code = (request.view_args or {}).get("province")
    if not code or code not in g.get("user", NOBODY).provinces:
        return None
    return provinces.one(current_app.extensions["planning"], code)
