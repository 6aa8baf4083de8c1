"""The table and the door agree: generated from the table, so that a new row is tested the day it is written."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, OutOfTurn
from hotline.tickets.effects import Effect
from hotline.tickets.lifecycle import ACTIONS, MOVES, Move, find_move
from hotline.tickets.states import ENDED, OPEN, STATES, State
from models import Deadline, Job, Ticket, TicketEvent
from tests.support.life import ROADS, Life
from tests.support.refusals import refused

_ONE_MORE_ROUND = (("du2", "redo"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))
TAKEN_BACK: dict[str, tuple[tuple[str, str], ...]] = {
    "undo_redo": (("he", "sign"), ("he", "reply"), ("ren", "redo")),
    "undo_redo_judged": (("he", "sign"), ("he", "reply"), ("ren", "pass"), ("hui", "redo")),
    "undo_record": (*_ONE_MORE_ROUND, ("hui", "record")),
    "undo_merge": (("du", "unmerge"), ("du", "merge")),
    "undo_merge_to_sign": (("du", "unmerge"), ("du", "dispatch"), ("du", "merge")),
    "undo_merge_handling": (("du", "unmerge"), ("du", "dispatch"), ("he", "sign"), ("du", "merge")),
    "undo_split": (("du", "split"),),
    "undo_close": (*_ONE_MORE_ROUND, ("hui", "note_dissatisfied"), ("hui", "close_judged")),
    "undo_answer": (("du2", "reopen"), ("du", "answer_directly")),
    "undo_decline": (("du2", "reopen"), ("du", "decline")),
    "undo_transfer": (("du2", "reopen"), ("du", "transfer_out")),
    "undo_void": (("du2", "reopen"), ("du", "void")),
    "undo_rule": (("du", "recall"), ("du", "mark_hard"), ("du", "rule")),
    "undo_answer_heard": (("du2", "reopen"), ("du", "mark_hard"), ("du", "answer_directly")),
    "undo_decline_heard": (("du2", "reopen"), ("du", "mark_hard"), ("du", "decline")),
    "undo_redo_closed": (("he", "sign"), ("he", "reply"), ("ren", "pass"), ("citizen", "record"), ("du2", "redo")),
}
"""What somebody must have done before it can be taken back; a dispatch and a pass stand on the road itself."""


def test_every_state_is_named_and_every_action_has_a_row() -> None:
    assert set(STATES) == set(State)
    assert {move.action for move in MOVES} == set(ACTIONS)


def test_no_two_rows_answer_the_same_question() -> None:
    pairs = [(state, move.action) for move in MOVES for state in move.at]
    assert len(pairs) == len(set(pairs))


def test_every_open_state_has_a_way_out_and_every_ended_state_but_merged_can_come_back() -> None:
    for state in OPEN:
        assert any(move.to for move in MOVES if state in move.at), state
    for state in ENDED:
        assert any(move.to and move.to in OPEN for move in MOVES if state in move.at), state


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, grown = {State.DRAFT}, True
    while grown:
        more = {move.to for move in MOVES if move.to and move.at & reached} - reached
        reached |= more
        grown = bool(more)
    assert reached == set(State)


@pytest.mark.parametrize("state", sorted(ROADS))
def test_every_row_is_obeyed(life: Life, subtests: pytest.Subtests, state: str) -> None:
    """From this state, a person of the row moves the ticket where the row says, and the story tells it."""
    ticket = life.to(state)
    ticket.for_discipline = True
    life.db.flush()
    for move in (move for move in MOVES if state in move.at):
        tried = life.db.begin_nested()
        with subtests.test(action=move.action):
            _is_obeyed(life, ticket, State(state), move)
        tried.rollback()


def _is_obeyed(life: Life, ticket: Ticket, state: State, move: Move) -> None:
    if move.action == "state_view":
        life.do(ticket, "du", "ask_views")
    login = TAKEN_BACK[move.action][-1][0] if move.action in TAKEN_BACK else _somebody(life, ticket, move)
    if login is None:
        pytest.fail(f"nobody in the test's cast may {move.action} at {state}")
    _prepare(life, ticket, state, move)
    before = ticket.move_count
    event = life.do(ticket, login, move.action)
    assert ticket.state == (move.to or state).value
    assert (event.from_state, event.to_state) == (state.value, ticket.state)
    assert (ticket.move_count > before) is (move.to is not None)
    _clocks_are_as_the_row_says(life, ticket, move)
    told = life.db.scalars(select(Job.key).where(Job.key.like(f"tell:{event.id}:%"))).all()
    assert {key.split(":")[2] for key in told} == set(move.tells)


@pytest.mark.parametrize("state", sorted(ROADS))
def test_what_the_table_does_not_list_is_out_of_turn(life: Life, state: str) -> None:
    ticket = life.to(state)
    for action in sorted(set(ACTIONS) - {m.action for m in MOVES if State(state) in m.at}):
        with pytest.raises(OutOfTurn):
            life.do(ticket, "du", action)
    assert ticket.state == state


@pytest.mark.parametrize("state", sorted(ROADS))
def test_nobody_acts_without_being_in_the_row(life: Life, state: str) -> None:
    ticket = life.to(state)
    for login in ("chang", "mei", "ji"):
        for move in (m for m in MOVES if State(state) in m.at):
            if not any(may(life.who(login, ticket), ticket) for may in move.roles):
                with pytest.raises(NotAllowed):
                    life.do(ticket, login, move.action)
    assert ticket.state == state


def test_an_unknown_action_is_refused_with_a_sentence(life: Life) -> None:
    with refused("no_such_action"):
        life.do(life.ticket(), "du", "explode")


def test_a_page_opened_before_the_ticket_moved_is_told_so(life: Life) -> None:
    ticket = life.to("to_sign")
    old = ticket.move_count
    life.do(ticket, "du", "recall")
    life.do(ticket, "du", "dispatch")
    with refused("out_of_turn", OutOfTurn):
        life.do(ticket, "he", "sign", seen=old)
    life.do(ticket, "he", "sign", seen=ticket.move_count)


def test_a_note_does_not_put_others_out_of_turn(life: Life) -> None:
    ticket = life.to("to_sign")
    seen = ticket.move_count
    life.do(ticket, "citizen", "urge")
    life.do(ticket, "du", "note")
    life.do(ticket, "he", "sign", seen=seen)
    assert ticket.state == "handling"


def test_every_outcome_named_in_the_table_is_a_function_of_the_room() -> None:
    writes: list[Effect] = [write for action in ACTIONS.values() for write in action.writes]
    assert all(callable(write) and write.__module__.startswith("hotline.tickets.effects.") for write in writes)


def test_find_move_reads_the_same_table() -> None:
    for move in MOVES:
        for state in move.at:
            assert find_move(state, move.action) is move


def _somebody(life: Life, ticket: Ticket, move: Move) -> str | None:
    """The first of the cast whom the row lets act; people before the clock."""
    cast = [*[login for login in life.people if login not in ("clock", "system")], "citizen", "clock", "system"]
    for login in cast:
        if any(may(life.who(login, ticket), ticket) for may in move.roles):
            return login
    return None


def _prepare(life: Life, ticket: Ticket, state: State, move: Move) -> None:
    """What the row's guards want to be true first."""
    if move.action == "take_back":
        life.do(ticket, "he", "delegate")
    if move.action == "close_judged":
        life.do(ticket, "hui", "note_dissatisfied")
    if move.action == "texts_on" and ticket.citizen is not None:
        ticket.citizen.no_texts = True
    if move.action == "read_doubt":
        life.do(ticket, "citizen", "note_doubt")
    if move.action == "no_words":
        ticket.asking_more = True
    if move.action == "leave":
        life.merged(ticket)
    if move.action == "post_letter":
        ticket.channel = "letter"
    if move.action == "rate_direct":
        ticket.close_kind = "direct"
    for login, action in TAKEN_BACK.get(move.action, ()):
        life.do(ticket, login, action)


def _clocks_are_as_the_row_says(life: Life, ticket: Ticket, move: Move) -> None:
    running = {
        d.clock
        for d in life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.stopped_at.is_(None)))
    }
    stopped = running & (set(move.stops) - set(move.starts))
    assert not stopped, f"still running: {stopped}"
    expected = {clock for clock in move.starts if clock not in ("outer", "feedback")}
    assert expected <= running, f"not started: {expected - running}"


def test_the_story_is_written_once_per_act(life: Life) -> None:
    ticket = life.to("closed")
    actions = life.db.scalars(
        select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    ).all()
    assert actions == ["submit", "dispatch", "sign", "reply", "pass", "record"]
