"""Changes of communes as they are kept: what each made of every unit, day by day."""

import pandas as pd
import sqlalchemy as sa

from geo import tables
from geo.changes import Change, crosswalk_of, events_of
from geo.tables import Crosswalk, UnitEvents
from planning.store import layers, schema


def record_changes(db: sa.Connection, province: str, table: Crosswalk, change: Change) -> int:
    """Keep the events of one change of a province, in place of those of the same day.

    The units before are the newest vintage that begins before the day of the change, those
    after the vintage that begins on it; either may be missing. Returns the number of events.
    """
    events = _derived(db, province, table, change)
    kept = schema.unit_event
    db.execute(sa.delete(kept).where(kept.c.province_code == province, kept.c.date == change.date))
    plain = pd.DataFrame(events).astype(object).where(events.notna(), None)
    rows = [
        {"province_code": province, **{str(name): row[name] for name in row}}
        for row in plain.to_dict("records")
    ]
    if rows:
        db.execute(sa.insert(kept), rows)
    return len(rows)


def load_events(db: sa.Connection, province: str) -> UnitEvents | None:
    """Return every event of a province, oldest first; None when no change is known.

    What is kept of a change is read again with the vintages there are now, so boundaries that
    came after their crosswalk count too. A unit that a later change names ends the day before
    it. Where only a crosswalk is there, kept before events were, it is read as the change into
    the newest vintage.
    """
    kept = schema.unit_event
    result = db.execute(
        sa.select(kept).where(kept.c.province_code == province).order_by(kept.c.date, kept.c.id)
    )
    rows = pd.DataFrame(result.all(), columns=list(result.keys())).astype({"whole": bool})
    if not len(rows):
        return _events_of_crosswalk(db, province)
    parts = []
    for day, of_day in rows.groupby("date", sort=True):
        acts = of_day["resolution"].dropna()
        change = Change(str(day), None if acts.empty else str(acts.iloc[0]))
        linked = crosswalk_of(tables.unit_events(of_day))
        parts.append(_derived(db, province, linked, change))
    return _ended(tables.unit_events(pd.concat(parts, ignore_index=True)))


def _ended(events: UnitEvents) -> UnitEvents:
    """Return the events with the last day of every unit that a later change names."""
    named = events.dropna(subset="old_code").groupby("old_code")[["date", "old_to"]]
    known = {
        str(code): sorted(zip(each["date"], each["old_to"], strict=True)) for code, each in named
    }
    last = [
        next((end for day, end in known.get(str(code), []) if day > date), to)
        for code, date, to in zip(events["new_code"], events["date"], events["new_to"], strict=True)
    ]
    return tables.unit_events(events.assign(new_to=pd.Series(last, dtype=object)))


def _derived(db: sa.Connection, province: str, table: Crosswalk, change: Change) -> UnitEvents:
    days = [first for first, _ in layers.vintages(db, province)]
    earlier = [day for day in days if day < change.date]
    former = layers.load_communes(db, province, earlier[-1]) if earlier else None
    present = layers.load_communes(db, province, change.date) if change.date in days else None
    return events_of(table, change, former, present)


def _events_of_crosswalk(db: sa.Connection, province: str) -> UnitEvents | None:
    table, days = layers.load_crosswalk(db, province), layers.vintages(db, province)
    if table is None or not days:
        return None
    return _derived(db, province, table, Change(days[-1][0]))


def crosswalk_into(db: sa.Connection, province: str, day: str) -> Crosswalk | None:
    """Return the crosswalk of the change into the vintage that begins on `day`, else None.

    For the newest vintage that is the crosswalk as it was imported, with the districts.
    """
    days = [first for first, _ in layers.vintages(db, province)]
    whole = layers.load_crosswalk(db, province) if days and day == days[-1] else None
    if whole is not None:
        return whole
    events = load_events(db, province)
    if events is None or day not in set(events["date"]):
        return None
    return crosswalk_of(UnitEvents(events[events["date"] == day]))


def every_former(db: sa.Connection, province: str) -> Crosswalk | None:
    """Return the communes of every vintage before → those of the newest, through all changes.

    One that passed whole on every change is full, every other partial; codes stand for
    units of several vintages, names for those of each. None where no change is known.
    """
    found = layers.load_crosswalk(db, province)
    events = load_events(db, province)
    if found is None or events is None:
        return found
    for day in sorted(set(events["date"]), reverse=True)[1:]:
        before = crosswalk_of(UnitEvents(events[events["date"] == day]))
        found = tables.crosswalk(pd.concat([found, _carried(before, found)]).drop_duplicates())
    return found


def _carried(before: Crosswalk, after: Crosswalk) -> pd.DataFrame:
    """Return `before` with the units it leads to led on by `after`."""
    onward = pd.DataFrame(after)[["old_code", "new_code", "relation"]].drop_duplicates()
    onward.columns = pd.Index(["new_code", "next_code", "next_relation"])
    both = pd.DataFrame(before).merge(onward, on="new_code", how="left")
    whole = (both["relation"] == "full") & (both["next_relation"].fillna("full") == "full")
    led = both.assign(
        new_code=both["next_code"].fillna(both["new_code"]),
        relation=whole.map({True: "full", False: "partial"}),
    )
    return led[list(before.columns)]


def owners(db: sa.Connection, codes: list[str]) -> pd.DataFrame:
    """Return code and province_code of units, of any vintage or change that is known."""
    kept = schema.unit_event.c
    found = [layers.commune_vintages(db, codes)[["code", "province_code"]]]
    for column in (kept.old_code, kept.new_code):
        named = sa.select(column, kept.province_code).where(column.in_(codes))
        rows = db.execute(named.order_by(kept.id))
        found.append(pd.DataFrame(rows.all(), columns=["code", "province_code"]))
    return pd.concat(found, ignore_index=True).drop_duplicates().reset_index(drop=True)
