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
SEEN_AGAIN = (
    "分管领导带队复核，与市民一起走了一遍，首轮遗漏{count}。",
    "对照市民补充的照片逐一复查，还有{count}没有做到位。",
    "回访后第二次到场，核实上次只处理了表面，另有{count}。",
)
NOBODY = ("喂喂喂，我就是试试这个号码能不能打通。", "没事，闲着聊聊天，你们几点下班？", "打错了，打错了。")
DOOR, COUNT, ACCOUNT = "9753号", "9753处", "（经过9753）"
"""What stands for a number at a door, a count and the unit's own account until somebody tells the matter; no city has such a number."""
WHO = (
    "值班副所长带两名队员",
    "片区网格长和物业经理",
    "维修班老郭一行",
    "包村干部会同站里技术员",
    "应急小分队",
    "业务科两位同志",
    "驻点工程师",
    "大队三中队",
)
WENT = (
    "接单后半小时赶到",
    "避开早高峰于上午十点前往",
    "趁午休时段逐户走访",
    "傍晚下班时分再去一趟",
    "连夜带设备进场",
    "与反映人约好时间后碰面",
    "先调看监控又沿线步行",
    "雨停以后立即出动",
)
FOUND_THERE = (
    "发现根子在老旧管件锈蚀",
    "查明是上月施工留下的尾巴",
    "确认系商户图省事所为",
    "看到的比来电里说的更严重些",
    "测得数值超出标准近三成",
    "原来两家单位都以为归对方管",
    "问题集中在拐角那一小段",
    "起因是定时器被人调乱",
)
TOOK = (
    "当场拆旧换新并做了通水通电试验",
    "下达整改通知书并盯着改到位",
    "协调吊车清走障碍后重新划线",
    "约谈负责人，其签下承诺书",
    "补齐缺件、加固支架、刷漆防锈",
    "先垫付材料费把活干完再算账",
    "调来备用机组顶上，故障件返厂",
    "由两家共同出工，已经收了尾",
)
AFTERWARDS = (
    "隔天复看没有反弹",
    "邻居也过来验看，都点了头",
    "留下维修师傅的手机以便随叫随到",
    "已写进下周的必查路线",
    "现场合影存档备查",
    "反映人试用后说比原先还好",
    "门口贴了告示说明来龙去脉",
    "周边同类点位顺带排了一遍",
)


def matter_of(category: Category, chance: random.Random) -> str:
    """What somebody says who wants something done."""
    return f"{_word(category, chance)}的问题{chance.choice(SINCE)}，{chance.choice(HARM)}，{chance.choice(WISH)}。"


def account_of(chance: random.Random) -> str:
    """How an honest unit tells what it did this time: no two of its replies say the same."""
    who, went, found, took, afterwards = (chance.choice(some) for some in (WHO, WENT, FOUND_THERE, TOOK, AFTERWARDS))
    return f"{who}{went}，{found}；{took}，{afterwards}。"


def question_of(category: Category, chance: random.Random) -> str:
    """What somebody says who wants to know something."""
    return chance.choice(ASKS).format(word=_word(category, chance))


def roads_of(city: City) -> Sequence[str]:
    """Roads that lie in one district alone: whoever tells one of them has told the district."""
    named = Counter(entry.name for entry in city.gazetteer.entries if entry.kind == "road")
    return sorted(name for name, districts in named.items() if districts == 1)


def _word(category: Category, chance: random.Random) -> str:
    return chance.choice(category.words) if category.words else category.name
