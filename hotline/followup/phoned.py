"""An answer that a citizen gave on the telephone and a member of staff keyed: theirs in words, ours in the keying."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.followup.answers import answering_action, keep_merged
from hotline.i18n import _
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import survey_of_own
from hotline.tickets.effects.answers import verdict_of
from hotline.tickets.fields import clean
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.roles import Actor
from models import Survey, Ticket


def take_phoned(
    db: Session,
    city: City,
    ticket: Ticket,
    given: Mapping[str, Any],
    staff: Actor,
    now: datetime,
    *,
    of: Ticket | None = None,
    seen: int | None = None,
    hold: bool = False,
) -> str:
    """Key what a citizen said. of: the merged ticket whose citizen was phoned, when it is not the ticket's own.
    hold: as in `act`.

    Returns "satisfied" (the ticket is closed unless others still have time to answer), "partly" or "dissatisfied" (it waits for a
    judgement, whoever said it: nobody closes an unhappy citizen's ticket by keying). Raises OutOfTurn when that citizen has answered.
    """
    held = lock(db, ticket.id)
    if of is not None and of.id != held.id:
        return _of_merged(db, city, held, of, given, staff, now)
    _whole(given, city)
    _not_answered(survey_of_own(db, held, held))
    act(db, city, held, answering_action(db, held, verdict_of(given)), staff, now, given, seen=seen, hold=hold)
    return verdict_of(given)


def _of_merged(
    db: Session, city: City, ticket: Ticket, of: Ticket, given: Mapping[str, Any], staff: Actor, now: datetime
) -> str:
    if of.state != "merged" or of.merged_into_id != ticket.id:
        raise NotFound(_("没有这位并案市民。"))
    survey = survey_of_own(db, ticket, of)
    if survey is None:
        raise NotFound(_("还没有向这位市民发出回访。"))
    _not_answered(survey)
    if ticket.state != "to_follow_up" or ticket.round != survey.round:
        raise OutOfTurn(_("这次回访已经结束。如有新情况，请拨打热线或在进度页补充。"), code="question_is_over")
    _whole(given, city)
    keep_merged(db, city, ticket, survey, staff, given, now, "phone", verdict_of(given))
    return survey.outcome


def _whole(given: Mapping[str, Any], city: City) -> None:
    """Whoever phones asks whether it is solved; a degree is keyed only when the citizen named one."""
    clean(ACTIONS["record"].fields, given, city)
    if not given.get("solved"):
        raise Refusal(_("请填写“%(field)s”。", field=_("是否解决")), field="solved")


def _not_answered(survey: Survey | None) -> None:
    if survey is not None and survey.answered_at is not None:
        raise OutOfTurn(_("这位市民已经回答过了，请刷新页面看看。"), code="answered_already")
