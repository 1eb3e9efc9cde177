"""The tables of accounts: who there is, their roles, who is signed in, attempts that failed.

No password is kept, only its argon2 hash; no token of a sign-in, only its SHA-256.
"""

import sqlalchemy as sa

from planning.model.people import Role
from planning.store.schema import metadata

_ROLES = ", ".join(f"'{each}'" for each in Role)


def _whose() -> sa.Column:
    return sa.Column(
        "account_name", sa.Text, sa.ForeignKey("account.name", ondelete="CASCADE"), nullable=False
    )


account = sa.Table(
    "account", metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("password", sa.Text, comment="argon2 hash, null: by the office's provider alone"),
    sa.Column("must_change", sa.Boolean, nullable=False, comment="the password, at first sign-in"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("language", sa.Text, nullable=False, comment="empty: the setting's"),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("signed_in_at", sa.Text, nullable=False, comment="last time, empty: never"),
    sa.CheckConstraint("length(name) BETWEEN 2 AND 60", name="name"),
)  # fmt: skip

# The province need not be there yet: somebody has to import its first boundaries.
account_grant = sa.Table(
    "account_grant", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _whose(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("province_code", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False, comment="code, of an organisation's role"),
    sa.Column("office", sa.Text, nullable=False, comment="name, of a checker's role"),
    sa.Column("communes", sa.JSON, nullable=False, comment="codes, of a checker's role"),
    sa.Column("given_at", sa.Text, nullable=False),
    sa.Column("given_by", sa.Text, nullable=False),
    sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
    sa.CheckConstraint("length(province_code) = 2", name="province"),
    sa.CheckConstraint("(role = 'organisation') = (organisation <> '')", name="organisation"),
    sa.CheckConstraint("office = '' OR role = 'checker'", name="office"),
    sa.UniqueConstraint("account_name", "role", "province_code", "organisation", "office",
                        name="uq_account_grant_once"),
)  # fmt: skip

signed_in = sa.Table(
    "signed_in", metadata,
    sa.Column("token", sa.Text, primary_key=True, comment="SHA-256 of what the cookie holds"),
    _whose(),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
    sa.Index("ix_signed_in_account_name", "account_name"),
)  # fmt: skip

# Names and addresses stand here as hashes, and only while they count.
sign_in_try = sa.Table(
    "sign_in_try", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, comment="hash of a name or an address"),
    sa.Column("attempt", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Index("ix_sign_in_try_key", "key", "at"),
)  # fmt: skip
