"""Hot spots and judgements are kept alike by both engines."""

from __future__ import annotations

from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.jobs.schedule import watch_hot
from hotline.outbox.runner import drain
from hotline.review_advice.agreement import agreement
from hotline.tickets.lists.hotspot_list import hot_now, hot_of
from models import HotSpot, Message, Ticket, TicketEvent
from tests.support.life import Life

WAYS = (
    "锦绣花园从早上开始停水，家里没有水用。",
    "我住锦绣花园，停水三个小时了，什么时候来水？",
    "锦绣花园停水没有通知，老人孩子没法做饭。",
)


def test_a_growing_matter_is_one_row_and_one_warning(installation: Installation, life: Life) -> None:
    for number in range(12):
        ticket = life.ticket(phone=f"1380000{number:04}", words=WAYS[number % 3])
        life.db.commit()
        if number % 3 == 2:
            life.clock.forward(minutes=15)
            watch_hot(installation, life.now)
            drain(installation)
    (heated,) = hot_now(life.db, life.now).rows
    assert heated.spot.count == sum(heated.bars) == 12 and heated.spot.people == 12
    assert life.db.scalar(select(func.count()).where(Message.template_key == "hot_matter")) == 2
    found = hot_of(life.db, life.people["du2"], ticket.id)
    assert isinstance(found, HotSpot) and found.id == heated.spot.id
    assert hot_of(life.db, life.people["he"], ticket.id) is None


def test_agreement_is_counted(life: Life) -> None:
    for verdict in ("pass", "redo"):
        life.do(life.to("to_review"), "ren", verdict)
    counted = agreement(life.db, life.now.replace(hour=0))
    assert counted.judged == 2 and counted.agreed + counted.missed == 2


def test_pollution_told_of_by_many_makes_its_tickets_urgent_on_record_and_tells_the_dispatcher(
    installation: Installation, life: Life
) -> None:
    """A hot spot changed no clock and told no dispatcher. Found at the desks: D6."""
    said = life.ticket(phone="13800009000", words="曙光小区旁边化工厂夜里异味难闻", urgency="normal")
    for number in range(9):
        life.ticket(phone=f"1380000{number:04}", words=f"曙光小区{number + 1}号楼闻到化工厂夜里异味难闻")
    life.db.commit()
    watch_hot(installation, life.now)
    drain(installation)
    life.db.expire_all()
    raised = life.db.scalars(select(TicketEvent).where(TicketEvent.action == "raise_urgency")).all()
    assert len(raised) >= 8 and {row.data["by"] for row in raised} == {"hotspot"}
    assert said.id not in {row.ticket_id for row in raised}, "what a person said stands"
    assert all(life.db.get_one(Ticket, row.ticket_id).urgency == "urgent" for row in raised)
    roles = life.db.scalars(select(Message.role).where(Message.template_key == "hot_matter")).all()
    assert set(roles) == {"supervisor", "dispatcher"}
