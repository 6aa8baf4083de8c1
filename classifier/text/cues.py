"""What the caller wants, how urgent it is and whether a person must be rung, read from cue words alone.

The lists are language, not city: "请问" asks and "井盖丢失" is a hazard everywhere. They are written in normalised
form (see words.normalise). A cue preceded by a negation ("没有着火", "防止爆炸") does not count. Whether somebody may die
now is heard apart from them (see the room `danger`): that alone makes a matter critical.
"""

# ruff: noqa: E501 (a list of cue words is read as one piece)
from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from math import exp

from classifier.suggestion import Ranked
from classifier.text.danger import life, staged
from classifier.text.greetings import ANYBODY_THERE
from classifier.text.patterns.late import late
from classifier.text.patterns.prefilter import Prefilter

READ = 3_000

# Weight: words. The heavier say it outright, the light ones only lean.
REQUEST_CUES: Mapping[str, Mapping[float, str]] = {
    "consult": {
        3.0: "想问问 打听 问问 麻烦问 讲一下 能不能说一下 咨询 请问 想问一下 想问下 想了解 想咨询 问一下 请教 求解答 望解答 请解答 疑问 想知道",
        2.0: "几点 几月 哪个窗口 去哪里 在哪报名 在哪里报名 在哪办 要带哪些 要带什么 带什么东西 准备什么 怎么算 标准是 补多少 报多少 多少钱 行不行 符不符合 符合不符合 给不给 要不要 还是得 开门不 用不用 还用 怎么打开 什么手续 有没有的 啥材料 需要啥 电话多少 会怎么样 能不能办 能不能停 能不能上 能不能线上 怎么办理 如何办理 需要什么材料 需要哪些材料 需要什么手续 什么条件 办理流程 什么时候能 什么时候可以 什么时间 在哪里办 去哪里办 是否可以 能否告知 "
        "是多少 有没有规定 有什么政策 符合条件 政策是什么 怎么申请 如何申请 怎么查 如何查询 怎么交 还能不能 可不可以 是否属于 是不是可以 电话是多少 how can question",
        1.0: "吗 呢 是否 多久 哪里 何时 如何 怎么 什么时候 规划 流程 材料 条件 标准是 ?",
    },
    "help": {
        3.0: "求助 求帮助 请求帮助 请帮 帮帮 救救 急需帮助 恳请帮助 请政府帮 help",
        2.0: "帮忙 麻烦派人 派人来 派车 赶紧给 帮我 给想想办法 怎么也得 帮着 解决解决 修修 修一修 管一管 求领导 指条路 实在没有办法 上门 快来人 赶快来 急需 盼着 来修 来看看 能不能帮 请求解决 希望解决 尽快解决 给予解决 帮忙解决 协调解决 恳请 请协调 尽快修 尽快维修 请维修 尽快恢复 困难 没有着落 走投无路 请尽快处理 无法正常",
        1.0: "坏了 不亮 停水 停电 堵了 漏水 没人管 没人修 损坏 破损 希望 请有关部门 望",
    },
    "complaint": {
        3.0: "什么态度 凭什么 糊弄 骗人 投诉 要投诉 我要投诉 不满 维权 讨个说法 讨说法 complain complaint",
        2.0: "不给退 不退 多收 乱收 没人负责 没人管 不管 互相踢 一拖再拖 天天推 一直推 拖着 拖了 装死 不赔 就是不 没说法 没有说法 受不了 没法睡 睡不成觉 睡不着 吵 震得 臭得 不让 说好的 张口就要 跑了一天 找了几次 又涨 又要加钱 加钱 不分青红皂白 空号 冤 到现在 不打表 还要收 说包过 扰民 态度恶劣 态度差 推诿 不作为 乱收费 欺骗 被骗 霸王条款 虚假宣传 拒不退 不予退款 拒绝退款 不退钱 不退款 拖欠 欠薪 违约 退一赔三 侵害 欺诈 强制消费 坑人 太坑 黑心 "
        "不负责任 踢皮球 敷衍 没有答复 不给解决 严重影响",
        1.0: "不合理 噪音 太吵 臭味 恶劣 质问 退费 赔偿 影响 多次反映 屡次 一直没 为何 凭什么",
    },
    "report": {
        3.0: "举报 检举 揭发 实名举报 匿名举报 揭露 report",
        2.0: "没有执照 没有资质 没有手续 偷挖 偷着 偷偷 趁 私了 赌钱 打麻将赌 怀疑 公车 冒充 骗老人 专骗 倒卖 伪造 骗贷 集资 返利 入会 卖假 小作坊 没有处方 未成年人通宵 超载 打过招呼 倒罐 派人去查 去查 少给 违法 非法 违规 偷排 偷税 贪污 受贿 行贿 弄虚作假 假冒伪劣 无证 无照 传销 聚众赌博 赌博 私自 违建 违章建筑 暗箱操作 套取 冒领 吃空饷 公款 克扣 侵占 黑作坊 盗采 盗伐 超标排放 "
        "诈骗 请查处 严查 请严查 查处",
        1.0: "涉嫌 擅自 私搭 腐败 偷偷 执法 监管",
    },
    "suggestion": {
        3.0: "提议 提个想法 提个意见 就好了 建议 提个建议 提一个建议 几点建议 一点建议 合理化建议 献策 建言 suggest suggestion",
        2.0: "最好 不如 能不能把 可以考虑 应当给 多栽 少栽 多装 延长到 延长开放 改成 错开 有没有可能 可以先从 可以对 换大一点 能不能加 开放到 装些 设几个 应该增设 希望增加 希望增设 能否增加 能否增设 可否增设 最好能 希望优化 优化一下 建设成 完善 倡议 呼吁 希望能够增加 希望开通 能否开通 增设",
        1.0: "应该 应当 增加 开通 改善 提高 改进 合理规划",
    },
    "praise": {
        3.0: "点个赞 夸一夸 鞠躬 了不起 暖人心 感动 热乎乎 值得宣传 说声感谢 效率真高 给你们点赞 特来致谢 表扬 感谢信 锦旗 点赞 致谢 特此感谢 衷心感谢 非常感谢 万分感谢 好人好事 praise thank",
        2.0: "真是好人 一点不嫌烦 说话和气 办成了 终于通了 一次就办好 和气 救了 抢救了 多亏 满意 拾金不昧 热情服务 服务态度很好 服务态度好 态度好 耐心细致 认真负责 解决得很好 很满意 非常满意 为民办实事 好样的 感谢",
        1.0: "满意 贴心 暖心 敬业",
    },
}
_ASKED_OF_THE_LINE = late(rf"{ANYBODY_THERE}[?,。!]*")
_PRIOR = {"help": 0.8, "complaint": 0.7, "consult": 0.2}

CRITICAL = (
    "着火 起火 失火 火灾 爆炸 燃气泄漏 煤气泄漏 天然气泄漏 燃气味 煤气味 毒气 氯气 氨气泄漏 液氨 危化品泄漏 触电 漏电 电线掉落 高压线断 塌方 坍塌 塌陷 垮塌 倒塌 溺水 落水 掉进井 掉井里 "
    "坠楼 跳楼 跳河 轻生 自杀 自残 割腕 想不开 不想活 活不下去 昏迷 晕倒 心梗 大出血 食物中毒 集体中毒 一氧化碳中毒 煤气中毒 踩踏 持刀 砍人 绑架 劫持 被困 困在电梯 电梯困人 "
    "人命 出人命 生命危险 危在旦夕 山洪 决堤 溃坝 泥石流 投毒 炸药 雷管 fire explosion suicide"
)
URGENT = (
    "停水 停电 停气 停暖 断水 断电 断气 断供 没水 没电 没有水 没有电 水管爆裂 爆管 水管破裂 大面积 跑水 冒水 污水外溢 污水倒灌 井盖丢失 井盖缺失 没有井盖 井盖没了 路面塌 悬空 高空坠物 "
    "外墙脱落 墙皮脱落 摇摇欲坠 随时可能 危房 倒伏 树倒了 电线垂 电线裸露 裸露电线 线缆低垂 内涝 积水严重 严重积水 倒灌 毒死 刺鼻 污染水源 死鱼 透析 "
    "急用 十万火急 情况紧急 紧急 急急急 急!急 现在就 堵在 无法出行 出不来 urgent"
)
SAFETY_CUES: Mapping[str, str] = {
    "hazard": CRITICAL.replace("跳楼 跳河 轻生 自杀 自残 割腕 想不开 不想活 活不下去 ", "")
    + " 重大隐患 重大安全隐患 严重安全隐患 井盖丢失 井盖缺失 没有井盖 高空坠物 外墙脱落 电线裸露 裸露电线 危房 险情 家暴 校园霸凌 霸凌 猥亵 性侵 强奸 虐待 拐卖 走失 失踪",
    "outage": "大面积停水 大面积停电 大面积停气 大面积停暖 全小区停水 全小区停电 整个小区停水 整个小区停电 整栋楼停 全村停水 全村停电 片区停水 片区停电 水管爆裂 爆管 主管道破裂 "
    "停水多天 停电多天 几天没水 几天没电 好几天没水 好几天没电 多日停水 连续停水 连续停电 整个片区",
    "informant": "举报人 匿名举报 实名举报 请保密 为我保密 替我保密 注意保密 个人信息保密 不要透露 不要泄露 别透露 怕报复 怕被报复 打击报复 害怕报复 遭到报复 线索举报 检举 内部举报",
    "group": "集体上访 集体维权 聚集 群体事件 群体性 拉横幅 堵路 堵门 围堵 静坐 游行 示威 罢工 罢课 罢运 上百人 数百人 几百人 上千人 几十名工人 几十个工人 几百名 全体业主 全体村民 "
    "全体工人 联名 去省里 去北京 进京上访 上访 几百户",
}
# What no single word says: two things near each other, in either order, within one clause.
_NEAR = "[^，,。.!！;；?？]{0,8}"
URGENT_PATTERNS = (
    rf"(?:井盖|下水道盖|(?:井|下水道)的?盖子?){_NEAR}(?:丢|没了|没有|不见|缺|被偷|偷走|坏了|碎|敞|翻|掀|移位|错位|开着)|没盖的|(?:井|下水道)口?{_NEAR}(?:没有?盖|敞着|敞开)",
    "一滴水(?:都|也)没|(?:水|电|气)(?:都|也)?没有?来|没来(?:水|电)|(?:主管|水管|管子|管道)(?:爆|炸|裂|破)|水柱",
    rf"(?:停电|停水|停暖|停气|断电|断水){_NEAR}(?:天|夜|小时)",
    rf"(?:路面|地面|马路|路上|路边){_NEAR}(?:陷|塌|大坑|空洞)",
    rf"(?:暖气|供暖|屋里){_NEAR}(?:冰凉|冻)|停暖|冻得",
    rf"(?:自来水|水){_NEAR}(?:发黄|是黄的|黄色|发黑|腥味|臭味|异味|生虫)",
    rf"(?:锁在|反锁|关在){_NEAR}(?:外|里|门|屋)",
    "呼吸机|制氧机|急需用电|等着救命|救命|快来人|赶快来|死鱼|鱼都死",
    rf"(?:吊着|挂着|只剩){_NEAR}(?:螺丝|绳|钢丝)",
)
OF_MANY = re.compile(
    "[停断没无缺][水电气暖]|停止供|没有?(?:水|电|气|暖气)|没来[水电]|暖气[^,。]{0,4}(?:不热|冰凉|凉)|供暖|水压|爆管|黄水|自来水|异味|臭味|恶臭|刺鼻|废气|污水|黑水|偷排|死鱼|中毒|塌|漏气|燃气|着火|起火|浓烟|outage|no (?:water|power|gas|heat)|stench|pollut"
)
"""Outage, pollution, danger: what presses when many tell of it, though each alone may be a nuisance."""

PATTERNS: Mapping[str, tuple[str, ...]] = {
    "hazard": life.NEAR,
    "urgent": (*life.NEAR, *URGENT_PATTERNS),
}
_CALM_AFTER = re.compile(
    r".{0,4}(?:演练|演习|培训|知识|讲座|预案|预警|保险|宣传|应急包|理赔|干预|的?孩子[^,。]{0,6}补|价(?!钱))"
)
_NOT = ("没有", "没", "不是", "未", "防止", "预防", "避免", "无", "防", "不会", "不存在", "以免", "演练", "预案")


@lru_cache(maxsize=16)
def request_type(text: str) -> tuple[Ranked, ...]:
    """All request types with a probability, best first, from a normalised text."""
    weights, pattern = _request_cues()
    scores: dict[str, float] = dict(_PRIOR)
    spoke: dict[str, list[str]] = {}
    for found in dict.fromkeys(
        match[1] for match in pattern.finditer(_ASKED_OF_THE_LINE.sub("", text[:READ], count=2))
    ):
        for kind, weight in weights[found]:
            scores[kind] = scores.get(kind, 0.0) + weight
            spoke.setdefault(kind, []).append(found)
    total = sum(exp(min(score, 12.0)) for score in scores.values()) + 0.5
    ranked = [Ranked(kind, exp(min(score, 12.0)) / total, tuple(spoke.get(kind, ()))) for kind, score in scores.items()]
    return tuple(sorted(ranked, key=lambda one: (-one.p, one.code)))


@lru_cache(maxsize=16)
def urgency(text: str) -> tuple[str, tuple[str, ...]]:
    """critical where somebody may die now, urgent, or normal; and the words that made it so."""
    if words := tuple(one.words for one in life.life(text)):
        return "critical", words
    if not life.talked_about(text) and (words := _cues_in(staged.without(text), "urgent")):
        return "urgent", words
    return "normal", ()


@lru_cache(maxsize=16)
def safety(text: str) -> tuple[Ranked, ...]:
    """Why a person must look, whatever the scores say; p is 1 because a cue word is there or is not.

    danger and self_harm: somebody may die now. The others only keep a matter from going out unread; praise never does.
    """
    said = life.life(text)
    told = {
        "danger": tuple(one.words for one in said if not one.own_life),
        "self_harm": tuple(one.words for one in said if one.own_life),
    }
    if not life.talked_about(text):
        told |= {code: _cues_in(text, code) for code in SAFETY_CUES if code != "hazard" or not said}
    return tuple(Ranked(code, 1.0, words) for code, words in told.items() if words)


def _cues_in(text: str, of: str) -> tuple[str, ...]:
    """The words and phrases that say it, without those that are denied before or only talked about after."""
    text = text[:READ]
    hits = (*_words(of).finditer(text), *_phrases_in(text, PATTERNS.get(of, ())))
    return tuple(dict.fromkeys(hit[0] for hit in hits if _is_meant(text, hit.start(), hit.end())))


@lru_cache(maxsize=16)
def _phrases_in(text: str, patterns: tuple[str, ...]) -> tuple[re.Match[str], ...]:
    """What no single word says; one list serves a level of urgency and a reason of safety."""
    compiled, only = _compiled(patterns)
    return tuple(hit for number in only.possible(text) for hit in compiled[number].finditer(text))


def _is_meant(text: str, start: int, end: int) -> bool:
    return not text[max(0, start - 3) : start].endswith(_NOT) and not _CALM_AFTER.match(text, end)


@cache
def _words(of: str) -> re.Pattern[str]:
    """The words of a level of urgency or a reason of safety as one pattern."""
    return _any_of({"urgent": f"{CRITICAL} {URGENT}", **SAFETY_CUES}[of].split())


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], ...], Prefilter]:
    return tuple(map(re.compile, patterns)), Prefilter(patterns)


@cache
def _request_cues() -> tuple[dict[str, list[tuple[str, float]]], re.Pattern[str]]:
    weights: dict[str, list[tuple[str, float]]] = {}
    for kind, lists in REQUEST_CUES.items():
        for weight, words in lists.items():
            for word in words.split():
                weights.setdefault(word, []).append((kind, weight))
    return weights, _any_of(list(weights))


def _any_of(words: list[str]) -> re.Pattern[str]:
    """One pattern for many words, longest first; grouped by first character, which the engine skips to fast."""
    heads: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        heads.setdefault(word[0], []).append(word[1:])
    groups = (re.escape(head) + "(?:" + "|".join(map(re.escape, tails)) + ")" for head, tails in sorted(heads.items()))
    return re.compile("(" + "|".join(groups) + ")")
