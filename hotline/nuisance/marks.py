"""A mark from the proposal to its end: proposed with proofs, decided by a second person, appealed, lifted or over by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.nuisance.schema import Reason
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.nuisance import rights
from hotline.nuisance.standing import standing
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from hotline.tickets.second_person import is_another
from models import NuisanceMark, Ticket
from models.store.db import changed

MOST_PROOFS, LONGEST = 20, 2000


def propose(
    db: Session,
    city: City,
    actor: Actor,
    phone: str,
    reason: str,
    words: str,
    proofs: Sequence[str],
    now: datetime,
) -> NuisanceMark:
    """phone: whose. proofs: numbers of its tickets. Raises Refusal naming what is wrong."""
    _need(actor, rights.PROPOSERS)
    problems = {"words": told} if (told := _said_wrong(words)) else {}
    if reason not in city.nuisance.reasons:
        problems["reason"] = _("请从列表中选择。")
    if told := _no_proof(db, actor, phone, proofs):
        problems["proofs"] = told
    if problems:
        raise Refusal(next(iter(problems.values())), code="not_proposed", problems=problems)
    if waiting(db, phone) is not None or standing(db, phone, now) is not None:
        raise Refusal(_("这个号码已有标记，或正在等待决定。"), code="marked_already")
    mark = NuisanceMark(
        phone=phone,
        reason=reason,
        words=words.strip(),
        proofs=list(dict.fromkeys(proofs)),
        proposed_by_id=actor.id,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    db.add(mark)
    db.flush()
    _into_the_book(db, actor, mark, "proposed", now)
    return mark


def decide(db: Session, city: City, actor: Actor, mark: NuisanceMark, stands: bool, words: str, now: datetime) -> None:
    """By a second person: whoever proposed it does not decide it. Raises NotAllowed, Refusal, OutOfTurn."""
    _need(actor, rights.DECIDERS)
    if not is_another(db, actor, mark.proposed_by_id):
        raise NotAllowed(_("提出的人不能自己决定，请另一位督办员决定。"), code="own_proposal")
    if not stands and (told := _said_wrong(words)):
        raise Refusal(told, field="words", code="no_reason")
    until = now + timedelta(days=_reason(city, mark).days) if stands else None
    _turn(
        db,
        mark,
        (NuisanceMark.state == "proposed",),
        state="standing" if stands else "refused",
        decided_by_id=actor.id,
        decided_by_name=actor.name,
        decided_at=now,
        decision_words=words.strip()[:LONGEST] or None,
        until_at=until,
    )
    _into_the_book(db, actor, mark, mark.state, now)


def note_appeal(db: Session, actor: Actor, mark: NuisanceMark, words: str, now: datetime) -> None:
    """What the citizen says against it, once; anybody who hears it writes it down. Raises Refusal, OutOfTurn."""
    _need(actor, rights.READERS)
    if told := _said_wrong(words):
        raise Refusal(told, field="words", code="no_reason")
    in_force = (NuisanceMark.state == "standing", NuisanceMark.until_at > now, NuisanceMark.appeal_at.is_(None))
    _turn(db, mark, in_force, appeal_at=now, appeal_words=words.strip(), appeal_noted_by_name=actor.name)
    _into_the_book(db, actor, mark, "appealed", now)


def decide_appeal(db: Session, actor: Actor, mark: NuisanceMark, lift: bool, words: str, now: datetime) -> None:
    """By another supervisor than the one who decided the mark. Raises NotAllowed, Refusal, OutOfTurn."""
    _need(actor, rights.DECIDERS)
    if not is_another(db, actor, mark.decided_by_id, mark.proposed_by_id):
        raise NotAllowed(_("申诉由另一位督办员决定，不能由提出或决定标记的人自己决定。"), code="own_decision")
    if told := _said_wrong(words):
        raise Refusal(told, field="words", code="no_reason")
    waits = (NuisanceMark.appeal_at.is_not(None), NuisanceMark.appeal_decided_at.is_(None))
    values: dict[str, Any] = {"state": "lifted", "until_at": now} if lift else {}
    _turn(
        db,
        mark,
        waits,
        appeal_decided_at=now,
        appeal_decided_by_name=actor.name,
        appeal_decision_words=words.strip(),
        **values,
    )
    _into_the_book(db, actor, mark, "lifted" if lift else "kept", now)


def found(db: Session, mark_id: int) -> NuisanceMark:
    """Raises NotFound."""
    mark = db.get(NuisanceMark, mark_id)
    if mark is None:
        raise NotFound(_("没有这个标记。"))
    return mark


def waiting(db: Session, phone: str) -> NuisanceMark | None:
    """The proposal for this number that nobody has decided yet."""
    own = (NuisanceMark.phone == phone, NuisanceMark.state == "proposed")
    return db.scalars(select(NuisanceMark).where(*own).limit(1)).first()


def may_prove(db: Session, actor: Actor, phone: str) -> list[Ticket]:
    """Tickets of this number that may be named: what concerns somebody's safety, and what is sealed, is nobody's nuisance."""
    own = (Ticket.contact_phone == phone, Ticket.state != "draft", visible_to(actor))
    calm = (Ticket.safety.is_(False), Ticket.urgency != "critical", Ticket.privacy != "sealed")
    return list(db.scalars(select(Ticket).where(*own, *calm).order_by(Ticket.id.desc()).limit(MOST_PROOFS)))


def _no_proof(db: Session, actor: Actor, phone: str, proofs: Sequence[str]) -> str:
    if not proofs:
        return _("请至少选一张这个号码的工单作为依据。")
    known = {one.number for one in may_prove(db, actor, phone)} if phone else set()
    wrong = [one for one in proofs if one not in known]
    return (
        _("不能作为依据：%(numbers)s（涉及安全、保密或不是这个号码的）。", numbers=_("、").join(wrong)) if wrong else ""
    )


def _said_wrong(words: str) -> str:
    if not words.strip():
        return _("请写明情况。")
    return _("最多 %(n)d 个字，请写短一些。", n=LONGEST) if len(words) > LONGEST else ""


def _reason(city: City, mark: NuisanceMark) -> Reason:
    """Raises Refusal when the city has given the reason up since."""
    if mark.reason not in city.nuisance.reasons:
        raise Refusal(_("本市已不再用这个原因标记，请退回。"), code="no_such_reason")
    return city.nuisance.reasons[mark.reason]


def _need(actor: Actor, who: frozenset[Any]) -> None:
    if not actor.is_(*who):
        raise NotAllowed(_("您的角色不能做这件事。"), code="not_your_role")


def _turn(db: Session, mark: NuisanceMark, still: Sequence[Any], **values: Any) -> None:
    """The database names the winner of two who decide at once."""
    if not changed(db, update(NuisanceMark).where(NuisanceMark.id == mark.id, *still).values(**values)):
        raise OutOfTurn(_("这个标记已经有人处理过，或已到期，请再看一眼。"), code="overtaken")
    db.refresh(mark)


def _into_the_book(db: Session, actor: Actor, mark: NuisanceMark, deed: str, now: datetime) -> None:
    audit.record(db, "nuisance", actor, now, subject=f"mark {mark.id}", deed=deed, reason=mark.reason)
