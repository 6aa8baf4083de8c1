"""Demo matters of which one may doubt: replies that do not hold, and calls in which nothing was wanted."""

from __future__ import annotations

from hotline.demo.matter import Matter
from hotline.demo.steps import contacted, dispatched, does, passed, rated, replied, signed, texted

ONE_TEXT = "接到诉求后立即安排工作人员前往现场查看，情况属实，已责成养护队伍按照作业规范处置到位。"
ONE_MEASURE = "养护队伍当日完成处置并清理作业面，现场负责人拍照留存，后续纳入日常巡查重点点位。"
AT_HOME = (dispatched(unit="home"), signed(), contacted())


def _same_words(says: str, ago: str) -> Matter:
    return Matter(says, ago, (*AT_HOME, replied(), passed(), texted("1")), ONE_TEXT, ONE_MEASURE)


NOT_CONTACTED = Matter(
    "西大街人行道的地砖松了好几块，下雨天一踩一身泥，老人走着容易绊倒。",
    "9d",
    (
        dispatched(unit="home"),
        signed(),
        replied(),
        passed(),
        rated(solved="partly", result="3", attitude="2", contacted="no", comment="没有人给我打过电话，砖换了一半"),
    ),
    "人行道地砖松动 12 块。",
    "更换地砖 12 块并重新灌缝。",
)
IN_MINUTES = Matter(
    "仓巷街路边的果皮箱倒了半个月没人扶，里面的垃圾淌了一地，苍蝇乱飞。",
    "8d",
    (dispatched(unit="home"), contacted("1wh"), signed("30min"), replied("4min"), passed(), texted("1")),
    "果皮箱固定螺栓缺失，倾倒在绿化带内。",
    "已扶正果皮箱、补装螺栓并清扫地面。",
)
BACK_AGAIN = (
    Matter(
        "甜水井街12号门前的路灯不亮，晚上黑咕隆咚，接孩子放学只能打手电。",
        "15d",
        (*AT_HOME, replied(), passed(), texted("1")),
        "灯头老化，触发器损坏。",
        "已更换灯头和触发器，恢复照明。",
    ),
    Matter(
        "甜水井街12号门口的路灯又不亮了，上次说修好，亮了没几天，晚上还是黑的。",
        "4d",
        (*AT_HOME, replied(), passed()),
        "同一线路接头受潮短路。",
        "更换电缆接头并做防水处理，连续观察三晚正常。",
    ),
)
CALLED_IN_VAIN = tuple(
    Matter(says, ago, (does("agent", "void", "2min", reason="骚扰来电，没有诉求。"),), kind="other", caller=caller)
    for caller, says, ago in (
        (61, "喂，喂，没事，我就试试你们这个号码能不能打通。", "8d"),
        (61, "没事没事，又是我，闲着没事干，打来听听。", "6d"),
        (61, "你们今天谁值班啊，陪我聊聊天。", "5d"),
        (62, "喂……（没有人说话，只有电视的声音）", "4d"),
        (62, "打错了，打错了，再见。", "3d"),
        (62, "喂……（没有人说话）", "2d"),
        (63, "就是打来骂你们几句，爱记不记。", "12d"),
        (63, "又是我，你们这帮人就知道接电话。", "10d"),
    )
)
"""What marks on numbers stand on."""

DOUBTFUL = (
    NOT_CONTACTED,
    IN_MINUTES,
    *BACK_AGAIN,
    _same_words("北大街公厕门口的台阶碎了一角，轮椅上不去，能不能修个坡道？", "16d"),
    _same_words("东大街绿化带的护栏被撞断一截，铁茬子朝外，骑车经过很危险。", "15d"),
    _same_words("南大街的雨水箅子丢了一个，黑窟窿就在公交站旁边。", "13d"),
    _same_words("紫薇大道中间隔离墩歪了一排，晚上看不清，差点撞上去。", "11d"),
    _same_words("德隆街路面有个坑，前天下雨一个骑电动车的大姐摔了。", "10d"),
    _same_words("永明路的路名牌让广告盖住了，外地人来了总问路。", "7d"),
    *CALLED_IN_VAIN,
)
