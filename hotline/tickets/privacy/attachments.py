"""Files that belong to tickets: checked by their own bytes, stored outside the web root under random names, never run."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import _
from hotline.ops.health import KEPT_FREE, free_space
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import Actor, Role
from models import Attachment, Ticket

log = logging.getLogger(__name__)
HEAD = 64
CHUNK = 1 << 20


class StorageFull(Refusal):
    """The disk cannot take the file (HTTP 507)."""

    status = 507
    usual_code = "storage_full"


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken. inline: a browser may show it in its own window."""

    media_type: str
    endings: tuple[str, ...]
    family: str
    inline: bool = True


JPEG = Kind("image/jpeg", ("jpg", "jpeg"), "image")
PNG = Kind("image/png", ("png",), "image")
GIF = Kind("image/gif", ("gif",), "image")
WEBP = Kind("image/webp", ("webp",), "image")
HEIC = Kind("image/heic", ("heic", "heif"), "image", inline=False)
PDF = Kind("application/pdf", ("pdf",), "document", inline=False)
MP3 = Kind("audio/mpeg", ("mp3",), "audio")
WAV = Kind("audio/wav", ("wav",), "audio")
M4A = Kind("audio/mp4", ("m4a", "mp4a", "aac"), "audio")
OGG = Kind("audio/ogg", ("ogg", "oga", "opus"), "audio")
AMR = Kind("audio/amr", ("amr",), "audio")
KINDS = (JPEG, PNG, GIF, WEBP, HEIC, PDF, MP3, WAV, M4A, OGG, AMR)
ACCEPT = ".jpg,.jpeg,.png,.gif,.webp,.heic,.heif,.pdf,.mp3,.wav,.m4a,.ogg,.amr"
"""For the browser's file window."""

_OPENINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"OggS", OGG),
    (b"#!AMR", AMR),
)
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"heim": HEIC,
    b"hevc": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"M4A ": M4A,
    b"M4B ": M4A,
}


def kind_of(head: bytes, name: str) -> Kind | None:
    """The kind by the file's first bytes; the name only decides between sound and film in one container."""
    for opening, kind in _OPENINGS:
        if head.startswith(opening):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or (M4A if _ending(name) in M4A.endings else None)
    return None


def store(
    db: Session,
    folder: Path,
    file: IO[bytes],
    name: str,
    actor: Actor,
    now: datetime,
    *,
    most_mb: int,
    ticket: Ticket | None = None,
    draft_key: str | None = None,
    reply_id: int | None = None,
    kept_free: int = KEPT_FREE,
) -> Attachment:
    """Check a file, write its bytes under a random name, and add its row; the caller's transaction decides.

    Raises Refusal (empty, too large, of a wrong type) or StorageFull. Nothing is left on the disk after a refusal.
    """
    shown = clean_name(name)
    head = file.read(HEAD)
    kind = _checked_kind(head, shown)
    _need_space(folder, kept_free)
    target = folder / _new_name()
    size, digest = _write(file, head, target, shown, most_mb)
    attachment = Attachment(
        ticket_id=ticket.id if ticket else None,
        reply_id=reply_id,
        draft_key=draft_key[:80] if draft_key else None,
        side="citizen" if actor.kind == "citizen" else "internal",
        name=shown,
        stored_as=target.name,
        media_type=kind.media_type,
        size=size,
        sha256=digest,
        added_by_id=actor.id,
        added_by_name=actor.name,
        added_at=now,
    )
    db.add(attachment)
    db.flush()
    return attachment


def claim(
    db: Session, ids: Sequence[int], actor: Actor, ticket: Ticket, reply_id: int | None = None
) -> list[Attachment]:
    """The files somebody uploaded while typing become the ticket's (and the reply's); other people's are left alone."""
    if not ids:
        return []
    mine = db.scalars(
        select(Attachment).where(
            Attachment.id.in_(list(ids)),
            Attachment.added_by_id == actor.id,
            Attachment.removed_at.is_(None),
            Attachment.ticket_id.is_(None),
        )
    ).all()
    for attachment in mine:
        attachment.ticket_id, attachment.reply_id, attachment.draft_key = ticket.id, reply_id, None
    return list(mine)


def of_draft(db: Session, actor: Actor, key: str) -> list[Attachment]:
    """The files that wait beside an unsent form."""
    return list(
        db.scalars(
            select(Attachment)
            .where(
                Attachment.draft_key == key[:80],
                Attachment.added_by_id == actor.id,
                Attachment.ticket_id.is_(None),
                Attachment.removed_at.is_(None),
            )
            .order_by(Attachment.id)
        )
    )


def of_ticket(db: Session, ticket_id: int, *, side: str | None = None) -> list[Attachment]:
    """Every file of a ticket that was not removed. side="citizen": only what the citizen sent."""
    wanted = [Attachment.ticket_id == ticket_id, Attachment.removed_at.is_(None)]
    if side:
        wanted.append(Attachment.side == side)
    return list(db.scalars(select(Attachment).where(*wanted).order_by(Attachment.id)))


def find(db: Session, actor: Actor, stored_as: str) -> Attachment:
    """The file, if this person may see its ticket (or has just uploaded it). Raises NotFound otherwise."""
    attachment = db.scalar(select(Attachment).where(Attachment.stored_as == stored_as, Attachment.removed_at.is_(None)))
    if attachment is not None and _may_see(db, actor, attachment):
        return attachment
    raise NotFound(_("没有这个文件，或您没有权限查看。"))


def remove(attachment: Attachment, actor: Actor, now: datetime) -> None:
    """Take a file away from the page; its bytes and its row stay. Raises NotAllowed."""
    if attachment.reply_id is not None:
        raise NotAllowed(_("这个文件是答复的佐证，已随答复提交，不能移除。"))
    if attachment.added_by_id != actor.id and not actor.is_(Role.SUPERVISOR, Role.HEAD):
        raise NotAllowed(_("只有上传的人或督办员可以移除这个文件。"))
    attachment.removed_at = now


def kind_by_type(media_type: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.media_type == media_type), None)


def clean_name(name: str) -> str:
    """The last part of whatever path a browser told, without control characters, at most 120 characters."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ") or "file"
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}.{ending[:9]}" if dot and stem else kept[:120]


def _may_see(db: Session, actor: Actor, attachment: Attachment) -> bool:
    if attachment.ticket_id is None:
        return actor.kind == "staff" and attachment.added_by_id == actor.id
    return visibility.may_see(db, actor, attachment.ticket_id)


def _checked_kind(head: bytes, name: str) -> Kind:
    if not head:
        raise Refusal(_("“%(name)s”是空文件（0 字节），请重新选择。", name=name))
    kind = kind_of(head, name)
    if kind is None:
        raise Refusal(
            _(
                "“%(name)s”不是可以上传的类型。"
                "可以上传图片（JPG、PNG、GIF、WebP、HEIC）、PDF 和录音（MP3、WAV、M4A、OGG、AMR）。",
                name=name,
            )
        )
    if (ending := _ending(name)) and ending not in _family_endings(kind):
        raise Refusal(_("“%(name)s”的内容与扩展名不符，请用原来的文件再传一次。", name=name))
    return kind


def _family_endings(kind: Kind) -> set[str]:
    """A PNG that calls itself .jpg is everyday; a PDF that calls itself .jpg is not."""
    return {ending for each in KINDS if each.family == kind.family for ending in each.endings}


def _write(file: IO[bytes], head: bytes, target: Path, name: str, most_mb: int) -> tuple[int, str]:
    """Copy in pieces, counting; returns size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("xb") as out:
            piece = head
            while piece:
                size += len(piece)
                if size > most_mb * 1024 * 1024:
                    raise Refusal(
                        _("“%(name)s”超过了 %(most)d MB 的上限，请压缩或分成几个文件再传。", name=name, most=most_mb)
                    )
                digest.update(piece)
                out.write(piece)
                piece = file.read(CHUNK)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        target.unlink(missing_ok=True)
        log.error("cannot store an attachment in %s: %s", target.parent, error)
        raise StorageFull(_("服务器存不下这个文件，请马上告诉管理员；其他内容没有受影响。")) from error
    except Refusal:
        target.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()


def _need_space(folder: Path, kept_free: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if free_space(folder) < kept_free:
        log.error("less than %d MB free in %s: uploads are refused", kept_free >> 20, folder)
        raise StorageFull(_("服务器磁盘空间不足，暂时不能上传文件，请马上告诉管理员。"))


def _new_name() -> str:
    return secrets.token_hex(20)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
