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
    "void": "作废 已作废 无效 无效工单 无效诉求 已删除 骚扰 撤销 撤诉 撤回 撤单 取消 void invalid spam deleted cancelled canceled",
}
_ENDED = {word: code for code, told in _ENDED_AS.items() for word in told.split()}
_DECLINED = re.compile(
    r"(?:不予|不|未予|无法)(?:受理|办理|立案)(?:件|工单|告知|类)?$|^(?:不属于?|非).{0,4}(?:受理|热线|职责)范围"
)
_VOID = re.compile(
    r"^(?:已|被|由)?(?:市民|群众|诉求人|来电人|用户|本人|主动|自行|申请人)?(?:主动|自行|申请|要求)?(?:撤销|撤诉|撤回|撤单|撤件|取消)(?:诉求|工单|申请)?$|"
    r"^(?:已)?(?:作废|废除|删除|无效)(?:件|工单|诉求|电话)?$|^(?:withdrawn|cancell?ed|voided|invalid)"
)
_NUMBERED = re.compile(r"^[(（\[]?\d{1,3}[)）\]]?[-_.、:：]?(?=\D)|[-_(（\[]\d{1,3}[)）\]]?$")
"""5-已办结, 已办结(9): the code that a program puts beside its word."""
_NOT_YET = re.compile(
    r"^(?:未|待|尚未|正在|等待|需|拟|申请|预|即将|催|in|un|not|re-?open|pending|to|awaiting|waiting)|中$|重办|退回|重新|延期|"
    r"(?:未|没有?|尚待|等待|待)(?:办?结|完成|结案|归档|解决|审核|审批|回访|评价|确认|反馈|答复|回复|处理|办理|签收|核实|核查|销号)|暂缓|挂起|待[审批核]$|整改中|不通过|驳回"
)
_DONE = re.compile(
    r"办结|结案|归档|完结|完成|办毕|终结|终止|关闭|闭环|结束|完毕|了结|审结|办妥|办完|销号|消号|销案|结单|完工|已解决|"
    r"^(?:已|直接|当场|在线|即时|坐席|电话|现场|就地)?(?:直接|当场|在线|即时|现场)?(?:办理|处理|回复|答复|解答|回访|评价|反馈|解决|办|结|阅)(?:市民|群众|诉求人)?$|"
    r"^(?:closed?|completed?|done|finish(?:ed)?|resolved|archived?|solved|answered|fulfilled|end(?:ed)?)(?![a-z])"
)
_UNHAPPY = re.compile(
    r"不(?:太|很|够|大|甚|怎么)?满意|未满意|差评|dissatisfied|unsatisfied|unhappy|^(?:很|较|非常|极)?差$|^poor$|^bad$"
)
_HAPPY = re.compile(r"满意|好评|satisfied|happy|^(?:很|较|非常)?好$|^优秀?$|^good$|^excellent$")
_NOBODY = re.compile(r"未|无|默认|系统|自动|超时|免评|没|放弃|拒绝|default|auto|not|none|n/?a")
"""Nobody rated: what a system enters when a citizen says nothing is no rating."""
_MOST, _FAIRLY = (
    re.compile("非常|十分|特别|极|完全|^很|very|excellent|优"),
    re.compile("基本|较|一般|尚|还算|fairly"),
)
_STARS = re.compile(r"([★⭐]+)([☆✩]*)")
_COUNTS = {sign: n for n, sign in enumerate("一二三四五", 1)}


def word_of(fact: str, told: str) -> str:
    """Our code for a word of this fact; empty when it is not clear."""
    plain = _plain(told)
    ours = next((code for code, word in OURS[fact].items() if plain in (code, _plain(word))), "")
    return ours or _KNOWN[fact].get(plain, "")


def end_of(told: str) -> str:
    """How another system's word says that a matter stands: closed, declined, void, open, or empty when it is not clear."""
    plain = _NUMBERED.sub("", _plain(told))
    if plain in _ENDED:
        return _ENDED[plain]
    if _VOID.search(plain):
        return "void"
    if _DECLINED.search(plain):
        return "declined"
    if plain in _OPEN or _NOT_YET.search(plain):
        return "open"
    if _DONE.search(plain):
        return "closed"
    return ""


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
    if found := re.fullmatch(r"([1-5])(?:\.0)?(?:颗?星|分|stars?)?(?:好评|评价)?|([1-5])(?:\.0)?/5", plain):
        return int(found[1] or found[2])
    if found := re.fullmatch("([一二三四五])颗?(?:星|分)(?:好评|评价)?", plain):
        return _COUNTS[found[1]]
    if (stars := _STARS.fullmatch(plain)) and len(plain) <= len(_COUNTS):
        return len(stars[1])
    if _UNHAPPY.search(plain):
        return 1 if re.search("非常|很不|很差|极|十分|特别|完全|very|extremely", plain) else 2
    if _NOBODY.search(plain) or not _HAPPY.search(plain):
        return None
    return 5 if _MOST.search(plain) else 3 if _FAIRLY.search(plain) else 4


def _plain(told: str) -> str:
    return "".join(plain(told).split()).lower()
