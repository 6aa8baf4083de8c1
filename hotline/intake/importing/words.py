"""The words of other systems for types, urgency, channels, states and ratings, as ours; what is not clear stays as it was told."""

from __future__ import annotations

import re
from collections.abc import Mapping

from classifier.text.normalise import plain
from hotline.tickets.vocabulary import CHANNELS, REQUEST_TYPES, SCALE, SOLVED, URGENCIES

OURS: dict[str, Mapping[str, str]] = {
    "channel": CHANNELS,
    "request_type": REQUEST_TYPES,
    "urgency": URGENCIES,
    "solved": SOLVED,
}
THEIRS: dict[str, dict[str, str]] = {
    "request_type": {
        "consult": "咨询类 咨询 政策咨询 业务咨询 consultation inquiry enquiry question information",
        "help": "求助类 求助 求决 求决类 诉求 诉求类 报修 申请求助 办事求助 request service-request help",
        "complaint": "投诉类 投诉 意见投诉 投诉建议类 申诉 complaint",
        "report": "举报类 举报 检举 违法举报 投诉举报 report",
        "suggestion": "建议类 建议 意见建议 建言献策 意见 suggestion feedback",
        "praise": "表扬类 表扬 感谢表扬 感谢 感谢类 表扬感谢 表扬类 praise compliment thanks",
        "other": "其他类 其它 其它类 其他诉求 非业务类 other",
    },
    "urgency": {
        "normal": "普通 一般件 普通件 常规 平件 正常 低 中 一般工单 普通工单 normal low medium ordinary routine",
        "urgent": "加急 急件 紧急件 紧急工单 较急 急 高 urgent high",
        "critical": "特急件 特急 特提 非常紧急 十万火急 最高 critical emergency highest",
    },
    "channel": {
        "hotline": "电话 热线 来电 12345热线 12345电话 热线电话 12345 政务服务热线 市民热线 呼入 电话受理 phone telephone call hotline",
        "wechat": "微信公众号 微信小程序 公众号 微信端 wechat",
        "weibo": "官方微博 新浪微博 weibo",
        "app": "手机app app 客户端 移动端 掌上12345 手机客户端 mobile-app",
        "web": "网站 门户网站 网上 网络 互联网 网页 政府网站 web website online internet",
        "sms": "短信 手机短信 sms text",
        "mailbox": "信箱 领导信箱 书记信箱 县长信箱 区长信箱 局长信箱",
        "letter": "信件 书信 信函 来信来访 letter",
        "visit": "走访 现场 窗口 来访接待 上门 walk-in visit",
        "email": "邮件 邮箱 email e-mail",
        "people_board": "人民网 人民网留言板 领导留言板 人民网领导留言板",
        "national": "国务院互联网+督查 国家政务服务平台 国家平台转办",
        "province": "省12345 省级平台 省平台转办 省热线 省长信箱",
        "emergency": "110 110转办 110联动 119 120 122 110非警务",
    },
    "solved": {
        "yes": "已解决 解决 是 完全解决 全部解决 基本解决 yes resolved solved true 1",
        "partly": "部分 partly partially",
        "no": "未解决 没解决 否 不解决 no unresolved unsolved false 0",
    },
}
_KNOWN = {fact: {word: code for code, told in kinds.items() for word in told.split()} for fact, kinds in THEIRS.items()}

_ENDED_AS = {
    "declined": "不予受理 不受理 未予受理 不予办理 declined rejected refused",
    "void": "作废 已作废 无效 无效工单 无效诉求 已删除 骚扰 void invalid spam deleted cancelled canceled",
}
_ENDED = {word: code for code, told in _ENDED_AS.items() for word in told.split()}
_NOT_YET = re.compile(
    r"^(?:未|待|尚未|正在|等待|需|拟|申请|预|即将|催|in|un|not|re-?open|pending|to)|中$|重办|退回|重新|延期|未(?:办结|完成|结案)"
)
_DONE = re.compile(
    r"办结|结案|归档|完结|完成|办毕|终结|关闭|闭环|结束|办理完毕|处理完毕|已解决|"
    r"^(?:已|直接|当场|在线|即时)(?:办理|处理|回复|答复|回访|评价|反馈|解决|办|结)$|^(?:closed?|completed?|done|finished|resolved|archived|solved|answered)"
)
_UNHAPPY = re.compile(
    r"不(?:太|很|够|大)?满意|未满意|差评|dissatisfied|unsatisfied|unhappy|^差$|^很差$|^非常差$|^poor$|^bad$"
)
_HAPPY = re.compile(r"满意|好评|satisfied|happy|^好$|^很好$|^优$|^good$|^excellent$")


def word_of(fact: str, told: str) -> str:
    """Our code for a word of this fact; empty when it is not clear."""
    plain = _plain(told)
    ours = next((code for code, word in OURS[fact].items() if plain in (code, _plain(word))), "")
    return ours or _KNOWN[fact].get(plain, "")


def end_of(told: str) -> str:
    """How another system's word says that a matter stands: closed, declined, void, open, or empty when it is not clear."""
    plain = _plain(told)
    if plain in _ENDED:
        return _ENDED[plain]
    if _NOT_YET.search(plain):
        return "open"
    if _DONE.search(plain):
        return "closed"
    return "open" if plain in _OPEN else ""


_OPEN = frozenset(
    [
        "新建",
        "已受理",
        "受理",
        "已派单",
        "已转办",
        "已交办",
        "已签收",
        "已分派",
        "已登记",
        "办理",
        "处理",
        "交办",
        "转办",
        "派单",
        "已退单",
        "已延期",
        "挂起",
        "已挂起",
        "暂存",
        "草稿",
        "open",
        "new",
        "assigned",
        "active",
    ]
)


def rating_of(told: str) -> int | None:
    """A satisfaction as 1–5; None when it is not clear, or nobody rated."""
    plain = _plain(told)
    if exact := next((int(code) for code, word in SCALE.items() if plain == word), None):
        return exact
    if found := re.fullmatch(r"([1-5])(?:\.0)?(?:星|分|stars?)?|([1-5])/5", plain):
        return int(found[1] or found[2])
    if _UNHAPPY.search(plain):
        return 1 if re.search("非常|很不|极|very", plain) else 2
    if "未" in plain or "无" in plain or not _HAPPY.search(plain):
        return None
    return 5 if re.search("非常|十分|very|excellent", plain) else 3 if re.search("基本|较|一般|fairly", plain) else 4


def _plain(told: str) -> str:
    return "".join(plain(told).split()).lower()
