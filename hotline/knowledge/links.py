"""Addresses in articles: asked each night through the guarded way out, so that nobody is sent to a page that is gone.

Only https in the open network is asked; what is plain http is told as such and never visited.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.i18n import N_
from hotline.installation import Installation
from hotline.knowledge import feedback
from hotline.knowledge.in_force import in_force, released
from hotline.messages.compose import tell_staff
from hotline.tickets.names import JobName
from models import LinkCheck
from webhooks import fetch
from webhooks.fetch import Fetcher, NotFetched

WHY = {
    fetch.HOST: N_("转到了别的网站"),
    fetch.PRIVATE: N_("指向内部网络，不检查"),
    fetch.LARGE: N_("能打开"),
    fetch.SLOW: N_("打开太慢"),
    fetch.ANSWER: N_("打不开"),
    fetch.ADDRESS: N_("不是 https，不检查"),
    "port": N_("不是通常的端口，不检查"),
}
DEAD = (fetch.HOST, fetch.SLOW, fetch.ANSWER)
"""What its owner must look into; the others are only not asked."""

MOST_BYTES, SECONDS = 1 << 20, 10.0
MOST = 300
"""Addresses a night; the others have their turn on the next, those not asked for longest first."""


def enqueue_link_check(installation: Installation, now: datetime) -> None:
    """Once a day; a worker does it, the clock waits for nobody's page."""
    day = installation.city.calendar.day_of(now).isoformat()
    with installation.sessions() as db:
        outbox.enqueue(db, JobName.CHECK_LINKS, key=f"check_links:{day}", now=now)
        db.commit()


def check_links(installation: Installation, now: datetime, fetcher: Fetcher | None = None) -> int:
    """Ask every address of what is in force, each once however many name it. An owner hears once of one that does not open, and has a
    task where it opens on the next night neither. Returns how many were asked."""
    asked = _addresses(installation, now)
    way_out = fetcher or Fetcher(MOST_BYTES, SECONDS)
    for url, named_by in asked.items():
        why = ask(way_out, url)
        with installation.sessions() as db:
            for article, version in named_by:
                before = _note(db, article.id, url, why, now)
                if why in DEAD and before in DEAD:
                    feedback.say_dead_link(db, installation.city, article, url, now)
                elif why in DEAD:
                    told = {"title": version.title[:60], "link": url[:100]}
                    tell_staff(db, installation.city, "knowledge_link", now, told, unit=article.unit_code)
            db.commit()
    return len(asked)


def ask(way_out: Fetcher, url: str) -> str:
    """Why it did not answer; empty when it did. A page that is larger than we read is there."""
    host = urlsplit(url).hostname or ""
    if _at_an_odd_door(url, way_out.port):
        return "port"
    try:
        way_out.fetch(url, (host, f".{host}"))
    except NotFetched as trouble:
        return "" if trouble.why == fetch.LARGE else trouble.why
    return ""


def _at_an_odd_door(url: str, usual: int) -> bool:
    """Whether it names another port of a machine than the usual one; what is no address at all is told by the way out."""
    try:
        return url.startswith("https:") and urlsplit(url).port not in (None, usual)
    except ValueError:
        return False


def _addresses(installation: Installation, now: datetime) -> dict[str, list[Any]]:
    """A night's addresses, those not asked for longest first, each with (article, version) of all that name it."""
    today = installation.city.calendar.day_of(now)
    with installation.readings() as db:
        rows = [tuple(row) for row in db.execute(released().where(in_force(today)))]
        asked = {(one.article_id, one.url): one.checked_at for one in db.scalars(select(LinkCheck))}
        db.expunge_all()
    named_by: dict[str, list[Any]] = {}
    for article, version in rows:
        for url in all_links(version):
            named_by.setdefault(url, []).append((article, version))
    first = {
        url: min(_turn(asked.get((article.id, url)), now) for article, _v in ours) for url, ours in named_by.items()
    }
    return {url: named_by[url] for url in sorted(named_by, key=lambda one: first[one])[:MOST]}


def _turn(asked_at: datetime | None, now: datetime) -> tuple[bool, datetime]:
    """By which those come first that were never asked, then those not asked for longest."""
    return asked_at is not None, asked_at or now


def all_links(version: Any) -> list[str]:
    """Those of the article, and where its matter is done online."""
    online = str(version.guide.get("url") or "")
    return [*version.links, *([online] if online.startswith(("http://", "https://")) else [])]


def _note(db: Session, article_id: int, url: str, why: str, now: datetime) -> str | None:
    """What it was before; None when it was never asked."""
    held = db.scalar(select(LinkCheck).where(LinkCheck.article_id == article_id, LinkCheck.url == url))
    before = held.why if held is not None else None
    if held is None:
        db.add(LinkCheck(article_id=article_id, url=url, checked_at=now, why=why))
    else:
        held.checked_at, held.why = now, why
    return before


def forget_old_links(db: Session, article_id: int, kept: list[str]) -> None:
    """A new version names other addresses: what was known of the former ones goes."""
    db.execute(delete(LinkCheck).where(LinkCheck.article_id == article_id, LinkCheck.url.not_in(kept)))
