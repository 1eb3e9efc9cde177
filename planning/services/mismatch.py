"""Hold access against results: which communes lack a point, and which a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import N_
from planning.analysis.mismatch import by_share, by_staff, kinds
from planning.exports import EXPORTERS
from planning.exports.mismatch_sheet import mismatch_sheet
from planning.exports.notes import about
from planning.exports.sheets import counting
from planning.maps import picture
from planning.maps.picture import Picture
from planning.model.coverage import PopulationBase
from planning.model.errors import RequestError
from planning.model.mismatch import Access, Mismatch, Thresholds
from planning.model.standards import ServiceStandard
from planning.model.workload import WorkloadAsk
from planning.services.requests import AnalysisRequest, now, standard_of
from planning.store import audit, figures
from planning.store import workload as kept
from planning.store.session import Store
from planning.store.situation import load_situation
from planning.whole_file import whole_file

MAP_WIDTH, MAP_TALLEST = 460, 460
FORMS = ("xlsx", "csv")


@dataclass(frozen=True)
class Results:
    """Completion of a programme in a period: by commune code, None where it is not known.

    `mean` is that of the province, None without targets or results; `told` says programme and
    period in words.
    """

    rates: Mapping[str, float | None]
    mean: float | None
    told: str


@dataclass(frozen=True)
class Compared:
    """The kinds of all communes, and the people and the standard that access is told by."""

    kinds: Mismatch
    base: PopulationBase
    standard: ServiceStandard


def compare(
    store: Store, request: AnalysisRequest, by: Access, results: Results, thresholds: Thresholds
) -> Compared:
    """Return the kind of every commune by its access and its results.

    Raises `RequestError` for thresholds that cannot be meant.
    """
    situation = load_situation(store, request.province, request.valid_from, request.need)
    standard = standard_of(store, request)
    if by is Access.SHARE:
        accessed = by_share(figures.measured(store, situation, standard, own=False))
    else:
        accessed = by_staff(kept.measured(store, situation, standard, WorkloadAsk()))
    found = kinds(by, accessed, results.rates, results.mean, thresholds)
    return Compared(found, situation.base, standard)


def drawn(store: Store, request: AnalysisRequest) -> Picture:
    """Return the province as a small map: its communes and open direct points."""
    situation = load_situation(store, request.province, request.valid_from)
    return store.remembered(
        ("picture", situation.fingerprint),
        lambda: picture.province(situation, MAP_WIDTH, MAP_TALLEST),
    )


def export(
    store: Store, request: AnalysisRequest, found: Mismatch, results: Results,
    wanted: tuple[str, Path], *, by: str = "local",
) -> None:  # fmt: skip
    """Write the communes by their kinds as a file of a form of `FORMS`, whole or not at all."""
    form, path = wanted
    if form not in FORMS:
        raise RequestError(
            N_("“%(name)s” cannot be exported; use one of %(known)s."),
            name=form, known=", ".join(FORMS),
        )  # fmt: skip
    situation = load_situation(store, request.province, request.valid_from, request.need)
    notes = about(situation, standard_of(store, request), now(), stale=False)
    with whole_file(path) as draft:
        sheet = mismatch_sheet(situation, found, results.told, notes)
        EXPORTERS[form](draft, counting(sheet, request.need))
    with store.writing() as db:
        audit.record(db, "data:export:made", request.province, at=now(), actor=by,
                     what="access and results", form=form)  # fmt: skip
