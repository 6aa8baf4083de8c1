"""Words that make an answer unhappy, happy or doubtful: only to tell a no from what a person must read, never to find a yes."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re

from classifier.answers.yes import key_pattern
from classifier.text.patterns.late import late

_DEED = r"(?:解决|处理|办理?|修|弄|搞|整|落实|整改|改善|改|动|管|来|去|人|清|拆|装|换|通|收|退|发|赔|回|接|打|联系|见|看|用|变|效果|结果|消息|动静|反应|下文|进展|变化|改变|作为|答复|回复|停|补|报销|上门|说法|准信|影|赔|还|到账|水|电|气|暖气?|网|亮|好|完|满意|到|查|给|得到|任何)"
_UNHAPPY = late(
    rf"(?:没有?|未|并未|尚未|从未|毫无|无)(?:[^，,。.!！?？;；、没]{{0,4}}?){_DEED}|(?<![决好理结完息音果展静文])没(?:有)?(?:呢|啊|呀)?[。.!！\s]*$|^(?:都|还|根本|压根|真)?没(?:有)?(?:[,，。.!！\s]|$)|"
    r"不(?:是很|是太|太|怎么|咋|甚|够|很|大|十分|能|算|会|给|肯|愿)?(?:满意?|行|中(?!午|间)|好(?!意思|说)|亮|通|热|来|管|修|办|解决|处理|作为|负责|理|专业|合理|公[平道正]|讲|甘|达标|见|起作用|退|发|予|闻|归(?:[你我他她]|谁|这)|回|到位|合格|认可?|同意|服|彻底|及时|干净|像话|得劲|怎么样|可以|可能|对)|"
    r"(?:解决|办|修|弄|处理|满意|接受|好|打)不(?:了|好|掉|通|成)|^(?:不|否|差|烂|假的?|[0零]分|滚)[。.!！\s]*$|太?差(?:评|劲|了|得)|(?:太|很|真|非常|特别|极|更)差|差$|失望|敷衍|糊弄|忽悠|应付|骗|推诿|推脱|踢皮球|扯皮|形式主义|光说|只说|说一?套|走过场|"
    r"老样子|老问题|还是(?:那|这|原|一|老|以前|之前|不|没)|跟(?:没|以前|之前|原来)|和(?:没|以前|之前|原来)|依旧|依然|照旧|照样|仍然?|如故|又(?:坏|灭|堵|漏|停|断|不|开始|犯|响|出|黑|臭|裂|塌|倒|反|回|没|积|脏|乱)|再次|反复|反弹|复发|还在|还是|还没|"
    r"不(?:属实|符合|接受|真实)|虚假|弄虚作假|瞎(?:话|扯|说|编|弄)|扯淡|懒政|官僚|没干|冇|唔(?:满意|得)|白(?:说|打|反映|投诉|修|等|跑|搭)|没用|无用|无效|恶劣|垃圾(?:服务|热线|政府|部门)|可笑|笑话|讽刺|无语|气人|生气|愤怒|投诉(?:你们|到底)|继续投诉|要投诉|^投诉$|投诉你们|拖(?:了|着|延|再)|不管|没人|乱(?:收|停|来|搞)|更(?:糟|坏|严重|脏|乱|慢)|越来越|变本加厉|"
    r"木有|没得$|没得(?=[人管修水电])|未果|还那样|没后续|没影|没谱|没戏|没还|没填|没开工|负分|^垃圾[。.!！\s]*$|说谎|撒谎|胡说|胡扯|放屁|狗屁|^呸|么人来|石沉大海|还(?:欠|堵|臭|吵|漏|停|坏|黑)着|还那个样|拒绝办结|(?:不许|别|不能)(?:办结|结案)|重办|重新(?:办|处理)|半途而废|烂尾|撂挑子|推给|废物|没(?:本事|能力|诚意|良心)|气愤|愤慨|搞不成|管不了|都(?:快)?[\d一二两三四五六七八九十半几多]+(?:个)?(?:天|周|星期|月|年)了|换汤不换药|原地踏步|纹丝不动|推来推去|打官腔|走形式|答非所问|避重就轻|蛮横|骂人|挂(?:我|了)?电话|拖拉|效率(?:太|很)?低|寒心|心寒|气死|可气|恼火|差到|上访|找市长|曝光|纪委|光拍照|^中啥|杳无音|不了了之|遥遥无期|加重了|恶化|太慢|很慢|慢死|(?:都|已经?)?(?:等|过|拖)了?[\d一二两三四五六七八九十半几多]+(?:个)?(?:天|周|星期|月|年|小时)|坏了|塌了|(?<!不)漏了|(?<!不)堵了|断了|灭了|(?<!不)停水|(?<!不)停电|"
    r"\bnot?\b|\bnope\b|\bnever\b|\bnobody\b|\bno one\b|\bnothing\b|\bstill\b|\bworse\b|\bworst\b|\bsame as before\b|\bbad\b|\bterrible\b|\bawful\b|\buseless\b|\bunsolved\b|\bunresolved\b|\b(?:dis|un)satisfied\b|n['’]t\b|\bjoke\b|\bagain\b|\bbroken\b|\bpoor\b|\bwaste\b|\blie[sd]?\b|\bignored\b|\bfailed\b|\bunhappy\b|\bdisappoint"
)
_PLAIN_NO = late(
    r"(?:我|我们|问题|事情|事|还|根本|一直|仍然|依旧|依然|到现在|到目前|至今|压根|完全|真的|确实|都|也|并|就|结果|对结果|对处理结果|现在|非常|很|十分|特别|极其|极度|相当|这事|回复|答复|选择?)*"
    r"(?:(?:没有?|未|不)(?:得到|给|能|被|有|人)?(?:任何)?(?:解决|处理好?|满意|修好?|弄好?|办好?|落实|整改|管|来过?|联系(?:过)?我?|修过?|动过?)|不太?满意|不行|不好|差评|不满|没有|没|不是很满意|不怎么满意|[0零]分|不得劲|不中|不管用)"
    r"(?:呢|啊|呀|的|了|哦|嘛|啦)?[。.!！~～\s]*"
)
_FIRM = late(
    r"(?:没有?|未|不|尚未)[^，,。.!！?？]{0,3}(?:解决|满意|处理好|修好|弄好|办好)|(?:解决|满意)不了|老样子|又(?:坏|灭|堵|漏|停|断|犯)|差评|"
    r"\bnot (?:\w+ ){0,2}(?:solved|fixed|resolved|satisfied)|unsolved|unresolved|unsatisfied|dissatisfied"
)
_EXCUSED = late(
    r"不错|不过|不用(?:谢|客气)|不客气|不好意思|没(?:有)?(?:关系|意见)|没想到|\bno problem\b|\bno worries\b|\bnot bad\b"
)
_HAPPY = late(
    r"满意|解决[了啦]|(?:已经?|都)(?:解决|修复|恢复)|(?:修|弄|办|处理|搞|整|装|换|补|清理)好|好[了啦评]|恢复了|谢谢|感谢|多谢|点赞|(?:很|非常|挺|真|太)(?:好|棒|快|满意)|给力|五星|辛苦|"
    r"^[\s(（“\"【\[]*1(?!\d)|\bsatisfied\b|\bsolved\b|\bfixed\b|\bresolved\b|\bthank|\bgood\b|\bgreat\b|\byes\b|👍|👏"
)
_NEGATED = late(
    r"(?:没有?|未|不|唔|冇|莫|咪|难以?|别想|无法|哪里?|怎么|咋|何时|能|岂)[^，,。.!！?？;；]{0,4}(?:满意|解决了?|修好|弄好|办好|处理好|搞好|整好|装好|换好|恢复了?)|(?:解决|修好|弄好|办好|满意|处理好)不(?:了|掉|成)|(?:没有?|不)(?:太|很|怎么|是很)?好[了]?|"
    r"(?:\bnot\b|\bnever\b|n['’]t\b|\bis it\b)[^,.!?]{0,14}(?:satisfied|solved|fixed|resolved|good)|(?:dis|un)satisfied|unsolved|unresolved"
)
_WAVERS = late(
    r"[?？]|[吗么](?:[,，。.!！\s]|$)|吧|一半|半(?:天|拉|截)|部分|有的|有些|个别|基本|勉强|凑合|马马虎虎|将就|一般|还行|还可以|还好|还算|还凑|比较|暂时|目前|先(?:给|这样|看|用)|再看|观察|不能说|不是说|谈不上|不好说|说不(?:上|好|清|准|定)|([一-鿿]{1,2})(?:没|不|没有)\1|解决\W{0,2}(?:未|没)解决|时[^,，。]{1,2}时不|不知道|不清楚|谁(?:会|敢|能|还)?[不没]|还[有差剩][\d一二两三四五六七八九十几]|修了(?:[\d一两二三几]|一些)|不确定|可能|好像|似乎|应该|大概|差不多|算是|算了|"
    r"但|不过|可是|然而|就是|只是|虽然|如果|要是|假如|除非|才|不得不|只[能好]|被迫|[决好理结完]没$|呵呵|哈哈|嘿嘿|嘻嘻|呵|鬼|个屁|寂寞|就怪|谁说|说的|听说|难|太低|[\d一二三四五六七八九十]\s*(?:分|星|颗星|级)|…|\.\.|。。|都不是|不是不|没有不|没不|没(?:有|什么|啥)+(?:不|意见|可说)|"
    r"\bso[- ]so\b|\bhalf\b|\bpart(?:ly|ially)?\b|\bbut\b|\bmaybe\b|\bperhaps\b|\b(?:kind|sort) of\b|\balmost\b|\bhowever\b|\bif\b|\bmore or less\b|\bso far\b|[😂🙂🙄😒😅😤😡👎]"
)  # fmt: skip
_TWO = late(key_pattern("(?:2|二|贰|two)"))
_DIGITS = late(r"(?<!\d)[1-3]\s*(?:或者?|还是|和|、|,|/|\s)\s*[1-3](?!\d)|^[一壹][二贰](?:[三叁])?$")
_THREE = late(key_pattern("(?:3|三|叁|three)"))
_THREE_FIRST = late(r"^[\s(（“\"【\[]*(?:3|三)(?![\d一-鿿])")
PARTLY_WORDS = late(r"(?:一?部分)解决了?|(?:partly|partially) (?:solved|fixed)")


def is_happy(words: str) -> str:
    """The first happy word that nothing negates; "" without one."""
    found = _HAPPY.search(_NEGATED.sub(" ", words))
    return found[0] if found else ""


def unhappy_words(words: str) -> str:
    """The first unhappy word (the key 3 is one); "" without one."""
    found = _UNHAPPY.search(_EXCUSED.sub(" ", words)) or _THREE.search(words)
    return found[0].strip() if found else ""


def is_firm(words: str) -> bool:
    """It judges what was done, and does not only tell what is wrong somewhere."""
    return _FIRM.search(words) is not None


def wavers(words: str) -> str:
    """The first word that takes back, halves, asks or mocks; "" for a plain answer, however unhappy."""
    if _PLAIN_NO.fullmatch(words):
        return ""
    found = (
        _WAVERS.search(_EXCUSED.sub(lambda m: m[0] if m[0] == "不过" else " ", words))
        or _TWO.search(words)
        or _DIGITS.search(words)
    )
    return found[0].strip() if found else ""


def told_unhappily(words: str) -> dict[str, str]:
    """What an unhappy text says of itself: "没解决" gives no degree, "不满意" no word about solving."""
    told: dict[str, str] = {"key": "3", "solved": "no"} if _THREE.search(words) or _THREE_FIRST.search(words) else {}
    if re.search(
        r"(?:没有?|未|不|尚未)(?:[^，,。.!！满]{0,4})(?:解决|处理好|修好|弄好|办好)|解决不了|\bnot (?:\w+ ){0,2}(?:solved|fixed|resolved)|un(?:solved|resolved)",
        words,
    ):
        told["solved"] = "no"
    if found := re.search(
        r"(非常|十分|特别|极其?|极度|很|太)?不(?:太|是很|怎么)?满意?|(?:(very|extremely) )?(?:dis|un)satisfied|not (?:\w+ ){0,2}satisfied",
        words,
    ):
        told["result"] = "1" if found[1] in ("非常", "十分", "特别", "极其", "极", "极度") or found[2] else "2"
    return told
