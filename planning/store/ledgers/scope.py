"""Whose figures somebody may see: of the whole province, of organisations, of communes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from planning.model.people import Action, Thing, User, may


@dataclass(frozen=True, slots=True)
class Scope:
    """What an action reaches: everything, or what is of these organisations or communes.

    `communes` are codes on one vintage, `offices` names of BHXH cơ sở.
    """

    whole: bool
    organisations: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether it reaches nothing at all."""
        return not (self.whole or self.organisations or self.communes or self.offices)

    def holds(self, organisation: "pd.Series[str]", commune: "pd.Series[str]") -> "pd.Series[bool]":
        """Return row by row whether something of an organisation in a commune is reached."""
        if self.whole:
            return pd.Series(data=True, index=organisation.index)
        return organisation.isin(self.organisations) | commune.isin(self.communes)


def scope(
    user: User, action: Action, province: str, organisations: Iterable[str],
    offices: Mapping[str, str],
) -> Scope:  # fmt: skip
    """Return what `user` may do `action` to; `offices` names the office of every commune."""
    if may(user, action, Thing(province)):
        return Scope(whole=True)
    return Scope(
        whole=False,
        organisations=frozenset(
            each for each in organisations if may(user, action, Thing(province, organisation=each))
        ),
        communes=frozenset(
            code for code, office in offices.items()
            if may(user, action, Thing(province, commune=code, office=office))
        ),
        offices=frozenset(
            each for each in set(offices.values())
            if each and may(user, action, Thing(province, office=each))
        ),
    )  # fmt: skip
