"""The failures handed out: as a spreadsheet, or as plain values for a program."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from planning.exports import EXPORTERS
from planning.exports.compliance_sheet import compliance_sheet
from planning.exports.sheets import DEMONSTRATION
from planning.language import STORED_LANGUAGE, day, speaker
from planning.model.compliance import CHECK_NAMES, Record
from planning.model.people import User
from planning.services.compliance.reporting import Line, Report
from planning.services.compliance.wording import NEXT_STEPS, RECORD_NAMES, detail
from planning.services.requests import now
from planning.store import audit, imports, layers
from planning.store.session import Store

HANDED_OUT = "people:compliance:handed-out"


def hand_out(
    store: Store, user: User, province: str, asked: tuple[Report, Iterable[Line]], path: Path
) -> None:
    """Write lines of a report to an XLSX file, in Vietnamese; names of staff that go are an event.

    A member of staff whose name the reader may not see has neither name nor number in it.
    """
    report, lines = asked[0], list(asked[1])
    named = sum(each.failure.record is Record.STAFF and bool(each.name) for each in lines)
    at = now()
    if named:
        with store.writing() as db:
            audit.record(db, HANDED_OUT, province, at=at, actor=user.name, people=named)
    with store.reading() as db:
        newest = max((first for first, _ in layers.vintages(db, province)), default="")
        demo = imports.any_synthetic(imports.batches(db, province), newest)
    vi = STORED_LANGUAGE
    notes = (
        ("Tỉnh", province), *((("label", DEMONSTRATION),) if demo else ()),
        ("Kiểm tra theo quy định ngày", day(report.day, vi)),
        ("Dữ liệu tính đến", day(report.data_date, vi)),
        ("Số trường hợp không đạt", str(len(lines))), ("Xuất lúc (UTC)", at),
        ("Người xuất", user.name),
        *((("Dữ liệu cá nhân", "chỉ dùng cho việc được giao"),) if named else ()),
    )  # fmt: skip
    EXPORTERS["xlsx"](path, compliance_sheet(map(_row, lines), notes))


def _row(line: Line) -> dict[str, str]:
    say, it = speaker(STORED_LANGUAGE), line.failure
    hidden = it.record is Record.STAFF and not line.name
    return {
        "rule": say(CHECK_NAMES[it.check]), "record": say(RECORD_NAMES[it.record]),
        "code": "" if hidden else it.record_id, "name": line.name,
        "detail": detail(it, STORED_LANGUAGE), "since": day(it.since, STORED_LANGUAGE),
        "seen": "có" if it.seen else "", "organisation": line.organisation,
        "organisation_code": it.organisation_code, "commune": line.commune,
        "commune_code": it.commune_code, "office": line.office, "clause": line.rule.clause,
        "next": say(NEXT_STEPS[it.check]),
    }  # fmt: skip


def as_dict(report: Report) -> dict[str, Any]:
    """Return a report as plain values, without what says who a member of staff is."""
    return {
        "day": report.day, "data_date": report.data_date, "failures": report.failures,
        "rules": [
            {"rule": str(each.rule.check), "clause": each.rule.clause,
             "amount": each.rule.amount, "failures": each.failures, "base": each.base,
             "unknown": each.unknown,
             "month_ago": each.before and {"day": each.before.day,
                                           "failures": each.before.failures,
                                           "base": each.before.base}}
            for each in report.rules
        ],
        "records": [_plain(each) for each in report.lines],
    }  # fmt: skip


def _plain(line: Line) -> dict[str, Any]:
    it = line.failure
    person = it.record is Record.STAFF
    return {
        "rule": str(it.check), "record": str(it.record), "id": None if person else it.record_id,
        "name": None if person else it.name, "organisation": it.organisation_code or None,
        "commune": it.commune_code or None, "since": it.since or None, "seen": it.seen,
        "facts": dict(it.facts),
    }  # fmt: skip
