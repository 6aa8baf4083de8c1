"""Jobs of one kind are done together: with the same outcome as one by one, and with a few statements for all of them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import event, select

from hotline.installation import Installation
from hotline.outbox.runner import drain, run_due, run_jobs
from models import Job, Message, Proposal, Ticket
from tests.support.life import Life

BODIES = ("文峰大道的路灯不亮", "殷都区小区电梯坏了没有人管", "工地拖欠工资四个月", "请问医保异地报销要什么材料")


def contacts(life: Life, many: int, first: int = 0) -> list[int]:
    made = [life.ticket(words=BODIES[n % len(BODIES)], phone=f"1380000{n:04d}").id for n in range(first, first + many)]
    life.db.commit()
    return made


def proposed(installation: Installation, ids: list[int]) -> list[tuple[object, ...]]:
    with installation.readings() as db:
        rows = {row.ticket_id: row for row in db.scalars(select(Proposal).where(Proposal.ticket_id.in_(ids)))}
        areas = {row.id: (row.area, row.street) for row in db.scalars(select(Ticket).where(Ticket.id.in_(ids)))}
    return [(rows[one].category_code, rows[one].unit_code, rows[one].reasons, areas[one]) for one in ids]


def test_together_they_are_proposed_as_one_by_one(installation: Installation, life: Life) -> None:
    alone = contacts(life, 8)
    drain(installation)
    together = contacts(life, 8, first=100)
    run_due(installation, 30)
    assert proposed(installation, alone) == proposed(installation, together)
    with installation.readings() as db:
        texts = Counter(db.scalars(select(Message.phone).where(Message.template_key == "accepted")))
        assert {one.state for one in db.scalars(select(Message).where(Message.channel == "sms"))} == {"sent"}
    assert len(texts) == 16
    assert set(texts.values()) == {1}


def test_a_contact_that_cannot_be_proposed_holds_up_no_other(installation: Installation, life: Life) -> None:
    ids = contacts(life, 6)
    ask = installation.classifier.suggest_many
    broken = life.db.get_one(Ticket, ids[3])
    broken.title = "这一件读不了"
    life.db.commit()

    def stumble(texts: list[str]) -> object:
        if any("读不了" in text for text in texts):
            raise ValueError("this text cannot be read")
        return ask(texts)

    installation.classifier.suggest_many = stumble  # type: ignore[method-assign]
    run_due(installation, 30)
    with installation.readings() as db:
        assert set(db.scalars(select(Proposal.ticket_id))) == set(ids) - {ids[3]}
        (left,) = db.scalars(select(Job).where(Job.done_at.is_(None), Job.attempts > 0)).all()
        assert (left.name, left.ticket_id, left.attempts) == ("classify", ids[3], 1)
        assert "cannot be read" in (left.error or "")
        assert db.scalars(select(Job.attempts).where(Job.done_at.is_not(None)).distinct()).all() == [1]


def test_forty_contacts_cost_a_few_statements_each(installation: Installation, life: Life) -> None:
    contacts(life, 40)
    with installation.sessions() as db:
        jobs = db.scalars(select(Job).where(Job.name.in_(("classify", "tell")), Job.done_at.is_(None))).all()
    statements: list[str] = []
    event.listen(installation.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    run_jobs(installation, [job.id for job in jobs])
    assert len(jobs) == 80
    assert len(statements) / 40 < 7


def test_a_text_written_later_has_the_higher_number_whoever_wrote_it(installation: Installation, life: Life) -> None:
    """A conversation is read in the order of its numbers: no process keeps a block of them for later."""
    numbers: list[int] = []
    for first in (0, 10, 20):
        contacts(life, 1, first=first)
        run_due(installation, 30)
        with installation.sessions() as db:  # as another process does, by the database's own numbers
            db.add(
                Message(
                    direction="out",
                    channel="desk",
                    template_key="x",
                    params={},
                    text="",
                    state="delivered",
                    created_at=life.now,
                )
            )
            db.commit()
            numbers = list(db.scalars(select(Message.channel).order_by(Message.id)))
    assert numbers == ["sms", "desk"] * 3
