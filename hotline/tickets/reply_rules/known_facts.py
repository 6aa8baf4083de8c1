"""What the program itself knows about a reply: each fact answers its question of the checklist, and shows its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.replies.files_named import file_named
from classifier.text.masking.mask import ANSWER, personal_spans
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.names import ActionName as Do
from hotline.tickets.privacy import redact
from hotline.tickets.reply_rules.signing import needs_sign_off, signed_own
from hotline.tickets.vocabulary import CONTACT_WAYS, OUTCOMES
from models import Attachment, Call, Reply, Ticket, TicketEvent

YES, NO, NA = "yes", "no", "na"


@dataclass(frozen=True)
class KnownFact:
    """answer: what the fact says to the question, "" when a person must judge. against: answers that it contradicts.

    alone: the question wants an answer of its own, and is not among what one key answers.
    """

    proof: str
    answer: str = ""
    tone: str = ""
    against: frozenset[str] = frozenset()
    alone: bool = False


@dataclass(frozen=True)
class Evidence:
    """What stands in the database about one reply. call_at, contact_at: when the citizen was reached in its round, as we recorded it.

    earlier_at: when that was last so in a round before; it proves nothing of this one.
    """

    ticket: Ticket
    reply: Reply
    files: int
    call_at: datetime | None
    contact_at: datetime | None
    earlier_at: datetime | None
    zone: str

    def at(self, moment: datetime | None) -> str:
        return moment.astimezone(ZoneInfo(self.zone)).strftime("%m-%d %H:%M") if moment else ""


def known_facts(db: Session, city: City, ticket: Ticket, reply: Reply | None) -> dict[str, KnownFact]:
    """By the code of the question; questions to which the program knows nothing are left out. Four statements."""
    if reply is None:
        return {}
    evidence = _read(db, city, ticket, reply)
    return {item.code: fact for item in city.checklist if item.fact and (fact := _FACTS[item.fact](evidence))}


def contact_fact(db: Session, city: City, ticket: Ticket, reply: Reply) -> KnownFact:
    """Whether the citizen was reached: the same words for whoever signs a reply that is not sent yet, and for its reviewer."""
    return _contact(_read(db, city, ticket, reply))


def completed(given: Mapping[str, str], known: Mapping[str, KnownFact]) -> dict[str, str]:
    """The reviewer's answers, and those of the facts where the reviewer said nothing."""
    return {**{code: fact.answer for code, fact in known.items() if fact.answer}, **given}


def contradicted(answers: Mapping[str, str], known: Mapping[str, KnownFact]) -> list[str]:
    """The questions that were answered against what is known."""
    return [code for code, fact in known.items() if answers.get(code) in fact.against]


def _read(db: Session, city: City, ticket: Ticket, reply: Reply) -> Evidence:
    began = _began(db, ticket, reply.round)
    spoke = [(at, began is None or at > began) for at in _calls(db, ticket, reply)]
    wrote = [(event.at, event.round == reply.round) for event in _contacts(db, ticket)]
    call_at, contact_at = (max((at for at, now in each if now), default=None) for each in (spoke, wrote))
    earlier_at = max((at for at, now in spoke + wrote if not now), default=None)
    return Evidence(ticket, reply, _files(db, reply), call_at, contact_at, earlier_at, city.timezone)


def _files(db: Session, reply: Reply) -> int:
    """A reply that is not written yet has none of its own."""
    if reply.id is None:
        return 0
    mine = (Attachment.reply_id == reply.id, Attachment.removed_at.is_(None))
    return db.scalar(select(func.count(Attachment.id)).where(*mine)) or 0


def _began(db: Session, ticket: Ticket, turn: int) -> datetime | None:
    """When this round began; None for the first, to which all belongs that was before."""
    of_this_round = (TicketEvent.ticket_id == ticket.id, TicketEvent.round == turn)
    return db.scalar(select(func.min(TicketEvent.at)).where(*of_this_round)) if turn > 1 else None


def _calls(db: Session, ticket: Ticket, reply: Reply) -> list[datetime]:
    """When somebody of ours spoke with the citizen before this reply."""
    told = select(Call.answered_at).where(
        Call.ticket_id == ticket.id,
        Call.direction == "out",
        Call.outcome == "reached",
        Call.answered_at <= reply.at,
    )
    return [at for at in db.scalars(told) if at is not None]


def _contacts(db: Session, ticket: Ticket) -> list[TicketEvent]:
    """What the unit wrote down of reaching the citizen; a try that reached nobody is none."""
    told = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Do.CONTACT)
    return [event for event in db.scalars(told) if event.data.get("reached") is not False]


def _outcome(found: Evidence) -> KnownFact:
    if not found.reply.outcome:
        return KnownFact(_("没有写解决情况"), NO, "bad", frozenset({YES, NA}))
    return KnownFact(_(OUTCOMES.get(found.reply.outcome, found.reply.outcome)))


def _contact(found: Evidence) -> KnownFact:
    """A call of ours that was connected, or the unit's own record made at the time, is a proof; the form alone is a claim."""
    reply = found.reply
    if found.call_at:
        return KnownFact(_("热线 %(at)s 与市民通话", at=found.at(found.call_at)), YES, "good")
    if found.contact_at:
        return KnownFact(_("单位 %(at)s 有先行联系的记录", at=found.at(found.contact_at)), YES, "good")
    if found.earlier_at:
        proof = _("%(at)s 联系过，那是以前的一轮；这一轮没有联系的记录", at=found.at(found.earlier_at))
        return KnownFact(proof, "", "warn", alone=True)
    if reply.contacted:
        how = _(CONTACT_WAYS.get(reply.contact_how or "", ""))
        said = _("称已联系：%(how)s %(at)s", how=how, at=found.at(reply.contacted_at))
        return KnownFact(_("%(said)s，但没有先行联系的记录", said=said), "", "warn", frozenset({YES, NA}))
    if reply.no_contact_reason:
        return KnownFact(_("没有联系：%(why)s", why=reply.no_contact_reason), "", "warn")
    return KnownFact(_("没有联系，也没有写原因"), NO, "bad", frozenset({YES, NA}))


def _told(found: Evidence) -> KnownFact:
    """That it told the citizen is the unit's own word: a person judges it."""
    reply = found.reply
    if not reply.answered_citizen:
        return KnownFact(_("没有写明已告知市民"), "", "warn", frozenset({YES, NA}))
    if reply.answered_at is None:
        return KnownFact(_("单位写明已告知，没有写时间"), "", "warn")
    return KnownFact(_("单位称 %(at)s 已告知", at=found.at(reply.answered_at)))


def _evidence(found: Evidence) -> KnownFact:
    if found.files:
        return KnownFact(_("%(n)d 个文件", n=found.files))
    reply = found.reply
    if named := file_named(reply.facts or "", reply.measures or "", reply.public_answer or ""):
        return KnownFact(_("答复里写“%(named)s”，却没有附件", named=named), "", "bad", frozenset({YES, NA}))
    return KnownFact(_("没有附件"), NA, "warn", frozenset({YES}))


def _attachments(found: Evidence) -> KnownFact:
    if found.files:
        return KnownFact(_("%(n)d 个文件", n=found.files), "", "", frozenset({NA}))
    return KnownFact(_("没有附件"), NA, "", frozenset({YES}))


def _basis(found: Evidence) -> KnownFact:
    return KnownFact(found.reply.legal_basis or _("没有写依据"))


def _promised(found: Evidence) -> KnownFact:
    """What is finished needs no plan; what is not may not be waved through as if it were."""
    reply = found.reply
    if reply.outcome == "solved":
        return KnownFact(_("写明已解决"), NA)
    return KnownFact(reply.outcome_reason or _("没有全部解决"), "", "warn", frozenset({NA}))


def _privacy(found: Evidence) -> KnownFact | None:
    answer = found.reply.public_answer or ""
    leaks = [answer[s.start : s.end] for s in personal_spans(answer, redact.person_of(found.ticket), ANSWER)]
    if not leaks:
        return None
    what = "、".join(leaks[:2])
    return KnownFact(_("公开答复里像有个人信息：%(what)s", what=what), NO, "bad", frozenset({YES, NA}))


def _signature(found: Evidence) -> KnownFact:
    if found.reply.signed_off_by:
        return _signed(found, needs_sign_off(found.ticket))
    if needs_sign_off(found.ticket):
        return KnownFact(_("须签发而没有签发人"), NO, "bad", frozenset({YES, NA}))
    return KnownFact(_("不须签发，没有签发人"), NA, "", frozenset({YES}))


def _signed(found: Evidence, serious: bool) -> KnownFact:
    """A typed name is none; an author's own signature under a serious reply wants a look of its own."""
    name, at = found.reply.signed_off_by, found.at(found.reply.signed_at)
    if found.reply.signed_at is None:
        return KnownFact(_("填写的签发人：%(name)s，没有本人签发的记录", name=name), "", "warn")
    if serious and signed_own(found.reply):
        return KnownFact(_("%(name)s %(at)s 签发自己写的答复，没有其他签发人", name=name, at=at), "", "warn")
    return KnownFact(_("%(name)s %(at)s 签发", name=name, at=at), YES, "good")


_FACTS = {
    "outcome": _outcome,
    "contact": _contact,
    "told": _told,
    "evidence": _evidence,
    "attachments": _attachments,
    "basis": _basis,
    "promise": _promised,
    "privacy": _privacy,
    "signature": _signature,
}
