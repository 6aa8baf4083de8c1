"""Cries that are played and not meant: exercises, films, plays, games. What really happened there is never taken for play.

A sentence is played when it speaks of the play and of nothing that a body suffers, and of nobody who is really caught. Of rooms in
which people shout for fun ("鬼屋", "KTV") and of screens it must be a complaint about the noise as well, or about what a film shows: a cry in a karaoke bar may be
a cry. Doubt ("不知道是不是演习") and denial ("不是演习") leave the sentence as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from classifier.text.patterns.late import late
from classifier.text.patterns.prefilter import Prefilter

# ruff: noqa: E501 (a list of cue words is read as one piece)

_DEED = late(
    r"演练|演习|彩排|排练|排戏|剧组|拍(?:电影|电视|戏|短剧|短视频|片子|抖音|段子|广告|[^,。]{0,5}戏)|话剧|舞台剧|小品表演|宣传片|(?:假装|模拟|扮演|装作?)(?:[^,。]{0,4})(?:歹徒|绑架|被[打困]|有人|受伤|跳楼)|drill|rehears|film(?:ing|ed) a"
)
_SCREEN = late(
    r"电影|恐怖片|战争片|警匪片|动画片?|电视剧?|短剧|(?:打|玩|手机|网络)游戏|打游戏|主播|直播间?|密室|鬼屋|剧本杀|ktv|卡拉ok|歌厅|唱k|体验馆|游乐[园场]|[部集]剧|蹦迪|酒吧|video game|movie|karaoke",
)
_SHOWN = late(r"电影|[部集]剧|[影片]片|片子|动画片?|电视剧?|短剧|游戏|movie|cartoon|video game")
_JUDGED = late(
    r"血腥|太?暴力|少儿不宜|[教带]坏|打打杀杀|分级|低俗|不适合|(?:孩子|小孩|老人)[^,。]{0,4}(?:看了|爱看|学)|换(?:点|个|成)|少放|别放|不该放|情节|桥段|剧情|频道|violent|too bloody"
)
"""What is said of a film that shows cries and blood, not of a cry."""
_NOISE = late(
    r"吵|扰民|噪[音声]|睡不|没法睡|休息|天天|每[天晚]|经常|声音太?大|声音[^,。]{0,3}一直|音响|音量|投诉|到(?:凌晨|半夜|[一二两三\d]+点)|管管|管一下|换个|建议|查处|博眼球|骗打赏|noise|loud"
)
_REALLY = late(
    r"真的?[^,。]{0,4}(?:着|起火|火|塌|摔|掉|倒|晕|昏|砍|捅|打|杀|死|伤|出事|有人|拿刀|被|跳|炸|漏)|弄假成真|假戏真做|不是(?:在)?(?:演|拍|玩|开玩笑|假|游戏)|(?:以为)[^,。]{0,4}(?:演|拍|玩|假|游戏)|不像(?:是|在)?(?:演|拍|看|玩)|(?:不知道?|不确定|分不清|听不出|拿不准)[^,。]{0,8}(?:演|拍|真|玩)|是不是(?:在|真)?(?:演|拍|真|玩)|是真是假|意外|事故|出事"
)
_SUFFERED = late(
    r"血(?!腥)|冒着?烟|浓烟|[晕昏]|(?<!哭)倒(?!计时|闭|车|卖|垃圾)|[摔砸塌踩]|压(?:住|在|着)|(?<![装演扮])(?<!模拟)伤(?!员)|断了|[抽搐]搐|吐(?!槽)|呼吸|心(?:脏|梗|跳|口)|胸|[叫喊]不[醒应]|不动|(?<!吓)(?<!烦)(?<!吵)死(?!角|活)|起不来|喘|没气|骨|烫|烧(?:到|着|伤|起来)|点着|着了|中毒|泄漏|漏气|煤气|捅|(?:没|出不|下不|逃不|跑不)[^,。]{0,2}[出下逃跑来]来?[了$,。]|没(?:跑|逃|出|下)[^,。]{0,1}来|[出下]不来|打不开|困住了?(?!电梯喊)|关住|还有[^,。]{0,8}(?:在里|没)|里面[^,。]{0,6}(?:有|还)|快[来派叫]|赶[紧快](?:来|派|叫)|1[12][09]|失联|找不到|不见了|走失|溺|落水|掉[进下到]|卡住|触电"
)
_TITLE_OR_GAME = late(
    r"《[^》\n]{1,30}》|(?:炸药|炸弹|手榴弹|地雷|原子弹|核弹|火药|毒药|敌敌畏|死神|杀手|爆炸)[^,。]{0,2}(?:牌(?!子)|口味|味儿?的?(?=[薯奶鸡鱼火辣烧面])|套餐|奶茶|炸鸡|汉堡|火锅|烧烤|鸡尾酒|香水|辣条|鸡翅|鸡排|咖啡|餐厅|面馆|理发店)|(?:杀人|枪战|砍人|自杀|跳楼|爆炸|绑架)(?:类|的)?(?:游戏|手游|剧本|桌游|小说|题材|情节|桥段|镜头|剧情)|(?:游戏|副本|网游|手游|吃鸡|王者荣耀?)(?:里[面头]?|中)[^,。]{0,6}(?:砍|杀|打|炸|捅|爆头|狙)[^,。]{0,3}死?"
)
"""A book, what is sold or played under a dreadful name, and what is done to somebody inside a game: only these words are played, not the sentence they stand in."""
_COULD_STAND = Prefilter([each.pattern for each in (_TITLE_OR_GAME, _DEED, _SCREEN)])
_SENTENCE = late(r"[^。!?;\n]+")


@lru_cache(maxsize=4)
def without(text: str) -> str:
    """The text with each title and each played sentence blanked out, every other sign where it was. text: normalised."""
    if not _COULD_STAND.possible(text):
        return text
    return _SENTENCE.sub(lambda one: _blank(one) if _is_played(one[0]) else one[0], _TITLE_OR_GAME.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_played(sentence: str) -> bool:
    staged = (
        _DEED.search(sentence)
        or (_SCREEN.search(sentence) and _NOISE.search(sentence))
        or (_SHOWN.search(sentence) and _JUDGED.search(sentence))
    )
    return bool(staged) and not _REALLY.search(sentence) and not _SUFFERED.search(sentence)
