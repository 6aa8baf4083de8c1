"""Names right behind a post, a trade or a part that one person has: "村支书王富贵", "被告李建国", "我是三单元的李建国".

Who holds a public office is named in public; everybody else is not. Chinese puts nothing between a name and what its bearer
does, so a third character belongs to the name unless a word begins there that says what somebody does or is.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.names.roles import PARTS, POSTS
from classifier.text.masking.names.surnames import ALSO_GIVEN, COMMON, COMPOUND, FOREIGN, GIVEN, HAN
from classifier.text.patterns.late import late

_STOP = r"[\s,;。、!?:()\[\]\"“”'<>《》/|\-—0-9+]"
_DOES = (
    "贪污|贪|打(?!春)|骂|欠|收(?=[了取受费钱礼红回]|$)|拿|骗|不|没|在|说|是|的|把|被|向(?![东阳前荣红])|对(?=[我他她方学孩老居业村])|从|也|都|就|已|来(?=[了我家电访我们过]|$)|去(?=[了我世年])|让|叫|给|占|抢|偷|私|擅|态度|误诊|闯|做|等(?=[人我了])|和|与|跟|及(?!时)|无(?=[证故视理权照])|又|经常|天天|"
    r"长期|常年|公然|公开|多次|屡|违|利用|滥用|强行|强占|强迫|强制|强拆|克扣|拒|乱|虚|弄虚|开(?=[车着店的了除始])|停(?=车)|卖|买|找|管|要(?=[求钱我挟])|想|会(?=[不给来])|能(?![文武])|为(?![民国军])|以(?=[权各虚欺])|因|于(?=[\d昨今去前])|今年|今天|现(?=在|住|年|任)|昨|明天|电话|手机|联系|先生|女士|诉|"
    "名下|患|住|失|走失|去世|死|受伤|受贿|摔|酒|醉|带(?=[人着领头])|组织|涉|伙同|伪造|套|侵|挪用|截留|冒|吃|索|威胁|恐吓|辱|殴|霸|体罚|申请|反映|投诉|举报|要求|表示|答|承诺|回(?=[复家来])|告(?=知|诉)|负责|上(?=[班门个周次])|下(?=[班午])|服务|处(?=理)|办(?=[事理公])|缺|欺|坑|逃|跑|躲|关(?=[机门闭])|"
    "拖|推(?=[卸诿搡倒])|敷衍|将(?=[我车])|曾(?=[经多])|却|仅|只|再|总(?=[是爱])|老(?=[是爱])|常(?=[常年])|太(?=[过不])|很|非常|特别|极其|嚣张|蛮|粗|恶(?=[意劣霸毒语])|差|家(?=[里的人门占养天属暴])|一(?=家|直|再|个)|两口|夫妇|父子|兄弟|调|指使|故意|任意|随意|未|仗|动(?=手|不)|辞|离(?=[职婚家])|借(?=[钱我款了])|干(?=[活的了])|用(?=[手脚棍刀])|手(?=[续术机])|伤|病|瘫|残疾|发(?=[微短信烧病布帖现])|"
    "同志|有(?=[权精问])|得(?=[到了知])|怎|何时|什么|装修|养(?=[狗猫鸡鸭鸽])|唱(?=[歌戏卡])|跳(?=[舞绳])|吵|扔|堆(?=[放垃杂])|种(?=[菜树地])|盖(?=[房楼])|搭(?=[建棚])|挖|堵|放(?=[炮鞭音垃东])|晾|抽烟|吸烟|赖(?=[账着])|骚扰|逆行|诈|哄|瞒|逼|砸|踹|撞|追|绕路|甩|喝酒|赌|摆(?=[摊])|咨询|求助|来电|本人|夜里|晚上|凌晨|半夜|每"
)
_ENDED = rf"(?={_STOP}|$|{_DOES})"
_WORDS_MORE_OFTEN = "从向应连代习强时全常管车师房班程上也勾计"
"""Family names too, but behind a post they begin a word."""
_FAMILY = "".join(sign for sign in COMMON if sign not in _WORDS_MORE_OFTEN)
_ANOTHER = rf"(?:{ALSO_GIVEN}|(?!{_DOES}){GIVEN})"
_NAME = rf"(?:(?:{COMPOUND}){GIVEN}(?:{_ANOTHER})?|[{_FAMILY}]{_ANOTHER}(?:(?:{_ANOTHER}|{GIVEN}(?=[,。;:()])))?)"
_BEHIND = late(
    rf"(?:{POSTS})(?:名?叫做?|是|:)?[ \"“]?(?P<post>{_NAME}|(?!特别|也|都|多次){FOREIGN}{_ENDED})|(?:{PARTS})(?:名?叫做?|:)?[ \"“]?(?:(?P<part>{_NAME}){_ENDED}|(?P<far>(?!特别|也|都|多次){FOREIGN}){_ENDED})"
)
_I_OF = late(
    rf"(?:我是|这里是|这边是|俺是|本人是|本人系|我系|你好我|您好我|我就是)(?:[^,;。!?\n]{{0,10}}?(?:的|住户|业主|村民|居民|群众|军人|老师|学生|家长|员|司机))?[ ]?(?P<value>{_NAME})(?={_STOP}|$)"
)
_SAME_FAMILY = late(rf"姓(?P<family>[{COMMON}])[, ]{{1,2}}(?P<whole>(?P=family){GIVEN}{{1,2}})(?={_STOP}|$)")
_STARTS = late(
    rf"(?:^|[\n。!?;])[ ]*(?P<value>[{COMMON}]{GIVEN}{GIVEN})(?=总?(?:欠(?![薪费])|拖欠|骗|打人|打伤|骂人|辱骂|殴打|霸占|侵占|不还|不给|借(?:了|我|钱|走)|贪污|受贿|虐待|家暴|偷|诈骗)|总是|天天|老是|经常|一家|家的?(?:狗|房|地|羊|鸡)|留$|敬上)"
)
_GENITIVE = late(
    rf"(?<=[)\d一二三四五六七八九十这该我]班的)(?P<pupil>[{COMMON}]{GIVEN}(?:{_ANOTHER})?)(?={_STOP}|被|把|打|骂|欺负|家长|妈妈|爸爸)|(?<=被)(?P<third>[{_FAMILY}][二三四五六七八九])(?=打|骂|骗|撞|砍)|(?<=的)(?P<value>[{COMMON}]{GIVEN}{_ANOTHER})(?=欠(?![薪费])|拖欠|骗|打人|打伤|打我|骂|辱骂|殴打|霸占|不还|不给我|偷|诈骗|缺斤|短斤)"
)
_TITLED = "先生|女士|小姐|同志|律师|警官|法官|医生|老师|主任|书记|经理|老板|师傅|队长|所长|局长|科长|处长|站长|院长|校长|镇长|村长|阿姨|大爷"
_LONG = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{_FAMILY}](?!{_TITLED}){GIVEN}{_ANOTHER})"
"""Of three signs and more: in the middle of a sentence two are too often a word."""
_TO_ASK_FOR = late(
    rf"(?:找|联系|问)(?P<whom>{_LONG})(?=就行|就可以|即可|就好|[,。;(]?[ ]?(?:电话|手机|号码|1[3-9]\d))"
    rf"|(?:让|叫|说)我?[去来]?找(?P<sent>{_LONG})(?={_STOP}|$)"
    rf"|(?:[回打](?:个|一个)?(?:电话?|短信)?给|回复给?|通知|转告|告诉|电联|(?<![导招引])致电)(?P<told>{_LONG})(?={_STOP}|$|一声|一下|本人)"
    rf"|给(?P<called>{_LONG})(?=[回打发](?:个|一个|一下)?(?:电话|短信|信))|[跟和与同向](?P<met>{_LONG})(?=联系|联络|沟通)"
    rf"|(?:拨?打|拨通?)(?:一下)?(?P<dialled>{_NAME})(?=的?(?:电话|手机))"
)
_CALLS_ME = late(
    rf"(?:我叫|我名叫|本人叫|俺叫|我姓[{HAN}]{{1,2}}[, ]?名?(?:叫|是)|我是[老小][{HAN}][, ]?名?叫)(?:做)?(?P<me>(?![了着过他她它你我咱大家人车物快外滴代保救警送搬开修拉换停装师工朋同邻孩老儿女妈爸客网出取拖消好什啥全一两三几每停屈冤苦不]){GIVEN}{{2,3}}?)(?=[,。;!?\s]|$|[想要]?(?:反映|投诉|举报|咨询|求助)|家住|住)"
)
"""Who says "I am called" has a name that follows, whatever its family name; things that are called for do not look like it."""
_NONE = frozenset(
    ["时间", "家长", "家人", "家属", "家里", "全体", "应该", "应当", "管理", "连续", "安全", "安排", "方面", "何在"]
)
_NEVER_LAST = "家里区村庄县市镇乡路街店局所院校楼厂站部委号话机线员时间点处性们车费"


def behind_posts(text: str) -> Iterator[re.Match[str]]:
    """Matches whose one named group is the name; whether it is an ordinary word is asked by who reads them."""
    for pattern in (_BEHIND, _I_OF, _STARTS, _GENITIVE, _TO_ASK_FOR, _CALLS_ME, _SAME_FAMILY):
        for found in pattern.finditer(text):
            name = found[found.lastgroup or "value"]
            if name[-1] in "店厂局校院站委所" and len(name) == 2:
                continue
            if name[:2] not in _NONE and not (len(name) > 2 and name[-1] in _NEVER_LAST and name[-1] not in "庄村路"):
                yield found
