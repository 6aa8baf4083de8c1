"""Plans that hang on a condition and name no day ("已列入计划，待资金到位后实施"): nobody can be held to them."""

import re
from collections.abc import Sequence
from datetime import date

from classifier.replies.promised.promises import dated_promises

_HANGS = re.compile(
    r"(?:待|等|俟)(?!遇|业|定|命|候|级|同|效|在|人|办)[^，。；]{1,34}?(?:后|之后|以后|时|再(?=[行予作]?\w)|到位|成熟|落实|具备|允许|批复|下达|确定|完成|通过)|"
    r"(?:资金|经费|条件|时机|手续|政策|规划|财力|土地|征迁|拆迁|立项|审批|批复|计划)[^，。；]{0,8}(?:到位|成熟|落实|具备|允许|许可|完善|批复|明确|调整|完成|下达|通过)(?:后|以后|之后|时|的情况下|的前提下|，?再)|"
    r"(?:条件|财力|资金)(?:成熟|允许|许可|具备)|适时|择机|酌情|视情|视[^，。；]{1,10}情况|时机(?:成熟|合适)|根据[^，。；]{1,14}(?:情况|安排)[^，。；]{0,6}(?:逐步|适时|择机|统筹|再)"
)
_PUT_OFF = re.compile(
    r"(?:列入|纳入|列为|报送|上报|申报|呈报|汇报|报告|申请|争取)[^，。；]{0,24}|予以考虑|统筹考虑|一并考虑|充分考虑|综合考虑|正在(?:研究|论证|协调|争取|对接|谋划)|研究论证|逐步(?:实施|解决|推进)|加快推进|积极争取"
)
_DEED = (
    r"已[^，。；]{0,8}(?:修复|恢复|修好|抢修|更换|换新|清[理运除]|完工|竣工|通[水电气车]|到账|发放|拆除)|"
    r"(?:更换|修复|修好|抢修|恢复|清[理运除]|疏通|拆除|填[补平]|加固|补发|退[还款]|罚款)(?:了|完毕|完成|到位(?=[，。；]))|"
    r"(?:路?灯|水|电|气|暖|信号|网络)(?:已经?|都|均)(?:亮|通|热|来|正常)"
)
"""What was done, with and without "已": nothing that is to be done besides takes it back."""
_TOLD = re.compile(
    rf"{_DEED}|"
    r"已(?:于|经|全部|[将对向](?![^，。]{0,16}(?:列入|纳入|列为|上报|申报|汇报|报告|请示|衔接|记录))|组织|安排|派|更换|修|拆|清|完成|恢复|发放|支付|退|处罚|责令|立案|解决|整改|办理|办结|联系|告知|疏通|关停|约谈|停)|"
    r"\d+(?:\.\d+)?\s*(?:元|万|亿|%|平方|米|公里|人|户|盏|处|台|个)|《[^》]+》|第[一二三四五六七八九十百\d]+条|经[^，。]{0,10}(?:查|核|了解|调|检测|鉴定)|不属实|属实|因(?!此)|由于|无法|不能|不予|不符合|可以|应当|需要?(?:提供|携带)"
)


_DONE = re.compile(
    rf"{_DEED}|"
    r"已(?:于|经|全部|将(?![^，。]{0,16}(?:列入|纳入|列为|上报|申报|报))|(?:组织|安排|派)(?![^，。；]{0,10}(?:核[查实]|查[看勘]|调查|了解|[勘踏]查|走访|现场))|更换|修|拆|清|完成|恢复|发放|支付|退|处罚|责令|立案|解决|整改|办理|办结|疏通|关停|约谈|停)|\d+(?:\.\d+)?\s*(?:元|万|亿)|"
    r"《[^》]+》|第[一二三四五六七八九十百\d]+条|无法|不能|不予|不符合|不具备|可以|应当|需要?(?:提供|携带)|不属实|未发现"
)

MOST = 60
"""Letters beside the hanging plan; a longer reply tells enough for a person to judge."""


def hangs(sentence: str) -> bool:
    """Whether a sentence makes what is to be done wait for something, without a day."""
    return bool(_HANGS.search(sentence)) and not _has_day(sentence)


def only_open_ended(sentences: Sequence[str]) -> bool:
    """Whether a plan that hangs on a condition is all a reply has: no day, nothing done, ruled or refused."""
    rest = _beside(sentences)
    return rest is not None and not _TOLD.search(rest) and len(_PUT_OFF.sub("", rest)) <= MOST


def found_and_open_ended(sentences: Sequence[str]) -> bool:
    """Whether a short reply tells what was found, and then only a plan that hangs on a condition."""
    rest = _beside(sentences)
    return rest is not None and not _DONE.search(rest) and len(_PUT_OFF.sub("", rest)) <= MOST


def _beside(sentences: Sequence[str]) -> str | None:
    """What a reply says beside its hanging plan; None when it has none, or names a day."""
    if not any(_HANGS.search(sentence) for sentence in sentences) or any(_has_day(sentence) for sentence in sentences):
        return None
    return "".join(_HANGS.sub("", sentence) for sentence in sentences)


def _has_day(sentence: str) -> bool:
    return bool(dated_promises(sentence, _ANY_DAY)) or bool(_PERIOD.search(sentence))


_ANY_DAY = date(2026, 1, 1)
_PERIOD = re.compile(
    r"\d{1,2}月(?:底|份|中旬|上旬|下旬|\d{1,2}日)?[^，。]{0,6}(?:前|开工|动工|完工|启动|实施)|(?:今|明|本|当)年[^，。]{0,10}(?:完成|完工|开工|动工|建成|启动|前)|\d+(?:天|日|个月|个工作日|周)内|年底|年内|季度"
)
