"""Files of other systems that an administrator brings in on a page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("by_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folder", sa.String(length=48), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("looks", NUMBER, nullable=False),
        sa.Column("rows", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("read", NUMBER, nullable=False),
        sa.Column("new", NUMBER, nullable=False),
        sa.Column("known", NUMBER, nullable=False),
        sa.Column("conflict", NUMBER, nullable=False),
        sa.Column("rejected", NUMBER, nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_import_run_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("folder", name=op.f("uq_import_run_folder")),
    )
    op.create_index("ix_import_run_state", "import_run", ["state", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_import_run_state", table_name="import_run")
    op.drop_table("import_run")
