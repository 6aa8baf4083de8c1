"""Many people, one matter: found as it grows, warned of once."""

from datetime import UTC, datetime, timedelta

from classifier.hotspots import HotSpot, Item, Settings, find_hotspots, fresh

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WAYS = (
    "锦绣花园停水了\n锦绣花园从早上开始停水，家里没有水用。",
    "锦绣花园小区没水\n我住锦绣花园，停水三个小时了，什么时候来水？",
    "为什么锦绣花园停水\n锦绣花园停水没有通知，老人孩子没法做饭。",
    "停水\n锦绣花园二期停水，打物业电话没人接。",
    "锦绣花园停水何时恢复\n锦绣花园整个小区停水，自来水公司说不知道。",
)
OTHERS = (
    "公交车晚点\n15路公交车早高峰等了四十分钟才来一趟。",
    "广场舞噪音\n滨河公园每天晚上跳舞音响太大，孩子没法写作业。",
    "退休年龄咨询\n我是女职工，今年四十九岁，请问几岁可以退休？",
    "路边乱停车\n文明大道两边停满了车，消防车进不来。",
    "学区划分\n请问建设路的房子对口哪个小学？",
    "路灯不亮\n解放路中段十几盏路灯坏了，晚上一片漆黑。",
    "拖欠工资\n工地老板欠我们两个月的工钱，一直躲着不见。",
    "垃圾没人清\n菜市场门口的垃圾堆了一个星期，臭得很。",
)


def _water(number: int) -> Item:
    return Item(
        f"w{number:02}", NOON + timedelta(minutes=3 * number), "北区", "", "", WAYS[number % 5], f"caller{number}"
    )


def _crowd(many: int) -> list[Item]:
    others = [
        Item(f"o{n}", NOON - timedelta(hours=n), "北区", "", "", text, f"other{n}") for n, text in enumerate(OTHERS)
    ]
    return others + [_water(number) for number in range(many)]


def _spots(items: list[Item], minutes: int = 60, known: list[HotSpot] | None = None) -> list[HotSpot]:
    return find_hotspots(items, NOON + timedelta(minutes=minutes), known or [])


def test_twenty_calls_about_one_matter_are_one_hot_spot() -> None:
    (spot,) = _spots(_crowd(20))
    assert spot.count == 20 and spot.people == 20 and spot.area == "北区"
    assert "锦绣花园" in spot.title and "停水" in "".join(spot.phrases) + spot.title
    assert spot.first_at == NOON and spot.last_at == NOON + timedelta(minutes=57)


def test_a_growing_matter_raises_one_warning_not_twenty() -> None:
    known: list[HotSpot] = []
    warnings = []
    for minute in range(0, 61, 3):
        found = _spots(_crowd(20), minute, known)
        warnings += fresh(found, known)
        known = found
    assert len(warnings) == 1
    assert known[0].key == warnings[0].key and known[0].count == 20


def test_one_person_calling_ten_times_is_no_crowd() -> None:
    items = [Item(f"w{n}", NOON + timedelta(minutes=n), "", "", "", WAYS[n % 5], "same") for n in range(10)]
    assert _spots(_crowd(0) + items) == []


def test_different_matters_are_no_hot_spot() -> None:
    assert _spots(_crowd(0)) == []


def test_the_same_words_in_two_areas_are_two_matters() -> None:
    north, south = [], []
    for n in range(6):
        north.append(
            Item(
                f"n{n}",
                NOON + timedelta(minutes=n),
                "北区",
                "和平路",
                "",
                "和平路路灯坏了\n和平路的路灯不亮，晚上看不见。",
                f"a{n}",
            )
        )
        south.append(
            Item(
                f"s{n}",
                NOON + timedelta(minutes=n),
                "南区",
                "光明街",
                "",
                "光明街水管爆了\n光明街水管爆裂，水流成河。",
                f"b{n}",
            )
        )
    spots = _spots([item for item in _crowd(0) if "路灯" not in item.text] + north + south)
    assert {(spot.area, spot.place, spot.count) for spot in spots} == {("北区", "和平路", 6), ("南区", "光明街", 6)}


def test_what_lies_further_apart_than_the_window_does_not_join() -> None:
    items = [Item(f"w{n}", NOON + timedelta(days=40 * n), "", "", "", WAYS[n % 5], f"c{n}") for n in range(5)]
    assert find_hotspots(_crowd(0) + items, NOON + timedelta(days=300)) == []


def test_heat_fades_and_the_trend_turns_when_nothing_new_comes() -> None:
    now, later = _spots(_crowd(20))[0], _spots(_crowd(20), minutes=60 * 24 * 14)[0]
    assert later.heat < now.heat / 3 and later.trend < 1 < now.trend


def test_the_answer_does_not_depend_on_the_order_of_the_messages() -> None:
    assert _spots(_crowd(12)) == _spots(_crowd(12)[::-1])


def test_messages_without_words_are_survived() -> None:
    assert (
        find_hotspots([Item(str(n), NOON, "", "", "", "？？", "") for n in range(6)], NOON, settings=Settings(people=3))
        == []
    )
