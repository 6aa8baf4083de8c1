"""What a row says finds its place, and what finds none is kept as it was told; nothing optional decides whether a matter exists."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.preflight import preflight
from hotline.intake.importing.wish import Wish
from hotline.tickets.search.matching import matches
from models import Ticket
from tests.support.cities.imported import Take, by_number, tickets


def csv_of(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "无",
        "-",
        "—",
        "/",
        "0",
        "00",
        "NULL",
        "null",
        "N/A",
        "暂无",
        "2.02603E+13",
        "1E+05",
        "#N/A",
        "(null)",
        "000",
        "  ",
    ],
)
def test_a_placeholder_or_a_rounded_number_is_nobodys(take: Take, tmp_path: Path, number: str) -> None:
    """Found outside: I2."""
    outcome = take(csv_of(tmp_path / "a.csv", "工单编号,诉求内容", f"{number},路灯不亮", f"{number},井盖丢了"))
    assert (outcome.new, outcome.known, outcome.conflict) == (2, 0, 0)


def test_one_number_with_other_words_is_told_and_never_dropped(take: Take, tmp_path: Path) -> None:
    """Found outside: I2."""
    file = csv_of(
        tmp_path / "a.csv",
        "编号,诉求内容,状态",
        "1,三月：路灯不亮,办理中",
        "2,三月：井盖丢了,办理中",
        "2,另一件事,办理中",
    )
    first = take(file, source="town")
    assert (first.new, first.conflict) == (2, 1)
    assert first.told == [(4, first.told[0].reason, "")]
    again = take(
        csv_of(
            tmp_path / "b.csv",
            "编号,诉求内容,状态",
            "1,三月：路灯 不亮,已办结",
            "2,四月：停水,办理中",
            "3,四月：停电,办理中",
        ),
        source="town",
    )
    assert (again.new, again.known, again.conflict) == (1, 1, 1)
    held = [json.loads(line) for line in (tmp_path / "b.csv.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["row"]["诉求内容"]) for one in held] == [(3, "四月：停水")]
    assert "2" in held[0]["reason"]


def test_files_of_two_months_are_two_sources(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I2."""
    assert take(csv_of(tmp_path / "2026.03.csv", "编号,诉求内容", "1,路灯不亮", "2,井盖丢了")).new == 2
    assert take(csv_of(tmp_path / "2026.04.csv", "编号,诉求内容", "1,停水", "2,停电", "3,噪音")).new == 3
    assert {ticket.outer_source for ticket, _t in tickets(installation)} == {"2026.03", "2026.04"}
    assert len(Wish(tmp_path / ("很长的名字" * 20 + "一.csv")).provider) <= 32
    assert (
        Wish(tmp_path / ("很长的名字" * 20 + "一.csv")).provider
        != Wish(tmp_path / ("很长的名字" * 20 + "二.csv")).provider
    )


def test_without_a_number_a_changed_state_makes_no_other_matter(take: Take, tmp_path: Path) -> None:
    """Found outside: I4."""
    assert (
        take(csv_of(tmp_path / "a.csv", "诉求内容,状态,联系电话", "路灯不亮,办理中,13800010001"), source="x").new == 1
    )
    assert (
        take(csv_of(tmp_path / "b.csv", "诉求内容,状态,联系电话", "路灯不亮,已转办,13800010001"), source="x").known == 1
    )


# --- contacts, words, times -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phone",
    ["1.38E+10", "匿名", "138****0001", "+852 9123 4567", "10086", "110", "2525252", "95598", "电话打不通", "☎"],
)
def test_no_number_refuses_a_matter(take: Take, installation: Installation, tmp_path: Path, phone: str) -> None:
    take(csv_of(tmp_path / "a.csv", "编号,诉求内容,联系电话", f"P1,路灯不亮,{phone}"))
    ticket, text = by_number(installation)["P1"]
    kept = (ticket.contact_phone, text.phone_told, text.extra.get("联系电话"))
    assert any(phone.replace(" ", "") in (one or "").replace(" ", "") for one in kept)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("'13800010001", "13800010001"),
        ("13800010001/13900010002", "13800010001"),
        ("\u202d138 0001 0001\u202c", "13800010001"),
        ("手机：13800010001", "13800010001"),
        ("张某 13800010001", "13800010001"),
        ("０３７２－２５２５２５２", "03722525252"),
        ("13800010001(女儿)", "13800010001"),
        ("(0372)2525252", "03722525252"),
        ("0372-2525252转801", "03722525252-801"),
        ("+86 138-0001-0001", "13800010001"),
    ],
)
def test_the_first_good_number_is_the_contacts(
    take: Take, installation: Installation, tmp_path: Path, told: str, number: str
) -> None:
    take(csv_of(tmp_path / "a.csv", "编号,诉求内容,联系电话", f'P1,路灯不亮,"{told}"'))
    assert by_number(installation)["P1"][0].contact_phone == number


def test_words_of_other_hotlines_are_mapped_when_they_are_clear_and_kept_when_they_are_not(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I11."""
    outcome = take(
        csv_of(
            tmp_path / "a.csv",
            "工单编号,诉求内容,诉求类型,紧急程度,来源",
            "W1,路灯不亮,投诉类,普通,微信公众号",
            "W2,谢谢民警,感谢表扬,特急件,12345热线",
            "W3,停水,奇怪的类,橙色,信鸽",
        )
    )
    assert outcome.new == 3
    held = by_number(installation)
    assert [(t.request_type, t.urgency, t.channel) for t, _x in (held["W1"], held["W2"], held["W3"])] == [
        ("complaint", "normal", "wechat"),
        ("praise", "critical", "hotline"),
        ("help", "urgent", "web"),
    ]
    assert held["W3"][1].extra == {"诉求类型": "奇怪的类", "紧急程度": "橙色", "来源": "信鸽"}
    assert outcome.understood is not None
    assert outcome.understood.unknown_words == {
        "request_type": {"奇怪的类": 1},
        "channel": {"信鸽": 1},
        "urgency": {"橙色": 1},
    }


def test_a_time_in_the_future_texts_nobody_and_a_placeholder_is_no_time(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I9."""
    take(
        csv_of(
            tmp_path / "a.csv",
            "编号,诉求内容,联系电话,受理时间",
            "Z1,多年前的路灯,13800030001,9999-12-31",
            "Z2,明年的路灯,13800030002,2027-03-01",
            "Z3,昨天的路灯,13800030003,2026-03-03 12:00",
        )
    )
    held = by_number(installation)
    assert [held[n][0].quiet for n in ("Z1", "Z2", "Z3")] == [True, True, False]
    assert "happened_at" not in held["Z1"][1].extra
    assert held["Z1"][1].extra["受理时间"] == "9999-12-31"


def test_day_and_time_of_day_in_two_columns_are_one_moment(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I12."""
    take(
        csv_of(
            tmp_path / "a.csv",
            "编号,诉求内容,来电时间,来电日期,创建时间",
            "G1,路灯不亮,14:30,2026-03-02,2026-03-03 09:00",
            "G2,停水,下午2:30,2026/3/2 0:00:00,",
        )
    )
    assert {datetime.fromisoformat(text.extra["happened_at"]) for _t, text in tickets(installation)} == {
        datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    }


def test_a_time_that_is_half_understood_is_told_with_its_column(take: Take, tmp_path: Path) -> None:
    outcome = take(
        csv_of(tmp_path / "a.csv", "编号,诉求内容,受理时间", "1,路灯不亮,2026-03-02 傍黑", "2,停水,3/4/2026")
    )
    assert (outcome.new, outcome.rejected) == (0, 2)
    assert all("受理时间" in one.reason for one in outcome.told)


def test_a_second_time_that_cannot_be_read_costs_nothing(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    take(csv_of(tmp_path / "a.csv", "编号,诉求内容,来电时间,派单时间", "1,路灯不亮,2026-03-02 14:30,尚未派单"))
    assert by_number(installation)["1"][1].extra == {"派单时间": "尚未派单", "happened_at": "2026-03-02T14:30:00+08:00"}


def test_facts_of_an_object_inside_the_object_are_read_too(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    row = {
        "id": "J1",
        "content": "路灯不亮",
        "user": {"name": "张某", "phone": "13800010001"},
        "geo": {"grid": "紫藤井"},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    take(tmp_path / "a.jsonl")
    ticket, text = by_number(installation)["J1"]
    assert (ticket.contact_name, ticket.contact_phone, text.extra) == ("张某", "13800010001", {"geo.grid": "紫藤井"})


def test_what_has_no_place_is_kept_and_found(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I4."""
    take(csv_of(tmp_path / "a.csv", "编号,诉求内容,网格员,备注", "1,路灯不亮,紫藤井网格,第三次来电"))
    assert by_number(installation)["1"][1].extra == {"网格员": "紫藤井网格", "备注": "第三次来电"}
    with installation.readings() as db:
        found = matches(db, "紫藤井")
        assert found is not None
        assert db.scalar(select(Ticket.outer_number).where(found)) == "1"


# --- doubts -----------------------------------------------------------------------------------------------------------


def test_a_long_column_left_over_beside_a_title_is_asked_about(take: Take, tmp_path: Path) -> None:
    """Found outside: I4."""
    file = csv_of(
        tmp_path / "a.csv",
        "编号,标题,群众说的话,联系电话",
        "1,路灯问题,平原路与永明路口东北角路灯连续五晚不亮孩子放学看不见路,13800010001",
    )
    with pytest.raises(Refusal, match=r"第 1 行.*群众说的话.*--map body=群众说的话"):
        take(file)
    assert take(file, columns={"body": "群众说的话"}).new == 1
    assert take(file, columns={"body": "标题"}, source="other").new == 1


def test_headings_that_mean_nothing_are_refused_with_the_likely_column(take: Take, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"第 1 行.*甲、乙.*--map body=乙"):
        take(csv_of(tmp_path / "a.csv", "甲,乙", "1,平原路路灯连续五晚不亮孩子放学看不见"))


def test_notes_and_totals_below_a_table_are_told_and_make_no_tickets(take: Take, tmp_path: Path) -> None:
    """Found outside: I13."""
    heads = "工单号,标题,状态,轮次,来源,诉求类型,紧急程度,区县,主办单位,来电人,电话,受理时间"
    outcome = take(
        csv_of(
            tmp_path / "a.csv",
            heads,
            "261127000048,两区交界没有路灯,办理中,1,市长热线,投诉,一般,,,,138****5036,2026-02-27 09:17",
            "合计,1,,,,,,,,,,",
            "",
            "张数,共 1 张，全部在内。",
            "条件,路灯",
            "Exported by,someone",
        )
    )
    assert (outcome.new, [line for line, _w, _s in outcome.told]) == (1, [3, 5, 6, 7])


def test_the_preflight_writes_nothing_and_counts_everything(
    installation: Installation, city: Any, now: datetime, tmp_path: Path
) -> None:
    file = csv_of(
        tmp_path / "a.csv",
        "序号,工单编号,诉求内容,状态,经办人",
        "1,A1,路灯不亮,已办结,李某",
        "2,A1,路灯不亮,已办结,李某",
        "3,A1,井盖丢了,办理中,李某",
        "4,2.02603E+13,停水,办理中,李某",
        "5,A5,,办理中,李某",
    )
    _plan, found = preflight(Wish(file), city, now)
    told = found.plain()
    assert {
        name: told[name]
        for name in (
            "rows",
            "good",
            "wrong",
            "settled",
            "twice_same",
            "twice_other",
            "without_number",
            "rounded_numbers",
        )
    } == {
        "rows": 5,
        "good": 4,
        "wrong": 1,
        "settled": 2,
        "twice_same": 1,
        "twice_other": 1,
        "without_number": 1,
        "rounded_numbers": 1,
    }
    assert told["sheets"][0]["left"] == ["序号", "经办人"]
    assert told["wrong_rows"] == [{"sheet": "", "line": 6, "reason": told["wrong_rows"][0]["reason"]}]
    assert not list(tmp_path.glob("*.rejects*"))
    assert tickets(installation) == []
