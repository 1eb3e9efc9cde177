"""Imports of targets and results: read, found in the register, added up, kept part by part."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.figures import LEVELS, read_figure_file
from planning.services.imports.asked import ImportAsk
from planning.services.imports.figure_keys import KEY, resolved
from planning.services.imports.figure_sums import see_sums
from planning.services.imports.looking_up import KnownRegister
from planning.services.imports.reading import OF_STAFF, Kept, Reading
from planning.services.requests import only_province
from planning.store import performance_writing, replaced
from planning.store.replaced import Parts
from planning.store.session import Store
from planning.store.snapshots import REPLACES

_PART = ["programme", "period", "level"]
_MOST_NAMED = 6
_REPLACED = {
    "target": N_("%(before)s targets kept for %(parts)s are replaced by the %(now)s of this file."),
    "result": N_("%(before)s results kept for %(parts)s are replaced by the %(now)s of this file."),
}


def targets(store: Store, ask: ImportAsk) -> Reading:
    """Read targets, and results where the table has a column of them too."""
    return _figures(store, ask, "target")


def results(store: Store, ask: ImportAsk) -> Reading:
    """Read results, and targets where the table has a column of them too."""
    return _figures(store, ask, "result")


def _figures(store: Store, ask: ImportAsk, needed: str) -> Reading:
    """Read figures; keeping replaces those of the same programme, period and level.

    Sums that do not fit those above or below, in the file or kept, are findings to look at.
    """
    code = only_province(store, ask.province)
    with store.reading() as db:
        programmes = performance_writing.kept_programmes(db, code)
    named = [name for each in programmes for name in (each.code, each.name)]
    file = read_figure_file(ask.path, needed, ask.choices, named)
    with store.reading() as db:
        known = KnownRegister(db, code)
        rows = resolved(file, known, programmes).frame
        tables = {name: _table(rows, name) for name in ("target", "result")}
        parts = {name: _parts(each) for name, each in tables.items() if len(each)}
        _see_replaced(db, code, parts, tables, file.report)
        see_sums(db, code, known, tables, file.report)
    usable = len(rows)

    def keep(db: sa.Connection) -> list[Kept]:
        for name, each in parts.items():
            performance_writing.save_part(db, code, name, {name: each}, tables[name])
        options = {
            "good_rows": ask.good_rows, REPLACES: _names(parts),
            OF_STAFF: bool((rows["level"] == "staff").any()),
        }  # fmt: skip
        return [Kept(code, ask.kind, usable, left_out=file.rows - usable, options=options)]

    return Reading(
        file.report, file.rows, usable, keep, lambda _: (code,), file.recognised,
        whole_only=True, parts=parts,
    )  # fmt: skip


def _table(rows: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return the rows of one table of figures, in its columns."""
    given = rows[rows[figure].notna()]
    values = given[figure].to_numpy(dtype=np.int64)
    return given[[*KEY, "valid_from"]].assign(value=values).reset_index(drop=True)


def _parts(table: pd.DataFrame) -> list[dict[str, str]]:
    found = table[_PART].drop_duplicates().sort_values(_PART)
    return [{str(name): str(value) for name, value in row.items()}
            for row in found.to_dict("records")]  # fmt: skip


def _names(parts: Parts) -> list[str]:
    return [
        " ".join((table, *(each[name] for name in _PART)))
        for table, keys in parts.items() for each in keys
    ]  # fmt: skip


def _see_replaced(
    db: sa.Connection, province: str, parts: Parts, tables: dict[str, pd.DataFrame],
    report: FindingReport,
) -> None:  # fmt: skip
    """Say which kept figures this file replaces."""
    for name, before in replaced.counts(db, province, parts).items():
        if before:
            report.add(
                Finding(Severity.LOOK, f"{name}s-replaced", _REPLACED[name],
                        params={"before": before, "now": len(tables[name]),
                                "parts": _listed(parts[name])})
            )  # fmt: skip


def _listed(parts: Sequence[object]) -> str:
    named = [_words(each) for each in parts[:_MOST_NAMED]]
    return "; ".join(named) + (
        f"; … +{len(parts) - _MOST_NAMED}" if len(parts) > _MOST_NAMED else ""
    )


def _words(part: object) -> str:
    assert isinstance(part, dict)
    return f"{part['programme']} {part['period']} ({LEVELS[part['level']]})"
