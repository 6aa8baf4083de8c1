"""Where a ticket can stand; a state says whom it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hotline.i18n import N_
from models.tickets.ticket import CLOSED_STATES, FINISHED_STATES


class State(StrEnum):
    """Where a ticket stands; the value is what the database holds."""

    DRAFT = "draft"
    TO_DISPATCH = "to_dispatch"
    IN_DISPUTE = "in_dispute"
    TO_SIGN = "to_sign"
    IN_OBJECTION = "in_objection"
    HANDLING = "handling"
    WAITING = "waiting"
    TO_REVIEW = "to_review"
    TO_FOLLOW_UP = "to_follow_up"
    CLOSED = "closed"
    ARCHIVED = "archived"
    MERGED = "merged"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    VOID = "void"


@dataclass(frozen=True)
class Waiting:
    """How a state is shown: its name, and whom it waits for."""

    name: str
    waits_for: str


STATES: dict[State, Waiting] = {
    State.DRAFT: Waiting(N_("暂存"), N_("话务员")),
    State.TO_DISPATCH: Waiting(N_("待派单"), N_("派单员")),
    State.IN_DISPUTE: Waiting(N_("疑难会商"), N_("派单会商")),
    State.TO_SIGN: Waiting(N_("待签收"), N_("承办单位")),
    State.IN_OBJECTION: Waiting(N_("退单审核"), N_("派单员")),
    State.HANDLING: Waiting(N_("办理中"), N_("承办单位")),
    State.WAITING: Waiting(N_("待跟进"), N_("承办单位（至约定日期）")),
    State.TO_REVIEW: Waiting(N_("待审核"), N_("审核员")),
    State.TO_FOLLOW_UP: Waiting(N_("待回访"), N_("市民与回访员")),
    State.CLOSED: Waiting(N_("已办结"), "–"),
    State.ARCHIVED: Waiting(N_("已归档"), "–"),
    State.MERGED: Waiting(N_("已合并"), "–"),
    State.DECLINED: Waiting(N_("不予受理"), "–"),
    State.TRANSFERRED: Waiting(N_("已转接"), "–"),
    State.VOID: Waiting(N_("无效"), "–"),
}

ENDED = frozenset(State(state) for state in CLOSED_STATES)
FINISHED = frozenset(State(state) for state in FINISHED_STATES)
OPEN = frozenset(State) - ENDED
SUBMITTED = OPEN - {State.DRAFT}
WITH_UNIT = frozenset({State.TO_SIGN, State.HANDLING, State.WAITING})
