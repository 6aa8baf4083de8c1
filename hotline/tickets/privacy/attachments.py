"""Files that belong to tickets: checked by their own bytes, stored outside the web root under random names, never run."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline import outbox
from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import N_, _
from hotline.keys import hidden_files
from hotline.ops.health import KEPT_FREE, free_space
from hotline.tickets.names import JobName
from hotline.tickets.privacy import audit, redact, visibility
from hotline.tickets.privacy.file_kinds import (
    DOCX,
    GPP,
    HEAD,
    MOV,
    MP4,
    ODS,
    ODT,
    PDF,
    PPTX,
    RTF,
    XLSX,
    Kind,
    ending_of,
    family_endings,
    kind_by_type,
    kind_of,
)
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.privacy.traces import Untold, pdf_without_author, rtf_without_author, without_author, without_tags
from hotline.tickets.privacy.traces.films import without_tellers
from hotline.tickets.privacy.traces.pictures import without_metadata
from hotline.tickets.roles import Actor, Role
from models import Attachment, Ticket
from models.store.hidden import Ring, ring_of
from models.tickets.attachment import CLEAN, FAILED, INFECTED, UNCHECKED

log = logging.getLogger(__name__)
CHUNK = 1 << 20


A_DAY = timedelta(days=1)
LOOSE_A_DAY, FILES_A_DAY, BYTES_A_DAY = 40, 400, 4 << 30
"""What one person may upload within a day: beside forms that are not sent yet, in all, and how much."""


class TooManyFiles(Refusal):
    """This person has uploaded enough for a day (HTTP 429)."""

    status = 429


class Infected(Refusal):
    """The virus scanner found something in this file (HTTP 403)."""

    status = 403
    usual_code = "infected"


class StorageFull(Refusal):
    """The disk cannot take the file (HTTP 507)."""

    status = 507
    usual_code = "storage_full"


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

    Raises Refusal (empty, too large, of a wrong type), TooManyFiles or StorageFull. Nothing is left on the disk after a refusal.
    """
    _need_quota(db, actor, now, loose=ticket is None)
    shown = clean_name(name)
    head = file.read(HEAD)
    kind = _checked_kind(head, shown, file)
    _need_space(folder, kept_free)
    target = folder / new_name()
    pieces, told = cleaned(kind, _limited(_pieces(head, file), shown, most_mb))
    size, digest = _write(pieces, target, ring_of(db.get_bind()))
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
        tells_author=told,
    )
    db.add(attachment)
    db.flush()
    outbox.enqueue(db, JobName.FILE_STORED, key=f"file:{attachment.stored_as}", now=now, attachment_id=attachment.id)
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


def need_clean(attachment: Attachment) -> None:
    """Raises Infected: what the virus scanner found something in is handed out to nobody."""
    if attachment.checked == INFECTED:
        raise Infected(
            _(
                "这个文件查出病毒（%(virus)s），已经封存，谁也不能打开。安全审计员已经知道。",
                virus=attachment.found or "–",
            )
        )


CHECKED = {
    UNCHECKED: N_("未查毒"),
    CLEAN: N_("已查毒"),
    INFECTED: N_("查出病毒，已封存"),
    FAILED: N_("没能查毒"),
}
"""What stands beside a file."""


def checked_words() -> dict[str, str]:
    return {state: _(words) for state, words in CHECKED.items()}


def clean_name(name: str) -> str:
    """The last part of whatever path a browser told, without control characters, at most 120 characters."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ") or "file"
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}.{ending[:9]}" if dot and stem else kept[:120]


def neutral_name(name: str, number: int) -> str:
    """Says to its sender which file it is, and to nobody what they called it."""
    ending = ending_of(clean_name(name))
    return _("文件%(n)d", n=number) + (f".{ending}" if ending else "")


def open_to(actor: Actor, ticket: Ticket, attachment: Attachment) -> bool:
    """A citizen's file is personal data: for those who may lift the masks of its ticket. What an office added is for every reader."""
    return attachment.side != "citizen" or may_reveal(actor, ticket)


def shown_name(attachment: Attachment, ticket: Ticket | None = None) -> str:
    """The name staff read. People write names and numbers into the names of their files: a citizen's is told by its kind, an
    office's is starred. ticket: with what it knows of its people."""
    if attachment.side != "citizen":
        stem, dot, ending = attachment.name.rpartition(".")
        name = stem or ending
        starred = mask(name) if ticket is None else redact.starred(ticket, name)
        return f"{starred}{dot}{ending}" if stem else starred
    kind = kind_by_type(attachment.media_type)
    word = {"image": N_("市民图片"), "audio": N_("市民录音"), "film": N_("市民视频")}.get(kind.family if kind else "")
    ending = ending_of(attachment.name)
    return f"{_(word or N_('市民文件'))}{attachment.id or ''}{'.' + ending if ending else ''}"


def _may_see(db: Session, actor: Actor, attachment: Attachment) -> bool:
    if attachment.ticket_id is None:
        return actor.kind == "staff" and attachment.added_by_id == actor.id
    ticket = db.get(Ticket, attachment.ticket_id)
    opens = ticket is not None and open_to(actor, ticket, attachment)
    return opens and visibility.may_see(db, actor, attachment.ticket_id)


UNKNOWN_KIND = "unknown_kind"


def _checked_kind(head: bytes, name: str, file: IO[bytes]) -> Kind:
    if not head:
        raise Refusal(_("“%(name)s”是空文件（0 字节），请重新选择。", name=name))
    kind = kind_of(head, name, file)
    if kind is None:
        raise Refusal(
            _(
                "“%(name)s”不是可以上传的类型。"
                "可以上传图片（JPG、PNG、GIF、WebP、HEIC）、录音（MP3、WAV、M4A、OGG、AMR）、视频（MP4、MOV、3GP、AVI、WebM、WMV）"
                "和文档（PDF、OFD、Word、Excel、PPT、WPS、RTF、ODT）。",
                name=name,
            ),
            code=UNKNOWN_KIND,
        )
    if (ending := ending_of(name)) and ending not in family_endings(kind):
        raise Refusal(_("“%(name)s”的内容与扩展名不符，请用原来的文件再传一次。", name=name))
    return kind


def _pieces(head: bytes, file: IO[bytes]) -> Iterator[bytes]:
    yield head
    while piece := file.read(CHUNK):
        yield piece


TOLD_BY_BOXES = (MP4, MOV, GPP)
"""Films whose tellers are found; of the others only a place that is written in signs."""


def cleaned(kind: Kind | None, pieces: Iterable[bytes]) -> tuple[Iterable[bytes], bool]:
    """The bytes without what they tell of who made them, and whether they may still tell it.

    Pictures, recordings and documents are small enough to be looked at whole. What cannot be cleaned is kept as it came.
    """
    family = kind.family if kind else ""
    if family == "image":
        return [without_metadata(b"".join(pieces))], False
    if family == "film":
        return without_tellers(pieces), kind not in TOLD_BY_BOXES
    whole = b"".join(pieces)
    try:
        return [_without_traces(kind, whole)], False
    except Untold:
        return [whole], True


def _without_traces(kind: Kind | None, whole: bytes) -> bytes:
    if kind in (DOCX, XLSX, PPTX, ODT, ODS):
        return without_author(whole)
    if kind == PDF:
        return pdf_without_author(whole)
    if kind == RTF:
        return rtf_without_author(whole)
    if kind is not None and kind.family == "audio":
        return without_tags(whole)
    raise Untold("old kind")


def beside(attachment: Attachment) -> str:
    """What stands beside a file: what the scanner said, and that its author could not be taken out."""
    said = checked_words()[attachment.checked]
    return _("%(said)s；作者信息未清除", said=said) if attachment.tells_author else said


def _limited(pieces: Iterable[bytes], name: str, most_mb: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most_mb * 1024 * 1024:
            raise Refusal(_("“%(name)s”超过了 %(most)d MB 的上限，请压缩或分成几个文件再传。", name=name, most=most_mb))
        yield piece


def _write(pieces: Iterable[bytes], target: Path, ring: Ring) -> tuple[int, str]:
    """Write piece by piece, hidden, counting; returns size and SHA-256 of the plain bytes. Nothing plain reaches the disk."""
    digest = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            yield piece

    try:
        size = hidden_files.write(target, counted(), ring)
    except OSError as error:
        target.unlink(missing_ok=True)
        log.error("cannot store an attachment in %s: %s", target.parent, error)
        raise StorageFull(_("服务器存不下这个文件，请马上告诉管理员；其他内容没有受影响。")) from error
    except Refusal:
        target.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()


def _need_quota(db: Session, actor: Actor, now: datetime, loose: bool) -> None:
    """Nobody who is signed in fills the disk, by mistake or on purpose; citizens are counted at their own doors."""
    if actor.id is None:
        return
    audit.alone(db, actor)
    of_day = (Attachment.added_by_id == actor.id, Attachment.added_at > now - A_DAY)
    files, size = db.execute(select(func.count(), func.coalesce(func.sum(Attachment.size), 0)).where(*of_day)).one()
    if files >= FILES_A_DAY or size >= BYTES_A_DAY:
        raise TooManyFiles(_("您一天内上传的文件已达上限，请明天再传，急用请联系管理员。"))
    if not loose:
        return
    waiting = (
        db.scalar(select(func.count()).where(*of_day, Attachment.ticket_id.is_(None), Attachment.removed_at.is_(None)))
        or 0
    )
    if waiting >= LOOSE_A_DAY:
        raise TooManyFiles(_("您有 %(n)d 个文件传了还没有随表单提交，请先提交或移除一些再传。", n=waiting))


def _need_space(folder: Path, kept_free: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if free_space(folder) < kept_free:
        log.error("less than %d MB free in %s: uploads are refused", kept_free >> 20, folder)
        raise StorageFull(_("服务器磁盘空间不足，暂时不能上传文件，请马上告诉管理员。"))


def new_name() -> str:
    """A name that says nothing and cannot be guessed."""
    return secrets.token_hex(20)
