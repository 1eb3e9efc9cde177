"""Tables of targets and results handed out as files."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from geo.errors import N_
from planning.analysis.performance.standing import stand
from planning.exports import EXPORTERS
from planning.exports.sheets import DEMONSTRATION, Sheet
from planning.language import number, period_name, speaker
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.people import User
from planning.model.performance import NEED_NAMES, Level
from planning.model.periods import period as period_of
from planning.services.performance import looking
from planning.services.performance.below import LEVELS, Wanted, below
from planning.services.performance.cascade import cascade
from planning.services.performance.communes import CommuneRow, ResultsAsk, communes
from planning.services.performance.looking import Basis, Choice
from planning.services.performance.potential import PotentialSeen, potential
from planning.services.performance.province import Row, overview
from planning.services.requests import now
from planning.store import audit
from planning.store.ledgers import ledger as books
from planning.store.session import Store

HANDED_OUT = "people:results:handed-out"
FORMS = {"csv": "csv", "xlsx": "xlsx"}
NO_TABLE = N_("There is no table “%(what)s” of results as “%(form)s”.")
OUTSIDE = "Không thuộc xã nào"
NOTHING = N_("Nothing was told of this programme yet; import targets and results first.")
STANDING = {
    "target": "Chỉ tiêu", "result": "Kết quả", "completion": "Tỷ lệ thực hiện (0–1)",
    "short": "Còn thiếu so với chỉ tiêu", "before": "Cùng kỳ năm trước",
}  # fmt: skip
LEVEL_NAMES = {
    Level.PROVINCE: "tỉnh", Level.OFFICE: "BHXH cơ sở", Level.ORGANISATION: "tổ chức dịch vụ thu",
    Level.COMMUNE: "xã", Level.ORGANISATION_IN_COMMUNE: "tổ chức trên địa bàn xã",
    Level.POINT: "điểm thu", Level.STAFF: "nhân viên thu",
}  # fmt: skip
Table = tuple[pd.DataFrame, dict[str, str], tuple[tuple[str, str], ...]]


def hand_out(
    store: Store, user: User, ask: ResultsAsk, what: tuple[str, str], wanted: Wanted
) -> bytes:
    """Return a table, named with its format, as a file; that it was taken is recorded.

    Where it names staff, that and how many of them is recorded too.
    Raises `NotFoundError` for a table or format that is not there, `NotReadyError` where
    nothing was told.
    """
    name, form = what
    if name not in TABLES or form not in FORMS:
        raise NotFoundError(NO_TABLE, what=name[:40], form=form[:40])
    rows, headings, notes = TABLES[name](store, user, ask, wanted)
    at = now()
    notes = (*notes, ("Xuất lúc (UTC)", at), ("Người xuất", user.name))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{form}"
        shapes = np.empty(len(rows), dtype=object)
        EXPORTERS[form](path, Sheet(f"results-{name}", rows[list(headings)], headings, shapes, notes))  # fmt: skip
        body = path.read_bytes()
    facts = {"what": f"results-{name}", "form": form}
    with store.writing() as db:
        audit.record(db, "data:export:made", ask.province, at=at, actor=user.name, **facts)
        if people := _people(name, wanted, rows):
            audit.record(db, HANDED_OUT, ask.province, at=at, actor=user.name, people=people,
                         **facts)  # fmt: skip
    return body


def _people(name: str, wanted: Wanted, rows: pd.DataFrame) -> int:
    """Return how many members of staff a table names."""
    if name != "below" or LEVELS[wanted.level] is not Level.STAFF:
        return 0
    return int((rows["name"] != "").sum())


def _organisations(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    seen = overview(store, user, ask.province, ask.programme, ask.period)
    if isinstance(seen, Choice):
        raise NotReadyError(NOTHING)
    rows = [Row("", "Cả tỉnh" if seen.basis.whole else "Tổng cộng", seen.province, seen.before),
            *seen.organisations]  # fmt: skip
    table = pd.DataFrame(
        [{"code": each.key, "name": each.name, **_standing(each.standing),
          "before": each.before} for each in rows]
    )  # fmt: skip
    headings = {"code": "Mã tổ chức", "name": "Tên tổ chức dịch vụ thu", **STANDING}
    return _whole(table), headings, _notes(ask, seen.programme.name, seen.period.code, seen.basis)


def _offices(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    seen = overview(store, user, ask.province, ask.programme, ask.period)
    if isinstance(seen, Choice):
        raise NotReadyError(NOTHING)
    table = pd.DataFrame(
        [{"name": each.name, **_standing(each.standing), "before": each.before}
         for each in seen.offices], columns=["name", *STANDING],
    )  # fmt: skip
    headings = {"name": "BHXH cơ sở", **STANDING}
    return _whole(table), headings, _notes(ask, seen.programme.name, seen.period.code, seen.basis)


def _communes(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    seen = communes(store, user, ask)
    if isinstance(seen, Choice):
        raise NotReadyError(NOTHING)
    say = speaker("vi")
    table = pd.DataFrame(
        [{"code": each.code, "name": each.name, "office": each.office,
          **_standing(each.standing), "target": each.told.target, "result": each.told.result,
          "before": each.before, "shared": _how(each)} for each in seen.rows]
        + [{"code": each.code, "name": OUTSIDE, **_standing(each.standing), "shared": say(each.why)}
           for each in seen.lost],
        columns=["code", "name", "office", *STANDING, "shared"],
    )  # fmt: skip
    headings = {"code": "Mã xã", "name": "Xã/phường/đặc khu", "office": "BHXH cơ sở quản lý",
                **STANDING, "shared": "Cách tính"}  # fmt: skip
    notes = _notes(ask, seen.programme.name, seen.period.code, seen.basis)
    return _whole(table), headings, (*notes, ("Xã theo ranh giới có hiệu lực từ", seen.on))


def _how(row: CommuneRow) -> str | None:
    """Return how the figures of a commune came about, None where they are as told."""
    said = [*(["chia theo dân số"] if row.shared else []),
            *(["mới có số liệu của một phần xã, chưa tính tỷ lệ"] if row.part else [])]  # fmt: skip
    return "; ".join(said) or None


def _matrix(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    """Return every organisation in every commune, on the communes the figures were told on."""
    ledger = books.open_ledger(store, ask.province, ask.programme)
    of = books.period_named(ledger, ask.period)
    if of is None:
        raise NotReadyError(NOTHING)
    now = looking.looked_at(store, user, ledger, of)
    level = Level.ORGANISATION_IN_COMMUNE
    table = stand(now.targets.levels[level], now.results.levels[level]).reset_index()
    table = table.assign(
        name=table["organisation"].map(now.network.organisations),
        commune_name=table["commune"].map(now.network.communes),
    )
    headings = {
        "organisation": "Mã tổ chức", "name": "Tên tổ chức dịch vụ thu", "commune": "Mã xã",
        "commune_name": "Xã/phường/đặc khu",
        **{each: STANDING[each] for each in ("target", "result", "completion", "short")},
    }  # fmt: skip
    basis = looking.basis(store, now)
    notes = _notes(ask, ledger.programme.name, of.code, basis)
    return _whole(table), headings, (*notes, ("Xã theo ranh giới có hiệu lực từ", basis.valid_from))


def _below(store: Store, user: User, ask: ResultsAsk, wanted: Wanted) -> Table:
    seen = below(store, user, ask, Wanted(wanted.level, wanted.rate, rows=0))
    if isinstance(seen, Choice):
        raise NotReadyError(NOTHING)
    table = pd.DataFrame(
        [{"key": each.key, "name": each.name, "point": each.point, "commune": each.commune,
          "organisation": each.organisation, **_standing(each.standing), "before": None}
         for each in seen.rows],
        columns=["key", "name", "point", "commune", "organisation", *STANDING],
    )  # fmt: skip
    is_staff = wanted.level == "staff"
    headings = {
        "key": "Mã nhân viên thu" if is_staff else "Mã điểm thu",
        "name": "Họ và tên" if is_staff else "Tên điểm thu",
        **({"point": "Tên điểm thu"} if is_staff else {}), "commune": "Xã/phường/đặc khu",
        "organisation": "Tên tổ chức dịch vụ thu",
        **{each: STANDING[each] for each in ("target", "result", "completion", "short")},
    }  # fmt: skip
    notes = _notes(ask, seen.programme.name, seen.period.code, seen.basis)
    return _whole(table), headings, (*notes, ("Dưới tỷ lệ thực hiện", f"{wanted.rate:.0%}"))


def _cascade(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    seen = cascade(store, user, ask, most=None)
    if isinstance(seen, Choice):
        raise NotReadyError(NOTHING)
    rows = [
        {"parent": LEVEL_NAMES[step.parent], "child": LEVEL_NAMES[step.child], "name": each.name,
         "given": each.given, "below": each.below, "difference": each.difference}
        for step in seen.steps for each in step.listed
    ]  # fmt: skip
    headings = {
        "parent": "Cấp giao", "child": "Cấp nhận", "name": "Đơn vị", "given": "Chỉ tiêu được giao",
        "below": "Tổng chỉ tiêu giao tiếp", "difference": "Chênh lệch",
    }  # fmt: skip
    notes = _notes(ask, seen.programme.name, seen.period.code, seen.basis)
    return pd.DataFrame(rows, columns=list(headings)), headings, notes


def _potential(store: Store, user: User, ask: ResultsAsk, _: Wanted) -> Table:
    seen = potential(store, user, ask)
    say = speaker("vi")
    needs = {str(each): say(NEED_NAMES[each]) for each in seen.needs}
    table = pd.DataFrame(
        [{"code": each.code, "name": each.name, "office": each.office,
          **dict(zip(needs, each.counts, strict=True)), **_standing(each.standing)}
         for each in seen.rows]
    )  # fmt: skip
    figures = {each: STANDING[each] for each in ("target", "result", "completion", "short")}
    headings = {"code": "Mã xã", "name": "Xã/phường/đặc khu", "office": "BHXH cơ sở quản lý",
                **needs, **figures}  # fmt: skip
    code = "" if seen.period is None else seen.period.code
    notes = _notes(ask, seen.programme.name, code, seen.basis)
    return _whole(table, tuple(needs)), headings, (*notes, *_counted(seen))


def _counted(seen: PotentialSeen) -> list[tuple[str, str]]:
    """Return where counts come from, and how many of the counted are in no row."""
    say = speaker("vi")

    def each_need(people: tuple[int, ...]) -> str:
        pairs = zip(seen.needs, people, strict=True)
        return "; ".join(f"{say(NEED_NAMES[need])}: {count}" for need, count in pairs if count)

    said = [
        (f"Nguồn số đếm {', '.join(say(NEED_NAMES[need]) for need in each.needs)}",
         f"{each.source or '–'}, tính đến {each.as_of or 'không ghi'}") for each in seen.brought
    ]  # fmt: skip
    rest = {"Đã đếm nhưng không thuộc xã nào": each_need(seen.lost),
            "Đã đếm ở xã mới đếm được một phần, không tính": each_need(seen.parts)}  # fmt: skip
    return said + [(name, text) for name, text in rest.items() if text]


TABLES: dict[str, Callable[[Store, User, ResultsAsk, Wanted], Table]] = {
    "organisations": _organisations, "communes": _communes, "matrix": _matrix, "below": _below,
    "cascade": _cascade, "potential": _potential, "offices": _offices,
}  # fmt: skip


def _standing(it: object) -> dict[str, object]:
    return {name: getattr(it, name) for name in ("target", "result", "completion", "short")}


def _whole(table: pd.DataFrame, more: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return a table whose counts stay whole where some are unknown, rates to six places."""
    counts = [each for each in ("target", "result", "short", "before", *more) if each in table]
    return table.astype(dict.fromkeys(counts, "Int64")).round({"completion": 6})


def _notes(
    ask: ResultsAsk, programme: str, period: str, basis: Basis | None
) -> tuple[tuple[str, str], ...]:
    notes = [
        ("Tỉnh", ask.province),
        ("Chương trình", programme),
        ("Kỳ", period and period_name(period_of(period), "vi")),
    ]
    if basis is not None:
        notes.append(("Nguồn số liệu", basis.source or "–"))
        notes.append(("Số liệu tính đến ngày", basis.as_of or "–"))
        notes += _not_told(basis)
        if not basis.whole:
            notes.append(("Phạm vi", "chỉ phần người xuất được xem"))
        if basis.synthetic:
            notes.append(("label", DEMONSTRATION))
    return tuple(notes)


def _not_told(basis: Basis) -> list[tuple[str, str]]:
    """Return what the figures are without, and where they contradict each other."""

    def periods(codes: tuple[str, ...]) -> str:
        return ", ".join(period_name(period_of(each), "vi") for each in codes)

    def ways(sums: tuple[tuple[Level, int], ...]) -> str:
        return "; ".join(f"{LEVEL_NAMES[level]}: {number(count, 'vi')}" for level, count in sums)

    said = {
        "Chưa có số liệu của": periods(basis.missing),
        "Số đơn vị thiếu kết quả của tháng mà đơn vị khác đã có": number(basis.behind, "vi") if basis.behind else "",
        "Chưa có chỉ tiêu của": periods(basis.unaimed),
        "Số đơn vị có kết quả của tháng chưa có chỉ tiêu": number(basis.uneven, "vi") if basis.uneven else "",
        "Số đơn vị có số của cả kỳ khác tổng các kỳ nhỏ hơn": number(basis.parted, "vi") if basis.parted else "",
        "Tổng chỉ tiêu theo các cấp khác nhau": ways(basis.targets_apart),
        "Tổng kết quả theo các cấp khác nhau": ways(basis.results_apart),
    }  # fmt: skip
    return [(name, text) for name, text in said.items() if text]
