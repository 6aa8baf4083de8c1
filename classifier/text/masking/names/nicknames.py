"""What people call one another by: 阿强, 小李, 老王, 大刚, 二妮. A person only where somebody is told of, since 小区 and 老年 look alike."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

from collections.abc import Iterator

from classifier.text.masking.names.related import ONLY_PEOPLE
from classifier.text.masking.names.roles import ANY
from classifier.text.patterns.late import late
from classifier.text.words import dictionary_kind

_GIVEN = "强刚军伟芳英丽红梅兰花霞燕玲娟敏静萍勇明亮辉华龙虎飞峰波涛鹏宝贝妮娃蛋柱栓狗牛毛豆丫妞胖瘦黑白壮平东海山林杰斌磊超洋凯鑫浩宇琴凤云秀珍珠香桂莲菊翠玉环娜婷倩雪琳莉洁蕾欣怡雨晴月星乐欢喜庆福贵财旺根生建国民志文武才全顺利安康宁和"
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛余潘杜戴钟汪任姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟段雷钱汤尹黎贺赖龚高马田夏白方石"
_NICK = rf"(?:阿[{_GIVEN}{_FAMILY}]|老[{_FAMILY}](?:头子?|太太|太婆|汉)?|小[{_FAMILY}{_GIVEN}]{{1,2}}?|大[{_GIVEN}]|[二三四五六]{{1}}[妮娃蛋狗丫妞柱毛胖宝子]|[{_GIVEN}]{{1}}(?<=[狗铁石柱栓胖黑毛豆])[子蛋娃])"
_BEFORE = rf"(?:{ANY}|(?:楼[上下]|隔壁|对门|邻村|同村|村里|单元|车间|物业|单位|店里|班里|组里|厂里|门口|公司|社区|[店馆场]里?|院里|小区|[一二三四五六七八九十\d]{{1,2}}楼|(?:我们|俺|咱|我)?村)的?|[修开卖做收管跑送洗干搬][^,。;!?\n]{{0,3}}的|一个叫|名?叫|外号|绰号|人称|都叫他|都叫她|都喊他|(?<!寻)找|被|我是(?:[^,。;!?\n]{{1,10}}的)?|他是|她是|联系|跟|和)[ \"“:]?"
_ENDS = rf"(?=[\s,;。、!?:()\"”]|$|{ONLY_PEOPLE}|家(?=[的养占住半天里盖漏装])|家[^,。\n]{{1,4}}往|天天|半夜|经常|总是?|老是|在|也|又|把|被|和我|跟我|找|要|就|没|不|去|来|他们|是我|两口|一家|夫妇|偷|占|养|装修|扔|堆|办卡|收)"
_TOLD = late(rf"{_BEFORE}(?:(?P<value>{_NICK}){_ENDS}|(?P<plain>[阿小老][{_FAMILY}]|阿[{_GIVEN}]))")
_ALONE = late(
    rf"(?:^|(?<=[\s,;。!?:、\"“]))(?P<value>(?:老[{_FAMILY}](?:头子?|太太|太婆|汉)?|小[{_FAMILY}]|阿[{_GIVEN}]))(?=(?:{ONLY_PEOPLE})|家的?(?:狗|猫|鸡|孩子|房|地|羊)|是我|天天|两口子|把|又)"
)
_ANIMALS = ("大狗", "小狗")
"""What runs about loose far oftener than somebody is called so; 二狗 is somebody."""
_PLACES = late(
    r"家?(?:村|庄|屯|寨|营|沟|口|集|路|街|巷|区|镇|乡|店|\d|[一二三四五六七八九十]{1,3}组|饭|面|烩|羊肉|牛肉|烧饼|火锅|超市|菜|酒|茶)"
)


def nicknames(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) in a plain text."""
    for pattern in (_TOLD, _ALONE):
        for found in pattern.finditer(text):
            group = found.lastgroup or "value"
            thing = group == "plain" and _begins_a_word(text, found.end() - 1)
            if not (thing or _is_word(found[group]) or _PLACES.match(text, found.end())):
                yield found[group], *found.span(group)


def _begins_a_word(text: str, start: int) -> bool:
    """小程序 and 老石桥 are no 小程 and no 老石."""
    return any(dictionary_kind(text[start : start + length]) for length in (2, 3) if start + length <= len(text))


def _is_word(name: str) -> bool:
    if name in _ANIMALS or (len(name) > 2 and dictionary_kind(name[1:]) == "ns"):
        return True
    kind = dictionary_kind(name)
    return bool(kind) and not kind.startswith("nr") and name[0] != "阿" and name[1] not in f"{_FAMILY}胖瘦妮丫妞娃蛋狗"
