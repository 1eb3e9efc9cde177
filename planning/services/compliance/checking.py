"""The register held to the rules of a day, made once per state of the data; what it found is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.errors import N_
from geo.tables import CommuneTable
from planning.analysis.compliance import Checked, check
from planning.model.compliance import Count, Failure
from planning.model.days import today
from planning.model.errors import RequestError
from planning.services.compliance.rules import rules_in
from planning.services.requests import only_province, require_day
from planning.store import compliance, imports
from planning.store.session import Store

NOT_YET = N_("%(day)s is yet to come; ask for today or an earlier day.")


@dataclass(frozen=True, slots=True)
class Held:
    """A whole province held to its rules on a day.

    `failures` have their `since` filled in with the day on which they were first seen where
    the register does not tell one; it stays empty on a day before that. `organisations`,
    `communes` and `offices` are names by code, of communes the BHXH cơ sở.
    """

    checked: Checked
    failures: tuple[Failure, ...]
    organisations: Mapping[str, str]
    communes: Mapping[str, str]
    offices: Mapping[str, str]
    data_date: str | None


def held(store: Store, province: str, day: str = "") -> Held:
    """Return a province held to the rules of a day (empty: today) as its register stands now.

    What today's report finds is kept: the count of every rule, and when each failure was first
    seen. Raises `RequestError` for what is no day up to today, `NotFoundError` for a province
    that is not there, `NotReadyError` without boundaries.
    """
    only_province(store, province)
    now = today()
    if day:
        require_day(day)
    if day > now:
        raise RequestError(NOT_YET, day=day)
    with store.reading() as db:
        key = ("compliance", province, compliance.version(db, province), now, day or now)
    return store.remembered(key, lambda: _held(store, province, day or now, now))


def state(store: Store, province: str) -> str:
    """Return what changes with the day, and with every change of what is checked."""
    with store.reading() as db:
        return f"{today()} {compliance.version(db, province)}"


def _held(store: Store, province: str, day: str, now: str) -> Held:
    with store.reading() as db:
        register = compliance.load_register(db, province)
        checked = check(register, rules_in(db, province), day)
        seen = compliance.seen(db, province)
        data_date = imports.data_date(imports.batches(db, province))
    found = [each for one in checked.found.values() for each in one.failures]
    if day == now:
        seen = _kept(store, province, checked, found)
    first = {key: each for key, each in seen.items() if each <= day}
    communes = register.communes
    office = communes[communes[CommuneTable.office].notna()]
    return Held(
        checked,
        tuple(replace(each, since=first.get(compliance.key_of(each), "")) if each.seen else each
              for each in found),
        register.organisation_names, register.commune_names,
        dict(zip(office[CommuneTable.code], office[CommuneTable.office], strict=True)), data_date,
    )  # fmt: skip


def _kept(
    store: Store, province: str, checked: Checked, found: list[Failure]
) -> dict[compliance.Key, str]:
    """Keep what was found today, unless that is kept already; return when each was first seen."""
    counted = [Count(checked.day, name, len(one.failures), one.base)
               for name, one in checked.found.items()]  # fmt: skip
    failing = {compliance.key_of(each) for each in found}
    with store.reading() as db:
        kept = [each for each in compliance.counts(db, province) if each.day == checked.day]
        seen = compliance.seen(db, province)
    if set(kept) == set(counted) and seen.keys() == failing:
        return seen
    with store.writing() as db:
        compliance.keep_counts(db, province, checked.day, counted)
        compliance.note_seen(db, province, failing, checked.day)
        return compliance.seen(db, province)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many failures there were when they were last counted, and on which day that was."""

    failures: int
    day: str


def waiting(store: Store, province: str) -> Waiting | None:
    """Return the newest kept counts of a province in sum, None where nobody ever looked."""
    with store.reading() as db:
        counts = compliance.counts(db, province)
    if not counts:
        return None
    newest = counts[-1].day
    return Waiting(sum(each.failures for each in counts if each.day == newest), newest)
