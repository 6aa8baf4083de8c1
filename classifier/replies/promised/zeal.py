"""Praise of one's own zeal: attention, meetings, principles, intentions and courtesies, and no fact of this matter between them.

Long and polite as it is, it tells the citizen nothing; its length and its forms mislead whoever learns from replies.
"""

import re

from classifier.text.patterns.late import late

_ZEAL = late(
    r"(?:高度|十分|非常)重视|批示|部署|专题(?:会|研究|报告)|召开[^，。]{0,10}会|调度|专班|牵头|始终|一[贯直]|历来|坚持|以此为契机|举一反三|满意度|荣获|获评|排名|前列|好评|"
    r"努力|营造|守护|压实|责任|细化|全力以赴|倒排|感同身受|心声|宝贵|针对性|吸收采纳|积极|统筹|科学|深刻|严肃|进一步|持续|不断|力争|争取|逐步|认真|大局|理解|支持|包容|互谅|"
    r"友好协商|和谐|崇高|热忱|欢迎|感谢|祝您|尊敬|宗旨|提升|加[大强]|今后|下一步|将|表示(?:一定|歉|深表|高度|虚心|愿)|有力|紧张有序|拉网|地毯|迅速|第一时间|立即|赶赴|奔赴|"
    r"走访|踏勘|研判|共同|树立|意识|常抓不懈|事关|民生"
)
_FACT = late(
    r"\d|已(?:修|换|清|拆|退|发|支付|恢复|完|处罚|立案|关|停|办|安装)|不(?:能|予|符合|属实|存在|得)|无法|因(?!此)|由于|(?:统一|全部|集中)清理|原因|《|可以|应当|需要?|应[于在]|携带|窗口|未发现|查[明实]|规定|标准|元|万"
)
_MOSTLY, _FEWEST = 0.5, 4
"""The share of clauses that is zeal, and how many clauses there must be to speak of a share."""


def only_zeal(reply: str) -> bool:
    """Whether half and more of what a reply says is zeal, and nothing of it a fact."""
    told = [clause for clause in clauses(reply) if len(clause) > 3]
    zealous = sum(_ZEAL.search(clause) is not None for clause in told)
    return len(told) >= _FEWEST and zealous >= _MOSTLY * len(told) and _FACT.search("，".join(told)) is None


def first_zeal(reply: str) -> str:
    """The first clause of the kind, as evidence."""
    return next((clause for clause in clauses(reply) if _ZEAL.search(clause) and not _FACT.search(clause)), "")


def clauses(reply: str) -> list[str]:
    return [one.strip() for one in re.split(r"[，。；！？：,;!?:\n]", reply) if one.strip()]
