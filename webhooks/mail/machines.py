"""Was this letter written by a machine? Then nobody answers it (RFC 3834), however often it comes."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message

Header = Callable[[Message, str], str]
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
ANSWERING = frozenset({"x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply", "x-fc-machinegenerated"})
LISTS = frozenset({"list-id", "list-post", "list-unsubscribe", "list-help", "list-subscribe"})
_NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.I)
_AWAY = (
    r"(?:邮件|外出|休假|假期|节假日|离线|出差)?自动(?:回复|答复|应答|回覆)|不在办公室|"
    r"auto(?:matic|mated)?[ -]?(?:repl(?:y|ies)|response)|out[ -]of[ -](?:the[ -])?office|ooo|"
    r"automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática"
)
_LOST = (
    r"系统退信|退信(?:通知|提醒)?|(?:邮件)?(?:投递|发送)失败|未送达|无法投递|失败通知|undeliverable|returned mail|failure notice|"
    r"undelivered mail returned to sender|mail delivery (?:failed|subsystem)|delivery (?:status notification|failure)|"
    r"mail delivery failed: returning message to sender"
)
_NAMED = r"^\s*(?:[\[【（(]\s*(?:{0})\s*[\]】）)]|(?:{0})\s*(?:[:：/(（]|$))"
"""A subject that says so: the set phrase alone, in brackets or before a colon. Whoever writes about such letters is a person."""
_IS_AWAY, _IS_LOST = (re.compile(_NAMED.format(words), re.I) for words in (_AWAY, _LOST))


def machine_of(letter: Message, header: Header) -> str:
    """Why no person wrote it: bounce, auto (an answering machine), list, or nobody (an address that reads nothing); "" else."""
    subject, names = header(letter, "Subject"), {name.lower() for name in letter}
    report = letter.get_content_type() == "multipart/report" or "x-failed-recipients" in names
    if report or (letter.get("Return-Path") or "").strip() == "<>" or _IS_LOST.match(subject):
        return "bounce"
    if _says_automatic(letter, header) or names & ANSWERING:
        return "auto"
    if names & LISTS or header(letter, "Precedence").strip().lower() in BULK:
        return "list"
    address = header(letter, "From").rpartition("<")[2].strip(" >")
    if _NOBODY.match(address):
        return "bounce" if address.lower().startswith(("mailer-daemon", "postmaster")) else "nobody"
    return "auto" if _IS_AWAY.match(subject) else ""


def _says_automatic(letter: Message, header: Header) -> bool:
    """By RFC 3834, or as answering machines said it before."""
    said = header(letter, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    others = (header(letter, "X-POST-MessageClass"), header(letter, "Delivered-To"))
    return said not in ("", "no") or any("autoresponder" in one.lower() for one in others)
