"""Short words of the ticket page: how it was closed, why a unit left, how far a text has come, why somebody asked."""

from __future__ import annotations

from hotline.i18n import N_, _
from hotline.tickets.roles import CLOCK, SYSTEM
from hotline.web.core.formatting import hidden
from models import Directive, Petition

CLOSED = {
    "void": N_("作废"),
    "direct": N_("当场答复"),
    "merged": N_("合并"),
    "declined": N_("不予受理"),
    "transferred": N_("转接"),
    "rated": N_("已评价"),
    "not_rated": N_("未评价"),
    "final": N_("终结"),
    "withdrawn": N_("撤诉"),
    "brought": N_("由其他系统迁入"),
}
LEFT = {
    "replaced": N_("改派"),
    "ruled_away": N_("裁定改派"),
    "recalled": N_("撤回"),
    "returned": N_("退单成立"),
    "taken_back": N_("收回"),
    "reopened": N_("重启"),
    "merged": N_("并入其他工单"),
    "done": N_("答复已通过"),
    "heard": N_("会商已裁定"),
}
TEXTS = {
    "queued": N_("待发送"),
    "sending": N_("发送中"),
    "sent": N_("已发出"),
    "delivered": N_("已送达"),
    "failed": N_("发送失败"),
    "undelivered": N_("未送达"),
    "received": N_("已收到"),
    "read": N_("已读"),
}


def close_words(kind: str | None) -> str:
    return _(CLOSED.get(kind or "", kind or ""))


def end_words(reason: str | None) -> str:
    return _(LEFT.get(reason or "", reason or ""))


def message_words(state: str) -> str:
    return _(TEXTS.get(state, state))


def asker_words(petition: Petition) -> str:
    """Who asked; what the rules asked by themselves was asked by the system."""
    return (
        _("系统") if petition.asked_by_id is None and petition.asked_by_name == SYSTEM.name else petition.asked_by_name
    )


def giver_words(directive: Directive) -> str:
    """Who demands it: somebody, another platform by its own name, or the rules by themselves."""
    by_itself = directive.given_by_id is None and directive.given_by_name in (SYSTEM.name, CLOCK.name)
    return _("系统") if by_itself else directive.given_by_name


def petition_words(petition: Petition) -> str:
    """What was asked and why: whoever decides reads what a yes will do, then somebody's words or the rule that opened it."""
    wanted, why = petition.data or {}, hidden(petition.reason)
    if petition.kind == "extension" and wanted.get("days"):
        return _("延长 %(n)s 个工作日：%(why)s", n=wanted["days"], why=why)
    if petition.kind == "wait" and wanted.get("until"):
        return _("跟进到 %(day)s：%(why)s", day=wanted["until"], why=why)
    if petition.kind == "split" and wanted.get("title"):
        part = f"{hidden(wanted['title'])}（{hidden(wanted.get('body', ''))}）"
        return _("拆出 %(part)s：%(why)s", part=part, why=why)
    cause = wanted.get("cause") if petition.asked_by_id is None else None
    if cause == "red":
        return _("办理期限已过，按规定自动列入督办。")
    return _("已是第 %(n)s 轮办理，按规定自动列入督办。", n=petition.round) if cause else hidden(petition.reason)
