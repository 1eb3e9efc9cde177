"""Accounts with their roles, who is signed in, and attempts that failed"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
ROLES = "'viewer', 'planner', 'organisation', 'checker', 'reviewer', 'approver', 'administrator'"


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True, comment="argon2 hash, null: by the office's provider alone"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="the password, at first sign-in"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="empty: the setting's"),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("signed_in_at", sa.Text(), nullable=False, comment="last time, empty: never"),
        sa.CheckConstraint("length(name) BETWEEN 2 AND 60", name=op.f("ck_account_name")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )  # fmt: skip
    op.create_table(
        "account_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False, comment="code, of an organisation's role"),
        sa.Column("office", sa.Text(), nullable=False, comment="name, of a checker's role"),
        sa.Column("communes", sa.JSON(), nullable=False, comment="codes, of a checker's role"),
        sa.Column("given_at", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_account_grant_role")),
        sa.CheckConstraint("length(province_code) = 2", name=op.f("ck_account_grant_province")),
        sa.CheckConstraint("(role = 'organisation') = (organisation <> '')",
                           name=op.f("ck_account_grant_organisation")),
        sa.CheckConstraint("office = '' OR role = 'checker'", name=op.f("ck_account_grant_office")),
        sa.ForeignKeyConstraint(["account_name"], ["account.name"],
                                name=op.f("fk_account_grant_account_name"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
        sa.UniqueConstraint("account_name", "role", "province_code", "organisation", "office",
                            name=op.f("uq_account_grant_once")),
    )  # fmt: skip
    op.create_table(
        "signed_in",
        sa.Column("token", sa.Text(), nullable=False, comment="SHA-256 of what the cookie holds"),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_name"], ["account.name"],
                                name=op.f("fk_signed_in_account_name"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_signed_in")),
    )  # fmt: skip
    op.create_index("ix_signed_in_account_name", "signed_in", ["account_name"])
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="hash of a name or an address"),
        sa.Column("attempt", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )  # fmt: skip
    op.create_index("ix_sign_in_try_key", "sign_in_try", ["key", "at"])


def downgrade() -> None:
    for table in ("sign_in_try", "signed_in", "account_grant", "account"):
        op.drop_table(table)
