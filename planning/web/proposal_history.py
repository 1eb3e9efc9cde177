"""What happened, as sentences: the steps of a proposal, the deeds of a person."""

from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import N_
from planning.model.people import Action
from planning.model.proposals import Reason
from planning.services.review.viewing import Deed, Event
from planning.web.language import say
from planning.web.proposal_words import FIELDS, REASONS, short, value, written_day

A = Action
DONE: Mapping[str, str] = {
    A.PROPOSE: N_("%(who)s made the proposal."), A.EDIT: N_("%(who)s changed the proposal."),
    A.SUBMIT: N_("%(who)s sent the proposal in."), A.WITHDRAW: N_("%(who)s withdrew the proposal."),
    A.BEGIN_CHECK: N_("%(who)s began the check on site."),
    A.CHECK: N_("%(who)s wrote down what was found on site."),
    A.FINISH_CHECK: N_("%(who)s finished the check on site."),
    A.ASK_MORE: N_("%(who)s asked for more information."),
    A.MEASURE: N_("%(who)s had the figures computed again."),
    A.APPRAISE: N_("%(who)s appraised the proposal."),
    A.APPROVE: N_("%(who)s approved the proposal."),
    A.REJECT: N_("%(who)s did not approve the proposal."),
    A.REVOKE: N_("%(who)s took the approval back."),
    A.LIFT: N_("%(who)s let the place be suggested again."),
    A.ISSUE_CODE: N_("%(who)s issued the official code."),
    A.PUBLISH: N_("%(who)s noted the proposal as published."),
    A.START: N_("%(who)s put the point into operation."),
    A.SUSPEND: N_("%(who)s suspended the point."), A.RESUME: N_("%(who)s resumed the point."),
    A.END: N_("%(who)s ended the point."), A.ASSIGN: N_("%(who)s assigned the proposal."),
    A.COMMENT: N_("%(who)s commented."), A.ATTACH: N_("%(who)s added a file."),
}  # fmt: skip
TAGS: Mapping[str, str] = {
    "data:import:committed": N_("%(who)s imported a file."),
    "data:import:undone": N_("%(who)s undid an import."),
    "data:import:settled": N_("%(who)s noted the rows left out of an import as settled."),
    "data:mend:committed": N_("%(who)s mended a record."),
    "data:export:made": N_("%(who)s downloaded data."),
    "data:network:laid": N_("%(who)s laid a demonstration network."),
    "attention:item:seen": N_("%(who)s found an item right as it stands."),
    "attention:item:reopened": N_("%(who)s put an item back on the list."),
    "jobs:job:asked": N_("%(who)s asked for a calculation."),
    "jobs:job:stopped": N_("%(who)s stopped a calculation."),
    "siting:plan:made": N_("%(who)s had points suggested."),
    "scenario:scenario:made": N_("%(who)s made a scenario."),
    "scenario:scenario:written": N_("%(who)s changed a scenario."),
    "standard:radii:changed": N_("%(who)s changed the service standard."),
    "proposal:list:handed-out": N_("%(who)s downloaded a list of proposals."),
    "round:round:made": N_("%(who)s made a review round."),
    "round:document:taken": N_("%(who)s downloaded documents of a review round."),
    "checklist:criterion:changed": N_("%(who)s changed the checklist."),
    "checklist:criterion:ended": N_("%(who)s ended a line of the checklist."),
    "compliance:rule:changed": N_("%(who)s changed a rule of the network."),
    "compliance:rule:ended": N_("%(who)s ended a rule of the network."),
    "people:compliance:seen": N_("%(who)s looked at staff named among what breaks a rule."),
    "people:compliance:handed-out": N_(
        "%(who)s downloaded what breaks the rules, with names of staff."
    ),
    "access:account:added": N_("%(who)s added an account."),
    "access:account:locked": N_("%(who)s locked an account."),
    "access:account:unlocked": N_("%(who)s unlocked an account."),
    "access:password:given": N_("%(who)s gave somebody a new password."),
    "access:password:changed": N_("%(who)s changed a password."),
    "access:role:granted": N_("%(who)s granted a role."),
    "access:role:revoked": N_("%(who)s revoked a role."),
    "access:sign-in:done": N_("%(who)s signed in."),
    "access:sign-in:failed": N_("%(who)s could not sign in."),
    "access:sign-in:limited": N_(
        "Signing in as %(who)s was closed for some minutes after many attempts."
    ),
    "access:sign-out:done": N_("%(who)s signed out."),
    "people:results:seen": N_("%(who)s saw names of staff beside their results."),
    "people:results:handed-out": N_("%(who)s downloaded results with names of staff."),
    "people:staff:handed-out": N_("%(who)s downloaded the list of staff."),
    "people:file:handed-out": N_("%(who)s downloaded an imported file that names people."),
    "register:lists:published": N_(
        "%(who)s published the lists of organisations, points and staff."
    ),
    "register:lists:withdrawn": N_("%(who)s withdrew the published lists."),
    "people:publication:taken": N_(
        "%(who)s downloaded a list of staff by name that is kept of a publication."
    ),
    "register:record:changed": N_("%(who)s changed a record of the register."),
    "register:records:changed": N_("%(who)s changed several records of the register at once."),
    "register:inspection:added": N_("%(who)s wrote down an inspection of a point."),
    "register:inspection:changed": N_("%(who)s changed an inspection of a point."),
    "register:conditions:written": N_("%(who)s wrote down conditions of a point."),
    "register:list:handed-out": N_("%(who)s downloaded a list of the register."),
    "people:register:seen": N_("%(who)s looked at names of staff in the register."),
    "people:proposal:seen": N_("%(who)s looked at the people named in a proposal."),
}
HERE = N_("the user of this computer")
OTHER = N_("%(who)s: %(tag)s.")


def who(name: str) -> str:
    """Return how somebody is spoken of: by the name they sign in with."""
    return say(HERE) if name == "local" else name


def sentence(event: Event) -> str:
    """Return who took a step, as a sentence."""
    return say(DONE.get(event.action, event.action)) % {"who": who(event.actor)}


def details(event: Event) -> Iterator[str]:
    """Yield what else a step says, a line each: reason, document, what changed, what is wanted."""
    yield from _told(event.facts)


def deed(event: Deed) -> str:
    """Return what somebody did, as a sentence."""
    area, thing, _ = event.tag.split(":")
    known = DONE.get(thing.replace("-", " ")) if area == "proposal" else None
    text = TAGS.get(event.tag) or known or OTHER
    return say(text) % {"who": who(event.actor), "tag": event.tag}


def deed_details(event: Deed) -> Iterator[str]:
    """Yield what else a deed says: of proposals as in their history, of files their names."""
    if event.tag.startswith("proposal:"):
        yield from _told(event.facts)
    elif number := event.facts.get("proposal"):
        yield short(number)
    elif file := event.facts.get("file"):
        yield short(file)


def _told(facts: Mapping[str, Any]) -> Iterator[str]:
    if (reason := facts.get("reason_code")) in list(Reason):
        yield say(N_("Reason: %(reason)s.")) % {"reason": say(REASONS[Reason(reason)])}
    if text := facts.get("reason"):
        yield say(N_("Why: %(text)s")) % {"text": short(text)}
    if document := facts.get("document"):
        yield say(N_("Document number: %(document)s.")) % {"document": short(document)}
    if "to" in facts:
        yield _assigned(facts)
    if text := facts.get("text"):
        yield short(text)
    if day := facts.get("day"):
        yield say(N_("Day: %(day)s.")) % {"day": written_day(str(day))}
    if communes := facts.get("communes"):
        told = {"old": str(communes[0]) or "–", "new": str(communes[1]) or "–"}
        yield say(N_("Boundaries changed: commune %(old)s → %(new)s.")) % told
    for each in facts.get("wanted") or ():
        name = say(FIELDS.get(each["field"], N_("The whole proposal")))
        told = {"field": name, "text": short(each["text"])}
        yield say(N_("Wanted – %(field)s: %(text)s")) % told
    for name, (old, new) in (facts.get("changed") or {}).items():
        field = say(FIELDS.get(name, name))
        told = {"field": field, "old": value(name, old), "new": value(name, new)}
        yield say(N_("%(field)s: “%(old)s” → “%(new)s”")) % told


def _assigned(facts: Mapping[str, Any]) -> str:
    if not facts["to"]:
        return say(N_("Assigned to nobody any more."))
    told = {"to": who(str(facts["to"])), "day": written_day(str(facts.get("due") or ""))}
    return say(N_("Assigned to %(to)s, due %(day)s.")) % told
