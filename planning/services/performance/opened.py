"""Points opened by a proposal: whom each was to serve newly, beside what it reached."""

from dataclasses import dataclass

from planning.analysis.performance.standing import Standing, stand
from planning.analysis.performance.standing import listed as standings_of
from planning.model.people import Action, User, may
from planning.model.performance import Level, Programme
from planning.model.periods import Period
from planning.model.proposals import ProposalKind, State
from planning.services.performance import looking
from planning.services.performance.communes import ResultsAsk
from planning.services.performance.looking import Basis, Choice
from planning.store import proposals
from planning.store.ledgers import ledger as books
from planning.store.session import Store

OPENED = frozenset({State.OPERATING, State.SUSPENDED, State.ENDED})
KINDS = frozenset({ProposalKind.OPEN, ProposalKind.MOVE})


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A point that a proposal opened or moved.

    `promised` is how many people it was computed to serve newly, None where that was never
    computed; `standing` what was told of it since.
    """

    number: str
    name: str
    organisation: str
    commune: str
    state: State
    promised: int | None
    measured_at: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class OpenedSeen:
    """Every point that proposals opened, the most promised first, in one period.

    Period and basis are None where nothing was told of the programme. `unknown` points have
    neither target nor result.
    """

    choice: Choice
    programme: Programme
    period: Period | None
    basis: Basis | None
    rows: tuple[OpenedRow, ...]
    unknown: int


def opened(store: Store, user: User, ask: ResultsAsk) -> OpenedSeen:
    """Return the points opened by proposals that `user` may see; raises what `overview` raises."""
    ledger = books.open_ledger(store, ask.province, ask.programme)
    of = books.period_named(ledger, ask.period)
    basis, known = None, dict[str, Standing]()
    names: tuple[dict[str, str], dict[str, str]] = ({}, {})
    if of is not None:
        now = looking.looked_at(store, user, ledger, of)
        basis = looking.basis(store, now)
        names = now.network.organisations, now.network.communes
        points = stand(now.targets.levels[Level.POINT], now.results.levels[Level.POINT])
        known = dict(standings_of(points))
    with store.reading() as db:
        found = [
            each for each in proposals.listed(db, ask.province, OPENED)
            if each.kind in KINDS and may(user, Action.SEE_PROPOSAL, each.thing)
        ]  # fmt: skip
    rows = [
        OpenedRow(
            each.number, each.content.name,
            names[0].get(each.content.organisation, each.content.organisation),
            names[1].get(each.commune, each.commune), each.state,
            each.figures.gained if each.figures else None,
            each.figures.measured_at if each.figures else "",
            known.get(each.content.point_id or each.code, Standing(None, None)),
        )
        for each in found
    ]  # fmt: skip
    rows.sort(key=lambda it: (it.promised is None, -(it.promised or 0), it.number))
    return OpenedSeen(
        looking.choices(store, ledger), ledger.programme, of, basis, tuple(rows),
        sum(each.standing == Standing(None, None) for each in rows),
    )  # fmt: skip
