"""False closings of six kinds planted among three thousand replies: how many are found, and how often rightly."""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.sync import sync
from hotline.evidence.kinds import COPIES, SOON, Kind
from hotline.tickets.search.full_text import create_search
from models import Attachment, Call, Reply, Survey, Ticket, TicketEvent, TicketText, make_engine
from models.store.migrate import upgrade
from tests.bench.classifier.ground import SEEDS, say, spread
from tests.support.make import BORN
from tests.support.planted.false_closings import figures, look_at_all, plant
from tests.support.repository import ROOT
from tests.support.services import make_keys, with_keys

PLANTINGS = (11, 12, 13, 14, 15)
QUICK = timedelta(minutes=10)
Figures = dict[str, tuple[float, float, int]]
Named = set[tuple[int, Kind]]


@dataclass(frozen=True)
class Run:
    """One planting: kind → (recall, precision, how many), ours and of the plain checks; looks: replies looked at."""

    ours: Figures
    plain: Figures
    looks: int
    ms: float


def closings() -> None:
    """False closings, six kinds of 50 among three thousand; the plain checks ask for what is the very same (see below)."""
    runs = [planted_figures(seed) for seed in PLANTINGS[:SEEDS]]
    for kind in runs[0].ours:
        name = f"false closings among {runs[0].looks:,}" if kind == "all" else f"  {kind}"
        plain, ours = [run.plain[kind] for run in runs], [run.ours[kind] for run in runs]
        say(f"{name}, recall", _mean(plain, 0), _mean(ours, 0), "0.90" if kind == "all" else "measure")
        say("    precision", _mean(plain, 1), _mean(ours, 1), "0.80" if kind == "all" else "measure")
    say("  one look, ms", "", spread([run.ms for run in runs]), "measure")


def _mean(runs: Sequence[tuple[float, float, int]], at: int) -> str:
    return spread([run[at] for run in runs])


def planted_figures(seed: int, each: int = 50, honest: int = 2250, alike: int = 50) -> Run:
    """Plant, look at every reply as the jobs would, and ask the plain questions beside."""
    city = load_city(ROOT / "hotline/city/anyang")
    units = [one.code for one in city.units.values() if one.kind in ("department", "bureau")][:30]
    with tempfile.TemporaryDirectory() as folder:
        engine = with_keys(make_engine(f"sqlite:///{folder}/city.db"))
        upgrade(engine, (create_search, make_keys))
        with Session(engine) as db:
            sync(db, city, BORN)
            planted = plant(db, units, Path(folder), seed, each, honest, alike)
            started = time.perf_counter()
            found = look_at_all(db, city, planted)
            looks = len(planted.planted.all)
            spent = (time.perf_counter() - started) / looks * 1000
            plain = plain_findings(db)
        engine.dispose()
    false = planted.planted.false
    return Run(figures(found, false), figures(plain, false), looks, spent)


def plain_findings(db: Session) -> Named:
    """What a query a kind would say: no connected call, minutes after signing, the same words, the same bytes, the same
    place and unit again, a citizen who says no. Nobody's record, matter, building or polish is looked at."""
    replies = list(db.scalars(select(Reply)))
    return {
        *((one, Kind.NO_CALL) for one in _without_call(db, replies)),
        *((one, Kind.TOO_FAST) for one in _quick(db, replies)),
        *((one, Kind.COPIED) for one in _same_words(replies)),
        *((one, Kind.OLD_PHOTO) for one in _same_bytes(db)),
        *((one, Kind.CAME_BACK) for one in _same_place(db, replies)),
        *((one, Kind.DENIED) for one in _denied(db, replies)),
    }


def _without_call(db: Session, replies: list[Reply]) -> list[int]:
    called = set(db.scalars(select(Call.ticket_id).where(Call.answered_at.is_not(None))))
    return [one.id for one in replies if one.contacted and one.contact_how == "phone" and one.ticket_id not in called]


def _quick(db: Session, replies: list[Reply]) -> list[int]:
    signed = dict(db.execute(select(TicketEvent.ticket_id, TicketEvent.at).where(TicketEvent.action == "sign")).all())
    return [one.id for one in replies if one.ticket_id in signed and one.at - signed[one.ticket_id] < QUICK]


def _same_words(replies: list[Reply]) -> list[int]:
    times = Counter((one.unit_code, one.measures) for one in replies)
    return [one.id for one in replies if times[one.unit_code, one.measures] > COPIES]


def _same_bytes(db: Session) -> list[int]:
    seen: set[str] = set()
    found = []
    for reply, digest in db.execute(select(Attachment.reply_id, Attachment.sha256).order_by(Attachment.id)):
        if digest in seen and reply is not None:
            found.append(reply)
        seen.add(digest)
    return found


def _same_place(db: Session, replies: list[Reply]) -> list[int]:
    rows = db.execute(select(Ticket.id, Ticket.unit_code, TicketText.place, Ticket.created_at).join(TicketText)).all()
    by_id, at_place = {row[0]: row for row in rows}, defaultdict(list)
    for _id, unit, place, created in rows:
        at_place[unit, place].append(created)
    return [
        one.id
        for one in replies
        for row in [by_id[one.ticket_id]]
        if any(one.at < created < one.at + SOON for created in at_place[row[1], row[2]])
    ]


def _denied(db: Session, replies: list[Reply]) -> list[int]:
    no = set(db.scalars(select(Survey.ticket_id).where(Survey.contacted.is_(False))))
    return [one.id for one in replies if one.contacted and one.ticket_id in no]
