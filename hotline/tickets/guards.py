"""What stands in the way of a move: each guard returns None, or the sentence a person reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from classifier.text.extract import personal_spans
from hotline.i18n import _
from hotline.tickets.context import ActionContext
from hotline.tickets.merged import others_stay, unanswered
from hotline.tickets.replies import last_reply
from hotline.tickets.states import ENDED, State
from models import Deadline, Reply, Survey, Ticket, TicketEvent

Guard = Callable[[ActionContext], str | None]
CANNOT_LEAD = ENDED | {State.DRAFT, State.TO_FOLLOW_UP}


def nothing_said(scene: ActionContext) -> str | None:
    if scene.ticket.text.body.strip():
        return None
    return _("请先写下市民说了什么，再提交。")


def unit_cannot_handle(scene: ActionContext) -> str | None:
    """The unit must be one that handles tickets, and cannot help itself."""
    code = scene.answer("unit")
    unit = scene.city.units.get(code)
    if unit is None or unit.kind in ("hotline", "outside"):
        return _("“%(unit)s”不是承办单位，请从单位列表中选择。", unit=code)
    if code in (scene.answer("helpers") or ()):
        return _("“%(unit)s”已是主办单位，不能同时协办。", unit=scene.city.unit_name(code))
    return None


def safety_needs_a_person(scene: ActionContext) -> str | None:
    if scene.actor.kind == "clock" and scene.ticket.safety:
        return _("涉及人身安全的工单必须由人派单。")
    return None


def master_cannot_take_it(scene: ActionContext) -> str | None:
    """The master is another ticket that is still being handled, so that whoever joins it gets the answer and the question."""
    number = scene.answer("master")
    master = scene.db.scalar(select(Ticket).where(Ticket.number == number))
    if master is None:
        return _("没有找到工单 %(number)s，请核对主工单号。", number=number)
    if master.id == scene.ticket.id:
        return _("不能合并到自己。")
    if State(master.state) in CANNOT_LEAD:
        return _("工单 %(number)s 的状态不能作为主工单，请另选一张。", number=number)
    if "sealed" in (master.privacy, scene.ticket.privacy):
        return _("保密工单不与其他工单合并，以免举报人的情况被他人看到。")
    if scene.db.scalar(select(Ticket.id).where(Ticket.merged_into_id == scene.ticket.id, Ticket.state == "merged").limit(1)):
        return _("已有其他工单合并到这张工单，请把那些工单与它作为主工单处理。")
    return None


def already_asking(scene: ActionContext) -> str | None:
    return _("已经请市民补充，正在等回复。") if scene.ticket.asking_more else None


def a_reply_exists(scene: ActionContext) -> str | None:
    held = select(Reply.id).where(Reply.ticket_id == scene.ticket.id, Reply.kind == "final",
                                  Reply.round == scene.ticket.round).limit(1)
    return _("单位本轮已答复，请走审核，不能撤回。") if scene.db.scalar(held) else None


def must_sign(scene: ActionContext) -> str | None:
    return _("退单未获同意，必须签收办理。") if scene.ticket.must_sign else None


def ruling_binds(scene: ActionContext) -> str | None:
    return _("本单已经会商裁定，裁定单位不得退单。") if scene.ticket.binding else None


def objects_too_late(scene: ActionContext) -> str | None:
    """A unit that does not object in time owns the matter (首接负责)."""
    window = _running(scene, "objection")
    if window is None or scene.now > window.due_at:
        return _("退单时限已过，按首接负责由本单位办理。")
    return None


def objected_too_often(scene: ActionContext) -> str | None:
    most = scene.city.policy.max_returns
    returned = scene.db.scalars(
        select(TicketEvent.id).where(TicketEvent.ticket_id == scene.ticket.id, TicketEvent.action == "object",
                                     TicketEvent.unit_code == scene.ticket.unit_code)
    ).all()
    if len(returned) >= most:
        return _("本单位对这张工单已退单 %(times)d 次，达到上限，请签收办理或申请会商。", times=len(returned))
    return None


def not_below_the_unit(scene: ActionContext) -> str | None:
    code = scene.answer("unit")
    if code not in scene.city.unit_and_below(scene.ticket.unit_code or "") or code == scene.ticket.unit_code:
        return _("“%(unit)s”不是本单位的下属单位。", unit=scene.city.unit_name(code))
    return None


def nothing_delegated(scene: ActionContext) -> str | None:
    return _("这张工单没有转给下级。") if scene.ticket.desk_code == scene.ticket.unit_code else None


def contact_is_unsaid(scene: ActionContext) -> str | None:
    """The form must say how the citizen was contacted, or why not."""
    if scene.answer("contacted"):
        if not scene.answer("contact_how") or not scene.answer("contacted_at"):
            return _("已联系市民的，请写明联系方式和联系时间。")
        if scene.answer("contacted_at") > scene.now + timedelta(minutes=5):
            return _("联系时间在将来，请核对。")
        return None
    return None if scene.answer("no_contact_reason") else _("没有联系市民的，请写明原因。")


def answered_at_no_such_time(scene: ActionContext) -> str | None:
    """The citizen was told between the ticket's beginning and now; forms count in minutes."""
    told_at = scene.answer("answered_at") if scene.answer("answered_citizen") else None
    if told_at is None:
        return None
    if told_at > scene.now + timedelta(minutes=5):
        return _("告诉市民的时间在将来，请核对。")
    return _("告诉市民的时间早于收到诉求的时间，请核对。") if told_at < scene.ticket.created_at - timedelta(minutes=1) else None


def outcome_is_unexplained(scene: ActionContext) -> str | None:
    if scene.answer("outcome") in ("partly", "unsolved") and not scene.answer("outcome_reason"):
        return _("没有完全解决的，请写明原因。")
    return None


def beyond_is_unsaid(scene: ActionContext) -> str | None:
    if scene.answer("beyond_duty") and not scene.answer("beyond_kind"):
        return _("超出本单位职责的，请选择是哪一种情形。")
    return None


def not_signed_off(scene: ActionContext) -> str | None:
    """Serious matters and redo rounds need the unit leader's sign-off."""
    serious = scene.ticket.urgency != "normal" or scene.ticket.round > 1 or scene.ticket.supervised
    if serious and not scene.answer("signed_off_by"):
        return _("紧急、督办或重办的工单，答复须由单位负责人签发，请填写签发人。")
    return None


def leaks_personal_data(scene: ActionContext) -> str | None:
    """What the citizen will read must not name anybody's phone, ID number, plate or card."""
    shown = scene.answer("public_answer") or scene.answer("answer") or ""
    found = [shown[s.start:s.end] for s in personal_spans(shown)]
    if found:
        return _("给市民看的文字里有个人信息（%(what)s），请删去后再提交。", what="、".join(found[:3]))
    return None


def waits_too_long(scene: ActionContext) -> str | None:
    """The follow-up day lies in the future and inside the long cycle."""
    until = datetime.combine(scene.answer("until"), time(9), ZoneInfo(scene.city.timezone))
    if until <= scene.now:
        return _("跟进日期必须在今天之后。")
    latest = _taken_over(scene) + timedelta(days=scene.city.policy.long_cycle_days)
    if until > latest:
        return _("跟进日期超过了 %(days)d 天的最长办理周期。", days=scene.city.policy.long_cycle_days)
    return None


def own_reply(scene: ActionContext) -> str | None:
    """Nobody reviews their own reply."""
    reply = last_reply(scene.db, scene.ticket.id)
    if reply is not None and reply.author_id is not None and reply.author_id == scene.actor.id:
        return _("不能审核自己提交的答复，请由其他审核员处理。")
    return None


def checklist_fails(scene: ActionContext) -> str | None:
    """Every question of the checklist is answered, and none of them with no: an unclear result always goes back."""
    answers = scene.answer("checklist") or {}
    open_items = [item for item in scene.city.checklist if item.code not in answers]
    if open_items:
        return _("审核清单还有 %(n)d 项没有勾选：%(first)s", n=len(open_items), first=scene.city.question(open_items[0].code))
    failed = [item for item in scene.city.checklist if answers[item.code] == "no"]
    if failed:
        return _("清单中“%(question)s”为否，不能通过，请退回重办。", question=scene.city.question(failed[0].code))
    return None


def dissatisfied_needs_judgement(scene: ActionContext) -> str | None:
    """A citizen's own dissatisfied answer goes to a person; a follow-up agent may record it after judging."""
    unhappy = scene.answer("solved") == "no" or int(scene.answer("result") or 5) <= 2
    if unhappy and scene.actor.kind == "citizen":
        return _("不满意的回答由回访员核实后处理。")
    return None


def is_unhappy(scene: ActionContext) -> str | None:
    if scene.answer("solved") == "no" or int(scene.answer("result") or 5) <= 2:
        return _("不满意的回答请记为“市民不满意”，由回访员判断。")
    return None


def nobody_answered(scene: ActionContext) -> str | None:
    return None if scene.ticket.dissatisfied else _("市民还没有回答，请先回访。")


def waits_for_judgement(scene: ActionContext) -> str | None:
    return _("市民已回答不满意，等回访员判断。") if scene.ticket.dissatisfied else None


def others_have_time(scene: ActionContext) -> str | None:
    """A merged citizen keeps their own survey: one satisfied answer does not end the time of the others."""
    ticket = scene.ticket
    waiting = scene.db.scalar(select(func.count(Survey.id)).where(unanswered(ticket), Survey.own_id != ticket.id))
    return _("还有 %(n)d 位并案市民没有评价，等他们答复、逐一电话回访，或到期自动办结。", n=waiting) if waiting else None


def somebody_has_time(scene: ActionContext) -> str | None:
    waiting = scene.db.scalar(select(Survey.id).where(unanswered(scene.ticket)).limit(1))
    return _("还有市民没有评价。") if waiting else None


def asked_already(scene: ActionContext) -> str | None:
    return _("本轮已经发出回访。") if _running(scene, "answer") or scene.ticket.dissatisfied else None


def has_left(scene: ActionContext) -> str | None:
    return _("这位市民已撤诉，不再回访；请联系并案的其他市民。") if scene.ticket.left_at else None


def others_remain(scene: ActionContext) -> str | None:
    """Merged citizens depend on this ticket: it cannot end as if it were one citizen's alone."""
    return _("还有并案的市民在等结果，工单要继续办理。") if others_stay(scene.db, scene.ticket) else None


def nobody_remains(scene: ActionContext) -> str | None:
    return None if others_stay(scene.db, scene.ticket) else _("没有并案的其他市民，请直接撤诉。")


def master_has_ended(scene: ActionContext) -> str | None:
    master = scene.db.get(Ticket, scene.ticket.merged_into_id)
    return _("合并办理的工单已经办结，不用再撤诉。") if master is None or State(master.state) in ENDED else None


def does_not_ask(scene: ActionContext) -> str | None:
    return None if scene.ticket.asking_more else _("没有在等市民补充。")


def no_unit_yet(scene: ActionContext) -> str | None:
    return None if scene.ticket.unit_code else _("这张工单没有派给过单位，请用“重启”重新派单。")


def urged_just_now(scene: ActionContext) -> str | None:
    """The same citizen's urge counts once per gap."""
    if scene.actor.kind != "citizen":
        return None
    since = scene.now - timedelta(hours=scene.city.policy.urge_min_gap_hours)
    last = scene.db.scalar(select(TicketEvent.at).where(
        TicketEvent.ticket_id == scene.ticket.id, TicketEvent.action == "urge", TicketEvent.actor_kind == "citizen",
        TicketEvent.actor_name == scene.actor.name, TicketEvent.at > since).limit(1))
    return _("刚刚已经催办过，单位已收到，请稍后再催。") if last else None


def _running(scene: ActionContext, clock: str) -> Deadline | None:
    return scene.db.scalar(
        select(Deadline).where(Deadline.ticket_id == scene.ticket.id, Deadline.clock == clock,
                               Deadline.stopped_at.is_(None)).order_by(Deadline.id.desc()).limit(1))


def _taken_over(scene: ActionContext) -> datetime:
    """When the unit now in charge got the ticket: a reopened ticket has a cycle of its own."""
    leads = [held.started_at for held in scene.ticket.assignments if held.part == "lead" and held.ended_at is None]
    return min(leads, default=scene.now)
