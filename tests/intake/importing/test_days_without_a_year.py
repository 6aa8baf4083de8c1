"""A day such as 3月1日 is of the year that stands around its table; where nothing tells the year, the row says how to say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.installation import Installation
from hotline.intake.importing.told import sentences
from tests.support.cities.imported import Take, tickets


@pytest.mark.parametrize(
    ("name", "lines", "happened"),
    [
        ("导出.csv", "2026年2月诉求台账,,\n编号,内容,时间\n1,路灯不亮,2月1日 14:30\n2,井盖丢了,二月三日下午3点\n", ["2026-02-01T14:30", "2026-02-03T15:00"]),
        ("工单2026.02.csv", "编号,内容,时间\n1,路灯不亮,02-01 14:30\n2,井盖丢了,2/3\n", ["2026-02-01T14:30", "2026-02-03T00:00"]),
        ("2025年.csv", "编号,内容,时间\n1,路灯不亮,12月31日\n2,井盖丢了,2025-12-30\n", ["2025-12-31T00:00", "2025-12-30T00:00"]),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_of_the_year_that_stands_around_the_table(
    take: Take, installation: Installation, tmp_path: Path, name: str, lines: str, happened: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(lines, "utf-8")
    outcome = take(path)
    assert outcome.rejected == 0
    assert [str(text.extra["happened_at"])[:16] for _ticket, text in tickets(installation)] == happened
    assert outcome.understood is not None
    year = name[:4] if name[0] == "2" else "2026"
    assert any(f"没有年份，按 {year} 年读" in sentence for sentence in sentences(outcome.understood))


@pytest.mark.parametrize(
    ("name", "title", "day"),
    [
        ("导出.csv", "", "3月1日"),
        ("导出.csv", "2025年12月—2026年1月台账", "1月3日"),
        ("2026年.csv", "", "12月30日"),
        ("2026年.csv", "", "2月30日"),
    ],
)
def test_a_day_whose_year_nothing_tells_or_that_lies_ahead_is_told_with_the_way_to_say_it(
    take: Take, tmp_path: Path, name: str, title: str, day: str
) -> None:
    path = tmp_path / name
    path.write_text(f"{title},,\n编号,内容,时间\n1,路灯不亮,{day}\n2,井盖丢了,2026-01-30\n", "utf-8")
    outcome = take(path)
    assert (outcome.new, outcome.rejected) == (1, 1)
    assert "没有年份，请把年份写进工作表名" in outcome.told[0].reason
