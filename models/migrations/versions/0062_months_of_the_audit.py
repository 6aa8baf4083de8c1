"""On PostgreSQL the audit lies month by month; what was there becomes its first part, as it is. What was archived is written down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_audit_at': ['at'],
    'ix_audit_ticket_id': ['ticket_id'],
    'ix_audit_actor_id': ['actor_id', 'at'],
}


def upgrade() -> None:
    op.create_table('log_archive',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('log', sa.String(length=16), nullable=False),
    sa.Column('year', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file', sa.String(length=120), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_archive'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        _by_month()


def _by_month() -> None:
    """No row is copied: the table is renamed and taken in. That no number is beyond its end was proved before where it could be."""
    run = op.get_bind().exec_driver_sql
    run('ALTER TABLE audit RENAME TO audit_before')
    run('ALTER TABLE audit_before RENAME CONSTRAINT pk_audit TO pk_audit_before')
    run('DROP TRIGGER IF EXISTS audit_grows_only ON audit_before')
    for name in INDEXES:
        run(f"ALTER INDEX {name} RENAME TO {name.replace('ix_audit', 'ix_audit_before')}")
    run('CREATE TABLE audit (LIKE audit_before INCLUDING DEFAULTS, CONSTRAINT pk_audit PRIMARY KEY (id)) PARTITION BY RANGE (id)')
    for name, columns in INDEXES.items():
        op.create_index(name, 'audit', columns)
    end = run("SELECT to_char(now() + interval '1 day' + interval '1 month', 'YYYYMM') || '00000000'").scalar_one()
    run(f'ALTER TABLE audit ATTACH PARTITION audit_before FOR VALUES FROM (MINVALUE) TO ({end})')
    run('ALTER TABLE audit_before DROP CONSTRAINT IF EXISTS audit_before_end')
    run('CREATE TABLE audit_rest PARTITION OF audit DEFAULT')
    run('ALTER SEQUENCE audit_id_seq OWNED BY audit.id')
    _same_rights()


def _same_rights() -> None:
    """Who might do what with the table that was, may with the one that is."""
    run = op.get_bind().exec_driver_sql
    held = run("SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_name = 'audit_before' "
               "AND grantee NOT IN (current_user, 'PUBLIC')").all()
    for grantee, right in held:
        run(f'GRANT {right} ON audit TO "{grantee}"')


def downgrade() -> None:
    op.drop_table('log_archive')
    if op.get_bind().dialect.name == 'postgresql':
        _one_table()


def _one_table() -> None:
    run = op.get_bind().exec_driver_sql
    run('ALTER TABLE audit RENAME TO audit_months')
    run('CREATE TABLE audit (LIKE audit_months INCLUDING DEFAULTS)')
    run('INSERT INTO audit SELECT * FROM audit_months')
    run('ALTER SEQUENCE audit_id_seq OWNED BY audit.id')
    run('DROP TABLE audit_months')
    run('DROP FUNCTION IF EXISTS keep_log_months(text, date)')
    run('ALTER TABLE audit ADD CONSTRAINT pk_audit PRIMARY KEY (id)')
    for name, columns in INDEXES.items():
        op.create_index(name, 'audit', columns)
