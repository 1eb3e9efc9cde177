"""Official codes that cannot be: of no such form, given twice, or naming another commune."""

from collections.abc import Iterator

from geo.tables import PointTable
from planning.analysis.attention.given import Given, plain, point_item
from planning.model.attention import SENTENCES, Action, Item, Kind, Mend
from planning.model.official_code import Bearer, Issued, OfficialCode, parse, renewed

MOST_BUTTONS = 5


def wrong_codes(given: Given) -> Iterator[Item]:
    """Yield what is wrong with the official codes of points that are not closed.

    Codes that name a former commune of the place are left to their renewal; see
    `former_codes`.
    """
    written = _written(given)
    if not written:
        return
    due = renewed(_bearers(given), given.province_code)
    bearing: dict[str, list[int]] = {}
    for row, text in written.items():
        bearing.setdefault(text, []).append(row)
        code = parse(text)
        if code is None:
            yield _invalid(given, row, text)
        elif _elsewhere(given, row, code):
            yield _names_another(given, row, code, due)
    for text, rows in bearing.items():
        if len(rows) > 1:
            yield _twice(given, rows, text, due)


def former_codes(given: Given) -> int:
    """Return how many codes name the commune, or province, their place belonged to formerly."""
    codes = ((row, parse(text)) for row, text in _written(given).items())
    return sum(code is not None and _former(given, row, code) for row, code in codes)


def _written(given: Given) -> dict[int, str]:
    """Return the official codes of points that are not closed, by row."""
    codes = plain(given.points[PointTable.official_code])
    live = given.not_closed.tolist()
    return {row: code for row, code in enumerate(codes) if code is not None and live[row]}


def _bearers(given: Given) -> list[Bearer]:
    points = plain(given.points[PointTable.point_id])
    codes = plain(given.points[PointTable.official_code])
    rows = zip(points, codes, given.located, given.not_closed.tolist(), strict=True)
    return [Bearer(str(point), code, commune, closed=not live)
            for point, code, commune, live in rows]  # fmt: skip


def _former(given: Given, row: int, code: OfficialCode) -> bool:
    lies = given.located[row]
    if code.commune == lies:
        return code.province != given.province_code
    if lies is None or code.commune in given.names:
        return False
    return (code.commune, lies) in given.became


def _elsewhere(given: Given, row: int, code: OfficialCode) -> bool:
    lies = given.located[row]
    return lies is not None and code.commune != lies and not _former(given, row, code)


def _invalid(given: Given, row: int, text: str) -> Item:
    point = given.point(row)
    mends = (Mend(Action.SEEN), Mend(Action.CLEAR_CODE, point))
    params: dict[str, object] = {"name": point.name, "code": text[:40]}
    sentence = (SENTENCES[Kind.CODE_INVALID], params)
    return point_item(given, Kind.CODE_INVALID, [row], sentence, mends)


def _names_another(given: Given, row: int, code: OfficialCode, due: dict[str, Issued]) -> Item:
    point = given.point(row)
    params: dict[str, object] = {
        "name": point.name, "written": given.commune_name(code.commune),
        "lies": given.commune_name(str(given.located[row])),
    }  # fmt: skip
    mends = (*_given_codes(given, [row], str(code), due), Mend(Action.SEEN))
    return point_item(given, Kind.CODE_ELSEWHERE, [row],
                      (SENTENCES[Kind.CODE_ELSEWHERE], params), mends)  # fmt: skip


def _twice(given: Given, rows: list[int], text: str, due: dict[str, Issued]) -> Item:
    points = [given.point(row) for row in rows]
    params: dict[str, object] = {"count": len(rows), "code": text[:40], "name": points[0].name}
    mends = _given_codes(given, rows, text, due)
    if len(rows) <= MOST_BUTTONS:
        mends += tuple(Mend(Action.CLEAR_CODE, each) for each in points)
    return point_item(given, Kind.CODE_TWICE, rows, (SENTENCES[Kind.CODE_TWICE], params),
                      (*mends, Mend(Action.SEEN)))  # fmt: skip


def _given_codes(
    given: Given, rows: list[int], text: str, due: dict[str, Issued]
) -> tuple[Mend, ...]:
    """Return the mends that write the code due to each point, where it is another one."""
    mends = []
    for point in (given.point(row) for row in rows[:MOST_BUTTONS]):
        code = due[point.id].code
        if code is not None and str(code) != text:
            mends.append(Mend(Action.TAKE_CODE, point, str(code)))
    return tuple(mends)
