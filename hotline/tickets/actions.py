"""What can be done to a ticket: each button's words, what its form asks, and what it writes beyond the story."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.i18n import N_
from hotline.tickets.directives.rules import READERS
from hotline.tickets.effects import (
    Effect,
    answers,
    assigning,
    bringing,
    desk,
    ending,
    facts,
    handling,
    judging,
    texts,
    triaged,
    undoing,
)
from hotline.tickets.effects.clocks import asking, overdue
from hotline.tickets.effects.demands import directing, withdrawing
from hotline.tickets.fields import BODY_TEXT, Field
from hotline.tickets.names import ActionName as Do
from hotline.tickets.reply_rules.forms import CITIZENS_FIELDS, MERGED_SURVEY_FIELDS, REPLY_FIELDS, SURVEY_FIELDS
from hotline.tickets.vocabulary import (
    CONTACT_WAYS,
    LOOKS,
    MEANINGS,
    PRIVACIES,
    READINGS,
    REQUEST_TYPES,
    SAFETY,
    SOLVED,
    URGENCIES,
    URGENCY_SAID_BY,
)


@dataclass(frozen=True)
class Action:
    """What one button says, what its form asks, and what it writes beyond the story.

    mood: primary, plain, danger, apart (a form of its own elsewhere on the page) or quiet (the program's: no address reaches it).
    beside: the machine writes a fact beside the work; the ticket counts as untouched.
    untold: the row is kept, and the timeline leaves it out: it would tell its readers nothing they do not see.
    """

    name: Do
    label: str
    hint: str
    fields: tuple[Field, ...] = ()
    writes: tuple[Effect, ...] = ()
    mood: str = "plain"
    beside: bool = False
    untold: bool = False


REASON = Field("reason", N_("理由"), "long", hint=N_("请写明事实和依据，对方会看到"))
UNTIL = Field("until", N_("期限"), "moment", required=False, hint=N_("不填则按本市规定的工作日"))
CLOSER = {code: word for code, word in PRIVACIES.items() if code != "open"}
"""What a colleague may choose alone: to let go of the mask takes the person concerned."""

NOTE = Field("note", N_("说明"), "long", required=False)
READING = Field("wording", N_("看过的答复"), "row", required=False, kept=False)
"""The sign of the reply that was on the page of whoever judges it (see `replies.reading_of`)."""
UNIT_WORDS = Field(
    "unit_words",
    N_("给单位看的文字"),
    "long",
    required=False,
    hint=N_("保密工单：单位只看到这段文字，请删去能认出举报人的内容"),
    most=BODY_TEXT,
)
# fmt: off
DISPATCH_FIELDS = (
    Field("unit", N_("主办单位"), "unit"),
    Field("helpers", N_("协办单位"), "units", required=False),
    Field("category", N_("类别"), "category", required=False),
    Field("request_type", N_("诉求类型"), "choice", required=False, choices=REQUEST_TYPES),
    Field("urgency", N_("紧急程度"), "choice", required=False, choices=URGENCIES),
    UNIT_WORDS,
    Field("note", N_("派单意见"), "long", required=False),
)

BROUGHT_FIELDS = (
    Field("source", N_("原系统"), "text"),
    Field("told_state", N_("原状态"), "text"),
    Field("unit", N_("办理单位"), "unit", required=False),
    Field("answer", N_("原答复"), "long", required=False),
    Field("rated", N_("原评价"), "text", required=False),
    Field("replied_at", N_("原答复时间"), "moment", required=False),
    Field("undated", N_("没有时间，不计入统计"), "bool", required=False),
)

ACTIONS: dict[str, Action] = {a.name: a for a in (
    Action(Do.SUBMIT, N_("提交"), N_("提交后进入派单"), mood="primary", writes=(desk.mark_submitted, triaged.hear_request, desk.ask_second_look)),
    Action(Do.VOID, N_("作废"), N_("无效、骚扰或测试来电"), (REASON,), mood="danger",
           writes=(ending.close_as("void"),)),
    Action(Do.DISPATCH, N_("派单"), N_("派给主办单位，时限从现在起算"), DISPATCH_FIELDS, mood="primary",
           writes=(assigning.assign_units, facts.note_correction("dispatch"), directing.end_urges)),
    Action(Do.ANSWER_DIRECTLY, N_("直接答复"), N_("当场答复市民并办结"), (
        Field("answer", N_("答复内容"), "long", hint=N_("市民会看到这段话，请勿写入个人信息")),
        Field("category", N_("类别"), "category", required=False),
    ), mood="primary", writes=(desk.answer_now, assigning.let_heard_go, ending.close_as("direct"))),
    Action(Do.MARK_HARD, N_("转疑难会商"), N_("职责不清，由会商裁定"), (REASON,)),
    Action(Do.MERGE, N_("合并"), N_("与另一张工单是同一事项；每位市民仍各自收到通知和回访"), (
        Field("master", N_("主工单号"), "ticket"), NOTE,
    ), writes=(desk.merge_into, assigning.leave_to_master, ending.close_as("merged"))),
    Action(Do.DECLINE, N_("不予受理"), N_("不在受理范围，告知正确途径"), (
        Field("route", N_("原因与途径"), "choice", choices="routes"),
        Field("advice", N_("告知市民的话"), "long", required=False, hint=N_("不填则使用该途径的标准告知语")),
    ), mood="danger", writes=(desk.tell_route, assigning.let_heard_go, ending.close_as("declined"))),
    Action(Do.TRANSFER_OUT, N_("转接"), N_("转给 110、纪检监察机关或上级平台等"), (
        Field("body", N_("转给"), "choice", choices="outside"), NOTE,
    ), writes=(ending.close_as("transferred"),)),
    Action(Do.ASK_MORE, N_("请市民补充"), N_("信息不足，短信请市民补充；时限暂停到市民回复，最多几天"), (
        Field("question", N_("需要补充什么"), "long"),
    ), writes=(asking.start_asking,)),
    Action(Do.NO_WORDS, N_("不再等补充"), N_("市民没有补充，按已有情况继续办"), mood="quiet", writes=(asking.stop_asking,)),
    Action(Do.SPLIT, N_("拆分"), N_("一次来电多个事项，分成各自的工单"), (
        Field("title", N_("新工单标题"), "text"),
        Field("body", N_("新工单内容"), "long"),
        Field("category", N_("类别"), "category", required=False),
    ), writes=(desk.split_off,)),
    Action(Do.RULE, N_("裁定"), N_("裁定后单位不得再退单，并存为先例"), (*DISPATCH_FIELDS[:-1], REASON), mood="primary",
           writes=(assigning.assign_units, desk.bind, desk.keep_precedent, facts.note_correction("ruling"), directing.end_urges)),
    Action(Do.ASK_VIEWS, N_("征求单位意见"), N_("请有关单位在一个工作日内陈述意见；各方意见写入会商记录"), (
        Field("units", N_("请哪些单位陈述"), "units"),
        Field("note", N_("请说明什么"), "long", required=False),
    ), writes=(assigning.ask_for_views,)),
    Action(Do.STATE_VIEW, N_("陈述意见"), N_("说明本单位是否负责、依据什么；会商各方都会看到"), (
        Field("text", N_("本单位意见"), "long"),
        Field("basis", N_("职责依据"), "text", required=False, hint=N_("文件名和文号")),
        Field("suggested_unit", N_("建议承办单位"), "unit", required=False),
    ), mood="primary", writes=(assigning.note_view,)),
    Action(Do.KEEP_MINUTES, N_("会商纪要"), N_("记下何时会商、谁参加、各方怎么说、议定什么；有关单位都会看到"), (
        Field("met_at", N_("会商时间"), "moment"),
        Field("present", N_("参加单位和人员"), "long"),
        Field("text", N_("各方意见"), "long"),
        Field("decision", N_("议定事项"), "long"),
    )),
    Action(Do.RECALL, N_("撤回"), N_("派错了，从单位撤回重派"), (REASON,), writes=(assigning.release_units("recalled"),)),
    Action(Do.SIGN, N_("签收"), N_("签收后开始办理"), (), mood="primary", writes=(handling.mark_signed, assigning.let_heard_go, directing.end_urges)),
    Action(Do.AUTO_SIGN, N_("自动签收"), N_("逾期未签收，系统代签并标记"), mood="quiet",
           writes=(handling.mark_signed, handling.mark_auto_signed, assigning.let_heard_go)),
    Action(Do.OBJECT, N_("退单"), N_("不属于本单位职责，申请退回"), (
        REASON,
        Field("basis", N_("职责依据"), "text", hint=N_("文件名和文号")),
        Field("suggested_unit", N_("建议承办单位"), "unit", required=False),
    ), writes=(handling.count_return, directing.end_urges)),
    Action(Do.UPHOLD, N_("同意退单"), N_("退单成立，回到派单"), (REASON,), mood="primary",
           writes=(assigning.release_units("returned"), desk.note_objection_upheld, directing.end_urges)),
    Action(Do.OVERRULE, N_("不同意退单"), N_("退单不成立，单位必须签收"), (REASON,), mood="danger",
           writes=(desk.require_signature, directing.end_urges)),
    Action(Do.CONTACT, N_("先行联系"), N_("记录第一次联系市民"), (
        Field("reached", N_("联系上了吗"), "bool"),
        Field("how", N_("方式"), "choice", choices=CONTACT_WAYS),
        Field("note", N_("沟通情况"), "long"),
    ), writes=(handling.mark_contacted, directing.end_urges)),
    Action(Do.INTERIM, N_("阶段反馈"), N_("办理较久时先告诉市民进展"), (
        Field("answer", N_("告诉市民的话"), "long", hint=N_("市民会看到，请勿写入个人信息")),
    ), writes=(handling.write_interim, directing.end_urges)),
    Action(Do.DELEGATE, N_("转下级"), N_("交给下属单位办理，主办责任不变"), (
        Field("unit", N_("下属单位"), "sub_unit"), NOTE,
    ), writes=(assigning.delegate_to,)),
    Action(Do.TAKE_BACK, N_("收回"), N_("从下属单位收回，由本单位办理"), (NOTE,), writes=(assigning.take_back,)),
    Action(Do.SIGN_HELP, N_("协办签收"), N_("本单位协助办理，在主办期限的一半以内反馈"), (), mood="primary", writes=(assigning.sign_as_helper,)),
    Action(Do.CALL_IN, N_("请求协办"), N_("办理中需要别的单位配合"), (
        Field("helpers", N_("协办单位"), "units"),
        Field("note", N_("请对方做什么"), "long"),
    ), writes=(assigning.call_in,)),
    Action(Do.REMIND_HELPERS, N_("催协办"), N_("提醒还没有反馈的协办单位"), (NOTE,), writes=(assigning.remind,)),
    Action(Do.TAKE_ON, N_("我来办"), N_("由我办理，列表里标明"), writes=(assigning.take_on,), mood="quiet"),
    Action(Do.HAND_TO, N_("交给同事"), N_("交给本单位的一位同事办理"), (Field("staff", N_("同事"), "text"),), writes=(assigning.hand_to,), mood="quiet"),
    Action(Do.COLLEAGUE_LEFT, N_("经办人离开"), N_("经办人已不在本单位，工单回到本单位"), (Field("staff", N_("经办人"), "text"),),
           writes=(assigning.return_to_unit,), mood="quiet", beside=True),
    Action(Do.REPORT, N_("协办反馈"), N_("向主办单位报告办理情况"), (
        Field("report", N_("办理情况"), "long"),
    ), writes=(handling.write_report,)),
    Action(Do.REPLY, N_("答复"), N_("提交办理结果，送审核"), REPLY_FIELDS, mood="primary", writes=(handling.write_reply, asking.stop_asking, ending.lapse("extension", "wait", "sign_off"),
           directing.end_urges)),
    Action(Do.WAIT, N_("约定跟进"), N_("有具体计划和日期，到期继续办理；答复时限暂停"), (
        Field("until", N_("跟进日期"), "day"),
        Field("reason", N_("计划和原因"), "long", hint=N_("谁、在哪一天前、完成哪一步")),
    ), writes=(handling.start_waiting,)),
    Action(Do.RESUME, N_("继续办理"), N_("恢复办理，时限继续"), writes=(handling.stop_waiting,), mood="primary"),
    Action(Do.PASS, N_("通过"), N_("答复清楚完整，进入回访"), (
        Field("checklist", N_("审核清单"), "checklist", required=False), NOTE, READING,
        Field("at_once", N_("一键答“是”的条数"), "count", required=False),
    ), mood="primary", writes=(judging.write_review("pass"), judging.publish_answer, assigning.let_helpers_go, directing.end_urges)),
    Action(Do.REDO, N_("退回重办"), N_("结果不明确等，退回单位重新办理"), (
        Field("reasons", N_("退回原因"), "choices", choices="reasons"),
        Field("checklist", N_("审核清单"), "checklist", required=False), READING,
        Field("note", N_("请单位补什么"), "long", hint=N_("具体写明缺什么、怎样才算清楚")),
    ), mood="danger", writes=(judging.write_review("redo"), judging.start_next_round, directing.end_urges)),
    Action(Do.MEND, N_("改文字"), N_("只改公开答复的文字，不改事实"), (
        Field("public_answer", N_("公开答复"), "long"), READING,
    ), writes=(judging.mend_answer,)),
    Action(Do.ASK, N_("发出回访"), N_("短信询问是否解决、是否满意"), mood="quiet"),
    Action(Do.CALL_ATTEMPT, N_("电话未接通"), N_("记录一次回访电话未接通"), (NOTE,), writes=(answers.count_attempt,)),
    Action(Do.NOTE_DISSATISFIED, N_("市民不满意"), N_("记录不满意的回答，由回访员判断是否重办"), (
        *CITIZENS_FIELDS,
    ), mood="quiet", writes=(answers.write_survey, answers.mark_dissatisfied)),
    Action(Do.NOTE_PARTLY, N_("部分解决"), N_("市民说只解决了一部分，由回访员看还差什么"), SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_survey,)),
    Action(Do.NOTE_DOUBT, N_("回复待读"), N_("机器看不准的短信，由回访员读"), (
        Field("text", N_("原话"), "long"),
        Field("reading", N_("机器读作"), "choice", required=False, choices=READINGS),
    ), mood="quiet", writes=(answers.keep_doubt,)),
    Action(Do.READ_DOUBT, N_("读过短信"), N_("回访员读了市民的原话，定下意思"), (
        Field("means", N_("意思"), "choice", choices=MEANINGS), NOTE,
    ), mood="quiet"),
    Action(Do.TO_JUDGE, N_("待研判"), N_("并案市民的回答要由回访员看"), mood="quiet"),
    Action(Do.RECORD, N_("记录回访"), N_("记录市民的评价并办结"), SURVEY_FIELDS, mood="primary", writes=(answers.write_survey, ending.close_as("rated"))),
    Action(Do.CLOSE_JUDGED, N_("办结"), N_("市民不满意，但诉求已依法办理；保留其评价"), (REASON,),
           writes=(answers.cut_off, ending.close_as("rated"))),
    Action(Do.NOTE_SATISFIED, N_("市民满意"), N_("记录满意的回答；并案的其他市民还在答复期内"), SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_survey,)),
    Action(Do.RATE_DIRECT, N_("评价直接答复"), N_("市民对当场答复的评价；工单仍是办结"), SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_survey,)),
    Action(Do.MERGED_SATISFIED, N_("并案市民满意"), N_("记录并案市民满意的回答"), MERGED_SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_merged_survey,)),
    Action(Do.MERGED_PARTLY, N_("并案市民部分解决"), N_("记录并案市民部分解决的回答，由回访员看还差什么"), MERGED_SURVEY_FIELDS,
           mood="quiet", writes=(answers.write_merged_survey,)),
    Action(Do.MERGED_DISSATISFIED, N_("并案市民不满意"), N_("记录并案市民不满意的回答，由回访员判断是否重办"), MERGED_SURVEY_FIELDS, mood="quiet",
           writes=(answers.write_merged_survey, answers.mark_dissatisfied)),
    Action(Do.ALL_ANSWERED, N_("评价齐了"), N_("每位市民都已评价，办结"), mood="quiet", writes=(ending.close_as("rated"),)),
    Action(Do.NO_ANSWER, N_("无人应答"), N_("逾期未答，按未评价办结，不计为满意"), mood="quiet",
           writes=(answers.note_silence, ending.close_by_answers)),
    Action(Do.FINAL_CLOSE, N_("终结"), N_("终结申请已批准"), mood="quiet", writes=(assigning.let_heard_go, ending.close_as("final"))),
    Action(Do.ARCHIVE, N_("归档"), N_("办结满期后归档"), mood="quiet"),
    Action(Do.REOPEN, N_("重启"), N_("情况有变，重新派单"), (REASON,), writes=(ending.start_over,)),
    Action(Do.UNMERGE, N_("取消合并"), N_("不是同一事项，恢复为独立工单"), (REASON,), writes=(answers.ask_no_more, desk.unmerge, assigning.release_units("unmerged"))),
    Action(Do.WITHDRAW, N_("撤诉"), N_("市民不再需要办理"), (
        Field("reason", N_("撤诉原因"), "long", required=False),
    ), writes=(answers.cut_off, assigning.let_heard_go, ending.leave_master, ending.close_as("withdrawn"))),
    Action(Do.LEAVE, N_("退出并案"), N_("市民撤诉；还有并案的市民，工单为他们继续办理"), (
        Field("reason", N_("撤诉原因"), "long", required=False),
    ), mood="quiet", writes=(answers.ask_no_more, ending.mark_left)),
    Action(Do.ONE_LEFT, N_("并案市民撤诉"), N_("一位并案市民撤诉；工单为其他市民继续办理"), (
        Field("number", N_("该市民的工单号"), "text"),
    ), mood="quiet"),
    Action(Do.LATE_WORDS, N_("评价截止后来信"), N_("评价期已过；原话留存，不计入评价"), (
        Field("text", N_("原话"), "long"),
        Field("solved", N_("是否解决"), "choice", required=False, choices=SOLVED),
    ), mood="quiet"),
    Action(Do.POST_LETTER, N_("寄出答复函"), N_("没有电话的来信人，用纸回复；打印答复函后在这里记下"), (
        Field("day", N_("寄出日期"), "day"),
        Field("tracking", N_("挂号或快递单号"), "text", required=False),
    )),
    Action(Do.ADD, N_("补充情况"), N_("市民补充了新情况"), (
        Field("text", N_("补充内容"), "long"),
    ), writes=(asking.hear_citizen, triaged.hear_more)),
    Action(Do.URGE, N_("催办"), N_("市民催促办理"), (
        Field("text", N_("催办内容"), "long", required=False),
    ), writes=(ending.count_urge, triaged.hear_more)),
    Action(Do.WRITE, N_("发短信给市民"), N_("把要说的话发给市民，留在工单里"), (
        Field("answer", N_("短信内容"), "long", hint=N_("市民会看到，请勿写入个人信息"), most=300),
    )),
    Action(Do.NOTE, N_("备注"), N_("内部备注，市民看不到"), (Field("text", N_("内容"), "long"),)),
    Action(Do.INSTRUCT, N_("批示"), N_("领导批示：只有指定的人看得到，单位办理后报送"), (
        Field("text", N_("批示内容"), "long"),
        Field("readers", N_("谁可以看"), "choices", required=False, choices=READERS, hint=N_("不选则为承办单位、督办员和热线领导；媒体始终看不到")),
        UNTIL,
    ), writes=(directing.give_instruction,)),
    Action(Do.URGE_UNIT, N_("催办单位"), N_("要求限期办理；单位下一步办理后自动结束"), (
        Field("text", N_("催办内容"), "long"), UNTIL,
    ), writes=(directing.give("urge"),)),
    Action(Do.SUPERVISE, N_("督办立项"), N_("编号督办：写明要求和期限，单位报送，督办员办结"), (
        Field("text", N_("督办要求"), "long"), UNTIL,
    ), writes=(directing.give("supervision"),)),
    Action(Do.ASK_EXPLANATION, N_("要求说明"), N_("请单位限期说明情况，结果记录在案"), (
        Field("text", N_("需要说明什么"), "long"), UNTIL,
    ), writes=(directing.give("explanation"),)),
    Action(Do.ANSWER_DIRECTIVE, N_("报送"), N_("报送办理情况和整改措施"), (
        Field("directive", N_("编号"), "row"), Field("text", N_("办理情况和整改措施"), "long"),
    ), mood="apart", writes=(directing.answer,)),
    Action(Do.RETURN_DIRECTIVE, N_("退回补报"), N_("报送不清楚，写明还要补什么"), (
        Field("directive", N_("编号"), "row"), Field("text", N_("还要补什么"), "long"), UNTIL,
    ), mood="apart", writes=(directing.send_back,)),
    Action(Do.END_DIRECTIVE, N_("办结这一件"), N_("写明结果，办结督办、批示或情况说明"), (
        Field("directive", N_("编号"), "row"), Field("text", N_("结果"), "long"),
    ), mood="apart", writes=(directing.end,)),
    Action(Do.CORRECT, N_("更正信息"), N_("更正标题、类别、地点等"), (
        Field("title", N_("标题"), "text", required=False),
        Field("category", N_("类别"), "category", required=False),
        Field("request_type", N_("诉求类型"), "choice", required=False, choices=REQUEST_TYPES),
        Field("urgency", N_("紧急程度"), "choice", required=False, choices=URGENCIES),
        Field("area", N_("区县"), "choice", required=False, choices="areas"),
        Field("place", N_("地点"), "text", required=False, most=300),
        Field("point", N_("地图上的点"), "point", required=False, hint=N_("纬度和经度，中间空一格，如 36.1001 114.3923")),
        Field("privacy", N_("保密级别"), "choice", required=False, choices=PRIVACIES),
        Field("reason", N_("调低紧急程度或改为公开的理由"), "long", required=False, hint=N_("只在调低紧急程度或改为公开时必填")),
    ), writes=(facts.correct_facts, facts.note_correction("correct"))),
    Action(Do.SECOND_LOOK, N_("带教看单"), N_("带教期同事受理的工单：看过通过，或更正并写明"), (
        Field("result", N_("结果"), "choice", choices=LOOKS),
        Field("title", N_("标题"), "text", required=False),
        Field("category", N_("类别"), "category", required=False),
        Field("request_type", N_("诉求类型"), "choice", required=False, choices=REQUEST_TYPES),
        Field("urgency", N_("紧急程度"), "choice", required=False, choices=URGENCIES),
        Field("area", N_("区县"), "choice", required=False, choices="areas"),
        Field("place", N_("地点"), "text", required=False, most=300),
        Field("privacy", N_("保密级别"), "choice", required=False, choices=CLOSER),
        Field("note", N_("给受理同事的话"), "long", required=False, hint=N_("更正时必填：哪里要改，下次怎么做")),
    ), mood="apart", writes=(facts.correct_facts, facts.note_correction("correct"), desk.mark_looked_at)),
    Action(Do.TEXTS_OFF, N_("不再发短信"), N_("市民要求不再收短信；以后电话联系"), (NOTE,), writes=(texts.stop_texts,)),
    Action(Do.TEXTS_ON, N_("恢复短信"), N_("市民要求恢复短信"), (NOTE,), writes=(texts.resume_texts,)),
    Action(Do.RENEW_CODE, N_("更换查询码"), N_("原来的查询码马上失效，新的只发到市民手机"), (NOTE,), writes=(texts.end_codes,)),
    Action(Do.ATTACH, N_("添加附件"), N_("图片、视频、录音、文档"), mood="quiet"),
    Action(Do.BRING_CLOSED, N_("迁入"), N_("从其他系统迁入已办结的事项"), BROUGHT_FIELDS, mood="quiet",
           writes=(bringing.take_over_history,)),
    Action(Do.BRING_DECLINED, N_("迁入"), N_("从其他系统迁入未受理的事项"), BROUGHT_FIELDS, mood="quiet",
           writes=(bringing.take_over_history,)),
    Action(Do.BRING_VOID, N_("迁入"), N_("从其他系统迁入作废的事项"), BROUGHT_FIELDS, mood="quiet",
           writes=(bringing.take_over_history,)),
    Action(Do.LOCATE, N_("认出地点"), N_("文中说到的区县和街道，只补还没有填的"), (
        Field("area", N_("区县"), "choice", required=False, choices="areas"),
        Field("street", N_("街道"), "text", required=False, most=64),
    ), mood="quiet", writes=(triaged.take_place,), beside=True, untold=True),
    Action(Do.MARK_SAFETY, N_("标为涉及安全"), N_("文中说到人身安全等，须由人派单"), (
        Field("safety", N_("涉及"), "choices", choices=SAFETY),
    ), mood="quiet", writes=(triaged.mark_safety,), beside=True),
    Action(Do.RAISE_URGENCY, N_("提高紧急程度"), N_("文中的说法或多人同诉表明更急；时限从现在起按它计算"), (
        Field("urgency", N_("紧急程度"), "choice", choices=URGENCIES),
        Field("by", N_("依据"), "choice", choices=URGENCY_SAID_BY),
        Field("note", N_("说明"), "text", required=False),
    ), mood="quiet", writes=(triaged.raise_urgency,), beside=True),
    Action(Do.TAKE_ALARM, N_("我来处理"), N_("可能危及生命：由我接手，提醒停止"), mood="quiet", writes=(triaged.take_alarm,)),
    Action(Do.YELLOW_CARD, N_("黄牌"), N_("办理期限只剩一个工作日"), mood="quiet", writes=(overdue.give_card("yellow"),), beside=True),
    Action(Do.RED_CARD, N_("红牌"), N_("办理期限已过：列入纪检监察清单，自动督办"), mood="quiet",
           writes=(overdue.give_card("red"), overdue.list_for_discipline, overdue.open_supervision("red")), beside=True),
    Action(Do.TAKE_OUTER_DATE, N_("并入上级平台期限"), N_("并入的工单带来上级平台的期限"), (
        Field("number", N_("并入的工单号"), "text"),
        Field("until", N_("上级平台期限"), "moment"),
    ), mood="quiet", writes=(desk.take_outer_date,), beside=True),
    Action(Do.MOVE_OUTER_DATE, N_("上级平台改期限"), N_("上级平台给了新的期限"), (
        Field("until", N_("上级平台期限"), "moment"), Field("text", N_("说明"), "long", required=False),
    ), mood="quiet", writes=(desk.move_outer_date,), beside=True),
    Action(Do.TRANSFER_RESULT, N_("登记转接结果"), N_("外部单位办理的结果"), (
        Field("reference", N_("对方受理编号"), "text", required=False), Field("text", N_("结果"), "long"),
    )),
    Action(Do.WITHDRAW_VIOLATION, N_("撤销违规记录"), N_("记下的违规不成立，或情有可原；写明理由，监察方会知道"), (
        Field("violation", N_("编号"), "row"), REASON,
    ), mood="apart", writes=(withdrawing.take_back,)),
    Action(Do.UNDO_DISPATCH, N_("撤销派单"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_MERGE, N_("撤销合并"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_MERGE_TO_SIGN, N_("撤销合并"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_MERGE_HANDLING, N_("撤销合并"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_SPLIT, N_("撤销拆分"), N_("拆出的工单派出以前，作废它"), mood="quiet", writes=(undoing.call_off_split,)),
    Action(Do.UNDO_PASS, N_("撤销通过"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_REDO, N_("撤销退回"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_REDO_JUDGED, N_("撤销重办"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_RECORD, N_("撤销评价记录"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_CLOSE, N_("撤销办结"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_ANSWER, N_("撤销直接答复"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_DECLINE, N_("撤销不予受理"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_TRANSFER, N_("撤销转接"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_VOID, N_("撤销作废"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_RULE, N_("撤销裁定"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_ANSWER_HEARD, N_("撤销直接答复"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_DECLINE_HEARD, N_("撤销不予受理"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
    Action(Do.UNDO_REDO_CLOSED, N_("撤销重办"), N_("短信和通知发出以前，一切恢复原样"), mood="quiet", writes=(undoing.take_back,)),
)}
# fmt: on

BESIDE = frozenset(name for name, action in ACTIONS.items() if action.beside)
"""Rows the machine writes beside the work."""
