"""One matter told twice in other words, and others told beside it: what the search for the same matter is measured on.

Wordings are our own. The second telling of a kind shares as few words with the first as people's do; names of places are
now and then written by ear, cut short or told in another order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.text.pinyin import sounding_like

TOLD: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "0204": (("{p}的路灯不亮，晚上看不见路。", "反映{p}路灯坏了三天没人修。"), ("{p}一到天黑就黑灯瞎火，灯杆成了摆设。", "走到{p}全靠手机照着，照明什么时候恢复？")),
    "0202": (("{p}门口的井盖没了，怕有人掉下去。", "{p}窨井盖松动，车一压哐当响。"), ("{p}有个下水口敞着，盖子不知去向。", "{p}路中间的铁盖子翘起来，骑车差点摔。")),
    "0203": (("{p}下水道堵了，污水往外冒。", "一下雨{p}就积水，排不出去。"), ("{p}污水井返水，臭水流了一地。", "{p}雨停半天水还没过脚脖子，管道怕是不通。")),
    "0102": (("{p}垃圾没人清运，堆成山了。", "{p}的垃圾桶满了好几天。"), ("{p}废物袋子摞了一人高，苍蝇乱飞，环卫不来收。", "{p}保洁多少天没露面，到处是烂菜叶。")),
    "0401": (("{p}的电梯坏了，物业不修。", "{p}物业只收费不管事，楼道没人扫。"), ("{p}上下楼全靠爬，物业说没钱换配件。", "{p}交着物业费，门禁、保洁、绿化样样没人管。")),
    "0301": (("{p}停水两天了，没有通知。", "{p}水压太小，三楼以上没水。"), ("{p}水龙头打开只有风，从前天起就没来过水。", "{p}高层淋浴点不着热水器，自来水细得像线。")),
    "0302": (("{p}停电了，冰箱里的东西全坏了。", "{p}经常跳闸停电。"), ("{p}又没电了，一晚上黑着，供电所没人接。", "{p}三天两头断电，电器烧了好几样。")),
    "0304": (("{p}暖气不热，家里只有十三度。", "{p}供暖不达标，老人受不了。"), ("{p}暖气片摸着冰凉，盖两床被子还冷。", "{p}交了采暖费屋里穿羽绒服，热力公司不来测温。")),
    "0902": (("{p}工地夜里施工，噪音太大睡不着。", "{p}旁边的搅拌站通宵作业。"), ("{p}半夜一两点还在打混凝土，轰隆隆吵得孩子直哭。", "{p}那边罐车一宿不停，窗户都跟着抖。")),
    "0901": (("{p}楼下饭店油烟直排，呛得不敢开窗。", "{p}烧烤店的油烟太大。"), ("{p}一到饭点满屋辣椒味，排烟管正对我家阳台。", "{p}烤串的烟天天往楼上飘，衣服都没法晾。")),
    "0101": (("{p}路边全是摆摊的，占道经营没人管。", "{p}流动摊贩堵住门口。"), ("{p}人行道让卖菜的占满了，走路得下到马路上。", "{p}出口天天被小推车围着，城管一走又回来。")),
    "0205": (("{p}停车位不够，车乱停。", "{p}停车场乱收费。"), ("{p}晚回来一点就没地方搁车，转三圈停到两里外。", "{p}车位被人用地锁圈了，外来的一小时要十块。")),
    "1001": (("{p}工地拖欠工资，干了半年没给钱。", "{p}的老板欠薪跑了。"), ("在{p}干活的十几个人工钱一分没结，包工头关机。", "{p}那家厂子三个月没发饷，找劳动局也没下文。")),
    "1403": (("{p}饭店吃出虫子，吃完拉肚子。", "{p}超市卖过期面包。"), ("在{p}吃了一顿全家上吐下泻，后厨脏得很。", "{p}货架上的牛奶早过了保质期还摆着卖。")),
    "1203": (("{p}乱收费，让家长交资料费。", "{p}食堂饭菜太差还贵。"), ("{p}又让交钱买教辅，不交就点名。", "孩子在{p}吃不饱，一勺菜没几片肉，伙食费却涨了。")),
    "0701": (("到{p}的公交车半小时不来一趟。", "{p}站公交到站不停。"), ("在{p}等车等到腿麻，末班六点就收了。", "{p}招手司机也不减速，把老人甩在站台上。")),
    "0201": (("{p}路面坑洼，车颠得厉害。", "{p}的路破损严重，没人修补。"), ("{p}到处是坑，电动车过去摔了两个人。", "{p}柏油都翻起来了，一下雨看不出深浅。")),
    "0307": (("{p}下一片没有快递员送件上门。", "{p}快递丢件不赔。"), ("{p}的包裹全扔在驿站，腿脚不好的老人取不了。", "寄到{p}的东西没影了，公司只肯退运费。")),
    "0404": (("{p}交房八年办不下房产证。", "{p}不动产证一直不给办。"), ("买{p}的房子这么久没有本本，孩子上学都用不成。", "{p}业主催了多少回，登记中心说开发商没交齐手续。")),
    "0108": (("{p}有人遛狗不拴绳。", "{p}养鸡打鸣扰民。"), ("{p}大狗满院跑，小孩吓得不敢下楼。", "{p}有家养了一群公鸡，四点就叫得人睡不成。")),
}  # fmt: skip
"""Category → first and second telling; {p} is the place. Each line of the first has its counterpart at the same place of the second."""

BY_HAND: tuple[tuple[str, str, str], ...] = (
    ("0204", "彰德路与红旗路交叉口路灯灭了五天。", "红旗路彰德路口晚上没有亮，骑电动车看不见坎，灯该修了。"),
    ("0202", "金秋小区北门的井盖丢了。", "金秋小区北门口那个井敞着口，孩子跑来跑去太悬。"),
    ("0203", "桃园新村污水外溢，流到路上。", "桃园新村化粪池漫出来了，走路都得垫砖头。"),
    ("0201", "东关街45号门前路面塌了一块。", "东关街45号院门外的路陷下去半米，车不敢走。"),
    ("0102", "惠民市场垃圾成堆。", "惠民市场里头好几天没有清扫，脏得没法下脚。"),
    ("0101", "实验幼儿园门口流动摊贩太多。", "实验幼儿园放学那会儿小商小贩占着道，车进不来。"),
    ("0205", "锦江花园停车难，业主无处停车。", "锦江花园车比车位多一倍，天天为抢位子吵架。"),
    ("0301", "朝阳小区5号楼自来水停了一整天。", "朝阳小区5栋没有水，物业说主管道爆了，什么时候能通水？"),
    ("0302", "紫薇家园停电，电梯也停了。", "紫薇家园今天突然没电，困在家里下不去。"),
    ("0304", "龙泉花苑暖气不热。", "龙泉花苑供热管道温度上不来，屋里冷得坐不住。"),
    ("0401", "祥云公寓物业收费高、服务差。", "祥云公寓的物业只会催费，电梯坏了也不报修。"),
    ("0402", "颐和佳苑房屋漏水，开发商不修。", "颐和佳苑刚交的房顶棚渗水，找售楼部没人认账。"),
    ("0404", "盛世华庭办不了不动产证。", "盛世华庭住了六年，房产证还没有办下来。"),
    ("0902", "书香名邸旁工地夜间施工噪音扰民。", "书香名邸隔壁工地大半夜打桩，吵得睡不着觉。"),
    ("0901", "凤凰城楼下餐馆油烟扰民。", "凤凰城一层开饭店的油烟机对着住户窗户吹。"),
    ("1001", "汇丰广场工地拖欠农民工工资。", "我们在汇丰广场打工，老板欠着两个月工资不给。"),
    ("1403", "家和超市销售过期食品。", "在家和超市买的火腿肠已经过了保质期。"),
    ("1203", "第九中学乱收补课费。", "第九中学要求学生交钱补课，一人八百。"),
    ("0701", "到火车站的公交车间隔太长。", "火车站那趟公交，等四十分钟才来一辆。"),
    ("0108", "怡园小区有人养大型犬不拴绳。", "怡园小区的大狗没人管，追着老人咬。"),
)  # fmt: skip
"""(category, as it was told first, as somebody else told it): written by hand, name by name, after everything else was done."""

SURNAMES = "金玉兴盛安康和瑞祥福德昌隆恒丰泰嘉华锦秀春晓明月星辰海山林泉"
ESTATES = ("花园", "家园", "小区", "公寓", "新城", "花苑", "名苑", "佳苑")
OPEN = ("", "你好，", "麻烦管管，", "我要反映一下，", "急，")
END = ("", "请尽快处理。", "打过好几次电话了。", "谢谢。", "盼回复。")


@dataclass(frozen=True)
class PlantedMatter:
    """The same matter as it was told first and as another citizen tells it. category: of both."""

    category: str
    first: str
    again: str


def place_names(count: int, chance: random.Random) -> list[str]:
    """That many different estates."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.sample(SURNAMES, 2)) + chance.choice(ESTATES)] = None
    return list(found)


def by_ear(name: str, chance: random.Random) -> str:
    """The name with one character of its first two written as another that sounds like it."""
    at = chance.randrange(2)
    others = [sign for sign in sounding_like(name[at]) if sign != name[at]]
    return name[:at] + chance.choice(others[:6]) + name[at + 1 :] if others else name


def planted(places: Sequence[str], seed: int) -> Iterator[PlantedMatter]:
    """One matter at each place; every third name of the second telling is written by ear."""
    chance = random.Random(seed)
    for n, place in enumerate(places):
        category = chance.choice(list(TOLD))
        first, again = TOLD[category]
        at = chance.randrange(len(first))
        named = by_ear(place, chance) if n % 3 == 0 else place
        yield PlantedMatter(category, dressed(first[at], place, chance), dressed(again[at], named, chance))


def dressed(line: str, place: str, chance: random.Random) -> str:
    return chance.choice(OPEN) + line.format(p=place) + chance.choice(END)


def others(places: Sequence[str], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(category, text) of other matters, as they were first told, somewhere among these places."""
    chance = random.Random(seed)
    for _n in range(count):
        category = chance.choice(list(TOLD))
        yield category, dressed(chance.choice(TOLD[category][0]), chance.choice(places), chance)
