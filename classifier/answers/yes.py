"""The words of which a plain yes is made. A text is a yes only when every sign of it belongs to one of these rows.

The rows are data: each is a pattern over plain writing (`classifier.text.normalise`) in small letters. A row that is a
verdict says what it tells; the others (courtesy, praise, fillers, signs) tell nothing and may stand beside a verdict.
Mockery loves happy words that end otherwise ("满意个鬼", "解决了个寂寞", "满意了吧"), so no row ends openly: what is not
written here is left over, and what leaves anything over is no yes.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from dataclasses import dataclass

_HOW = r"(?:很|非常非常|非常|十分|特别|挺|超级?|相当|真的很|真心|百分之?百|100%)"
_WHEN = r"(?:(?:今天|昨天|前天|今早|昨晚|早|早早)就|今天|昨天|前天|今早|昨晚|上午|下午|刚才|刚刚?|现在|(?:半天|一天|不到一天|没两天|[一两三几半\d]个?(?:小时|钟头)|十?几分钟|当场|当天|很快|[一两二三]天|第二天|没几天|没多久)就|当天|很快|及时|顺利|圆满|彻底|完全|全部|全都|全|都|终于|总算|已经?|给|也)"
_WHOSE = r"(?:我们?家|我们?|咱们?|小区|我们小区|家里|家门口|门口|楼下|楼道|单元|路口|学校)"
_HOME = r"(?:我们?家|家里|我?们?小区|咱们小区|学校)"
"""Where water, power and heat are wanted; water on the stairs is a complaint."""
_WHAT = (
    r"(?:[一两二三四五六七八九十几\d]{1,2}(?:盏|个|处|棵|台|部|条|块|根))?(?:都)?(?:我?反映的|投诉的|这个?|那个?)?(?:问题|事情|事儿|事|情况|诉求|路灯|楼道灯|灯|电梯|自来水|水|电|暖气|燃气|天然气|气|网络|网|路面|路|坑|"
    r"井盖|下水道|下水|管道|水管|马桶|垃圾桶?|污水|噪音|噪声|油烟|树枝|树|墙|门|钱|退款|工资|押金|补贴|定金|费用|证件?|手续|卡|信号|监控|红绿灯|信号灯|"
    r"宽带|门禁|电压|水质|网速|公交车?|户口|社保|医保|低保|房产证|学籍|消防栓|减速带|路障|广告牌|招牌|线路|线缆|杆子|垃圾箱|公?厕所?|化粪池|围墙|护坡|桥|河道|水渠|机井|阀门|水表|电表|气表|新井盖|孩子(?:上学|入学|转学)|水龙头|暖气片|空调|卫生|渣土|建筑垃圾|围挡|摄像头|供暖|供水|供电|供气|快递|包裹|营业执照|残疾证|居住证|路牙石?|台阶|扶手|窗户|纱窗|玻璃|屋面|外墙|雨棚|车棚|健身器材|凉亭|座椅|喷泉|球场|热水器|锅炉|水泵|变压器|电缆|光缆|闸门|道闸|门锁|锁|护栏|电线|屋顶|楼顶|停?车位|热水|楼梯|栏杆|地面|天花板|路牌|站牌|标线|斑马线|水压|充电桩|漏水|积水|异味|堵塞)(?:的?问题|的?事情?)?"
)
_BY = r"(?:(?:维修|物业|自来水公司|供电局?|供电公司|热力公司|燃气公司|环卫|市政|社区|政府|城管|村里|街道)?(?:的)?(?:师傅|工人|工作人员|人员|同志|他们)(?:们)?(?:今天|昨天|上午|下午|当天)?(?:上门|过来|来)?|(?:物业|社区|他们|供电局|供电公司|自来水公司|热力公司|燃气公司|街道办?|居委会|村委会|村里|城管|交警|环卫|市政|路灯所|派出所|学校|政府)(?:派人)?(?:帮忙)?(?:上门|过来|来)?)"
_MADE = r"(?:修剪?|修理|维修|弄|办理?|搞|处理|解决|整|安?装|补|更?换|铺|接|清理?|清运|打扫|疏通|协调|调|填平?|修平|整理|摆|粉刷|改|划|画|砌|刷|焊|挪|拖|修复|恢复)"
_OVER = r"(?:了|啦|咯|喽|嘞|哩|咧|咗|嘍)"
_DONE = (
    rf"(?:{_MADE}(?:好|完|妥当?){_OVER}|(?:解决|修复|恢复|疏通|修剪|清走|清运走|移走|移开|挪走|挪开|拖走|扶正|恢复|拉走|拆除|拆掉|补上|装上|换上|盖上|填上|落实|办成|办下来|换新(?:的)?|换成新的|装上|能用|能正常使用|可以用|正常运行|正常使用|批下来|弄利索|弄利落|填平|要回来|退还|退回|返还|搞定|搞掂|妥|整改到位){_OVER}|"
    rf"(?:清理|打扫|收拾|清扫)干净{_OVER}|搞[定掂]晒?|完美解决{_OVER}?|圆满解决{_OVER}?|得到{_OVER}?(?:圆满|妥善|及时|彻底)?(?:的)?解决{_OVER}?|"
    rf"(?:处理|清理|维修|整改|施工|更换|疏通|修复)完毕{_OVER}?|(?:完全|彻底|全部|圆满)解决{_OVER}?|通上(?:水|电|气|暖气|网){_OVER}|恢复(?:正常|用电|用水|用气|运行|营业|供水|供电|供暖|供气|通车|通行|照明){_OVER}?|正常{_OVER})"
)
_ALREADY = rf"(?:已经?|都已经?|全部|全都|均已?)(?:妥善|圆满|全部|及时|顺利)?(?:通[水电气暖车网]|供[水电暖气]|退款|退费|安装|补发|补齐|发放|支付|赔偿|赔付|结清|付清|领到|拿到|报销|入学|录取|开通|接通|修剪|清除|取缔|关停|换新|{_MADE}(?:好|完|妥当?)|解决|修复|恢复|疏通|拆除|清运|办妥|到账|整改到位|搞定|处理|办结|整改|维修|更换|清理|疏通|退还|返还)(?:完毕)?{_OVER}?"
_STATE = (
    rf"(?:(?:水|电|气|网|暖气|热水)(?:已经?|都)?来{_OVER}|(?:来|有)(?:水|气|暖气|热水|网){_OVER}|有电{_OVER}|(?:燃气|天然气|网络?|自来水|暖气|热水|水|电)(?:也|都|已经)?(?:有|通|来){_OVER}|通(?:水|电|气|车|网|暖){_OVER}|"
    rf"(?:[一两二三四五几\d]盏)?(?:路灯|楼道灯|灯)(?:已经?|都|全)?亮{_OVER}|(?:路|下水道|下水|管道|马桶|水管)(?:已经?|都)?通{_OVER}|(?:暖气|家里|屋里)(?:已经?|都)?(?:热|暖和){_OVER}|"
    rf"(?:钱|工资|工钱|欠薪|退款|押金|补贴|补偿款|血汗钱|会员费|补课费|老人补贴|拖欠的工资|定金|费用|房租|学费|欠款|货款|医药费|医保|医疗费)(?:已经?|都|也|全)?(?:退给我们?|还|给|结|结清|付清|报销|补齐|补发|到手|到|到账|发|退|退回来|拿到|收到|要回来){_OVER}|"
    rf"(?:证|证件|户口|身份证|低保|社保|医保|手续|房产证|居住证)(?:已经?|都)?(?:办下来|办好|办成|拿到|批|批下来|报销){_OVER}|(?:树枝?|杂草|积雪|垃圾|淤泥|杂物|枯树|小广告)(?:已经?|都)?(?:剪|清|扫|铲|拉|运|除|清走|铲除){_OVER}|孩子(?:已经|能|可以|有)?(?:入学|上学|入园|学上){_OVER}|水清{_OVER}|气通{_OVER}|(?:现在|晚上|小区)?安静{_OVER}|(?:快递|包裹)(?:找到|收到){_OVER}|退款{_OVER}|公交(?:车)?准时{_OVER}|(?:家里|暖气|屋里)(?:很|挺|非常)(?:热|暖和)|(?<!今天)(?<!昨天)(?<!前天)(?<!今早)(?<!昨晚)(?<!上午)(?<!下午)(?<!刚才)(?:已经|现在|都|再也){{0,2}}不(?:漏|漏水|渗水|渗|停水|停电|跳闸|堵|堵车|乱停|断电|断网|臭|吵|响|积水|溢|冒水|冒烟|闪|扰民){_OVER}|(?:已经|现在)?没有?(?:异味|臭味|噪音|噪声|油烟|积水)了|(?:异味|臭味|味道|噪音|噪声|油烟味?|积水)(?:已经|都)?没有?了|(?:现在)?一切(?:都)?(?:恢复)?正常了?)"
)
_PARTICLE = r"[啊呀哦哈嘞呐呢哒咧]?"

_EDGE = r"(?=$|[\s,，。.!！、;；:：~～)）\]】\"”'’」』👍👏🙏✅🌹❤👌💯😊😄😁])"
KEY_MARK = r"(?:1|一|壹|yi|one)"
_SAID = r"(?:(?:i )?(?:choose|select|pick|press|option|answer|reply)|(?:我)?(?:就)?(?:回复|回|选择?|答复|答案?|评价|评|按|填|发|打|数字|第|键)(?:的?是|个|为|了|数字)?)"
_OPENS, _CLOSES = r"[\"“'‘(（\[【「『《<]", r"[\"”'’)）\]】」』》>#]"


@dataclass(frozen=True)
class Row:
    """One kind of words. tells: what a verdict says ({"solved": "yes"}, {"result": "4"}, {"key": "1"}); None tells nothing."""

    name: str
    pattern: re.Pattern[str]
    tells: tuple[tuple[str, str], ...] | None = None


def key_pattern(mark: str) -> str:
    """A digit as the whole of a clause, in quotes or brackets, or after "回复"; never one that counts or begins a word.

    A Chinese sign right before a word is no key: what hears "不满意" writes "一满意".
    """
    return (
        rf"(?<![0-9a-z零〇一二三四五六七八九十百千万./%+\-])(?:{_SAID}[:：]?\s*)?{_OPENS}?\s*{mark}\s*(?:{_CLOSES}|号?键|[.、,，。](?![0-9])| ?[\-—]+ ?(?=[\u4e00-\u9fffa-z]))?"
        rf"(?:{_EDGE}|(?<![\u4e00-\u9fff])(?=satisfied|solved|fixed|满意|解决了|已处理|已办结|已修复|已恢复|处理完毕|已解决|已经解决|已处理好|修好|处理好|弄好|办好|谢谢|感谢|好评|非常满意|很满意|十分满意|都解决了|都好了))"
    )


def _row(name: str, pattern: str, **tells: str) -> Row:
    return Row(name, re.compile(pattern), tuple(tells.items()) or None)


_THANKED = r"(?=$|[\s,，。.!！;；~～👍🙏🌹]|谢谢|感谢|多谢|辛苦|非常感谢|十分感谢)"
_SUBJECT = rf"(?:{_BY})?(?:{_WHOSE}的?)?(?:{_WHAT}(?:也|都)?)?"
_ABOUT = r"(?:对)?(?:这次|本次|此次|你们的?|这个)?(?:处理|办理|解决|维修)?(?:的)?(?:结果|情况)?"
_ONLY = r"(?<![\u4e00-\u9fff])"
"""Begins a clause: nothing of the same clause stands before it."""

ROWS: tuple[Row, ...] = (
    # --- verdicts -----------------------------------------------------------------------------------------------------
    _row("key", key_pattern(KEY_MARK), key="1"),
    _row("settled", rf"{_SUBJECT}{_WHEN}{{0,3}}{_DONE}{_PARTICLE}", solved="yes"),
    _row("settled", rf"{_SUBJECT}(?:现在|今天|昨天|刚刚?)?{_ALREADY}{_PARTICLE}", solved="yes"),
    _row("settled", rf"{_ONLY}(?:{_BY})?(?:{_HOME}的?)?{_WHEN}{{0,2}}{_STATE}{_PARTICLE}", solved="yes"),
    _row(
        "settled",
        rf"{_ONLY}(?:违建|违章建筑|广告牌|摊贩|流浪狗|狗|垃圾堆|僵尸车|路障|车|马?蜂窝|围挡|渣土|建筑垃圾|杂物)(?:已经?|都|全)?(?:摘|摘除|移走|移开|挪走|清运|拆除|拆|清走|清理|搬走|抓走|拖走|拉走){_OVER}{_PARTICLE}",
        solved="yes",
    ),
    _row("well", rf"{_ONLY}(?:现在|已经?|都|全都|终于|总算){{0,2}}好(?:了|啦){_PARTICLE}(?!好)", solved="yes"),
    _row(
        "settled", rf"{_ONLY}(?:我的?|这个?)?(?:问题|事情|事)(?:都|也)?(?:已经?|都)?解决{_OVER}?{_EDGE}", solved="yes"
    ),
    _row(
        "settled",
        rf"{_ONLY}(?:我的?|这个?)?(?:问题|事情|事)?(?:当天|当场|很快就?|一次性)(?:就)?解决{_OVER}?{_EDGE}",
        solved="yes",
    ),
    _row("settled", rf"{_ONLY}(?:已|已经)?解决{_OVER}?(?:且|并且|而且|并|也)?(?=满意|很满意|非常满意)", solved="yes"),
    _row(
        "settled",
        rf"{_ONLY}(?:现在|已经|都)?(?:没(?:有)?(?:什么)?问题|可以|ok){_OVER}{_PARTICLE}{_THANKED}",
        solved="yes",
    ),
    _row(
        "well",
        rf"{_ONLY}(?:我们?家的?|小区的?)?{_WHAT}(?:现在|已经?|都|全都|终于|也){{0,2}}好(?:了|啦){_PARTICLE}{_THANKED}",
        solved="yes",
    ),
    _row(
        "settled",
        rf"{_ONLY}(?:已经?|帮忙|帮我们?|给我们?)?解决了(?:我们?|俺|大家|居民)?的?(?:大?问题|难题|困难|烦恼|后顾之忧){_THANKED}",
        solved="yes",
    ),
    _row(
        "settled",
        rf"(?:谢谢|感谢|多谢)(?:您|你们?|政府|热线|12345|领导|师傅|大家|社区|物业)?(?:们)?(?:帮|替|为|给)(?:我们?|俺们?|大家|老百姓|居民)(?:家|小区)?(?:把)?{_WHEN}{{0,2}}(?:{_WHAT})?(?:{_DONE}|要回了|讨回了|追回了)(?:我们?的?)?(?:大?问题|难题|困难|工资|欠薪|血汗钱|钱|押金|退款)?{_THANKED}",
        solved="yes",
    ),
    _row(
        "settled",
        rf"{_SUBJECT}(?:你们)?(?:办|处理|修|弄|解决)[得的](?:{_HOW})(?:好|到位|漂亮|及时){_PARTICLE}",
        solved="yes",
    ),
    _row(
        "settled",
        rf"{_ONLY}(?:(?:{_BY}|你们|政府|热线)(?:已经?)?给|(?:{_BY}|你们|政府|热线)?(?:已经?)?(?:帮|替|为|已经?给))(?:我们?|俺们?|大家|老百姓)(?:把)?{_WHEN}{{0,2}}(?:{_WHAT})?{_DONE}(?:问题|难题)?{_PARTICLE}",
        solved="yes",
    ),
    _row(
        "very satisfied",
        rf"(?:我们?|俺们?|本人|全家|大家)?{_ABOUT}(?:都|也)?(?:感到|感觉|表示)?(?:非常非常|非常之?|十分|特别|超级?|百分之?百|100%)(?:的)?满意(?:的|{_OVER})?{_PARTICLE}",
        result="5",
    ),
    _row(
        "satisfied",
        rf"(?:我们?|俺们?|本人|全家|大家|业主们?|居民们?|老百姓|群众)?{_ABOUT}(?:都|也)?(?:感到|感觉|表示)?(?:很|挺|相当|真的很|真心)?满意(?:的|{_OVER})?{_PARTICLE}",
        result="4",
    ),
    _row(
        "very satisfied",
        rf"{_ONLY}(?:我)?(?:给|打)(?:个|你们|您)?(?:打|个)?(?:满分|五星|5星|5分|五分|5颗星|五颗星|100分|一百分)(?!好评){_THANKED}|{_ONLY}(?:五星|5星|满分){_THANKED}",
        result="5",
    ),
    _row("praise", r"(?:给|打)?(?:个|你们)?(?:五星|5星|全五星)?好评", result="4"),
    # --- English ------------------------------------------------------------------------------------------------------
    _row(
        "settled",
        r"\b(?:(?:yes|yeah|ok)[,.]? )?(?:(?:my|the|this|that) )?(?:it|issue|problem|everything|all|matter|(?:street ?)?(?:light|lamp)s?|water|leak|lift|road)?"
        r"(?:'s| is| was| are| has been| have been|'ve been)? ?(?:now |all |already |fully |completely |finally |been ){0,2}"
        r"(?:solved|fixed|resolved|repaired|sorted(?: out)?|settled)(?: now| already| today| quickly)?\b",
        solved="yes",
    ),
    _row(
        "settled",
        r"\b(?:(?:it|everything|(?:the )?(?:street ?)?(?:light|lamp|water|lift|elevator|heating|power|gas|internet|door|pump|signal)s?)(?:'s| is| are)? (?:works?|working|back|on again|came back)(?: on| again| now| fine| well){0,2}|(?:it )?works (?:now|again)|(?:it's |everything(?:'s| is) |it is )?(?:all )?(?:good|fine|ok|okay) now)\b",
        solved="yes",
    ),
    _row(
        "very satisfied",
        r"\b(?:i'm |i am |we are |we're )?(?:very|fully|completely|totally|extremely) satisfied\b",
        result="5",
    ),
    _row(
        "satisfied",
        r"\b(?:i'm |i am |we are |we're )?(?:quite )?satisfied(?: with (?:it|the (?:result|outcome|answer)|everything))?\b",
        result="4",
    ),
    # --- what tells nothing -------------------------------------------------------------------------------------------
    _row(
        "courtesy",
        r"(?:真的?|非常|十分|万分|特别|太|很|再次|多)?(?:谢谢|感谢|多谢|谢)(?:了|啦|啊|哦|哈)?(?:您们?|你们?|大家|各位|热线|12345|市长热线|政府|党和政府|领导|师傅们?|工作人员|同志们?|"
        r"社区|物业|城管|环卫|贵单位|有关部门|相关部门|有关单位){0,2}(?:们)?(?:的)?(?:帮忙|大力|快速|及时|辛勤)?(?:关心|帮忙|帮助|支持|处理|解决|工作|服务|付出|努力|及时处理|辛苦付出)?(?:了|啦|啊|哦|哈)?",
    ),
    _row(
        "courtesy",
        r"(?:大家|你们|您|师傅|工作人员|各位|领导|同志)?(?:们)?(?:都)?辛苦(?:了|啦|你们了|您了|大家了)|给(?:你们|您|政府|热线)?(?:们)?添麻烦了|麻烦(?:你们|您|大家)了|"
        r"祝(?:你们|您|大家|好人)?(?:们)?(?:工作顺利|生活愉快|身体健康|一生平安|万事如意|节日快乐|新年快乐|好){1,2}|工作顺利|身体健康|再见",
    ),
    _row(
        "courtesy",
        r"\b(?:thank you|thanks|thank u|thx|many thanks|cheers)(?: (?:so|very) much| a lot| again| all| everyone| for (?:your|the) (?:help|work|quick (?:help|work|response|repair)))?\b",
    ),
    _row(
        "praise",
        r"(?:(?:热线|你们|您|这位|维修|来的)?(?:的)?(?:工作人员|师傅|话务员|接线员|服务|态度|服务态度|速度|效率|办事效率|办事|反应|处理|做事|工作|政府|活儿?|工作态度))+(?:们|的)?(?:也|都)?"
        rf"(?:{_HOW}|真|又|也)?(?:好|快|高|及时|热情|负责任?|耐心|给力|认真|到位|周到|棒|迅速|不错|专业|高效)(?:又(?:快|好))?(?:的|{_OVER})?",
    ),
    _row(
        "praise",
        r"(?:我)?(?:要)?(?:给|为)?(?:你们|您|热线|政府|工作人员|师傅|12345)?(?:们)?(?:的)?(?:服务|工作|效率)?(?:点个?大?赞|点赞)|表扬(?:一下)?(?:你们|师傅|工作人员)?|值得表扬|(?:你们)?(?:真|太|很)(?:棒|给力|厉害)(?:了|啦)?|太好了|给力|一级棒",
    ),
    _row(
        "praise",
        r"\b(?:great|good|nice|excellent|wonderful) (?:job|work|service)\b|\bwell done\b|\bgreat\b|\bperfect\b",
    ),
    _row("praise", rf"{_ONLY}没(?:有|什么)?(?:其他|别的)?(?:意见|要求)(?:了)?{_EDGE}"),
    _row(
        "filler",
        r"(?:你好|您好|早上好|下午好|晚上好|你们好|热线好|收到|好的|嗯+|哦|是的?|对的?|中|行|恩)(?=[\s,，。.!！、;；:：~～]|$)|\b(?:hi|hello|yes|yeah|ok|okay)\b",
    ),
    _row(
        "praise",
        rf"(?:你们|师傅|真)?(?:修|办|干|做|处理|弄)[得的](?:很|真|非常|挺)?(?:好|漂亮|不错|到位|利索){_EDGE}|{_ONLY}辛苦(?:师傅|大家|工作人员|你们|您)们?了",
    ),
    _row("satisfied", rf"{_ONLY}(?:处理|办理|解决|修)[得的](?:很|非常|十分|挺)?满意{_EDGE}", result="4"),
    _row("praise", rf"(?:过程|态度|服务|服务态度|速度|效率)(?:也|都)?(?:很|非常|十分|挺)?满意{_EDGE}"),
    _row(
        "filler",
        r"(?:嗯+|恩+|是的?|对的?|好的|好嘞|你好|您好|真是(?=太?感谢|太?谢谢))(?=(?:太?感谢|太?谢谢)|(?:已经?|都)?(?:解决|修好|处理好|弄好|办好|好了))",
    ),
    _row("sign", r"\[(?:强|赞|玫瑰|鲜花|握手|抱拳|爱心|拥抱|鼓掌|给力|OK|ok|太阳|胜利|点赞)\]"),
    _row(
        "filler",
        rf"{_ONLY}(?:可以|可?得劲了?|巴适|安逸|要得|美得很|得劲|妥了|(?:很|非常|挺|真的很)?(?:好|不错)的?){_EDGE}",
    ),
    _row("filler", r"(?:我)?(?:评价|给)[:：是为]?(?=(?:很|非常|十分)?满意)"),
    _row(
        "filler",
        r"(?:工单)?(?:编?号)?(?:尾号)?我的评价(?:是|为)?|我的(?:回复|答复|回答|选择|意见)(?:是|为)|(?:且|并且|而且|并|也)(?=满意|很满意|非常满意)|\band\b|\bnow\b|\balready\b|\bvery much\b",
    ),
    _row("sign", r"[\s,，!！、;；:：~～✌👍👏🙏✅🌹❤👌💯😊😄😁💪🎉🌺🌷]|[\U0001f3fb-\U0001f3ff]|[.。](?![.。…])"),
)
