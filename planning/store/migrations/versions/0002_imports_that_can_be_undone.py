"""Imports that can be undone: the file itself, what stood before, who brought and who undid it"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False, comment="size as it came"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="compressed by zlib"),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_import_file")),
    )
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.add_column(
            sa.Column("imported_by", sa.Text(), server_default="local", nullable=False)
        )
        batch_op.add_column(
            sa.Column("undone_at", sa.Text(), nullable=True, comment="NULL: in force")
        )
        batch_op.add_column(sa.Column("undone_by", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "settled_at", sa.Text(), nullable=True,
                comment="somebody settled the rows left out",
            )
        )  # fmt: skip
        batch_op.create_index("ix_import_batch_sha256", ["sha256"])
    op.create_table(
        "import_before",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="what the import replaced"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"],
            name=op.f("fk_import_before_batch_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_import_before")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("import_before")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_index("ix_import_batch_sha256")
        for name in ("settled_at", "undone_by", "undone_at", "imported_by"):
            batch_op.drop_column(name)
    op.drop_table("import_file")
