"""What can be seen in a reply by reading it against the request: signs of an answer, signs of its absence."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from classifier.replies.boilerplate import Kind, Stripped, strip_reply
from classifier.replies.match import Match, content, fits, match_requests
from classifier.replies.requests import Ask, Request, find_requests
from classifier.text.patterns.late import late


class Sign(StrEnum):
    """Something a reviewer looks for in one sentence of a reply."""

    FINDING = "finding"
    ACTION = "action"
    UNDER_WAY = "under_way"
    PLAN = "plan"
    PROMISE = "promise"
    REASON = "reason"
    BASIS = "basis"
    NAMED_BASIS = "named_basis"
    AMOUNT = "amount"
    DATE = "date"
    WHO = "who"
    CONTACT = "contact"
    ELSEWHERE = "elsewhere"
    ASK_MORE = "ask_more"
    NOT_OURS = "not_ours"
    COURT = "court"
    NO = "no"
    YES = "yes"
    PROCEDURE = "procedure"
    ENUMERATION = "enumeration"
    DEFINITION = "definition"
    ALREADY = "already"
    VAGUE = "vague"
    MAYBE = "maybe"
    STUDYING = "studying"
    LINK = "link"


_UNIT = r"(?:局|镇|乡|街道|办事处|大队|支队|中队|公司|社区|村委会?|村支两委|中心|政府|委员会|学校|医院|派出所|物业|开发商|[处办科股]室?)"
_LATER = (
    r"(?:进一步|加强|加大|尽快|积极|继续|持续|认真|适时|充分|督促|着重|会|逐步|努力|严格|"
    r"按照|依法|全力|及时|一如既往|不断|严厉|密切|协调|协同|研究|与|组织|对|根据)"
)

SIGNS: dict[Sign, re.Pattern[str]] = {
    Sign.FINDING: late(
        r"(?:经|据)[^，。]{0,14}?(?:查|核|了解|调|反馈|勘|检测|监测|鉴定|测量|审|询)|属实|不实|未发现|[^未没]发现|现场(?:检查|查看|勘查|核实|踏勘|查勘)|"
        r"(?:检查|调查|核查|核实|监测|检测)(?:中|后|结果|情况|发现)|情况(?:为|是)|(?:并)?(?:不存在|无此|没有此)"
    ),
    Sign.ACTION: late(
        r"已[^，。]{0,26}?(?:完|拆|修|清|整|处罚|责令|采纳|下达|安装|恢复|解决|到位|安排|组织|启动|开通|通车|硬化|更换|停|关|联系|沟通|协调|"
        r"纳入|列入|立案|移送|受理|发放|退|缴|报|上门|约谈|告知|要求|督促|责成|制定|出台|进行|实施|开展|建成|取缔|查|申请|劝|办|通知|投入|同意|批准|审核)|"
        r"责令|下达[^，。]{0,12}(?:通知|决定)|罚款|约谈|立案|(?:进行|予以|作出)了|整改(?:到位|完毕|通知)|退还|取缔|查封|拆除|处以|"
        r"(?:完成|修复|解决|清理|更换|安装|恢复|增加|增设|缴清|发放|组织|召开|协商|安排|走访|约见|批评|教育|查看)(?:了|完毕|到位)|(?:对|向)[^，。]{2,30}进行了"
    ),
    Sign.UNDER_WAY: late(
        r"正在|即将|正(?:加紧|抓紧|积极|在)|目前[^，。]{0,16}(?:施工|建设|办理|进行|推进|筹备|实施|审批|阶段)|进入[^，。]{0,12}阶段"
    ),
    Sign.PLAN: late(
        r"计划|预计|拟(?!人)|纳入|列入|力争|定于|将于|规划(?:为|中|建设|已|了)|方案|招标|立项|设计|选址|分[三二四两]?(?:期|批|步|阶段)|试点|报(?:请|送|批|告)|"
        r"(?:年底|年内|月底|季度|半年|月份)[^，。]{0,10}(?:前|完|开|启动|实施|竣工|通车|投入)|届时|下一批|第[一二三]期"
    ),
    Sign.PROMISE: late(
        rf"(?:将|会){_LATER}|争取|尽快|早日|下一步|下步|今后|我们将|我局将|我镇将|进一步|适时|后续|逐步"
    ),
    Sign.STUDYING: late(
        r"研究(?:讨论|论证|制定|中|解决)?|论证|协商|正在(?:处理|核查|调查|核实|协调|办理|研究|衔接|抓紧|与)|抓紧|调度|商量|正在[^，。]{0,10}(?:协商|衔接|沟通)|向[^，。]{2,20}(?:汇报|反映|反馈)|衔接"
    ),
    Sign.REASON: late(
        r"因(?!此)|由于|因为|导致|原因|受[^，。]{1,30}影响|不符合|不具备|无法|暂(?:无|未|不|时)|尚未|没有[^，。]{0,12}(?:计划|权|条件)|为了|不宜|不适合|限制|困难|故"
    ),
    Sign.BASIS: late(
        r"《|根据|依据|按照|依照|第[一二三四五六七八九十百\d]+[条款项]|规定|政策|法规|条例|文件|办法|标准|[〔\[［（(]\d{4}[〕\]］）)]"
    ),
    Sign.NAMED_BASIS: late(
        r"《[^》]{3,60}》|第[一二三四五六七八九十百\d]+条|[〔\[［（(]\d{4}[〕\]］）)]\s*\d+\s*号|政府发文"
    ),
    Sign.AMOUNT: late(
        r"\d+(?:\.\d+)?\s*(?:元|万|亿|%|％|‰|平方|㎡|个|年(?!\d)|天|日内|小时|人|户|倍|公里|千米|米|台|亩|周|辆|处|家|套|分(?!局|公司|管)|岁|吨|次|条(?!例)|座|盏|名|间|栋|期|所|级)"
    ),
    Sign.DATE: late(
        r"\d{1,2}\s*月|\d{4}\s*年|年底|月底|上半年|下半年|年内|季度|[本今明]年|近期|日前|[一二三四五六七八九十]+月|工作日|今天|昨日|上午|下午"
    ),
    Sign.WHO: late(rf"[^，。\s]{{1,14}}{_UNIT}|工作人员|执法人员|负责人|施工单位|责任单位|技术人员|民警"),
    Sign.CONTACT: late(r"电话|\d{3,4}\s*[-—－]?\s*\d{7,8}|0{7,}|热线|联系人|联系方式|1[23]\d{3}(?!\d)"),
    Sign.ELSEWHERE: late(
        r"(?:请|建议|可(?:以|直接|到|向|拨|致)?|需|详情|具体|应|宜)[^，。]{0,16}?(?:咨询|致电|拨打|前往|联系|到|向|与|去|找)[^，。]{0,34}?(?:咨询|反映|了解|联系|申诉|投诉|举报|反馈|查询|办理|申请|电话|解决|协调|处理)"
    ),
    Sign.ASK_MORE: late(
        r"(?:未|没有?|请)(?:您|你)?[^，。]{0,8}(?:提供|说明|留下|留|补充|完善|表述|写明|告知|注明|阐明)|(?:内容|信息|地点|地址|描述|情况|反映)[^，。]{0,14}(?:不够|过于|不足|不详|不清|笼统|不明|不完整)|"
        r"无法(?:与您|与你|核实|查实|核查|调查|取得|联系|着手|确定|代为|准确|判断|回复|查证|处理)|(?:请|望)[^，。]{0,6}(?:与我|来我|到我|和我|尽快与|及时与)[^，。]{0,16}(?:联系|反映|沟通|对接)|进一步(?:提供|完善|说明|核实|沟通)"
    ),
    Sign.NOT_OURS: late(
        r"不(?:属于?|在|归|是)[^，。]{0,22}(?:管辖|职责|职能|范围|受理|权限|管理|职权|辖区|主管)|无权|非我|不归"
    ),
    Sign.COURT: late(r"(?:司法|法律|诉讼|仲裁|行政复议)(?:途径|程序|渠道|手段)|诉讼|仲裁|起诉|人民法院"),
    Sign.NO: late(
        r"不能|不可|不予|无需|不需|暂无|暂不|暂未|尚未|没有|不享受|不存在|不具备|不符合|不属于|不得|不再|无法|不在|不宜|不是|未列入|未纳入|不允许|并非|不会|不受|无[^法论限需须]"
    ),
    Sign.YES: late(
        r"可以|能够|可(?:持|凭|在|到|按|享|向|申|携)|符合|需要|应当|应(?:由|按|在)|享受|须|需(?:提供|携|持|到|由|经|在|满)|同意|允许|属于|即可|方可"
    ),
    Sign.PROCEDURE: late(
        r"材料|证明|身份证|户口[簿本]|申请(?:表|书|人)|流程|程序|手续|窗口|携带|登记|填写|资料|复印件|原件|凭|审批|初审|公示|提交|受理"
    ),
    Sign.ENUMERATION: late(
        r"(?:^|[：:。；;\s])\s*(?:[（(]?[一二三四五六1-9][)）、.．]|第[一二三四][，,、]|首先|其次|①|②)"
    ),
    Sign.DEFINITION: late(
        r"是指|包括|分为|其中|即[^将使可日]|系[^统列数]|位于|属于|实行|采取|执行|规模|总投资|全长|面积"
    ),
    Sign.ALREADY: late(
        r"(?:已|已经|曾|此前)[^，。]{0,12}(?:作出|做出|进行|给予)?(?:了)?(?:回复|答复|回帖)|回复链接|详见|相同问题|重复"
    ),
    Sign.VAGUE: late(r"重视|认真|加强|加大|力度|协调|督促|推进|积极|努力|保障|确保|完善|提高|提升|优化|严格"),
    Sign.MAYBE: late(
        r"可能|大概|也许|估计|(?:以|看)[^，。]{2,20}(?:为准|规定|而定)|视[^，。]{1,16}(?:情况|而定)|取决于"
    ),
    Sign.LINK: late(r"https?://|网址|网站|官网|公众号|app|APP"),
}
_HARD = (
    Sign.FINDING,
    Sign.ACTION,
    Sign.PLAN,
    Sign.REASON,
    Sign.NAMED_BASIS,
    Sign.AMOUNT,
    Sign.NO,
    Sign.YES,
    Sign.PROCEDURE,
    Sign.DEFINITION,
)
_SOFT = (Sign.PROMISE, Sign.ELSEWHERE, Sign.ASK_MORE, Sign.ALREADY, Sign.STUDYING, Sign.NOT_OURS)


@dataclass(frozen=True)
class Reading:
    """A request and a reply, read: everything the judge and its explanations look at."""

    message: str
    subject: str
    stripped: Stripped
    requests: tuple[Request, ...]
    matches: tuple[Match, ...]
    signs: tuple[frozenset[Sign], ...]

    @property
    def main(self) -> Request:
        """What the caller came for."""
        return next(request for request in self.requests if request.main)

    @cached_property
    def numbers(self) -> dict[str, float]:
        """`features` of this reading, worked out once."""
        return features(self)

    def count(self, sign: Sign) -> int:
        """How many real sentences show this sign."""
        return sum(sign in found for found in self.signs)

    def first(self, *signs: Sign) -> str:
        """The first real sentence showing one of these signs, or ""."""
        for sentence, found in zip(self.stripped.sentences, self.signs, strict=True):
            if found.intersection(signs):
                return sentence
        return ""


def signs_of(sentence: str) -> frozenset[Sign]:
    """All signs in one sentence."""
    return frozenset(sign for sign, pattern in SIGNS.items() if pattern.search(sentence))


def subject_and_body(message: str) -> tuple[str, str]:
    """A message whose first line is short is taken as subject and body."""
    first, _, rest = message.partition("\n")
    return (first.strip(), rest.strip()) if rest.strip() and len(first) <= 60 else ("", message)


def read(message: str, reply: str) -> Reading:
    """Read a reply against a message (subject, line break, body)."""
    subject, body = subject_and_body(message)
    stripped = strip_reply(reply)
    requests = find_requests(body, subject)
    return Reading(
        message,
        subject,
        stripped,
        requests,
        match_requests(requests, stripped.sentences),
        tuple(signs_of(sentence) for sentence in stripped.sentences),
    )


def features(reading: Reading) -> dict[str, float]:
    """Named numbers for the models; every one can be read off the page by a person."""
    return {**_shape(reading), **_sign_counts(reading), **_substance(reading), **_coverage(reading), **_fit(reading)}


def _shape(reading: Reading) -> dict[str, float]:
    stripped, text = reading.stripped, reading.stripped.text
    kinds = {f"kind_{kind.value}": float(stripped.has(kind)) for kind in Kind}
    return kinds | {
        "log_real": math.log1p(len(text)),
        "log_whole": math.log1p(len(stripped.whole)),
        "real_share": len(text) / max(len(stripped.whole), 1),
        "sentences": math.log1p(len(stripped.sentences)),
        "parts": float(min(stripped.parts, 3)),
        "forwarded": float(stripped.forwarded),
        "digits": math.log1p(sum(letter.isdigit() for letter in text)),
        "log_message": math.log1p(len(reading.message)),
        "nothing": float(len(text) < 12),
    }


def _sign_counts(reading: Reading) -> dict[str, float]:
    whole = reading.stripped.text + "".join(reading.stripped.contacts)
    total = max(len(reading.signs), 1)
    counts: dict[str, float] = {}
    for sign, pattern in SIGNS.items():
        found = reading.count(sign)
        counts[f"any_{sign.value}"] = float(bool(found) or bool(pattern.search(whole)))
        counts[f"log_{sign.value}"] = math.log1p(found)
        counts[f"share_{sign.value}"] = found / total
    return counts


def _substance(reading: Reading) -> dict[str, float]:
    """How much of the reply says something hard, and how much only hopes, sends on or asks back."""
    hard = soft = empty = 0
    for sentence, found in zip(reading.stripped.sentences, reading.signs, strict=True):
        size = len(sentence)
        hard_signs, soft_signs = len(found.intersection(_HARD)), len(found.intersection(_SOFT))
        hard += size if hard_signs > soft_signs else 0
        soft += size if soft_signs and soft_signs >= hard_signs else 0
        empty += size if not hard_signs and not soft_signs else 0
    total = max(hard + soft + empty, 1)
    kinds = frozenset(sign for found in reading.signs for sign in found)
    last = reading.signs[-1] if reading.signs else frozenset[Sign]()
    return {
        "log_hard": math.log1p(hard),
        "hard_share": hard / total,
        "soft_share": soft / total,
        "hard_kinds": float(len(kinds.intersection(_HARD))),
        "soft_kinds": float(len(kinds.intersection(_SOFT))),
        "hard_minus_soft": float(len(kinds.intersection(_HARD)) - 2 * len(kinds.intersection(_SOFT))),
        "last_soft": float(bool(last.intersection(_SOFT)) and not last.intersection((Sign.ACTION, Sign.FINDING))),
        "promise_no_date": float(Sign.PROMISE in kinds and not kinds.intersection((Sign.ACTION, Sign.PLAN, Sign.DATE))),
        "elsewhere_only": float(Sign.ELSEWHERE in kinds and len(reading.stripped.text) < 90),
        "ask_more_only": float(
            Sign.ASK_MORE in kinds and len(kinds.intersection((Sign.ACTION, Sign.YES, Sign.AMOUNT))) == 0
        ),
        "rule_unnamed": float(Sign.BASIS in kinds and Sign.NAMED_BASIS not in kinds),
        "pending": float(Sign.STUDYING in kinds and Sign.ACTION not in kinds),
        "answerish": float(len(kinds.intersection((Sign.NO, Sign.YES, Sign.AMOUNT, Sign.FINDING, Sign.ACTION)))),
    }


def _coverage(reading: Reading) -> dict[str, float]:
    scores = [match.score for match in reading.matches]
    main = max((m.score for m in reading.matches if m.request.main), default=0.0)
    asked, said = content(reading.message), content(reading.stripped.text)
    new = len(said - asked)
    return {
        "main_score": main,
        "mean_score": sum(scores) / max(len(scores), 1),
        "worst_score": min(scores, default=0.0),
        "uncovered": float(sum(score < 0.08 for score in scores)),
        "uncovered_share": sum(score < 0.08 for score in scores) / max(len(scores), 1),
        "requests": math.log1p(len(scores)),
        "shared": len(asked & said) / max(len(said), 1),
        "subject_shared": len(content(reading.main.text) & said) / max(len(content(reading.main.text)), 1),
        "new": math.log1p(new),
    }


_QUESTIONS = (Ask.WHEN, Ask.HOW_MUCH, Ask.HOW, Ask.WHERE_WHO, Ask.WHY, Ask.WHETHER)


def _fit(reading: Reading) -> dict[str, float]:
    """Whether the main request gets the form of answer it waits for."""
    main = reading.main
    sentences = reading.stripped.sentences
    fitting = sum(fits(main.ask, sentence) for sentence in sentences)
    question = main.ask in _QUESTIONS or bool(re.search(r"咨询|请问|[?？]|吗", reading.subject))
    done = reading.count(Sign.ACTION) + reading.count(Sign.FINDING) > 0
    ruled = reading.count(Sign.BASIS) + reading.count(Sign.PROCEDURE) + reading.count(Sign.YES) + reading.count(Sign.NO)
    asks: Mapping[str, float] = {f"ask_{ask.value}": float(main.ask is ask) for ask in Ask}
    return dict(asks) | {
        "fitting": math.log1p(fitting),
        "unfit": float(fitting == 0),
        "question": float(question),
        "question_ruled": float(question) * math.log1p(ruled),
        "demand_done": float(not question) * float(done),
        "demand_undone": float(not question) * float(not done),
        "demand_soft": float(not question)
        * float(reading.count(Sign.PROMISE) + reading.count(Sign.STUDYING) > 0 and not done),
        "question_length": float(question) * math.log1p(len(reading.stripped.text)),
    }
