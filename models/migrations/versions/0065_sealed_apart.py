"""Figures by day tell sealed tickets apart: the days of those that are sealed are folded once more, as after any change."""

from __future__ import annotations

from alembic import op

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO figure_change (ticket_id) SELECT id FROM ticket WHERE privacy = 'sealed'")


def downgrade() -> None:
    """The sums of sealed tickets lie in cuts of their own, which a former release does not read."""
    op.execute("DELETE FROM figure_day WHERE cut LIKE 'sealed%'")
