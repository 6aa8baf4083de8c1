"""Proposals by the rule that made them: how often it is overridden is asked at every proposal."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_proposal_rule_id", "proposal", ["rule_id", "id"])
    op.create_index("ix_correction_proposal_id", "correction", ["proposal_id"])


def downgrade() -> None:
    op.drop_index("ix_correction_proposal_id", table_name="correction")
    op.drop_index("ix_proposal_rule_id", table_name="proposal")
