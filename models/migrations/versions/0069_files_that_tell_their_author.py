"""Whether a stored file may still tell who made it; and room for the longest kind of file, PowerPoint's, whose name has 73 signs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("tells_author", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no lengths
        op.alter_column("attachment", "media_type", type_=sa.String(length=128), existing_nullable=False)


def downgrade() -> None:
    """The longer kinds stay: nothing of them fits into what a former release had."""
    op.drop_column("attachment", "tells_author")
