"""The words that a person must read lie in an index of their own: the follow-up desk walks no answers of earlier years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

IN_DOUBT = sa.text("outcome = 'in_doubt'")


def upgrade() -> None:
    op.create_index(
        "ix_survey_in_doubt",
        "survey",
        ["ticket_id", "round"],
        unique=False,
        sqlite_where=IN_DOUBT,
        postgresql_where=IN_DOUBT,
    )


def downgrade() -> None:
    op.drop_index("ix_survey_in_doubt", table_name="survey")
