"""Scenarios: their steps, what was said about them, and every write with its version"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="counts every write"),
        sa.Column("cursor", sa.Integer(), nullable=False, comment="how many steps are in force"),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.Text(), nullable=True, comment="NULL: not deleted"),
        sa.CheckConstraint("cursor >= 0", name=op.f("ck_scenario_cursor")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_scenario_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_scenario_province_code", "scenario", ["province_code"])
    op.create_table(
        "scenario_change",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="of the step, from 0"),
        sa.Column("body", sa.JSON(), nullable=False, comment="the changes of one step"),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"],
            name=op.f("fk_scenario_change_scenario_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", "position", name=op.f("pk_scenario_change")),
    )  # fmt: skip
    op.create_table(
        "scenario_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"],
            name=op.f("fk_scenario_comment_scenario_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_comment")),
    )  # fmt: skip
    op.create_index("ix_scenario_comment_scenario_id", "scenario_comment", ["scenario_id"])
    op.create_table(
        "scenario_write",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="after the write"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True, comment="names the request, if it did"),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"],
            name=op.f("fk_scenario_write_scenario_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", "version", name=op.f("pk_scenario_write")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("scenario_write")
    op.drop_table("scenario_comment")
    op.drop_table("scenario_change")
    op.drop_table("scenario")
