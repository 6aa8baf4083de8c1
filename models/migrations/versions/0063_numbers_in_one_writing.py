"""Numbers of other systems that were kept in full width or in letters of both kinds are found by one key."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

AT_ONCE = 5000
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
RECEIPT = sa.table(
    'receipt',
    sa.column('id', sa.Integer),
    sa.column('provider', sa.String),
    sa.column('kind', sa.String),
    sa.column('event_id', sa.String),
    sa.column('received_at', sa.DateTime),
    sa.column('ticket_id', sa.Integer),
    sa.column('result', sa.JSON),
)


def upgrade() -> None:
    """A row beside each contact whose number has another writing; the first of two with one key keeps it."""
    bind, last = op.get_bind(), 0
    insert = (postgresql if bind.dialect.name == 'postgresql' else sqlite).insert(RECEIPT)
    insert = insert.on_conflict_do_nothing(index_elements=['provider', 'kind', 'event_id'])
    while rows := bind.execute(_contacts(last)).all():
        beside = [_beside(row) for row in rows if _has_another_writing(row.event_id)]
        if beside:
            bind.execute(insert, beside)
        last = rows[-1].id


def _contacts(last: int) -> sa.Select:
    one = RECEIPT.c
    wanted = sa.select(one.id, one.provider, one.event_id, one.received_at, one.ticket_id)
    return wanted.where(one.kind == 'contact', one.provider != 'form', one.id > last).order_by(one.id).limit(AT_ONCE)


def _beside(row: sa.Row) -> dict[str, object]:
    return {
        'provider': row.provider,
        'kind': 'folded',
        'event_id': _key(row.event_id)[:120],
        'received_at': row.received_at,
        'ticket_id': row.ticket_id,
        'result': {'number': row.event_id},
    }


def _has_another_writing(number: str) -> bool:
    """Those in capitals or in small letters alone are found without it."""
    key = _key(number)
    return number not in (key, key.upper())


def _key(number: str) -> str:
    """As numbers are folded when this was written."""
    plain = unicodedata.normalize('NFKC', number)
    kept = (sign for sign in plain if not sign.isspace() and not unicodedata.category(sign).startswith('C'))
    return ''.join(kept).translate(DASHES).casefold()


def downgrade() -> None:
    """Rows beside a contact are only for finding it."""
    op.execute(sa.delete(RECEIPT).where(RECEIPT.c.kind == 'folded'))
