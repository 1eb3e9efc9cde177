"""Imports of programmes, and of people by commune whom the network shall reach."""

import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.needs import NeedFile, read_needs
from geo.sources.programmes import read_programmes
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from planning.model.errors import NotReadyError
from planning.services.imports.asked import ImportAsk, require_day
from planning.services.imports.figure_keys import mapped_codes
from planning.services.imports.looking_up import KnownRegister, Vintage
from planning.services.imports.reading import Kept, Reading
from planning.services.requests import only_province
from planning.store import layers, performance_writing
from planning.store.session import Store
from planning.store.snapshots import REPLACES

_UNKNOWN = Seen(
    Severity.LEFT_OUT, "commune-unknown",
    N_("is no commune of the boundaries in force from %(day)s."),
    N_("Correct it, or import the boundaries it belongs to."),
)  # fmt: skip
_SEVERAL = Seen(
    Severity.LEFT_OUT, "commune-ambiguous",
    N_("names no single commune; it may be %(candidates)s."),
    N_("Write the code of the commune."),
)  # fmt: skip
_TWICE = Seen(
    Severity.BLOCKS, "commune-twice", N_("row %(other)s counts the people of this commune too."),
    N_("Keep one of the two rows."),
)  # fmt: skip
_MORE = Seen(
    Severity.LOOK, "more-than-people",
    N_("is more than the %(people)s people of the commune."),
    N_("Look which of the two numbers is wrong; both are kept."),
)  # fmt: skip
_MISSING = N_("%(count)s communes have no row and stay unknown, not zero: %(codes)s.")
_IN_USE = N_("the programme %(code)s (%(name)s) has targets or results and is not in this list; it stays in force.")  # fmt: skip
_NO_BOUNDARIES = N_("Province %(province)s has no boundaries yet; import them with “diemthu import boundaries”.")  # fmt: skip
_MOST_NAMED = 20


def programmes(store: Store, ask: ImportAsk) -> Reading:
    """Read the programmes of a province; keeping replaces the list before.

    A programme that has targets or results stays, behind those of the list.
    """
    code = only_province(store, ask.province)
    file = read_programmes(ask.path, ask.choices)
    with store.reading() as db:
        used = performance_writing.programmes_with_figures(db, code)
        before = performance_writing.kept_programmes(db, code)
    listed = set(file.frame["code"])
    stay = [each for each in before if each.code in used and each.code not in listed]
    for each in stay:
        file.report.add(Finding(Severity.LOOK, "programme-in-use", _IN_USE,
                                params={"code": each.code, "name": each.name}))  # fmt: skip
    more = pd.DataFrame(
        [(each.code, each.name, each.unit, str(each.counts)) for each in stay],
        columns=file.frame.columns, dtype=object,
    )  # fmt: skip
    whole = pd.concat([file.frame, more], ignore_index=True)

    def keep(db: sa.Connection) -> list[Kept]:
        performance_writing.save_programmes(db, code, whole)
        options = {"good_rows": ask.good_rows}
        left_out = file.rows - len(file.frame)
        return [Kept(code, ask.kind, len(file.frame), left_out=left_out, options=options)]

    return Reading(
        file.report, file.rows, len(file.frame), keep, lambda _: (code,), file.recognised,
        whole_only=True,
    )  # fmt: skip


def needs(store: Store, ask: ImportAsk) -> Reading:
    """Read people by commune: without health insurance, potential participants and so on.

    The communes are those of `ask.valid_from`, else of the vintage most rows belong to, the
    newest of several. Keeping replaces the same needs on that vintage.
    """
    if ask.valid_from is not None:
        require_day(ask.valid_from)
    code = only_province(store, ask.province)
    file = read_needs(ask.path, ask.choices)
    with store.reading() as db:
        known = KnownRegister(db, code)
        vintage = _vintage(known, file, ask.valid_from)
        if vintage is None:
            raise NotReadyError(_NO_BOUNDARIES, province=code)
        rows = _found(file, vintage)
        people = layers.load_population(db, code, vintage.first)
    _compare(file, rows, people, vintage)
    counts = _counts(file, rows, vintage)
    parts = {"need_count": [{"need": need, "valid_from": vintage.first} for need in file.needs]}

    def keep(db: sa.Connection) -> list[Kept]:
        performance_writing.save_part(db, code, "need_count", parts, counts)
        options = {REPLACES: [f"{need} {vintage.first}" for need in file.needs]}
        left_out = file.rows - len(rows)
        return [Kept(code, ask.kind, len(rows), vintage.first, left_out=left_out, options=options)]

    return Reading(
        file.report, file.rows, len(rows), keep, lambda _: (code,), file.recognised, parts=parts
    )


def _vintage(known: KnownRegister, file: NeedFile, day: str | None) -> Vintage | None:
    """Return the vintage that is meant: the one said, else the one most rows belong to."""
    if day is not None:
        return next((each for each in known.vintages if each.first == day), None)
    newest = list(reversed(known.vintages))
    return max(newest, key=lambda each: int(there(_codes(file, each)[0]).sum()), default=None)


def _codes(file: NeedFile, vintage: Vintage) -> tuple[Texts, np.ndarray]:
    """Return the commune of every usable row, None where it has none, and matches of names."""
    written = file.cells.without(file.frame["code"].to_numpy(dtype=object), ~file.usable)
    by_code = mapped(written, lambda text: text if text in vintage.names else None)
    names = file.frame["commune"].to_numpy(dtype=object)
    names = file.cells.without(names, ~file.usable | there(written))
    matches = mapped(names, vintage.match)
    return np.where(there(written), by_code, mapped_codes(matches)), matches


def _found(file: NeedFile, vintage: Vintage) -> pd.DataFrame:
    """Return the rows whose commune is of the vintage: code, place in the file, counts."""
    cells = file.cells
    codes, matches = _codes(file, vintage)
    lost = file.usable & ~there(codes)
    coded = there(file.frame["code"].to_numpy(dtype=object))
    cells.see(lost & coded, "code", _UNKNOWN, lambda _: {"day": _shown(vintage.first)})
    several = np.array([bool(each is not None and each.candidates) for each in matches], dtype=bool)
    cells.see(lost & ~coded & several, "commune", _SEVERAL, lambda at: {"candidates": ", ".join(
        f"{each.name} ({each.code})" for each in matches[at].candidates[:_MOST_NAMED])})  # fmt: skip
    cells.see(
        lost & ~coded & ~several, "commune", _UNKNOWN, lambda _: {"day": _shown(vintage.first)}
    )
    good = file.usable & there(codes)
    rows = file.frame[good].assign(code=codes[good], at=np.flatnonzero(good))
    _see_twice(cells, rows)
    return rows.drop_duplicates("code")


def _see_twice(cells: Cells, rows: pd.DataFrame) -> None:
    first = rows.drop_duplicates("code").set_index("code")["at"]
    again = rows[rows.duplicated("code")]
    told: dict[int, dict[str, object]] = {
        int(at): {"other": int(cells.rows[int(first[code])])}
        for code, at in zip(again["code"], again["at"], strict=True)
    }
    field = "code" if "code" in cells.matched else "commune"
    cells.see(told, field, _TWICE, told.__getitem__)


def _compare(
    file: NeedFile, rows: pd.DataFrame, people: dict[str, int | None], vintage: Vintage
) -> None:
    """Report counts above the people of a commune, and communes of the vintage without a row."""
    for need in file.needs:
        told: dict[int, dict[str, object]] = {
            int(at): {"people": known}
            for code, at, count in zip(rows["code"], rows["at"], rows[need], strict=True)
            if (known := people.get(code)) is not None and count > known
        }
        file.cells.see(told, need, _MORE, told.__getitem__)
    missing = sorted(set(vintage.names) - set(rows["code"]))
    if missing and len(rows):
        named = ", ".join(missing[:_MOST_NAMED]) + (" …" if len(missing) > _MOST_NAMED else "")
        _add(file.report, len(missing), named)


def _add(report: FindingReport, count: int, codes: str) -> None:
    report.add(Finding(Severity.LOOK, "rows-missing", _MISSING,
                       params={"count": count, "codes": codes}))  # fmt: skip


def _counts(file: NeedFile, rows: pd.DataFrame, vintage: Vintage) -> pd.DataFrame:
    """Return the rows of the table of counts."""
    found = [
        pd.DataFrame({"need": need, "commune_code": given["code"], "valid_from": vintage.first,
                      "people": given[need].astype("int64")})
        for need in file.needs
        for given in [rows[rows[need].notna()]]
    ]  # fmt: skip
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _shown(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"
