"""E-mail by the standard library: one plain letter, over TLS where the server offers it."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

SECONDS = 15
NO_MORE: Mapping[str, str] = {}
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(server: str, sender: str, to: str, subject: str, text: str, headers: Mapping[str, str] = NO_MORE) -> None:
    """server: smtp://user:password@host:587, or smtps:// for TLS from the first byte. Raises OSError or SMTPException.

    headers: what else its head says. Every letter says that a machine wrote it, so that no other machine answers (RFC 3834).
    """
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    for name, value in (BY_A_MACHINE | dict(headers)).items():
        letter[name] = value
    letter.set_content(text)
    told = urlsplit(server)
    kind = smtplib.SMTP_SSL if told.scheme == "smtps" else smtplib.SMTP
    with kind(
        told.hostname or "localhost", told.port or (465 if told.scheme == "smtps" else 25), timeout=SECONDS
    ) as line:
        line.ehlo()
        if told.scheme != "smtps" and line.has_extn("starttls"):
            line.starttls()
            line.ehlo()
        if told.username:
            line.login(unquote(told.username), unquote(told.password or ""))
        line.send_message(letter)
