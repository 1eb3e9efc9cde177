"""The tables of programmes, targets and results, and of demand counted by commune."""

import sqlalchemy as sa

from planning.model.performance import ALL_KEYS, KEYS, Counts, Level, Need
from planning.store.schema import metadata, province

__all__ = ["metadata", "need_count", "programme", "result", "target"]

_LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _province() -> sa.Column:
    return sa.Column("province_code", sa.Text, sa.ForeignKey(province.c.code, ondelete="CASCADE"),
                     primary_key=True)  # fmt: skip


def _quoted(words: type[Level | Counts | Need]) -> str:
    return ", ".join(repr(str(each)) for each in words)


def _keys_of_level() -> str:
    """Return in SQL that a figure names just the keys its level needs."""
    return " OR ".join(
        f"(level = '{level}' AND "
        + " AND ".join(f"{key} {'<>' if key in keys else '='} ''" for key in ALL_KEYS) + ")"
        for level, keys in KEYS.items()
    )  # fmt: skip


programme = sa.Table(
    "programme", metadata,
    _province(),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.CheckConstraint(f"counts IN ({_quoted(Counts)})", name="counts"),
)  # fmt: skip


def _figures(name: str) -> sa.Table:
    """Return a table of figures: one number for a programme, a period and whom it is about."""
    return sa.Table(
        name, metadata,
        _province(),
        sa.Column("programme", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True, comment="2025, 2025-Q1, 2025-03, 2025-W13"),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("office", sa.Text, primary_key=True),
        sa.Column("organisation_code", sa.Text, primary_key=True),
        sa.Column("commune_code", sa.Text, primary_key=True),
        sa.Column("point_id", sa.Text, primary_key=True),
        sa.Column("staff_id", sa.Text, primary_key=True),
        sa.Column("valid_from", sa.Text, nullable=False, comment="vintage of the commune, or empty"),
        sa.Column("value", _LARGE, nullable=False),
        sa.CheckConstraint("value >= 0", name="value"),
        sa.CheckConstraint(_keys_of_level(), name="level"),
    )  # fmt: skip


target = _figures("target")
result = _figures("result")

need_count = sa.Table(
    "need_count", metadata,
    _province(),
    sa.Column("need", sa.Text, primary_key=True),
    sa.Column("commune_code", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Text, primary_key=True, comment="vintage of the commune"),
    sa.Column("people", _LARGE, nullable=False),
    sa.CheckConstraint("people >= 0", name="people"),
    sa.CheckConstraint(f"need IN ({_quoted(Need)}) AND need <> 'everybody'", name="need"),
)  # fmt: skip
