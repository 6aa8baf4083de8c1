"""The model city's files are complete: every matter finds a real unit, every sentence exists in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from classifier.category.keywords import KeywordClassifier
from hotline.city.loader import load_city
from hotline.city.schema import City
from routing.facts import Facts
from routing.rules import Decision, decide

FOLDER = Path(__file__).parents[2] / "hotline" / "city" / "anyang"


@cache
def anyang() -> City:
    return load_city(FOLDER)


@cache
def keywords() -> KeywordClassifier:
    categories = anyang().categories.values()
    return KeywordClassifier(
        {each.code: each.words for each in categories if each.words},
        {each.code: each.parent or "" for each in categories},
    )


def decision(category: str | None, area: str | None = None, **facts: str) -> Decision:
    return decide(anyang().rules, Facts(category=category, area=area, **facts), anyang().directory)


def route(text: str) -> tuple[str | None, str | None]:
    """(category, lead) as the untrained hotline would propose them for a citizen's own words."""
    heard = keywords().suggest(text)
    place = anyang().gazetteer.find(text)
    code = heard.ranked[0].code if heard.ranked else None
    made = decision(code, place.area, text=text, request_type=heard.request_type, town=place.town or "")
    return code, made.lead


def second_level() -> list[str]:
    return [code for code, each in anyang().categories.items() if each.level == 2]


def test_every_link_in_every_text_stands_alone() -> None:
    """Found outside: T8."""
    for name in ("hotline/city/anyang", "tests/city/tinytown"):
        for text in load_city(Path(name)).texts.values():
            for words in (text.zh, text.en):
                assert not re.search(r"\S\{link\}|\{link\}(?!\s|$)", words), (name, text.key)


def test_the_city_loads_without_a_single_warning():
    assert anyang().warnings == ()


def test_the_taxonomy_is_complete():
    categories = anyang().categories.values()
    assert [each.code for each in categories if each.level == 1] == [f"{n:02}" for n in range(1, 23)]
    assert len(second_level()) >= 165
    assert anyang().categories["1807"].name == "12345 服务"
    assert max(len(each.name) for each in categories) <= 14


def test_every_second_level_category_has_words_of_its_own():
    few = [code for code in second_level() if len(anyang().categories[code].words) < 5]
    assert few == []


def test_a_word_belongs_to_one_category_with_few_exceptions():
    owners: dict[str, set[str]] = {}
    for each in anyang().categories.values():
        for word in each.words:
            owners.setdefault(word, set()).add(each.code)
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}


def test_categories_of_danger_are_never_dispatched_by_the_clock():
    safety = {code for code, each in anyang().categories.items() if each.safety}
    assert {"0303", "1901", "1903", "1907", "1407", "1403", "0801"} <= safety
    assert not safety & {"0401", "0702", "1806"}


def test_the_units_are_those_of_the_city():
    units = anyang().units.values()
    counts = {kind: sum(unit.kind == kind for unit in units) for kind in ("area", "department", "utility", "town")}
    assert counts["area"] == 11
    assert counts["department"] >= 44
    assert counts["utility"] == 12
    assert counts["town"] >= 120
    assert set(anyang().outside) == {"110", "119", "120", "122", "jijian", "province", "nation"}


def test_every_rule_says_why_in_both_languages():
    assert len(anyang().rules) >= 150
    for rule in anyang().rules:
        assert len(rule.reason) >= 8 and any("\u4e00" <= letter <= "\u9fff" for letter in rule.reason), rule.id
        assert rule.reason_en.isascii() and len(rule.reason_en) >= 15, rule.id


@pytest.mark.parametrize("area", [None, *anyang().areas])
def test_every_category_finds_a_real_unit(area: str | None):
    units = anyang().units
    for code in anyang().categories:
        for kind in ("help", "report"):
            made = decision(code, area, request_type=kind)
            assert made.lead in units and set(made.helpers) <= set(units), (code, area, kind)


@pytest.mark.parametrize("area", [None, *anyang().areas])
def test_every_rule_leads_to_a_real_unit(area: str | None):
    for rule in anyang().rules:
        for code in rule.categories or second_level()[:1]:
            for lead in (rule.lead, *rule.helpers):
                found = anyang().directory.find(lead, Facts(category=code, area=area)).unit
                assert found in anyang().units, (rule.id, lead, area)


def test_a_territorial_matter_goes_to_the_districts_own_bureau_and_not_to_a_town():
    assert decision("0101", "wenfeng").lead == "wenfeng-chengguan"
    assert decision("0101").lead == "chengguan"


def test_a_zone_without_the_bureau_handles_the_matter_itself():
    assert decision("1310", "gaoxin").lead == "gaoxin"


def test_danger_comes_before_everything_else():
    ids = [rule.id for rule in anyang().rules]
    assert ids.index("gas-leak") < ids.index("gas-county")
    assert ids.index("self-harm") == 0
    assert ids[-22:] == [f"default-{n:02}" for n in range(1, 23)]


def test_every_text_renders_in_both_languages():
    for text in anyang().texts.values():
        filled = dict.fromkeys(text.params, "12")
        for code in ("zh", "en"):
            said = text.fill(code, **filled)
            assert said and "{" not in said and "}" not in said, text.key


def test_a_text_to_a_citizen_fits_into_140_characters_before_the_answer_is_filled_in():
    empty = {param: "" for text in anyang().texts.values() for param in text.params}
    for text in anyang().texts.values():
        if text.to == "citizen":
            assert len(text.fill("zh", **empty)) <= 100, text.key


def test_a_survey_says_what_to_reply():
    asked = anyang().texts["survey"]
    for said in (asked.zh, asked.en, anyang().texts["survey_reminder"].zh):
        assert all(number in said for number in "123")


def test_sixteen_reasons_and_a_checklist_that_uses_them():
    assert list(anyang().reasons) == [f"R{n:02}" for n in range(1, 17)]
    assert 10 <= len(anyang().checklist) <= 14
    assert anyang().checklist[0].reason == "R01"


def test_every_matter_out_of_scope_has_a_right_route():
    assert set(anyang().routes) == {
        "emergency",
        "litigation",
        "petition",
        "party",
        "court",
        "procuratorate",
        "army",
        "secret",
        "other-city",
        "closed",
        "abuse",
    }


@pytest.mark.parametrize(
    ("clock", "kind", "urgency", "amount", "unit"),
    [
        ("dispatch", "help", "normal", 24, "h"),
        ("dispatch", "help", "urgent", 2, "h"),
        ("sign", "help", "urgent", 30, "min"),
        ("contact", "help", "normal", 24, "h"),
        ("objection", "help", "normal", 1, "wd"),
        ("ruling", "help", "normal", 1, "wd"),
        ("reply", "consult", "normal", 3, "wd"),
        ("reply", "help", "normal", 5, "wd"),
        ("reply", "complaint", "normal", 10, "wd"),
        ("reply", "report", "normal", 10, "wd"),
        ("feedback", "help", "urgent", 2, "h"),
        ("review", "help", "normal", 1, "wd"),
        ("review", "help", "urgent", 2, "h"),
        ("answer", "help", "normal", 72, "h"),
    ],
)
def test_the_province_profile_keeps_the_provinces_limits(clock: str, kind: str, urgency: str, amount: int, unit: str):
    span = anyang().profiles["henan"].span(clock, kind, urgency)
    assert span is not None and (span.amount, span.unit) == (amount, unit)


def test_small_matters_the_same_day_major_ones_three_days_grave_ones_five():
    own = anyang().profiles["anyang-2012"]
    spans = [own.span("reply", kind, "normal") for kind in ("consult", "help", "complaint")]
    assert [str(span) for span in spans] == ["24h", "3d", "5d"]
    assert anyang().profile == "henan"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-01-26", True),
        ("2025-09-28", True),
        ("2025-10-08", False),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-02-28", True),
        ("2026-05-05", False),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_the_calendar_follows_the_state_councils_notice(day: str, working: bool):
    assert anyang().calendar.is_working_day(date.fromisoformat(day)) is working


def test_the_year_without_a_notice_is_counted_by_weekdays_and_known_to_be_missing():
    calendar = anyang().calendar
    assert set(calendar.missing_years(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC))) == {2027}
    assert not set(calendar.missing_years(datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)))
    assert calendar.is_working_day(date(2027, 1, 4)) and not calendar.is_working_day(date(2027, 1, 3))


def test_streets_and_villages_name_their_district():
    find = anyang().gazetteer.find
    assert find("林州市姚村镇的路灯不亮").area == "linzhou"
    assert find("殷墟博物馆门口乱停车").area == "yindu"
    assert find("道口古镇景区收费").area == "huaxian"
    assert find("水冶镇珍珠泉附近").town == "yindu-shuiye-town"
    assert find("中华路上有个坑").area is None
    assert find("小区内黄土裸露").area is None
    assert find("文峰区中华路上有个坑").area == "wenfeng"


COMPLAINTS = {
    # 市容环卫
    "文峰区东大街天天有流动摊贩占道经营，堵得走不过去": "wenfeng-chengguan",
    "北关区灯塔路垃圾堆积好几天没人清运": "beiguan-chengguan",
    "殷都区梅东路公厕晚上锁门，上厕所难": "yindu-chengguan",
    "龙安区文昌大道一户居民在楼顶私搭乱建彩钢房": "longan-chengguan",
    "汤阴县城关镇路边树枝遮挡路灯，请修剪树木": "tangyin-chengguan",
    "高新区黄河大道渣土车抛洒，尘土飞扬": "gaoxin-chengguan",
    "文峰区安居园社区有人养了大型犬不牵绳，咬伤了孩子": "wenfeng-police",
    # 市政设施
    "北关区红旗路路面坑洼，骑车摔倒好几个人": "beiguan-chengguan",
    "文峰区朝阳路井盖丢失，晚上很危险": "wenfeng-chengguan",
    "文峰区永明路下水道堵塞，污水横流": "wenfeng-chengguan",
    "殷都区钢花路路灯不亮": "yindu-chengguan",
    "林州市合涧镇村里的路灯不亮，晚上黑灯瞎火": "linzhou-hejian",
    # 公用事业
    "文峰区德隆街自来水停水一天了，水压也低": "water-company",
    "北关区频繁停电，供电所说变压器负荷不够": "power-company",
    "家里闻到很浓的煤气味，可能燃气泄漏，文峰区光华路": "gas-company",
    "龙安区暖气不热，室温只有十四度，供暖效果差": "heat-company",
    "滑县道口镇街道暖气不热，供暖不达标": "huaxian-housing",
    "联通宽带网速慢，打客服没用，套餐乱扣费": "unicom",
    "菜鸟驿站不送货上门，快递丢件也不赔": "postal",
    # 住房物业
    "文峰区世纪花园社区物业公司不作为，物业费照收": "wenfeng-housing",
    "内黄县开发商延期交房，楼盘烂尾两年": "neihuang-housing",
    "殷都区回迁房一直没建好，过渡费也停发了": "yindu",
    "公积金提取需要怎么操作，公积金贷款额度多少": "fund",
    "林州市小区入住五年办不了房产证": "linzhou-resources",
    # 规划、土地、工程、交通
    "安阳县白璧镇有人占用耕地建厂房，非法占地": "anyangxian-resources",
    "滑县有人半夜在河道里非法采砂": "huaxian-water",
    "文峰区弦歌大道工地夜间施工扰民，打桩到凌晨": "wenfeng-chengguan",
    "内黄县楚旺镇乡村道路坏了，县道坑洼": "neihuang-transport",
    "公交车甩站不停，公交司机态度恶劣": "bus-company",
    "出租车司机不打表还拒载": "transport",
    "林州市驾校教练吃拿卡要，要求驾校退费": "linzhou-transport",
    "107国道路面破损严重，公路养护没人管": "transport",
    # 公安
    "北关区广场舞音响太大，噪音扰民": "beiguan-police",
    "身份证丢了怎么补办，户口在滑县": "huaxian-police",
    "文峰区中华路红绿灯配时不合理，绿灯时间太短": "wenfeng-traffic",
    "殷都区纱厂路人行道上乱停车，违停严重": "yindu-chengguan",
    "文峰区消防通道被私家车违停堵住": "wenfeng-fire",
    # 生态环境
    "文峰区饭店油烟直排，油烟扰民": "wenfeng-chengguan",
    "殷都区铜冶镇工厂偷排工业废水，河水发臭": "yindu-ecology",
    "林州市工厂车间噪音，机器轰鸣到半夜": "linzhou-ecology",
    "汤阴县养猪场猪粪臭味熏天，粪污乱排": "tangyin-ecology",
    "滑县焦虎镇有人烧秸秆，浓烟很大": "huaxian-jiaohu",
    # 劳动社保、医疗、教育
    "在滑县工地干活，包工头拖欠工资半年": "huaxian-hrss",
    "高新区公司不签劳动合同，加班不给加班费": "gaoxin-hrss",
    "灵活就业人员养老保险怎么缴费，文峰区社保": "wenfeng-hrss",
    "社保卡丢了在哪补办": "hrss",
    "异地就医医保报销比例是多少": "medins",
    "内黄县一家黑诊所非法行医": "neihuang-health",
    "文峰区小学入学怎么划片，学区怎么规定": "wenfeng-education",
    "殷都区培训班关门跑路，校外培训退费难": "yindu-education",
    "北关区学校食堂饭菜有问题，伙食费还涨价": "beiguan-education",
    # 民政、市场、农业
    "安阳县低保户名额不公，申请低保没批": "anyangxian-civil",
    "残疾证怎么办理，残疾评定去哪": "disabled",
    "退役军人优待证怎么申请，文峰区": "wenfeng-veterans",
    "龙安区一家黑作坊生产食品，食品安全没保障": "longan-market",
    "文峰区理发店办卡后关门跑路，会员卡不退款": "wenfeng-market",
    "北关区菜市场缺斤短两，电子秤不准": "beiguan-market",
    "小区电梯困人，电梯故障没人修，文峰区": "wenfeng-market",
    "内黄县井店镇村支书不公开村务，村账不清": "neihuang-jingdian",
    "滑县种粮补贴没发，惠农补贴款没到": "huaxian-agriculture",
    "汤阴县机井不能用，农田灌溉浇不上地": "tangyin-agriculture",
    # 文旅、经济、政务、应急、司法、其他
    "有人在殷墟遗址附近盗墓，破坏文物保护": "heritage",
    "林州市红旗渠景区门票太贵，景区服务差": "linzhou-culture",
    "文峰区健身房倒闭，健身卡不退": "wenfeng-market",
    "商家不开发票，举报偷税漏税": "tax",
    "银行贷款利息太高，信用卡催收骚扰": "financial",
    "反映村支书贪污受贿，举报干部腐败": "jijian",
    "文峰区小区里电动车上楼充电，飞线充电有消防隐患": "wenfeng-fire",
    "林州市山体滑坡，有地质灾害": "linzhou-resources",
    "申请法律援助需要什么条件，想找律师": "justice",
    "有人要跳楼轻生，在北关区": "beiguan-police",
    "感谢12345话务员，给你们点赞表扬": "hotline",
    "多次拨打12345话务员态度不好，回复不满意": "hotline",
    "文峰区小区内绿化带树木没人修剪": "wenfeng-housing",
    "北关区小区旁边工地黄土裸露，工地扬尘大": "beiguan-housing",
    "滑县老店镇秸秆焚烧没人管": "huaxian-laodian",
    "车被堵住了，请帮忙联系车主挪车": "hotline",
}


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_citizens_own_words_find_the_right_unit(text: str):
    category, lead = route(text)
    assert lead == COMPLAINTS[text], f"category {category}"


def test_words_that_end_in_a_stop_do_not_end_their_sentence_twice() -> None:
    text, said = anyang().texts["petition_decided"], {"number": "1", "kind": "申请延期"}
    assert text.fill("zh", **said, result="同意，请每周报一次进度。").endswith("请每周报一次进度。")
    assert text.fill("en", **said, result="granted. Call weekly... then write.").endswith("weekly... then write.")
