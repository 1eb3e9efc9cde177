"""Where the network of a province stands: its key figures, their change, its worst gaps."""

from dataclasses import dataclass

from geo.reach import StraightLine
from planning.analysis.figures import key_figures
from planning.analysis.gaps import find_gaps
from planning.analysis.situation import Situation
from planning.maps import picture
from planning.maps.picture import Picture
from planning.model.coverage import CoverageReport, GapReport
from planning.model.figures import EarlierFigures, KeyFigures
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import figures
from planning.store.ledgers import completion
from planning.store.ledgers.completion import Met
from planning.store.session import Store
from planning.store.situation import load_situation

MAP_WIDTH, MAP_TALLEST = 460, 460


@dataclass(frozen=True, slots=True)
class Overview:
    """A province at a glance.

    `earlier` are the figures of the data before, None where none were kept or where another
    standard than the province's own was asked for; `own_standard` says which it is.
    """

    report: CoverageReport
    figures: KeyFigures
    earlier: EarlierFigures | None
    own_standard: bool
    gaps: GapReport
    picture: Picture
    data_date: str | None
    met: tuple[Met | None, ...]


def look(store: Store, request: AnalysisRequest) -> Overview:
    """Return a province at a glance; its figures are kept to compare later ones with."""
    situation = load_situation(store, request.province, request.valid_from)
    standard = standard_of(store, request)
    own = request.standard is None
    report = figures.measured(store, situation, standard, own=own)
    gaps, drawn = _slow(store, situation, standard)
    earlier = None
    if own:
        with store.reading() as db:
            earlier = figures.earlier(db, report)
    return Overview(
        report,
        key_figures(situation, report),
        earlier,
        own,
        gaps,
        drawn,
        situation.data_date,
        completion.newest(store, request.province),
    )


def prepare(store: Store, request: AnalysisRequest) -> None:
    """Have ready what takes longest of a first look; no figures are kept."""
    situation = load_situation(store, request.province, request.valid_from)
    _slow(store, situation, standard_of(store, request))


def _slow(
    store: Store, situation: Situation, standard: ServiceStandard
) -> tuple[GapReport, Picture]:
    """Return gaps and map of a province, remembered by its data."""
    gaps = store.remembered(
        ("gaps", situation.fingerprint, standard.key),
        lambda: find_gaps(situation, standard, StraightLine()),
    )
    drawn = store.remembered(
        ("picture", situation.fingerprint),
        lambda: picture.province(situation, MAP_WIDTH, MAP_TALLEST),
    )
    return gaps, drawn
