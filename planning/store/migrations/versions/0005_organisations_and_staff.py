"""Collection service organisations and their staff, as they are listed"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("organisation_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("former_names", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("contract_number", sa.Text(), nullable=True),
        sa.Column("contract_date", sa.Text(), nullable=True),
        sa.Column("guarantee", LARGE, nullable=True, comment="đồng"),
        sa.Column("phone", sa.Text(), nullable=True, comment="personal data"),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.CheckConstraint("guarantee >= 0", name=op.f("ck_organisation_guarantee")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_organisation_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "organisation_code", name=op.f("pk_organisation")),
    )  # fmt: skip
    op.create_table(
        "staff",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="personal data"),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("organisation_code", sa.Text(), nullable=True),
        sa.Column("point_code", sa.Text(), nullable=True),
        sa.Column("card_number", sa.Text(), nullable=True),
        sa.Column("card_valid_to", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("permanent", sa.Boolean(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True, comment="personal data"),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"],
            name=op.f("fk_staff_province_code"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "staff_id", name=op.f("pk_staff")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("staff")
    op.drop_table("organisation")
