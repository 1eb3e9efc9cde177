"""Proposals with their steps, and a trail of events chained by hashes"""

import sqlalchemy as sa
from alembic import op

from planning.store.audit import START, chained

revision = "0009"
down_revision = "0008"

KINDS = ("open", "move", "close", "kind")
_UNDECIDED = ("draft", "submitted", "checking", "more wanted", "checked", "appraised")
_LIVING = (*_UNDECIDED, "approved", "not approved", "code issued", "published", "operating",
           "suspended", "ended", "withdrawn")  # fmt: skip
_OPENING = ("open", "move", "kind")
# As the steps were when this table was made; later ones come with a migration of their own.
STEPS = (
    ("propose", "none", "draft", KINDS),
    *(("edit", each, each, KINDS) for each in ("draft", "more wanted")),
    ("submit", "draft", "submitted", KINDS),
    ("submit", "more wanted", "submitted", KINDS),
    ("begin check", "submitted", "checking", KINDS),
    ("check", "checking", "checking", KINDS),
    ("finish check", "checking", "checked", KINDS),
    *(("ask more", each, "more wanted", KINDS)
      for each in ("submitted", "checking", "checked", "appraised")),
    *(("measure", each, each, KINDS) for each in _UNDECIDED),
    ("appraise", "checked", "appraised", KINDS),
    ("approve", "appraised", "approved", KINDS),
    ("reject", "appraised", "not approved", KINDS),
    ("lift", "not approved", "not approved", KINDS),
    ("issue code", "approved", "code issued", ("open", "move")),
    ("publish", "code issued", "published", ("open", "move")),
    ("publish", "approved", "published", KINDS),
    ("start", "published", "operating", _OPENING),
    ("suspend", "operating", "suspended", _OPENING),
    ("resume", "suspended", "operating", _OPENING),
    ("end", "published", "ended", ("close",)),
    *(("end", each, "ended", _OPENING) for each in ("operating", "suspended")),
    *(("withdraw", each, "withdrawn", KINDS) for each in _UNDECIDED),
    *(("assign", each, each, KINDS) for each in (*_UNDECIDED, "approved", "code issued", "published")),
    *((act, each, each, KINDS) for act in ("comment", "attach") for each in _LIVING),
)  # fmt: skip
# What was written stays written: the database refuses what would change or remove an event.
KEPT = ("audit", "proposal_event", "proposal_step")


def upgrade() -> None:
    _chain_what_is_there()
    steps = op.create_table(
        "proposal_step",
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("action", "kind", "before", "after")),
        sa.PrimaryKeyConstraint("action", "kind", "before", "after", name=op.f("pk_proposal_step")),
    )  # fmt: skip
    op.bulk_insert(steps, [
        {"action": action, "kind": kind, "before": before, "after": after}
        for action, before, after, kinds in STEPS for kind in kinds
    ])  # fmt: skip
    _make_events()
    _make_proposals()
    _make_what_belongs()
    for table in KEPT:
        _forbid_changes(table)


def downgrade() -> None:
    for table in KEPT:
        _allow_changes(table)
    for table in ("criterion", "attachment", "official_code", "proposal", "proposal_event",
                  "proposal_step", "audit_head"):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("audit") as batch:
        batch.drop_column("hash")


def _chain_what_is_there() -> None:
    """Give every event written so far its hash, in their order and numbered without a gap."""
    db = op.get_bind()
    with op.batch_alter_table("audit") as batch:
        batch.add_column(
            sa.Column(
                "hash", sa.Text(), nullable=True, comment="of this event and the one before it"
            )
        )
    audit = sa.Table(
        "audit", sa.MetaData(),
        *(sa.Column(each, sa.Text) for each in ("at", "actor", "tag", "province_code", "hash")),
        sa.Column("id", sa.Integer), sa.Column("facts", sa.JSON),
    )  # fmt: skip
    before, number = START, 0
    for row in db.execute(sa.select(audit).order_by(audit.c.id)).mappings().all():
        number += 1
        before = chained(before, {**row, "id": number})
        db.execute(sa.update(audit).where(audit.c.id == row["id"]).values(id=number, hash=before))
    with op.batch_alter_table("audit") as batch:
        batch.alter_column("hash", existing_type=sa.Text(), nullable=False,
                           existing_comment="of this event and the one before it")  # fmt: skip
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False, comment="number of the newest event"),
        sa.Column("hash", sa.Text(), nullable=False, comment="of the newest event"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "last_id": number, "hash": before}])


def _make_events() -> None:
    op.create_table(
        "proposal_event",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=True, comment="version before; NULL: the first"),
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("action", "kind", "before", "after")),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(version = 1 AND previous IS NULL AND before = 'none') "
            "OR (version > 1 AND previous IS NOT NULL AND previous = version - 1)",
            name=op.f("ck_proposal_event_chain"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_proposal_event_audit_id")),
        sa.ForeignKeyConstraint(
            ["action", "kind", "before", "after"],
            ["proposal_step.action", "proposal_step.kind", "proposal_step.before", "proposal_step.after"],
            name="fk_proposal_event_step",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "previous", "kind", "before"],
            ["proposal_event.proposal_id", "proposal_event.version", "proposal_event.kind",
             "proposal_event.after"],
            name="fk_proposal_event_previous",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("pk_proposal_event")),
        sa.UniqueConstraint("proposal_id", "version", "kind", "after", name="uq_proposal_event_after"),
        sa.UniqueConstraint("audit_id", name=op.f("uq_proposal_event_audit_id")),
    )  # fmt: skip


def _make_proposals() -> None:
    states = ", ".join(repr(each) for each in ("none", *_LIVING))
    kinds = ", ".join(repr(each) for each in KINDS)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="unofficial, such as DX-2026-0001"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="counts every write"),
        sa.Column("organisation_code", sa.Text(), nullable=False, comment="empty: none yet"),
        sa.Column("point_id", sa.Text(), nullable=False, comment="empty: a new point"),
        sa.Column("commune_code", sa.Text(), nullable=False, comment="empty: outside every commune"),
        sa.Column("office", sa.Text(), nullable=False, comment="BHXH cơ sở, empty: not known"),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="vintage of commune and office"),
        sa.Column("body", sa.JSON(), nullable=False, comment="content, figures, check, decision"),
        sa.Column("code", sa.Text(), nullable=False, comment="official code, empty: none"),
        sa.Column("scenario_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False, comment="day, empty: none"),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(f"state IN ({states}) AND state <> 'none'", name=op.f("ck_proposal_state")),
        sa.CheckConstraint("kind = 'open' OR point_id <> ''", name=op.f("ck_proposal_point")),
        sa.CheckConstraint(
            "code = '' OR state NOT IN ('draft', 'submitted', 'checking', 'more wanted', 'checked', "
            "'appraised', 'approved', 'not approved', 'withdrawn')",
            name=op.f("ck_proposal_code"),
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_proposal_province_code")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenario.id"], name=op.f("fk_proposal_scenario_id")
        ),
        sa.ForeignKeyConstraint(
            ["id", "version", "kind", "state"],
            ["proposal_event.proposal_id", "proposal_event.version", "proposal_event.kind",
             "proposal_event.after"],
            name="fk_proposal_last_event", deferrable=True, initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("province_code", "number", name="uq_proposal_number"),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_proposal_province_state", "proposal", ["province_code", "state"])


def _make_what_belongs() -> None:
    op.create_table(
        "official_code",
        sa.Column("organisation_code", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_official_code_number")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_official_code_proposal_id")
        ),
        sa.PrimaryKeyConstraint("organisation_code", "commune_code", "number",
                                name=op.f("pk_official_code")),
        sa.UniqueConstraint("code", name=op.f("uq_official_code_code")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_official_code_proposal_id")),
    )  # fmt: skip
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the proposal once it was added"),
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("what", "name", "media_type", "sha256")),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.CheckConstraint("what IN ('document', 'photo')", name=op.f("ck_attachment_what")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_attachment_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )  # fmt: skip
    op.create_index("ix_attachment_proposal_id", "attachment", ["proposal_id"])
    op.create_table(
        "criterion",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="day, empty: always"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="the document it rests on"),
        sa.Column("valid_to", sa.Text(), nullable=False, comment="last day, empty: open"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_criterion_province_code")
        ),
        sa.PrimaryKeyConstraint("province_code", "code", "valid_from", name=op.f("pk_criterion")),
    )


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'what is written here stays'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'what is written here stays'); END"
        )


def _allow_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_stays ON {table}")
        if table == KEPT[-1]:
            op.execute("DROP FUNCTION refuse_change()")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{act}")
