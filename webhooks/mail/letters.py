"""One letter as plain values: who writes, what is new in it, what hangs on it, and whether a machine wrote it.

Read part by part with the standard library and its old, forgiving policy: a header that is no header costs the header only.
"""

from __future__ import annotations

import email
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header, decode_header
from email.message import Message
from email.utils import parseaddr
from typing import ClassVar

from webhooks.charsets import decoded
from webhooks.events import Event
from webhooks.mail.body import is_file, is_locked, text_of, words_of
from webhooks.mail.machines import machine_of
from webhooks.mail.words import without_device, without_quote

MOST_TEXT, MOST_RAW, MOST_FILES = 50_000, 100_000, 20
_ID = re.compile(r"<[^<>\s]{3,250}>")
_ANGLED, _BARE = re.compile(r"<[^<>\s@]+@[^<>\s@]+>"), re.compile(r"[^<>\s@,;\"']+@[^<>\s@,;\"']+")
NO_FILES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
    }
)
"""What programs add of themselves: a signature is no file of the citizen's."""


@dataclass(frozen=True)
class MailFile:
    """A file that came with a letter."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class MailReceived(Event):
    """A letter. message_id: the sender's name for it, or a digest where there is none. text: what is new in it.

    references: the letters it answers, the nearest first; answers: it is an answer, by them or by its subject. machine: why no
    person wrote it, "" when one did. locked: encrypted, or packed so that only its own program opens it. bounced: the letters of
    ours that did not arrive, of a delivery report.
    """

    kind: ClassVar[str] = "mail"
    message_id: str
    sender: str = field(repr=False)
    name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    references: tuple[str, ...] = ()
    answers: bool = False
    machine: str = ""
    locked: bool = False
    bounced: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = field(default=(), repr=False)


def read_letter(raw: bytes, at: datetime) -> MailReceived:
    """Whatever the bytes are: a letter that cannot be read has no sender."""
    letter = email.message_from_bytes(raw)
    name, sender = _writer(letter)
    found = _one_line(header(letter, "Message-ID"))[:250]
    message_id = found or f"<{hashlib.sha256(raw).hexdigest()}@without-id>"
    references = tuple(reversed(_ID.findall(f"{header(letter, 'References')} {header(letter, 'In-Reply-To')}")))[:20]
    text, machine = text_of(letter), machine_of(letter, header)
    subject = _one_line(header(letter, "Subject"))[:200]
    answers = bool(references) or re.match(r"(re|回复|答复)\s*[:：]", subject, re.I) is not None
    new = without_device(without_quote(text) if answers else text)[:MOST_TEXT]
    return MailReceived(
        provider="email",
        event_id=hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest(),
        at=at,
        raw=f"From: {sender}\nSubject: {subject}\nMessage-ID: {message_id}\n\n{text}"[:MOST_RAW],
        message_id=message_id,
        sender=_one_line(sender).lower()[:180],
        name=_one_line(name)[:64],
        subject=subject,
        text=new,
        references=references,
        answers=answers,
        machine=machine,
        locked=is_locked(letter),
        bounced=tuple(_ID.findall(_report(letter))) if machine == "bounce" else (),
        files=tuple(_files(letter))[:MOST_FILES],
    )


def _writer(letter: Message) -> tuple[str, str]:
    """Name and address. A name that holds a comma, or is written without its quotation marks, costs the name and never the letter."""
    name, address = parseaddr(str(letter.get("From", "")))
    if "@" in address and address.isascii():
        return _plain_header(name), address
    told = header(letter, "From")
    found = [one.strip("<>") for one in _ANGLED.findall(told) or _BARE.findall(told)]
    return told.partition("<")[0].strip(' "'), found[-1] if found else ""


def _one_line(told: str) -> str:
    """An encoded word may hold line ends and signs that turn the direction: a head of a letter is one line of what is seen."""
    seen = (sign for sign in told if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp"))
    return " ".join("".join(seen).split())


def header(letter: Message, name: str) -> str:
    """A header as people read it, encoded or not, in whatever encoding."""
    told = letter.get(name)
    return "" if told is None else _plain_header(told)


def _plain_header(told: str | Header) -> str:
    try:
        pieces = decode_header(told)
    except (ValueError, email.errors.HeaderParseError):
        return str(told)
    return "".join(_piece(piece, charset) for piece, charset in pieces).replace("\x00", "").replace("\r", "")


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, bytes):
        return decoded(piece, charset or "")
    try:  # bytes that were no ASCII, as the parser hides them in text
        return decoded(piece.encode("ascii", "surrogateescape"), charset or "")
    except UnicodeEncodeError:
        return piece


def _files(letter: Message) -> Iterator[MailFile]:
    """Attachments, and pictures inside a letter; a letter that was forwarded whole is read as text, not kept as a file."""
    for part in letter.walk():
        if (
            part.is_multipart()
            or part.get_content_type() in NO_FILES
            or not (is_file(part) or part.get_content_maintype() in ("image", "audio", "video"))
        ):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            yield MailFile(_file_name(part), data)


def _file_name(part: Message) -> str:
    told = part.get_filename() or ""
    try:
        name = "".join(_piece(piece, charset) for piece, charset in decode_header(told))
    except (ValueError, email.errors.HeaderParseError):
        name = told
    return name or f"file.{part.get_content_subtype()}"


def _report(letter: Message) -> str:
    """The headers of the letter that a delivery report is about, and the report's own words."""
    found = [header(letter, "In-Reply-To"), header(letter, "References"), header(letter, "X-Failed-Message-ID")]
    for part in letter.walk():
        if part.get_content_type() in (
            "message/rfc822",
            "text/rfc822-headers",
            "text/plain",
            "message/delivery-status",
        ):
            inner = part.get_payload()
            found += [str(one) for one in inner] if isinstance(inner, list) else [words_of(part)]
    return "\n".join(found)[:MOST_RAW]
