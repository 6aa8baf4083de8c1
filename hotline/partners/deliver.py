"""Posting what partners are to be told: again and again with longer waits, in order for each ticket, given up by people only.

A partner that does not answer is left alone for a while, with everything that waits for it; what it refuses, or has not taken
for a day, becomes a dead letter: the later tellings of that ticket wait until somebody has decided.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from hotline.city.cells.neighbours import ENCLOSURE, cell_of
from hotline.city.partners.subscription import Subscription
from hotline.errors import OutOfTurn
from hotline.i18n import _
from hotline.installation import Installation
from hotline.messages.told_secrets import as_sent
from hotline.partners import monitors
from hotline.partners.demands import keep_reference, platform
from hotline.partners.facts import FACTS, Case, content_of, may_leave
from hotline.partners.handed import HANDED, enclosed
from hotline.partners.publish import address_of, enqueue_post, line_of, master_of
from hotline.tickets.act import lock
from hotline.tickets.names import ActionName, ClockName
from models import Citizen, Deadline, Delivery, Job, Message, PartnerLine, Ticket, TicketEvent
from models.store.rows import insert_once
from webhooks.partners import push
from webhooks.partners.push import ACCEPTED, REFUSED, Answer, Expected

WAITS = (10, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Seconds until the next try; the last stands for all that follow."""

MOST_TRIES, LONGEST = 32, timedelta(days=3)
"""About a day of answers by the waits above, or so long without any; then a person looks."""

VAIN, REST, LONGEST_REST = 3, timedelta(minutes=1), timedelta(minutes=5)
"""After so many posts in a row without an answer the line rests, once for all that waits; then one telling tries it."""

TOO_MANY, AN_HOUR = 429, timedelta(hours=1)
AT_ONCE = 200

FOR_A_FILE = 60.0
"""Seconds for a post with a file: longer than the province takes to pass it on."""

Afterwards = Callable[[], None]


def post(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """One try of one telling. When it is up again is written beforehand, so that a killed worker loses nothing.

    Nothing is posted before the earlier tellings of the same ticket to the same partner have ended.
    """
    now = installation.clock.now()
    held = _lock(db, int(job.args["delivery_id"]))
    if held is None or held.state != "waiting" or held.due_at > now or _is_behind(db, held):
        return None
    if not _may_speak(installation, db, held.partner, now):
        return None
    told = _told(installation, db, held)
    if told is None:
        end(db, held, "withheld", now)
        return None
    content, subscription = told
    held.tried_at = now
    held.due_at = now + timedelta(seconds=WAITS[min(held.attempts, len(WAITS) - 1)])
    return partial(_post, installation, held.id, held.kind, held.key, content, subscription)


def enqueue_tellings(installation: Installation, now: datetime) -> None:
    """What partners have not taken yet and is up again."""
    settings = installation.settings
    if not (settings.partners or settings.province) or not installation.city.subscriptions:
        return
    with installation.sessions() as db:
        if enqueue_due(installation, db, now):
            db.commit()


def enqueue_due(installation: Installation, db: Session, now: datetime) -> int:
    """The jobs of what is due again; while a line is in doubt one telling tries it. Returns how many."""
    handed = 0
    for partner in installation.city.subscriptions:
        if not _may_speak(installation, db, partner.name, now):
            continue
        line = db.get(PartnerLine, partner.name)
        doubtful = line is not None and line.vain >= VAIN
        handed += _try_line(db, partner.name, now) if doubtful else _enqueue_due(db, partner.name, now)
    return handed


def _enqueue_due(db: Session, partner: str, now: datetime) -> int:
    """Only the first of each ticket: the others are behind it."""
    undone = Delivery.state.in_(("waiting", "failed"))
    first = select(func.min(Delivery.id)).where(Delivery.partner == partner, undone).group_by(Delivery.ticket_id)
    due = select(Delivery.id, Delivery.due_at).where(
        Delivery.id.in_(first), Delivery.state == "waiting", Delivery.due_at <= now
    )
    rows = db.execute(due.order_by(Delivery.due_at, Delivery.id).limit(AT_ONCE)).all()
    for row in rows:
        enqueue_post(db, row.id, f"{row.due_at:%Y%m%d%H%M%S}:{now:%H%M}", now)
    return len(rows)


def _try_line(db: Session, partner: str, now: datetime) -> int:
    """The line is in doubt: one telling tries it, each time another, whenever it was to be tried next."""
    waiting = (Delivery.partner == partner, Delivery.state == "waiting")
    held = db.scalar(select(Delivery).where(*waiting).order_by(Delivery.tried_at.nulls_first(), Delivery.id).limit(1))
    if held is None or _is_behind(db, held):
        held = db.scalar(select(Delivery).where(*waiting).order_by(Delivery.id).limit(1))
    if held is None:
        return 0
    held.due_at = now
    enqueue_post(db, held.id, f"line:{now:%Y%m%d%H%M}", now)
    return 1


def end(
    db: Session, held: Delivery, state: str, now: datetime, *, by: str | None = None, reason: str | None = None
) -> None:
    """This telling waits for nobody any more; the next of its ticket is up."""
    held.state, held.ended_at, held.ended_by, held.reason = state, now, by, reason
    _mark_message(db, held, now)
    db.flush()
    after = select(Delivery.id).where(_same_way(held), Delivery.id > held.id, Delivery.state == "waiting")
    following = db.scalar(after.order_by(Delivery.id).limit(1))
    if following is not None:
        enqueue_post(db, following, f"after:{held.id}", now)


def retry(db: Session, held: Delivery, now: datetime) -> None:
    """An operator's second chance for a dead letter. Raises OutOfTurn."""
    if held.state != "failed":
        raise OutOfTurn(_("这一条不在死信里，不用重投。"))
    held.state, held.due_at, held.attempts = "waiting", now, 0
    enqueue_post(db, held.id, f"again:{now.timestamp():.0f}", now)


def give_up(db: Session, held: Delivery, by: str, reason: str, now: datetime) -> None:
    """An operator decides that the partner will not be told; what waits behind it goes on. Raises OutOfTurn."""
    if held.state != "failed":
        raise OutOfTurn(_("这一条不在死信里，不用放弃。"))
    end(db, held, "given_up", now, by=by, reason=reason)


def _post(
    installation: Installation,
    delivery_id: int,
    kind: str,
    name: str,
    content: dict[str, str],
    subscription: Subscription,
) -> None:
    address, key = line_of(installation, subscription.name, subscription.tellings[kind].door)
    expected = Expected(subscription.accepts, subscription.receipt, subscription.refuses)
    longer = (FOR_A_FILE,) if kind == ENCLOSURE else ()
    answer = push.post(address, key, name, content, installation.clock.now(), expected, *longer)
    with installation.sessions() as db:
        record(db, delivery_id, answer, installation.clock.now())
        _keep_reference(installation, db, delivery_id, answer)
        db.commit()


def record(db: Session, delivery_id: int, answer: Answer, now: datetime) -> None:
    """What the partner said: accepted, refused for good, or asked again later."""
    held = _lock(db, delivery_id)
    if held is None or held.state != "waiting":
        return
    held.attempts += answer.reached
    held.status, held.took_ms = answer.status, answer.took_ms
    held.error, held.receipt = answer.trouble[:300] or None, answer.receipt or held.receipt
    _note_line(db, held.partner, answer, now)
    if answer.result == ACCEPTED:
        end(db, held, "accepted", now)
    elif answer.result == REFUSED or held.attempts >= MOST_TRIES or now - held.created_at > LONGEST:
        held.state = "failed"
        _mark_message(db, held, now)
    elif answer.wait:
        held.due_at = max(held.due_at, now + timedelta(seconds=answer.wait))


def _keep_reference(installation: Installation, db: Session, delivery_id: int, answer: Answer) -> None:
    """A body that took a matter over has given it a number: it stands on the ticket without anybody typing it."""
    held = db.get_one(Delivery, delivery_id)
    event = db.get(TicketEvent, held.event_id) if held.event_id else None
    if answer.result != ACCEPTED or not answer.receipt or event is None or event.action != ActionName.TRANSFER_OUT:
        return
    by, now = platform(installation.city, held.partner), installation.clock.now()
    keep_reference(db, installation.city, lock(db, event.ticket_id), by, answer.receipt, now)


def _lock(db: Session, delivery_id: int) -> Delivery | None:
    wanted = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    return db.scalar(wanted.execution_options(populate_existing=True))


def _same_way(held: Delivery) -> ColumnElement[bool]:
    """The tellings of the same ticket to the same partner."""
    same = Delivery.ticket_id == held.ticket_id if held.ticket_id else Delivery.id == held.id
    return and_(Delivery.partner == held.partner, same)


def _is_behind(db: Session, held: Delivery) -> bool:
    undone = Delivery.state.in_(("waiting", "failed"))
    return db.scalar(select(Delivery.id).where(_same_way(held), undone, Delivery.id < held.id).limit(1)) is not None


def _may_speak(installation: Installation, db: Session, partner: str, now: datetime) -> bool:
    """The settings name its address, the city's file what it is told, and the line does not rest."""
    if not address_of(installation, partner) or installation.city.subscription(partner) is None:
        return False
    line = db.get(PartnerLine, partner, populate_existing=True)
    return line is None or line.rests_until is None or line.rests_until <= now


def _note_line(db: Session, partner: str, answer: Answer, now: datetime) -> None:
    insert_once(db, PartnerLine, ["partner"], partner=partner, vain=0)
    line = db.get_one(PartnerLine, partner, populate_existing=True, with_for_update=True)
    if answer.result == ACCEPTED:
        if line.vain >= VAIN:
            waiting = (Delivery.partner == partner, Delivery.state == "waiting", Delivery.due_at > now)
            db.execute(update(Delivery).where(*waiting).values(due_at=now))
        line.vain, line.rests_until, line.accepted_at = 0, None, now
        return
    line.failed_at, line.error = now, answer.trouble[:300]
    line.vain = 0 if answer.reached else line.vain + 1
    if answer.status == TOO_MANY and answer.wait:
        line.rests_until = now + min(timedelta(seconds=answer.wait), AN_HOUR)  # whatever the words are
    elif line.vain >= VAIN:
        line.rests_until = now + min(REST * 2 ** min(line.vain - VAIN, 8), LONGEST_REST)


def _told(installation: Installation, db: Session, held: Delivery) -> tuple[dict[str, str], Subscription] | None:
    """What is posted and by which row of the city's file; None for what may not leave any more."""
    if held.entry_id is not None:
        return monitors.told(db, installation.city, held)
    case = _case(installation, db, held)
    if case is None:
        return None
    if held.attachment_id is not None:
        content = enclosed(installation, case)
        return (content, case.subscription) if content is not None else None
    facts = HANDED if cell_of(held.partner) else FACTS
    return content_of(case, case.subscription.tellings[held.kind], facts), case.subscription


def _case(installation: Installation, db: Session, held: Delivery) -> Case | None:
    """None for what may not leave any more: sealed meanwhile, erased, or no longer in the subscription."""
    subscription = installation.city.subscription(held.partner)
    if subscription is None or held.kind not in subscription.tellings or held.ticket_id is None:
        return None
    own = db.get_one(Ticket, held.ticket_id)
    event = db.get(TicketEvent, held.event_id) if held.event_id else None
    message = db.get(Message, held.message_id) if held.message_id else None
    master = master_of(db, own, event)
    if message is None and not may_leave(subscription, own, master):
        return None
    words = as_sent(db, message)[0] if message is not None else ""
    due = _answer_due(db, master, event.round if event is not None else master.round)
    return Case(installation.city, subscription, held, own, master, event, message, _account(db, message), words, due)


def _answer_due(db: Session, ticket: Ticket, turn: int) -> datetime | None:
    """The end of the clock in which the unit answers in this round, though it was told late; None before there is one."""
    own = (Deadline.ticket_id == ticket.id, Deadline.round == turn)
    answering = Deadline.clock.in_((ClockName.REPLY, ClockName.REDO))
    return db.scalar(select(Deadline.due_at).where(*own, answering).order_by(Deadline.id.desc()).limit(1))


def _account(db: Session, message: Message | None) -> str:
    """The account at the channel by which the citizen wrote."""
    citizen = db.get(Citizen, message.citizen_id) if message is not None and message.citizen_id else None
    return (citizen.handle or "").partition(":")[2] if citizen is not None else ""


def _mark_message(db: Session, held: Delivery, now: datetime) -> None:
    """Words to a citizen are sent when the channel took them, and failed when it will not."""
    message = db.get(Message, held.message_id) if held.message_id else None
    if message is None or message.state not in ("queued", "sending", "failed"):
        return
    if held.state == "accepted":
        message.state, message.sent_at, message.error = "sent", now, None
        message.provider, message.provider_id = held.partner[:16], (held.receipt or held.key)[:64]
    else:
        message.state, message.error = "failed", held.error or held.reason
