"""Letters to units and their tries: what a unit must know although nobody looks at the screen. Nothing of the matter travels."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City, Unit
from hotline.i18n import N_, _, speaking
from hotline.installation import Installation
from hotline.ops import mail
from hotline.tickets.names import JobName
from hotline.tickets.vocabulary import URGENCIES
from models import Message, Ticket

log = logging.getLogger(__name__)
ESCALATED: dict[str, str] = {
    "bell_due": N_("期限已到"),
    "bell_red": N_("已经逾期，红牌"),
    "supervision_opened": N_("已督办立项，请报送"),
    "explanation_asked": N_("纪检监察要求说明情况"),
    "directive_late": N_("督办、批示或说明逾期未报"),
    "urged_from_above": N_("上级催办"),
    "redo_leader": N_("多次退回重办"),
}
"""Notices that go by mail as well, with what the letter says of them."""

WAITS = (300, 1800, 7200, 21600)
"""Seconds until a letter is tried again."""


def escalate(db: Session, city: City, notice: Message, now: datetime) -> None:
    """A notice of this weight to a unit with an address is a letter too; several to one unit about one thing are one letter."""
    unit = city.units.get(notice.unit_code or "")
    if notice.template_key not in ESCALATED or unit is None or not unit.duty.email or notice.ticket_id is None:
        return
    key = f"letter:{notice.template_key}:{unit.code}:{notice.ticket_id}:{now:%Y%m%d%H%M}"
    told = {"notice": notice.template_key, "unit": unit.code}
    outbox.enqueue_all(db, [outbox.NewJob(JobName.MAIL_NOTICE, key, told, ticket_id=notice.ticket_id)], now=now)


def letter_of(city: City, unit: Unit, ticket: Ticket, notice: str, public_url: str) -> tuple[str, str]:
    """Subject and text."""
    with speaking("zh"):
        what = _(ESCALATED[notice])
        due = ticket.due_at.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M") if ticket.due_at else "—"
        subject = _("12345 提醒：%(unit)s 工单 %(number)s，%(what)s", unit=unit.name, number=ticket.number, what=what)
        lines = (
            _("工单 %(number)s：%(what)s。", number=ticket.number, what=what),
            _("紧急程度：%(urgency)s；期限：%(due)s。", urgency=_(URGENCIES[ticket.urgency]), due=due),
            _("内容请登录查看：%(link)s", link=f"{public_url}/tickets/{ticket.number}"),
        )
        return subject, "\n".join(lines)


def send(
    installation: Installation, job: str, key: str, args: dict[str, Any], unit: Unit, subject: str, text: str
) -> None:
    """Send one letter to a unit; while the mail server is away the job that wrote it is tried again with longer waits."""
    settings, turn = installation.settings, int(args.get("turn") or 0)
    try:
        mail.send(settings.smtp_url, settings.mail_from, unit.duty.email, subject, text)
    except (OSError, smtplib.SMTPException) as trouble:
        log.warning("a letter to %s did not go: %s", unit.code, type(trouble).__name__)
        if turn >= len(WAITS):
            raise
        now, ticket_id = installation.clock.now(), args.get("ticket_id")
        again = {name: value for name, value in args.items() if name != "ticket_id"} | {"turn": turn + 1}
        with installation.sessions() as db:
            at = now + timedelta(seconds=WAITS[turn])
            outbox.enqueue(db, job, key=f"{key[:100]}:{turn + 1}", now=now, at=at, ticket_id=ticket_id, **again)
            db.commit()
