"""Every cell of the life-cycle table is a name one can go to: enums and functions, never a loose word."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from hotline.jobs.handlers import HANDLERS
from hotline.messages.notices import NOTICES, Notice, Text
from hotline.tickets.bells import BELLS
from hotline.tickets.deadlines import MET_BY
from hotline.tickets.lifecycle import ACTIONS, MOVES
from hotline.tickets.names import ActionName, ClockName, JobName, NoticeName, ReminderName
from hotline.tickets.petitions import DECIDERS, PETITIONS
from hotline.tickets.states import State
from tests.support.repository import ROOT


@pytest.mark.parametrize(
    ("names", "used"),
    [
        (ActionName, ACTIONS),
        (ActionName, {move.action for move in MOVES}),
        (ClockName, BELLS),
        (NoticeName, NOTICES),
        (JobName, HANDLERS),
        (ReminderName, {bell for bells in BELLS.values() for bell in bells}),
    ],
    ids=["actions", "moves", "clocks", "notices", "jobs", "reminders"],
)
def test_every_name_is_used_and_no_table_has_another(names: Any, used: Any) -> None:
    assert {str(name) for name in names} == {str(name) for name in used}


def test_the_cells_hold_names_and_functions() -> None:
    for move in MOVES:
        assert isinstance(move.action, ActionName) and all(isinstance(state, State) for state in move.at)
        assert all(isinstance(clock, ClockName) for clock in (*move.stops, *move.starts)), move
        assert all(isinstance(notice, NoticeName) for notice in move.tells) and all(
            isinstance(job, JobName) for job in move.jobs
        ), move
        assert all(callable(cell) for cell in (*move.roles, *move.unless)), move
    for rows in NOTICES.values():
        assert all(
            isinstance(row, Text | Notice) and callable(row.to) and (row.when is None or callable(row.when))
            for row in rows
        )
    assert all(isinstance(action, ActionName) for actions in MET_BY.values() for action in actions)
    assert {may for row in PETITIONS.values() for may in row.decides} <= set(DECIDERS)


def test_no_row_of_the_table_is_written_with_a_loose_word() -> None:
    """In the file itself, where an enum's value would pass unseen."""
    table = next(path for path in ROOT.glob("hotline/tickets/**/lifecycle.py"))
    calls = [
        node
        for node in ast.walk(ast.parse(table.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    rows = [node for node in calls if node.func.id == "Move"]  # type: ignore[union-attr]
    loose = [
        cell.value
        for row in rows
        for cell in ast.walk(row)
        if isinstance(cell, ast.Constant) and isinstance(cell.value, str)
    ]
    assert len(rows) > 50 and loose == []
