"""Figures by commune carried to the communes of another vintage."""

from collections.abc import Hashable, Sequence

import pandas as pd

from planning.analysis.restating import Restated, Step, StepPeople, people_around, restate
from planning.analysis.restating import steps_between as steps_through
from planning.model.errors import NotReadyError
from planning.store import layers
from planning.store.changes import load_events
from planning.store.session import Store
from planning.store.situation import load_situation


def steps_between(
    store: Store, province: str, days: tuple[str, str], state: Hashable
) -> list[Step]:
    """Return the changes of communes from one vintage to another, with the people around each.

    They are read once for a state of the data. None where no change is known: then every
    commune of one that the other lacks is lost.
    """
    key = ("steps of communes", province, days, state)
    return store.remembered(key, lambda: _steps(store, province, *days))


def _steps(store: Store, province: str, since: str, to: str) -> list[Step]:
    with store.reading() as db:
        events = load_events(db, province)
        vintages = {first for first, _ in layers.vintages(db, province)}
    if events is None:
        return []
    walked = steps_through(events, since, to)
    people = {
        each.date: _people(store, province, each.date) for each in walked if each.date in vintages
    }
    return steps_through(events, since, to, people)


def carried(
    table: pd.DataFrame, figures: Sequence[str], steps: Sequence[Step], known: Sequence[str],
    *, apart: Sequence[str] = (),
) -> Restated:  # fmt: skip
    """Return `figures` of a table by `commune` on the communes `known`, its totals kept."""
    return restate(table.rename(columns={"commune": "code"}), figures, steps, apart=apart,
                   known=known)  # fmt: skip


def _people(store: Store, province: str, day: str) -> StepPeople:
    try:
        return people_around(load_situation(store, province, day))
    except NotReadyError:  # neither a population nor a grid
        return StepPeople()
