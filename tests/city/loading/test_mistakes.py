"""A bad folder becomes sentences with file and line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.city.loader import FILES
from hotline.i18n import speaking
from tests.city.loading.spoiling import mistakes, spoil, warnings

SPOILT = [
    ("city.yaml", "limits: plain", "limits: fancy", "city.yaml 第 7 行：limits.yaml 里没有“fancy”这套时限"),
    (
        "city.yaml",
        "America/Bogota",
        "America/Nowhere",
        "city.yaml 第 5 行：时区“America/Nowhere”不存在，应如 Asia/Shanghai",
    ),
    ("city.yaml", "0.9", "lots", "city.yaml 第 10 行：“auto_dispatch”应是数字，不能是“lots”"),
    ("city.yaml", "0.9", "9", "city.yaml 第 10 行：“auto_dispatch”应在 0 与 1 之间"),
    ("city.yaml", "0.9", "nan", "city.yaml 第 10 行：“auto_dispatch”应在 0 与 1 之间"),
    ("city.yaml", "_on: yes", "_on: maybe", "city.yaml 第 9 行：“auto_dispatch_on”应写 yes 或 no，不能是“maybe”"),
    ("city.yaml", "auto_dispatch: 0.9", "autodispatch: 0.9", "city.yaml 第 10 行：不认识的字段“autodispatch”"),
    ("city.yaml", "10:00-19:00", "ten", "city.yaml 第 11 行：“civil_hours”应如 09:00-20:30，不能是“ten”"),
    ("city.yaml", "name_en: Tinytown\n", "", "city.yaml 第 2 行：缺少“name_en”"),
    (
        "city.yaml",
        "code: tinytown",
        "code: Tiny Town",
        "city.yaml 第 2 行：代码“Tiny Town”只能用小写字母、数字、- 和 _，最长 31 位",
    ),
    (
        "units.yaml",
        "name: 路灯所",
        'name: "路灯\\u202e所"',
        "units.yaml 第 4 行：“name”里有看不见的字符（零宽或改变方向的字符），请删去重新输入",
    ),
    (
        "units.yaml",
        "aliases: [码头片区]",
        'aliases: ["码头\\u200b片区"]',
        "units.yaml 第 18 行：“aliases”里有看不见的字符（零宽或改变方向的字符），请删去重新输入",
    ),
    (
        "units.yaml",
        "name: 路灯所",
        "name: 市 民",
        "units.yaml 第 4 行：“市 民”不能作名称：有换行，或是系统和市民的称呼",
    ),
    (
        "units.yaml",
        "name_en: Lamp Office",
        "name_en: ＳＹＳＴＥＭ",
        "units.yaml 第 4 行：“ＳＹＳＴＥＭ”不能作名称：有换行，或是系统和市民的称呼",
    ),
    ("units.yaml", "code: lamps", "code: water", "units.yaml 第 5 行：单位代码“water”与第 4 行重复"),
    ("units.yaml", "parent: streets", "parent: nobody", "units.yaml 第 4 行：单位“lamps”的上级“nobody”不存在"),
    (
        "units.yaml",
        "{code: streets, ",
        "{code: streets, parent: lamps, ",
        "units.yaml 第 4 行：单位“lamps”的上级关系绕成了圈",
    ),
    (
        "units.yaml",
        "kind: utility",
        "kind: firm",
        "units.yaml 第 5 行：“kind”不能是“firm”，可选：department area bureau utility town hotline outside",
    ),
    (
        "units.yaml",
        "bureaus: all",
        "bureaus: [parks]",
        "units.yaml 第 16 行：没有“parks”这类县区部门，请先写进 bureaus",
    ),
    ("units.yaml", "city: streets", "city: roads", "units.yaml：县区部门“streets”对应的市级单位“roads”不存在"),
    ("units.yaml", "kind: hotline", "kind: department", "units.yaml：应有且只有一个 kind: hotline 的单位，现有 0 个"),
    (
        "units.yaml",
        "name: 自来水公司",
        "name: " + "水" * 65,
        "units.yaml 第 5 行：“" + "水" * 65 + "”太长，最多 64 个字符",
    ),
    ("categories.yaml", "    lead: streets\n", "", "categories.yaml 第 2 行：类别“01”没有默认承办单位 lead"),
    ("categories.yaml", "lead: water", "lead: wine", "categories.yaml 第 14 行：承办单位“wine”不存在"),
    (
        "categories.yaml",
        "bureau:streets",
        "bureau:parks",
        "categories.yaml 第 6 行：“in_area: bureau:parks”看不懂，可写 none、area 或 bureau:部门类别",
    ),
    ("categories.yaml", "code: 0102", "code: 0101", "categories.yaml 第 10 行：类别代码“0101”重复"),
    (
        "categories.yaml",
        "code: 0102",
        "code: 0302",
        "categories.yaml 第 10 行：类别代码“0302”应是上级代码“01”再加两位数字",
    ),
    ("dispatch.yaml", "    reason: 码头街道自管道路\n", "", "dispatch.yaml 第 10 行：缺少“reason”"),
    ("dispatch.yaml", "lead: water", "lead: wine", "dispatch.yaml 第 6 行：承办单位“wine”不存在"),
    ("dispatch.yaml", "[bureau:streets]", "[bureau:parks]", "dispatch.yaml 第 7 行：没有“parks”这类县区部门"),
    (
        "dispatch.yaml",
        "lead: town",
        "lead: mayor:x",
        "dispatch.yaml 第 15 行：“mayor:x”看不懂，可写单位代码、bureau:部门类别、area、town 或 category",
    ),
    ("dispatch.yaml", "[0101]", "[0909]", "dispatch.yaml 第 12 行：类别“0909”不存在"),
    ("dispatch.yaml", "[harbour]", "[moon]", "dispatch.yaml 第 13 行：县区“moon”不存在"),
    ("dispatch.yaml", "id: pier-potholes", "id: burst-pipe", "dispatch.yaml 第 10 行：规则编号“burst-pipe”重复"),
    (
        "dispatch.yaml",
        "      categories: [0101]\n      areas: [harbour]\n      streets: [码头街道]",
        "      categories: [0201]\n      any_words: [水管爆管]",
        "dispatch.yaml 第 10 行：规则“pier-potholes”永远轮不到：第 2 行的“burst-pipe”已包含它",
    ),
    (
        "dispatch.yaml",
        "any_words: [爆管, 喷水]",
        "any_words: [爆管]\n      not_words: [爆管]",
        "dispatch.yaml 第 3 行：规则“burst-pipe”自相矛盾，永远不会命中",
    ),
    (
        "dispatch.yaml",
        "    when:\n      categories: [02]\n      any_words: [爆管, 喷水]\n",
        "",
        "dispatch.yaml 第 2 行：规则“burst-pipe”没有写任何条件 when",
    ),
    (
        "limits.yaml",
        "8wh",
        "eight",
        "limits.yaml 第 6 行：“dispatch”的时限“eight”看不懂，可写 30min、24h、180d、3wd、8wh",
    ),
    (
        "limits.yaml",
        "default: 6wd",
        "help: 6wd",
        "limits.yaml 第 11 行：缺少这些诉求类型的时限：complaint report suggestion praise other（或写 default）",
    ),
    ("limits.yaml", "      ruling: 1wd\n", "", "limits.yaml 第 6 行：缺少时限“ruling”"),
    ("limits.yaml", "review: 4wh", "revue: 4wh", "limits.yaml 第 13 行：不认识的字段“revue”"),
    (
        "limits.yaml",
        "off_hours: defer",
        "off_hours: sleep",
        "limits.yaml 第 7 行：“off_hours”不能是“sleep”，可选：defer run",
    ),
    ("calendar.yaml", "13:00-17:00", "11:00-17:00", "calendar.yaml 第 1 行：“hours”各段须按先后写，起早于止，不能重叠"),
    ("calendar.yaml", "13:00-17:00", "afternoon", "calendar.yaml 第 1 行：工作时段“afternoon”看不懂，应如 08:30-12:00"),
    ("calendar.yaml", "2026-01-01", "2026-02-30", "calendar.yaml 第 5 行：日期“2026-02-30”看不懂，应如 2026-01-01"),
    (
        "calendar.yaml",
        "to: 2026-12-25",
        "to: 2026-12-23",
        "calendar.yaml 第 6 行：假期的起止日期不对：2026-12-24 至 2026-12-23",
    ),
    ("calendar.yaml", "[2026-12-19]", "[2025-12-20]", "calendar.yaml 第 7 行：2025-12-20 不在 2026 年"),
    ("calendar.yaml", "[2026-12-19]", "[2026-12-25]", "calendar.yaml：2026-12-25 既是假日又是调休上班日"),
    ("checklist.yaml", "reason: R01", "reason: R99", "checklist.yaml 第 4 行：退回原因“R99”不存在"),
    ("messages.yaml", "{number}。", "{nummer}。", "messages.yaml 第 4 行：“zh”用了没有在 params 声明的 {nummer}"),
    ("messages.yaml", ", number {number}", "", "messages.yaml 第 5 行：“en”缺少 params 声明的 {number}"),
    ("messages.yaml", "{number}。", "{number。", "messages.yaml 第 4 行：“zh”里的花括号不成对"),
    (
        "messages.yaml",
        "    params: [number]\n    zh: 已收到，编号{number}。",
        "    params: [number, link]\n    zh: 已收到{number}，请点{link}查看。",
        "messages.yaml 第 4 行：“zh”里的 {link} 前后要留空格，或放在末尾：有的手机会把紧挨着的字当成链接的一部分",
    ),
    ("messages.yaml", "{number}。", "{number:>9}。", "messages.yaml 第 4 行：“zh”里的花括号只能写参数名，如 {number}"),
    ("messages.yaml", '    en: "We have your request, number {number}."\n', "", "messages.yaml 第 3 行：缺少“en”"),
    ("places.csv", "观景台,hill", "观景台,moon", "places.csv 第 7 行：县区“moon”不存在"),
    ("places.csv", "harbour-pier", "hill", "places.csv 第 6 行：“hill”不是该县区的乡镇或街道"),
    (
        "places.csv",
        "landmark,",
        "castle,",
        "places.csv 第 7 行：“kind”不能是“castle”，可选：road community landmark town",
    ),
    ("places.csv", "观景台,hill,,", "观景台,hill", "places.csv 第 7 行：应有 5 列，现有 3 列"),
    ("places.csv", "灯塔巷", "巷", "places.csv 第 5 行：地名“巷”至少要两个字"),
    ("places.csv", "kind,name", "name,kind", "places.csv 第 1 行：第一行应是：kind,name,area,town,aliases"),
    ("words.txt", "观景台", "观景 台", "words.txt 第 3 行：每行只写一个词，不能有空格"),
    ("checklist.yaml", "  - {code: clear", "\t- {code: clear", "checklist.yaml 第 4 行：行首有制表符，请改用空格"),
    ("checklist.yaml", "items:\n", "items:\nitems:\n", "checklist.yaml 第 4 行：“items”写了两次"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), SPOILT)
def test_a_mistake_is_a_sentence_with_file_and_line(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    spoil(folder, file, old, new)
    assert sentence in mistakes(folder)


def test_all_mistakes_come_at_once_in_the_order_of_the_files(folder: Path) -> None:
    spoil(folder, "city.yaml", "limits: plain", "limits: fancy")
    spoil(folder, "units.yaml", "code: lamps", "code: water")
    spoil(folder, "places.csv", "观景台,hill", "观景台,moon")
    spoil(folder, "messages.yaml", "{number}。", "{nummer}。")
    found = mistakes(folder)
    assert [sentence.split(" ")[0] for sentence in found] == sorted(sentence.split(" ")[0] for sentence in found)
    assert {sentence.split(" ")[0] for sentence in found} >= {"city.yaml", "messages.yaml", "places.csv", "units.yaml"}


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_one_sentence_and_drags_nobody_else_down(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert mistakes(folder) == [f"{name}：缺少这个文件"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_in_another_encoding_is_told_by_its_line(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"# one\n# " + "小镇".encode("gb18030") + b"\n")
    assert mistakes(folder) == [f"{name} 第 2 行：不是 UTF-8 编码，请另存为 UTF-8"]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("yaml")])
def test_broken_yaml_is_one_sentence_and_drags_nobody_else_down(folder: Path, name: str) -> None:
    (folder / name).write_text("one: [two\nthree: four\n", "utf-8")
    found = mistakes(folder)
    assert len(found) == 1
    assert found[0].startswith(f"{name} 第 2 行：YAML 写法有误")


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("yaml")])
@pytest.mark.parametrize("content", ["", "- a\n- b\n", "just words\n", "a: {b: {c: [d]}}\n", "? [a, b]\n: c\n"])
def test_odd_yaml_is_refused_and_never_crashes(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, "utf-8")
    assert mistakes(folder)


def test_a_wrong_lead_is_told_once_and_not_again_for_every_child(folder: Path) -> None:
    spoil(folder, "categories.yaml", "lead: streets", "lead: wine")
    spoil(folder, "categories.yaml", "bureau:streets", "bureau:parks")
    assert len(mistakes(folder)) == 2


def test_yaml_that_quotes_itself_comes_to_an_end(folder: Path) -> None:
    spoil(folder, "categories.yaml", "categories:\n", "categories:\n  - &a {code: 09, children: [*a]}\n")
    assert mistakes(folder)


def test_an_empty_folder_names_all_ten_files(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path)) == 10


def test_mistakes_are_english_for_an_english_reader(folder: Path) -> None:
    (folder / "words.txt").unlink()
    with speaking("en"):
        assert mistakes(folder) == ["words.txt: this file is missing"]


WARNED = [
    ("calendar.yaml", "[2026-12-19]", "[2026-12-18]", "calendar.yaml 第 7 行：2026-12-18 本来就是工作日，不必写进调休"),
    (
        "calendar.yaml",
        "years:\n",
        "years:\n  - {year: 2023, holidays: [{from: 2023-01-01}]}\n",
        "calendar.yaml：缺少 2024 年的节假日，暂按周一至周五上班计算",
    ),
    ("places.csv", "灯塔巷,harbour", "海滨大道,harbour", "places.csv 第 5 行：与第 3 行重复"),
    ("words.txt", "观景台", "海滨大道", "words.txt 第 3 行：与第 2 行重复"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), WARNED)
def test_a_warning_does_not_stop_the_city(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    spoil(folder, file, old, new)
    assert sentence in warnings(folder)
