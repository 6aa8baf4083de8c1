"""What the caller wants, how urgent it is and whether a person must be rung, read from cue words alone.

The lists are language, not city: "请问" asks and "着火" is danger everywhere. They are written in normalised
form (see words.normalise). A cue preceded by a negation ("没有着火", "防止爆炸") does not count as a danger.
"""

# ruff: noqa: E501 (a list of cue words is read as one piece)
from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import exp

from .suggestion import Ranked

READ = 3_000

# Weight: words. The heavier say it outright, the light ones only lean.
REQUEST_CUES: Mapping[str, Mapping[float, str]] = {
    "consult": {
        3.0: "咨询 请问 想问一下 想问下 想了解 想咨询 问一下 请教 求解答 望解答 请解答 疑问 想知道",
        2.0: "怎么办理 如何办理 需要什么材料 需要哪些材料 需要什么手续 什么条件 办理流程 什么时候能 什么时候可以 什么时间 在哪里办 去哪里办 是否可以 能否告知 "
        "是多少 有没有规定 有什么政策 符合条件 政策是什么 怎么申请 如何申请 怎么查 如何查询 怎么交 还能不能 可不可以 是否属于 是不是可以 电话是多少 how can question",
        1.0: "吗 呢 是否 多久 哪里 何时 如何 怎么 什么时候 规划 流程 材料 条件 标准是 ?",
    },
    "help": {
        3.0: "求助 求帮助 请求帮助 请帮 帮帮 救救 急需帮助 恳请帮助 请政府帮 help",
        2.0: "请求解决 希望解决 尽快解决 给予解决 帮忙解决 协调解决 恳请 请协调 尽快修 尽快维修 请维修 尽快恢复 困难 没有着落 走投无路 请尽快处理 无法正常",
        1.0: "坏了 不亮 停水 停电 堵了 漏水 没人管 没人修 损坏 破损 希望 请有关部门 望",
    },
    "complaint": {
        3.0: "投诉 要投诉 我要投诉 不满 维权 讨个说法 讨说法 complain complaint",
        2.0: "扰民 态度恶劣 态度差 推诿 不作为 乱收费 欺骗 被骗 霸王条款 虚假宣传 拒不退 不予退款 拒绝退款 不退钱 不退款 拖欠 欠薪 违约 退一赔三 侵害 欺诈 强制消费 坑人 太坑 黑心 "
        "不负责任 踢皮球 敷衍 没有答复 不给解决 严重影响",
        1.0: "不合理 噪音 太吵 臭味 恶劣 质问 退费 赔偿 影响 多次反映 屡次 一直没 为何 凭什么",
    },
    "report": {
        3.0: "举报 检举 揭发 实名举报 匿名举报 揭露 report",
        2.0: "违法 非法 违规 偷排 偷税 贪污 受贿 行贿 弄虚作假 假冒伪劣 无证 无照 传销 聚众赌博 赌博 私自 违建 违章建筑 暗箱操作 套取 冒领 吃空饷 公款 克扣 侵占 黑作坊 盗采 盗伐 超标排放 "
        "诈骗 请查处 严查 请严查 查处",
        1.0: "涉嫌 擅自 私搭 腐败 偷偷 执法 监管",
    },
    "suggestion": {
        3.0: "建议 提个建议 提一个建议 几点建议 一点建议 合理化建议 献策 建言 suggest suggestion",
        2.0: "应该增设 希望增加 希望增设 能否增加 能否增设 可否增设 最好能 希望优化 优化一下 建设成 完善 倡议 呼吁 希望能够增加 希望开通 能否开通 增设",
        1.0: "应该 应当 增加 开通 改善 提高 改进 合理规划",
    },
    "praise": {
        3.0: "表扬 感谢信 锦旗 点赞 致谢 特此感谢 衷心感谢 非常感谢 万分感谢 好人好事 praise thank",
        2.0: "拾金不昧 热情服务 服务态度很好 服务态度好 态度好 耐心细致 认真负责 解决得很好 很满意 非常满意 为民办实事 好样的 感谢",
        1.0: "满意 贴心 暖心 敬业",
    },
}
_PRIOR = {"help": 0.8, "complaint": 0.6, "consult": 0.2}

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
    "danger": CRITICAL.replace("跳楼 跳河 轻生 自杀 自残 割腕 想不开 不想活 活不下去 ", "")
    + " 重大隐患 重大安全隐患 严重安全隐患 井盖丢失 井盖缺失 没有井盖 高空坠物 外墙脱落 电线裸露 裸露电线 危房 险情 家暴 校园霸凌 霸凌 猥亵 性侵 强奸 虐待 拐卖 走失 失踪",
    "outage": "大面积停水 大面积停电 大面积停气 大面积停暖 全小区停水 全小区停电 整个小区停水 整个小区停电 整栋楼停 全村停水 全村停电 片区停水 片区停电 水管爆裂 爆管 主管道破裂 "
    "停水多天 停电多天 几天没水 几天没电 好几天没水 好几天没电 多日停水 连续停水 连续停电 整个片区",
    "self_harm": "轻生 自杀 自残 割腕 跳楼 跳河 上吊 喝农药 服毒 不想活 活不下去 活着没意思 想死 去死 死给 一死了之 想不开 遗书 同归于尽 结束生命 了结自己 suicide kill myself",
    "informant": "举报人 匿名举报 实名举报 请保密 为我保密 替我保密 注意保密 个人信息保密 不要透露 不要泄露 别透露 怕报复 怕被报复 打击报复 害怕报复 遭到报复 线索举报 检举 内部举报",
    "group": "集体上访 集体维权 聚集 群体事件 群体性 拉横幅 堵路 堵门 围堵 静坐 游行 示威 罢工 罢课 罢运 上百人 数百人 几百人 上千人 几十名工人 几十个工人 几百名 全体业主 全体村民 "
    "全体工人 联名 去省里 去北京 进京上访 上访 几百户",
}
_NOT = ("没有", "没", "不是", "未", "防止", "预防", "避免", "无", "防", "不会", "不存在", "以免", "演练", "预案")


def request_type(text: str) -> tuple[Ranked, ...]:
    """All request types with a probability, best first, from a normalised text."""
    weights, pattern = _request_cues()
    scores: dict[str, float] = dict(_PRIOR)
    spoke: dict[str, list[str]] = {}
    for found in dict.fromkeys(match[1] for match in pattern.finditer(text[:READ])):
        for kind, weight in weights[found]:
            scores[kind] = scores.get(kind, 0.0) + weight
            spoke.setdefault(kind, []).append(found)
    total = sum(exp(min(score, 12.0)) for score in scores.values()) + 0.5
    ranked = [Ranked(kind, exp(min(score, 12.0)) / total, tuple(spoke.get(kind, ()))) for kind, score in scores.items()]
    return tuple(sorted(ranked, key=lambda one: (-one.p, one.code)))


def urgency(text: str) -> tuple[str, tuple[str, ...]]:
    """normal, urgent or critical, and the words that made it so."""
    for level, cues in (("critical", CRITICAL), ("urgent", URGENT)):
        if words := _cues_in(text, cues):
            return level, words
    return "normal", ()


def safety(text: str) -> tuple[Ranked, ...]:
    """Why a person must be rung, whatever the scores say; p is 1 because a cue word is there or is not."""
    found = ((code, _cues_in(text, cues)) for code, cues in SAFETY_CUES.items())
    return tuple(Ranked(code, 1.0, words) for code, words in found if words)


def _cues_in(text: str, cues: str) -> tuple[str, ...]:
    text = text[:READ]
    hits = _pattern(cues).finditer(text)
    return tuple(
        dict.fromkeys(hit[1] for hit in hits if not text[max(0, hit.start() - 3) : hit.start()].endswith(_NOT))
    )


@cache
def _pattern(cues: str) -> re.Pattern[str]:
    return _any_of(cues.split())


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
