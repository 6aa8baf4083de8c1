"""Replies of one unit that use the same words for different matters."""

from __future__ import annotations

from sqlalchemy import select

from classifier.evidence.shared_words import ALIKE, shares, sketch_of
from hotline.evidence.checks import AT_THE_DESK, Asked
from hotline.evidence.kinds import COPIES, LOOK_BACK, MOST_COMPARED
from hotline.evidence.places import one_matter_with
from models import Reply, ReplySketch

MOST_NAMED = 20


def copied_from(asked: Asked) -> list[int]:
    """The unit's other replies with the same words, the most alike first; what answers a question may be said to everybody."""
    reply = asked.reply
    if asked.ticket.request_type in AT_THE_DESK or reply.beyond_duty:
        return []
    sketch = _sketch(asked)
    if sketch is None:
        return []
    others = asked.db.execute(
        select(ReplySketch.reply_id, ReplySketch.ticket_id, ReplySketch.sketch)
        .where(
            ReplySketch.unit_code == reply.unit_code,
            ReplySketch.at > reply.at - LOOK_BACK,
            ReplySketch.at < reply.at + LOOK_BACK,
            ReplySketch.ticket_id != asked.ticket.id,
        )
        .order_by(ReplySketch.at.desc())
        .limit(MOST_COMPARED)
    ).all()
    shared = shares(sketch, [row.sketch for row in others])
    alike = sorted(
        ((float(share), row) for share, row in zip(shared, others, strict=True) if share >= ALIKE),
        key=lambda pair: (-pair[0], pair[1].reply_id),
    )
    if len(alike) < COPIES:
        return []
    own = one_matter_with(asked.db, asked.ticket, {row.ticket_id for _share, row in alike})
    kept = {row.ticket_id: row.reply_id for _share, row in reversed(alike) if row.ticket_id not in own}
    return list(kept.values())[::-1][:MOST_NAMED] if len(kept) >= COPIES else []


def _sketch(asked: Asked) -> bytes | None:
    """Kept once for each reply; one that says too little has none."""
    held = asked.db.get(ReplySketch, asked.reply.id)
    if held is not None:
        return held.sketch
    made = sketch_of(asked.reply.facts or "", asked.reply.measures or "", asked.reply.public_answer or "")
    if made is None:
        return None
    asked.db.add(
        ReplySketch(
            reply_id=asked.reply.id,
            ticket_id=asked.ticket.id,
            unit_code=asked.reply.unit_code,
            at=asked.reply.at,
            sketch=made,
        )
    )
    asked.db.flush()
    return made


def replies_of(asked: Asked, ids: list[int]) -> list[Reply]:
    return list(asked.db.scalars(select(Reply).where(Reply.id.in_(ids))))
