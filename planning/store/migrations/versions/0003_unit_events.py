"""What changes of communes made of every unit"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False, comment="first day of the units after"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_code", sa.Text(), nullable=True),
        sa.Column("old_name", sa.Text(), nullable=True),
        sa.Column("old_from", sa.Text(), nullable=True),
        sa.Column("old_to", sa.Text(), nullable=True),
        sa.Column("new_code", sa.Text(), nullable=True),
        sa.Column("new_name", sa.Text(), nullable=True),
        sa.Column("new_from", sa.Text(), nullable=True),
        sa.Column("new_to", sa.Text(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "old_code IS NOT NULL OR new_code IS NOT NULL", name=op.f("ck_unit_event_units")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_unit_event_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )  # fmt: skip
    with op.batch_alter_table("unit_event") as batch_op:
        batch_op.create_index("ix_unit_event_province", ["province_code", "date"])


def downgrade() -> None:
    with op.batch_alter_table("unit_event") as batch_op:
        batch_op.drop_index("ix_unit_event_province")
    op.drop_table("unit_event")
