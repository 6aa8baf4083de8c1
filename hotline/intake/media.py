"""Pictures and sounds that a contact names by address are fetched after the commit and become the ticket's attachments.

The addresses lie in the ticket's `extra`; each is a job of its own. Only hosts that the installation names for the
source are asked (see `webhooks.fetch`); what cannot be had is told in the story, never dropped in silence.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.tickets.act import act, lock
from hotline.tickets.names import ActionName, JobName
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.file_kinds import HEAD, kind_of
from hotline.tickets.roles import SYSTEM, a_citizen
from models import Job, Ticket
from webhooks import fetch
from webhooks.fetch import Fetcher, NotFetched
from webhooks.partners.wording import MOST_PICTURES

MEDIA, MOST = "media", MOST_PICTURES
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
"""Until the next try; after the last the story says that it was not to be had."""

TWILIO = "twilio"
TWILIO_HOSTS = ("api.twilio.com", "mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com")
"""Where a picture of a text lies: the first wants our password and sends on to the others."""

WHY = {
    fetch.HOST: N_("地址不在该来源登记的网站内"),
    fetch.PRIVATE: N_("地址指向内部网络"),
    fetch.LARGE: N_("文件太大"),
    fetch.SLOW: N_("取得太慢"),
    fetch.ANSWER: N_("对方网站没有给出文件"),
    fetch.ADDRESS: N_("不是 https 网址"),
}


def media_rows(urls: Sequence[str]) -> list[dict[str, Any]]:
    """The addresses as `extra` keeps them."""
    return [{"url": url} for url in dict.fromkeys(urls)][:MOST]


def promise_media(db: Session, tickets: Sequence[tuple[int, str, int]], now: datetime) -> None:
    """Enqueue the fetching of what new tickets name: (ticket id, source, how many)."""
    outbox.enqueue_all(
        db,
        [_job(ticket_id, source, n, 0) for ticket_id, source, most in tickets for n in range(min(most, MOST))],
        now=now,
    )


def bring_media(db: Session, ticket: Ticket, source: str, urls: Sequence[str], now: datetime) -> None:
    """Pictures that came with later words: fetched as the first ones were, as far as a ticket takes them."""
    if not urls:
        return
    held = list(ticket.text.extra.get(MEDIA) or ())
    rows = [*held, *(row for row in media_rows(urls) if row["url"] not in {one["url"] for one in held})][: 3 * MOST]
    ticket.text.extra = {**ticket.text.extra, MEDIA: rows}
    outbox.enqueue_all(db, [_job(ticket.id, source, n, 0) for n in range(len(held), len(rows))], now=now)


def fetch_media(installation: Installation, db: Session, job: Job) -> Callable[[], None] | None:
    """Fetched without holding the database. The next try is enqueued beforehand, so that a killed worker loses nothing."""
    n, turn, source = int(job.args["n"]), int(job.args["turn"]), str(job.args["source"])
    ticket = db.get(Ticket, job.ticket_id) if job.ticket_id else None
    row = _row(ticket, n) if ticket is not None else None
    if ticket is None or row is None or "file" in row or "trouble" in row:
        return None
    now = installation.clock.now()
    if turn < len(WAITS):
        outbox.enqueue_all(db, [_job(ticket.id, source, n, turn + 1, now + WAITS[turn])], now=now)
    return partial(_fetch, installation, ticket.id, n, source, str(row["url"]), turn == len(WAITS))


def hosts_of(settings: Settings, source: str) -> tuple[str, ...]:
    """The hosts that are the source's own."""
    if source == TWILIO:
        return TWILIO_HOSTS
    partner = settings.partners.get(source)
    return partner.media if partner is not None else ()


def fetcher_for(installation: Installation, source: str) -> Fetcher:
    """The way out, with the limits of an upload; our password goes to the provider's own host alone."""
    settings = installation.settings
    headers: dict[str, dict[str, str]] = {}
    if source == TWILIO and settings.twilio_account_sid:
        secret = base64.b64encode(f"{settings.twilio_account_sid}:{settings.twilio_auth_token}".encode()).decode()
        headers["api.twilio.com"] = {"Authorization": f"Basic {secret}"}
    return Fetcher(installation.city.policy.attachment_max_mb * 1024 * 1024, headers=headers)


def _job(ticket_id: int, source: str, n: int, turn: int, at: datetime | None = None) -> outbox.NewJob:
    return outbox.NewJob(
        JobName.FETCH_MEDIA,
        f"media:{ticket_id}:{n}:{turn}",
        {"n": n, "turn": turn, "source": source},
        at=at,
        ticket_id=ticket_id,
    )


def _fetch(
    installation: Installation,
    ticket_id: int,
    n: int,
    source: str,
    url: str,
    last: bool,
    fetcher: Fetcher | None = None,
) -> None:
    try:
        data = (fetcher or fetcher_for(installation, source)).fetch(url, hosts_of(installation.settings, source))
    except NotFetched as trouble:
        if trouble.permanent or last:
            _give_up(installation, ticket_id, n, _(WHY[trouble.why]))
        return
    try:
        _keep(installation, ticket_id, n, data)
    except Refusal as refusal:
        _give_up(installation, ticket_id, n, refusal.sentence)


def _keep(installation: Installation, ticket_id: int, n: int, data: bytes) -> None:
    """The bytes become a file of the citizen, under a name of ours."""
    with installation.sessions() as db:
        ticket, now = lock(db, ticket_id), installation.clock.now()
        row = _row(ticket, n)
        if row is None or "file" in row:
            return
        kind = kind_of(data[:HEAD], "")
        name = _("来源附件 %(n)d", n=n + 1) + (f".{kind.endings[0]}" if kind else "")
        act(db, installation.city, ticket, ActionName.ATTACH, a_citizen(ticket), now)
        held = attachments.store(
            db,
            installation.settings.attachments,
            io.BytesIO(data),
            name,
            a_citizen(ticket),
            now,
            most_mb=installation.city.policy.attachment_max_mb,
            ticket=ticket,
        )
        _write(ticket, n, file=held.id)
        db.commit()


def _give_up(installation: Installation, ticket_id: int, n: int, why: str) -> None:
    with installation.sessions() as db:
        ticket, now = lock(db, ticket_id), installation.clock.now()
        row = _row(ticket, n)
        if row is None or "file" in row or "trouble" in row:
            return
        _write(ticket, n, trouble=why)
        act(
            db,
            installation.city,
            ticket,
            ActionName.NOTE,
            SYSTEM,
            now,
            {"text": _("来源附件 %(n)d 没有取到：%(why)s。", n=n + 1, why=why.rstrip("。"))},
        )
        db.commit()


def _row(ticket: Ticket, n: int) -> dict[str, Any] | None:
    rows = ticket.text.extra.get(MEDIA) or ()
    return dict(rows[n]) if n < len(rows) else None


def _write(ticket: Ticket, n: int, **found: Any) -> None:
    rows = [dict(row) for row in ticket.text.extra[MEDIA]]
    rows[n] |= found
    ticket.text.extra = {**ticket.text.extra, MEDIA: rows}
