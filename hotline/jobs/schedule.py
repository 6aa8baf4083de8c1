"""The clock: rings the bells that are due, wakes the workers, and once a day tidies up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from hotline import outbox
from hotline.backups.drill import start_nightly
from hotline.cells.report import enqueue_report
from hotline.city.following import follow
from hotline.evidence.catch_up import look_back
from hotline.figures.by_the_clock import audit_days, fold_days
from hotline.installation import Installation
from hotline.jobs.leader import Leader
from hotline.jobs.presence import Presence
from hotline.jobs.tidying import change_data_key, forget_old, tidy
from hotline.knowledge.expiry import ring_ending
from hotline.knowledge.feedback import ring_late
from hotline.knowledge.links import enqueue_link_check
from hotline.knowledge.unanswered import gather
from hotline.letters.scans import find_lost
from hotline.messages import notices
from hotline.messages.by_mail import send_lost_again
from hotline.messages.compose import tell_staff
from hotline.messages.deliver import reconcile
from hotline.messages.digest import enqueue_digests
from hotline.metrics.days.changes import note_changed
from hotline.monitoring import stream
from hotline.partners.deliver import enqueue_tellings
from hotline.partners.monitors import tell_monitors
from hotline.practice.exams import hand_in_left
from hotline.province.watch import watch_cells
from hotline.quality.drawing import draw_daily
from hotline.quality.looking import look_at_records
from hotline.staff.deputies import end_what_is_over
from hotline.staff.openings import tell_openings
from hotline.stored_files.care import look_after_files
from hotline.stored_files.checking import settle_infected
from hotline.stored_files.second_place import start_count
from hotline.telephony import presence
from hotline.telephony.calls import RINGS_FOR
from hotline.telephony.missed import enqueue_word
from hotline.tickets import bells, deadlines
from hotline.tickets.names import JobName
from hotline.tickets.reply_rules.assisting import late_helpers
from hotline.tickets.roles import Role
from hotline.tickets.seals.seal_files import publish_head, seal_books, turn_months
from hotline.training.background import enqueue_first_model, enqueue_nightly
from hotline.triage import hotspots
from hotline.waiting_time.nightly import learn_waiting_times
from models import (
    Call,
    DailyTask,
    Deadline,
    Directive,
    Ticket,
    TicketLook,
)
from models.store.db import changed
from models.store.rows import insert_once

log = logging.getLogger(__name__)
Part = Callable[[Installation, datetime], object]
KEPT_LOOKS = timedelta(hours=1)
MOST_ROUNDS = 5
LOOKS_EVERY = 2.0
"""Seconds between two looks for what is due and for texts whose sending was cut off."""


def tick(installation: Installation) -> None:
    """One minute's work. Each part has a transaction of its own, so that trouble in one does not stop the others."""
    follow(installation)
    now = installation.clock.now()
    parts: tuple[Part, ...] = (
        ring,
        ring_directives,
        enqueue_tellings,
        enqueue_report,
        look_for_letters,
        find_lost,
        hand_over_due_jobs,
        settle_messages,
        turn_months,
        seal_books,
        mark_missed_calls,
        watch_duty,
        watch_helpers,
        take_exams_in,
        watch_rules,
        watch_cells,
        fold_days,
        ring_late,
        write_digests,
        watch_hot,
        look_after_files,
        do_daily_tasks,
    )
    for part in parts:
        attempt(installation, now, part)


def attempt(installation: Installation, now: datetime, part: Part) -> bool:
    """Whether it went well. A database that is away is one line in the log, anything else is told whole."""
    try:
        part(installation, now)
    except OperationalError as error:
        log.warning("the clock's %s waits for the database: %s", part.__name__, str(error.orig).splitlines()[0])
    except Exception:  # the edge: the clock must go on ticking
        log.exception("the clock's %s failed", part.__name__)
    else:
        return True
    return False


def do_daily_tasks(installation: Installation, now: datetime) -> None:
    """Each once on each of the city's days, by whichever clock acts then; one that failed is tried again a minute later."""
    today = installation.city.calendar.start_of_day(now).date()
    for task in (
        publish_head,
        change_data_key,
        tidy,
        tell_openings,
        forget_old,
        check_deadlines,
        look_back,
        learn_waiting_times,
        look_at_records,
        draw_daily,
        audit_days,
        ring_ending,
        gather,
        enqueue_link_check,
        enqueue_nightly,
        settle_infected,
        start_count,
        start_nightly,
    ):
        if _is_due(installation, task.__name__, today) and attempt(installation, now, task):
            _note_done(installation, task.__name__, today)


def _is_due(installation: Installation, name: str, today: date) -> bool:
    """What was never done is not caught up with in the middle of the first day."""
    with installation.sessions() as db:
        last = db.get(DailyTask, name)
        if last is None:
            insert_once(db, DailyTask, ["name"], name=name, done_on=today)
            db.commit()
        return last is not None and last.done_on < today


def _note_done(installation: Installation, name: str, today: date) -> None:
    with installation.sessions() as db:
        db.execute(update(DailyTask).where(DailyTask.name == name).values(done_on=today))
        db.commit()


def ring(installation: Installation, now: datetime) -> int:
    rang = 0
    while True:
        with installation.sessions() as db:
            some = bells.ring(db, installation.city, now)
            db.commit()
        rang += some
        if not some:
            return rang


def ring_directives(installation: Installation, now: datetime) -> int:
    """Demands from above that are nearly due, or late: each says so once; of two clocks one wins."""
    with installation.sessions() as db:
        wanting = db.scalars(
            select(Directive).where(Directive.ring_at <= now).order_by(Directive.ring_at).limit(500)
        ).all()
        rang = 0
        for one in wanting:
            following = one.due_at if now < one.due_at else None
            still_its_turn = (Directive.id == one.id, Directive.ring_at == one.ring_at)
            if changed(db, update(Directive).where(*still_its_turn).values(ring_at=following)) == 1:
                notices.ring_directive(db, installation.city, db.get_one(Ticket, one.ticket_id), one, now)
                rang += 1
            db.expire(one)
        db.commit()
    return rang


def hand_over_due_jobs(installation: Installation, now: datetime) -> None:
    """Something is due: the workers are woken to take it from the table as fast as they can."""
    with installation.readings() as db:
        due = outbox.due_jobs(db, now, 1)
    if due:
        installation.transport.wake()


def settle_messages(installation: Installation, now: datetime) -> None:
    reconcile(installation.sessions, installation.sender, now)
    if installation.settings.imap_url:
        with installation.sessions() as db:
            if send_lost_again(db, now):
                db.commit()


def look_for_letters(installation: Installation, now: datetime) -> None:
    """Once a minute a worker empties the mailbox."""
    if not installation.settings.imap_url:
        return
    with installation.sessions() as db:
        outbox.enqueue(db, JobName.TAKE_MAIL, key=f"mail:{now:%Y%m%d%H%M}", now=now)
        db.commit()


def watch_hot(installation: Installation, now: datetime) -> None:
    """Every few minutes a worker looks whether many citizens speak of one matter."""
    with installation.sessions() as db:
        if hotspots.enqueue_look(db, now):
            db.commit()


def mark_missed_calls(installation: Installation, now: datetime) -> None:
    """A call that rings longer than anybody waits was missed: the provider's last word got lost."""
    with installation.sessions() as db:
        forgotten = select(Call).where(Call.state == "ringing", Call.started_at < now - RINGS_FOR).with_for_update()
        for call in db.scalars(forgotten):
            call.state, call.ended_at = "missed", now
            enqueue_word(db, call, now)
        db.commit()


def watch_duty(installation: Installation, now: datetime) -> None:
    """Whoever closed every page and left no telephone is off duty, and those who make the roster hear of it: the board tells the truth."""
    with installation.sessions() as db:
        for staff in presence.sign_off_the_gone(db, installation.city, now):
            left = len(presence.on_duty(db, installation.city, now))
            for role in (Role.LEAD_AGENT, Role.SUPERVISOR):
                tell_staff(
                    db, installation.city, "off_duty_gone", now, {"name": staff.name, "left": left}, role=role.value
                )
        end_what_is_over(db, now)
        db.execute(delete(TicketLook).where(TicketLook.at < now - KEPT_LOOKS))
        db.commit()


def write_digests(installation: Installation, now: datetime) -> None:
    """Each working morning every unit with an address hears what waits."""
    if not installation.settings.smtp_url:
        return
    with installation.sessions() as db:
        if enqueue_digests(db, installation.city, now):
            db.commit()


def take_exams_in(installation: Installation, now: datetime) -> None:
    with installation.sessions() as db:
        if hand_in_left(db, now):
            db.commit()


def watch_helpers(installation: Installation, now: datetime) -> None:
    """Half of the lead's time is over: an assisting unit that has not reported is reminded once, and the lead knows."""
    with installation.sessions() as db:
        for held in late_helpers(db, now):
            held.warned_at = now
            notices.remind_helper(db, installation.city, held, now)
        db.commit()


def watch_rules(installation: Installation, now: datetime) -> None:
    """What happened goes into the stream of electronic monitoring, with the rules it broke, and to the bodies that monitor.

    A city that begins late catches up a few thousand rows a minute.
    """
    for _round in range(MOST_ROUNDS):
        with installation.sessions() as db:
            entries = stream.gather(db, installation.city, now)
            tell_monitors(installation, db, entries, now)
            db.commit()
        if not entries:
            return


def check_deadlines(installation: Installation, now: datetime) -> int:
    """The daily self-check: open deadlines are compared with the calendar in force and moved when it has changed."""
    moved = 0
    with installation.sessions() as db:
        for deadline in db.scalars(
            select(Deadline).where(Deadline.stopped_at.is_(None), Deadline.release != installation.city.release)
        ):
            expected = deadlines.expected_due(db, installation.city, deadline)
            if expected != deadline.due_at:
                deadlines.move_due(installation.city, deadline, expected)
                note_changed(db, [deadline.ticket_id])
                moved += 1
            deadline.release = installation.city.release
        db.commit()
    if moved:
        log.warning("%d open deadlines moved to the calendar now in force", moved)
    return moved


def run_clock(installation: Installation, stop: threading.Event, every: float = 60.0) -> None:
    """Tick each minute until told to stop, and look every few seconds for what is due meanwhile.

    Of several clocks one acts (see `leader`), the others stand by.
    """
    last = -every
    leader = Leader(installation.engine)
    with Presence(installation, "clock"):
        enqueue_first_model(installation)
        while not stop.wait(LOOKS_EVERY):
            if not leader.is_ours():
                continue
            if time.monotonic() - last >= every:
                last = time.monotonic()
                tick(installation)
            else:
                for part in (ring, enqueue_tellings, enqueue_report, hand_over_due_jobs, settle_messages):
                    attempt(installation, installation.clock.now(), part)
    leader.give_up()
