"""Was this letter written by a machine? Then nobody answers it (RFC 3834), however often it comes."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message

Header = Callable[[Message, str], str]
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.I)
_AWAY = re.compile(
    r"^\s*(自动回复|自动答复|系统退信|退信|auto(matic)?[ -]?repl(y|ies)|"
    r"out of( the)? office|undeliver|delivery status)",
    re.I,
)


def machine_of(letter: Message, header: Header) -> str:
    """Why no person wrote it: bounce, auto (an answering machine), list, or nobody (an address that reads nothing); "" else."""
    said = header(letter, "Auto-Submitted").split(";")[0].strip().lower()
    report = letter.get_content_type() == "multipart/report" or "X-Failed-Recipients" in letter
    if report or (letter.get("Return-Path") or "").strip() == "<>":
        return "bounce"
    if said not in ("", "no") or any(name in letter for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")):
        return "auto"
    if "List-Id" in letter or header(letter, "Precedence").strip().lower() in BULK:
        return "list"
    address = header(letter, "From").rpartition("<")[2].strip(" >")
    if _NOBODY.match(address):
        return "bounce" if address.lower().startswith(("mailer-daemon", "postmaster")) else "nobody"
    return "auto" if _AWAY.match(header(letter, "Subject")) else ""
