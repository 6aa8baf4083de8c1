"""Names that a text tells as names ("姓名：高兴", "我叫温暖,"): believed though the same signs are an ordinary word.

Elsewhere a word that begins like a name is taken for the word. In a field of a form, or right after "I am called" and up
to the end of the clause, it is the other way round: only who cannot be a name (a post, an office, "nobody") is left.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.names.surnames import COMMON, COMPOUND, HAN, RARE
from classifier.text.patterns.late import late

_PERSON = (
    "(?:联系|联络|投诉|举报|反映|来电|申请|当事|受害|被害|报案|诉求|信访|求助|咨询|报修|监护|委托|收件|收货|寄件|借款|承租|出租|"
    "发帖|留言|登记|报告|检举|控告|来访|来信|参保|经办|承办|参会|介绍|担保|证明|见证|陪同|持卡|申诉|法定代表|被举报|被投诉|被反映)人|患者|死者|伤者|病人|户主|房主|车主"
)
_FIELD = rf"(?:(?:{_PERSON})(?:的?(?:姓名|名字))?(?:\([^()\n]{{1,8}}\))?|(?:真实)?姓名|(?<!网)(?<!店)名字|真名|本名|大名|署名|实名(?:认证)?|户名|开户名|收款人|机主|卡主|持卡人|车主姓名|领款人)"
_CALLED = (
    "我叫|我名叫|本人叫|本人名叫|俺叫|咱叫|名叫|(?:我|他|她|本人|孩子|儿子|女儿|爱人)的?(?:名字|姓名)(?:是|叫做?|为)|"
    rf"姓[{HAN}],?名?叫|收款人|机主|卡主|开户人|户名"
)
_ENDS = r"(?=[ ]?(?:[,;。、!?:()\[\]\"“”'<>/|\-0-9+\n]|$)| |[ ]?(?:反映|来电|投诉|举报|咨询|求助|电话|手机|联系(?:电话|方式)|身份证|家住|住址|今年))"
_NAME = rf"(?:(?:{COMPOUND})[{HAN}]{{1,2}}|[{COMMON}{RARE}][{HAN}]{{1,2}})"
_NUMBER_NEXT = r"(?=[ ,:(]{0,2}(?:的?(?:电话|手机|联系电话|联系方式|身份证)|1[3-9][0-9 *-]{5}|0\d{2,3}-?\d))"
_TOLD = late(
    rf"(?:{_FIELD})(?:[ ]?[:=/|][ ]?|[ ]|为:?|\n)(?P<field>{_NAME}){_ENDS}|(?:{_PERSON})(?P<beside>{_NAME}){_NUMBER_NEXT}|(?:{_CALLED})[: ]?(?P<called>{_NAME}){_ENDS}|(?<=\(实名)(?P<real>{_NAME})(?=\))"
    rf"|(?<!网店)(?<!单位)(?<!公司)(?<!企业)(?<!机构)姓名 ?[:=] ?(?P<any>[{HAN}]{{2,8}})(?=[ ,;。\n)]|$)"
)
_HUMBLE = "在下|鄙人|不才|晚辈|晚生|后学|学生|小弟|小女子?|老朽|老夫|老汉|老身|敝人|区区"
CALLS_SELF = rf"(?:[叫喊唤称]我(?:一声)?|{_HUMBLE}|免贵)"
"""How somebody says their own name without "I am called"."""
_MODEST = "敝姓|贱姓|鄙姓|小姓|复姓|本姓|我姓|俺姓|咱姓|本人姓|免贵姓?|在下姓"
_QUOTE = "[\"“'‘「]?"
_SAID_APART = late(
    rf"(?:{_MODEST})(?:是|为|:)? ?{_QUOTE}(?P<house>{COMPOUND})(?![{HAN}]{{0,2}}[村镇乡寨屯庄街路桥湾集])"
    rf"|(?<![名清菜账订])(?:单名|单字)(?:就|只有|也?是|叫|为|唤作?|做)?(?:一?个)?(?:单?字)? ?{_QUOTE}(?P<lone>[{HAN}])(?=[\"”'’」]?(?:字|[,。;!?、\s]|$))"
    rf"|双名(?!单)(?:是|叫|为|唤作?)? ?{_QUOTE}(?P<pair>[{HAN}]{{2}})(?=[\"”'’」]?(?:[二两]字|[,。;!?\s]|$))"
)
"""A family name of two signs told alone, and a given name told by its signs: 敝姓欧阳, 单名一个锋字."""
_SETTLED = late(rf"(?:{COMPOUND})(?:村|镇|乡|寨|屯|庄|街|路|桥|湾|集|店|营|坊|口)$")
"""A family's village: 令狐村, 东郭乡."""
_SAME_FAMILY = late(
    rf"姓(?P<family>[{COMMON}{RARE}]),?(?:名?叫|我叫|名字叫|大名)(?P<whole>(?P=family)[{HAN}]{{1,2}})(?=[,。;!?\s]|$)"
    rf"|(?:姓|免贵)(?P<apart>(?:{COMPOUND}|[{COMMON}{RARE}]),?名[{HAN}]{{1,2}})(?=[,。;!?\s]|$)"
    rf"|{CALLS_SELF} ?(?P<self>(?:{COMPOUND}) ?[{HAN}]{{1,2}}?)(?=[就也](?:行|好|可以|成)|[谨敬拜]上|[,。;!?\s]|$)"
)
"""Who says the family name and then a name that begins with it, or the given name alone; and a family name of two signs, which is nearly a name alone."""
_NOBODY = late(
    r"(?:家[长属里人]|全[体部家]|房[东主]|车[主间位]|农[民户]|司机|师[傅生]|施工|管理|安[保监全]|项目|应急|单位|时[间候]|党[员支委]|路[人过政边]|金融|班[长主]|经[办理]|常[委务]|师兄|平[民台]|云[台端]|匿|保密|相关|有关|同[上前事]|如[上下]|详|见|"
    r"不|没|无|未|和|与|是|的|了|着|过|他|她|它|你|我|自己|本人|什么|谁|某|各|每|多|所有|附近|来|去|到|应[该当]|能|会|可|要|请|让|被|把|从|向[你他她我]|对方|那|这|何[时人处]|商[户家场]|门[卫店口岗市面诊]|水务|公[司安]|文明|支[书部]|村|镇|乡|县|市|区|街|党|军|国家?|政府?|广大|居民|业主|群众|市民|孩子|老[人师板]|"
    r"学[校生]|医院|法院|局|厅|处|科|社区|物业|车|人|滴滴|快|外卖|救护|救命|警|消防|连|都|也|就|还|再|才|又|已|屈|冤|苦|好|全|代驾|代理|都|后|前|上|下|里|外|时|都市|高[考中]|初中|小学|大学|单)"
)
"""What stands in such fields and is no person's name."""
_ENDS_NO_NAME = late(
    "(?:局|所|院|校|厂|部|委|办|科|室|队|组|站|店|方|户|员|们|的|了|吗|呢|吧|号|人|处|司|中心|村|镇|路|街|巷|桥|园|寺|苑|湾)$"
)


def told_names(text: str) -> Iterator[re.Match[str]]:
    """Matches of a plain text whose one named group is a name."""
    yield from _SAID_APART.finditer(text)
    yield from (found for found in _SAME_FAMILY.finditer(text) if not _SETTLED.match(found["self"] or ""))
    for found in _TOLD.finditer(text):
        name = found[found.lastgroup or "field"]
        if not _NOBODY.match(name) and not (len(name) > 2 and _ENDS_NO_NAME.search(name)):
            yield found
