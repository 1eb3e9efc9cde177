"""Hand out a list of proposals as a file; what was handed out is an event."""

from pathlib import Path

from geo.errors import N_
from planning.exports import EXPORTERS
from planning.exports.review_sheet import review_sheet
from planning.exports.sheets import DEMONSTRATION
from planning.model.errors import RequestError
from planning.model.people import User
from planning.services.requests import now
from planning.services.review.listing import Filter, listed
from planning.store import audit, imports, layers
from planning.store.session import Store

FORMS = ("xlsx", "csv")


def hand_out(
    store: Store, user: User, province: str, wanted: Filter, form: str, path: Path
) -> None:  # fmt: skip
    """Write the proposals that a user may see and a filter leaves; no personal data."""
    if form not in FORMS:
        raise RequestError(N_("“%(name)s” cannot be exported; use one of %(known)s."), name=form[:40], known=", ".join(FORMS))  # fmt: skip
    found = listed(store, user, province, wanted)
    at = now()
    with store.reading() as db:
        name = next(row.name for row in layers.provinces(db) if row.code == province)
        days = layers.vintages(db, province)
        invented = imports.any_synthetic(imports.batches(db, province), days[-1][0] if days else "")
    notes = [("Tỉnh", f"{name} ({province})"), ("Số hồ sơ", str(len(found.lines))),
             ("Xuất lúc (UTC)", at), ("Nhân viên thu", "chỉ nêu số lượng, không nêu họ tên")]  # fmt: skip
    if invented:
        notes.insert(0, ("label", DEMONSTRATION))
    sheet = review_sheet(
        [each.proposal for each in found.lines], found.names.communes,
        found.names.organisations, tuple(notes),
    )  # fmt: skip
    EXPORTERS[form](path, sheet)
    with store.writing() as db:
        audit.record(
            db, "proposal:list:handed-out", province, at=at, actor=user.name, form=form,
            count=len(found.lines),
        )  # fmt: skip
