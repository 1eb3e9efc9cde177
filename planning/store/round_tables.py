"""The tables of review rounds: what was frozen, of which proposals, and what was decided by file."""

import sqlalchemy as sa

from planning.store.schema import metadata

__all__ = ["review_round", "round_proposal"]

review_round = sa.Table(
    "review_round", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("province_code", sa.Text, sa.ForeignKey("province.code"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False, comment="in the province"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False, comment="of the meeting"),
    sa.Column("fingerprint", sa.Text, nullable=False, comment="SHA-256 of the packet"),
    sa.Column("packet", sa.LargeBinary, nullable=False, comment="JSON, compressed by zlib"),
    sa.Column("audit_id", sa.Integer, sa.ForeignKey("audit.id"), nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.UniqueConstraint("province_code", "number", name="uq_review_round_number"),
)  # fmt: skip

round_proposal = sa.Table(
    "round_proposal", metadata,
    sa.Column("round_id", sa.Integer, sa.ForeignKey("review_round.id"), primary_key=True),
    sa.Column("proposal_id", sa.Integer, sa.ForeignKey("proposal.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False, comment="as it was frozen"),
    sa.Index("ix_round_proposal_proposal_id", "proposal_id"),
)  # fmt: skip
