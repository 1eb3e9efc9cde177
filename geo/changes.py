"""What happened to communes on one day: the crosswalk between two vintages, read as events.

A row of the result joins one unit before the change to one after it. Units of either
vintage that the crosswalk does not name are rows too, so nothing is lost unseen.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from geo.errors import N_
from geo.names import kind_and_name
from geo.tables import (
    Communes,
    CommuneTable,
    Crosswalk,
    UnitEvents,
    UnitEventTable,
    columns,
    crosswalk,
    unit_events,
)


class Kind(StrEnum):
    """What a change made of a unit."""

    UNCHANGED = N_("unchanged")  # code and name stay; the ground may still be drawn otherwise
    RENAMED = N_("renamed")  # the code stays, the full name does not
    RECODED = N_("re-coded")  # one unit became one other; its name may differ too
    MERGED = N_("merged")  # passed whole into a unit that took others, or parts of others, too
    SPLIT = N_("split")  # passed in parts
    ENDED = N_("ended")  # was in the vintage before; the crosswalk names nothing that took it
    BEGUN = N_("begun")  # is in the vintage after; the crosswalk names nothing it came from


@dataclass(frozen=True, slots=True)
class Change:
    """A change of units: its first day, and the act that ordered it where that is known."""

    date: str
    resolution: str | None = None

    @property
    def day_before(self) -> str:
        """The last day of the units before the change."""
        return (date.fromisoformat(self.date) - timedelta(days=1)).isoformat()


def events_of(
    table: Crosswalk, change: Change, former: Communes | None, present: Communes | None
) -> UnitEvents:
    """Return what `change` made of every unit, by code of the unit before and after.

    `former` and `present` are the vintages on both sides, None where not known: then the
    crosswalk's own names stand for the former and codes alone for the present units.
    """
    before, after = _units(former), _units(present)
    takers = table.groupby("old_code")["new_code"].transform("nunique")
    sources = table.groupby("new_code")["old_code"].transform("nunique")
    rows = [
        _event(change, _kind(row, int(parts), int(joined), before, after), row, before, after)
        for row, parts, joined in zip(table.to_dict("records"), takers, sources, strict=True)
    ]
    ended = set(before) - set(table["old_code"])
    begun = set(after) - set(table["new_code"])
    # A crosswalk may name only what changed: who stands on both sides unnamed stays.
    for code in sorted(ended & begun):
        row = {"old_code": code, "new_code": code, "relation": "full"}
        rows.append(_event(change, _kind(row, 1, 1, before, after), row, before, after))
    ended, begun = ended - begun, begun - ended
    rows += [
        _event(change, Kind.ENDED, {"old_code": code}, before, after) for code in sorted(ended)
    ]
    rows += [
        _event(change, Kind.BEGUN, {"new_code": code}, before, after) for code in sorted(begun)
    ]
    frame = pd.DataFrame(rows, columns=columns(UnitEventTable), dtype=object)
    frame = frame.where(frame.notna(), None).astype({"whole": bool})
    ordered = frame.sort_values(["old_code", "new_code"], na_position="last", kind="stable")
    return unit_events(ordered)


def crosswalk_of(events: UnitEvents) -> Crosswalk:
    """Return the crosswalk that the events of one change were read from."""
    linked = events[events["old_code"].notna() & events["new_code"].notna()]
    relation = linked["whole"].map({True: "full", False: "partial"})
    names = linked["old_name"].fillna("")
    return crosswalk(
        pd.DataFrame(linked).assign(old_district=None, old_name=names, relation=relation)
    )


def same_name(one: str, other: str) -> bool:
    """Return whether two full names are spellings of one: kind and folded name are equal."""
    return kind_and_name(one) == kind_and_name(other)


def _units(communes: Communes | None) -> dict[str, dict[str, Any]]:
    if communes is None:
        return {}
    names = [CommuneTable.full_name, CommuneTable.valid_from, CommuneTable.valid_to]
    rows = pd.DataFrame(communes).set_index(CommuneTable.code)[names].to_dict("index")
    return {str(code): {str(name): row[name] for name in row} for code, row in rows.items()}


def _kind(
    row: dict[Any, Any], parts: int, joined: int, before: dict[str, Any], after: dict[str, Any]
) -> Kind:
    old, new = row["old_code"], row["new_code"]
    if row["relation"] == "partial" or parts > 1:
        return Kind.SPLIT
    if joined > 1:
        return Kind.MERGED
    if old != new:
        return Kind.RECODED
    if new not in after:
        return Kind.UNCHANGED
    was = before[old]["full_name"] if old in before else row["old_name"]
    return Kind.UNCHANGED if same_name(was, after[new]["full_name"]) else Kind.RENAMED


def _event(
    change: Change, kind: Kind, row: dict[Any, Any], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    old, new = row.get("old_code"), row.get("new_code")
    was, becomes = before.get(str(old), {}), after.get(str(new), {})
    return {
        "date": change.date, "kind": kind.value,
        "old_code": old, "old_name": was.get("full_name", row.get("old_name")),
        "old_from": was.get("valid_from"), "old_to": change.day_before if old else None,
        "new_code": new, "new_name": becomes.get("full_name"),
        "new_from": change.date if new else None, "new_to": becomes.get("valid_to"),
        "whole": kind not in {Kind.SPLIT, Kind.ENDED, Kind.BEGUN},
        "resolution": change.resolution,
    }  # fmt: skip
