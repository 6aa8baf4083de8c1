"""E-mail by the standard library: one plain letter over TLS; without it only inside one's own net, and a password not even there."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from hotline.names import one_line
from webhooks.fetch import is_at_home, is_this_machine

SECONDS = 15
NO_MORE: Mapping[str, str] = {}
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(server: str, sender: str, to: str, subject: str, text: str, headers: Mapping[str, str] = NO_MORE) -> None:
    """server: smtp://user:password@host:587, or smtps:// for TLS from the first byte. Raises OSError or SMTPException.

    headers: what else its head says. Every letter says that a machine wrote it, so that no other machine answers (RFC 3834).
    """
    letter = EmailMessage()
    heads = {"From": sender, "To": to, "Subject": subject, **BY_A_MACHINE, **headers}
    for name, value in heads.items():
        letter[name] = one_line(value)
    letter.set_content(text)
    told = urlsplit(server)
    with _line(told) as line:
        if told.username:
            line.login(unquote(told.username), unquote(told.password or ""))
        line.send_message(letter)


def _line(told: SplitResult) -> smtplib.SMTP:
    """Raises SMTPNotSupportedError where a letter or a password would be read by whoever stands between us and the server."""
    host, context = told.hostname or "localhost", ssl.create_default_context()
    if told.scheme == "smtps":
        return smtplib.SMTP_SSL(host, told.port or 465, timeout=SECONDS, context=context)
    line = smtplib.SMTP(host, told.port or 25, timeout=SECONDS)
    line.ehlo()
    if line.has_extn("starttls"):
        line.starttls(context=context)
        line.ehlo()
    elif not (is_this_machine(host) or (is_at_home(host) and not told.username)):
        line.close()
        raise smtplib.SMTPNotSupportedError("the server offers no TLS: letters and password would travel in the clear")
    return line
