"""A mailbox by IMAP: what is new in it, and what somebody has seen to. What cannot be read is flagged for a person."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from webhooks.fetch import is_this_machine

SECONDS = 20
MOST_BYTES = 40 * 1024 * 1024
AT_ONCE = 50
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAway(Exception):
    """The mailbox did not answer, or not as one does."""


class Mailbox:
    """One session. Letters are named by their UID; reading one does not mark it."""

    def __init__(self, line: imaplib.IMAP4):
        self._line = line

    def new(self, most: int = AT_ONCE) -> list[str]:
        """The oldest letters that nobody has seen to."""
        _answer, found = self._line.uid("SEARCH", "UNSEEN", "UNFLAGGED")
        return [uid.decode() for uid in (found[0] or b"").split()[:most]]

    def read(self, uid: str) -> bytes | None:
        """The whole letter; None when it is larger than any letter may be, or gone."""
        _answer, told = self._line.uid("FETCH", uid, "(RFC822.SIZE)")
        size = _SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
        if size is not None and int(size[1]) > MOST_BYTES:
            return None
        _answer, found = self._line.uid("FETCH", uid, "(BODY.PEEK[])")
        return next((part[1] for part in found if isinstance(part, tuple)), None)

    def seen(self, uid: str) -> None:
        self._line.uid("STORE", uid, "+FLAGS", "(\\Seen)")

    def flag(self, uid: str) -> None:
        """A person must look at it; it is not read again."""
        self._line.uid("STORE", uid, "+FLAGS", "(\\Flagged)")


@contextmanager
def mailbox(url: str) -> Iterator[Mailbox]:
    """url: imaps://user:password@host:993/folder, or imap:// with TLS begun later; without TLS on this machine only.

    Raises MailboxAway.
    """
    told = urlsplit(url)
    try:
        line = _connect(told.scheme == "imaps", told.hostname or "localhost", told.port)
        line.login(unquote(told.username or ""), unquote(told.password or ""))
        line.select(unquote(told.path.strip("/")) or "INBOX")
    except (imaplib.IMAP4.error, OSError) as trouble:
        raise MailboxAway(str(trouble)[:200]) from trouble
    try:
        yield Mailbox(line)
    except (imaplib.IMAP4.error, OSError) as trouble:
        raise MailboxAway(str(trouble)[:200]) from trouble
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            line.logout()


def _connect(encrypted: bool, host: str, port: int | None) -> imaplib.IMAP4:
    if encrypted:
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    line = imaplib.IMAP4(host, port or 143, timeout=SECONDS)
    if "STARTTLS" in line.capabilities:
        line.starttls(ssl.create_default_context())
    elif not is_this_machine(host):
        raise MailboxAway("the server offers no TLS: the password and the letters would travel in the clear")
    return line
