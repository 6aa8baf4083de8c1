"""Whether the words before "修好了" name things of a city and nothing else: no people, no deed, no number, no doubt."""

from __future__ import annotations

import re

from classifier.answers.doubts import unhappy_words
from classifier.text.words import cut, dictionary_kind

_NEVER = re.compile(
    r"[不没未无非莫勿又还但却才就只仅光半差假别难自己隔壁邻骗糊弄催逼拖罚扣催挨谁啥哪吗呢吧几一二两三四五六七八九十百千万第另其余剩有些个部分谎鬼屁锤毛空白晚迟慢坏糟破烂脏乱臭堵漏呵嘿哈]"
)
_CITYS = (
    "不动产 不锈钢 停车难 出行难 上学难 看病难 办证难 用水难 如厕难 无障碍 残疾人 老旧小区 空调 空开 "
    "手续 低保 五保 退费 补助款 困难补助 临时救助 社保转移 带薪假 罚款 罚单 罚分 燃气费 年卡 老年卡 "
    "驾照 退伍证 准生证 出生证 离职证明 收入证明 居住证明 入园 合同 快递柜 快递 包裹 充电桩 门禁 闸机 "
    "地锁 应急灯 灯杆 线杆 气表 光纤 壁挂炉 自来水 供暖 下水 防水 隔离栏 盲道 扶手 秋千 楼牌 "
    "招牌 围挡 塌陷 村道 小程序 高速费 免费乘车卡 乘车卡 认证 认定 "
    "工伤认定 共享单车 漏水点"
)
_NAMES = re.compile("|".join(sorted(_CITYS.split(), key=len, reverse=True)))
"""Things of a city that the dictionary takes for a deed, does not know, or that hold a sign of doubt and have none."""
_KINDS = ("n", "ns", "nz", "nt", "s", "f", "vn", "l", "j", "nrt", "nrfg", "nr")
_PEOPLE_AND_SIDES = (
    "邻居 朋友 亲戚 家人 老公 老婆 丈夫 妻子 儿子 女儿 父亲 母亲 爸爸 妈妈 哥哥 弟弟 姐姐 妹妹 亲友 "
    "同事 同学 房东 业主 居民 村民 群众 百姓 人家 别人 记者 媒体 电视台 网友 律师 法院 法官 男人 女人 "
    "孩子 老人 老板 骗子 黄牛 中介 开发商 对方 单方 表面 表皮 外面 面子 谎言 借口 理由 部分 花钱 花费 "
    "自费 领导 局长 市长 书记 主任 经理 基本 基本上 大体 大体上 大致 表面上 大半 小半 话 嘴 嘴上 口头 "
    "纸面 纸上 通知 短信 电话 新闻 报道 系统 工单 文件 材料 单子 回复 记录 结论 朋友圈 公告 消息 承诺 "
    "关键 核心 重点 主体 眼前 数据 报纸 网上 左边 右边 前面 后面 对面 对门 楼下 楼上 "
)
_PEOPLE = frozenset(_PEOPLE_AND_SIDES.split())
"""Nouns behind which the thing was not done by those who were asked, or not where it was asked for."""
_SMALL = (
    "事 退款 迁入 迁出 落户 转入 转出 入学 转学 报销 补缴 的 我 我们 咱 咱们 家 门口 小区 院 院里 村 "
    "村里 路 街 楼 里 上 下 口 处 边 水 电 灯 门 窗 墙 井 盖 树 管 道 桥 坑 杆 线 网 钱 款 证 "
    "件 卡 车 位 牌 箱 桶 表 阀 泵 栏 梯 机 "
)
_LITTLE = frozenset(_SMALL.split())


def names_things(words: str) -> bool:
    """Every word of it is a noun of the dictionary that is nobody, or a small word that belongs to one; "" names nothing, and passes."""
    words = _NAMES.sub("路灯", words)
    return (
        not _NEVER.search(words)
        and not unhappy_words(words.replace("垃圾", ""))
        and all(_is_thing(word) for word in cut(words))
    )


def _is_thing(word: str) -> bool:
    return word in _LITTLE or (word not in _PEOPLE and dictionary_kind(word) in _KINDS)
