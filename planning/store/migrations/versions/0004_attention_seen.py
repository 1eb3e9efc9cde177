"""What somebody looked at on the attention page and found right"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "attention_seen",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="kind and records of the item"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_attention_seen_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "key", name=op.f("pk_attention_seen")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("attention_seen")
