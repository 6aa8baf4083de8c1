"""Texts that are no answer: a wish to have no texts, an automatic reply, courtesy, a question, another matter.

The patterns are data, read over plain writing in small letters. What is CERTAIN needs no further look; the others give way
to an unhappy word, since an unhappy citizen must not be taken for one who only asks.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re

from classifier.text.normalise import digits
from classifier.text.patterns.late import late

_SIGNS = r"[\s,，。.!！、;；:：~～?？\"“”'‘’()（）【】\[\]…·\-_*#]"
_BARE = late(_SIGNS)

_OPT_OUT_WORDS = frozenset(
    """
    t td tdd n退订 r qx stop stopall unsubscribe cancel end quit revoke optout 退订 td退订 退订td t退订 退订t 取消 取消订阅 取消短信 取消通知
    拒收 拒收r 拒绝接收 拒绝短信 停止 停止发送 停止短信 停发 屏蔽 我要退订 申请退订 请退订 退订短信 回复td 回复t 回td 回t 退订回t 退订回td 退订请回t 退订请回复t
    回t退订 回td退订 tuiding 退定 取消退订短信 stoptexts stoptexting stoptextingme stopmessages stopmessaging stopsendingtexts pleasestop nomoretexts noTexts
    donottext donottextme dontttext donttextme removeme
""".lower().split()
)
_OPT_OUT = late(
    r"(?:请|麻烦|求求)?(?:你们|以后|今后|您)?(?:请|都)?(?:不要|别|不用|不必|勿|停止|拒绝|甭|莫|不许)(?:再|老|总|一直|老是|总是|继续)*(?:给我|向我|往我这|对我|来|跟我)?"
    r"(?:发送?|推送|骚扰|打扰)(?:我|这种|这些|此类|任何|垃圾|什么)*(?:短信|信息|消息|通知|了|给我|到我手机){0,3}(?:了|啦|吧|啊|谢谢)*"
    r"|(?:我)?(?:不想|不愿意?|不要|不需要)(?:再)?(?:收|接收|收到|看到|看)(?:你们的?|这种|这些|任何|此类|到)*(?:短信|信息|消息)(?:了|啦)?(?:谢谢)?"
    r"|(?:please)?(?:stop|quit)(?:sending|texting|messaging)(?:me)?(?:texts|messages|sms|these)*(?:please)?|(?:please)?(?:do not|dont|donot|don't)(?:text|message|contact)me(?:again|anymore)?|(?:no|stop)(?:more)?(?:messages?|texts?|sms)(?:please|thanks)?|(?:please)?remove(?:me|my(?:phone)?number)(?:fromthelist)?(?:please)?|stopit|"
    r"|(?:怎么|如何|怎样|请?帮我|请?给我|我想|麻烦)?(?:退订|取消)(?:你们的?)?(?:短信|信息|通知)?(?:提醒|通知|服务)?|(?:我)?(?:不|不再|不愿)接收(?:你们的?)?(?:短信|信息)|(?:please)?(?:stop|unsubscribe)(?:me)?(?:please)?|(?:请)?(?:拒收|拒绝|停发|屏蔽|取消)(?:你们的?|所有|这类|此类)?(?:短信|信息|消息|通知|推送)|(?:请)?勿(?:再)?(?:扰|打扰|发|发送)(?:短信|信息)?|(?:请)?(?:莫|别|不要|不用)(?:再)?(?:给我)?发了"
)
_POLITE = late(r"^(?:你好|您好|请)|(?:谢谢|感谢|麻烦了|拜托)(?:你们?|您)?$")
_OPT_IN_WORDS = frozenset(
    [
        "start",
        "unstop",
        "resume",
        "optin",
        "subscribe",
        "restart",
        "startall",
        "恢复",
        "恢复短信",
        "恢复接收",
        "恢复发送",
        "恢复订阅",
        "恢复通知",
        "订阅",
        "重新订阅",
        "继续接收",
        "继续发送",
        "继续发短信",
        "开启短信",
        "接收短信",
        "同意接收",
        "取消退订",
        "我要订阅",
        "请恢复短信",
        "可以发短信",
        "重新开通短信",
    ]
)
_OPT_IN = late(
    r"(?:yes)?(?:start|unstop|resume|subscribe|optin)(?:me|texts|messages|please)*|可以(?:再)?给我发(?:短信|信息)(?:了|吧)?|(?:start|send)(?:me)?(?:texts?|messages?|sms)(?:again)?|(?:我要|我想|请|麻烦|申请|同意|可以|要求|帮我)*(?:重新|继续|恢复)(?:给我|向我)?(?:接收|收|发送?|推送|订阅|开通|开启)?(?:你们的?|我的?)?(?:短信|信息|消息|通知|提醒)?(?:提醒|服务|功能)?(?:吧|谢谢)?"
)
_LATER = r"(?:稍后|晚点|晚些|一会儿?|待会儿?|等会儿?|等下|回头|过会儿?|随后|尽快|结束后|下班后|(?:下课|下班|会后|开完会|忙完|到家|落地|到达|停车)(?:后|再|了)?(?:回|联系|打)|请(?:先)?(?:发|留|编辑)(?:短信|信息|言|微信)|有事请?(?:联系|找|打|发)|(?:再|会|给[你您])(?:回|联系))"
_AUTOMATIC = late(
    r"^[\s【\[(（<《*]*(?:系统)?自动(?:回复|答复|应答|回覆)|自动回复[】\]:：]|(?:我|本人|机主|用户|您好|你好)?[,，。!！\s]*(?:现在|目前|暂时)?正?在?(?:开车|驾驶|驾车|开会|会议中|上课|手术|飞机上|在外地|在地铁上|手术中|值班中|出差|休假|度假|忙碌?|有事|外出|午休|睡觉|培训|考试|通话中?)"
    rf"(?:中|期间|不在)?[^?？没不]{{0,12}}{_LATER}|(?:现在|目前|暂时)?(?:不方便|无法|不便|没法|不能)(?:接听?|接打|通话|回复|看手机)[^?？]{{0,10}}{_LATER}|有事(?:请)?留言|请勿(?:直接)?回复|本(?:短信|信息|邮件)(?:由|为)系统|[本此](?:号码?|短信)(?:仅|不|只|为)[^,，。]{{0,6}}(?:接收|回复|系统|接听)|(?:in a meeting|driving)[ ,\-]+(?:will )?(?:text|call|reply)|\bon my way\b|^自动回复|^\W*(?:会议|开会|上课)中\W*$|"
    r"来电提醒|漏话提醒|来电管家|您(?:所)?拨打的|机主(?:已|正|不|暂时)|[本此](?:号码?|机|手机)已(?:停用|停机|启用|关机|换)|^【[^】]{2,12}】.*(?:验证码|退订回?t|余额|流量|话费|账单|快件|快递|包裹|取件|积分|会员|优惠|中奖|点击链接|驿站|车票|航班|还款|到账|优惠券)|^(?:尊敬的|您的?验证码|恭喜您)|^\W*https?://\S+\W*$|"
    r"\bout of (?:the )?office\b|\bauto(?:matic|mated)?[- ]?(?:reply|response|responder|message)\b|\bi(?:'m| am) (?:currently )?(?:driving|in a meeting|on (?:leave|vacation|holiday|another call)|away|unavailable|busy right now|out)\b|"
    r"\b(?:will|'ll) (?:get back to you|call you(?: back)?|reply|respond|text you)(?: \w+){0,2} (?:later|soon|shortly|when|as soon as|once|asap)\b|\bcan(?:'t|not) talk (?:right )?now\b|\bcall you (?:back )?later\b|"
    r"\b(?:missed your call|do not disturb|currently (?:away|unavailable|driving))\b|\bthis (?:mailbox|number|account) is (?:not monitored|unattended)\b|\bdo not reply to this\b"
)
_GREETING = r"(?:早|晚安|(?:新年|春节|元旦|中秋|国庆|节日|周末|新春)(?:快乐|好|愉快)|新年好|祝好|good (?:morning|evening|afternoon|night)|你好|您好|你们好|大家好|早上好|上午好|下午好|晚上好|早安|在吗|在不在|在么|有人吗|有人在吗|喂+|hi|hello|hey)"
_THANKS = (
    r"(?:(?:真的?|非常|十分|万分|特别|太|很|再次|多)?(?:谢谢|感谢|多谢|谢)(?:了|啦|啊|哦|哈)?(?:您们?|你们?|大家|各位|热线|12345|市长热线|政府|党和政府|领导|师傅们?|工作人员|同志们?|社区|物业)?(?:们)?(?:的)?"
    r"(?:关心|帮助|支持|工作|服务|付出|努力|来电|回复|回访|提醒|通知|关注|告知)?(?:了|啦|啊|哦|哈)?|(?:大家|你们|您|师傅|工作人员|领导|同志)?(?:们)?(?:都)?辛苦(?:了|啦|你们了|您了)|不客气|不用谢|没关系|"
    r"thank you|thanks|thx|many thanks|(?:thank you|thanks) (?:so |very )much|thanks a lot|you're welcome|noted|got it|received)"
)
_NODS = r"(?:(?:短信|信息|回复|消息)?收到(?:啦|了|您的短信|你们的短信|短信)?|好哒|收悉|嗯呢|okk|okay|ok(?=谢|感|多谢)|亲|来信|辛苦|ty|🤝|👋|收到|嗯+|恩+|哦+|噢+|知道了|知道啦|明白了?|了解了?|好的|好滴|好嘞|晓得了|ok(?:ay)?(?= (?:thank|thx))|已阅|已收到|再见|拜拜|👌|👍|🙏|🌹|😊|bye|roger)"
_COURTESY = late(rf"(?:{_GREETING}|{_THANKS}|{_NODS}|{_SIGNS}|[\U0001f3fb-\U0001f3ff❤😄🌺👏💐])+")
_THUMB = late(rf"(?:👍|👌|👏|{_SIGNS}|[\U0001f3fb-\U0001f3ff])+")
_PIECES = late(rf"{_GREETING}|{_THANKS}|{_NODS}|{_SIGNS}|请|啊|哦|呀|的|了")
_MOST_KEYS = 4
"""So many digits and blanks are keys pressed again; more are a number."""
_ONLY_DIGITS = late(r"\+?[\d\s\-()转]{5,30}")
_NUMBER = late(
    r"(?:工单|编号|单号|诉求|受理|no|ticket|case|#|№|号码?|编?号?[:：])*[\s:：#.]*(?<!\d)(\d(?:[ \-.]?\d){11})(?!\d)(?:[ ]?号?(?:工单|诉求|单子)?)?"
)

_WRONG = late(
    r"^(?:请问)?哪位|号码?错了|(?:这个?|此|我的?)?(?:号码?|机主|手机号?)(?:早就|已经|已)?换(?:人|主)?了|^(?:什么|啥|哪来的|哪个)(?:短信|工单)|打错电话|^(?:干嘛的|啥意思|什么意思|哪件事)|你们是什么|^这是(?:什么|啥)|我没(?:有)?(?:投诉|反映|举报|打电话)\W*$|我不是(?:本人|机主|他|她|[\u4e00-\u9fff]{2,3}$)|^我是(?:他|她|机主)的?(?:儿子|女儿|爱人|老公|老婆|家人|妈|爸)|\bdidn't call\b|(?:发|打|找|搞|弄)错(?:了|人|号|地方)|不是我(?:打|反映|投诉|报)的?|不是我(?:说的|的(?:事|手机|号|电话))|^不是我\W*$|你(?:是)?哪位|这是我?(?:[爸妈爷奶儿女老妻丈媳]\S{0,3}|别人|孩子)的?(?:手机|号|电话)|我没(?:有)?(?:投诉|反映|举报|上报)过|(?:^|我|本人|[,，。])(?:从来|根本|都|就)?没(?:有)?(?:打过|反映过|投诉过|报过|提过|打)(?:你们|什么|这个|这件|电话|热线|12345)|你们?是(?:谁|哪里|哪个|干什么)|我不认识|"
    r"我没反映过|\bwrong (?:number|person)\b|\bwho is this\b|\bwho are you\b"
)
_PROGRESS = late(
    r"有(?:没有)?(?:什么)?(?:结果|消息|回音|答复|下文|动静|进展)没(?:有)?[?？]?$|有没有(?:什么)?(?:结果|消息|下文|进展|答复)|(?:办|弄|处理)到哪|^(?:处理|办理)?(?:结果|答复|回复|进度|进展)(?:呢|怎么样|如何|出来了吗|出来没)|怎么没(?:有)?(?:答复|回复|消息|结果)|进度|进展|到哪一?步|(?:处理|办理?|弄|修|解决)(?:的|得|到)?(?:怎么样|怎样|咋样|如何|啥样)了?|怎么样了|咋样了|怎样了|(?:什么|啥)情况了?$|有(?:没有)?(?:结果|消息|回音|答复|下文|动静)(?:了)?(?:吗|没|么|没有)?[?？]?$|查(?:一下|询|下)?(?:我的)?(?:进度|结果|工单|单子)|"
    r"\b(?:status|any (?:news|update|progress)|what(?:'s| is) happening|how far)\b"
)
_URGE = late(
    r"(?:啥|什么)时候|何时|多久|几时|哪天|几点来|多会儿|多咱|几号(?:来|能|修|处理|解决)|什么时间|几天能|(?:今天|明天|后天|这周|下周|周末|今晚)(?:能|会|可以)?(?:来|修好|修|解决|弄好|处理|上门)(?:吗|么|不)|^加急|多长时间|加快(?:办理|处理|解决|进度)|催(?:办|一下|促|一催|个)?|尽快|抓紧|快点|快些|怎么还|\bhurry\b|\bhow long\b|\bwhen (?:will|are|is)\b|\bas soon as\b|\basap\b"
)
_QUESTION = late(
    r"请问|想问|问一下|咨询|在哪(?:里|儿|个窗口)?(?:可以)?(?:办|交|领|查|报|补)|(?<!说)(?<!你看)(?<!您看)(?:怎么|如何|咋)(?:补|备案|登记|报销|提取|办|领取|激活|查询|变更|转移|开通|缴费|落户|办理|申请|交|查|领|预约|报名|缴|补办)|(?:要|需要|得)(?:带|准备|交|提供)?(?:什么|哪些|啥)(?:材料|证件|手续|东西)|电话(?:号码)?(?:是)?(?:多少|几号)|"
    r"(?:几点|周几|星期几|什么时间)(?:上班|下班|开门|营业|办)|(?:该|归|由|属于|是)?(?:谁|哪个部门|哪个单位|哪里)(?:管|负责)|(?:到|找|去|该找)哪(?:里|儿|个)?(?:窗口|部门|单位|地方|科|办|交|开|领|补)|(?:周[一二三四五六日天末]|星期[一二三四五六日天]|节假日|中午|周末)(?:有人|上班|开门|办公|办理?)(?:吗|么|不)|地址(?:是)?(?:在)?哪|营业时间|办公时间|上班时间|(?:大厅|窗口|单位|部门)(?:的)?(?:地址|电话)|在哪个窗口|找谁|\b(?:where|how) (?:can|do|should) i\b|\bwhat (?:documents|papers|is the (?:number|address))\b|\bwhich (?:office|window|department)\b"
)
_ANOTHER = late(
    r"还想(?:反映|投诉|咨询|举报)|(?:还|另外|再|又)(?:想|要|得)?(?:反映|投诉|咨询|举报|说|提)(?:一次|一?个|一下|一件|点|另)?(?:别的|其他)?(?:事|问题|情况)|(?:还|另外|再|又|顺便)(?:有|想|要|说|问|反映|投诉|咨询|举报)(?:个|一个|一件|件|别的|其他|另一|一下|两个)?(?:事|问题|情况|别的)|另外(?:一?件|还有|一个|有)|(?:再|重新|新)(?:反映|投诉|咨询|举报)(?:一?个|一下|一件)|"
    r"^(?:您好|你好)?[,，。!！\s]*(?:我)?(?:想|要)(?:反映|投诉(?!你们|到底|电话)|举报|建议|咨询)|^(?:举报|建议|投诉)(?=[\u4e00-\u9fff]{4})(?!投诉你们)|新的?(?:问题|诉求|情况)(?:要|想)?(?:反映)?|\banother (?:matter|problem|issue|thing)\b|\bi (?:want|would like|'d like) to (?:report|complain)\b"
)
_PLACE = late(
    r"[路街巷镇乡村县区庄里]|小区|广场|学校|市场|医院|公园|单元|号楼|门口|桥|超市|饭店|工地|公司|\b(?:road|street|avenue|village|square|school|market)\b"
)
_ASKS = late(
    r"请(?!问)|麻烦|希望|恳请|建议|要求|派人|管一?管|管一下|怎么办|求助|来看看|处理一下|解决一下|查一下|\bplease\b"
)
LONG_ENOUGH = 14
"""A shorter text tells no matter of its own."""

CERTAIN = frozenset({"opt_out", "opt_in", "automatic", "courtesy", "digits", "wrong_person"})
WHY = {
    "empty": "no words", "opt_out": "wants no more texts", "opt_in": "wants texts again", "automatic": "an automatic reply",
    "courtesy": "courtesy alone is no rating", "digits": "a telephone or other number", "wrong_person": "says that it is not their matter",
    "progress": "asks how far it is", "urge": "asks when", "question": "a question", "matter": "another matter",
}  # fmt: skip


def kind_of(words: str) -> str:
    """What kind of a text that is no answer this is; "" when it is none."""
    bare = _BARE.sub("", words)
    politely = _POLITE.sub("", bare)
    if (
        {bare, politely} & _OPT_OUT_WORDS
        or (bare and _OPT_OUT.fullmatch(bare))
        or (politely and _OPT_OUT.fullmatch(politely))
    ):
        return "opt_out"
    if bare in _OPT_IN_WORDS or (bare and _OPT_IN.fullmatch(bare) and not re.fullmatch("继续|恢复吧|重新", bare)):
        return "opt_in"
    if _AUTOMATIC.search(words):
        return "automatic"
    if _COURTESY.fullmatch(words) and not _THUMB.fullmatch(words):
        return "courtesy"
    if _ONLY_DIGITS.fullmatch(words) and sum(map(str.isdigit, words)) > _MOST_KEYS:
        return "names_a_ticket" if named_number(words)[0] else "digits"
    return _less_certain(words)


def _less_certain(words: str) -> str:
    if _WRONG.search(words):
        return "wrong_person"
    if _ANOTHER.search(words):
        return "another"
    if _is_a_matter(words):
        return "matter"
    for kind, pattern in (("question", _QUESTION), ("progress", _PROGRESS), ("urge", _URGE)):
        if pattern.search(words):
            return kind
    return ""


def _is_a_matter(words: str) -> bool:
    """Long, names a place and asks for something: what people write who tell a matter and answer nothing."""
    return len(words) >= LONG_ENOUGH and _PLACE.search(words) is not None and _ASKS.search(words) is not None


WHY |= {"another": "names another matter", "names_a_ticket": "the text names its ticket"}


def yields(kind: str, firm: bool) -> bool:
    """Whether an unhappy word in the text outweighs this kind; a matter that is told is full of them, and yields to a verdict."""
    return firm if kind == "matter" else kind not in CERTAIN and kind not in ("another", "question")


URGES = late(
    r"催|怎么还|还没有?(?:人|来|处理|解决|修|办|动静|消息)|什么时候|啥时候|多久|尽快|抓紧|快点|快些|\b(?:hurry|how long|when will|as soon as|asap)\b"
)
"""Words that press: the unit is told, once per gap."""


def names_a_place(words: str) -> bool:
    return _PLACE.search(words) is not None


def named_number(words: str) -> tuple[str, str]:
    """(the ticket number that the text names, what else it says); ("", the text) without one."""
    found = _NUMBER.search(digits(words))
    if found is None:
        return "", words
    return re.sub(r"\D", "", found[1]), (words[: found.start()] + " " + words[found.end() :]).strip(" ,，。:：;；、")


def without_courtesy(words: str) -> str:
    """What is left of a text without greetings, thanks and signs."""
    return _PIECES.sub("", words)
