"""What a name looks like in Chinese writing: a family name and a given name, a name of another people, a name in Latin letters."""

from __future__ import annotations

from classifier.text.masking.surnames import COMMON, COMPOUND, RARE

HAN = "\u4e00-\u9fa5"
NEVER = "的了是在我你他她它们人于年月日这那有没不和与及就也都被把来去到从说吗呢吧啊给让很请电话号么找拨打该某姓"
GIVEN = rf"(?:[{HAN}](?<![{NEVER}]))"
NAME = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}]{GIVEN}(?:{GIVEN})?)"
ANY_NAME = rf"(?:(?:{COMPOUND}){GIVEN}{{1,2}}|[{COMMON}{RARE}]{GIVEN}(?:{GIVEN})?)"
SPACED = rf"(?:[{COMMON}](?: {GIVEN}){{1,2}}|[{COMMON}]{GIVEN} {GIVEN}|[{COMMON}] {GIVEN}{GIVEN})(?![{HAN}])"
FOREIGN_SIGNS = (
    "阿艾埃安卜合都汗奥巴拜比布茨迪丁杜多厄尔法菲哈海赫胡吉加卡克库拉莱勒里力利立丽莉玛马买麦曼米姆穆纳尼努帕皮普其恰热茹瑞萨赛沙斯苏索塔台太提铁图吐托瓦维吾乌西希谢雅亚也依伊尤于玉约扎孜祖古木江肉逊才让卓扎措洛桑旺扎西次仁央金格顿珠达娃"
    "罕娜甫帖合什别娃孟德巴特其其格苏日娜朝鲁那木斯琴顿根仁布岱钦嘎贡增班丹"
)
SHORT_FOREIGN = (
    "丹增|旦增|次仁|扎西|格桑|德吉|央金|卓玛|尼玛|达瓦|巴桑|普布|边巴|平措|索朗|白玛|多吉|罗布|拉姆|曲珍|仁增|洛桑|阿旺|巴图|乌兰|苏和|那顺|图雅|"
    "萨仁|娜仁|高娃|斯琴|古丽|艾山|阿里|吐逊|热娜"
)
"""Whole names of two signs that belong to other peoples."""
FOREIGN = rf"(?:[{FOREIGN_SIGNS}]{{3,8}}|(?:{SHORT_FOREIGN})(?![{HAN}])|[{HAN}]{{1,7}}[·•・‧∙⋅][{HAN}]{{1,8}}(?:[·•・‧∙⋅][{HAN}]{{1,8}})?)"
