"""Files that belong to proposals: their bytes, and what is known of each without reading them."""

from dataclasses import dataclass

import sqlalchemy as sa

from planning.store import review_tables

_file = review_tables.attachment.c


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file: `what` is document or photo, `name` how its owner calls it.

    `version` is that of the proposal once it was added, `size` in bytes, `sha256` of the
    bytes as they are kept.
    """

    id: int
    proposal: int
    version: int
    what: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_by: str
    added_at: str


_KNOWN = (
    _file.id, _file.proposal_id.label("proposal"), _file.version, _file.what, _file.name, _file.media_type,
    _file.sha256, sa.func.length(_file.body).label("size"), _file.added_by, _file.added_at,
)  # fmt: skip


def insert(db: sa.Connection, it: Attachment, body: bytes) -> int:
    """Keep a file and return its number."""
    made = db.execute(
        sa.insert(review_tables.attachment).values(
            proposal_id=it.proposal, version=it.version, what=it.what, name=it.name,
            media_type=it.media_type, sha256=it.sha256, body=body, added_by=it.added_by,
            added_at=it.added_at,
        )
    )  # fmt: skip
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def listed(db: sa.Connection, proposal: int) -> list[Attachment]:
    """Return the files of a proposal, oldest first, without their bytes."""
    query = sa.select(*_KNOWN).where(_file.proposal_id == proposal).order_by(_file.id)
    return [Attachment(**row) for row in db.execute(query).mappings()]


def load(db: sa.Connection, proposal: int, number: int) -> tuple[Attachment, bytes] | None:
    """Return a file of a proposal with its bytes, None where it has none of this number."""
    query = sa.select(*_KNOWN, _file.body).where(_file.proposal_id == proposal, _file.id == number)
    row = db.execute(query).mappings().first()
    if row is None:
        return None
    known = {name: value for name, value in row.items() if name != "body"}
    return Attachment(**known), bytes(row["body"])


def kept_since(db: sa.Connection, user: str, moment: str) -> tuple[int, int]:
    """Return how many files somebody added since a moment (ISO text in UTC), and their bytes."""
    query = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(sa.func.length(_file.body)), 0)
    ).where(_file.added_by == user, _file.added_at >= moment)
    count, size = db.execute(query).one()
    return int(count), int(size)
