"""What is said of a failure: what is the matter, and what to do next."""

from collections.abc import Mapping

from geo.errors import N_
from planning.language import counting, day, speaker
from planning.model.compliance import Check, Failure, Record

RECORD_NAMES: Mapping[Record, str] = {
    Record.POINT: N_("point"), Record.ORGANISATION: N_("organisation"),
    Record.STAFF: N_("member of staff"), Record.COMMUNE: N_("commune"),
    Record.FORMER_COMMUNE: N_("former commune"), Record.INSPECTION: N_("inspection"),
}  # fmt: skip
NEXT_STEPS: Mapping[Check, str] = {
    Check.SIGN_MISSING: N_("Issue the sign and write its day in the record of the point."),
    Check.NO_PERMANENT_STAFF: N_("Have the organisation name permanent staff in the list of staff, or propose another kind of point."),
    Check.CARD_EXPIRED: N_("Renew the card and write its last day in the list of staff, or take the person off it."),
    Check.CONTRACT_EXPIRED: N_("Extend the contract and write its last day in the record, or liquidate it and propose that its points end."),
    Check.GUARANTEE_EXPIRED: N_("Ask for a new guarantee and write its last day in the record."),
    Check.TWO_ORGANISATIONS: N_("Ask both organisations for whom the person works, and take the person off the other's list."),
    Check.TOO_FEW_POINTS: N_("Have the organisation propose further points, or end its contract."),
    Check.COMMUNE_UNSTAFFED: N_("Try points in the commune, or have staff sent to a point there."),
    Check.FORMER_COMMUNE_UNSTAFFED: N_("See how people of the former commune are served now, and try points there."),
    Check.POINT_INACTIVE: N_("Ask the organisation why; propose that the point ends if it is not used."),
    Check.INSPECTION_OVERDUE: N_("Inspect the point and write the inspection down; note what was settled."),
    Check.CODE_INCONSISTENT: N_("Write the right code in the record of the point, or correct its place or organisation."),
}  # fmt: skip
_SIGN = N_("No sign was issued.")
_NOBODY, _NOT_PERMANENT = N_("It has no staff."), N_("None of its staff is permanent.")
_CARD = N_("The card held until %(until)s.")
_CONTRACT = N_("The contract held until %(until)s.")
_GUARANTEE = N_("The guarantee held until %(until)s.")
_OTHERS = N_("The person is also with %(others)s.")
_TOO_FEW = N_("%(points)s open points, where %(least)s are needed.")
_EMPTY = N_("No open direct point lies there.")
_UNSTAFFED = N_("%(points)s open direct points lie there, none with staff.")
_NOW = N_("The former commune is now in %(now)s.")
_LAST_RESULT = N_("The last result is of a period that ended on %(last)s.")
_NO_RESULT = N_("No result was ever told.")
_DEADLINE = N_("What was found had to be settled by %(deadline)s.")
_INSPECTED = N_("It was last inspected on %(last)s.")
_NEVER = N_("No inspection was ever written down.")
_WRONG: Mapping[str, str] = {
    "form": N_("The code “%(written)s” is not of the form of Công văn 1804."),
    "organisation": N_("The code %(written)s names another organisation than that of the point."),
    "commune": N_("The code %(written)s names another commune than the one of the coordinates."),
    "former": N_("The code %(written)s still names a commune from before the boundaries changed."),
}
_RIGHT = N_("The right code would be %(right)s.")
_DAYS = ("until", "last", "deadline")
_COUNTS = ("points", "least")


def detail(failure: Failure, language: str) -> str:
    """Return what is the matter with the record of a failure, in one or two sentences."""
    facts = dict(failure.facts)
    say, count = speaker(language), counting(language)
    values = {key: day(value, language) if key in _DAYS
              else count(int(value)) if key in _COUNTS else value
              for key, value in facts.items()}  # fmt: skip
    return " ".join(say(each) % values for each in _sentences(failure.check, facts))


def _sentences(check: Check, facts: Mapping[str, str]) -> tuple[str, ...]:
    match check:
        case Check.NO_PERMANENT_STAFF:
            found = [_NOT_PERMANENT if facts.get("staffed") == "1" else _NOBODY]
        case Check.COMMUNE_UNSTAFFED | Check.FORMER_COMMUNE_UNSTAFFED:
            found = [_EMPTY if facts.get("points") == "0" else _UNSTAFFED]
            found += [_NOW] if facts.get("now") else []
        case Check.POINT_INACTIVE:
            found = [_LAST_RESULT if facts.get("last") else _NO_RESULT]
        case Check.INSPECTION_OVERDUE:
            told = _INSPECTED if facts.get("last") else _NEVER
            found = [_DEADLINE if facts.get("deadline") else told]
        case Check.CODE_INCONSISTENT:
            found = [_WRONG[facts["wrong"]], *([_RIGHT] if facts.get("right") else [])]
        case _:
            found = [_PLAIN[check]]
    return tuple(found)


_PLAIN: Mapping[Check, str] = {
    Check.SIGN_MISSING: _SIGN, Check.CARD_EXPIRED: _CARD, Check.CONTRACT_EXPIRED: _CONTRACT,
    Check.GUARANTEE_EXPIRED: _GUARANTEE, Check.TWO_ORGANISATIONS: _OTHERS,
    Check.TOO_FEW_POINTS: _TOO_FEW,
}  # fmt: skip
