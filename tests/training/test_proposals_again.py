"""What the keywords proposed before there was a model is proposed again by the first model, for what still waits."""

from __future__ import annotations

from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.training.nightly import learn
from models import Message, Proposal, Ticket
from tests.support.life import Life

PLAIN = "你好，东环路的路灯不亮，晚上看不见路，第1次说了。"
DANGER = "文明大道路面塌陷出一个大坑，有人掉进去受伤，很危险。"


def models_of(life: Life, ticket: Ticket) -> list[str]:
    found = life.db.scalars(select(Proposal.model).where(Proposal.ticket_id == ticket.id).order_by(Proposal.id)).all()
    life.db.rollback()
    return [name.split("-")[0] for name in found]


def test_the_first_model_proposes_again_for_what_waits_and_rings_nobody_twice(
    installation: Installation, life: Life
) -> None:
    """Found at the desks: X5."""
    waits, gone = life.ticket(words=PLAIN), life.ticket(phone="13800009999")
    life.ticket(words=DANGER, phone="13800008888")
    life.db.commit()
    drain(installation)
    life.do(gone, "du", "dispatch")
    life.db.commit()
    drain(installation)
    rung = len(life.db.scalars(select(Message).where(Message.template_key.like("%_ring"))).all())
    assert rung and models_of(life, waits) == ["keywords"]
    assert learn(installation).deed == "accepted"
    drain(installation)
    assert models_of(life, waits) == ["keywords", "linear"]
    assert models_of(life, gone) == ["keywords"]
    assert len(life.db.scalars(select(Message).where(Message.template_key.like("%_ring"))).all()) == rung
