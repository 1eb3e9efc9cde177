"""Official codes that were issued: one row each, never taken back."""

import sqlalchemy as sa

from planning.model.official_code import OfficialCode
from planning.store import review_tables

_code = review_tables.official_code.c


def numbers(db: sa.Connection, organisation: str, commune: str) -> set[int]:
    """Return the numbers issued to an organisation in a commune."""
    query = sa.select(_code.number).where(
        _code.organisation_code == organisation, _code.commune_code == commune
    )
    return set(db.execute(query).scalars())


def keep(db: sa.Connection, code: OfficialCode, proposal: int, *, at: str) -> None:
    """Keep that a code was issued to a proposal."""
    db.execute(
        sa.insert(review_tables.official_code).values(
            organisation_code=code.organisation, commune_code=code.commune, number=code.number,
            code=str(code), proposal_id=proposal, issued_at=at,
        )
    )  # fmt: skip
