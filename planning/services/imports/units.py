"""Imports about communes: their boundaries, their seats, which became which."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import sqlalchemy as sa

from geo.changes import Change
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.crosswalk import read_crosswalk_file
from geo.sources.places import read_seats
from geo.tables import Communes, Crosswalk
from planning.model.errors import NotReadyError, RequestError
from planning.model.standards import TerrainClass
from planning.services.imports.asked import ImportAsk, require_day
from planning.services.imports.reading import Kept, Reading
from planning.store import changes, layers
from planning.store.session import Store

_TERRAINS = frozenset(each.value for each in TerrainClass)


def boundaries(store: Store, ask: ImportAsk) -> Reading:
    """Read the communes of one vintage; the vintage before then ends the day before.

    `ask.name` names the province where the file does not. Keeping replaces the same vintage.
    """
    vintage = ask.vintage
    if vintage is None:
        raise RequestError(
            N_("Say of which province the boundaries are and from which day they hold.")
        )
    _require_validity(vintage)
    file = read_boundaries(
        ask.path, vintage, _TERRAINS, ask.choices, _known_communes(store, vintage.province_code)
    )
    communes = file.table

    def keep(db: sa.Connection) -> list[Kept]:
        assert communes is not None
        known = {row.code: row for row in layers.provinces(db)}
        code = vintage.province_code
        before = known.get(code)
        label = ask.name or file.name or (before.name if before else code)
        synthetic = ask.origin.synthetic if before is None else before.synthetic
        _require_own_communes(db, communes, code)
        layers.save_province(db, code, label, synthetic=synthetic)
        layers.save_communes(db, communes)
        _close_vintages(db, code)
        options = {"valid_to": vintage.valid_to}
        return [Kept(code, ask.kind, len(communes), vintage.valid_from, options=options)]

    usable = 0 if communes is None else len(communes)
    shapes = None if communes is None else communes.geometry
    touched = (vintage.province_code,)
    return Reading(file.report, usable, usable, keep, lambda _: touched, file.recognised, shapes)


def _known_communes(store: Store, province: str) -> Communes | None:
    """Return the communes of the newest vintage, by which a file's system is recognised."""
    with store.reading() as db:
        days = layers.vintages(db, province)
        return layers.load_communes(db, province, days[-1][0]) if days else None


def seats(store: Store, ask: ImportAsk) -> Reading:
    """Read the seats of communes; keeping sets them on the communes' newest vintage."""
    file = read_seats(ask.path, ask.choices)
    with store.reading() as db:
        tell_unknown(len(newest_vintages(db, list(file.seats))), len(file.seats), file.report)

    def keep(db: sa.Connection) -> list[Kept]:
        owners = newest_vintages(db, list(file.seats))
        require_known(len(owners), len(file.seats), ask.file)
        kept = []
        for (province, day), rows in owners.groupby(["province_code", "valid_from"]):
            layers.save_seats(db, str(day), {each: file.seats[each] for each in rows["code"]})
            kept.append(Kept(str(province), ask.kind, len(rows), str(day),
                             left_out=len(file.seats) - len(owners)))  # fmt: skip
        return kept

    return Reading(
        file.report, file.rows, len(file.seats), keep,
        lambda db: provinces_of(db, list(file.seats)), file.recognised,
    )  # fmt: skip


def crosswalk(store: Store, ask: ImportAsk) -> Reading:
    """Read former commune → present commune; kept for every province whose communes it names.

    The change is of `ask.valid_from`, by default the first day of the newest vintage, and its
    events are kept with it. A change before the newest vintage keeps its events only.
    """
    if ask.valid_from is not None:
        require_day(ask.valid_from)
    file = read_crosswalk_file(ask.path, ask.choices)
    table = file.table
    codes = sorted(set(table["new_code"]))
    with store.reading() as db:
        tell_unknown(len(changes.owners(db, codes)), len(codes), file.report)

    def keep(db: sa.Connection) -> list[Kept]:
        owners = changes.owners(db, codes)
        require_known(len(owners), len(codes), ask.file)
        kept = []
        for province, rows in owners.groupby("province_code"):
            code = str(province)
            ours = table[table["new_code"].isin(list(rows["code"]))].reset_index(drop=True)
            newest = layers.vintages(db, code)[-1][0]
            change = Change(ask.valid_from or newest, ask.resolution)
            if change.date >= newest:
                layers.save_crosswalk(db, code, Crosswalk(ours))
            changes.record_changes(db, code, Crosswalk(ours), change)
            kept.append(Kept(code, ask.kind, len(ours), left_out=len(table) - len(ours),
                             options={"date": change.date, "resolution": change.resolution}))  # fmt: skip
        return kept

    def touches(db: sa.Connection) -> list[str]:
        return sorted(set(changes.owners(db, codes)["province_code"]))

    return Reading(file.report, file.rows, len(table), keep, touches, file.recognised)


def newest_vintages(db: sa.Connection, codes: list[str]) -> pd.DataFrame:
    """Return the newest vintage of each commune and the province it belongs to."""
    owners = layers.commune_vintages(db, codes).sort_values("valid_from")
    return owners.drop_duplicates("code", keep="last")


def provinces_of(db: sa.Connection, codes: list[str]) -> list[str]:
    """Return the provinces to which communes with these codes belong."""
    return sorted(set(layers.commune_vintages(db, codes)["province_code"]))


_NONE_KNOWN = N_(
    "None of the %(count)s commune codes of %(file)s is in the database; import "
    "the boundaries first."
)


def tell_unknown(found: int, named: int, report: FindingReport) -> None:
    """Block a file none of whose commune codes is in the database, where nothing else does."""
    if named and not found and not report.blocked:
        params = {"count": named, "file": report.file}
        report.add(Finding(Severity.BLOCKS, "communes-unknown", _NONE_KNOWN, params=params))


def require_known(found: int, named: int, file: str) -> None:
    """Refuse a file none of whose commune codes is in the database."""
    if not found:
        raise NotReadyError(_NONE_KNOWN, count=named, file=file)


def _require_validity(vintage: Vintage) -> None:
    code = vintage.province_code
    if not (code.isascii() and code.isdigit() and len(code) == 2):
        raise RequestError(
            N_("“%(code)s” is no province code; write its two digits, such as 91."), code=code[:20]
        )
    require_day(vintage.valid_from)
    if vintage.valid_to is not None:
        require_day(vintage.valid_to)
        if vintage.valid_to < vintage.valid_from:
            raise RequestError(
                N_("The last day of validity, %(last)s, lies before the first, %(first)s."),
                first=vintage.valid_from, last=vintage.valid_to,
            )  # fmt: skip


def _require_own_communes(db: sa.Connection, communes: Communes, province: str) -> None:
    """Refuse communes whose code another province already has on the same vintage."""
    day = str(communes["valid_from"].iloc[0])
    known = layers.commune_vintages(db, list(communes["code"]))
    taken = known[(known["valid_from"] == day) & (known["province_code"] != province)]
    if len(taken):
        raise RequestError(
            N_("%(count)s of these communes, such as %(code)s, belong to province %(other)s already; check --province."),
            count=len(taken), code=taken["code"].iloc[0], other=taken["province_code"].iloc[0],
        )  # fmt: skip


def _close_vintages(db: sa.Connection, province: str) -> None:
    """End every vintage without a last day the day before the next one begins."""
    days = layers.vintages(db, province)
    for (first, last), (following, _) in pairwise(days):
        if last is None or last >= following:
            before = date.fromisoformat(following) - timedelta(days=1)
            layers.end_vintage(db, province, first, before.isoformat())
