"""Hand out what a scenario changes, and comparisons, as files."""

from collections.abc import Sequence
from pathlib import Path

from geo.errors import N_
from planning.exports import EXPORTERS
from planning.exports.notes import about
from planning.exports.scenario_sheets import (
    changes_sheet,
    comparison_sheet,
    figures_in_words,
    network_in_words,
)
from planning.exports.sheets import Sheet, counting
from planning.model.errors import RequestError
from planning.model.scenario import Scenario
from planning.services.requests import AnalysisRequest, now
from planning.services.scenarios.measuring import bench, compare, evaluate
from planning.store import audit
from planning.store.session import Store
from planning.whole_file import whole_file

EXPORTS = tuple(EXPORTERS)


def export(
    store: Store,
    request: AnalysisRequest,
    scenario: Scenario,
    form: str,
    path: Path,
    *,
    by: str = "local",
) -> None:
    """Write the list of what a scenario changes in the format `form` to `path`."""
    ready = bench(store, request)
    found = evaluate(store, request, scenario)
    notes = (
        *about(ready.situation, ready.standard, now(), stale=found.out_of_date),
        ("Phương án", f"{scenario.name} (số {scenario.id}, phiên bản {scenario.version})"),
        ("Hiện trạng", network_in_words(found.figures.now)),
        ("Với phương án", figures_in_words(found.figures)),
        ("Phiên bản phương pháp", found.figures.made_from.method),
    )
    sheet = counting(changes_sheet(ready, scenario.outline, notes), request.need)
    _write(store, request, sheet, form, path, by=by)


def export_comparison(
    store: Store,
    request: AnalysisRequest,
    found: Sequence[Scenario],
    form: str,
    path: Path,
    *,
    by: str = "local",
) -> None:
    """Write scenarios beside the network as it is, commune by commune, to `path`."""
    ready = bench(store, request)
    comparison = compare(store, request, found)
    notes = (
        *about(ready.situation, ready.standard, now(), stale=False),
        ("Phiên bản phương pháp", comparison.figures[0].made_from.method),
    )
    sheet = counting(comparison_sheet(ready, comparison, notes), request.need)
    _write(store, request, sheet, form, path, by=by)


def _write(
    store: Store, request: AnalysisRequest, sheet: Sheet, form: str, path: Path, *, by: str
) -> None:
    if form not in EXPORTERS:
        raise RequestError(
            N_("“%(name)s” cannot be exported; use one of %(known)s."),
            name=form, known=", ".join(EXPORTS),
        )  # fmt: skip
    with whole_file(path) as draft:
        EXPORTERS[form](draft, sheet)
    with store.writing() as db:
        audit.record(db, "data:export:made", request.province, at=now(), actor=by,
                     what=sheet.name, form=form)  # fmt: skip
