"""What stands in the way of a move: each guard returns None, or the sentence a person reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from hotline.i18n import _
from hotline.tickets.citizens.merged import awaits_judgement, others_stay, unanswered
from hotline.tickets.context import ActionContext
from hotline.tickets.deadlines import own_wait_ends
from hotline.tickets.effects import assigning
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.visibility import nameable_by
from hotline.tickets.states import ENDED, State
from hotline.tickets.vocabulary import PRIVACIES, URGENCIES
from models import Deadline, Reply, Survey, Ticket, TicketEvent

Guard = Callable[[ActionContext], str | None]

ASKS_PER_ROUND = 2
CANNOT_LEAD = ENDED | {State.DRAFT, State.TO_FOLLOW_UP}


def nothing_said(context: ActionContext) -> str | None:
    if context.ticket.text.body.strip():
        return None
    return _("请先写下市民说了什么，再提交。")


def unit_cannot_handle(context: ActionContext) -> str | None:
    """The unit must be one that handles tickets, and cannot help itself."""
    code = context.answer("unit")
    unit = context.city.units.get(code)
    if unit is None or not unit.handles:
        return _("“%(unit)s”不是承办单位，请从单位列表中选择。", unit=code)
    if code in (context.answer("helpers") or ()):
        return _("“%(unit)s”已是主办单位，不能同时协办。", unit=context.city.unit_name(code))
    return None


def machine_unseals(context: ActionContext) -> str | None:
    """No machine makes a matter more public than it is."""
    asked, levels = context.answer("privacy"), list(PRIVACIES)
    lower = bool(asked) and levels.index(asked) < levels.index(context.ticket.privacy)
    return _("接口不能降低工单的保密级别。") if context.actor.kind == "machine" and lower else None


def opened_without_reason(context: ActionContext) -> str | None:
    """Only the person concerned lets go of the mask; how we know that they did is written down."""
    opens = context.answer("privacy") == "open" and context.ticket.privacy != "open"
    if not opens or context.actor.kind != "staff" or (context.answer("reason") or "").strip():
        return None
    return _("改为公开须本人同意：请在理由里写明何时、怎样同意的。")


def safety_needs_a_person(context: ActionContext) -> str | None:
    alone = context.actor.kind == "clock" and context.ticket.safety
    return _("涉及人身安全的工单必须由人派单。") if alone else None


def lowered_without_reason(context: ActionContext) -> str | None:
    """Down goes the urgency only by a person, with words for the timeline."""
    wanted = context.answer("urgency")
    if wanted is None or context.actor.kind != "staff" or _rank(wanted) >= _rank(context.ticket.urgency):
        return None
    if (context.answer("reason") or context.answer("note") or "").strip():
        return None
    return _("这张工单现在是“%(now)s”。要调低紧急程度，请写明理由。", now=_(URGENCIES.get(context.ticket.urgency, "")))


def a_person_said_how_urgent(context: ActionContext) -> str | None:
    return _("紧急程度是人工定的，系统不改。") if context.ticket.urgency_by == "person" else None


def is_as_urgent(context: ActionContext) -> str | None:
    if _rank(context.answer("urgency")) > _rank(context.ticket.urgency):
        return None
    return _("已经是这个紧急程度，或更急。")


def no_alarm_stands(context: ActionContext) -> str | None:
    """The second of two people is told that somebody has it."""
    if context.ticket.alarm_at is not None:
        return None
    return _("已经有人接手，提醒已停止。")


def master_cannot_take_it(context: ActionContext) -> str | None:
    """The master is another ticket that is still being handled, so that whoever joins it gets the answer and the question."""
    number = context.answer("master")
    master = context.db.scalar(select(Ticket).where(Ticket.number == number, nameable_by(context.actor)))
    if master is None:
        return _("没有找到工单 %(number)s，请核对主工单号。", number=number)
    if master.id == context.ticket.id:
        return _("不能合并到自己。")
    if State(master.state) in CANNOT_LEAD:
        return _("工单 %(number)s 的状态不能作为主工单，请另选一张。", number=number)
    if "sealed" in (master.privacy, context.ticket.privacy):
        return _("保密工单不与其他工单合并，以免举报人的情况被他人看到。")
    if context.db.scalar(
        select(Ticket.id).where(Ticket.merged_into_id == context.ticket.id, Ticket.state == "merged").limit(1)
    ):
        return _("已有其他工单合并到这张工单，请把那些工单与它作为主工单处理。")
    return None


def already_asking(context: ActionContext) -> str | None:
    return _("已经请市民补充，正在等回复。") if context.ticket.asking_more else None


def unit_asked_enough(context: ActionContext) -> str | None:
    """A question stops the citizen's own clock: twice a round, then the unit telephones."""
    asked = context.db.scalar(
        select(func.count(TicketEvent.id)).where(
            TicketEvent.ticket_id == context.ticket.id,
            TicketEvent.round == context.ticket.round,
            TicketEvent.action == Do.ASK_MORE,
            TicketEvent.from_state == State.HANDLING,
        )
    )
    if (asked or 0) < ASKS_PER_ROUND:
        return None
    return _("本轮已经请市民补充 %(n)d 次，请改用电话联系。", n=asked)


def not_a_colleague(context: ActionContext) -> str | None:
    return None if assigning.colleague_of(context) else _("请选择本单位的一位同事。")


def a_reply_exists(context: ActionContext) -> str | None:
    held = (
        select(Reply.id)
        .where(Reply.ticket_id == context.ticket.id, Reply.kind == "final", Reply.round == context.ticket.round)
        .limit(1)
    )
    return _("单位本轮已答复，请走审核，不能撤回。") if context.db.scalar(held) else None


def must_sign(context: ActionContext) -> str | None:
    return _("退单未获同意，必须签收办理。") if context.ticket.must_sign else None


def ruling_binds(context: ActionContext) -> str | None:
    return _("本单已经会商裁定，裁定单位不得退单。") if context.ticket.binding else None


def objects_too_late(context: ActionContext) -> str | None:
    """A unit that does not object in time owns the matter (首接负责)."""
    window = _running(context, Clock.OBJECTION)
    if window is None or context.now > window.due_at:
        return _("退单时限已过，按首接负责由本单位办理。")
    return None


def objected_too_often(context: ActionContext) -> str | None:
    most = context.city.policy.max_returns
    returned = context.db.scalars(
        select(TicketEvent.id).where(
            TicketEvent.ticket_id == context.ticket.id,
            TicketEvent.action == Do.OBJECT,
            TicketEvent.unit_code == context.ticket.unit_code,
        )
    ).all()
    if len(returned) >= most:
        return _("本单位对这张工单已退单 %(times)d 次，达到上限，请签收办理或申请会商。", times=len(returned))
    return None


def not_below_the_unit(context: ActionContext) -> str | None:
    code = context.answer("unit")
    if code not in context.city.unit_and_below(context.ticket.unit_code or "") or code == context.ticket.unit_code:
        return _("“%(unit)s”不是本单位的下属单位。", unit=context.city.unit_name(code))
    return None


def nothing_delegated(context: ActionContext) -> str | None:
    return _("这张工单没有转给下级。") if context.ticket.desk_code == context.ticket.unit_code else None


def unit_version_is_missing(context: ActionContext) -> str | None:
    """A sealed ticket goes to a unit only in words that a person wrote for it, and these do not name the citizen."""
    ticket = context.ticket
    if ticket.privacy != "sealed":
        return None
    if context.actor.kind == "clock":
        return _("保密工单必须由人派单。")
    words = context.answer("unit_words") or ticket.text.unit_words
    if not words:
        return _("保密工单请先写好给单位看的文字：单位只看到这一版，原文留在热线中心。")
    if found := redact.informant_in(ticket, words):
        return _(
            "给单位看的文字里有举报人的信息（%(what)s），请删去后再派单。",
            what="、".join(found[:3]),
        )
    return None


def waits_too_long(context: ActionContext) -> str | None:
    """The follow-up day lies in the future and inside the long cycle."""
    until = datetime.combine(context.answer("until"), time(9), ZoneInfo(context.city.timezone))
    if until <= context.now:
        return _("跟进日期必须在今天之后。")
    latest = _taken_over(context) + timedelta(days=context.city.policy.long_cycle_days)
    if until > latest:
        return _("跟进日期超过了 %(days)d 天的最长办理周期。", days=context.city.policy.long_cycle_days)
    return None


def waits_undecided(context: ActionContext) -> str | None:
    """A unit stops its own clock for a few days only; for longer somebody else decides (the petition `wait`)."""
    if context.actor.kind == "system" or context.answer("until") <= own_wait_ends(context.city, context.now):
        return None
    days = context.city.policy.wait_days
    return _("约定跟进超过 %(days)d 个工作日，请用“申请长期跟进”，由派单员或督办员决定。", days=days)


def dissatisfied_needs_judgement(context: ActionContext) -> str | None:
    """A citizen's own dissatisfied answer goes to a person; a follow-up agent may record it after judging."""
    unhappy = context.answer("solved") == "no" or int(context.answer("result") or 5) <= 2
    if unhappy and context.actor.kind == "citizen":
        return _("不满意的回答由回访员核实后处理。")
    return None


def is_unhappy(context: ActionContext) -> str | None:
    if context.answer("solved") == "no" or int(context.answer("result") or 5) <= 2:
        return _("不满意的回答请记为“市民不满意”，由回访员判断。")
    return None


def is_not_merged(context: ActionContext) -> str | None:
    """The number is that of a ticket that was merged into this one."""
    number = context.answer("number")
    held = select(Ticket.id).where(
        Ticket.number == number, Ticket.state == "merged", Ticket.merged_into_id == context.ticket.id
    )
    return None if context.db.scalar(held) else _("工单 %(number)s 没有并入这张工单。", number=number)


def nobody_answered(context: ActionContext) -> str | None:
    held = context.ticket.dissatisfied or context.db.scalar(
        select(Survey.id).where(awaits_judgement(context.ticket)).limit(1)
    )
    return None if held else _("市民还没有回答，请先回访。")


def waits_for_judgement(context: ActionContext) -> str | None:
    if context.ticket.dissatisfied:
        return _("市民已回答不满意，等回访员判断。")
    held = context.db.scalar(select(Survey.id).where(awaits_judgement(context.ticket)).limit(1))
    return _("市民的回答要由回访员看过，不能自动办结。") if held else None


def others_await_judgement(context: ActionContext) -> str | None:
    """One satisfied answer does not pass over another citizen's half-solved or unclear one."""
    held = context.db.scalar(
        select(Survey.id).where(awaits_judgement(context.ticket), Survey.own_id != context.ticket.id).limit(1)
    )
    return _("还有并案市民的回答要由回访员看过。") if held else None


def says_nothing(context: ActionContext) -> str | None:
    """An answer says at least whether it is solved, or how satisfied the citizen is; an unhappy one may say it in words alone."""
    if (
        context.answer("solved")
        or context.answer("result")
        or (context.action in (Do.NOTE_DISSATISFIED, Do.MERGED_DISSATISFIED) and context.answer("comment"))
    ):
        return None
    return _("请写明是否解决，或者对结果是否满意。")


def half_is_no_end(context: ActionContext) -> str | None:
    """Half solved is not satisfied: a person looks at what is missing."""
    if context.actor.kind == "citizen" and context.answer("solved") == "partly":
        return _("部分解决的，由回访员看过再定。")
    return None


def nothing_in_doubt(context: ActionContext) -> str | None:
    held = select(Survey.id).where(
        Survey.ticket_id == context.ticket.id, Survey.round == context.ticket.round, Survey.outcome == "in_doubt"
    )
    return None if context.db.scalar(held.limit(1)) else _("没有要读的短信。")


def others_have_time(context: ActionContext) -> str | None:
    """A merged citizen keeps their own survey: one satisfied answer does not end the time of the others."""
    ticket = context.ticket
    waiting = context.db.scalar(select(func.count(Survey.id)).where(unanswered(ticket), Survey.own_id != ticket.id))
    return (
        _("还有 %(n)d 位并案市民没有评价，等他们答复、逐一电话回访，或到期自动办结。", n=waiting) if waiting else None
    )


def somebody_has_time(context: ActionContext) -> str | None:
    waiting = context.db.scalar(select(Survey.id).where(unanswered(context.ticket)).limit(1))
    return _("还有市民没有评价。") if waiting else None


def asked_already(context: ActionContext) -> str | None:
    return _("本轮已经发出回访。") if _running(context, Clock.ANSWER) or context.ticket.dissatisfied else None


def no_letter(context: ActionContext) -> str | None:
    """Only what came on paper is answered on paper, and only once there is an answer."""
    if context.ticket.channel not in ("letter", "visit", "email"):
        return _("只有来信、来访和电子邮件才寄答复函。")
    return None if context.ticket.text.public_answer else _("还没有可以寄出的答复。")


def was_handled(context: ActionContext) -> str | None:
    """What a unit handled has its own follow-up; only a direct answer is rated after it was closed."""
    return (
        None if context.ticket.close_kind == "direct" else _("这次回访已经结束。如有新情况，请拨打热线或在进度页补充。")
    )


def has_left(context: ActionContext) -> str | None:
    return _("这位市民已撤诉，不再回访；请联系并案的其他市民。") if context.ticket.left_at else None


def others_remain(context: ActionContext) -> str | None:
    """Merged citizens depend on this ticket: it cannot end as if it were one citizen's alone."""
    return _("还有并案的市民在等结果，工单要继续办理。") if others_stay(context.db, context.ticket) else None


def nobody_remains(context: ActionContext) -> str | None:
    return None if others_stay(context.db, context.ticket) else _("没有并案的其他市民，请直接撤诉。")


def master_has_ended(context: ActionContext) -> str | None:
    master = context.db.get(Ticket, context.ticket.merged_into_id)
    return _("合并办理的工单已经办结，不用再撤诉。") if master is None or State(master.state) in ENDED else None


def does_not_ask(context: ActionContext) -> str | None:
    return None if context.ticket.asking_more else _("没有在等市民补充。")


def no_unit_yet(context: ActionContext) -> str | None:
    return None if context.ticket.unit_code else _("这张工单没有派给过单位，请用“重启”重新派单。")


def takes_no_texts(context: ActionContext) -> str | None:
    citizen = context.ticket.citizen
    return _("这位市民没有在收短信。") if citizen is None or citizen.no_texts else None


def takes_texts(context: ActionContext) -> str | None:
    citizen = context.ticket.citizen
    return None if citizen is not None and citizen.no_texts else _("这位市民没有退订短信。")


def urged_just_now(context: ActionContext) -> str | None:
    """The same citizen's urge counts once per gap."""
    if context.actor.kind != "citizen":
        return None
    since = context.now - timedelta(hours=context.city.policy.urge_min_gap_hours)
    last = context.db.scalar(
        select(TicketEvent.at)
        .where(
            TicketEvent.ticket_id == context.ticket.id,
            TicketEvent.action == Do.URGE,
            TicketEvent.actor_kind == "citizen",
            TicketEvent.actor_name == context.actor.name,
            TicketEvent.at > since,
        )
        .limit(1)
    )
    return _("刚刚已经催办过，单位已收到，请稍后再催。") if last else None


def _running(context: ActionContext, clock: Clock) -> Deadline | None:
    return context.db.scalar(
        select(Deadline)
        .where(Deadline.ticket_id == context.ticket.id, Deadline.clock == clock, Deadline.stopped_at.is_(None))
        .order_by(Deadline.id.desc())
        .limit(1)
    )


def _taken_over(context: ActionContext) -> datetime:
    """When the unit now in charge got the ticket: a reopened ticket has a cycle of its own."""
    leads = [held.started_at for held in context.ticket.assignments if held.part == "lead" and held.ended_at is None]
    return min(leads, default=context.now)


def _rank(urgency: str | None) -> int:
    return list(URGENCIES).index(urgency) if urgency in URGENCIES else 0
