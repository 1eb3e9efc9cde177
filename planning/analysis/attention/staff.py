"""Staff whose point is not known: told by organisation, since who they are is personal data."""

from collections import Counter
from collections.abc import Iterator

from geo.tables import PointTable, StaffTable
from planning.analysis.attention.given import Given, plain
from planning.model.attention import SENTENCES, Action, Item, Kind, Mend, Record


def staff_astray(given: Given) -> Iterator[Item]:
    """Yield the organisations with staff who name no point that is open or planned."""
    if given.staff is None:
        return
    standing = given.points[given.standing]
    codes = set(standing[PointTable.official_code].dropna())
    named = plain(given.staff[StaffTable.point_code])
    of = plain(given.staff[StaffTable.organisation])
    by_code = plain(given.staff[StaffTable.organisation_code])
    astray = Counter(
        name or code or "–"
        for point, name, code in zip(named, of, by_code, strict=True) if point not in codes
    )  # fmt: skip
    for name, count in astray.items():
        records = (Record("organisation", name, name),)
        params: dict[str, object] = {"count": count, "name": name}
        yield Item(Kind.STAFF_ASTRAY, SENTENCES[Kind.STAFF_ASTRAY], params, records, None, None,
                   (Mend(Action.SEEN),))  # fmt: skip
