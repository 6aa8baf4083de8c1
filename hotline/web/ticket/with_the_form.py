"""What comes with a form on the ticket's page: its files, and the way of a reply that another must sign first."""

from __future__ import annotations

from typing import Any

from flask import request

from hotline.i18n import _
from hotline.tickets import petitions
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.attachments import claim, store
from hotline.tickets.reply_rules import signing
from hotline.web.core.limits.edge import whole_numbers
from hotline.web.core.request_context import here
from models import Attachment, Ticket, TicketEvent


def waits_for_yes(ticket: Ticket) -> str:
    """What the reply form says before it is sent, where another must say yes."""
    if not signing.needs_another(ticket, here.me):
        return ""
    if signing.needs_sign_off(ticket):
        return _("提交后先送单位负责人，由本人用自己的账号签发，再进入审核。")
    return _("提交后先送主办单位，同意后再进入审核。")


def send_to_be_signed(ticket: Ticket, typed: dict[str, Any]) -> str:
    """The reply waits, as it was written, for the leader's or the lead unit's yes; its files are the ticket's until then."""
    before = signing.files_of_returned(here.db, ticket)
    asked = petitions.ask(here.db, here.city, ticket, signing.SIGN_OFF, here.me, here.now, typed)
    asked.data = {**asked.data, "files": [*before, *(one.id for one in _claim_files(ticket))]}
    if signing.needs_sign_off(ticket):
        return _("答复已送单位负责人签发，签发后进入审核；期限照常计算。")
    return _("答复已送主办单位，同意后进入审核；期限照常计算。")


def take_files(ticket: Ticket, event: TicketEvent) -> None:
    """Files uploaded beside the form, and (without scripts) files sent with it, become the ticket's or the reply's."""
    reply_id = event.data.get("reply_id") if event.action == "reply" else None
    taken = _claim_files(ticket, reply_id)
    if taken and reply_id is None:
        for one in taken:
            one.added_at = here.now
        act(here.db, here.city, lock(here.db, ticket.id), "attach", here.me, here.now)


def _claim_files(ticket: Ticket, reply_id: int | None = None) -> list[Attachment]:
    ids = whole_numbers(request.form.getlist("files"))
    taken = claim(here.db, ids, here.me, ticket, reply_id)
    for file in request.files.getlist("files_file"):
        if file.filename:
            taken.append(
                store(
                    here.db,
                    here.settings.attachments,
                    file.stream,
                    file.filename,
                    here.me,
                    here.now,
                    ticket=ticket,
                    most_mb=here.city.policy.attachment_max_mb,
                    reply_id=reply_id,
                )
            )
    return taken
