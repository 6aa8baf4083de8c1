"""What a letter says in its body: plain words, HTML, an invitation; and whether it is locked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from webhooks.charsets import decoded
from webhooks.html_words import of_html

STUB, LINE = 20, 4
"""HTML that is so much longer than twice the plain words says more; lines so short say nothing about what they belong to."""
LOCKED = frozenset(
    {
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "multipart/encrypted",
        "application/ms-tnef",
        "application/vnd.ms-tnef",
    }
)
"""Bodies that stand in a sealed or foreign packing, which nobody opens here."""

LOCKED_NAMES = ("winmail.dat", "smime.p7m", ".pgp", ".gpg", "encrypted.asc")
ARMOUR = re.compile(r"^-----BEGIN PGP MESSAGE-----.*?(^-----END PGP MESSAGE-----[^\n]*|\Z)", re.M | re.S)

_LINE = re.compile(r"^(SUMMARY|DTSTART|LOCATION|DESCRIPTION)[^:\n]*:(.*)$", re.M)
_MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d\d(Z?)$")
_ESCAPED = re.compile(r"\\([nN,;\\])")


def text_of(letter: Message) -> str:
    """The words of all its parts; of HTML and plain words beside it whichever says more, for programs that write the one often
    leave the other nearly empty."""
    plain = "\n".join(ARMOUR.sub("", words_of(part)) for part in _parts(letter, "text/plain")).strip("\n")
    page = "\n".join(of_html(words_of(part)) for part in _parts(letter, "text/html"))
    invitations = [_invitation(words_of(part)) for part in _parts(letter, "text/calendar", files=True)]
    said = plain if _is_the_same(plain, page) else "\n".join(filter(None, (page, plain.strip())))
    return "\n".join(filter(None, (said, *(one for one in invitations if one not in said))))


def _is_the_same(plain: str, page: str) -> bool:
    """Whether the plain words are those of the page, or there is no page."""
    squeezed = "".join(page.split())
    lines = [line for line in ("".join(one.split()).lstrip(">") for one in plain.split("\n")) if len(line) >= LINE]
    there = sum(line in squeezed for line in lines)
    return not squeezed or (2 * there >= len(lines) > 0 and len(squeezed) <= 2 * sum(map(len, lines)) + STUB)


def is_locked(letter: Message) -> bool:
    return any(_is_locked(part) for part in letter.walk())


def _is_locked(part: Message) -> bool:
    """By its kind, by the name that such a packing bears where a program calls it mere bytes, or by the armour in its words."""
    kind, name = part.get_content_type(), (part.get_filename() or "").lower()
    armoured = kind == "text/plain" and not is_file(part) and ARMOUR.search(words_of(part)) is not None
    return kind in LOCKED or name.endswith(LOCKED_NAMES) or armoured


def is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _parts(letter: Message, kind: str, *, files: bool = False) -> Iterator[Message]:
    for part in letter.walk():
        if _kind(part) == kind and (files or not is_file(part)):
            yield part


def _kind(part: Message) -> str:
    """What says that it has parts, and names no line between them, is read as the words that it is."""
    unparted = part.get_content_maintype() == "multipart" and not part.is_multipart()
    return "text/plain" if unparted else part.get_content_type()


def words_of(part: Message) -> str:
    raw = part.get_payload(decode=True)
    charset = str(part.get_param("charset", "") or "")
    return decoded(raw, charset).replace("\r\n", "\n").replace("\x00", "") if isinstance(raw, bytes) else ""


def _invitation(calendar: str) -> str:
    """What is to be, when and where, of a calendar's first event."""
    event = re.sub(r"\n[ \t]", "", calendar).partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    found = {name: _ESCAPED.sub(_plainly, value).strip() for name, value in _LINE.findall(event)}
    found["DTSTART"] = _MOMENT.sub(r"\1-\2-\3 \4:\5\6", found.get("DTSTART", "")).replace("Z", " UTC")
    return "\n".join(filter(None, (found.get(name, "") for name in ("SUMMARY", "DTSTART", "LOCATION", "DESCRIPTION"))))


def _plainly(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]
