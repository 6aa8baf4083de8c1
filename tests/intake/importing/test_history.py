"""What another system settled comes in settled, in its own time; no clock runs, nobody is texted, and the story says where it is from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.intake.importing.words import end_of, rating_of
from hotline.metrics.counting import rates
from hotline.metrics.question import Question
from hotline.outbox.bulk import run_all_due
from hotline.tickets.display import timeline
from models import Deadline, Job, Message, Reply, Survey, Ticket, TicketEvent
from tests.support.cities.imported import Take, by_number

HEADS = "工单编号,诉求内容,联系电话,受理时间,状态,承办单位,答复,满意度,办结时间"
SETTLED = "HC1,平原路路灯连续五晚不亮,13800010001,2026-02-03 09:30,已办结,市城市管理局,已于次日修复，请联系13900000000。,满意,2026-02-05 17:10"


@pytest.fixture
def settled(take: Take, installation: Installation, tmp_path: Path) -> tuple[Ticket, Any]:
    (tmp_path / "旧热线.csv").write_text(f"{HEADS}\n{SETTLED}\n", encoding="utf-8")
    assert take(tmp_path / "旧热线.csv").new == 1
    return by_number(installation)["HC1"]


def test_a_settled_matter_comes_in_closed_with_its_own_times(
    settled: tuple[Ticket, Any], installation: Installation
) -> None:
    """Found outside: I10."""
    ticket, text = settled
    assert (ticket.state, ticket.close_kind, ticket.quiet, ticket.excluded) == ("closed", "brought", True, False)
    assert ticket.created_at == ticket.submitted_at == datetime(2026, 2, 3, 1, 30, tzinfo=UTC)
    assert ticket.closed_at == ticket.replied_at == datetime(2026, 2, 5, 9, 10, tzinfo=UTC)
    assert installation.city.unit_name(ticket.unit_code) == "市城市管理局"
    assert "13900000000" not in text.public_answer
    assert text.public_answer.startswith("已于次日修复")


def test_its_answer_and_rating_are_kept_as_another_systems(
    settled: tuple[Ticket, Any], installation: Installation
) -> None:
    with installation.readings() as db:
        reply, survey = db.scalars(select(Reply)).one(), db.scalars(select(Survey)).one()
    assert (reply.kind, reply.facts) == ("final", "已于次日修复，请联系13900000000。")
    assert "13900000000" not in reply.public_answer
    assert (survey.result, survey.attitude, survey.solved, survey.answered_by, survey.outcome) == (
        4,
        None,
        None,
        "import",
        "satisfied",
    )
    assert survey.answered_at == datetime(2026, 2, 5, 9, 10, tzinfo=UTC)


def test_no_clock_runs_nothing_is_enqueued_and_nobody_is_texted(
    settled: tuple[Ticket, Any], installation: Installation
) -> None:
    """Found outside: I10."""
    run_all_due(installation)
    with installation.readings() as db:
        assert [db.scalar(select(func.count()).select_from(table)) for table in (Deadline, Job, Message)] == [0, 0, 0]


def test_the_story_says_from_where_it_came(settled: tuple[Ticket, Any], installation: Installation) -> None:
    with installation.readings() as db:
        (entry,) = timeline.tell(db.scalars(select(TicketEvent)).all(), installation.city)
    assert entry.title == "从“旧热线”迁入，原系统状态：已办结"
    assert entry.at == datetime(2026, 2, 5, 9, 10, tzinfo=UTC)
    assert "13900000000" not in str(entry)


def test_it_counts_in_its_own_period_and_in_no_figure_of_our_clocks(
    settled: tuple[Ticket, Any], installation: Installation, now: datetime
) -> None:
    """Found outside: I10."""

    def asked(begin: datetime, end: datetime) -> Any:
        with installation.readings() as db:
            return rates(db, Question(begin, end, now))

    february = asked(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    march = asked(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert (february["satisfied"].n, february["satisfied"].of, march["satisfied"].of) == (1, 1, 0)
    assert [
        february[key].of for key in ("on_time", "accuracy", "solved_1", "redo", "dispatch_24h", "direct_close")
    ] == [0] * 6


def test_a_second_reading_and_a_later_state_make_no_second_ticket(
    settled: tuple[Ticket, Any], take: Take, tmp_path: Path
) -> None:
    assert take(tmp_path / "旧热线.csv").known == 1
    (tmp_path / "旧热线.csv").write_text(f"{HEADS}\n{SETTLED.replace('已办结', '已归档')}\n", encoding="utf-8")
    assert take(tmp_path / "旧热线.csv").known == 1


def test_open_matters_stay_open_and_what_was_told_of_them_is_kept(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    lines = [
        HEADS,
        "O1,路灯不亮,13800010001,2026-03-03 09:30,办理中,某某中心,正在处理,,",
        "O2,井盖丢了,,2026-03-03,未办结,,,,",
        "O3,停水,,2026-03-03,奇怪的状态,,,,",
        "V1,骚扰电话内容,,2026-02-03,作废,,,,2026-02-03",
        "D1,打官司的事,,2026-02-03,不予受理,,请走诉讼途径,,2026-02-04",
        "C1,没有时间的旧事,,,已办结,,,,",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 6
    held = by_number(installation)
    assert {number: ticket.state for number, (ticket, _t) in held.items()} == {
        "O1": "to_dispatch",
        "O2": "to_dispatch",
        "O3": "to_dispatch",
        "V1": "void",
        "D1": "declined",
        "C1": "closed",
    }
    assert held["O1"][1].extra | {"happened_at": ""} == {
        "状态": "办理中",
        "承办单位": "某某中心",
        "答复": "正在处理",
        "happened_at": "",
    }
    assert held["C1"][0].excluded, "a matter of which no time is known counts nowhere"


def test_whoever_wants_all_of_it_as_open_work_may_say_so(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADS}\n{SETTLED}\n", encoding="utf-8")
    take(tmp_path / "a.csv", history=False)
    ticket, text = by_number(installation)["HC1"]
    assert (ticket.state, text.extra["状态"], text.extra["满意度"]) == ("to_dispatch", "已办结", "满意")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (
            "closed",
            "已办结 办结 已结案 已完成 办理完成 已归档 已关闭 Closed resolved 超期办结 按时办结 直接办结 已回复 已答复 处理完毕 已解决 结束 完结 Completed "
            "已销号 已审结 已结单 已了结 已办妥 5-已办结 已办结(9) 直接解答 已答复市民 已完毕 Closed-Completed 现场解决 就地解决",
        ),
        (
            "open",
            "办理中 未办结 待办结 处理中 待回访 未完成 待处理 已受理 已转办 正在办理 重办 退回 InProgress open 申请办结 待归档 尚未办结 办结中 reopened "
            "待销号 已办未结 已反馈待评价 处理完成待审核 已回复未办结 审核不通过 不满意重办 办结待审",
        ),
        ("declined", "不予受理 不受理 Rejected 不予立案 不属于受理范围 非受理范围"),
        ("void", "作废 已作废 无效工单 cancelled 已撤诉 市民撤销 群众要求撤单 已取消"),
        ("", "甲 其他 ? 橙色"),
    ],
)
def test_the_states_of_other_systems_are_read_by_their_words(end: str, words: str) -> None:
    assert {word: end_of(word) for word in words.split()} == dict.fromkeys(words.split(), end)


@pytest.mark.parametrize(
    ("told", "rating"),
    [
        ("非常满意", 5),
        ("五星好评", 5),
        ("★★★★☆", 4),
        ("4.0/5", 4),
        ("极不满意", 1),
        ("不怎么满意", 2),
        ("默认满意", None),
        ("系统自动好评", None),
        ("很满意", 5),
        ("满意", 4),
        ("基本满意", 3),
        ("一般", None),
        ("不满意", 2),
        ("非常不满意", 1),
        ("不太满意", 2),
        ("未评价", None),
        ("无", None),
        ("", None),
        ("5", 5),
        ("4星", 4),
        ("3/5", 3),
        ("不满意（态度差）", 2),
        ("未回访", None),
        ("satisfied", 4),
        ("very dissatisfied", 1),
        ("好评", 4),
        ("差评", 2),
        ("10", None),
    ],
)
def test_ratings_are_read_and_silence_is_none(told: str, rating: int | None) -> None:
    assert rating_of(told) == rating
