"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_token',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_used_at', sa.DateTime(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest'))
    )
    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('deed', sa.String(length=32), nullable=False),
    sa.Column('actor_kind', sa.String(length=8), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor_name', sa.String(length=64), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject', sa.String(length=120), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index('ix_audit_actor_id', 'audit', ['actor_id', 'at'], unique=False)
    op.create_index('ix_audit_at', 'audit', ['at'], unique=False)
    op.create_index('ix_audit_ticket_id', 'audit', ['ticket_id'], unique=False)
    op.create_table('category',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('name_en', sa.String(length=96), nullable=False),
    sa.Column('parent_code', sa.String(length=16), nullable=True),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['parent_code'], ['category.code'], name=op.f('fk_category_parent_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_category'))
    )
    op.create_table('citizen',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('no_texts', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('erased_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen')),
    sa.UniqueConstraint('phone', name=op.f('uq_citizen_phone'))
    )
    op.create_table('city_release',
    sa.Column('release', sa.String(length=16), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('loaded_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('release', name=op.f('pk_city_release'))
    )
    op.create_table('hot_spot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('area', sa.String(length=32), nullable=True),
    sa.Column('place', sa.String(length=64), nullable=True),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('first_at', sa.DateTime(), nullable=False),
    sa.Column('last_at', sa.DateTime(), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('people', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('heat', sa.Double(), nullable=False),
    sa.Column('trend', sa.Double(), nullable=False),
    sa.Column('looked_at', sa.DateTime(), nullable=False),
    sa.Column('warned_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hot_spot')),
    sa.UniqueConstraint('key', name=op.f('uq_hot_spot_key'))
    )
    op.create_index('ix_hot_spot_closed_at', 'hot_spot', ['closed_at', 'heat'], unique=False)
    op.create_table('inbound',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('handled_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound'))
    )
    op.create_index('ix_inbound_state', 'inbound', ['state', 'received_at'], unique=False)
    op.create_table('job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('promised_at', sa.DateTime(), nullable=False),
    sa.Column('run_at', sa.DateTime(), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('failed_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    op.create_index('ix_job_failed_at', 'job', ['failed_at'], unique=False)
    op.create_index('ix_job_ticket_id', 'job', ['ticket_id'], unique=False)
    op.create_index('ix_job_waiting', 'job', ['run_at', 'id'], unique=False, sqlite_where=sa.text('done_at IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('done_at IS NULL AND failed_at IS NULL'))
    op.create_table('receipt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('event_id', sa.String(length=120), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt'))
    )
    op.create_index('uq_receipt', 'receipt', ['provider', 'kind', 'event_id'], unique=True)
    op.create_table('seal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('log', sa.String(length=16), nullable=False),
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal')),
    sa.UniqueConstraint('hash', name=op.f('uq_seal_hash'))
    )
    op.create_index('uq_seal_log', 'seal', ['log', 'last_id'], unique=True)
    op.create_table('unit',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('name_en', sa.String(length=96), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('parent_code', sa.String(length=32), nullable=True),
    sa.Column('area', sa.String(length=32), nullable=True),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['parent_code'], ['unit.code'], name=op.f('fk_unit_parent_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_unit'))
    )
    op.create_index('ix_unit_parent_code', 'unit', ['parent_code'], unique=False)
    op.create_table('staff',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('login', sa.String(length=48), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('phone', sa.String(length=32), nullable=True),
    sa.Column('extension', sa.String(length=16), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('on_duty', sa.Boolean(), nullable=False),
    sa.Column('notices_read_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_login_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['unit_code'], ['unit.code'], name=op.f('fk_staff_unit_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('login', name=op.f('uq_staff_login'))
    )
    op.create_index('ix_staff_unit_code', 'staff', ['unit_code'], unique=False)
    op.create_table('draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_draft_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    op.create_index('uq_draft_key', 'draft', ['staff_id', 'key'], unique=True)
    op.create_table('login_session',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('browser', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_login_session_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session'))
    )
    op.create_index('ix_login_session_seen_at', 'login_session', ['seen_at'], unique=False)
    op.create_index('ix_login_session_staff_id', 'login_session', ['staff_id', 'created_at'], unique=False)
    op.create_table('saved_view',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('query', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_saved_view_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view'))
    )
    op.create_index('ix_saved_view_staff_id', 'saved_view', ['staff_id'], unique=False)
    op.create_table('ticket',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('query_code', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('turn', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(length=24), nullable=False),
    sa.Column('outer_source', sa.String(length=32), nullable=True),
    sa.Column('outer_number', sa.String(length=64), nullable=True),
    sa.Column('outer_due_at', sa.DateTime(), nullable=True),
    sa.Column('town_code', sa.String(length=32), nullable=True),
    sa.Column('call_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('request_type', sa.String(length=16), nullable=False),
    sa.Column('urgency', sa.String(length=16), nullable=False),
    sa.Column('privacy', sa.String(length=8), nullable=False),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('area', sa.String(length=32), nullable=True),
    sa.Column('street', sa.String(length=64), nullable=True),
    sa.Column('citizen_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_name', sa.String(length=64), nullable=True),
    sa.Column('contact_phone', sa.String(length=32), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('desk_code', sa.String(length=32), nullable=True),
    sa.Column('agent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('wait_until', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=True),
    sa.Column('dispatched_at', sa.DateTime(), nullable=True),
    sa.Column('signed_at', sa.DateTime(), nullable=True),
    sa.Column('contacted_at', sa.DateTime(), nullable=True),
    sa.Column('replied_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('moved_at', sa.DateTime(), nullable=False),
    sa.Column('close_kind', sa.String(length=16), nullable=True),
    sa.Column('must_sign', sa.Boolean(), nullable=False),
    sa.Column('binding', sa.Boolean(), nullable=False),
    sa.Column('auto_signed', sa.Boolean(), nullable=False),
    sa.Column('auto_dispatched', sa.Boolean(), nullable=False),
    sa.Column('asking_more', sa.Boolean(), nullable=False),
    sa.Column('dissatisfied', sa.Boolean(), nullable=False),
    sa.Column('supervised', sa.Boolean(), nullable=False),
    sa.Column('for_discipline', sa.Boolean(), nullable=False),
    sa.Column('for_media', sa.Boolean(), nullable=False),
    sa.Column('excluded', sa.Boolean(), nullable=False),
    sa.Column('safety', sa.Boolean(), nullable=False),
    sa.Column('card', sa.String(length=8), nullable=True),
    sa.Column('urges', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('returns', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('extensions', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('split_from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('left_at', sa.DateTime(), nullable=True),
    sa.Column('quiet', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['staff.id'], name=op.f('fk_ticket_agent_id')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_ticket_call_id'), use_alter=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], name=op.f('fk_ticket_citizen_id')),
    sa.ForeignKeyConstraint(['desk_code'], ['unit.code'], name=op.f('fk_ticket_desk_code')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['ticket.id'], name=op.f('fk_ticket_merged_into_id')),
    sa.ForeignKeyConstraint(['split_from_id'], ['ticket.id'], name=op.f('fk_ticket_split_from_id')),
    sa.ForeignKeyConstraint(['unit_code'], ['unit.code'], name=op.f('fk_ticket_unit_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
    sa.UniqueConstraint('number', name=op.f('uq_ticket_number'))
    )
    op.create_index('ix_ticket_agent_id', 'ticket', ['agent_id', 'id'], unique=False)
    op.create_index('ix_ticket_category_code', 'ticket', ['category_code', 'id'], unique=False)
    op.create_index('ix_ticket_citizen_id', 'ticket', ['citizen_id', 'id'], unique=False)
    op.create_index('ix_ticket_closed_at', 'ticket', ['closed_at'], unique=False)
    op.create_index('ix_ticket_contact_name', 'ticket', ['contact_name', 'id'], unique=False)
    op.create_index('ix_ticket_contact_phone', 'ticket', ['contact_phone', 'id'], unique=False)
    op.create_index('ix_ticket_created_at', 'ticket', ['created_at'], unique=False)
    op.create_index('ix_ticket_dispatched_at', 'ticket', ['dispatched_at'], unique=False)
    op.create_index('ix_ticket_merged_into_id', 'ticket', ['merged_into_id'], unique=False)
    op.create_index('ix_ticket_open_area', 'ticket', ['area', 'created_at'], unique=False, sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.create_index('ix_ticket_open_desk', 'ticket', ['desk_code', 'state', 'due_at'], unique=False, sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.create_index('ix_ticket_open_due', 'ticket', ['due_at', 'id'], unique=False, sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.create_index('ix_ticket_open_state', 'ticket', ['state', 'due_at', 'id'], unique=False, sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.create_index('ix_ticket_open_unit', 'ticket', ['unit_code', 'state', 'due_at'], unique=False, sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.create_index('ix_ticket_split_from_id', 'ticket', ['split_from_id'], unique=False)
    op.create_index('ix_ticket_unit_code', 'ticket', ['unit_code', 'id'], unique=False)
    op.create_index('uq_ticket_outer', 'ticket', ['outer_source', 'outer_number'], unique=True)
    op.create_table('assignment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('report', sa.Text(), nullable=True),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('end_reason', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_assignment_ticket_id')),
    sa.ForeignKeyConstraint(['unit_code'], ['unit.code'], name=op.f('fk_assignment_unit_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    op.create_index('ix_assignment_ticket_id', 'assignment', ['ticket_id'], unique=False)
    op.create_index('ix_assignment_unit_code', 'assignment', ['unit_code', 'ended_at', 'ticket_id'], unique=False)
    op.create_table('call',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('provider_id', sa.String(length=64), nullable=False),
    sa.Column('from_phone', sa.String(length=32), nullable=False),
    sa.Column('to_phone', sa.String(length=32), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_agent', sa.Boolean(), nullable=False),
    sa.Column('agent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('agent_leg', sa.String(length=64), nullable=True),
    sa.Column('citizen_leg', sa.String(length=64), nullable=True),
    sa.Column('citizen_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('called_back_at', sa.DateTime(), nullable=True),
    sa.Column('transferred_to', sa.String(length=32), nullable=True),
    sa.Column('room_at', sa.DateTime(), nullable=True),
    sa.Column('purpose', sa.String(length=12), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.Column('back_to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rating', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rated_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['staff.id'], name=op.f('fk_call_agent_id')),
    sa.ForeignKeyConstraint(['back_to_id'], ['call.id'], name=op.f('fk_call_back_to_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], name=op.f('fk_call_citizen_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_call_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call'))
    )
    op.create_index('ix_call_agent_id', 'call', ['agent_id', 'started_at'], unique=False)
    op.create_index('ix_call_back_to_id', 'call', ['back_to_id'], unique=False)
    op.create_index('ix_call_from_phone', 'call', ['from_phone', 'id'], unique=False)
    op.create_index('ix_call_started_at', 'call', ['started_at'], unique=False)
    op.create_index('ix_call_state', 'call', ['state', 'started_at'], unique=False)
    op.create_index('ix_call_ticket_id', 'call', ['ticket_id'], unique=False)
    op.create_index('uq_call_provider', 'call', ['provider', 'provider_id'], unique=True)
    op.create_table('deadline',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clock', sa.String(length=16), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('limit', sa.String(length=16), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('first_due_at', sa.DateTime(), nullable=False),
    sa.Column('ring_at', sa.DateTime(), nullable=True),
    sa.Column('bell', sa.String(length=16), nullable=True),
    sa.Column('rung', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stopped_at', sa.DateTime(), nullable=True),
    sa.Column('met', sa.Boolean(), nullable=True),
    sa.Column('end_reason', sa.String(length=16), nullable=True),
    sa.Column('release', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_deadline_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline'))
    )
    op.create_index('ix_deadline_clock_due_at', 'deadline', ['clock', 'due_at'], unique=False)
    op.create_index('ix_deadline_clock_started_at', 'deadline', ['clock', 'started_at'], unique=False)
    op.create_index('ix_deadline_ring_at', 'deadline', ['ring_at'], unique=False, sqlite_where=sa.text('ring_at IS NOT NULL'), postgresql_where=sa.text('ring_at IS NOT NULL'))
    op.create_index('ix_deadline_ticket_id', 'deadline', ['ticket_id', 'clock'], unique=False)
    op.create_table('hot_ticket',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('spot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['spot_id'], ['hot_spot.id'], name=op.f('fk_hot_ticket_spot_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_hot_ticket_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_hot_ticket'))
    )
    op.create_index('ix_hot_ticket_spot_id', 'hot_ticket', ['spot_id'], unique=False)
    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('citizen_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('role', sa.String(length=16), nullable=True),
    sa.Column('direction', sa.String(length=4), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('phone', sa.String(length=32), nullable=True),
    sa.Column('template_key', sa.String(length=48), nullable=True),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=True),
    sa.Column('provider_id', sa.String(length=64), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('delivered_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], name=op.f('fk_message_citizen_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_message_staff_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_message_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    op.create_index('ix_message_phone', 'message', ['phone', 'id'], unique=False)
    op.create_index('ix_message_provider_id', 'message', ['provider_id'], unique=False)
    op.create_index('ix_message_role', 'message', ['role', 'unit_code', 'id'], unique=False, sqlite_where=sa.text('role IS NOT NULL'), postgresql_where=sa.text('role IS NOT NULL'))
    op.create_index('ix_message_staff_id', 'message', ['staff_id', 'id'], unique=False, sqlite_where=sa.text('staff_id IS NOT NULL'), postgresql_where=sa.text('staff_id IS NOT NULL'))
    op.create_index('ix_message_state', 'message', ['state', 'created_at'], unique=False)
    op.create_index('ix_message_ticket_id', 'message', ['ticket_id', 'id'], unique=False)
    op.create_index('ix_message_unit_code', 'message', ['unit_code', 'id'], unique=False, sqlite_where=sa.text('unit_code IS NOT NULL'), postgresql_where=sa.text('unit_code IS NOT NULL'))
    op.create_table('petition',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_by_name', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['staff.id'], name=op.f('fk_petition_asked_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_petition_decided_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_petition_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_petition'))
    )
    op.create_index('ix_petition_state_kind', 'petition', ['state', 'kind', 'asked_at'], unique=False)
    op.create_index('ix_petition_ticket_id', 'petition', ['ticket_id'], unique=False)
    op.create_index('uq_petition_open', 'petition', ['ticket_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))
    op.create_table('precedent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('area', sa.String(length=32), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('ruled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['staff.id'], name=op.f('fk_precedent_ruled_by_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_precedent_ticket_id')),
    sa.ForeignKeyConstraint(['unit_code'], ['unit.code'], name=op.f('fk_precedent_unit_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_precedent'))
    )
    op.create_index('ix_precedent_category_code', 'precedent', ['category_code', 'area'], unique=False)
    op.create_table('proposal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('model', sa.String(length=64), nullable=False),
    sa.Column('release', sa.String(length=16), nullable=False),
    sa.Column('ranked', sa.JSON(), nullable=False),
    sa.Column('category_code', sa.String(length=16), nullable=True),
    sa.Column('request_type', sa.String(length=16), nullable=True),
    sa.Column('urgency', sa.String(length=16), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('helpers', sa.JSON(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('rule_id', sa.String(length=64), nullable=True),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('sure', sa.Boolean(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_proposal_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index('ix_proposal_at', 'proposal', ['at'], unique=False)
    op.create_index('ix_proposal_ticket_id', 'proposal', ['ticket_id', 'id'], unique=False)
    op.create_table('reply',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('truth', sa.String(length=8), nullable=True),
    sa.Column('contacted', sa.Boolean(), nullable=True),
    sa.Column('contact_how', sa.String(length=16), nullable=True),
    sa.Column('contacted_at', sa.DateTime(), nullable=True),
    sa.Column('no_contact_reason', sa.String(length=300), nullable=True),
    sa.Column('answered_citizen', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('facts', sa.Text(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(length=8), nullable=True),
    sa.Column('outcome_reason', sa.Text(), nullable=True),
    sa.Column('beyond_duty', sa.Boolean(), nullable=False),
    sa.Column('beyond_kind', sa.String(length=16), nullable=True),
    sa.Column('legal_basis', sa.Text(), nullable=True),
    sa.Column('handler', sa.String(length=64), nullable=True),
    sa.Column('signed_off_by', sa.String(length=64), nullable=True),
    sa.Column('public_answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_reply_author_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_reply_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply'))
    )
    op.create_index('ix_reply_ticket_id', 'reply', ['ticket_id', 'id'], unique=False)
    op.create_table('survey',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('own_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('citizen_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('asked_by', sa.String(length=8), nullable=False),
    sa.Column('reminded_at', sa.DateTime(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('answered_by', sa.String(length=8), nullable=True),
    sa.Column('keyed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contacted', sa.Boolean(), nullable=True),
    sa.Column('solved', sa.String(length=8), nullable=True),
    sa.Column('result', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('attitude', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('scale', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('valid', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizen.id'], name=op.f('fk_survey_citizen_id')),
    sa.ForeignKeyConstraint(['keyed_by_id'], ['staff.id'], name=op.f('fk_survey_keyed_by_id')),
    sa.ForeignKeyConstraint(['own_id'], ['ticket.id'], name=op.f('fk_survey_own_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_survey_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('token', name=op.f('uq_survey_token'))
    )
    op.create_index('ix_survey_answered_at', 'survey', ['answered_at'], unique=False)
    op.create_index('ix_survey_asked_at', 'survey', ['asked_at'], unique=False)
    op.create_index('ix_survey_citizen_id', 'survey', ['citizen_id', 'id'], unique=False)
    op.create_index('ix_survey_own_id', 'survey', ['own_id'], unique=False)
    op.create_index('uq_survey_once', 'survey', ['ticket_id', 'round', 'own_id'], unique=True)
    op.create_table('ticket_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('action', sa.String(length=24), nullable=False),
    sa.Column('from_state', sa.String(length=16), nullable=True),
    sa.Column('to_state', sa.String(length=16), nullable=False),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('actor_kind', sa.String(length=8), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor_name', sa.String(length=64), nullable=False),
    sa.Column('actor_unit', sa.String(length=32), nullable=True),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['staff.id'], name=op.f('fk_ticket_event_actor_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_event_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_event'))
    )
    op.create_index('ix_ticket_event_action_at', 'ticket_event', ['action', 'at'], unique=False)
    op.create_index('ix_ticket_event_actor_id', 'ticket_event', ['actor_id', 'at'], unique=False)
    op.create_index('ix_ticket_event_ticket_id', 'ticket_event', ['ticket_id', 'id'], unique=False)
    op.create_table('ticket_text',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=True),
    sa.Column('public_title', sa.String(length=200), nullable=True),
    sa.Column('public_body', sa.Text(), nullable=True),
    sa.Column('public_answer', sa.Text(), nullable=True),
    sa.Column('extra', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_text_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_text'))
    )
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reply_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('draft_key', sa.String(length=80), nullable=True),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('stored_as', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('added_by_name', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('removed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['staff.id'], name=op.f('fk_attachment_added_by_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_attachment_reply_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_attachment_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_attachment_stored_as'))
    )
    op.create_index('ix_attachment_draft_key', 'attachment', ['draft_key'], unique=False)
    op.create_index('ix_attachment_ticket_id', 'attachment', ['ticket_id'], unique=False)
    op.create_table('call_leg',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=40), nullable=False),
    sa.Column('to', sa.String(length=32), nullable=False),
    sa.Column('provider_id', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('connected_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_leg_call_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_call_leg_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_leg')),
    sa.UniqueConstraint('ref', name=op.f('uq_call_leg_ref'))
    )
    op.create_index('ix_call_leg_call_id', 'call_leg', ['call_id'], unique=False)
    op.create_index('ix_call_leg_started_at', 'call_leg', ['started_at'], unique=False)
    op.create_table('correction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('about', sa.String(length=16), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('proposed', sa.String(length=64), nullable=True),
    sa.Column('chosen', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_correction_proposal_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_correction_staff_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_correction_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    op.create_index('ix_correction_at', 'correction', ['at'], unique=False)
    op.create_index('ix_correction_ticket_id', 'correction', ['ticket_id'], unique=False)
    op.create_table('notice_reading',
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_notice_reading_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_notice_reading_staff_id')),
    sa.PrimaryKeyConstraint('staff_id', 'message_id', name=op.f('pk_notice_reading'))
    )
    op.create_index('ix_notice_reading_message_id', 'notice_reading', ['message_id'], unique=False)
    op.create_table('pause',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_pause_deadline_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    op.create_index('ix_pause_deadline_id', 'pause', ['deadline_id'], unique=False)
    op.create_table('review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reply_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('round', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_code', sa.String(length=32), nullable=True),
    sa.Column('reviewer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('checklist', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('release', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_review_reply_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['staff.id'], name=op.f('fk_review_reviewer_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_review_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    op.create_index('ix_review_at', 'review', ['at'], unique=False)
    op.create_index('ix_review_ticket_id', 'review', ['ticket_id', 'id'], unique=False)
    if op.get_bind().dialect.name != 'sqlite':
        op.create_foreign_key('fk_ticket_call_id', 'ticket', 'call', ['call_id'], ['id'])


def downgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        op.drop_constraint('fk_ticket_call_id', 'ticket')
    op.drop_index('ix_review_ticket_id', table_name='review')
    op.drop_index('ix_review_at', table_name='review')
    op.drop_table('review')
    op.drop_index('ix_pause_deadline_id', table_name='pause')
    op.drop_table('pause')
    op.drop_index('ix_notice_reading_message_id', table_name='notice_reading')
    op.drop_table('notice_reading')
    op.drop_index('ix_correction_ticket_id', table_name='correction')
    op.drop_index('ix_correction_at', table_name='correction')
    op.drop_table('correction')
    op.drop_index('ix_call_leg_started_at', table_name='call_leg')
    op.drop_index('ix_call_leg_call_id', table_name='call_leg')
    op.drop_table('call_leg')
    op.drop_index('ix_attachment_ticket_id', table_name='attachment')
    op.drop_index('ix_attachment_draft_key', table_name='attachment')
    op.drop_table('attachment')
    op.drop_table('ticket_text')
    op.drop_index('ix_ticket_event_ticket_id', table_name='ticket_event')
    op.drop_index('ix_ticket_event_actor_id', table_name='ticket_event')
    op.drop_index('ix_ticket_event_action_at', table_name='ticket_event')
    op.drop_table('ticket_event')
    op.drop_index('uq_survey_once', table_name='survey')
    op.drop_index('ix_survey_own_id', table_name='survey')
    op.drop_index('ix_survey_citizen_id', table_name='survey')
    op.drop_index('ix_survey_asked_at', table_name='survey')
    op.drop_index('ix_survey_answered_at', table_name='survey')
    op.drop_table('survey')
    op.drop_index('ix_reply_ticket_id', table_name='reply')
    op.drop_table('reply')
    op.drop_index('ix_proposal_ticket_id', table_name='proposal')
    op.drop_index('ix_proposal_at', table_name='proposal')
    op.drop_table('proposal')
    op.drop_index('ix_precedent_category_code', table_name='precedent')
    op.drop_table('precedent')
    op.drop_index('uq_petition_open', table_name='petition', sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))
    op.drop_index('ix_petition_ticket_id', table_name='petition')
    op.drop_index('ix_petition_state_kind', table_name='petition')
    op.drop_table('petition')
    op.drop_index('ix_message_unit_code', table_name='message', sqlite_where=sa.text('unit_code IS NOT NULL'), postgresql_where=sa.text('unit_code IS NOT NULL'))
    op.drop_index('ix_message_ticket_id', table_name='message')
    op.drop_index('ix_message_state', table_name='message')
    op.drop_index('ix_message_staff_id', table_name='message', sqlite_where=sa.text('staff_id IS NOT NULL'), postgresql_where=sa.text('staff_id IS NOT NULL'))
    op.drop_index('ix_message_role', table_name='message', sqlite_where=sa.text('role IS NOT NULL'), postgresql_where=sa.text('role IS NOT NULL'))
    op.drop_index('ix_message_provider_id', table_name='message')
    op.drop_index('ix_message_phone', table_name='message')
    op.drop_table('message')
    op.drop_index('ix_hot_ticket_spot_id', table_name='hot_ticket')
    op.drop_table('hot_ticket')
    op.drop_index('ix_deadline_ticket_id', table_name='deadline')
    op.drop_index('ix_deadline_ring_at', table_name='deadline', sqlite_where=sa.text('ring_at IS NOT NULL'), postgresql_where=sa.text('ring_at IS NOT NULL'))
    op.drop_index('ix_deadline_clock_started_at', table_name='deadline')
    op.drop_index('ix_deadline_clock_due_at', table_name='deadline')
    op.drop_table('deadline')
    op.drop_index('uq_call_provider', table_name='call')
    op.drop_index('ix_call_ticket_id', table_name='call')
    op.drop_index('ix_call_state', table_name='call')
    op.drop_index('ix_call_started_at', table_name='call')
    op.drop_index('ix_call_from_phone', table_name='call')
    op.drop_index('ix_call_back_to_id', table_name='call')
    op.drop_index('ix_call_agent_id', table_name='call')
    op.drop_table('call')
    op.drop_index('ix_assignment_unit_code', table_name='assignment')
    op.drop_index('ix_assignment_ticket_id', table_name='assignment')
    op.drop_table('assignment')
    op.drop_index('uq_ticket_outer', table_name='ticket')
    op.drop_index('ix_ticket_unit_code', table_name='ticket')
    op.drop_index('ix_ticket_split_from_id', table_name='ticket')
    op.drop_index('ix_ticket_open_unit', table_name='ticket', sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.drop_index('ix_ticket_open_state', table_name='ticket', sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.drop_index('ix_ticket_open_due', table_name='ticket', sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.drop_index('ix_ticket_open_desk', table_name='ticket', sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.drop_index('ix_ticket_open_area', table_name='ticket', sqlite_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"), postgresql_where=sa.text("state NOT IN ('closed','archived','merged','declined','transferred','void')"))
    op.drop_index('ix_ticket_merged_into_id', table_name='ticket')
    op.drop_index('ix_ticket_dispatched_at', table_name='ticket')
    op.drop_index('ix_ticket_created_at', table_name='ticket')
    op.drop_index('ix_ticket_contact_phone', table_name='ticket')
    op.drop_index('ix_ticket_contact_name', table_name='ticket')
    op.drop_index('ix_ticket_closed_at', table_name='ticket')
    op.drop_index('ix_ticket_citizen_id', table_name='ticket')
    op.drop_index('ix_ticket_category_code', table_name='ticket')
    op.drop_index('ix_ticket_agent_id', table_name='ticket')
    op.drop_table('ticket')
    op.drop_index('ix_saved_view_staff_id', table_name='saved_view')
    op.drop_table('saved_view')
    op.drop_index('ix_login_session_staff_id', table_name='login_session')
    op.drop_index('ix_login_session_seen_at', table_name='login_session')
    op.drop_table('login_session')
    op.drop_index('uq_draft_key', table_name='draft')
    op.drop_table('draft')
    op.drop_index('ix_staff_unit_code', table_name='staff')
    op.drop_table('staff')
    op.drop_index('ix_unit_parent_code', table_name='unit')
    op.drop_table('unit')
    op.drop_index('uq_seal_log', table_name='seal')
    op.drop_table('seal')
    op.drop_index('uq_receipt', table_name='receipt')
    op.drop_table('receipt')
    op.drop_index('ix_job_waiting', table_name='job', sqlite_where=sa.text('done_at IS NULL AND failed_at IS NULL'), postgresql_where=sa.text('done_at IS NULL AND failed_at IS NULL'))
    op.drop_index('ix_job_ticket_id', table_name='job')
    op.drop_index('ix_job_failed_at', table_name='job')
    op.drop_table('job')
    op.drop_index('ix_inbound_state', table_name='inbound')
    op.drop_table('inbound')
    op.drop_index('ix_hot_spot_closed_at', table_name='hot_spot')
    op.drop_table('hot_spot')
    op.drop_table('city_release')
    op.drop_table('citizen')
    op.drop_table('category')
    op.drop_index('ix_audit_ticket_id', table_name='audit')
    op.drop_index('ix_audit_at', table_name='audit')
    op.drop_index('ix_audit_actor_id', table_name='audit')
    op.drop_table('audit')
    op.drop_table('api_token')
