"""Everything the follow-up agent has before the eyes while phoning: what was asked, what was answered, who said what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.followup.desk import is_false_contact
from hotline.tickets.citizens.merged import everybody_behind
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.roles import Actor, Role
from models import Citizen, Reply, Review, Staff, Survey, Ticket, TicketEvent

MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class Person:
    """One citizen behind the ticket, with their own ticket and their own answer of this round."""

    own: Ticket
    citizen: Citizen | None
    survey: Survey | None

    @property
    def answered(self) -> bool:
        return self.survey is not None and self.survey.answered_at is not None

    @property
    def unread(self) -> bool:
        return self.survey is not None and self.survey.outcome == "in_doubt"


@dataclass(frozen=True)
class CallSheet:
    """people: everybody behind the ticket, its own citizen first. before: answers of earlier rounds."""

    people: list[Person]
    reply: Reply | None
    before: list[Survey]
    redos: list[Review]
    attempts: list[TicketEvent]
    names: dict[int, str]
    false_contact: bool
    reveals: bool
    may_record: bool
    """Whether this person keys in what a citizen says on the telephone; a supervisor reads, judges and closes."""

    @property
    def to_ask(self) -> list[Person]:
        """Whom one may still ask: they have a number and have not answered."""
        return [one for one in self.people if not one.answered and one.citizen is not None and one.citizen.phone]

    def to_judge(self, ticket: Ticket) -> bool:
        """Somebody is unhappy or speaks of half: redo, or close with a reason."""
        return ticket.dissatisfied or any(
            one.survey is not None and one.survey.outcome == "partly" for one in self.people
        )


def read_call(db: Session, actor: Actor, ticket: Ticket) -> CallSheet:
    """Read it with six statements. The ticket must have come through `visible.see`."""
    behind = everybody_behind(db, ticket)
    surveys = list(db.scalars(select(Survey).where(Survey.ticket_id == ticket.id).order_by(Survey.id)))
    current = {survey.own_id: survey for survey in surveys if survey.round == ticket.round}
    reply = db.scalar(
        select(Reply).where(Reply.ticket_id == ticket.id, Reply.kind == "final").order_by(Reply.id.desc()).limit(1)
    )
    attempts = list(
        db.scalars(
            select(TicketEvent)
            .where(
                TicketEvent.ticket_id == ticket.id,
                TicketEvent.action == "call_attempt",
                TicketEvent.round == ticket.round,
            )
            .order_by(TicketEvent.id.desc())
            .limit(MOST_ATTEMPTS)
        )
    )
    redos = list(
        db.scalars(select(Review).where(Review.ticket_id == ticket.id, Review.verdict == "redo").order_by(Review.id))
    )
    return CallSheet(
        people=[Person(own, citizen, current.get(own.id)) for own, citizen in behind],
        reply=reply,
        before=[survey for survey in surveys if survey.round < ticket.round and survey.answered_at],
        redos=redos,
        attempts=attempts,
        names=_names(db, surveys),
        false_contact=is_false_contact(reply, current.values()),
        reveals=may_reveal(actor, ticket),
        may_record=actor.is_(Role.FOLLOW_UP),
    )


def _names(db: Session, surveys: list[Survey]) -> dict[int, str]:
    keyed = sorted({survey.keyed_by_id for survey in surveys if survey.keyed_by_id})
    return {row.id: row.name for row in db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(keyed)))}
