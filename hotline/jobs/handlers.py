"""What each job does: one function per name, in the transaction that marks it done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.cells.report import report
from hotline.errors import Refusal
from hotline.evidence.look import look_at
from hotline.evidence.recurring import seek_earlier as seek
from hotline.followup import direct
from hotline.followup.ask import ask_citizens, remind
from hotline.followup.heard import parts_are_late
from hotline.installation import Installation
from hotline.intake.importing import runs as import_runs
from hotline.intake.media import fetch_media
from hotline.interviews.by_text import open_question
from hotline.jobs.letters import empty_mailbox
from hotline.jobs.many import classify_all, tell, tell_all, ticket_of
from hotline.knowledge.links import check_links
from hotline.knowledge.looked_into import knowledge_file
from hotline.letters.scans import read_scan
from hotline.messages import by_mail, deliver, digest, duty_phones, notices, staff_letters
from hotline.partners import accounts
from hotline.partners.deliver import post
from hotline.partners.publish import publish
from hotline.stored_files.care import file_stored
from hotline.telephony import missed, turns
from hotline.telephony.commands import tell_line
from hotline.tickets import bells, deadlines
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import everybody_answered, merged_into
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.names import JobName
from hotline.tickets.names import ReminderName as Reminder
from hotline.tickets.reply_rules.replies import last_reply
from hotline.tickets.roles import CLOCK, SYSTEM, Role
from hotline.tickets.states import SUBMITTED, State
from hotline.training.background import start_learning
from hotline.triage import again, hotspots
from models import Call, Deadline, Job, Message, Reply, Ticket, TicketEvent

Afterwards = Callable[[], object]
Handler = Callable[[Installation, Session, Job], Afterwards | None]


def tell_dissatisfied(installation: Installation, db: Session, job: Job) -> None:
    """Enqueued by releases before a merged citizen's answer was a row of the table."""
    ticket = db.get(Ticket, ticket_of(job))
    if ticket is not None:
        notices.tell_role(db, installation.city, ticket, "judge_dissatisfied", Role.FOLLOW_UP, installation.clock.now())


def send(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """The claim is committed with the job; the sending itself holds no transaction."""
    message_id, now = int(job.args["message_id"]), installation.clock.now()
    claimed = deliver.claim(db, message_id, now)
    if claimed is None and by_mail.claim(db, message_id, now):
        return partial(by_mail.send, installation.sessions, installation.settings, installation.city, message_id, now)
    if claimed is None and accounts.send_by_account(installation, db, message_id, now):
        claimed = deliver.claim(db, message_id, now)
    if claimed is None:
        return None
    return partial(deliver.send, installation.sessions, installation.sender, deliver.written(db, claimed), now)


def ask_citizen(installation: Installation, db: Session, job: Job) -> None:
    """A reply passed: ask at the next civil hour, at once when it is one."""
    now = installation.clock.now()
    civil = installation.city.calendar.next_civil(now, *installation.city.policy.civil_hours)
    if civil > now:
        outbox.enqueue(db, JobName.ASK_CITIZEN, key=f"{job.key}:civil", now=now, at=civil, ticket_id=job.ticket_id)
        return
    ask_citizens(db, installation.city, lock(db, ticket_of(job)), now, installation.settings.public_url)


def ask_about_direct(installation: Installation, db: Session, job: Job) -> None:
    """A matter was answered on the spot: when it is drawn, its citizen is asked about it some hours later."""
    now, city = installation.clock.now(), installation.city
    ticket = lock(db, ticket_of(job))
    if not direct.is_drawn(ticket, city.policy):
        return
    if (due := direct.asked_at(city, ticket, now)) > now:
        outbox.enqueue(
            db, JobName.ASK_ABOUT_DIRECT, key=f"{job.key}:{due:%m%d%H}", now=now, at=due, ticket_id=job.ticket_id
        )
        return
    direct.ask_about(db, city, ticket, now, installation.settings.public_url)


def submit_part(installation: Installation, db: Session, job: Job) -> None:
    """A part that was split off starts its own life."""
    event = db.get(TicketEvent, job.args["event_id"])
    if event is None or not event.data.get("part_id"):
        return
    part = lock(db, int(event.data["part_id"]))
    if part.state == "draft":
        act(db, installation.city, part, Do.SUBMIT, SYSTEM, installation.clock.now())


def look_for_hot(installation: Installation, db: Session, job: Job) -> Afterwards:
    """Comparing the texts takes a moment and holds no transaction; a look that was lost is made up for by the next."""
    return lambda: _look(installation)


def _look(installation: Installation) -> None:
    hotspots.look(installation)


def bell(installation: Installation, db: Session, job: Job) -> None:
    """A clock rang: warn, give a card, or let the clock act. A deadline stopped meanwhile rings for nobody."""
    deadline = db.get(Deadline, job.args["deadline_id"])
    if deadline is None or deadline.stopped_at is not None:
        return
    ticket = lock(db, deadline.ticket_id)
    now, which = installation.clock.now(), str(job.args["bell"])
    if which == Reminder.REMIND:
        remind(db, installation.city, ticket, now, installation.settings.public_url)
    elif which == Reminder.DUE and deadline.clock in _CLOCK_ACTS:
        _CLOCK_ACTS[deadline.clock](installation, db, ticket, now)
    else:
        if which in CARDS and deadline.clock in deadlines.WORK:
            CARDS[which](installation, db, ticket, now)
        if which not in bells.EARLY or not deadlines.another_is_nearer(db, deadline, now):
            notices.ring_bell(db, installation.city, ticket, which, deadline.clock, deadline.due_at, now)


def bring_outer_date(installation: Installation, db: Session, job: Job) -> None:
    """A merged ticket's date at another platform goes over to the ticket that is handled."""
    own = db.get_one(Ticket, db.get_one(TicketEvent, job.args["event_id"]).ticket_id)
    if own.state != "merged" or own.merged_into_id is None or own.outer_due_at is None:
        return
    master = lock(db, own.merged_into_id)
    if State(master.state) in SUBMITTED:
        act(
            db,
            installation.city,
            master,
            Do.TAKE_OUTER_DATE,
            SYSTEM,
            installation.clock.now(),
            {"number": own.number, "until": own.outer_due_at},
        )


def close_left(installation: Installation, db: Session, job: Job) -> None:
    """Somebody behind a ticket withdrew, or goes their own way again: it ends when nobody waits for it any more."""
    event, now = db.get_one(TicketEvent, job.args["event_id"]), installation.clock.now()
    master = lock(db, int(event.data.get("master_id") or event.ticket_id))
    if State(master.state) not in SUBMITTED:
        return
    if event.action == Do.WITHDRAW:
        act(
            db,
            installation.city,
            master,
            Do.ONE_LEFT,
            SYSTEM,
            now,
            {"number": db.get_one(Ticket, event.ticket_id).number},
        )
    if master.left_at and not merged_into(db, master):
        act(db, installation.city, master, Do.WITHDRAW, SYSTEM, now)
    elif not master.dissatisfied and everybody_answered(db, master):
        act(db, installation.city, master, Do.ALL_ANSWERED, SYSTEM, now)


def missed_call(installation: Installation, db: Session, job: Job) -> None:
    missed.send_word(db, installation.city, db.get_one(Call, job.args["call_id"]), installation.clock.now())


def duty_next(installation: Installation, db: Session, job: Job) -> None:
    """Nobody of the unit has opened the urgent ticket: the next person's phone."""
    told, since = job.args, datetime.fromisoformat(job.args["since"])
    ticket = lock(db, ticket_of(job))
    duty_phones.text_next(
        db, installation.city, ticket, told["unit"], int(told["turn"]), since, installation.clock.now()
    )


def mail_digest(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """The letter is written from the tables; the sending itself holds no transaction."""
    unit, settings = installation.city.units.get(job.args["unit"]), installation.settings
    found = (
        digest.letter(db, installation.city, unit, installation.clock.now())
        if unit and settings.smtp_url and settings.mail_from
        else None
    )
    if unit is None or found is None:
        return None
    return partial(staff_letters.send, installation, job.name, job.key, dict(job.args), unit, *found)


def mail_notice(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """What a unit was told on its screens with some weight, as a letter."""
    unit, settings = installation.city.units.get(job.args["unit"]), installation.settings
    if unit is None or not unit.duty.email or not (settings.smtp_url and settings.mail_from):
        return None
    ticket = db.get_one(Ticket, ticket_of(job))
    letter = staff_letters.letter_of(installation.city, unit, ticket, job.args["notice"], settings.public_url)
    args = {**job.args, "ticket_id": ticket.id}
    return partial(staff_letters.send, installation, job.name, job.key, args, unit, *letter)


def take_mail(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """Letters are read without holding the database."""
    return partial(empty_mailbox, installation) if installation.settings.imap_url else None


def ring_next(installation: Installation, db: Session, job: Job) -> None:
    """Two rings have gone by: one more telephone rings for a call that still waits."""
    call = db.get_one(Call, job.args["call_id"])
    turns.next_turn(db, installation.city, call, installation.clock.now(), bool(job.args.get("first")))


def import_look(installation: Installation, db: Session, job: Job) -> Afterwards:
    """A long file is gone through without holding the database; a look that was cut off is asked for again on the page."""
    return partial(import_runs.look, installation, int(job.args["run_id"]), int(job.args["look"]))


def import_piece(installation: Installation, db: Session, job: Job) -> None:
    import_runs.take_piece(db, installation, int(job.args["run_id"]), int(job.args["position"]))


def join_parts(installation: Installation, db: Session, job: Job) -> None:
    """The time for the other parts of a long text is over."""
    parts_are_late(
        db, installation.city, db.get_one(Message, int(job.args["message_id"])), installation.clock.now(), open_question
    )


def look_at_reply(installation: Installation, db: Session, job: Job) -> None:
    """Hold the ticket's last reply against what is known by now."""
    reply = last_reply(db, ticket_of(job))
    if reply is not None:
        look_at(db, installation.city, installation.settings.attachments, reply, installation.clock.now())


def seek_earlier(installation: Installation, db: Session, job: Job) -> None:
    """Was this matter called solved before? Then that reply is looked at again."""
    found = seek(db, installation.city, db.get_one(Ticket, ticket_of(job)))
    if found is not None:
        reply = db.get_one(Reply, found.reply_id)
        look_at(db, installation.city, installation.settings.attachments, reply, installation.clock.now())


def look_at_links(installation: Installation, db: Session, job: Job) -> Afterwards:
    """Other people's pages may be slow: they are asked without holding the database."""
    return partial(_look_at_links, installation)


def _look_at_links(installation: Installation) -> None:
    check_links(installation, installation.clock.now())


def learn(installation: Installation, db: Session, job: Job) -> Afterwards:
    """Training begins once the job is committed, in a process of its own: it may take minutes."""
    return partial(start_learning, installation, str(job.args.get("by", "clock")), bool(job.args.get("forced", False)))


def propose_again(installation: Installation, db: Session, job: Job) -> None:
    again.propose_again(installation, db, ticket_of(job))


def _clock_does(action: Do) -> Callable[[Installation, Session, Ticket, datetime], None]:
    def do(installation: Installation, db: Session, ticket: Ticket, now: datetime) -> None:
        try:
            act(db, installation.city, ticket, action, CLOCK, now)
        except Refusal:
            return  # the ticket moved on, or a guard says a person must decide: the clock insists on nothing

    return do


def _wait_is_over(installation: Installation, db: Session, ticket: Ticket, now: datetime) -> None:
    """The agreed day has come for the unit, or the citizen who was asked for more kept silent."""
    _clock_does(Do.NO_WORDS if ticket.asking_more else Do.RESUME)(installation, db, ticket, now)


CARDS: dict[str, Callable[[Installation, Session, Ticket, datetime], None]] = {
    Reminder.YELLOW: _clock_does(Do.YELLOW_CARD),
    Reminder.RED: _clock_does(Do.RED_CARD),
}
_CLOCK_ACTS: dict[str, Callable[[Installation, Session, Ticket, datetime], None]] = {
    Clock.SIGN: _clock_does(Do.AUTO_SIGN),
    Clock.ANSWER: _clock_does(Do.NO_ANSWER),
    Clock.WAIT: _wait_is_over,
    Clock.ARCHIVE: _clock_does(Do.ARCHIVE),
}


def classify(installation: Installation, db: Session, job: Job) -> None:
    classify_all(installation, db, [job])


HANDLERS: dict[str, Handler] = {
    JobName.CLASSIFY: classify,
    JobName.TELL: tell,
    JobName.TELL_DISSATISFIED: tell_dissatisfied,
    JobName.SEND: send,
    JobName.ASK_CITIZEN: ask_citizen,
    JobName.ASK_ABOUT_DIRECT: ask_about_direct,
    JobName.SUBMIT_PART: submit_part,
    JobName.BELL: bell,
    JobName.CLOSE_LEFT: close_left,
    JobName.BRING_OUTER_DATE: bring_outer_date,
    JobName.LOOK_FOR_HOT: look_for_hot,
    JobName.LEARN: learn,
    JobName.PROPOSE_AGAIN: propose_again,
    JobName.TELL_LINE: tell_line,
    JobName.RING_NEXT: ring_next,
    JobName.DUTY_NEXT: duty_next,
    JobName.MAIL_DIGEST: mail_digest,
    JobName.MISSED_CALL: missed_call,
    JobName.IMPORT_LOOK: import_look,
    JobName.IMPORT_PIECE: import_piece,
    JobName.JOIN_PARTS: join_parts,
    JobName.FETCH_MEDIA: fetch_media,
    JobName.LOOK_AT_REPLY: look_at_reply,
    JobName.SEEK_EARLIER: seek_earlier,
    JobName.PUBLISH: publish,
    JobName.POST: post,
    JobName.REPORT: report,
    JobName.TAKE_MAIL: take_mail,
    JobName.MAIL_NOTICE: mail_notice,
    JobName.CHECK_LINKS: look_at_links,
    JobName.READ_SCAN: read_scan,
    JobName.FILE_STORED: file_stored,
    JobName.KNOWLEDGE_FILE: knowledge_file,
}

OF_MANY: dict[str, Callable[[Installation, Session, Sequence[Job]], None]] = {
    JobName.CLASSIFY: classify_all,
    JobName.TELL: tell_all,
}
"""Kinds of which several are done at once; each is done by itself as well, when one among several cannot be."""
