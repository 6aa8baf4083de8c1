"""The reviewer's side of the board: what waits to be read, publishing, keeping back, and taking off at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.public_board.wording import Wording, checked
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.story import ERASED
from hotline.tickets.roles import Actor, Role
from hotline.tickets.states import FINISHED
from models import InterviewQuestion, Publication, Ticket, TicketText

READERS = frozenset({Role.REVIEWER, Role.SUPERVISOR, Role.HEAD})
"""Who reads what is written for the public, and answers for it."""


def fit() -> ColumnElement[bool]:
    """The ticket may be shown: ended with an answer, neither sealed nor about somebody's safety, and not erased.

    What was asked in a live session is shown as soon as a reviewer has passed the answer: its citizen is asked meanwhile.
    """
    ended = Ticket.state.in_([state.value for state in FINISHED])
    own = select(InterviewQuestion.id).where(InterviewQuestion.ticket_id == Ticket.id)
    asked_live = own.correlate(Ticket).exists()
    return and_(
        or_(ended, and_(Ticket.state == "to_follow_up", asked_live)),
        Ticket.privacy != "sealed",
        Ticket.safety.is_(False),
        Ticket.urgency != "critical",
        or_(Ticket.close_kind.is_(None), Ticket.close_kind != "withdrawn"),
        TicketText.public_answer.is_not(None),
        TicketText.public_answer != "",
        TicketText.extra[ERASED].as_string().is_(None),
    )


def waiting() -> Select[Publication, Ticket]:
    """(Publication, Ticket) to be read: new ones, and published ones whose matter was answered anew since."""
    anew = and_(Publication.state == "published", Publication.round != Ticket.round)
    return _rows().where(fit(), or_(Publication.state == "waiting", anew))


def decided(state: str) -> Select[Publication, Ticket]:
    """(Publication, Ticket) that are published, or kept back."""
    return _rows().where(Publication.state == state)


def found(db: Session, publication_id: int) -> tuple[Publication, Ticket]:
    """Raises NotFound when the consent was taken back."""
    row = db.execute(_rows().where(Publication.id == publication_id)).first()
    if row is None:
        raise NotFound(_("这件已不在公开名单里：市民可能刚刚收回了同意。"))
    return row[0], row[1]


def publish(db: Session, actor: Actor, publication_id: int, wording: Wording, now: datetime) -> None:
    """Raises OutOfTurn when the matter moved on, Refusal when the words tell who it is."""
    publication, ticket = found(db, publication_id)
    if db.scalar(select(Ticket.id).join(Ticket.text).where(Ticket.id == ticket.id, fit())) is None:
        raise OutOfTurn(_("这件诉求已重新办理，或不再适合公开，请回到名单再看。"), code="not_fit")
    words = checked(ticket, wording)
    _decide(
        db,
        actor,
        publication,
        now,
        "published",
        round=ticket.round,
        title=words.title,
        request=words.request,
        answer=words.answer,
        published_at=publication.published_at or now,
        why=None,
    )


def keep_back(db: Session, actor: Actor, publication_id: int, why: str, now: datetime) -> None:
    """Nothing of it is shown, from this moment on; what was written for the public goes. Raises Refusal without a reason."""
    publication, _ticket = found(db, publication_id)
    if not why.strip():
        raise Refusal(_("请写明不公开的原因。"), field="why", code="no_reason")
    empty = {"title": "", "request": "", "answer": "", "published_at": None}
    _decide(db, actor, publication, now, "kept_back", why=why.strip()[:500], **empty)


def _decide(db: Session, actor: Actor, publication: Publication, now: datetime, state: str, **values: Any) -> None:
    """The database names the winner: who decided about what had been decided meanwhile is told."""
    unchanged = and_(Publication.id == publication.id, Publication.state == publication.state)
    before = publication.state
    changed = db.execute(update(Publication).where(unchanged).values(state=state, decided_by_name=actor.name, **values))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise OutOfTurn(_("别人刚刚处理过这一件，请再看一眼。"), code="overtaken")
    deed = "published" if state == "published" else "unpublished" if before == "published" else "kept_from_public"
    audit.record(db, deed, actor, now, ticket_id=publication.ticket_id, why=values.get("why"))


def _rows() -> Select[Publication, Ticket]:
    query = select(Publication, Ticket).join(Ticket, Ticket.id == Publication.ticket_id).join(Ticket.text)
    return query.options(contains_eager(Ticket.text))
