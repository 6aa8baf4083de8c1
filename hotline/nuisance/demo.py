"""The demo's marks: of numbers from which nothing but void calls came, each proposed, decided and appealed as people at the desks would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.nuisance import marks
from hotline.tickets.roles import Actor
from models import Ticket

LEAST = 2
"""So many void calls before anybody proposes a mark."""


@dataclass(frozen=True)
class Course:
    """What became of one proposal: when it was made, decided, appealed and settled, in hours before now; None where that did not happen."""

    reason: str
    words: str
    proposed: int
    decided: int | None = None
    stands: bool = True
    appealed: int | None = None
    settled: int | None = None


COURSES = (
    Course("empty", "反复拨打，接通后只说试试能不能打通，没有诉求。", 90, 70, appealed=20),
    Course("empty", "一周内多次来电闲聊，没有诉求，占用线路。", 30),
    Course("abuse", "接通就骂人，没有诉求，已按规定提醒。", 200, 180, appealed=150, settled=140),
    Course("empty", "两次误拨，话务员已提醒。", 60, 40, stands=False),
    Course("advertising", "反复来电推销，已提醒不要再打。", 40 * 24, 39 * 24),
)
DECIDED = {True: "核对工单属实，到期自动解除。", False: "只是误拨，不作标记。"}
KEPT = "听了录音，话务员提醒过两次仍在骂，维持。"
APPEAL = "来电人说是家里老人不会用手机，误拨的，请求解除。"


def bring_marks(db: Session, city: City, people: Mapping[str, Actor], now: datetime) -> int:
    """people: the demo's actors by login. Returns how many: as many numbers as called in vain often enough before the proposal."""
    calls, brought = _void_calls(db), 0
    for course in (one for one in COURSES if one.reason in city.nuisance.reasons):
        then = now - timedelta(hours=course.proposed)
        proofs = {phone: [n for n, at in some if at < then] for phone, some in calls.items()}
        phone = next((one for one in sorted(proofs) if len(proofs[one]) >= LEAST), None)
        if phone is not None:
            _live(db, city, people, course, phone, proofs[phone][-marks.MOST_PROOFS :], now)
            del calls[phone]
            brought += 1
    return brought


def _calm() -> ColumnElement[bool]:
    """As `marks.may_prove` has it: what concerns somebody's safety is nobody's nuisance."""
    return and_(Ticket.safety.is_(False), Ticket.urgency != "critical", Ticket.privacy != "sealed")


def _void_calls(db: Session) -> dict[str, list[tuple[str, datetime]]]:
    """Number → (ticket, when) of those that never said anything but void."""
    told = select(Ticket.contact_phone, Ticket.number, Ticket.created_at, Ticket.state, _calm()).where(
        Ticket.contact_phone.in_(select(Ticket.contact_phone).where(Ticket.state == "void"))
    )
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    real = set()
    for phone, number, at, state, calm in db.execute(told.order_by(Ticket.id)):
        if calm:
            found[phone or ""].append((number, at))
        if state != "void":
            real.add(phone)
    return {phone: some for phone, some in found.items() if phone and phone not in real}


def _live(
    db: Session,
    city: City,
    people: Mapping[str, Actor],
    course: Course,
    phone: str,
    proofs: list[str],
    now: datetime,
) -> None:
    lead, supervisor = people["demo-lead"], people["demo-supervisor"]
    proposed = now - timedelta(hours=course.proposed)
    mark = marks.propose(db, city, lead, phone, course.reason, course.words, proofs, proposed)
    if course.decided is not None:
        decided = now - timedelta(hours=course.decided)
        marks.decide(db, city, supervisor, mark, course.stands, DECIDED[course.stands], decided)
    if course.appealed is not None:
        marks.note_appeal(db, people["demo-agent"], mark, APPEAL, now - timedelta(hours=course.appealed))
    if course.settled is not None:
        marks.decide_appeal(db, people["demo-supervisor2"], mark, False, KEPT, now - timedelta(hours=course.settled))
