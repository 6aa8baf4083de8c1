"""The table of tasks, done in a real browser: what each may cost in keys and clicks, and what docs/tasks.md says it costs."""

from __future__ import annotations

import pytest

from tests.support.desks.tasks import TASKS, Task
from tests.support.repository import ROOT
from tests.support.town import Town

PAGE = ROOT / "docs" / "tasks.md"
"""Written by `python -m tests.bench tasks`."""


@pytest.mark.parametrize("task", TASKS, ids=[one.name for one in TASKS])
def test_a_task_costs_no_more_than_it_may(town: Town, task: Task) -> None:
    hand = task.do(town)
    assert (hand.keys, hand.clicks) <= task.most and hand.keys <= task.most[0], (hand.keys, hand.clicks, hand.loads)
    assert hand.clicks <= task.most[1]
    row = next(line for line in PAGE.read_text().splitlines() if line.startswith(f"| {task.name} |"))
    assert row.split(" | ")[1:3] == [str(hand.keys), str(hand.clicks)], (
        "print the table anew: python -m tests.bench tasks"
    )


def test_the_page_has_every_task_and_no_other() -> None:
    printed = [
        line.split(" | ")[0].removeprefix("| ") for line in PAGE.read_text().splitlines() if line.startswith("| ")
    ]
    assert printed[1:] == [one.name for one in TASKS]
