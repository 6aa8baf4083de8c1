"""What citizens say and what units answer: made from the city's own words for each category, so that every city has its own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from hotline.city.schema import Category, City

SINCE = (
    "已经三天了",
    "有一个多星期了",
    "从上个月就这样",
    "昨天晚上又是这样",
    "反映过一次也没有动静",
    "今天早上刚发现",
    "断断续续半年了",
)
HARM = (
    "老人孩子都不方便",
    "影响大家正常生活",
    "来来往往的人都有意见",
    "晚上更是受不了",
    "一家人跟着着急",
    "邻居们都在说",
    "生意也受影响",
)
WISH = ("请尽快处理", "希望给个明确的答复", "请派人到现场看看", "想知道归谁管", "请有关部门管一管", "希望能彻底解决")
ASKS = (
    "请问{word}怎么办理？",
    "想咨询一下{word}的政策，需要带什么材料？",
    "请问{word}要到哪里问，周末上班吗？",
    "{word}今年有什么新规定？",
)
TOLD = (
    "已按知识库告知办理地点、所需材料和办公时间，市民表示清楚。",
    "已解释现行规定和办理流程，并告知咨询电话，市民表示理解。",
    "已告知线上办理入口和需要准备的材料，市民表示会自行办理。",
)
FOUND = ("现场核查{count}，反映的情况属实。", "经实地查看，共发现问题{count}。", "派员到场核实，涉及点位{count}。")
DONE = (
    "已整改{count}并复查合格，安排专人每周巡查。",
    "当日处置{count}，其余列入计划并已完成。",
    "更换、修复{count}，现场已恢复正常。",
)
LAZY = ("情况已收到，正在协调。", "已安排人员处理。")
AGAIN = ("重办时再次到场处置{count}，逐处拍照，并当面告知市民。", "重新派出施工队处置{count}，与市民一起查验。")
NOBODY = ("喂喂喂，我就是试试这个号码能不能打通。", "没事，闲着聊聊天，你们几点下班？", "打错了，打错了。")
DOOR, COUNT = "9753号", "9753处"
"""What stands for a number at a door and for a count until somebody tells the matter; no city has such a number."""


def matter_of(category: Category, chance: random.Random) -> str:
    """What somebody says who wants something done."""
    return f"{_word(category, chance)}的问题{chance.choice(SINCE)}，{chance.choice(HARM)}，{chance.choice(WISH)}。"


def question_of(category: Category, chance: random.Random) -> str:
    """What somebody says who wants to know something."""
    return chance.choice(ASKS).format(word=_word(category, chance))


def roads_of(city: City) -> Sequence[str]:
    """Roads that lie in one district alone: whoever tells one of them has told the district."""
    named = Counter(entry.name for entry in city.gazetteer.entries if entry.kind == "road")
    return sorted(name for name, districts in named.items() if districts == 1)


def _word(category: Category, chance: random.Random) -> str:
    return chance.choice(category.words) if category.words else category.name
