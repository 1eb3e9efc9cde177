"""The register of a province as the checks read it: `Register`, and who serves where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.locate import commune_of
from geo.names import clean
from geo.tables import (
    Communes,
    CommuneTable,
    Crosswalk,
    Organisations,
    OrganisationTable,
    Points,
    PointTable,
    Staff,
    StaffTable,
)
from planning.analysis.staffing import NOT_LISTED, persons_listed, rows_by_code

YES, NO, UNKNOWN = 1, 0, -1
Answers = NDArray[np.int8]  # YES, NO or UNKNOWN of each record


@dataclass(frozen=True)
class Activity:
    """Which points had results: `last` is the last day of the newest period with any, by point.

    `since` and `until` are the first and last day of all periods that are told; both are
    empty where no result of any point is kept.
    """

    last: Mapping[str, str]
    since: str = ""
    until: str = ""


NO_ACTIVITY = Activity({})


@dataclass(frozen=True)
class Register:
    """What the province keeps of its network, on the newest boundaries.

    `inspections` has the columns id, point_id, day, deadline and settled, the last two empty
    where there is none. `former` are the boundaries before, `crosswalk` the way from there;
    either may be missing. Places are degrees.
    """

    province_code: str
    points: Points
    organisations: Organisations
    staff: Staff
    inspections: pd.DataFrame
    communes: Communes
    former: Communes | None = None
    crosswalk: Crosswalk | None = None
    activity: Activity = NO_ACTIVITY

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """Which points are open, shape (n_points,)."""
        return np.asarray(self.points[PointTable.status] == "open", bool)

    @cached_property
    def is_open_direct(self) -> NDArray[np.bool_]:
        """Which points are open and direct, shape (n_points,)."""
        direct = np.asarray(self.points[PointTable.kind] == "direct", bool)
        return np.asarray(self.is_open & direct)

    @cached_property
    def point_ids(self) -> list[str]:
        """The id of every point, row by row."""
        return texts(self.points[PointTable.point_id])

    @cached_property
    def point_names(self) -> list[str]:
        """The name of every point, row by row."""
        return texts(self.points[PointTable.name])

    @cached_property
    def official_codes(self) -> list[str]:
        """The official code of every point, empty where it has none."""
        return texts(self.points[PointTable.official_code])

    @cached_property
    def lies(self) -> list[str]:
        """The present commune each point lies in by its coordinates, empty outside all."""
        return texts(
            commune_of(self.points[PointTable.lon], self.points[PointTable.lat], self.communes)
        )

    @cached_property
    def commune_names(self) -> dict[str, str]:
        """The full name of every present commune, by code."""
        codes = self.communes[CommuneTable.code]
        return dict(zip(codes, self.communes[CommuneTable.full_name], strict=True))

    @cached_property
    def _organisations_called(self) -> dict[str, str]:
        """The code of an organisation by its name, present or former, in its list or of a point."""
        known: dict[str, str] = {}
        listed = self.organisations
        rows = zip(texts(listed[OrganisationTable.organisation_code]),
                   texts(listed[OrganisationTable.name]),
                   texts(listed[OrganisationTable.former_names]), strict=True)  # fmt: skip
        for code, name, former in rows:
            for each in (name, *former.split(";")):
                if key := _called(each):
                    known.setdefault(key, code)
        of_points = zip(texts(self.points[PointTable.organisation_code]),
                        texts(self.points[PointTable.organisation]), strict=True)  # fmt: skip
        for code, name in of_points:
            if code and name:
                known.setdefault(_called(name), code)
        return known

    def employers(self, codes: Iterable[str], names: Iterable[str]) -> list[str]:
        """Return which organisation is meant, row by row: its code, else its name, else nothing.

        A name stands for the code that the list of organisations, else a point, gives with it.
        """
        known = self._organisations_called
        return [code or known.get(_called(name), name)
                for code, name in zip(codes, names, strict=True)]  # fmt: skip

    @cached_property
    def point_employers(self) -> list[str]:
        """Whose each point is, as `employers` says."""
        return self.employers(texts(self.points[PointTable.organisation_code]),
                              texts(self.points[PointTable.organisation]))  # fmt: skip

    @cached_property
    def person_ids(self) -> list[str]:
        """The number of the person on each row of staff."""
        return texts(self.staff[StaffTable.person_id])

    @cached_property
    def staff_names(self) -> list[str]:
        """The name on each row of staff: personal data."""
        return texts(self.staff[StaffTable.name])

    @cached_property
    def staff_employers(self) -> list[str]:
        """For whom each row of staff works, as `employers` says."""
        return self.employers(texts(self.staff[StaffTable.organisation_code]),
                              texts(self.staff[StaffTable.organisation]))  # fmt: skip

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """The name of every organisation that a list, a point or a member of staff names."""
        called: dict[str, str] = {}
        for frame, employers, name in (
            (self.staff, self.staff_employers, StaffTable.organisation),
            (self.points, self.point_employers, PointTable.organisation),
            (self.organisations, texts(self.organisations[OrganisationTable.organisation_code]),
             OrganisationTable.name),
        ):  # fmt: skip
            written = zip(employers, texts(frame[name]), strict=True)
            called.update({key: given or called.get(key, key) for key, given in written if key})
        return called

    @cached_property
    def rows_by_code(self) -> dict[str, list[int]]:
        """The rows of the points that a code names; see `staffing.rows_by_code`."""
        return rows_by_code(self.points)

    @cached_property
    def staff_rows(self) -> list[list[int]]:
        """The rows of the points that each row of staff names, none where it names no point."""
        return [self.rows_by_code.get(each, []) if each else []
                for each in texts(self.staff[StaffTable.point_code])]  # fmt: skip

    @cached_property
    def staffed(self) -> Answers:
        """Whether each point has staff, shape (n_points,).

        By the list of staff, who name their point by its official code or its id; by the list
        of points where the list of staff names no point, or nobody names one without a code.
        """
        count = self.points[PointTable.staff_count].fillna(-1).to_numpy(np.int64)
        permanent = _answers(self.points[PointTable.permanent_staff])
        own = np.where((count > 0) | (permanent == YES), YES, np.where(count == 0, NO, UNKNOWN))
        return np.where(self._listed, np.where(self._persons > 0, YES, NO), own).astype(np.int8)

    @cached_property
    def permanently_staffed(self) -> Answers:
        """Whether each point has permanent staff, shape (n_points,); told as `staffed` is."""
        said = _answers(self.points[PointTable.permanent_staff])
        count = self.points[PointTable.staff_count].fillna(-1).to_numpy(np.int64)
        own = np.where((said == UNKNOWN) & (count == 0), NO, said)
        listed = _answers(self.staff[StaffTable.permanent])
        yes, unknown = self._per_point(listed == YES), self._per_point(listed == UNKNOWN)
        by_list = np.where(yes > 0, YES, np.where(unknown > 0, UNKNOWN, NO))
        return np.where(self._listed, by_list, own).astype(np.int8)

    @cached_property
    def _persons(self) -> NDArray[np.int64]:
        """How many persons the list of staff names at each point; see `persons_listed`."""
        codes = texts(self.staff[StaffTable.point_code])
        return persons_listed(self.points, zip(codes, self.person_ids, strict=True))

    @property
    def _listed(self) -> NDArray[np.bool_]:
        """Which points the list of staff can speak of, shape (n_points,)."""
        return np.asarray(self._persons != NOT_LISTED)

    def _per_point(self, counted: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return how many of the rows of staff that are `counted` name each point."""
        rows = [row for rows, counts in zip(self.staff_rows, counted.tolist(), strict=True)
                if counts for row in rows]  # fmt: skip
        return np.bincount(np.asarray(rows, np.intp), minlength=len(self.points))


def texts(column: pd.Series) -> list[str]:
    """Return a column of text as plain texts, empty where a cell is missing."""
    return [str(each) for each in column.astype(object).where(column.notna(), "").tolist()]


def _called(name: str) -> str:
    return clean(name).casefold()


def _answers(column: pd.Series) -> Answers:
    """Return a column of yes and no as answers."""
    yes = column.fillna(value=False).astype(bool).to_numpy()
    return np.where(column.isna().to_numpy(), UNKNOWN, np.where(yes, YES, NO)).astype(np.int8)
