"""The tables of the register: whom staff work for, inspections, what changed, what is published."""

import sqlalchemy as sa

from planning.store.schema import metadata, province

__all__ = ["compliance_count", "compliance_rule", "compliance_seen", "inspection", "metadata",
           "person", "point_condition", "publication", "register_change"]  # fmt: skip


def _province(*, key: bool = False) -> sa.Column:
    return sa.Column("province_code", sa.Text, sa.ForeignKey(province.c.code, ondelete="CASCADE"),
                     primary_key=key, nullable=False)  # fmt: skip


# Every row of `staff` names a person and the one organisation of that person: the key of
# this table lets a person have no second one, and the rows of `staff` refer to both.
person = sa.Table(
    "person", metadata,
    _province(key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("employer", sa.Text, nullable=False,
              comment="code of the organisation, else its name; empty: none"),
    sa.UniqueConstraint("province_code", "person_id", "employer", name="uq_person_employer"),
)  # fmt: skip

point_condition = sa.Table(
    "point_condition", metadata,
    _province(key=True),
    sa.Column("point_id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True, comment="of a line of the checklist"),
    sa.Column("met", sa.Boolean, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)  # fmt: skip

inspection = sa.Table(
    "inspection", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _province(),
    sa.Column("point_id", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False, comment="what was looked at"),
    sa.Column("findings", sa.Text, nullable=False, comment="empty: nothing was found wrong"),
    sa.Column("conclusion", sa.Text, nullable=False, comment="met or not met"),
    sa.Column("deadline", sa.Text, nullable=False, comment="day, empty: none"),
    sa.Column("settled", sa.Text, nullable=False, comment="day, empty: not settled"),
    sa.Column("document", sa.Text, nullable=False, comment="number of the minutes"),
    sa.CheckConstraint("conclusion IN ('met', 'not met')", name="conclusion"),
    sa.CheckConstraint("deadline = '' OR deadline >= day", name="deadline"),
    sa.CheckConstraint("settled = '' OR settled >= day", name="settled"),
    sa.UniqueConstraint("province_code", "point_id", "day", "document", name="uq_inspection_point"),
    sqlite_autoincrement=True,
)  # fmt: skip

register_change = sa.Table(
    "register_change", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _province(),
    sa.Column("record", sa.Text, nullable=False, comment="point, organisation or staff"),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("how", sa.Text, nullable=False, comment="import, edit, mend, decision, undo"),
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("import_batch.id", ondelete="SET NULL")),
    sa.Column("body", sa.JSON, nullable=False, comment="field: before and after"),
    sa.CheckConstraint("record IN ('point', 'organisation', 'staff')", name="record"),
    sa.Index("ix_register_change_record", "province_code", "record", "record_id"),
)  # fmt: skip

publication = sa.Table(
    "publication", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _province(),
    sa.Column("day", sa.Text, nullable=False, comment="from which the lists hold"),
    sa.Column("document", sa.Text, nullable=False, comment="by which they are published"),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="JSON, compressed by zlib"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("withdrawn_at", sa.Text, comment="NULL: in force until a newer one"),
    sa.Index("ix_publication_province_code", "province_code"),
)  # fmt: skip

compliance_rule = sa.Table(
    "compliance_rule", metadata,
    _province(key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Text, primary_key=True, comment="day, empty: always"),
    sa.Column("valid_to", sa.Text, nullable=False, comment="last day, empty: open"),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("amount", sa.Integer, comment="points or months; NULL: the check needs none"),
)  # fmt: skip

compliance_seen = sa.Table(
    "compliance_seen", metadata,
    _province(key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("first_day", sa.Text, nullable=False, comment="on which it was seen"),
)  # fmt: skip

compliance_count = sa.Table(
    "compliance_count", metadata,
    _province(key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("base", sa.Integer, nullable=False, comment="records that were looked at"),
    sa.CheckConstraint("failures >= 0 AND base >= 0", name="counts"),
)  # fmt: skip
