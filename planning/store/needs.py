"""Demand counted by commune: which needs have counts, and the counts as they were imported."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from geo.errors import N_, Word
from planning.model.errors import NotReadyError
from planning.model.performance import NEED_NAMES, Need
from planning.store import imports
from planning.store.imports import ImportBatch
from planning.store.performance_tables import need_count
from planning.store.snapshots import REPLACES

NO_COUNTS = N_("Province %(province)s has no counts of %(need)s yet; import them by commune on the page Data or with “diemthu import needs”, or choose all people.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptCounts:
    """Whom a need counts by commune, as imported: on the vintage whose codes were given."""

    need: Need
    valid_from: str
    people: Mapping[str, int]
    source: str
    as_of: str | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class NeedOffer:
    """A need that can be asked for on a vintage, or cannot as nobody counted it.

    `people` are all that were counted, None where nobody was.
    """

    need: Need
    people: int | None
    as_of: str | None


def counted(db: sa.Connection, province: str, vintage: str, need: Need) -> KeptCounts:
    """Return the counts of a need: those by the communes of a vintage, else of the nearest one.

    The newest vintage before comes first, then the oldest after. Raises `NotReadyError` where
    nobody was counted.
    """
    table = need_count.c
    of_need = (table.province_code == province, table.need == need.value)
    days = db.execute(sa.select(table.valid_from).distinct().where(*of_need)).scalars()
    day = nearest(list(days), vintage)
    if day is None:
        raise NotReadyError(NO_COUNTS, province=province, need=Word(NEED_NAMES[need]))
    rows = db.execute(
        sa.select(table.commune_code, table.people)
        .where(*of_need, table.valid_from == day)
        .order_by(table.commune_code)
    )
    batch = brought(imports.batches(db, province), need, day)
    return KeptCounts(
        need, day, {code: people for code, people in rows},  # noqa: C416 - rows are no pairs
        batch.source if batch else "", batch.as_of if batch else None,
        synthetic=batch.synthetic if batch else False,
    )  # fmt: skip


def offered(db: sa.Connection, province: str, vintage: str) -> list[NeedOffer]:
    """Return every need besides everybody, in order, with the people counted for a vintage."""
    table = need_count.c
    rows = db.execute(
        sa.select(table.need, table.valid_from, sa.func.sum(table.people).label("people"))
        .where(table.province_code == province)
        .group_by(table.need, table.valid_from)
    )
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        sums.setdefault(row.need, {})[row.valid_from] = int(row.people)
    found = imports.batches(db, province) if sums else []
    offers = []
    for need in NEED_NAMES:
        if need is Need.EVERYBODY:
            continue
        day = nearest(list(sums.get(need.value, ())), vintage)
        if day is None:
            offers.append(NeedOffer(need, None, None))
            continue
        batch = brought(found, need, day)
        offers.append(NeedOffer(need, sums[need.value][day], batch.as_of if batch else None))
    return offers


def over(fingerprint: str, counts: KeptCounts) -> str:
    """Return the hash of a situation and the counts of a need together."""
    parts = [fingerprint, counts.need.value, counts.valid_from, sorted(counts.people.items()),
             counts.source, counts.as_of, counts.synthetic]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def nearest(days: list[str], vintage: str) -> str | None:
    """Return the vintage itself, else the newest before, else the oldest after; None without."""
    before = [day for day in days if day <= vintage]
    return max(before) if before else min(days, default=None)


def brought(found: list[ImportBatch], need: Need, day: str) -> ImportBatch | None:
    """Return the newest import that brought the counts of a need on a vintage."""
    part = f"{need.value} {day}"
    brought = [each for each in found if each.kind == "needs" and each.valid_from == day
               and part in each.options.get(REPLACES, [part])]  # fmt: skip
    return brought[-1] if brought else None
