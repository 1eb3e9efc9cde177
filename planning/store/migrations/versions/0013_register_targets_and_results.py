"""The register, the rules it is held to, targets and results, and demand counted by commune"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = {
    "organisation": ("guarantee_valid_to", "annexes", "contract_valid_to"),
    "point": ("status_since", "former_codes"),
}


def upgrade() -> None:
    _make_register()
    _make_rules()
    _widen_lists()
    _tie_staff_to_persons()
    _make_performance()
    for name in ("target", "result"):
        _make_figures(name)


def downgrade() -> None:
    for table in ("target", "result", "need_count", "programme"):
        op.drop_table(table)
    with op.batch_alter_table("staff") as batch:
        batch.drop_constraint("fk_staff_person", type_="foreignkey")
        batch.drop_column("employer")
        batch.drop_column("person_id")
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    for table in ("compliance_count", "compliance_seen", "compliance_rule", "publication",
                  "register_change", "inspection", "point_condition", "person"):  # fmt: skip
        op.drop_table(table)


def _make_register() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False, comment="what was looked at"),
        sa.Column("findings", sa.Text(), nullable=False, comment="empty: nothing was found wrong"),
        sa.Column("conclusion", sa.Text(), nullable=False, comment="met or not met"),
        sa.Column("deadline", sa.Text(), nullable=False, comment="day, empty: none"),
        sa.Column("settled", sa.Text(), nullable=False, comment="day, empty: not settled"),
        sa.Column("document", sa.Text(), nullable=False, comment="number of the minutes"),
        sa.CheckConstraint(
            "conclusion IN ('met', 'not met')", name=op.f("ck_inspection_conclusion")
        ),
        sa.CheckConstraint("deadline = '' OR deadline >= day", name=op.f("ck_inspection_deadline")),
        sa.CheckConstraint("settled = '' OR settled >= day", name=op.f("ck_inspection_settled")),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_inspection_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint(
            "province_code", "point_id", "day", "document", name="uq_inspection_point"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column(
            "employer",
            sa.Text(),
            nullable=False,
            comment="code of the organisation, else its name; empty: none",
        ),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_person_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "person_id", name=op.f("pk_person")),
        sa.UniqueConstraint("province_code", "person_id", "employer", name="uq_person_employer"),
    )
    op.create_table(
        "point_condition",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="of a line of the checklist"),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_point_condition_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "province_code", "point_id", "code", name=op.f("pk_point_condition")
        ),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False, comment="from which the lists hold"),
        sa.Column("document", sa.Text(), nullable=False, comment="by which they are published"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="JSON, compressed by zlib"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column(
            "withdrawn_at", sa.Text(), nullable=True, comment="NULL: in force until a newer one"
        ),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_publication_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index("ix_publication_province_code", ["province_code"], unique=False)
    op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False, comment="point, organisation or staff"),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False, comment="import, edit, mend, decision, undo"),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False, comment="field: before and after"),
        sa.CheckConstraint(
            "record IN ('point', 'organisation', 'staff')", name=op.f("ck_register_change_record")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_register_change_batch_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_register_change_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    with op.batch_alter_table("register_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_register_change_record", ["province_code", "record", "record_id"], unique=False
        )


def _make_rules() -> None:
    op.create_table(
        "compliance_count",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False, comment="records that were looked at"),
        sa.CheckConstraint("failures >= 0 AND base >= 0", name=op.f("ck_compliance_count_counts")),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_compliance_count_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "day", "rule", name=op.f("pk_compliance_count")),
    )
    op.create_table(
        "compliance_rule",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="day, empty: always"),
        sa.Column("valid_to", sa.Text(), nullable=False, comment="last day, empty: open"),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column(
            "amount",
            sa.Integer(),
            nullable=True,
            comment="points or months; NULL: the check needs none",
        ),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_compliance_rule_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "province_code", "rule", "valid_from", name=op.f("pk_compliance_rule")
        ),
    )
    op.create_table(
        "compliance_seen",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False, comment="on which it was seen"),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_compliance_seen_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "province_code", "rule", "record", "record_id", name=op.f("pk_compliance_seen")
        ),
    )


def _widen_lists() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "contract_valid_to", sa.Text(), nullable=True, comment="last day of the contract"
            )
        )
        batch_op.add_column(
            sa.Column(
                "annexes",
                sa.Text(),
                nullable=True,
                comment="numbers and days, parted by semicolons",
            )
        )
        batch_op.add_column(
            sa.Column(
                "guarantee_valid_to",
                sa.Text(),
                nullable=True,
                comment="last day of the bank guarantee",
            )
        )
    with op.batch_alter_table("point", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "former_codes",
                sa.Text(),
                nullable=True,
                comment="official codes before, parted by semicolons",
            )
        )
        batch_op.add_column(
            sa.Column(
                "status_since", sa.Text(), nullable=True, comment="first day of the present status"
            )
        )


def _tie_staff_to_persons() -> None:
    """Let every row name its person; until a list is imported again each row is a person."""
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("person_id", sa.Text(), nullable=True))
        batch.add_column(sa.Column("employer", sa.Text(), nullable=True))
    op.execute(
        "UPDATE staff SET person_id = staff_id, "
        "employer = coalesce(organisation_code, organisation, '')"
    )
    op.execute(
        "INSERT INTO person (province_code, person_id, employer) "
        "SELECT province_code, person_id, employer FROM staff"
    )
    with op.batch_alter_table("staff") as batch:
        batch.alter_column(
            "person_id",
            existing_type=sa.Text(),
            nullable=False,
            comment="the same on every row of a person",
        )
        batch.alter_column(
            "employer",
            existing_type=sa.Text(),
            nullable=False,
            comment="code of the organisation, else its name; empty: none",
        )
        batch.create_foreign_key(
            "fk_staff_person",
            "person",
            ["province_code", "person_id", "employer"],
            ["province_code", "person_id", "employer"],
        )


def _make_performance() -> None:
    op.create_table(
        "need_count",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="vintage of the commune"),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "need IN ('everybody', 'uninsured', 'outside compulsory', 'potential', 'due', 'expiring', 'lapsed') AND need <> 'everybody'",
            name=op.f("ck_need_count_need"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_need_count_people")),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_need_count_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "province_code", "need", "commune_code", "valid_from", name=op.f("pk_need_count")
        ),
    )
    op.create_table(
        "programme",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("counts IN ('held', 'new')", name=op.f("ck_programme_counts")),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f("fk_programme_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province_code", "code", name=op.f("pk_programme")),
    )


def _make_figures(name: str) -> None:
    op.create_table(
        name,
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="2025, 2025-Q1, 2025-03, 2025-W13"),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("organisation_code", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column(
            "valid_from", sa.Text(), nullable=False, comment="vintage of the commune, or empty"
        ),
        sa.Column("value", LARGE, nullable=False),
        sa.CheckConstraint(
            "(level = 'province' AND office = '' AND organisation_code = '' AND commune_code = '' AND point_id = '' AND staff_id = '') OR (level = 'office' AND office <> '' AND organisation_code = '' AND commune_code = '' AND point_id = '' AND staff_id = '') OR (level = 'organisation' AND office = '' AND organisation_code <> '' AND commune_code = '' AND point_id = '' AND staff_id = '') OR (level = 'commune' AND office = '' AND organisation_code = '' AND commune_code <> '' AND point_id = '' AND staff_id = '') OR (level = 'organisation in commune' AND office = '' AND organisation_code <> '' AND commune_code <> '' AND point_id = '' AND staff_id = '') OR (level = 'point' AND office = '' AND organisation_code = '' AND commune_code = '' AND point_id <> '' AND staff_id = '') OR (level = 'staff' AND office = '' AND organisation_code = '' AND commune_code = '' AND point_id = '' AND staff_id <> '')",
            name=op.f(f"ck_{name}_level"),
        ),
        sa.CheckConstraint("value >= 0", name=op.f(f"ck_{name}_value")),
        sa.ForeignKeyConstraint(
            ["province_code"],
            ["province.code"],
            name=op.f(f"fk_{name}_province_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "province_code",
            "programme",
            "period",
            "level",
            "office",
            "organisation_code",
            "commune_code",
            "point_id",
            "staff_id",
            name=op.f(f"pk_{name}"),
        ),
    )
