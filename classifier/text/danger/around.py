"""What stands around a matter and says nothing of it: greetings, thanks, haste, a telephone number, the place alone.

A cry is as short as it is loud; beside "你好，我想反映一下" and a number it would sound like half a cry.
"""

# ruff: noqa: E501 (a list of cue words is read as one piece)

from __future__ import annotations

from classifier.text.greetings import ANYBODY_THERE
from classifier.text.patterns.late import late

_CLAUSE = late(r"[^,。!?;:\n【】\[\]]+")
_SAYS_NOTHING = late(
    rf"(?:{ANYBODY_THERE}|喂|[您你]们?|你?好|12345|热线|同志|师傅|领导|请问|是这样的?|事情是这样|这里|吗|我们?|俺|咱|想要?|要|来|再|先|说|反映|投诉|举报|求助|报告|一下|一个|个|情况|问题|事情|的?事|麻烦|请|快|一?点|赶[紧快]|[尽马][快上]|派人|过来|看看|看一下|处理|管管|谢谢|感谢|拜托|辛苦|了|啊|呀|哎|那个|"
    r"市民|来电人?|来信|称|网友|转自|微博|抖音|安阳发布|联系人?|联系方式|电话|手机|号码|回复|我?是路过的|路过|路人|具体|不?清楚|不知道|也|[\d\-@ .()]|[王李张刘陈赵杨][先女][生士]|紧急|急|另外|还有|现在|今天|刚才|上午|下午|晚上|是|的)+"
)
_A_PLACE = late(
    r"(?:[我俺]?家?(?:住|在)?)?[一-龥A-Za-z\d]{2,20}(?:交叉口|路口|附近|门口|小区|号楼|单元|室|村|路|街|大道|对面|旁边|公园|广场|学校|医院|院|苑|园)\d*室?"
)
_HAPPENS = late("[倒躺掉摔撞困着没不血烟火刀死晕伤叫喊打爬跳坠砸卡压烧漏孩老娃了个送疼痛病吐被把说有要]|人(?!民)")
"""A clause with one of these may say more than where."""


def telling(text: str) -> list[str]:
    """The clauses of a normalised text that say something, in their order; all of them when none does."""
    clauses = [clause for found in _CLAUSE.finditer(text) if (clause := found[0].strip())]
    return [clause for clause in clauses if not _is_around(clause)] or clauses


def _is_around(clause: str) -> bool:
    return bool(_SAYS_NOTHING.fullmatch(clause) or (not _HAPPENS.search(clause) and _A_PLACE.fullmatch(clause)))
