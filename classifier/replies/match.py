"""Which sentence of a reply answers which request, by the words they share and the kind of answer asked for."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from classifier.replies.requests import Ask, Request

_WORD = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z]+\d*|\d+(?:\.\d+)?")
_EMPTY = frozenset(
    [
        "您好",
        "你好",
        "问题",
        "反映",
        "情况",
        "相关",
        "有关",
        "部门",
        "领导",
        "政府",
        "我们",
        "你们",
        "他们",
        "请问",
        "咨询",
        "希望",
        "请求",
        "建议",
        "投诉",
        "举报",
        "解决",
        "处理",
        "尊敬",
        "书记",
        "市长",
        "县长",
        "谢谢",
        "感谢",
        "可以",
        "是否",
        "如何",
        "怎么",
        "什么",
        "为什",
        "么时",
        "时候",
        "现在",
        "已经",
        "没有",
        "这个",
        "一个",
        "还是",
        "进行",
        "关于",
        "网友",
        "回复",
        "答复",
        "如下",
        "工作",
        "支持",
        "理解",
        "监督",
        "一事",
        "我局",
        "我镇",
        "我办",
        "我县",
        "我市",
        "单位",
        "尽快",
        "能否",
        "能不",
        "不能",
        "多次",
        "一直",
        "要求",
        "强烈",
        "呼吁",
        "给予",
    ]
)


@dataclass(frozen=True)
class Match:
    """A request, the reply sentence that fits it best ("" if none) and how well (0 to 1)."""

    request: Request
    sentence: str
    score: float


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The character pairs and tokens that carry matter; words every letter to an office uses are left out."""
    found: set[str] = set()
    for run in _WORD.findall(text):
        if "\u4e00" <= run[0] <= "\u9fff":
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run.lower())
    return frozenset(found - _EMPTY)


_ANSWERS: dict[Ask, re.Pattern[str]] = {
    Ask.WHEN: re.compile(
        r"\d+\s*(?:年|月|日|号|天|个?工作日|周|小时)|年底|年内|月底|上半年|下半年|季度|暂无|暂未|目前|即日|届时|日前|之前|以后"
    ),
    Ask.HOW_MUCH: re.compile(
        r"\d+(?:\.\d+)?\s*(?:元|万|%|％|‰|倍|平方|个月|人|台|亩|公里)|[一二三四五六七八九十百]+[元倍]|标准|免费|不收|百分之"
    ),
    Ask.WHERE_WHO: re.compile(
        r"窗口|大厅|地址|路|号|楼|电话|\d{7,}|社区|派出所|中心|街道|负责|主管|由.{2,16}(?:局|公司|政府|部门)"
    ),
    Ask.HOW: re.compile(
        r"材料|证明|身份证|户口|申请|流程|程序|手续|办理|窗口|携带|提交|登记|填写|凭|持|条件|符合|步骤"
    ),
    Ask.WHY: re.compile(r"因|由于|原因|所以|根据|按照|规定|故|导致|为了|依据|影响"),
    Ask.WHETHER: re.compile(
        r"可以|不能|不可|能够|可|不予|无需|需要|不需|应当|符合|属于|不属|没有|未|暂无|已|不存在|不得|享受|允许|是"
    ),
    Ask.DO: re.compile(
        r"已|正在|计划|预计|将于|纳入|列入|责令|整改|完成|安排|修复|拆除|清理|发放|无法|不具备|不符合|不予|同意|暂"
    ),
    Ask.CHECK: re.compile(
        r"经.{0,8}(?:查|核|了解|调)|据查|属实|不实|未发现|发现|责令|立案|处罚|整改|约谈|现场|检查|属于|不存在|没有"
    ),
    Ask.SUGGEST: re.compile(r"采纳|纳入|列入|考虑|规划|计划|已|因|由于|不具备|方案|论证|研究|实施|目前|暂"),
    Ask.OTHER: re.compile(r"已|因|由于|根据|按照|可以|不能|经.{0,6}(?:查|核|了解)|计划|目前"),
}


def fits(ask: Ask, sentence: str) -> bool:
    """Whether a sentence has the form of an answer to this kind of question (a date for "when", …)."""
    return bool(_ANSWERS[ask].search(sentence))


def closeness(request: Request, sentence: str) -> float:
    """0 to 1: shared matter, worth more when the sentence also has the form of the answer asked for."""
    asked, said = content(request.text), content(sentence)
    if not asked or not said:
        return 0.0
    shared = len(asked & said) / math.sqrt(min(len(asked), 24) * min(len(said), 48))
    return min(1.0, shared) * (1.0 if fits(request.ask, sentence) else 0.5)


def match_requests(requests: tuple[Request, ...], sentences: tuple[str, ...]) -> tuple[Match, ...]:
    """For each request the best sentence of the (stripped) reply."""
    matches: list[Match] = []
    for request in requests:
        scored = [(closeness(request, sentence), sentence) for sentence in sentences]
        score, best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
        matches.append(Match(request, best if score > 0 else "", round(score, 3)))
    return tuple(matches)
