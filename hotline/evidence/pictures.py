"""Pictures of a reply that were shown before, for another matter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select

from classifier.evidence.picture_hash import SAME, bands, distance, near_band, picture_hash, turned
from hotline.evidence.checks import Asked
from hotline.evidence.places import one_matter_with
from hotline.keys import hidden_files
from models import Attachment, PictureHash
from models.store.hidden import Ring, ring_of
from models.tickets.attachment import INFECTED


@dataclass(frozen=True)
class Shown:
    """picture: of this reply. before: the attachment it was already, and that one's ticket. differs: of 64 signs."""

    picture: int
    before: int
    ticket: int
    differs: int


def shown_before(asked: Asked, folder: Path) -> Shown | None:
    """The first picture of this reply that an earlier reply to another matter had. folder: where the bytes lie."""
    mine = asked.db.scalars(
        select(Attachment)
        .where(
            Attachment.reply_id == asked.reply.id,
            Attachment.removed_at.is_(None),
            Attachment.media_type.startswith("image/"),
        )
        .order_by(Attachment.id)
    ).all()
    return next((found for one in mine if (found := _before(asked, folder, one)) is not None), None)


def _before(asked: Asked, folder: Path, one: Attachment) -> Shown | None:
    candidates = _exact(asked, one) + _alike(asked, folder, one)
    own = one_matter_with(asked.db, asked.ticket, {found.ticket for found in candidates})
    return next((found for found in candidates if found.ticket not in own), None)


def _exact(asked: Asked, one: Attachment) -> list[Shown]:
    """The very same bytes: also of pictures that nobody here can open (HEIC). A picture that shows nothing says nothing."""
    rows = asked.db.execute(
        select(Attachment.id, Attachment.ticket_id)
        .join(PictureHash, PictureHash.attachment_id == Attachment.id, isouter=True)
        .where(
            Attachment.sha256 == one.sha256,
            Attachment.size == one.size,
            Attachment.id < one.id,
            Attachment.reply_id.is_not(None),
            Attachment.ticket_id != asked.ticket.id,
            or_(PictureHash.attachment_id.is_not(None), Attachment.media_type.in_(("image/heic", "image/heif"))),
        )
        .limit(20)
    )
    return [Shown(one.id, row.id, row.ticket_id, 0) for row in rows]


def _alike(asked: Asked, folder: Path, one: Attachment) -> list[Shown]:
    """What shows the same, also mirrored or turned."""
    number = _hash(asked, folder, one)
    if number is None:
        return []
    columns = (PictureHash.band0, PictureHash.band1, PictureHash.band2, PictureHash.band3)
    ways = turned(number)
    parts = [{near for way in ways for near in near_band(bands(way)[at])} for at in range(len(columns))]
    near = [column.in_(part) for column, part in zip(columns, parts, strict=True)]
    rows = asked.db.scalars(
        select(PictureHash).where(
            or_(*near), PictureHash.attachment_id < one.id, PictureHash.ticket_id != asked.ticket.id
        )
    )
    found = [
        Shown(one.id, row.attachment_id, row.ticket_id, min(distance(way, _whole(row)) for way in ways)) for row in rows
    ]
    return sorted((each for each in found if each.differs <= SAME), key=lambda each: (each.differs, -each.before))


def _hash(asked: Asked, folder: Path, one: Attachment) -> int | None:
    """Kept once for each picture that shows enough."""
    held = asked.db.get(PictureHash, one.id)
    if held is not None:
        return _whole(held)
    path, ring = folder / one.stored_as, ring_of(asked.db.get_bind())
    sound = one.checked != INFECTED and hidden_files.is_there(path, ring)
    made = picture_hash(_bytes(path, ring)) if sound else None
    if made is None:
        return None
    parts = bands(made)
    asked.db.add(
        PictureHash(
            attachment_id=one.id,
            ticket_id=asked.ticket.id,
            band0=parts[0],
            band1=parts[1],
            band2=parts[2],
            band3=parts[3],
        )
    )
    asked.db.flush()
    return made


def _bytes(path: Path, ring: Ring) -> bytes:
    with hidden_files.opened(path, ring) as file:
        return file.read()


def _whole(row: PictureHash) -> int:
    return row.band0 | row.band1 << 16 | row.band2 << 32 | row.band3 << 48
