"""What the last round was sent back for, and whether a new reply says anything that the old one did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.replies.changes import Comparison, compare
from models import Reply, Review, Ticket

PARTS = ("facts", "measures", "outcome_reason", "public_answer")
"""The parts of the form that tell what was found and done."""

WORDLESS = frozenset({"R03", "R04", "R05", "R12", "R14", "R15", "R16"})
"""Reasons that are mended without other words: contact, evidence, signature, a name that is taken out."""


@dataclass(frozen=True)
class SentBack:
    """The reply of the round before and the review that sent it back (None: the citizen or a supervisor did)."""

    reply: Reply
    review: Review | None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.review.reasons or ()) if self.review else ()


def last_sent_back(db: Session, ticket: Ticket) -> SentBack | None:
    """None in the first round."""
    if ticket.round < 2:
        return None
    earlier = (Reply.ticket_id == ticket.id, Reply.kind == "final", Reply.round < ticket.round)
    reply = db.scalar(select(Reply).where(*earlier).order_by(Reply.id.desc()).limit(1))
    if reply is None:
        return None
    sent = (Review.ticket_id == ticket.id, Review.round == reply.round, Review.verdict == "redo")
    return SentBack(reply, db.scalar(select(Review).where(*sent).order_by(Review.id.desc()).limit(1)))


def sent_back_of(replies: Sequence[Reply], reviews: Sequence[Review]) -> SentBack | None:
    """The same from rows already read: the final replies and the reviews of earlier rounds, oldest first."""
    if not replies:
        return None
    reply = replies[-1]
    return SentBack(
        reply, next((one for one in reversed(reviews) if one.verdict == "redo" and one.round == reply.round), None)
    )


def written(fields: Mapping[str, Any], names: tuple[str, ...] = PARTS) -> str:
    """What stands in these parts of the form, as one text of whole sentences, each part once."""
    parts = dict.fromkeys(str(fields.get(name) or "").strip() for name in names)
    return "\n".join(part if part[-1] in "。！？!?.；;" else part + "。" for part in parts if part)


def words_of(reply: Reply) -> str:
    """The same of a stored reply."""
    return written({name: getattr(reply, name) for name in PARTS})


def compared(before: SentBack, fields: Mapping[str, Any]) -> Comparison:
    """What the new form says that the reply sent back did not."""
    return compare(words_of(before.reply), written(fields))


def asks_for_words(before: SentBack, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Of the reasons of the send-back those that only other words can answer."""
    basis = str(fields.get("legal_basis") or "").strip()
    named = basis and basis != (before.reply.legal_basis or "").strip()
    return tuple(code for code in before.codes if code not in WORDLESS and not (code == "R06" and named))
