"""The administrator's words: what each number of the city means, and what each deed in the book was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hotline.i18n import N_, _

POLICY = {
    "auto_dispatch_on": (N_("自动派单"), ""),
    "auto_dispatch": (N_("自动派单要有多准（按小类）"), "share"),
    "auto_dispatch_group": (N_("自动派单要有多准（按大类）"), "share"),
    "unit_sets": (N_("列出的可能单位里要有对的一家"), "share"),
    "max_returns": (N_("同一单位退单成功最多"), N_("%(n)s 次")),
    "max_extensions": (N_("延期最多"), N_("%(n)s 次")),
    "extension_days": (N_("每次延期"), N_("%(n)s 个工作日")),
    "wait_days": (N_("约定跟进不经批准最长"), N_("%(n)s 个工作日")),
    "long_cycle_days": (N_("长周期事项最长"), N_("%(n)s 天")),
    "civil_hours": (N_("可以打扰市民的时间"), ""),
    "reminder_after_hours": (N_("没有评价的，几时提醒"), N_("%(n)s 小时后")),
    "answer_hours": (N_("等市民评价"), N_("%(n)s 小时")),
    "archive_after_days": (N_("办结后归档"), N_("%(n)s 天后")),
    "redo_rounds_to_leader": (N_("通知单位负责人"), N_("第 %(n)s 轮起")),
    "redo_rounds_to_supervision": (N_("转督办并列入纪检清单"), N_("第 %(n)s 轮起")),
    "idle_minutes": (N_("无操作自动退出登录"), N_("%(n)s 分钟")),
    "reveal_seconds": (N_("查看完整信息后重新隐藏"), N_("%(n)s 秒")),
    "attachment_max_mb": (N_("每个附件最大"), "%(n)s MB"),
    "retention_days": (N_("办结后保留个人信息"), N_("%(n)s 天")),
    "partly_weight": (N_("“部分解决”折算"), ""),
    "urge_min_gap_hours": (N_("两次催办至少间隔"), N_("%(n)s 小时")),
    "ask_more_days": (N_("等市民补充"), N_("%(n)s 天")),
    "reread_share": (N_("一键通过的答复质检再看"), "share"),
    "fast_reply_minutes": (N_("签收后多快答复算疑点"), N_("不到 %(n)s 分钟")),
    "undo_seconds": (N_("撤销的时间"), N_("%(n)s 秒")),
    "few_answers": (N_("少于多少件不作比较"), N_("%(n)s 件")),
    "few_waits": (N_("少于多少件不说以往用时"), N_("%(n)s 件")),
    "phone_sample": (N_("电话回访抽样"), "share"),
    "direct_sample": (N_("直接答复的抽样询问"), "share"),
    "direct_after_hours": (N_("直接答复后多久再问"), N_("%(n)s 小时后")),
    "duty_minutes": (N_("值班手机没有人打开，几时发给下一位"), N_("%(n)s 分钟")),
    "ring_seconds": (N_("来电响多久再多响一位话务员"), N_("%(n)s 秒")),
    "urge_days": (N_("催办的期限"), N_("%(n)s 个工作日")),
    "order_days": (N_("督办的期限"), N_("%(n)s 个工作日")),
    "explain_days": (N_("情况说明的期限"), N_("%(n)s 个工作日")),
    "instruct_days": (N_("领导批示的期限"), N_("%(n)s 个工作日")),
}
"""The name of each number and how its value is said: with a unit, as a share of a hundred, or as it is."""

AUDIT_ACTIONS = {
    "simulated": N_("建成模拟城市"),
    "public_consent": N_("市民同意公开"),
    "public_consent_withdrawn": N_("市民收回公开的同意"),
    "published": N_("公开诉求和答复"),
    "unpublished": N_("撤下公开的诉求"),
    "interview_planned": N_("预告或修改在线访谈"),
    "interview_moved": N_("开始、结束或取消在线访谈"),
    "scan_thrown_away": N_("删除来信扫描件"),
    "kept_from_public": N_("决定不公开"),
    "login": N_("登录"),
    "login_password": N_("密码正确，等待验证码"),
    "login_new_device": N_("在新设备上登录"),
    "login_oidc_failed": N_("单点登录没有通过"),
    "sign_on_linked": N_("绑定统一身份认证"),
    "sign_on_unlinked": N_("解除与统一身份认证的绑定"),
    "security_key_added": N_("登记安全密钥"),
    "security_key_removed": N_("移除安全密钥"),
    "security_key_renamed": N_("更改安全密钥的名称"),
    "second_factor_on": N_("启用手机验证码"),
    "second_factor_off": N_("关闭手机验证码"),
    "second_factor_failed": N_("验证码错误"),
    "second_reset": N_("重设手机验证码"),
    "recovery_used": N_("用备用码登录"),
    "recovery_renewed": N_("更换备用码"),
    "logout": N_("退出登录"),
    "deputy": N_("委托代签"),
    "login_failed": N_("登录失败"),
    "password_changed": N_("修改密码"),
    "password_reset": N_("重设密码"),
    "sessions_ended": N_("结束全部会话"),
    "session_ended": N_("结束会话"),
    "staff_added": N_("新增人员"),
    "staff_changed": N_("修改人员"),
    "phone_changed": N_("更改人员电话"),
    "reveal": N_("查看完整信息"),
    "export": N_("导出"),
    "judge_finding": N_("判断答复疑点"),
    "begin_mentoring": N_("开始带教"),
    "release_newcomer": N_("放单"),
    "judge_record": N_("判断记录问题"),
    "quality_decided": N_("决定质检申诉"),
    "exported": N_("导出完成"),
    "remove_file": N_("移除附件"),
    "erase": N_("删除个人信息"),
    "erase_person": N_("应市民要求删除"),
    "keys_rotated": N_("更换主密钥"),
    "clean_attachments": N_("清除附件里的拍摄信息"),
    "file_infected": N_("附件查出病毒，已封存"),
    "file_cleared": N_("附件复查无毒，已解封"),
    "infected_deleted": N_("删除封存满一个月的带毒附件"),
    "switched_over": N_("切换到备库"),
    "second_place_begun": N_("启用附件的第二处存放"),
    "cell_registered": N_("登记下属城市"),
    "cell_renew": N_("更换下属城市的密钥"),
    "cell_stop": N_("停用下属城市"),
    "cell_resume": N_("恢复下属城市"),
    "cell_trust": N_("以新的链头为下属城市的起点"),
    "cell_move": N_("改下属城市的地址"),
    "token_issued": N_("发出令牌"),
    "token_revoked": N_("停用令牌"),
    "audit_verified": N_("核验封条链"),
    "log_archived": N_("归档审计日志"),
    "job_retried": N_("重试一件待办"),
    "jobs_retried": N_("重试全部待办"),
    "promise_retried": N_("重试一件待办"),
    "promises_retried": N_("重试全部待办"),
    "search_person": N_("按电话或姓名查询"),
    "api_read": N_("接口读取个人信息"),
    "api_search": N_("接口查询"),
    "api_list": N_("接口列出工单"),
    "token_rotated": N_("更换令牌"),
    "message_resent": N_("重发短信"),
    "delivery_retried": N_("重投给其他平台"),
    "delivery_given_up": N_("放弃向其他平台投递"),
    "inbound_settled": N_("处理拒收的来件"),
    "model_chosen": N_("更换分类模型"),
    "model_training": N_("开始训练模型"),
    "import_uploaded": N_("上传导入文件"),
    "import_started": N_("开始导入"),
    "backup_made": N_("做了备份"),
    "backup_restored": N_("从备份恢复"),
    "import_dropped": N_("放弃导入"),
    "import_rejects": N_("下载没有读入的行"),
    "login_slowed": N_("多次登录失败，已放慢"),
    "rating_flagged": N_("评价可能来自工作人员"),
    "inbound_read": N_("打开来件原文"),
    "knowledge_released": N_("发布知识"),
    "knowledge_withdrawn": N_("撤下知识"),
    "nuisance": N_("骚扰标记"),
    "nuisance_clues": N_("取出骚扰来电线索"),
    "ready_changed": N_("更改共用现成话"),
    "role_composed": N_("更改组合岗位"),
    "role_asked": N_("申请更改组合岗位"),
    "role_granted": N_("批准更改组合岗位"),
    "role_refused": N_("拒绝更改组合岗位"),
    "role_removed": N_("删除组合岗位"),
    "change_asked": N_("申请授权或重设密码"),
    "change_granted": N_("批准申请"),
    "change_refused": N_("拒绝申请"),
    "change_withdrawn": N_("撤回申请"),
    "city_loaded": N_("载入城市资料"),
    "figures_rebuilt": N_("重算每日数字"),
    "monitoring_rebuilt": N_("重新对照监察规则"),
    "city_change_asked": N_("申请更改城市资料"),
    "city_change_granted": N_("批准更改城市资料"),
    "city_change_refused": N_("拒绝更改城市资料"),
    "view_sealed": N_("查看保密工单"),
    "view_file": N_("打开附件"),
    "watermark_read": N_("查看水印是谁的"),
}

AUDIT_DETAILS = {
    "found": N_("找到的人数"),
    "address": N_("地址"),
    "addresses": N_("允许的地址"),
    "after": N_("改后"),
    "alone": N_("无须第二人的张数"),
    "article": N_("条目编号"),
    "asked_by": N_("申请人编号"),
    "base": N_("原岗位"),
    "before": N_("改前"),
    "browser": N_("浏览器"),
    "by": N_("按"),
    "call_id": N_("通话编号"),
    "category": N_("类别"),
    "change": N_("申请编号"),
    "checked": N_("核对行数"),
    "count": N_("件数"),
    "days": N_("天数"),
    "decision": N_("决定"),
    "deed": N_("做法"),
    "diff": N_("改动"),
    "digest": N_("校验值"),
    "expires_at": N_("到期"),
    "file": N_("文件"),
    "files": N_("文件数"),
    "format": N_("格式"),
    "former": N_("原来的"),
    "interview": N_("访谈编号"),
    "key": N_("密钥"),
    "keys": N_("密钥数"),
    "kind": N_("种类"),
    "links": N_("封条数"),
    "listens_at": N_("接收地址"),
    "marks": N_("标记数"),
    "may": N_("权限"),
    "missing": N_("没有到的行数"),
    "month": N_("月份"),
    "moved": N_("改动项"),
    "name": N_("名称"),
    "of": N_("属于"),
    "partner": N_("平台"),
    "phone": N_("电话"),
    "private": N_("内网地址"),
    "problems": N_("问题数"),
    "reason": N_("理由"),
    "roles": N_("岗位"),
    "rows": N_("行数"),
    "run": N_("导入编号"),
    "scopes": N_("权限范围"),
    "second_there": N_("已有第二重验证"),
    "sha256": N_("校验值"),
    "shown": N_("显示的"),
    "source": N_("来源"),
    "staff_id": N_("人员编号"),
    "state": N_("状态"),
    "stored_as": N_("存放名"),
    "survey_id": N_("回访编号"),
    "tickets": N_("工单数"),
    "token": N_("令牌编号"),
    "towns": N_("乡镇"),
    "unit": N_("单位"),
    "units": N_("单位"),
    "verdict": N_("判断"),
    "version": N_("版本"),
    "virus": N_("病毒"),
    "way": N_("途径"),
    "why": N_("理由"),
}
"""What stands beside a deed in the book, by the name under which it is kept."""

BROWSERS = (
    (N_("微信"), r"MicroMessenger/(\d+)"),
    ("Edge", r"Edg\w*/(\d+)"),
    ("Firefox", r"Firefox/(\d+)"),
    ("Chrome", r"Chrome/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
)
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def browser_words(agent: str) -> str:
    """What a browser says of itself, for people: "Chrome 140 · Windows"."""
    name = next((f"{_(label)} {found[1]}" for label, sign in BROWSERS if (found := re.search(sign, agent))), "")
    system = next((one for one in SYSTEMS if one in agent), "")
    return " · ".join(one for one in (name, system) if one) or agent[:40] or "—"


def policy_line(name: str, value: Any) -> tuple[str, str]:
    """(what it is, its value) of one of the city's numbers; a new one that has no words yet is shown by its own name."""
    words, said = POLICY.get(name, (name, ""))
    return _(words), _value(value, said)


def _value(value: Any, said: str) -> str:
    if isinstance(value, bool):
        return _("开") if value else _("关")
    if isinstance(value, tuple):
        return "–".join(f"{one:%H:%M}" for one in value)
    if said == "share":
        return f"{value:.0%}"
    if value == 1 and said == "%(n)s 个工作日":
        return _("1 个工作日")
    return _(said, n=f"{value:g}") if said else f"{value:g}"


def action_words(deed: str) -> str:
    return _(AUDIT_ACTIONS.get(deed, deed))


def detail_words(detail: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the book keeps beside a deed, in words; what is not told is left out."""
    told = [(name, value) for name, value in detail.items() if value not in (None, "", [], {})]
    return [(_(AUDIT_DETAILS.get(name, name)), _yes_or_no(value)) for name, value in told]


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _("、").join(map(str, value)) if isinstance(value, list) else value
