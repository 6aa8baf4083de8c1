"""What the program found against a reply, and what it found it by: sketches of words, hashes of pictures, exact places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.db import Base
from models.store.hidden import Hidden, HiddenAlike


class ReplyFinding(Base):
    """One thing that speaks against one reply; it decides nothing. kind: no_call, too_fast, copied, old_photo, came_back, denied.

    evidence: what it rests on: ids of calls, replies, attachments, tickets and surveys, and numbers; never words of people.
    replied_at: when the reply was given. verdict: None until a person has looked, then holds or explained, with words.
    """

    __tablename__ = "reply_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    round: Mapped[int]
    unit_code: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(12))
    found_at: Mapped[datetime]
    replied_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[str | None] = mapped_column(String(12))
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    judged_by_name: Mapped[str | None] = mapped_column(String(64))
    judged_at: Mapped[datetime | None]
    words: Mapped[str | None] = mapped_column(Hidden)

    __table_args__ = (
        Index("uq_reply_finding_once", "reply_id", "kind", unique=True),
        Index("ix_reply_finding_ticket_id", "ticket_id"),
        Index("ix_reply_finding_found_at", "found_at", "id"),
    )


class ReplySketch(Base):
    """The MinHash of a final reply's words. at: when it was given."""

    __tablename__ = "reply_sketch"

    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]
    sketch: Mapped[bytes] = mapped_column(LargeBinary(256))

    __table_args__ = (Index("ix_reply_sketch_unit_code", "unit_code", "at"),)


class PictureHash(Base):
    """The perceptual hash of a reply's picture in four parts of 16 signs; a picture that shows too little has none."""

    __tablename__ = "picture_hash"

    attachment_id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    band0: Mapped[int] = mapped_column(Integer)
    band1: Mapped[int] = mapped_column(Integer)
    band2: Mapped[int] = mapped_column(Integer)
    band3: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_picture_hash_band0", "band0"),
        Index("ix_picture_hash_band1", "band1"),
        Index("ix_picture_hash_band2", "band2"),
        Index("ix_picture_hash_band3", "band3"),
        Index("ix_picture_hash_ticket_id", "ticket_id"),
    )


class ExactSpot(Base):
    """The exact place a ticket speaks of. key: "" when it tells none. fine: a spot, not a whole road. houses: parted by blanks.

    sound: the key as it sounds, in the letters of `classifier.text.pinyin.sounded`; "" in rows of a time before it was kept.
    """

    __tablename__ = "exact_spot"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    key: Mapped[str] = mapped_column(HiddenAlike)
    fine: Mapped[bool] = mapped_column(default=False)
    houses: Mapped[str] = mapped_column(HiddenAlike, default="", server_default="")
    sound: Mapped[str] = mapped_column(HiddenAlike, default="", server_default="")

    __table_args__ = (
        Index("ix_exact_spot_key", "key", "ticket_id"),
        Index("ix_exact_spot_sound", "sound", "ticket_id"),
    )


class Recurrence(Base):
    """A new ticket about what an earlier one called solved: the same place and kind, or the same caller and kind.

    replied_at, unit_code, category_code: of the earlier one. days: whole days from its reply to the new ticket.
    by: place or caller.
    """

    __tablename__ = "recurrence"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32))
    category_code: Mapped[str | None] = mapped_column(String(16))
    replied_at: Mapped[datetime]
    came_at: Mapped[datetime]
    days: Mapped[int]
    by: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        Index("ix_recurrence_earlier_id", "earlier_id", "days"),
        Index("ix_recurrence_came_at", "came_at"),
        Index("ix_recurrence_reply_id", "reply_id"),
    )
