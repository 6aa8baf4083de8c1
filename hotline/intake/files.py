"""A file that came with a contact (a letter's, another city's) becomes the citizen's attachment, through the checks of an upload."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.tickets.act import act
from hotline.tickets.names import ActionName
from hotline.tickets.privacy import attachments
from hotline.tickets.roles import SYSTEM, a_citizen
from hotline.tickets.states import State
from models import Ticket


def keep_file(
    installation: Installation,
    db: Session,
    ticket: Ticket,
    name: str,
    data: bytes,
    now: datetime,
    *,
    comes_again: bool = False,
) -> None:
    """What the checks refuse is told in the story, never dropped in silence. comes_again: whoever sent it tries again, so a disk
    that is full for the moment is theirs to wait for. Raises StorageFull then."""
    try:
        with db.begin_nested():
            _keep(installation, db, ticket, name, data, now)
    except Refusal as refusal:
        if comes_again and isinstance(refusal, attachments.StorageFull):
            raise
        told = _("来件附件没有收下：%(why)s", why=refusal.sentence)
        act(db, installation.city, ticket, ActionName.NOTE, SYSTEM, now, {"text": told})


def _keep(installation: Installation, db: Session, ticket: Ticket, name: str, data: bytes, now: datetime) -> None:
    city, me = installation.city, a_citizen(ticket)
    if State(ticket.state) is not State.DRAFT:
        act(db, city, ticket, ActionName.ATTACH, me, now)
    folder, most_mb = installation.settings.attachments, city.policy.attachment_max_mb
    attachments.store(db, folder, io.BytesIO(data), name, me, now, most_mb=most_mb, ticket=ticket)
