"""A job is a row of the transaction that enqueues it, and is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline import outbox
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs import handlers
from hotline.messages import deliver
from hotline.outbox.runner import drain, run_due, run_job
from models import Job, Message, Proposal, Ticket, make_sessions
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from tests.support.together import at_once
from webhooks.ranked_senders import RankedSenders
from webhooks.sender import SendFailed


class Watching:
    """A carrier that remembers what it was handed."""

    def __init__(self) -> None:
        self.handed: list[int] = []

    def notify(self, job_ids: list[int]) -> None:
        self.handed += job_ids


def test_a_job_rolled_back_was_never_made(installation: Installation) -> None:
    with installation.sessions() as db:
        outbox.enqueue(db, "classify", key="k", now=installation.clock.now())
        db.rollback()
    with installation.readings() as db:
        assert db.scalars(select(Job.id)).all() == []


def test_the_same_job_twice_is_one(installation: Installation) -> None:
    with installation.sessions() as db:
        assert outbox.enqueue(db, "classify", key="k", now=installation.clock.now()) is True
        assert outbox.enqueue(db, "classify", key="k", now=installation.clock.now()) is False
        db.commit()
    with installation.readings() as db:
        assert len(db.scalars(select(Job.id)).all()) == 1


def test_numbers_are_handed_over_after_the_commit_and_not_before(installation: Installation) -> None:
    watching, sessions = Watching(), make_sessions(installation.engine, outbox.JobSession)
    outbox.notify_after_commit(sessions, watching)
    with sessions() as db:
        outbox.enqueue(db, "classify", key="now", now=installation.clock.now())
        outbox.enqueue(
            db, "classify", key="later", now=installation.clock.now(), at=installation.clock.now() + timedelta(hours=1)
        )
        assert watching.handed == []
        db.commit()
    assert len(watching.handed) == 1


def test_a_job_is_not_run_before_its_time(installation: Installation, clock: StoppedClock, life: Life) -> None:
    ticket = life.ticket()
    outbox.enqueue(
        life.db, "classify", key="later", now=life.now, at=life.now + timedelta(hours=1), ticket_id=ticket.id
    )
    life.db.commit()
    drain(installation)
    with installation.readings() as db:
        assert db.scalars(select(Job.key).where(Job.done_at.is_(None))).all() == ["later"]
    clock.forward(hours=2)
    drain(installation)
    with installation.readings() as db:
        assert db.scalars(select(Job.key).where(Job.done_at.is_(None))).all() == []


def test_eight_workers_on_one_job_do_it_once(installation: Installation, life: Life) -> None:
    life.ticket()
    life.db.commit()
    with installation.readings() as db:
        job_id = db.scalars(select(Job.id).where(Job.name == "classify")).one()
    said = at_once(*[lambda: str(run_job(installation, job_id))] * 8)
    assert sorted(said) == ["False"] * 7 + ["True"]
    with installation.readings() as db:
        assert db.get_one(Job, job_id).attempts == 1


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(
    installation: Installation, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def stumble(installation: Installation, db: object, job: Job) -> None:
        tries.append(job.id)
        raise ValueError("the printer is on fire")

    monkeypatch.setitem(handlers.HANDLERS, "stumble", stumble)
    with installation.sessions() as db:
        outbox.enqueue(db, "stumble", key="s", now=clock.now())
        db.commit()
    for _minute in range(60 * 24):
        drain(installation)
        clock.forward(minutes=1)
    with installation.readings() as db:
        job = db.scalars(select(Job)).one()
        assert job.failed_at is not None and job.done_at is None
        assert "on fire" in (job.error or "")
    assert len(tries) == outbox.ATTEMPTS
    with installation.sessions() as db:
        assert outbox.retry(db, job.id, clock.now())
        db.commit()
    drain(installation)
    assert len(tries) == outbox.ATTEMPTS + 1


def test_a_handler_that_fails_half_way_leaves_nothing_behind(
    installation: Installation, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = life.ticket()
    life.db.commit()

    def half(installation: Installation, db: object, job: Job) -> None:
        handlers.classify(installation, db, job)  # type: ignore[arg-type]
        raise ValueError("power cut")

    monkeypatch.setitem(handlers.HANDLERS, "classify", half)
    drain(installation)
    life.db.refresh(ticket)
    assert life.db.scalars(select(Proposal.id)).all() == []


def test_a_text_goes_out_once_and_its_state_moves_forward_only(
    installation: Installation, life: Life, sender: MemorySender
) -> None:
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1
    message = life.db.scalars(select(Message).where(Message.channel == "sms")).one()
    assert message.state == "sent"
    assert deliver.move_forward(life.db, message.provider_id or "", "delivered", life.now)
    assert not deliver.move_forward(life.db, message.provider_id or "", "sending", life.now)
    assert message.state == "delivered"


def test_a_passing_trouble_is_tried_again_and_a_lasting_one_is_not(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock
) -> None:
    sender.trouble = [SendFailed("busy", permanent=False)]
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert sender.texts_to("13800001234") == []
    clock.forward(minutes=5)
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1
    sender.trouble = [SendFailed("no such number", permanent=True)]
    life.ticket(phone="13800005678")
    life.db.commit()
    drain(installation)
    clock.forward(days=1)
    drain(installation)
    assert life.db.scalars(select(Message.state).where(Message.phone == "13800005678")).one() == "failed"


def test_when_nobody_knows_whether_a_text_went_out_the_provider_is_asked_first(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock
) -> None:
    sender.trouble = [SendFailed("timeout", permanent=False, ambiguous=True)]
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    clock.forward(minutes=5)
    deliver.reconcile(installation.sessions, sender, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1
    assert life.db.scalars(select(Message.state).where(Message.channel == "sms")).one() == "sent"


def test_a_text_lost_by_a_crash_before_the_provider_heard_of_it_is_sent(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock
) -> None:
    sender.trouble, sender.lost_but_sent = [SendFailed("cut", permanent=False, ambiguous=True)], False
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert sender.texts_to("13800001234") == []
    clock.forward(minutes=5)
    deliver.reconcile(installation.sessions, sender, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1


@pytest.mark.parametrize(("others", "seconds"), [(0, 15), (1, 25), (2, 35)], ids=["one", "two", "three"])
def test_what_was_cut_off_is_asked_for_as_soon_as_no_sending_can_last_so_long(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock, others: int, seconds: int
) -> None:
    """One sender was waited for as long as two, and three no longer than two."""
    sender.trouble, sender.lost_but_sent = [SendFailed("cut", permanent=False, ambiguous=True)], False
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    everybody = RankedSenders([sender, *(MemorySender() for _n in range(others))]) if others else sender
    for minutes, settled in (((seconds - 1) / 60, 0), (2 / 60, 1)):
        clock.forward(minutes=minutes)
        assert deliver.reconcile(installation.sessions, everybody, clock.now()) == settled


def test_the_proposal_and_the_first_text_follow_the_ticket(
    installation: Installation, life: Life, sender: MemorySender
) -> None:
    ticket = life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert ticket.number in sender.texts_to("13800001234")[0]
    assert life.db.scalars(select(Ticket.state)).one() == "to_dispatch"


@pytest.mark.parametrize("run", [drain, lambda installation: run_due(installation, 0.2)])
def test_what_jobs_need_from_the_disk_is_read_while_nothing_is_held(installation: Installation, run: Any) -> None:
    """A model of a hundred megabytes that was read inside a job kept every agent from writing on SQLite."""
    asked: list[int] = []

    def write_something() -> None:
        asked.append(1)
        with installation.sessions() as db:
            outbox.enqueue(
                db, "classify", key=f"another {len(asked)}", now=installation.clock.now() + timedelta(days=9)
            )
            db.commit()

    _enqueue(installation)
    installation.before_jobs = write_something
    run(installation)
    assert asked


def _enqueue(installation: Installation) -> None:
    with installation.sessions() as db:
        outbox.enqueue(db, "classify", key="k", now=installation.clock.now(), ticket_id=1)
        db.commit()
