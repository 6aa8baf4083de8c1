"""The life of a ticket, in one place: two tables that buttons, forms, API, permissions, audit, clocks, notices,
the printed chart and the generated tests all read.

`ACTIONS` says what a button is called, what its form asks and what it writes; `MOVES` says from which state, who may,
unless what, to which state, which clocks stop and start, and who is told. A state says whom the ticket waits for.
A move whose `to` is None is a side event: it is written into the story and the ticket stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from hotline.tickets import guards, roles
from hotline.tickets.actions import ACTIONS, BESIDE, UNIT_WORDS, Action
from hotline.tickets.citizens import another_city, earlier
from hotline.tickets.directives import rules as directives
from hotline.tickets.disputes import parties
from hotline.tickets.effects.demands import withdrawing
from hotline.tickets.effects.taking_back import cannot_be_undone, split_is_under_way
from hotline.tickets.guards import Guard
from hotline.tickets.mentoring import rules as mentoring
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.names import JobName as Job
from hotline.tickets.names import NoticeName as Tell
from hotline.tickets.reply_rules import assisting, reply_guards, signing
from hotline.tickets.roles import Who
from hotline.tickets.states import SUBMITTED, WITH_UNIT, State

__all__ = ["ACTIONS", "BESIDE", "MOVES", "UNIT_WORDS", "Action", "Move", "find_move", "moves_from"]


@dataclass(frozen=True)
class Move:
    """One row of the life: from these states, this action, by these people, unless a guard objects."""

    action: Do
    at: frozenset[State]
    to: State | None
    roles: tuple[Who, ...]
    unless: tuple[Guard, ...] = ()
    stops: tuple[Clock, ...] = ()
    starts: tuple[Clock, ...] = ()
    tells: tuple[Tell, ...] = ()
    jobs: tuple[Job, ...] = ()


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


EVERY_CLOCK = tuple(Clock)
AT_A_UNIT = SUBMITTED - {State.TO_DISPATCH, State.IN_DISPUTE} | {State.CLOSED, State.ARCHIVED}
"""Where a unit answers for the ticket, or did when it ended."""

# fmt: off
MOVES: tuple[Move, ...] = (
    # --- the agent ---------------------------------------------------------------------------------------------------
    Move(Do.SUBMIT, _states(State.DRAFT), State.TO_DISPATCH, (roles.own_agent, roles.system, roles.citizen),
         unless=(guards.nothing_said,), starts=(Clock.DISPATCH, Clock.OUTER), tells=(Tell.ACCEPTED,), jobs=(Job.CLASSIFY,)),
    Move(Do.VOID, _states(State.DRAFT), State.VOID, (roles.own_agent, roles.system)),
    Move(Do.VOID, _states(State.TO_DISPATCH), State.VOID, (roles.own_agent, roles.dispatcher), unless=(guards.others_remain,),
         stops=EVERY_CLOCK),
    # --- ended in another system before it came to us ----------------------------------------------------------------
    Move(Do.BRING_CLOSED, _states(State.DRAFT), State.CLOSED, (roles.system,), unless=(guards.nothing_said,)),
    Move(Do.BRING_DECLINED, _states(State.DRAFT), State.DECLINED, (roles.system,), unless=(guards.nothing_said,)),
    Move(Do.BRING_VOID, _states(State.DRAFT), State.VOID, (roles.system,), unless=(guards.nothing_said,)),
    # --- the dispatch desk -------------------------------------------------------------------------------------------
    Move(Do.DISPATCH, _states(State.TO_DISPATCH), State.TO_SIGN, (roles.dispatcher, roles.clock),
         unless=(guards.unit_cannot_handle, guards.safety_needs_a_person, guards.unit_version_is_missing, guards.lowered_without_reason,
                 mentoring.colleague_has_not_looked),
         stops=(Clock.DISPATCH,), starts=(Clock.SIGN, Clock.OBJECTION, Clock.CONTACT, Clock.REPLY), tells=(Tell.DISPATCHED_UNIT, Tell.DISPATCHED),
         jobs=(Job.SEEK_EARLIER,)),
    Move(Do.ANSWER_DIRECTLY, _states(State.TO_DISPATCH, State.IN_DISPUTE), State.CLOSED, (roles.agent, roles.dispatcher),
         unless=(reply_guards.leaks_personal_data,), stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,), tells=(Tell.ANSWERED,),
         jobs=(Job.ASK_ABOUT_DIRECT,)),
    Move(Do.RATE_DIRECT, _states(State.CLOSED), None, (roles.citizen,), unless=(guards.was_handled, guards.says_nothing),
         tells=(Tell.RATED_DIRECT,)),
    Move(Do.MARK_HARD, _states(State.TO_DISPATCH, State.IN_OBJECTION), State.IN_DISPUTE, (roles.dispatcher,),
         stops=(Clock.RULING,), starts=(Clock.RULING,)),
    Move(Do.MERGE, _states(State.TO_DISPATCH), State.MERGED, (roles.dispatcher, roles.own_agent, roles.citizen),
         unless=(guards.master_cannot_take_it,), stops=EVERY_CLOCK, tells=(Tell.MERGED,), jobs=(Job.BRING_OUTER_DATE,)),
    Move(Do.MERGE, WITH_UNIT | {State.IN_DISPUTE, State.IN_OBJECTION}, State.MERGED, (roles.dispatcher, roles.supervisor),
         unless=(guards.master_cannot_take_it, guards.a_reply_exists, earlier.is_late), stops=EVERY_CLOCK,
         tells=(Tell.MERGED, Tell.RECALLED_UNIT),
         jobs=(Job.BRING_OUTER_DATE,)),
    Move(Do.DECLINE, _states(State.TO_DISPATCH, State.IN_DISPUTE), State.DECLINED, (roles.dispatcher, roles.lead_agent),
         stops=EVERY_CLOCK, tells=(Tell.DECLINED,)),
    Move(Do.TRANSFER_OUT, _states(State.TO_DISPATCH), State.TRANSFERRED, (roles.dispatcher, roles.own_agent),
         unless=(another_city.sealed_without_words, another_city.came_from_there), stops=EVERY_CLOCK, tells=(Tell.TRANSFERRED,)),
    Move(Do.ASK_MORE, _states(State.TO_DISPATCH), None, (roles.dispatcher,),
         unless=(guards.already_asking,), starts=(Clock.WAIT,), tells=(Tell.ASK_MORE,)),
    Move(Do.ASK_MORE, _states(State.HANDLING), None, (roles.unit,),
         unless=(guards.already_asking, guards.unit_asked_enough, reply_guards.leaks_personal_data), starts=(Clock.WAIT,), tells=(Tell.ASK_MORE,)),
    Move(Do.NO_WORDS, _states(State.TO_DISPATCH, State.IN_DISPUTE, State.HANDLING), None, (roles.clock,), unless=(guards.does_not_ask,),
         stops=(Clock.WAIT,), tells=(Tell.NO_WORDS,)),
    Move(Do.SPLIT, _states(State.TO_DISPATCH), None, (roles.dispatcher, roles.own_agent), jobs=(Job.SUBMIT_PART,)),
    Move(Do.SPLIT, SUBMITTED - {State.TO_DISPATCH}, None, (roles.dispatcher, roles.supervisor, roles.system), jobs=(Job.SUBMIT_PART,)),
    Move(Do.RULE, _states(State.IN_DISPUTE), State.TO_SIGN, (roles.dispatcher, roles.supervisor, roles.head),
         unless=(guards.unit_cannot_handle, guards.unit_version_is_missing, parties.units_are_unheard), stops=(Clock.DISPATCH, Clock.RULING),
         starts=(Clock.SIGN, Clock.CONTACT, Clock.REPLY), tells=(Tell.RULED_UNIT, Tell.DISPATCHED)),
    Move(Do.ASK_VIEWS, _states(State.IN_DISPUTE), None, (roles.dispatcher, roles.supervisor, roles.head), unless=(parties.nobody_new_to_hear,),
         tells=(Tell.VIEWS_ASKED,)),
    Move(Do.STATE_VIEW, _states(State.IN_DISPUTE), None, (roles.disputing,), tells=(Tell.VIEW_STATED,)),
    Move(Do.KEEP_MINUTES, _states(State.IN_DISPUTE), None, (roles.dispatcher, roles.supervisor, roles.head)),
    Move(Do.RECALL, _states(State.TO_SIGN, State.HANDLING), State.TO_DISPATCH, (roles.dispatcher,),
         unless=(guards.a_reply_exists,), stops=(Clock.SIGN, Clock.OBJECTION, Clock.FEEDBACK), starts=(Clock.DISPATCH,),
         tells=(Tell.RECALLED_UNIT,)),
    Move(Do.UPHOLD, _states(State.IN_OBJECTION), State.TO_DISPATCH, (roles.dispatcher,),
         stops=(Clock.RULING,), starts=(Clock.DISPATCH,), tells=(Tell.OBJECTION_UPHELD,)),
    Move(Do.OVERRULE, _states(State.IN_OBJECTION), State.TO_SIGN, (roles.dispatcher,),
         stops=(Clock.RULING,), starts=(Clock.SIGN,), tells=(Tell.OBJECTION_OVERRULED,)),
    # --- the unit ----------------------------------------------------------------------------------------------------
    Move(Do.SIGN, _states(State.TO_SIGN), State.HANDLING, (roles.unit,),
         stops=(Clock.SIGN, Clock.OBJECTION), starts=(Clock.FEEDBACK,)),
    Move(Do.AUTO_SIGN, _states(State.TO_SIGN), State.HANDLING, (roles.clock,),
         stops=(Clock.SIGN, Clock.OBJECTION), starts=(Clock.FEEDBACK,), tells=(Tell.AUTO_SIGNED,)),
    Move(Do.OBJECT, _states(State.TO_SIGN), State.IN_OBJECTION, (roles.lead_unit,),
         unless=(guards.must_sign, guards.ruling_binds, guards.objects_too_late, guards.objected_too_often),
         stops=(Clock.SIGN, Clock.OBJECTION), starts=(Clock.RULING,)),
    Move(Do.CONTACT, _states(State.TO_SIGN, State.HANDLING, State.WAITING), None, (roles.unit,),
         stops=(Clock.CONTACT,)),
    Move(Do.INTERIM, _states(State.HANDLING, State.WAITING), None, (roles.unit,),
         unless=(reply_guards.leaks_personal_data,), stops=(Clock.FEEDBACK,), tells=(Tell.INTERIM,)),
    Move(Do.DELEGATE, _states(State.HANDLING), None, (roles.lead_unit,), unless=(guards.not_below_the_unit,),
         tells=(Tell.DELEGATED_UNIT,)),
    Move(Do.TAKE_BACK, _states(State.HANDLING), None, (roles.lead_unit,), unless=(guards.nothing_delegated,)),
    Move(Do.SIGN_HELP, WITH_UNIT, None, (roles.helper,), unless=(assisting.nothing_to_take_note_of,)),
    Move(Do.CALL_IN, _states(State.HANDLING, State.WAITING), None, (roles.lead_unit,), unless=(assisting.no_new_helper,), tells=(Tell.CALLED_IN,)),
    Move(Do.REMIND_HELPERS, WITH_UNIT, None, (roles.lead_unit, roles.dispatcher, roles.supervisor), unless=(assisting.nobody_is_silent,),
         tells=(Tell.HELPERS_REMINDED,)),
    Move(Do.TAKE_ON, WITH_UNIT, None, (roles.unit,)),
    Move(Do.HAND_TO, WITH_UNIT, None, (roles.unit,), unless=(guards.not_a_colleague,), tells=(Tell.HANDED_TO,)),
    Move(Do.COLLEAGUE_LEFT, SUBMITTED - {State.TO_DISPATCH}, None, (roles.system,), tells=(Tell.COLLEAGUE_LEFT,)),
    Move(Do.REPORT, _states(State.TO_SIGN, State.HANDLING, State.WAITING), None, (roles.helper,), tells=(Tell.HELPER_REPORTED,)),
    Move(Do.REPLY, _states(State.HANDLING), State.TO_REVIEW, (roles.unit,),
         unless=(reply_guards.contact_is_unsaid, reply_guards.answered_at_no_such_time, reply_guards.outcome_is_unexplained,
                 reply_guards.beyond_is_unsaid, signing.not_signed_off, reply_guards.leaks_personal_data,
                 reply_guards.says_nothing_new, assisting.helpers_are_unheard),
         stops=(Clock.CONTACT, Clock.FEEDBACK, Clock.REPLY, Clock.REDO), starts=(Clock.REVIEW,),
         jobs=(Job.LOOK_AT_REPLY,)),
    Move(Do.WAIT, _states(State.HANDLING), State.WAITING, (roles.unit, roles.system),
         unless=(guards.waits_too_long, guards.waits_undecided),
         starts=(Clock.WAIT,), tells=(Tell.WAITING,)),
    Move(Do.RESUME, _states(State.WAITING), State.HANDLING, (roles.unit, roles.clock), stops=(Clock.WAIT,), tells=(Tell.WAIT_OVER,)),
    # --- the review desk ---------------------------------------------------------------------------------------------
    Move(Do.PASS, _states(State.TO_REVIEW), State.TO_FOLLOW_UP, (roles.reviewer,),
         unless=(reply_guards.own_reply, reply_guards.was_not_read, reply_guards.checklist_fails, reply_guards.contradicts_the_facts), stops=(Clock.REVIEW,), tells=(Tell.PASSED,),
         jobs=(Job.ASK_CITIZEN,)),
    Move(Do.REDO, _states(State.TO_REVIEW), State.TO_SIGN, (roles.reviewer,), unless=(reply_guards.own_reply, reply_guards.was_not_read),
         stops=(Clock.REVIEW,), starts=(Clock.SIGN, Clock.REDO), tells=(Tell.REDO_UNIT, Tell.REDO_LEADER, Tell.REDO_SUPERVISION)),
    Move(Do.MEND, _states(State.TO_REVIEW), None, (roles.reviewer,), unless=(reply_guards.was_not_read, reply_guards.leaks_personal_data)),
    # --- the follow-up desk ------------------------------------------------------------------------------------------
    Move(Do.ASK, _states(State.TO_FOLLOW_UP), None, (roles.system, roles.follow_up), unless=(guards.asked_already,),
         starts=(Clock.ANSWER,)),
    Move(Do.CALL_ATTEMPT, _states(State.TO_FOLLOW_UP), None, (roles.follow_up,)),
    Move(Do.NOTE_DISSATISFIED, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing), stops=(Clock.ANSWER,), starts=(Clock.JUDGE,),
         tells=(Tell.THANKS_DISSATISFIED, Tell.JUDGE_DISSATISFIED)),
    Move(Do.NOTE_PARTLY, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.is_unhappy), stops=(Clock.ANSWER,), starts=(Clock.JUDGE,),
         tells=(Tell.THANKS_PARTLY, Tell.JUDGE_ANSWER)),
    Move(Do.NOTE_DOUBT, _states(State.TO_FOLLOW_UP), None, (roles.citizen,), starts=(Clock.JUDGE,), tells=(Tell.JUDGE_ANSWER,)),
    Move(Do.READ_DOUBT, _states(State.TO_FOLLOW_UP), None, (roles.follow_up, roles.supervisor), unless=(guards.nothing_in_doubt,),
         stops=(Clock.JUDGE,)),
    Move(Do.TO_JUDGE, _states(State.TO_FOLLOW_UP), None, (roles.system,), starts=(Clock.JUDGE,), tells=(Tell.JUDGE_MERGED,)),
    Move(Do.NOTE_SATISFIED, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.is_unhappy, guards.half_is_no_end), tells=(Tell.THANKS,)),
    Move(Do.MERGED_SATISFIED, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.is_not_merged, guards.says_nothing, guards.half_is_no_end)),
    Move(Do.MERGED_PARTLY, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.is_not_merged, guards.says_nothing), starts=(Clock.JUDGE,), tells=(Tell.JUDGE_ANSWER,)),
    Move(Do.MERGED_DISSATISFIED, _states(State.TO_FOLLOW_UP), None, (roles.citizen, roles.follow_up),
         unless=(guards.is_not_merged, guards.says_nothing), starts=(Clock.JUDGE,), tells=(Tell.JUDGE_DISSATISFIED,)),
    Move(Do.ALL_ANSWERED, _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.system,),
         unless=(guards.waits_for_judgement, guards.somebody_has_time), stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,)),
    Move(Do.RECORD, _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.citizen, roles.follow_up),
         unless=(guards.has_left, guards.says_nothing, guards.dissatisfied_needs_judgement, guards.half_is_no_end,
                 guards.others_have_time, guards.others_await_judgement),
         stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,), tells=(Tell.THANKS,)),
    Move(Do.CLOSE_JUDGED, _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.follow_up, roles.supervisor),
         unless=(guards.nobody_answered,), stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,), tells=(Tell.CLOSED,)),
    Move(Do.REDO, _states(State.TO_FOLLOW_UP), State.TO_SIGN, (roles.follow_up, roles.supervisor, roles.system),
         stops=(Clock.ANSWER, Clock.JUDGE), starts=(Clock.SIGN, Clock.REDO),
         tells=(Tell.REDO_UNIT, Tell.REDO_LEADER, Tell.REDO_SUPERVISION, Tell.REDO_CITIZEN)),
    Move(Do.NO_ANSWER, _states(State.TO_FOLLOW_UP), State.CLOSED, (roles.clock,), unless=(guards.waits_for_judgement,),
         stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,)),
    # --- after the end -----------------------------------------------------------------------------------------------
    Move(Do.REDO, _states(State.CLOSED), State.TO_SIGN, (roles.supervisor, roles.discipline, roles.system), unless=(guards.no_unit_yet,),
         stops=(Clock.ARCHIVE,), starts=(Clock.SIGN, Clock.REDO), tells=(Tell.REDO_UNIT, Tell.REDO_LEADER, Tell.REDO_SUPERVISION,
                                                            Tell.REDO_CITIZEN)),
    Move(Do.ARCHIVE, _states(State.CLOSED), State.ARCHIVED, (roles.clock,), stops=(Clock.ARCHIVE,)),
    Move(Do.REOPEN, _states(State.CLOSED, State.ARCHIVED, State.DECLINED, State.TRANSFERRED, State.VOID), State.TO_DISPATCH,
         (roles.supervisor, roles.lead_agent, roles.system), stops=(Clock.ARCHIVE,), starts=(Clock.DISPATCH, Clock.OUTER), tells=(Tell.REOPENED,)),
    Move(Do.UNMERGE, _states(State.MERGED), State.TO_DISPATCH, (roles.dispatcher, roles.supervisor),
         starts=(Clock.DISPATCH, Clock.OUTER), tells=(Tell.UNMERGED,), jobs=(Job.CLOSE_LEFT,)),
    Move(Do.TRANSFER_RESULT, _states(State.TRANSFERRED), None, (roles.dispatcher, roles.supervisor, roles.own_agent, roles.system), tells=(Tell.TRANSFER_RESULT,)),
    Move(Do.FINAL_CLOSE, WITH_UNIT | {State.IN_DISPUTE}, State.CLOSED, (roles.system,), stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,),
         tells=(Tell.CLOSED,)),
    # --- taken back within seconds, before anything has gone out --------------------------------------------------
    Move(Do.UNDO_DISPATCH, _states(State.TO_SIGN), State.TO_DISPATCH, (roles.dispatcher,), unless=(cannot_be_undone,)),
    Move(Do.UNDO_MERGE, _states(State.MERGED), State.TO_DISPATCH, (roles.dispatcher, roles.agent), unless=(cannot_be_undone,)),
    Move(Do.UNDO_MERGE_TO_SIGN, _states(State.MERGED), State.TO_SIGN, (roles.dispatcher, roles.supervisor), unless=(cannot_be_undone,)),
    Move(Do.UNDO_MERGE_HANDLING, _states(State.MERGED), State.HANDLING, (roles.dispatcher, roles.supervisor), unless=(cannot_be_undone,)),
    Move(Do.UNDO_SPLIT, SUBMITTED, None, (roles.dispatcher, roles.own_agent, roles.supervisor), unless=(split_is_under_way,)),
    Move(Do.UNDO_PASS, _states(State.TO_FOLLOW_UP), State.TO_REVIEW, (roles.reviewer,), unless=(cannot_be_undone,)),
    Move(Do.UNDO_REDO, _states(State.TO_SIGN), State.TO_REVIEW, (roles.reviewer,), unless=(cannot_be_undone,)),
    Move(Do.UNDO_REDO_JUDGED, _states(State.TO_SIGN), State.TO_FOLLOW_UP, (roles.follow_up, roles.supervisor),
         unless=(cannot_be_undone,)),
    Move(Do.UNDO_RECORD, _states(State.CLOSED), State.TO_FOLLOW_UP, (roles.follow_up,), unless=(cannot_be_undone,)),
    Move(Do.UNDO_CLOSE, _states(State.CLOSED), State.TO_FOLLOW_UP, (roles.follow_up, roles.supervisor),
         unless=(cannot_be_undone,)),
    Move(Do.UNDO_ANSWER, _states(State.CLOSED), State.TO_DISPATCH, (roles.agent, roles.dispatcher), unless=(cannot_be_undone,)),
    Move(Do.UNDO_DECLINE, _states(State.DECLINED), State.TO_DISPATCH, (roles.dispatcher, roles.lead_agent), unless=(cannot_be_undone,)),
    Move(Do.UNDO_TRANSFER, _states(State.TRANSFERRED), State.TO_DISPATCH, (roles.dispatcher, roles.own_agent), unless=(cannot_be_undone,)),
    Move(Do.UNDO_VOID, _states(State.VOID), State.TO_DISPATCH, (roles.own_agent, roles.dispatcher), unless=(cannot_be_undone,)),
    Move(Do.UNDO_RULE, _states(State.TO_SIGN), State.IN_DISPUTE, (roles.dispatcher, roles.supervisor, roles.head), unless=(cannot_be_undone,)),
    Move(Do.UNDO_ANSWER_HEARD, _states(State.CLOSED), State.IN_DISPUTE, (roles.agent, roles.dispatcher), unless=(cannot_be_undone,)),
    Move(Do.UNDO_DECLINE_HEARD, _states(State.DECLINED), State.IN_DISPUTE, (roles.dispatcher, roles.lead_agent), unless=(cannot_be_undone,)),
    Move(Do.UNDO_REDO_CLOSED, _states(State.TO_SIGN), State.CLOSED, (roles.supervisor, roles.discipline), unless=(cannot_be_undone,)),
    # --- what may happen while it is open ----------------------------------------------------------------------------
    Move(Do.WITHDRAW, SUBMITTED, State.CLOSED, (roles.citizen, roles.agent, roles.system), unless=(guards.others_remain,),
         stops=EVERY_CLOCK, starts=(Clock.ARCHIVE,), tells=(Tell.WITHDRAWN, Tell.CITIZEN_WITHDREW)),
    Move(Do.WITHDRAW, _states(State.MERGED), State.CLOSED, (roles.citizen, roles.agent), unless=(guards.master_has_ended,),
         starts=(Clock.ARCHIVE,), tells=(Tell.WITHDRAWN,), jobs=(Job.CLOSE_LEFT,)),
    Move(Do.LEAVE, SUBMITTED, None, (roles.citizen, roles.agent), unless=(guards.has_left, guards.nobody_remains),
         tells=(Tell.WITHDRAWN,), jobs=(Job.CLOSE_LEFT,)),
    Move(Do.ONE_LEFT, SUBMITTED, None, (roles.system,)),
    Move(Do.LATE_WORDS, _states(State.CLOSED), None, (roles.citizen,), tells=(Tell.LATE_WORDS,)),
    Move(Do.POST_LETTER, _states(State.TO_FOLLOW_UP, State.CLOSED), None, (roles.follow_up, roles.agent, roles.dispatcher, roles.supervisor),
         unless=(guards.no_letter,)),
    Move(Do.ADD, SUBMITTED, None, (roles.citizen, roles.agent, roles.system), tells=(Tell.ADDED_UNIT,)),
    Move(Do.URGE, SUBMITTED, None, (roles.citizen, roles.agent), unless=(guards.urged_just_now,), tells=(Tell.URGED_UNIT,)),
    Move(Do.WRITE, SUBMITTED, None, (roles.agent, roles.dispatcher, roles.unit, roles.reviewer, roles.follow_up, roles.supervisor),
         unless=(reply_guards.leaks_personal_data, guards.takes_no_texts), tells=(Tell.WRITTEN,)),
    Move(Do.NOTE, frozenset(State), None, (roles.staff, roles.system)),
    # --- demands from above: given, answered, returned, ended ------------------------------------------------------
    Move(Do.INSTRUCT, frozenset(State) - {State.DRAFT}, None, (roles.city_leader, roles.head), unless=(directives.due_in_the_past,),
         tells=(Tell.INSTRUCTED,)),
    Move(Do.URGE_UNIT, SUBMITTED, None, (roles.supervisor, roles.head, roles.system), unless=(directives.due_in_the_past,),
         tells=(Tell.URGED_FROM_ABOVE,)),
    Move(Do.SUPERVISE, SUBMITTED, None, (roles.supervisor, roles.system), unless=(directives.is_supervised, directives.due_in_the_past),
         tells=(Tell.ORDERED,)),
    Move(Do.ASK_EXPLANATION, AT_A_UNIT, None, (roles.discipline,),
         unless=(directives.nobody_to_explain, directives.due_in_the_past), tells=(Tell.EXPLANATION_ASKED,)),
    Move(Do.ANSWER_DIRECTIVE, AT_A_UNIT, None, (roles.unit,),
         unless=(directives.no_such_directive, directives.not_for_your_eyes, directives.ends_by_itself, directives.is_answered),
         tells=(Tell.DIRECTIVE_ANSWERED,)),
    Move(Do.RETURN_DIRECTIVE, frozenset(State) - {State.DRAFT}, None,
         (roles.supervisor, roles.head, roles.city_leader, roles.discipline),
         unless=(directives.no_such_directive, directives.not_yours_to_end, directives.not_for_your_eyes,
                 directives.not_answered_yet, directives.due_in_the_past), tells=(Tell.DIRECTIVE_RETURNED,)),
    Move(Do.END_DIRECTIVE, frozenset(State) - {State.DRAFT}, None,
         (roles.supervisor, roles.head, roles.city_leader, roles.discipline),
         unless=(directives.no_such_directive, directives.not_yours_to_end, directives.not_for_your_eyes),
         tells=(Tell.DIRECTIVE_ENDED,)),
    Move(Do.WITHDRAW_VIOLATION, frozenset(State) - {State.DRAFT}, None, (roles.supervisor, roles.head), unless=(withdrawing.no_such_violation,)),
    Move(Do.CORRECT, SUBMITTED | {State.DRAFT}, None, (roles.own_agent, roles.dispatcher, roles.supervisor, roles.system),
         unless=(guards.machine_unseals, guards.opened_without_reason, guards.lowered_without_reason)),
    Move(Do.SECOND_LOOK, frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.dispatcher, roles.supervisor, roles.head),
         unless=(mentoring.needs_no_look, mentoring.looks_at_own, mentoring.learns_oneself, mentoring.corrects_without_note,
                 mentoring.ended_is_not_corrected, guards.lowered_without_reason), tells=(Tell.LOOKED_AT,)),
    Move(Do.TEXTS_OFF, frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.follow_up), unless=(guards.takes_no_texts,)),
    Move(Do.TEXTS_ON, frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.follow_up), unless=(guards.takes_texts,)),
    Move(Do.RENEW_CODE, frozenset(State) - {State.DRAFT}, None, (roles.agent, roles.follow_up, roles.supervisor),
         unless=(guards.takes_no_texts,), tells=(Tell.CODE_RENEWED,)),
    Move(Do.ATTACH, frozenset(State), None, (roles.staff, roles.citizen, roles.system)),
    # --- what the clock and the machine write --------------------------------------------------------------------------
    Move(Do.LOCATE, SUBMITTED, None, (roles.system,)),
    Move(Do.MARK_SAFETY, SUBMITTED, None, (roles.system,)),
    Move(Do.RAISE_URGENCY, SUBMITTED, None, (roles.system,), unless=(guards.a_person_said_how_urgent, guards.is_as_urgent)),
    Move(Do.TAKE_ALARM, SUBMITTED, None, (roles.dispatcher, roles.lead_agent, roles.supervisor), unless=(guards.no_alarm_stands,)),
    Move(Do.YELLOW_CARD, SUBMITTED, None, (roles.clock,)),
    Move(Do.RED_CARD, SUBMITTED, None, (roles.clock,), tells=(Tell.SUPERVISED,)),
    Move(Do.TAKE_OUTER_DATE, SUBMITTED, None, (roles.system,)),
    Move(Do.MOVE_OUTER_DATE, SUBMITTED, None, (roles.system,)),
)

# fmt: on


def moves_from(state: str) -> tuple[Move, ...]:
    """Every row that leaves, or happens in, this state."""
    return _BY_STATE[State(state)]


def find_move(state: str, action: str) -> Move | None:
    return _BY_PAIR.get((State(state), action))


_BY_STATE = {state: tuple(m for m in MOVES if state in m.at) for state in State}
_BY_PAIR: dict[tuple[State, str], Move] = {(state, m.action): m for state in State for m in _BY_STATE[state]}
