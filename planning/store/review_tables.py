"""The tables of proposals: what they say, every step they took, and what belongs to them.

The database holds the way of a proposal by itself: an event is one of the steps of
`proposal_step`, begins in the state in which the one before it ended, and a proposal stands
where its last event left it.
"""

import sqlalchemy as sa

from planning.model.proposals import STEPS, ProposalKind, State
from planning.store.schema import metadata

__all__ = ["attachment", "audit_head", "criterion", "metadata", "official_code", "proposal",
           "proposal_event", "proposal_step", "steps"]  # fmt: skip


def _one_of(column: str, words: type[ProposalKind | State]) -> str:
    return f"{column} IN ({', '.join(repr(str(each)) for each in words)})"


audit_head = sa.Table(
    "audit_head", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("last_id", sa.Integer, nullable=False, comment="number of the newest event"),
    sa.Column("hash", sa.Text, nullable=False, comment="of the newest event"),
    sa.CheckConstraint("id = 1", name="one"),
)  # fmt: skip

proposal_step = sa.Table(
    "proposal_step", metadata,
    sa.Column("action", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("before", sa.Text, primary_key=True),
    sa.Column("after", sa.Text, primary_key=True),
)  # fmt: skip

proposal_event = sa.Table(
    "proposal_event", metadata,
    sa.Column("proposal_id", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("previous", sa.Integer, comment="version before; NULL: the first"),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("audit_id", sa.Integer, sa.ForeignKey("audit.id"), nullable=False, unique=True),
    sa.UniqueConstraint("proposal_id", "version", "kind", "after", name="uq_proposal_event_after"),
    sa.ForeignKeyConstraint(
        ["action", "kind", "before", "after"],
        ["proposal_step.action", "proposal_step.kind", "proposal_step.before",
         "proposal_step.after"],
        name="fk_proposal_event_step",
    ),
    sa.ForeignKeyConstraint(
        ["proposal_id", "previous", "kind", "before"],
        ["proposal_event.proposal_id", "proposal_event.version", "proposal_event.kind",
         "proposal_event.after"],
        name="fk_proposal_event_previous",
    ),
    sa.CheckConstraint(
        "(version = 1 AND previous IS NULL AND before = 'none') "
        "OR (version > 1 AND previous IS NOT NULL AND previous = version - 1)",
        name="chain",
    ),
)  # fmt: skip

proposal = sa.Table(
    "proposal", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("province_code", sa.Text, sa.ForeignKey("province.code"), nullable=False),
    sa.Column("number", sa.Text, nullable=False, comment="unofficial, such as DX-2026-0001"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, comment="counts every write"),
    sa.Column("organisation_code", sa.Text, nullable=False, comment="empty: none yet"),
    sa.Column("point_id", sa.Text, nullable=False, comment="empty: a new point"),
    sa.Column("commune_code", sa.Text, nullable=False, comment="empty: outside every commune"),
    sa.Column("office", sa.Text, nullable=False, comment="BHXH cơ sở, empty: not known"),
    sa.Column("valid_from", sa.Text, nullable=False, comment="vintage of commune and office"),
    sa.Column("body", sa.JSON, nullable=False, comment="content, figures, check, decision"),
    sa.Column("code", sa.Text, nullable=False, comment="official code, empty: none"),
    sa.Column("scenario_id", sa.Integer, sa.ForeignKey("scenario.id")),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("assigned_to", sa.Text, nullable=False),
    sa.Column("due", sa.Text, nullable=False, comment="day, empty: none"),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.UniqueConstraint("province_code", "number", name="uq_proposal_number"),
    sa.CheckConstraint(_one_of("kind", ProposalKind), name="kind"),
    sa.CheckConstraint(_one_of("state", State) + " AND state <> 'none'", name="state"),
    sa.CheckConstraint("kind = 'open' OR point_id <> ''", name="point"),
    sa.CheckConstraint(
        "code = '' OR state NOT IN ('draft', 'submitted', 'checking', 'more wanted', 'checked', "
        "'appraised', 'approved', 'not approved', 'withdrawn')",
        name="code",
    ),
    sa.ForeignKeyConstraint(
        ["id", "version", "kind", "state"],
        ["proposal_event.proposal_id", "proposal_event.version", "proposal_event.kind",
         "proposal_event.after"],
        name="fk_proposal_last_event", deferrable=True, initially="DEFERRED",
    ),
    sa.Index("ix_proposal_province_state", "province_code", "state"),
    sqlite_autoincrement=True,
)  # fmt: skip

official_code = sa.Table(
    "official_code", metadata,
    sa.Column("organisation_code", sa.Text, primary_key=True),
    sa.Column("commune_code", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("proposal_id", sa.Integer, sa.ForeignKey("proposal.id"), nullable=False, unique=True),
    sa.Column("issued_at", sa.Text, nullable=False),
    sa.CheckConstraint("number BETWEEN 1 AND 999", name="number"),
)  # fmt: skip

attachment = sa.Table(
    "attachment", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("proposal_id", sa.Integer, sa.ForeignKey("proposal.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, comment="of the proposal once it was added"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
    sa.CheckConstraint("what IN ('document', 'photo')", name="what"),
    sa.Index("ix_attachment_proposal_id", "proposal_id"),
)  # fmt: skip

criterion = sa.Table(
    "criterion", metadata,
    sa.Column("province_code", sa.Text, sa.ForeignKey("province.code"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Text, primary_key=True, comment="day, empty: always"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mandatory", sa.Boolean, nullable=False),
    sa.Column("basis", sa.Text, nullable=False, comment="the document it rests on"),
    sa.Column("valid_to", sa.Text, nullable=False, comment="last day, empty: open"),
    sa.Column("position", sa.Integer, nullable=False),
)  # fmt: skip


def steps() -> list[dict[str, str]]:
    """Return the rows of `proposal_step`: the table of steps of the model."""
    return [
        {"action": str(each.action), "kind": str(kind), "before": str(each.before),
         "after": str(each.after)}
        for each in STEPS for kind in each.kinds
    ]  # fmt: skip
