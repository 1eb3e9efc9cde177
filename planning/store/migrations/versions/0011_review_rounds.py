"""Review rounds, frozen with what they were computed from"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the province"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False, comment="of the meeting"),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="SHA-256 of the packet"),
        sa.Column("packet", sa.LargeBinary(), nullable=False, comment="JSON, compressed by zlib"),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_review_round_audit_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_review_round_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("province_code", "number", name="uq_review_round_number"),
    )
    op.create_table(
        "round_proposal",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="as it was frozen"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_round_proposal_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_round_proposal_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "proposal_id", name=op.f("pk_round_proposal")),
    )
    op.create_index("ix_round_proposal_proposal_id", "round_proposal", ["proposal_id"])


def downgrade() -> None:
    op.drop_table("round_proposal")
    op.drop_table("review_round")
