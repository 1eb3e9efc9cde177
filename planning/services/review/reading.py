"""A file of proposals from an organisation: read whole, shown, kept as drafts all or none."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import N_, FileError, Refusal
from geo.findings import Finding, FindingReport, Severity
from geo.names import search_key
from geo.recognition import Choices, Recognised
from geo.sources import points as point_lists
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import known_keys, whole_number
from geo.sources.files import NOTHING, read_table
from geo.sources.point_checks import row_twice
from geo.sources.positions import read_positions
from geo.sources.rows import Cells, Seen, there
from planning.model.errors import RequestError
from planning.model.people import Action, Thing, User, may, require
from planning.model.proposals import MOST_COST, MOST_LINE, Content, Proposal, ProposalKind
from planning.services.review import drafting
from planning.services.review.placing import Ground, ground
from planning.services.review.steps import MOST_AT_ONCE
from planning.store import review_names
from planning.store.review_names import Names
from planning.store.session import Store

# Field → the heading of the template and then the variants that are also read.
HEADINGS = {
    "kind": ("Đề nghị", "Nội dung đề nghị", "Loại đề nghị", "Đề xuất"),
    **{name: point_lists.HEADINGS[name] for name in
       ("organisation", "organisation_code", "official_code", "name")},
    "point_kind": point_lists.HEADINGS["kind"],
    "host": ("Nơi đặt", "Tên nơi đặt", "Chủ địa điểm", "Nơi đặt điểm", "Đơn vị cho đặt điểm"),
    **{name: point_lists.HEADINGS[name] for name in ("host_type", "address", "lat", "lon",
       "opening_hours", "note")},
    "cost": ("Chi phí (đồng)", "Chi phí", "Kinh phí", "Chi phí dự kiến"),
    "staff": ("Mã nhân viên thu", "Nhân viên thu", "Mã nhân viên"),
}  # fmt: skip
REPEATED = (*point_lists.REPEATED, "Xã/phường/đặc khu", "Xã/phường", "Mã xã", "Xã cũ",
            "BHXH cơ sở quản lý", "BHXH cơ sở", "Biển hiệu", "Số nhân viên thu", "Số hợp đồng",
            "Ngày hợp đồng", "Trạng thái")  # fmt: skip
NEEDED = ("name", "lat", "lon")
PRIVATE = ("staff",)
KINDS = {"Mở mới": "open", "Mở": "open", "Thêm": "open", "Di dời": "move", "Chấm dứt": "close",
         "Đóng": "close", "Đổi hình thức": "kind", "Mở điểm": "open"}  # fmt: skip

_NO_NAME = Seen(Severity.LEFT_OUT, "name-missing", N_("the point has no name."))
_WORD = Seen(
    Severity.LEFT_OUT, "word-unknown", N_("is not known here; use one of %(known)s."),
)  # fmt: skip
_COST = Seen(
    Severity.LEFT_OUT, "cost-unreadable", N_("is no cost; write whole đồng without a unit.")
)
_LONG = Seen(
    Severity.LEFT_OUT, "text-too-long", N_("has more than %(most)s characters; shorten it.")
)
_OTHER = Seen(
    Severity.LEFT_OUT, "organisation-other",
    N_("is not your organisation; leave the row away, or let that organisation propose it."),
)  # fmt: skip
_UNKNOWN = Seen(
    Severity.LOOK, "organisation-unknown",
    N_("is no organisation that is known here; it stays without one until it is chosen."),
)  # fmt: skip
_NO_POINT = Seen(
    Severity.LEFT_OUT, "point-unknown",
    N_("no listed point has this code; give the code of the point that is meant."),
)  # fmt: skip
_OUTSIDE = Seen(
    Severity.LEFT_OUT, "out-of-province",
    N_("the place lies in no commune of the province; check the coordinates."),
)  # fmt: skip
_OPEN = Seen(
    Severity.LEFT_OUT, "proposed-already",
    N_("the point is the matter of %(number)s, which is still open; settle that one first."),
)  # fmt: skip
_AGAIN = Seen(
    Severity.LEFT_OUT, "point-twice",
    N_("row %(other)s is about the same point; a point has one proposal at a time."),
)  # fmt: skip
TOO_MANY = N_("the file has %(count)s proposals; at most %(most)s are taken at once.")
NOTHING_USABLE = N_("%(file)s holds no usable row; nothing was changed.")
NOT_DECIDED = N_("%(file)s cannot be kept yet: mend or decide what the list of findings says.")


@dataclass(frozen=True, slots=True)
class ReadProposals:
    """What a file of proposals holds: what would become drafts, what was seen, how it was read."""

    contents: tuple[Content, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: int = 0
    recognised: Recognised | None = None
    refusal: Refusal | None = None
    places: tuple[tuple[float, float], ...] = field(default=())

    @property
    def blocked(self) -> bool:
        """Whether something must be mended or decided before anything is kept."""
        grave = (Severity.BLOCKS, Severity.ASK)
        return self.refusal is not None or any(each.severity in grave for each in self.findings)


def read(
    store: Store, user: User, province: str, path: Path, name: str, choices: Choices = NOTHING
) -> ReadProposals:  # fmt: skip
    """Read a table of proposals; keep nothing. `name` is how its owner calls the file.

    A row that cannot be used is a finding that leaves it out. What cannot be read at all is
    the `refusal`.
    """
    try:
        with store.reading() as db:
            on, names = ground(db, province), review_names.load(db, province)
        return _Table(path, choices, on, names, _own(user, province)).read(name)
    except FileError as refusal:
        if "file" in refusal.params:
            refusal.params["file"] = name
        return ReadProposals(refusal=refusal.with_traceback(None))


def keep(store: Store, user: User, province: str, name: str, found: ReadProposals) -> list[Proposal]:  # fmt: skip
    """Make a draft of every usable row, all or none; refuse a file that is not settled."""
    if found.blocked:
        raise RequestError(NOT_DECIDED, file=name)
    if not found.contents:
        raise RequestError(NOTHING_USABLE, file=name)
    return drafting.propose_all(store, user, province, found.contents)


def demand(user: User, province: str) -> None:
    """Refuse whoever may propose nothing here."""
    require(user, Action.PROPOSE, Thing(province, _own(user, province)))


def _own(user: User, province: str) -> str:
    """Return the code of the only organisation the user may propose for; empty: for any."""
    if may(user, Action.PROPOSE, Thing(province)):
        return ""
    return next((each.organisation for each in user.grants
                 if each.province == province and each.organisation), "")  # fmt: skip


class _Table:
    """One file on its way from cells to contents."""

    def __init__(self, path: Path, choices: Choices, on: Ground, names: Names, own: str) -> None:
        self.on, self.names, self.own = on, names, own
        raw = read_table(path, known_keys(HEADINGS), choices)
        self.raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
        unknown_columns(self.raw, matched, REPEATED)
        self.cells = Cells(self.raw, HEADINGS, matched, choices, PRIVATE)
        self.usable = np.ones(len(self.cells), dtype=bool)

    def read(self, name: str) -> ReadProposals:
        """Return the contents of the usable rows and everything that was seen."""
        cells = self.cells
        twice = row_twice(cells)
        kinds = self._words("kind", KINDS, "open")
        point_kinds = self._words(
            "point_kind", {word: key for key, word in point_lists.KINDS.items()}, "direct"
        )
        named = cells.text("name")
        self._leave_out(~there(named) & ("name" in cells.matched), "name", _NO_NAME)
        costs, codes = self._costs(), self._organisations()
        points = self._points(kinds)
        texts = {each: self._line(each) for each in ("name", "host", "host_type", "address",
                                                     "opening_hours")}  # fmt: skip
        notes, staff = cells.text("note"), self._line("staff")
        positions = read_positions(cells, self.on.communes)
        self.usable &= positions.usable & ~twice
        self._places(positions.lon, positions.lat)
        contents = []
        for at in map(int, np.flatnonzero(self.usable)):
            given: dict[str, Any] = {name: str(found[at] or "") for name, found in texts.items()}
            try:
                made = Content(
                    ProposalKind(kinds[at]), lon=float(positions.lon[at]),
                    lat=float(positions.lat[at]), point_id=points[at],
                    point_kind=point_kinds[at], organisation=codes[at], cost=costs[at],
                    note=str(notes[at] or ""), staff=_codes(staff[at]), **given,
                )  # fmt: skip
            except RequestError as refusal:  # signs that cannot be shown, a note without end
                seen = Seen(Severity.LEFT_OUT, "cannot-be-proposed", refusal.message)
                params = dict(refusal.params)
                self._leave_out(np.arange(len(cells)) == at, "name", seen, lambda _, it=params: it)
            else:
                contents.append(made)
        report = self.raw.report
        self._count(report, len(contents))
        report.file = name
        known = replace(self.raw.found, crs=positions.crs, axes=positions.axes,
                        guesses=positions.guesses)  # fmt: skip
        return ReadProposals(
            tuple(contents), tuple(report), len(cells), known,
            places=tuple((each.lon, each.lat) for each in contents),
        )  # fmt: skip

    def _leave_out(self, where: Any, name: str, seen: Seen, params: Any = None) -> None:
        self.cells.see(where, name, seen, params)
        self.usable &= ~where

    def _words(self, name: str, words: dict[str, str], default: str) -> Any:
        known = {**{search_key(each): value for each, value in words.items()},
                 **{value: value for value in words.values()}}  # fmt: skip
        texts = self.cells.text(name)
        found = np.array([known.get(search_key(each)) if each else default for each in texts],
                         dtype=object)  # fmt: skip
        shown = ", ".join({value: word for word, value in reversed(words.items())}.values())
        self._leave_out(there(texts) & ~there(found), name, _WORD, lambda _: {"known": shown})
        return found

    def _line(self, name: str) -> Any:
        texts = self.cells.text(name)
        long = np.array([each is not None and len(each) > MOST_LINE for each in texts], dtype=bool)
        self._leave_out(long, name, _LONG, lambda _: {"most": MOST_LINE})
        return texts

    def _costs(self) -> Any:
        texts = self.cells.text("cost")
        costs = [whole_number(_bare(each)) if each else None for each in texts]
        wrong = np.array(
            [bool(text) and (cost is None or cost > MOST_COST)
             for text, cost in zip(texts, costs, strict=True)], dtype=bool,
        )  # fmt: skip
        self._leave_out(wrong, "cost", _COST)
        return costs

    def _organisations(self) -> list[str]:
        """Return the code each row names, by code or by name; the user's own where it names none."""
        by_name = {search_key(each): code for code, each in self.names.organisations.items()}
        codes, called = self.cells.text("organisation_code"), self.cells.text("organisation")
        found = [
            str(code or by_name.get(search_key(name or ""), "") or (self.own if not name else ""))
            for code, name in zip(codes, called, strict=True)
        ]  # fmt: skip
        told = "organisation_code" if "organisation_code" in self.cells.matched else "organisation"
        if self.own:
            other = np.array([each != self.own for each in found], dtype=bool)
            self._leave_out(other, told, _OTHER)
        else:
            unknown = [each not in self.names.organisations for each in found]
            named = there(codes) | there(called)
            self.cells.see(np.array(unknown, dtype=bool) & named, told, _UNKNOWN)
            found = [
                code if not bad or code else "" for code, bad in zip(found, unknown, strict=True)
            ]
        return found

    def _points(self, kinds: Any) -> list[str]:
        """Return the id of the listed point that each row is about, empty for a new one."""
        rows = self.on.points[["point_id", "official_code"]].astype(object)
        known = {str(each): str(each) for each in rows["point_id"]}
        known |= {str(code): str(point) for point, code in rows.itertuples(index=False)
                  if isinstance(code, str)}  # fmt: skip
        texts = self.cells.text("official_code")
        found = [known.get(str(each).replace(" ", ""), "") if each else "" for each in texts]
        listed = np.array([each not in ("open", None) for each in kinds], dtype=bool)
        lost = np.array([not each for each in found], dtype=bool) & (listed | there(texts))
        self._leave_out(lost, "official_code", _NO_POINT)
        seen: dict[str, int] = {}
        again = np.zeros(len(found), dtype=bool)
        for at, each in enumerate(found):
            again[at] = bool(each) and seen.setdefault(each, at) != at
        first = {at: int(self.cells.rows[seen[found[at]]]) for at in np.flatnonzero(again)}
        self._leave_out(again, "official_code", _AGAIN, lambda at: {"other": first[at]})
        about = self.on.open_about
        taken = np.array([each in about for each in found], dtype=bool)
        self._leave_out(taken, "official_code", _OPEN, lambda at: {"number": about[found[at]]})
        return found

    def _places(self, lon: Any, lat: Any) -> None:
        usable = np.flatnonzero(self.usable)
        outside = np.zeros(len(self.cells), dtype=bool)
        for at in usable:
            outside[at] = not self.on.placed(float(lon[at]), float(lat[at])).commune
        self._leave_out(outside, "lat", _OUTSIDE)

    @staticmethod
    def _count(report: FindingReport, count: int) -> None:
        if count > MOST_AT_ONCE:
            report.add(Finding(Severity.BLOCKS, "too-many", TOO_MANY,
                               N_("Split it into several files."),
                               params={"count": count, "most": MOST_AT_ONCE}))  # fmt: skip


def _bare(text: str) -> str:
    return text.lower().removesuffix("đồng").removesuffix("đ").removesuffix("vnd").strip()


def _codes(text: str | None) -> tuple[str, ...]:
    parts = (text or "").replace(",", ";").replace("\n", ";").split(";")
    return tuple(dict.fromkeys(each.strip() for each in parts if each.strip()))
