"""What the hotline knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=False),
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('withdrawn_by_name', sa.String(length=64), nullable=True),
    sa.Column('withdrawn_why', sa.Text(), nullable=True),
    sa.Column('warned_for', sa.Date(), nullable=True),
    sa.Column('uses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('kind', 'code', name=op.f('uq_article_kind_code'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index('ix_article_changed_at', ['changed_at'], unique=False)
        batch_op.create_index('ix_article_unit_code', ['unit_code'], unique=False)
        batch_op.create_index('ix_article_version_id', ['version_id'], unique=False)

    op.create_table('link_check',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.Column('why', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_link_check_article_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_check')),
    sa.UniqueConstraint('article_id', 'url', name=op.f('uq_link_check_article_id_url'))
    )
    with op.batch_alter_table('link_check', schema=None) as batch_op:
        batch_op.create_index('ix_link_check_why', ['why'], unique=False)

    op.create_table('unanswered_question',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('came_by', sa.String(length=8), nullable=False),
    sa.Column('times', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('first_at', sa.DateTime(), nullable=False),
    sa.Column('last_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_unanswered_question_article_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unanswered_question'))
    )
    with op.batch_alter_table('unanswered_question', schema=None) as batch_op:
        batch_op.create_index('ix_unanswered_question_last_at', ['last_at'], unique=False)
        batch_op.create_index('ix_unanswered_question_state', ['state', 'times'], unique=False)

    op.create_table('article_feedback',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_name', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('late_at', sa.DateTime(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('done_by_name', sa.String(length=64), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_feedback_article_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_article_feedback_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_feedback'))
    )
    with op.batch_alter_table('article_feedback', schema=None) as batch_op:
        batch_op.create_index('ix_article_feedback_article_id', ['article_id'], unique=False)
        batch_op.create_index('ix_article_feedback_open', ['done_at', 'due_at'], unique=False)
        batch_op.create_index('ix_article_feedback_unit_code', ['unit_code'], unique=False)

    op.create_table('knowledge_import',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('stored_as', sa.String(length=80), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('good', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('new', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('changed', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('same', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rejects', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_name', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_knowledge_import_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_import'))
    )
    op.create_table('article_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('phone_answer', sa.Text(), nullable=False),
    sa.Column('text_answer', sa.Text(), nullable=False),
    sa.Column('long_answer', sa.Text(), nullable=False),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('source_number', sa.String(length=120), nullable=False),
    sa.Column('source_clause', sa.String(length=120), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('area', sa.String(length=32), nullable=True),
    sa.Column('channels', sa.JSON(), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('links', sa.JSON(), nullable=False),
    sa.Column('guide', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('author_name', sa.String(length=64), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('returned_why', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_version_article_id')),
    sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_article_version_author_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_article_version_decided_by_id')),
    sa.ForeignKeyConstraint(['import_id'], ['knowledge_import.id'], name=op.f('fk_article_version_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_version')),
    sa.UniqueConstraint('article_id', 'number', name=op.f('uq_article_version_article_id_number'))
    )
    with op.batch_alter_table('article_version', schema=None) as batch_op:
        batch_op.create_index('ix_article_version_import_id', ['import_id'], unique=False)
        batch_op.create_index('ix_article_version_state', ['state', 'written_at'], unique=False)
        batch_op.create_index('ix_article_version_valid_until', ['valid_until'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('article_version', schema=None) as batch_op:
        batch_op.drop_index('ix_article_version_valid_until')
        batch_op.drop_index('ix_article_version_state')
        batch_op.drop_index('ix_article_version_import_id')

    op.drop_table('article_version')
    op.drop_table('knowledge_import')
    with op.batch_alter_table('article_feedback', schema=None) as batch_op:
        batch_op.drop_index('ix_article_feedback_unit_code')
        batch_op.drop_index('ix_article_feedback_open')
        batch_op.drop_index('ix_article_feedback_article_id')

    op.drop_table('article_feedback')
    with op.batch_alter_table('unanswered_question', schema=None) as batch_op:
        batch_op.drop_index('ix_unanswered_question_state')
        batch_op.drop_index('ix_unanswered_question_last_at')

    op.drop_table('unanswered_question')
    with op.batch_alter_table('link_check', schema=None) as batch_op:
        batch_op.drop_index('ix_link_check_why')

    op.drop_table('link_check')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index('ix_article_version_id')
        batch_op.drop_index('ix_article_unit_code')
        batch_op.drop_index('ix_article_changed_at')

    op.drop_table('article')
