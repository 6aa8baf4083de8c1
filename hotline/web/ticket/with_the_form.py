"""What comes with a form on the ticket's page: its files, and the way of a reply that another must sign first."""

from __future__ import annotations

from typing import Any

from flask import request

from hotline.i18n import _
from hotline.tickets import petitions
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.attachments import claim, store
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.signers import SIGN_OFF, may_sign, signers_for
from hotline.web.core.limits.edge import whole_numbers
from hotline.web.core.request_context import here
from models import Attachment, Ticket, TicketEvent


def waits_for_yes(ticket: Ticket) -> str:
    """What the reply form says before it is sent, where another must say yes, and who that is."""
    if not signing.needs_another(here.db, here.city, ticket, here.me):
        return ""
    if not signing.needs_sign_off(ticket):
        return _("提交后先送主办单位，同意后再进入审核。")
    able = signers_for(here.db, here.city, ticket, here.me.id)
    names = signing.names_of(able, here.city)
    if may_sign(here.me, ticket):
        return _("您写的答复不能由您自己签发：提交后由%(names)s用自己的账号签发，再进入审核。", names=names)
    return _("提交后先送签发，由%(names)s用自己的账号签发，再进入审核。", names=names)


def signs_alone(ticket: Ticket) -> str:
    """What the form says to an author who signs the own reply, nobody else of the unit or above it being able to."""
    if waits_for_yes(ticket) or not signing.needs_sign_off(ticket):
        return ""
    return _("本单位和上级单位都没有其他签发人，提交后记为本人签发自己写的答复，审核员会看到。")


def send_to_be_signed(ticket: Ticket, typed: dict[str, Any]) -> str:
    """The reply waits, as it was written, for the leader's or the lead unit's yes; its files are the ticket's until then."""
    before = signing.files_of_returned(here.db, ticket)
    asked = petitions.ask(here.db, here.city, ticket, SIGN_OFF, here.me, here.now, typed)
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
