"""The form of a check on site: read from what was sent, written for the page and its scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.errors import N_
from planning.language import day
from planning.model.proposals import Condition, Criterion, Met, SiteCheck
from planning.web.asked import decimal
from planning.web.errors import FormError
from planning.web.language import current, say

SAME, OTHER = "same", "other"
METS: Mapping[Met, str] = {Met.YES: N_("met"), Met.NO: N_("not met"), Met.UNKNOWN: N_("not seen")}
PASSED = {"yes": True, "no": False}
PLACES = {SAME: N_("the place is right"), OTHER: N_("corrected"), "": "–"}
ENDS = {"yes": N_("passed"), "no": N_("not passed"), "": "–"}
NAMES: Mapping[str, str] = {
    "day": N_("Day of the check"), "place": N_("Place of the point"), "lat": N_("Latitude"),
    "lon": N_("Longitude"), "present": N_("Who was present"), "findings": N_("Findings on site"),
    "passed": N_("Conclusion"),
}  # fmt: skip
BOTH = N_("Give the latitude and the longitude of the corrected place.")
NO_ANSWER = N_("“%(value)s” is no answer of this form.")
NO_VERSION = N_("The form does not say which state of the check it was made for; load the page again.")  # fmt: skip

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two checkers filled in otherwise: its name, what is kept, what was sent."""

    name: str
    theirs: str
    mine: str


def version(form: Mapping[str, str]) -> int:
    """Return the version of the proposal that a form was made for."""
    text = form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FormError(NO_VERSION)
    return int(text)


def findings(form: Mapping[str, str]) -> SiteCheck:
    """Return what a form says was found; raise `FormError` for what cannot be read."""
    place, passed = form.get("place", ""), form.get("passed", "")
    for value, known in ((place, (SAME, OTHER, "")), (passed, ("yes", "no", ""))):
        if value not in known:
            raise FormError(NO_ANSWER, value=value[:40])
    lon = lat = None
    if place == OTHER:
        texts = form.get("lat", "").strip(), form.get("lon", "").strip()
        if not all(texts):
            raise FormError(BOTH)
        lat, lon = (decimal(each[:40]) for each in texts)
    codes = [name.removeprefix("met-") for name in form if name.startswith("met-")]
    return SiteCheck(
        "", form.get("day", "").strip()[:10],
        conditions=tuple(_condition(form, code) for code in codes),
        lon=lon, lat=lat, present=_text(form, "present"), findings=_text(form, "findings"),
        passed=PASSED.get(passed), placed=bool(place),
    )  # fmt: skip


def fields(check: SiteCheck | None, lines: Sequence[Criterion]) -> Fields:
    """Return the fields of the form as texts, filled in with what is kept."""
    if check is None:
        return {}
    moved = check.lon is not None and check.lat is not None
    found = {
        "day": check.day, "place": OTHER if moved else SAME if check.placed else "",
        "lat": degrees(check.lat), "lon": degrees(check.lon), "present": check.present,
        "findings": check.findings,
        "passed": {True: "yes", False: "no", None: ""}[check.passed],
    }  # fmt: skip
    known = {each.code: each for each in check.conditions}
    for line in lines:
        one = known.get(line.code, Condition(line.code))
        found[f"met-{line.code}"] = str(one.met)
        found[f"note-{line.code}"] = one.note
    return found


def differences(kept: Fields, sent: Fields, lines: Sequence[Criterion]) -> list[Difference]:
    """Return the fields in which two fillings of a form differ, in the order of the form."""
    names = [*NAMES, *(f"{each}-{line.code}" for line in lines for each in ("met", "note"))]
    return [
        Difference(_name(name, lines), _shown(name, kept), _shown(name, sent))
        for name in names if _shown(name, kept) != _shown(name, sent)
    ]  # fmt: skip


def degrees(value: float | None) -> str:
    """Return degrees with six places, as the reader writes numbers; nothing for None."""
    if value is None:
        return ""
    text = f"{value:.6f}"
    return text.replace(".", ",") if current() == "vi" else text


def _condition(form: Mapping[str, str], code: str) -> Condition:
    met = form.get(f"met-{code}", "")
    if met not in list(Met):
        raise FormError(NO_ANSWER, value=met[:40])
    return Condition(code[:20], Met(met), _text(form, f"note-{code}"))


def _text(form: Mapping[str, str], name: str) -> str:
    """Return a text as it was typed; browsers send every end of a line as two signs."""
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _name(name: str, lines: Sequence[Criterion]) -> str:
    if name in NAMES:
        return say(NAMES[name])
    kind, _, code = name.partition("-")
    text = next(say(each.text) for each in lines if each.code == code)
    return text if kind == "met" else f"{text} – {say(N_('note'))}"


def _shown(name: str, found: Fields) -> str:
    value = found.get(name, "").strip().replace("\r\n", "\n")
    if name.startswith("met-"):
        return say(METS[Met(value)]) if value in list(Met) else "–"
    if name in ("lat", "lon"):
        return value.replace(",", ".") if found.get("place") == OTHER else "–"
    if name in ("place", "passed"):
        text = (PLACES if name == "place" else ENDS).get(value, "–")
        return say(text) if text != "–" else text
    return day(value, current()) if name == "day" else value or "–"
