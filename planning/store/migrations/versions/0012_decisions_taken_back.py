"""A step that takes an approval back before its point operates"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KINDS = ("open", "move", "close", "kind")
CODED = ("open", "move")  # a code is issued only to these
STEPS = (("approved", KINDS), ("code issued", CODED), ("published", KINDS))


def upgrade() -> None:
    step = sa.table("proposal_step", *map(sa.column, ("action", "kind", "before", "after")))
    op.bulk_insert(step, [
        {"action": "revoke", "kind": kind, "before": before, "after": "ended"}
        for before, kinds in STEPS for kind in kinds
    ])  # fmt: skip


def downgrade() -> None:
    """Leave the rows: what was decided by them stays, and no earlier program asks for them."""
