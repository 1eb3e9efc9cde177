"""What a reader may see of a province held to its rules: counts, trend, ranks, the failures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.names import sort_key
from planning.analysis.compliance import Whose
from planning.analysis.compliance.days import months_later
from planning.model.compliance import Check, Count, Failure, Record, Rule
from planning.model.days import today
from planning.model.people import Action, Thing, User, may
from planning.services.compliance.checking import Held, held
from planning.services.requests import now
from planning.store import audit, compliance
from planning.store.session import Store

PAGE = 50
SEEN = "people:compliance:seen"


@dataclass(frozen=True, slots=True)
class Line:
    """One failure as a reader sees it; the name of a person is empty for who may not see it."""

    failure: Failure
    rule: Rule
    name: str
    organisation: str
    commune: str
    office: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule found: failures out of `base`, and of how many nothing is known.

    `before` is what was counted on the newest day a month old or older, which can be much
    older; None where nothing was kept by then or where the reader sees a part of the province.
    """

    rule: Rule
    failures: int
    base: int
    unknown: int
    before: Count | None

    @property
    def share(self) -> float | None:
        """The failures as a share of the base, None where there is none."""
        return self.failures / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class Rank:
    """How an organisation or a commune keeps the rules: failures out of the checks made there.

    One record held to one rule is one check. `code` is empty for what belongs to none.
    """

    code: str
    name: str
    failures: int
    checks: int

    @property
    def share(self) -> float | None:
        """The failures as a share of the checks, None where none was made."""
        return self.failures / self.checks if self.checks else None


@dataclass(frozen=True, slots=True)
class Report:
    """A province held to its rules on a day, as somebody may see it.

    `whole`: they see all of it; only then there are counts over time, oldest first.
    `organisations`, `communes` and `offices` are what the list can be filtered by: names by
    code, in Vietnamese order.
    """

    day: str
    today: str
    data_date: str | None
    rules: tuple[RuleCount, ...]
    lines: tuple[Line, ...]
    by_organisation: tuple[Rank, ...]
    by_commune: tuple[Rank, ...]
    organisations: Mapping[str, str]
    communes: Mapping[str, str]
    offices: tuple[str, ...]
    whole: bool
    counts: tuple[Count, ...]

    @property
    def failures(self) -> int:
        """How many failures there are in all."""
        return len(self.lines)


def report(store: Store, user: User, province: str, day: str = "") -> Report:
    """Return what somebody may see of a province held to the rules of a day (empty: today).

    A service organisation sees what is its own, a checker what lies in its communes. The
    register is that of now, whatever the day. Raises as `held` does.
    """
    it = held(store, province, day)
    sight = _Sight(user, province, it.offices)
    whole = may(user, Action.SEE_REGISTER, Thing(province))
    lines = tuple(_line(it, sight, each) for each in it.failures if sight.sees(each))
    with store.reading() as db:
        counts = [each for each in compliance.counts(db, province)
                  if each.day <= it.checked.day] if whole else []  # fmt: skip
    before = _earlier(counts, it.checked.day)
    known: Counter[Whose] = Counter()
    failing = Counter(each.failure.check for each in lines)
    rules = []
    for name, rule in it.checked.rules.items():
        one = it.checked.found[name]
        seen = {each: n for each, n in one.known.items() if sight.reaches(each)}
        known.update(seen)
        rules.append(
            RuleCount(rule, failing[name], sum(seen.values()),
                      sum(n for each, n in one.unknown.items() if sight.reaches(each)),
                      before.get(name))
        )  # fmt: skip
    return Report(
        it.checked.day, today(), it.data_date, tuple(rules), lines,
        _ranked(it.organisations, known, lines, 0), _ranked(it.communes, known, lines, 1),
        _named(it.organisations, (each.failure.organisation_code for each in lines)),
        _named(it.communes, (each.failure.commune_code for each in lines)),
        tuple(sorted({each.office for each in lines if each.office}, key=sort_key)),
        whole, tuple(counts),
    )  # fmt: skip


def note_sight(store: Store, user: User, province: str, lines: Iterable[Line]) -> None:
    """Record that somebody saw names of staff, once a day for each reader."""
    if not any(each.failure.record is Record.STAFF and each.name for each in lines):
        return
    at = now()
    with store.reading() as db:
        events = audit.events(db, province, actor=user.name, area="people", since=at[:10])
    if not any(each.tag == SEEN for each in events):
        with store.writing() as db:
            audit.record(db, SEEN, province, at=at, actor=user.name)


class _Sight:
    """What somebody may see of a province: asked once for each organisation and commune."""

    def __init__(self, user: User, province: str, offices: Mapping[str, str]) -> None:
        self._user, self._province, self._offices = user, province, offices
        self._known: dict[tuple[Action, Whose], bool] = {}

    def _may(self, action: Action, whose: Whose) -> bool:
        if (action, whose) not in self._known:
            organisation, commune = whose
            thing = Thing(self._province, organisation, commune, self._offices.get(commune, ""))
            self._known[action, whose] = may(self._user, action, thing)
        return self._known[action, whose]

    def reaches(self, whose: Whose) -> bool:
        return self._may(Action.SEE_REGISTER, whose)

    def sees(self, failure: Failure) -> bool:
        return self.reaches((failure.organisation_code, failure.commune_code))

    def names(self, failure: Failure) -> bool:
        whose = (failure.organisation_code, failure.commune_code)
        return failure.record is not Record.STAFF or self._may(Action.SEE_PEOPLE, whose)


def _line(it: Held, sight: _Sight, failure: Failure) -> Line:
    return Line(
        failure, it.checked.rules[failure.check],
        failure.name if sight.names(failure) else "",
        it.organisations.get(failure.organisation_code, failure.organisation_code),
        it.communes.get(failure.commune_code, failure.commune_code),
        it.offices.get(failure.commune_code, ""),
    )  # fmt: skip


def _earlier(counts: Iterable[Count], day: str) -> dict[Check, Count]:
    """Return what every rule counted on the newest day that is a month old or older."""
    old = [each for each in counts if each.day <= months_later(day, -1)]
    newest = max((each.day for each in old), default="")
    return {each.check: each for each in old if each.day == newest}


def _ranked(
    names: Mapping[str, str], known: Mapping[Whose, int], lines: Iterable[Line], part: int
) -> tuple[Rank, ...]:
    """Return organisations (part 0) or communes (part 1), in Vietnamese order, then none."""
    checks: Counter[str] = Counter()
    for whose, count in known.items():
        checks[whose[part]] += count
    failures = Counter(
        (each.failure.organisation_code, each.failure.commune_code)[part] for each in lines
    )
    ranks = [Rank(code, names.get(code, code), failures[code], checks[code])
             for code in checks.keys() | failures.keys()]  # fmt: skip
    return tuple(sorted(ranks, key=lambda it: (not it.code, sort_key(it.name), it.code)))


def _named(names: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    used = {code: names.get(code, code) for code in codes if code}
    return dict(sorted(used.items(), key=lambda each: sort_key(each[1])))
