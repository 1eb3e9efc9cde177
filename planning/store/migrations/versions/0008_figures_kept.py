"""Key figures of every state of the data, to compare the next with"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "figures_kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False, comment="radii by terrain class, JSON"),
        sa.Column("method", sa.Text(), nullable=False, comment="version of the measuring"),
        sa.Column("imports", sa.JSON(), nullable=False, comment="numbers of the imports that stood"),
        sa.Column("data_date", sa.Text(), nullable=True),
        sa.Column("measured_at", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_figures_kept_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_kept")),
    )  # fmt: skip
    op.create_index(
        "ix_figures_kept_province", "figures_kept", ["province_code", "valid_from", "standard"]
    )


def downgrade() -> None:
    op.drop_index("ix_figures_kept_province", "figures_kept")
    op.drop_table("figures_kept")
