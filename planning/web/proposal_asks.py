"""Reading the forms of proposals: which step, of which, read at which version, with what said."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from geo.errors import N_
from planning.model.people import Action
from planning.services.review.bulk import BulkAsk, verdict
from planning.services.review.deciding import Verdict
from planning.services.review.steps import MOST_AT_ONCE, Ask
from planning.web.errors import FormError

Form = MultiDict[str, str]
NO_VERSION = N_("The form does not say which state of the proposal it was made for; load the page again.")  # fmt: skip
NO_STEP = N_("There is no step “%(name)s” of a proposal.")
TOO_MANY = N_("At most %(most)s proposals can take a step at once.")
WORD = 200


def action_of(name: str) -> Action:
    """Return the step that an address or a button names: `ask-more` is asking for more."""
    text = name.replace("-", " ")
    if text not in list(Action):
        raise FormError(NO_STEP, name=name[:40])
    return Action(text)


def ask_of(province: str, number: str, action: Action, form: Mapping[str, str]) -> Ask:
    """Return the step that a form asks for, with reason and document number."""
    return Ask(
        province, number, version_of(form.get("version", "")), action,
        reason=_lines(form.get("reason", "")), document=form.get("document", "").strip()[:WORD],
    )  # fmt: skip


def version_of(text: str) -> int:
    """Return the version that a form was made for."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FormError(NO_VERSION)
    return int(text)


def bulk_ask(province: str, form: Form) -> BulkAsk:
    """Return the step that a form asks of several, chosen as `DX-2026-0001:3` (its version)."""
    action = action_of(form.get("action", ""))
    chosen = list(dict.fromkeys(form.getlist("chosen")))
    if len(chosen) > MOST_AT_ONCE:
        raise FormError(TOO_MANY, most=MOST_AT_ONCE)
    asks = []
    for each in chosen:
        number, _, version = each.partition(":")
        asks.append(ask_of(province, number[:40], action, {**form, "version": version}))
    verdicts: tuple[Verdict, ...] = ()
    if action is Action.REJECT:
        said = verdict(form.get("reason_code", ""), _lines(form.get("reason", "")))
        verdicts = tuple(said for _ in asks)
    return BulkAsk(
        action, tuple(asks), form.get("to", "").strip()[:WORD], form.get("due", "").strip(),
        verdicts,
    )  # fmt: skip


def wanted_of(form: Form) -> list[tuple[str, str]]:
    """Return the requests of a form: pairs of a field (empty: the whole) and a sentence."""
    pairs = zip(form.getlist("wanted_field"), form.getlist("wanted_text"), strict=False)
    return [(field, text) for field, said in pairs if (text := _lines(said).strip())]


def _lines(text: str) -> str:
    """Return a text with plain line ends: browsers send others."""
    return text.replace("\r\n", "\n").strip()
