"""Texts of four categories, put together from parts so that there are as many as a test needs, all different."""

from __future__ import annotations

FOUR = ("0204", "0401", "0701", "1001")
_OPEN = ("你好，", "我反映一下，", "麻烦问问，", "又来打电话了，", "急，", "请管管，")
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "0204": (
        ("东环路的路灯", "巷口灯杆上的灯", "楼前那盏路灯", "整条街的照明"),
        ("不亮，晚上看不见路", "坏了好几天，黑灯瞎火", "一闪一闪，快要灭了", "白天亮晚上不亮"),
    ),
    "0401": (
        ("小区物业公司", "物业经理", "我们物业管理处", "新来的物业"),
        ("只收物业费不干活", "电梯维修一直拖着", "乱涨停车费不贴通知", "把业主委员会的章拿走了"),
    ),
    "0701": (
        ("三路公交车", "早班公交", "公交司机", "开往南站的公交线路"),
        ("半个小时不来一趟", "到站不停甩客", "末班太早下班坐不上", "拒收老年卡还骂人"),
    ),
    "1001": (
        ("工地老板", "包工头", "劳务公司", "厂里"),
        ("拖欠工资三个月不给", "欠薪不发还躲着不见", "说好的工钱一分没结", "克扣农民工工资不打条"),
    ),
}


def texts(code: str, count: int, mark: str = "") -> list[str]:
    """That many different texts of one category; mark keeps those of two calls apart."""
    who, what = _PARTS[code]
    return [f"{_OPEN[n % 6]}{who[n % 4]}{what[(n // 4 + n) % 4]}，第{mark}{n + 1}次说了。" for n in range(count)]
