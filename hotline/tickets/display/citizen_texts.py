"""What the public is told about each step of a ticket's life: plain words, never a reason, a note or a person's name."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.i18n import N_
from hotline.tickets.states import State


@dataclass(frozen=True)
class Told:
    """One action as the citizen reads it. said: the answer of the action's form that was written to the citizen.

    own: only shown to the citizen who did it; others behind the same ticket read `others` (or nothing).
    """

    sentence: str
    said: str = ""
    own: bool = False
    others: str = ""


TOLD: dict[str, Told] = {
    "submit": Told(N_("诉求已受理")),
    "dispatch": Told(N_("已转%(unit)s办理")),
    "rule": Told(N_("已核定由%(unit)s办理")),
    "mark_hard": Told(N_("正在会商由哪个单位办理")),
    "object": Told(N_("正在核定由哪个单位办理")),
    "uphold": Told(N_("正在重新确定承办单位")),
    "overrule": Told(N_("已核定由%(unit)s办理")),
    "recall": Told(N_("正在重新确定承办单位")),
    "sign": Told(N_("%(unit)s已签收，开始办理")),
    "auto_sign": Told(N_("%(unit)s开始办理")),
    "contact": Told(N_("%(unit)s登记：已与市民联系")),
    "interim": Told(N_("%(unit)s告知进展"), said="answer"),
    "wait": Told(N_("%(unit)s计划在 %(until)s 前完成下一步")),
    "resume": Told(N_("%(unit)s继续办理")),
    "reply": Told(N_("%(unit)s提交了办理结果，热线中心正在审核")),
    "redo": Told(N_("办理结果没有达到要求，已退回%(unit)s重新办理")),
    "pass": Told(N_("办理结果审核通过，已答复")),
    "answer_directly": Told(N_("热线中心直接答复"), said="answer"),
    "ask": Told(N_("请您评价办理结果")),
    "ask_more": Told(N_("请您补充情况"), said="question"),
    "record": Told(N_("您作了评价，已办结"), own=True, others=N_("已办结")),
    "note_dissatisfied": Told(N_("您表示不满意，热线中心正在核实"), own=True),
    "note_partly": Told(N_("您评价为部分解决，热线中心正在看还差什么"), own=True),
    "note_doubt": Told(N_("您回复了短信，回访员正在看"), said="text", own=True),
    "close_judged": Told(N_("已办结")),
    "no_answer": Told(N_("已办结")),
    "final_close": Told(N_("已办结")),
    "note_satisfied": Told(N_("您作了评价"), own=True),
    "post_letter": Told(N_("书面答复已寄出")),
    "rate_direct": Told(N_("您作了评价"), own=True),
    "all_answered": Told(N_("已办结")),
    "no_words": Told(N_("按已有情况继续办理")),
    "withdraw": Told(N_("已按您的意愿撤回"), own=True, others=N_("已办结")),
    "leave": Told(N_("已按您的意愿撤回"), own=True),
    "reopen": Told(N_("已恢复办理")),
    "merge": Told(N_("与同一事项合并办理，结果会单独告知您")),
    "unmerge": Told(N_("恢复单独办理")),
    "decline": Told(N_("不属于热线受理范围，正确的途径是"), said="advice"),
    "transfer_out": Told(N_("已移交%(body)s，由其依职责办理")),
    "transfer_result": Told(N_("移交后的办理情况"), said="text"),
    "void": Told(N_("这张工单没有立案")),
    "add": Told(N_("您补充了情况"), said="text", own=True),
    "urge": Told(N_("您催办了一次"), said="text", own=True),
    "attach": Told(N_("您上传了文件"), own=True),
    "late_words": Told(N_("评价截止后您又补充了意见"), said="text", own=True),
}
"""Every other action is internal: the citizen does not read that it happened."""

NOW: dict[State, str] = {
    State.TO_DISPATCH: N_("热线中心正在确定由哪个单位办理。"),
    State.IN_DISPUTE: N_("这件事由哪个单位办理需要会商，热线中心会作出裁定。"),
    State.IN_OBJECTION: N_("正在核定由哪个单位办理；办理期限照常计算。"),
    State.TO_SIGN: N_("已转%(unit)s，等该单位签收。"),
    State.HANDLING: N_("%(unit)s正在办理。"),
    State.WAITING: N_("这件事需要一段时间，%(unit)s计划在 %(until)s 前完成下一步，到时继续办理。"),
    State.TO_REVIEW: N_("%(unit)s已提交办理结果，热线中心正在审核；结果不清楚的会退回重办。"),
    State.TO_FOLLOW_UP: N_("已经答复，等您评价：解决了吗，满意吗？"),
    State.DECLINED: N_("这件事不属于热线受理范围，正确的途径写在下面。"),
    State.TRANSFERRED: N_("这件事已移交有权处理的机关，由其依职责办理。"),
    State.VOID: N_("这张工单没有立案。如有疑问请拨打热线。"),
}
"""Whom a ticket waits for, as the citizen reads it."""

ASKING = N_("还缺一些情况，等您补充后继续办理。")
AGAIN = N_("上次的结果没有达到要求，已退回%(unit)s重新办理。")
LEFT = N_("已按您的意愿撤回。还有其他市民反映同一件事，会继续为他们办理。")
JUDGING = N_("您表示不满意，热线中心正在核实，需要的会退回重新办理。")
JUDGING_HALF = N_("您说只解决了一部分，回访员正在看还差什么，需要的会退回重新办理。")
READING = N_("您的回复已收到，回访员正在看，必要时给您回电。")
WAITS = {"dissatisfied": JUDGING, "partly": JUDGING_HALF, "in_doubt": READING}
"""What this citizen's own answer waits for, by the outcome of their question."""

CLOSED: dict[str, str] = {
    "direct": N_("已直接答复，办结。"),
    "rated": N_("已办结，谢谢您的评价。"),
    "not_rated": N_("已办结。没有收到您的评价，不计为满意。"),
    "final": N_("已依法终结办理。"),
    "withdrawn": N_("已按您的意愿撤回。"),
}
ENDED_PLAINLY = N_("已办结。")
OWN_ENDINGS = frozenset({"rated", "withdrawn"})
"""Ways of closing that say what one citizen did; the others behind the same ticket read that it is closed."""

DUE: dict[str, str] = {
    "dispatch": N_("最迟转给承办单位"),
    "reply": N_("最迟答复"),
    "redo": N_("最迟重新答复"),
    "review": N_("最迟审核完"),
    "answer": N_("请在此之前评价"),
    "wait": N_("约定的日期"),
    "ruling": N_("最迟核定"),
}
CLOCKS: dict[State, tuple[str, ...]] = {
    State.TO_DISPATCH: ("dispatch",),
    State.IN_DISPUTE: ("ruling",),
    State.IN_OBJECTION: ("redo", "reply"),
    State.TO_SIGN: ("redo", "reply"),
    State.HANDLING: ("redo", "reply"),
    State.WAITING: ("wait",),
    State.TO_REVIEW: ("review",),
    State.TO_FOLLOW_UP: ("answer",),
}
"""Which clock is the citizen's in each state: the first that runs."""
