"""The mailbox is emptied by a job each minute: each letter taken once, then marked; what went wrong is flagged for a person."""

from __future__ import annotations

import logging

from sqlalchemy.exc import OperationalError

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.webhook_handlers.handler import WebhookHandler
from webhooks.mail.letters import read_letter
from webhooks.mail.mailbox import Mailbox, MailboxAway, mailbox

log = logging.getLogger(__name__)


def empty_mailbox(installation: Installation) -> int:
    """Take what is new. Returns how many letters. A worker that dies between taking and marking takes it again: it is known then."""
    inbox, taken = WebhookHandler(installation), 0
    try:
        with mailbox(installation.settings.imap_url) as box:
            for uid in box.new():
                taken += _take(installation, inbox, box, uid)
    except MailboxAway as trouble:
        log.warning("the mailbox is away: %s", trouble)
    return taken


def _take(installation: Installation, inbox: WebhookHandler, box: Mailbox, uid: str) -> bool:
    raw = box.read(uid)
    if raw is None:
        log.warning("letter %s is larger than any letter may be", uid)
        box.flag(uid)
        return False
    try:
        inbox.mail_received(read_letter(raw, installation.clock.now()))
    except OperationalError:
        raise  # the database is away: it is read again a minute later
    except Refusal as refusal:
        log.warning("letter %s waits for a person: %s", uid, refusal.code)
        box.flag(uid)
        return False
    except Exception:
        log.exception("letter %s could not be taken", uid)
        box.flag(uid)
        return False
    box.seen(uid)
    return True
