"""One signed post every twenty seconds: what the province does not hold yet of our days, the head of our seals, and how we work.

Nothing is queued: the post is made from the tables, and what was not confirmed goes with the next. A report that is lost, late or
told twice changes nothing; a province that was away for days has everything a minute after it is back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.cells.days import LOOKED_BACK, bring_up_to_date, confirm, untold
from hotline.city.following import follow_cells
from hotline.installation import Installation
from hotline.partners.publish import own_name
from hotline.tickets.names import JobName
from hotline.tickets.seals import chain
from models import Delivery, Job, Neighbour, ProvinceLine, Seal
from models.job import late
from models.store.rows import insert_once
from webhooks.cells.forms import MOST_DAYS, VERSION
from webhooks.cells.posts import report_path
from webhooks.partners import push
from webhooks.partners.push import ACCEPTED, Address, Answer, Expected

EVERY = 20
"""Seconds between two reports."""

LOOKS_BACK_EVERY = 180
"""Reports between two looks at all days that may still change: an hour."""

SHOWN = timedelta(days=1)
"""Every report looks at today and yesterday."""

LINE = "province"
Afterwards = Callable[[], None]


def enqueue_report(installation: Installation, now: datetime) -> None:
    """One job for each twenty seconds, whoever asks and however often; those before are removed when they are done."""
    if installation.settings.province is None:
        return
    turn = int(now.timestamp()) // EVERY
    with installation.sessions() as db:
        if outbox.enqueue(db, JobName.REPORT, key=_key(turn), now=now, turn=turn):
            db.execute(delete(Job).where(Job.key.in_([_key(turn - n) for n in range(1, 10)]), Job.done_at.is_not(None)))
            db.commit()


def report(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """Figures and words are written in the job's transaction; the post holds none."""
    now, line = installation.clock.now(), line_of(db)
    looks_back = int(job.args["turn"]) % LOOKS_BACK_EVERY == 0 or line.told_at is None
    today = now.astimezone(ZoneInfo(installation.city.timezone)).date()
    bring_up_to_date(db, installation.city, today - (LOOKED_BACK if looks_back else SHOWN), now)
    return partial(_post, installation, content_of(db, line, now))


def content_of(db: Session, line: ProvinceLine, now: datetime) -> dict[str, Any]:
    """The post as `webhooks.cells.forms.Report` reads it: numbers, and nothing about anybody."""
    head = chain.head_of(db)
    return {
        "version": VERSION,
        "program": program(),
        "days": [
            {"day": f"{one.day}", "revision": one.revision, "figures": one.figures} for one in untold(db, MOST_DAYS)
        ],
        "head": head.__dict__ if head is not None else None,
        "proof": _proof(db, line),
        "late": db.scalar(select(func.count(Job.id)).where(late(now))),
        "dead": db.scalar(select(func.count(Delivery.id)).where(Delivery.state == "failed")),
        "neighbours": line.neighbours,
    }


def line_of(db: Session) -> ProvinceLine:
    insert_once(db, ProvinceLine, ["name"], name=LINE, neighbours="")
    return db.get_one(ProvinceLine, LINE, populate_existing=True, with_for_update=True)


def program() -> str:
    """The release that runs here; "" where it was never installed."""
    try:
        return version("hotline")
    except PackageNotFoundError:
        return ""


def _post(installation: Installation, content: dict[str, Any]) -> None:
    province, now = installation.settings.province, installation.clock.now()
    assert province is not None
    name = own_name(installation)
    address = Address(province.url + report_path(name), province.private)
    answer = push.post(address, province.keys[0], f"{name}:report", content, now, Expected({}))
    with installation.sessions() as db:
        heard_neighbours = hear(db, answer, now)
        db.commit()
    if heard_neighbours:
        follow_cells(installation)


def hear(db: Session, answer: Answer, now: datetime) -> bool:
    """What the province answered. Returns whether it told of other cities. Words that we do not know are left aside."""
    line, said = line_of(db), answer.said
    if answer.result != ACCEPTED or not isinstance(said.get("kept"), dict):
        line.failed_at, line.error = now, (answer.trouble or "?")[:300]
        return False
    line.told_at, line.error = now, None
    confirm(db, said["kept"])
    head = said.get("head")
    line.head_seal_id = head if isinstance(head, int) else None
    if not isinstance(said.get("cells"), list):
        return False
    _write_neighbours(db, said["cells"])
    line.neighbours = str(said.get("neighbours") or "")[:64]
    return True


def _write_neighbours(db: Session, told: list[Any]) -> None:
    db.execute(delete(Neighbour))
    for one in told:
        if isinstance(one, Mapping) and one.get("name") and one.get("title"):
            title_en = str(one.get("title_en") or one["name"])[:60]
            db.add(Neighbour(name=str(one["name"])[:24], title=str(one["title"])[:40], title_en=title_en))
    db.flush()


def _proof(db: Session, line: ProvinceLine) -> dict[str, Any] | None:
    """What our chain says at the link that the province holds."""
    if line.head_seal_id is None:
        return None
    said = db.scalar(select(Seal.hash).where(Seal.id == line.head_seal_id))
    return {"seal_id": line.head_seal_id, "hash": said or ""}


def _key(turn: int) -> str:
    return f"{JobName.REPORT}:{turn}"
