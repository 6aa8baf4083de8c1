"""The life of a ticket, in one place: two tables that buttons, forms, API, permissions, audit, clocks, notices,
the printed chart and the generated tests all read.

`ACTIONS` says what a button is called, what its form asks and what it writes; `MOVES` says from which state, who may,
unless what, to which state, which clocks stop and start, and who is told. A state says whom the ticket waits for.
A move whose `to` is None is a side event: it is written into the story and the ticket stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from hotline.i18n import N_
from hotline.tickets import guards, roles
from hotline.tickets.effects import Effect, answers, asking, assigning, desk, ending, facts, handling, judging, texts
from hotline.tickets.fields import Field
from hotline.tickets.guards import Guard
from hotline.tickets.roles import Who
from hotline.tickets.states import SUBMITTED, WITH_UNIT, State
from hotline.tickets.vocabulary import (
    BEYOND,
    CONTACT_WAYS,
    MEANINGS,
    OUTCOMES,
    PRIVACIES,
    READINGS,
    REQUEST_TYPES,
    SCALE,
    SOLVED,
    TRUTHS,
    URGENCIES,
)


@dataclass(frozen=True)
class Action:
    """What one button says, what its form asks, and what it writes beyond the story.

    mood: primary, plain, danger or quiet (quiet actions have no button of their own).
    """

    name: str
    label: str
    hint: str
    fields: tuple[Field, ...] = ()
    writes: tuple[Effect, ...] = ()
    mood: str = "plain"


@dataclass(frozen=True)
class Move:
    """One row of the life: from these states, this action, by these people, unless a guard objects."""

    action: str
    at: frozenset[State]
    to: State | None
    roles: tuple[Who, ...]
    unless: tuple[Guard, ...] = ()
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


REASON = Field("reason", N_("理由"), "long", hint=N_("请写明事实和依据，对方会看到"))
NOTE = Field("note", N_("说明"), "long", required=False)
# fmt: off
DISPATCH_FIELDS = (
    Field("unit", N_("主办单位"), "unit"),
    Field("helpers", N_("协办单位"), "units", required=False),
    Field("category", N_("类别"), "category", required=False),
    Field("request_type", N_("诉求类型"), "choice", required=False, choices=REQUEST_TYPES),
    Field("urgency", N_("紧急程度"), "choice", required=False, choices=URGENCIES),
    Field("note", N_("派单意见"), "long", required=False),
)

SURVEY_FIELDS = (
    Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
    Field("result", N_("对结果"), "choice", required=False, choices=SCALE),
    Field("attitude", N_("对态度"), "choice", required=False, choices=SCALE),
    Field("contacted", N_("单位联系过市民吗"), "bool", required=False),
    Field("comment", N_("意见"), "long", required=False),
)

ACTIONS: dict[str, Action] = {a.name: a for a in (
    Action("submit", N_("提交"), N_("提交后进入派单"), mood="primary", writes=(desk.mark_submitted,)),
    Action("void", N_("作废"), N_("无效、骚扰或测试来电"), (REASON,), mood="danger",
           writes=(ending.close_as("void"),)),
    Action("dispatch", N_("派单"), N_("派给主办单位，时限从现在起算"), DISPATCH_FIELDS, mood="primary",
           writes=(assigning.assign_units, facts.note_correction("dispatch"))),
    Action("answer_directly", N_("直接答复"), N_("当场答复市民并办结"), (
        Field("answer", N_("答复内容"), "long", hint=N_("市民会看到这段话，请勿写入个人信息")),
        Field("category", N_("类别"), "category", required=False),
    ), mood="primary", writes=(desk.answer_now, ending.close_as("direct"))),
    Action("mark_hard", N_("转疑难会商"), N_("职责不清，由会商裁定"), (REASON,)),
    Action("merge", N_("合并"), N_("与另一张工单是同一事项；每位市民仍各自收到通知和回访"), (
        Field("master", N_("主工单号"), "ticket"), NOTE,
    ), writes=(desk.merge_into, ending.close_as("merged"))),
    Action("decline", N_("不予受理"), N_("不在受理范围，告知正确途径"), (
        Field("route", N_("原因与途径"), "choice", choices="routes"),
        Field("advice", N_("告知市民的话"), "long", required=False, hint=N_("不填则使用该途径的标准告知语")),
    ), mood="danger", writes=(desk.tell_route, ending.close_as("declined"))),
    Action("transfer_out", N_("转接"), N_("转给 110、纪检监察机关或上级平台等"), (
        Field("body", N_("转给"), "choice", choices="outside"), NOTE,
    ), writes=(ending.close_as("transferred"),)),
    Action("ask_more", N_("请市民补充"), N_("信息不足，短信请市民补充；派单时限暂停"), (
        Field("question", N_("需要补充什么"), "long"),
    ), writes=(asking.start_asking,)),
    Action("no_words", N_("不再等补充"), N_("市民没有补充，按已有情况继续派单"), mood="quiet", writes=(asking.stop_asking,)),
    Action("split", N_("拆分"), N_("一次来电多个事项，分成各自的工单"), (
        Field("title", N_("新工单标题"), "text"),
        Field("body", N_("新工单内容"), "long"),
        Field("category", N_("类别"), "category", required=False),
    ), writes=(desk.split_off,)),
    Action("rule", N_("裁定"), N_("裁定后单位不得再退单，并存为先例"), (*DISPATCH_FIELDS[:-1], REASON), mood="primary",
           writes=(assigning.assign_units, desk.bind, desk.keep_precedent, facts.note_correction("ruling"))),
    Action("recall", N_("撤回"), N_("派错了，从单位撤回重派"), (REASON,), writes=(assigning.release_units("recalled"),)),
    Action("sign", N_("签收"), N_("签收后开始办理"), (), mood="primary", writes=(handling.mark_signed,)),
    Action("auto_sign", N_("自动签收"), N_("逾期未签收，系统代签并标记"), mood="quiet",
           writes=(handling.mark_signed, handling.mark_auto_signed)),
    Action("object", N_("退单"), N_("不属于本单位职责，申请退回"), (
        REASON,
        Field("basis", N_("职责依据"), "text", hint=N_("文件名和文号")),
        Field("suggested_unit", N_("建议承办单位"), "unit", required=False),
    ), writes=(handling.count_return,)),
    Action("uphold", N_("同意退单"), N_("退单成立，回到派单"), (REASON,), mood="primary",
           writes=(assigning.release_units("returned"), desk.note_objection_upheld)),
    Action("overrule", N_("不同意退单"), N_("退单不成立，单位必须签收"), (REASON,), mood="danger",
           writes=(desk.require_signature,)),
    Action("contact", N_("先行联系"), N_("记录第一次联系市民"), (
        Field("reached", N_("联系上了吗"), "bool"),
        Field("how", N_("方式"), "choice", choices=CONTACT_WAYS),
        Field("note", N_("沟通情况"), "long"),
    ), writes=(handling.mark_contacted,)),
    Action("interim", N_("阶段反馈"), N_("办理较久时先告诉市民进展"), (
        Field("answer", N_("告诉市民的话"), "long", hint=N_("市民会看到，请勿写入个人信息")),
    ), writes=(handling.write_interim,)),
    Action("delegate", N_("转下级"), N_("交给下属单位办理，主办责任不变"), (
        Field("unit", N_("下属单位"), "sub_unit"), NOTE,
    ), writes=(assigning.delegate_to,)),
    Action("take_back", N_("收回"), N_("从下属单位收回，由本单位办理"), (NOTE,), writes=(assigning.take_back,)),
    Action("report", N_("协办反馈"), N_("向主办单位报告办理情况"), (
        Field("report", N_("办理情况"), "long"),
    ), writes=(handling.write_report,)),
    Action("reply", N_("答复"), N_("提交办理结果，送审核"), (
        Field("truth", N_("是否属实"), "choice", choices=TRUTHS),
        Field("contacted", N_("是否联系市民"), "bool", required=False),
        Field("contact_how", N_("联系方式"), "choice", required=False, choices=CONTACT_WAYS),
        Field("contacted_at", N_("联系时间"), "moment", required=False),
        Field("no_contact_reason", N_("未联系的原因"), "text", required=False, most=300),
        Field("answered_citizen", N_("已把结果告诉市民"), "bool", required=False),
        Field("answered_at", N_("告诉市民的时间"), "moment", required=False, hint=N_("不填就是提交答复的时刻")),
        Field("facts", N_("调查事实与现场核查"), "long", hint=N_("何时、何人、到哪里查，看到什么")),
        Field("measures", N_("采取的措施"), "long", hint=N_("做了什么、由谁、何时完成")),
        Field("outcome", N_("解决情况"), "choice", choices=OUTCOMES),
        Field("outcome_reason", N_("未解决或部分解决的原因"), "long", required=False),
        Field("beyond_duty", N_("超出本单位职责"), "bool", required=False),
        Field("beyond_kind", N_("超出职责的情形"), "choice", required=False, choices=BEYOND),
        Field("legal_basis", N_("法律法规或文件依据"), "text", required=False, hint=N_("写明文件名和文号"), most=500),
        Field("handler", N_("经办人"), "text", most=64),
        Field("signed_off_by", N_("单位负责人签发"), "text", required=False, most=64),
        Field("public_answer", N_("公开答复"), "long", hint=N_("市民看到的答复，请勿写入个人信息")),
    ), mood="primary", writes=(handling.write_reply, ending.lapse("extension"))),
    Action("wait", N_("约定跟进"), N_("有具体计划和日期，到期继续办理；答复时限暂停"), (
        Field("until", N_("跟进日期"), "day"),
        Field("reason", N_("计划和原因"), "long", hint=N_("谁、在哪一天前、完成哪一步")),
    ), writes=(handling.start_waiting,)),
    Action("resume", N_("继续办理"), N_("恢复办理，时限继续"), writes=(handling.stop_waiting,), mood="primary"),
    Action("pass", N_("通过"), N_("答复清楚完整，进入回访"), (
        Field("checklist", N_("审核清单"), "checklist"), NOTE,
    ), mood="primary", writes=(judging.write_review("pass"), judging.publish_answer)),
    Action("redo", N_("退回重办"), N_("结果不明确等，退回单位重新办理"), (
        Field("reasons", N_("退回原因"), "choices", choices="reasons"),
        Field("checklist", N_("审核清单"), "checklist", required=False),
        Field("note", N_("请单位补什么"), "long", hint=N_("具体写明缺什么、怎样才算清楚")),
    ), mood="danger", writes=(judging.write_review("redo"), judging.start_next_round)),
    Action("mend", N_("改文字"), N_("只改公开答复的文字，不改事实"), (
        Field("public_answer", N_("公开答复"), "long"),
    ), writes=(judging.mend_answer,)),
    Action("ask", N_("发出回访"), N_("短信询问是否解决、是否满意"), mood="quiet"),
    Action("call_attempt", N_("电话未接通"), N_("记录一次回访电话未接通"), (NOTE,), writes=(answers.count_attempt,)),
    Action("note_dissatisfied", N_("市民不满意"), N_("记录不满意的回答，由回访员判断是否重办"), (
        Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
        Field("result", N_("对结果"), "choice", required=False, choices=SCALE),
        Field("attitude", N_("对态度"), "choice", required=False, choices=SCALE),
        Field("contacted", N_("单位联系过您吗"), "bool", required=False),
        Field("comment", N_("意见"), "long", required=False),
    ), mood="quiet", writes=(answers.write_survey, answers.mark_dissatisfied)),
    Action("note_partly", N_("部分解决"), N_("市民说只解决了一部分，由回访员看还差什么"), SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_survey,)),
    Action("note_doubt", N_("回复待读"), N_("机器看不准的短信，由回访员读"), (
        Field("text", N_("原话"), "long"),
        Field("reading", N_("机器读作"), "choice", required=False, choices=READINGS),
    ), mood="quiet", writes=(answers.keep_doubt,)),
    Action("read_doubt", N_("读过短信"), N_("回访员读了市民的原话，定下意思"), (
        Field("means", N_("意思"), "choice", choices=MEANINGS), NOTE,
    ), mood="quiet"),
    Action("to_judge", N_("待研判"), N_("并案市民的回答要由回访员看"), mood="quiet"),
    Action("record", N_("记录回访"), N_("记录市民的评价并办结"), SURVEY_FIELDS, mood="primary", writes=(answers.write_survey, ending.close_as("rated"))),
    Action("close_judged", N_("办结"), N_("市民不满意，但诉求已依法办理；保留其评价"), (REASON,),
           writes=(answers.cut_off, ending.close_as("rated"))),
    Action("note_satisfied", N_("市民满意"), N_("记录满意的回答；并案的其他市民还在答复期内"), SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_survey,)),
    Action("all_answered", N_("评价齐了"), N_("每位市民都已评价，办结"), mood="quiet", writes=(ending.close_as("rated"),)),
    Action("no_answer", N_("无人应答"), N_("逾期未答，按未评价办结，不计为满意"), mood="quiet",
           writes=(answers.note_silence, ending.close_by_answers)),
    Action("final_close", N_("终结"), N_("终结申请已批准"), mood="quiet", writes=(ending.close_as("final"),)),
    Action("archive", N_("归档"), N_("办结满期后归档"), mood="quiet"),
    Action("reopen", N_("重启"), N_("情况有变，重新派单"), (REASON,), writes=(ending.start_over,)),
    Action("unmerge", N_("取消合并"), N_("不是同一事项，恢复为独立工单"), (REASON,), writes=(answers.ask_no_more, desk.unmerge)),
    Action("withdraw", N_("撤诉"), N_("市民不再需要办理"), (
        Field("reason", N_("撤诉原因"), "long", required=False),
    ), writes=(answers.cut_off, ending.leave_master, ending.close_as("withdrawn"))),
    Action("leave", N_("退出并案"), N_("市民撤诉；还有并案的市民，工单为他们继续办理"), (
        Field("reason", N_("撤诉原因"), "long", required=False),
    ), mood="quiet", writes=(answers.ask_no_more, ending.mark_left)),
    Action("one_left", N_("并案市民撤诉"), N_("一位并案市民撤诉；工单为其他市民继续办理"), (
        Field("number", N_("该市民的工单号"), "text"),
    ), mood="quiet"),
    Action("late_words", N_("评价截止后来信"), N_("评价期已过；原话留存，不计入评价"), (
        Field("text", N_("原话"), "long"),
        Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
    ), mood="quiet"),
    Action("add", N_("补充情况"), N_("市民补充了新情况"), (
        Field("text", N_("补充内容"), "long"),
    ), writes=(asking.hear_citizen,)),
    Action("urge", N_("催办"), N_("市民催促办理"), (
        Field("text", N_("催办内容"), "long", required=False),
    ), writes=(ending.count_urge,)),
    Action("note", N_("备注"), N_("内部备注，市民看不到"), (Field("text", N_("内容"), "long"),)),
    Action("instruct", N_("批示"), N_("领导批示"), (Field("text", N_("批示内容"), "long"),)),
    Action("correct", N_("更正信息"), N_("更正标题、类别、地点等"), (
        Field("title", N_("标题"), "text", required=False),
        Field("category", N_("类别"), "category", required=False),
        Field("request_type", N_("诉求类型"), "choice", required=False, choices=REQUEST_TYPES),
        Field("urgency", N_("紧急程度"), "choice", required=False, choices=URGENCIES),
        Field("area", N_("区县"), "choice", required=False, choices="areas"),
        Field("place", N_("地点"), "text", required=False, most=300),
        Field("privacy", N_("保密级别"), "choice", required=False, choices=PRIVACIES),
    ), writes=(facts.correct_facts, facts.note_correction("correct"))),
    Action("texts_off", N_("不再发短信"), N_("市民要求不再收短信；以后电话联系"), (NOTE,), writes=(texts.stop_texts,)),
    Action("texts_on", N_("恢复短信"), N_("市民要求恢复短信"), (NOTE,), writes=(texts.resume_texts,)),
    Action("attach", N_("添加附件"), N_("图片、PDF、录音"), mood="quiet"),
    Action("transfer_result", N_("登记转接结果"), N_("外部单位办理的结果"), (Field("text", N_("结果"), "long"),)),
)}

MOVES: tuple[Move, ...] = (
    # --- the agent ---------------------------------------------------------------------------------------------------
    Move("submit", _states(State.DRAFT), State.TO_DISPATCH, (roles.own_agent, roles.system, roles.citizen),
         unless=(guards.nothing_said,), starts=("dispatch", "outer"), tells=("accepted",), promises=("classify",)),
    Move("void", _states(State.DRAFT), State.VOID, (roles.own_agent,)),
    Move("void", _states(State.TO_DISPATCH), State.VOID, (roles.own_agent, roles.dispatcher), unless=(guards.others_remain,),
         stops=("all",)),
    # --- the dispatch desk -------------------------------------------------------------------------------------------
    Move("dispatch", _states(State.TO_DISPATCH), State.TO_SIGN, (roles.dispatcher, roles.clock),
         unless=(guards.unit_cannot_handle, guards.safety_needs_a_person),
         stops=("dispatch",), starts=("sign", "objection", "contact", "reply"), tells=("dispatched_unit", "dispatched")),
    Move("answer_directly", _states(State.TO_DISPATCH, State.IN_DISPUTE), State.CLOSED, (roles.agent, roles.dispatcher),
         unless=(guards.leaks_personal_data,), stops=("all",), starts=("archive",), tells=("answered",)),
    Move("mark_hard", _states(State.TO_DISPATCH, State.IN_OBJECTION), State.IN_DISPUTE, (roles.dispatcher,),
         stops=("ruling",), starts=("ruling",)),
    Move("merge", _states(State.TO_DISPATCH), State.MERGED, (roles.dispatcher, roles.own_agent),
         unless=(guards.master_cannot_take_it,), stops=("all",), tells=("merged",)),
    Move("decline", _states(State.TO_DISPATCH, State.IN_DISPUTE), State.DECLINED, (roles.dispatcher, roles.lead_agent),
         stops=("all",), tells=("declined",)),
    Move("transfer_out", _states(State.TO_DISPATCH), State.TRANSFERRED, (roles.dispatcher, roles.own_agent),
         stops=("all",), tells=("transferred",)),
    Move("ask_more", _states(State.TO_DISPATCH), None, (roles.dispatcher,),
         unless=(guards.already_asking,), starts=("wait",), tells=("ask_more",)),
    Move("no_words", _states(State.TO_DISPATCH, State.IN_DISPUTE), None, (roles.clock,), unless=(guards.does_not_ask,),
         stops=("wait",), tells=("no_words",)),
    Move("split", _states(State.TO_DISPATCH), None, (roles.dispatcher, roles.own_agent), promises=("submit_part",)),
    Move("rule", _states(State.IN_DISPUTE), State.TO_SIGN, (roles.dispatcher, roles.supervisor, roles.head),
         unless=(guards.unit_cannot_handle,), stops=("dispatch", "ruling"),
         starts=("sign", "contact", "reply"), tells=("ruled_unit", "dispatched")),
    Move("recall", _states(State.TO_SIGN, State.HANDLING), State.TO_DISPATCH, (roles.dispatcher,),
         unless=(guards.a_reply_exists,), stops=("sign", "objection", "feedback"), starts=("dispatch",),
         tells=("recalled_unit",)),
    Move("uphold", _states(State.IN_OBJECTION), State.TO_DISPATCH, (roles.dispatcher,),
         stops=("ruling",), starts=("dispatch",), tells=("objection_upheld",)),
    Move("overrule", _states(State.IN_OBJECTION), State.TO_SIGN, (roles.dispatcher,),
         stops=("ruling",), starts=("sign",), tells=("objection_overruled",)),
    # --- the unit ----------------------------------------------------------------------------------------------------
    Move("sign", _states(State.TO_SIGN), State.HANDLING, (roles.unit,),
         stops=("sign", "objection"), starts=("feedback",)),
    Move("auto_sign", _states(State.TO_SIGN), State.HANDLING, (roles.clock,),
         stops=("sign", "objection"), starts=("feedback",), tells=("auto_signed",)),
    Move("object", _states(State.TO_SIGN), State.IN_OBJECTION, (roles.lead_unit,),
         unless=(guards.must_sign, guards.ruling_binds, guards.objects_too_late, guards.objected_too_often),
         stops=("sign", "objection"), starts=("ruling",)),
    Move("contact", _states(State.TO_SIGN, State.HANDLING, State.WAITING), None, (roles.unit,),
         stops=("contact",)),
    Move("interim", _states(State.HANDLING, State.WAITING), None, (roles.unit,),
         unless=(guards.leaks_personal_data,), stops=("feedback",), tells=("interim",)),
    Move("delegate", _states(State.HANDLING), None, (roles.lead_unit,), unless=(guards.not_below_the_unit,),
         tells=("delegated_unit",)),
    Move("take_back", _states(State.HANDLING), None, (roles.lead_unit,), unless=(guards.nothing_delegated,)),
    Move("report", _states(State.TO_SIGN, State.HANDLING, State.WAITING), None, (roles.helper,), tells=("helper_reported",)),
    Move("reply", _states(State.HANDLING), State.TO_REVIEW, (roles.unit,),
         unless=(guards.contact_is_unsaid, guards.answered_at_no_such_time, guards.outcome_is_unexplained,
                 guards.beyond_is_unsaid, guards.not_signed_off, guards.leaks_personal_data),
         stops=("contact", "feedback", "reply", "redo"), starts=("review",)),
    Move("wait", _states(State.HANDLING), State.WAITING, (roles.unit,), unless=(guards.waits_too_long,),
         starts=("wait",), tells=("waiting",)),
    Move("resume", _states(State.WAITING), State.HANDLING, (roles.unit, roles.clock), stops=("wait",), tells=("wait_over",)),
    # --- the review desk ---------------------------------------------------------------------------------------------
    Move("pass", _states(State.TO_REVIEW), State.TO_FOLLOW_UP, (roles.reviewer,),
         unless=(guards.own_reply, guards.checklist_fails), stops=("review",), tells=("passed",),
         promises=("ask_citizen",)),
    Move("redo", _states(State.TO_REVIEW), State.TO_SIGN, (roles.reviewer,), unless=(guards.own_reply,),
         stops=("review",), starts=("sign", "redo"), tells=("redo_unit", "redo_leader", "redo_supervision")),
    Move("mend", _states(State.TO_REVIEW), None, (roles.reviewer,), unless=(guards.leaks_personal_data,)),
    # --- the follow-up desk ------------------------------------------------------------------------------------------
    Move("ask", _states(State.TO_FOLLOW_UP), None, (roles.system, roles.follow_up), unless=(guards.asked_already,),
         starts=("answer",)),
    Move("call_attempt", _states(State.TO_FOLLOW_UP), None, (roles.follow_up,)),
    Move("note_dissatisfied", _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing), stops=("answer",), starts=("judge",),
         tells=("thanks_dissatisfied", "judge_dissatisfied")),
    Move("note_partly", _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.is_unhappy), stops=("answer",), starts=("judge",),
         tells=("thanks_partly", "judge_answer")),
    Move("note_doubt", _states(State.TO_FOLLOW_UP), None, (roles.citizen,), starts=("judge",), tells=("judge_answer",)),
    Move("read_doubt", _states(State.TO_FOLLOW_UP), None, (roles.follow_up, roles.supervisor), unless=(guards.nothing_in_doubt,),
         stops=("judge",)),
    Move("to_judge", _states(State.TO_FOLLOW_UP), None, (roles.system,), starts=("judge",), tells=("judge_merged",)),
    Move("note_satisfied", _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.is_unhappy, guards.half_is_no_end), tells=("thanks",)),
    Move("all_answered", _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.system,),
         unless=(guards.waits_for_judgement, guards.somebody_has_time), stops=("all",), starts=("archive",)),
    Move("record", _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.dissatisfied_needs_judgement, guards.half_is_no_end, guards.others_have_time,
                 guards.others_await_judgement), stops=("all",), starts=("archive",), tells=("thanks",)),
    Move("close_judged", _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.follow_up, roles.supervisor),
         unless=(guards.nobody_answered,), stops=("all",), starts=("archive",), tells=("closed",)),
    Move("redo", _states(State.TO_FOLLOW_UP), State.TO_SIGN, (roles.follow_up, roles.supervisor),
         stops=("answer", "judge"), starts=("sign", "redo"),
         tells=("redo_unit", "redo_leader", "redo_supervision", "redo_citizen")),
    Move("no_answer", _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.clock,), unless=(guards.waits_for_judgement,),
         stops=("all",), starts=("archive",)),
    # --- after the end -----------------------------------------------------------------------------------------------
    Move("redo", _states(State.CLOSED), State.TO_SIGN, (roles.supervisor, roles.discipline), unless=(guards.no_unit_yet,),
         stops=("archive",), starts=("sign", "redo"), tells=("redo_unit", "redo_leader", "redo_supervision",
                                                            "redo_citizen")),
    Move("archive", _states(State.CLOSED), State.ARCHIVED, (roles.clock, roles.supervisor), stops=("archive",)),
    Move("reopen", _states(State.CLOSED, State.ARCHIVED, State.DECLINED, State.TRANSFERRED, State.VOID), State.TO_DISPATCH,
         (roles.supervisor, roles.lead_agent), stops=("archive",), starts=("dispatch", "outer"), tells=("reopened",)),
    Move("unmerge", _states(State.MERGED), State.TO_DISPATCH, (roles.dispatcher, roles.supervisor),
         starts=("dispatch", "outer"), tells=("unmerged",), promises=("close_left",)),
    Move("transfer_result", _states(State.TRANSFERRED), None, (roles.dispatcher, roles.supervisor), tells=("transfer_result",)),
    Move("final_close", WITH_UNIT | {State.IN_DISPUTE}, State.CLOSED, (roles.head,), stops=("all",), starts=("archive",),
         tells=("closed",)),
    # --- what may happen while it is open ----------------------------------------------------------------------------
    Move("withdraw", SUBMITTED, State.CLOSED, (roles.citizen, roles.agent, roles.system), unless=(guards.others_remain,),
         stops=("all",), starts=("archive",), tells=("withdrawn", "citizen_withdrew")),
    Move("withdraw", _states(State.MERGED), State.CLOSED, (roles.citizen, roles.agent), unless=(guards.master_has_ended,),
         starts=("archive",), tells=("withdrawn",), promises=("close_left",)),
    Move("leave", SUBMITTED, None, (roles.citizen, roles.agent), unless=(guards.has_left, guards.nobody_remains),
         tells=("withdrawn",), promises=("close_left",)),
    Move("one_left", SUBMITTED, None, (roles.system,)),
    Move("late_words", _states(State.CLOSED), None, (roles.citizen,), tells=("late_words",)),
    Move("add", SUBMITTED, None, (roles.citizen, roles.agent, roles.system), tells=("added_unit",)),
    Move("urge", SUBMITTED, None, (roles.citizen, roles.agent), unless=(guards.urged_just_now,), tells=("urged_unit",)),
    Move("note", frozenset(State), None, (roles.staff,)),
    Move("instruct", frozenset(State) - {State.DRAFT}, None, (roles.city_leader, roles.head), tells=("instructed",)),
    Move("correct", SUBMITTED | {State.DRAFT}, None, (roles.own_agent, roles.dispatcher, roles.supervisor, roles.system)),
    Move("texts_off", frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.follow_up), unless=(guards.takes_no_texts,)),
    Move("texts_on", frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.follow_up), unless=(guards.takes_texts,)),
    Move("attach", frozenset(State), None, (roles.staff, roles.citizen, roles.system)),
)
# fmt: on


def moves_from(state: str) -> tuple[Move, ...]:
    """Every row that leaves, or happens in, this state."""
    return _BY_STATE[State(state)]


def find_move(state: str, action: str) -> Move | None:
    return _BY_PAIR.get((State(state), action))


_BY_STATE = {state: tuple(m for m in MOVES if state in m.at) for state in State}
_BY_PAIR = {(state, m.action): m for state in State for m in _BY_STATE[state]}
