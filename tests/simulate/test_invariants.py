"""Each invariant finds the damage that it is there to find, and names the row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.evidence.checks import AT_THE_DESK
from hotline.installation import Installation
from hotline.simulate import words
from hotline.simulate.checks import INVARIANTS, Seen, look
from hotline.simulate.making import make
from models import ExactSpot, QualityTask, RecordLook, Reply, ReplyFinding, ReplySketch, Ticket
from models.store.append_only import opened_log
from tests.support.cities.simulated import SINCE_MID_AUTUMN, installation_on
from tests.support.services import SqliteTests

pytestmark = pytest.mark.slow

WISH = replace(SINCE_MID_AUTUMN, contacts=1500, days=48, book=14, seed=3)
ONE = "(SELECT min(id) FROM {table} WHERE {where})"


def one(table: str, where: str = "1=1") -> str:
    return ONE.format(table=table, where=where)


def event(where: str = "action = 'dispatch'") -> str:
    return one("ticket_event", where)


TEXT = one("message", "direction = 'out' AND channel = 'sms' AND template_key = 'survey'")
COPIED_TEXT = "ticket_id, citizen_id, direction, channel, phone, template_key, params, text, state, created_at, sent_at"
NEW_PAUSE = "INSERT INTO pause (deadline_id, reason, started_at, ended_at) VALUES ({0}, 'x', '2026-10-01', {1})"
NEW_JOB = "INSERT INTO job (name, key, args, enqueued_at, run_at, attempts, {0}) VALUES ('tell', 'k', '{{}}', '2026-10-01', '2026-10-01', 0, {1})"
STOPPED, REPLY_CLOCK = one("deadline", "stopped_at IS NOT NULL"), one("deadline", "clock = 'reply'")
NEW_MARK = (
    "INSERT INTO nuisance_mark (phone, state, reason, words, proofs, proposed_by_id, proposed_by_name, proposed_at, decided_by_id, decided_at, until_at)"
    " VALUES ('x', 'standing', 'empty', 'x', '[]', 1, 'x', '2026-10-01', {0}, '2026-10-02', {1})"
)
OWN_READER = "UPDATE quality_score SET reader_id = (SELECT scored_id FROM quality_task WHERE quality_task.id = task_id) WHERE task_id = {0}"
OWN_JUDGE = "UPDATE quality_task SET decided_by_id = (SELECT min(reader_id) FROM quality_score WHERE task_id = quality_task.id) WHERE id = {0}"
TOLD = one("quality_task", "state = 'told' AND scored_id IS NOT NULL")
DAMAGES: dict[str, tuple[str, ...]] = {
    "nobody_scores_their_own_work": (OWN_READER.format(TOLD),),
    "every_score_is_what_its_sheet_says": ("UPDATE quality_score SET points = points + 1",),
    "no_result_lacks_a_reader": ("UPDATE quality_task SET readers = 3",),
    "nobody_decides_an_appeal_against_themselves": (OWN_JUDGE.format(TOLD),),
    "nobody_decides_their_own_mark": (NEW_MARK.format(1, "'2026-12-01'"),),
    "every_mark_ends": (NEW_MARK.format(2, "NULL"),),
    "every_ticket_has_its_words": (f"DELETE FROM ticket_text WHERE ticket_id = {one('ticket')}",),
    "the_state_is_what_the_story_says": (f"UPDATE ticket SET state = 'handling' WHERE id = {one('ticket')}",),
    "no_story_has_a_gap": (f"UPDATE ticket_event SET from_state = 'waiting' WHERE id = {event()}",),
    "every_step_is_a_row_of_the_table": (f"UPDATE ticket_event SET action = 'pass' WHERE id = {event()}",),
    "a_number_tells_its_day": (f"UPDATE ticket SET number = '990101000001' WHERE id = {one('ticket')}",),
    "no_story_runs_backwards": (f"UPDATE ticket_event SET at = '2026-12-31' WHERE id = {event()}",),
    "nothing_happens_before_the_contact_or_after_now": (
        f"UPDATE ticket_event SET at = '2020-01-01' WHERE id = {event()}",
    ),
    "an_end_has_its_moment": (
        f"UPDATE ticket SET closed_at = NULL WHERE id = {one('ticket', 'closed_at IS NOT NULL')}",
    ),
    "what_a_unit_closed_has_a_passed_reply": ("UPDATE review SET verdict = 'redo'",),
    "what_ended_without_a_reply_has_a_lawful_step": (
        f"DELETE FROM ticket_event WHERE action = 'answer_directly' AND ticket_id = {one('ticket', 'close_kind = ' + chr(39) + 'direct' + chr(39))}",
        "DELETE FROM ticket_event WHERE action = 'archive'",
    ),
    "what_is_merged_has_a_master": (f"UPDATE ticket SET state = 'merged' WHERE id = {one('ticket')}",),
    "a_round_is_a_redo": (f"UPDATE ticket SET round = 2 WHERE id = {one('ticket')}",),
    "no_clock_runs_after_the_end": (
        f"UPDATE deadline SET stopped_at = NULL WHERE id = {one('deadline', 'clock = ' + chr(39) + 'dispatch' + chr(39))}",
    ),
    "no_open_ticket_lost_its_clock": (
        f"UPDATE ticket SET state = 'to_sign' WHERE id = {one('ticket', 'state = ' + chr(39) + 'archived' + chr(39))}",
    ),
    "what_is_closed_will_be_archived": ("DELETE FROM deadline WHERE clock = 'archive'",),
    "no_bell_is_late": ("UPDATE deadline SET ring_at = '2026-10-01' WHERE stopped_at IS NULL",),
    "no_bell_rings_twice": (f"UPDATE deadline SET rung = 9 WHERE id = {one('deadline')}",),
    "no_stopped_clock_rings": (f"UPDATE deadline SET ring_at = '2027-01-01' WHERE id = {STOPPED}",),
    "no_deadline_lies_before_its_start": (f"UPDATE deadline SET due_at = '2020-01-01' WHERE id = {STOPPED}",),
    "no_pause_moved_a_deadline_earlier": (
        NEW_PAUSE.format(REPLY_CLOCK, "'2026-10-02'"),
        f"UPDATE deadline SET due_at = started_at WHERE id = {REPLY_CLOCK}",
    ),
    "every_pause_ends_with_its_clock": (NEW_PAUSE.format(STOPPED, "NULL"),),
    "in_time_means_in_time": (f"UPDATE deadline SET met = NOT met WHERE id = {one('deadline', 'met IS NOT NULL')}",),
    "the_nearest_deadline_is_shown": (
        f"UPDATE ticket SET state = 'handling' WHERE id = (SELECT ticket_id FROM deadline WHERE id = {REPLY_CLOCK})",
        f"UPDATE deadline SET stopped_at = NULL, due_at = '2027-01-01' WHERE id = {REPLY_CLOCK}",
    ),
    "no_text_goes_out_twice": (
        f"INSERT INTO message ({COPIED_TEXT}) SELECT {COPIED_TEXT} FROM message WHERE id = {TEXT}",
    ),
    "nobody_is_asked_at_night": (f"UPDATE message SET sent_at = '2026-10-01 19:00:00' WHERE id = {TEXT}",),
    "no_text_is_left_lying": (f"UPDATE message SET state = 'queued' WHERE id = {TEXT}",),
    "nobody_is_texted_who_wants_no_texts": ("UPDATE citizen SET no_texts = 1, created_at = '2020-01-01'",),
    "no_unit_saw_what_it_may_not": (
        f"UPDATE ticket_event SET actor_unit = 'ethnic' WHERE id = {event(chr(39) + 'sign' + chr(39) + ' = action')}",
    ),
    "nobody_reviews_their_own_reply": (
        "UPDATE review SET reviewer_id = (SELECT author_id FROM reply WHERE reply.id = review.reply_id)",
    ),
    "nobody_decides_their_own_petition": (
        "INSERT INTO petition (ticket_id, kind, state, round, asked_by_id, asked_by_name, asked_at, reason, data, "
        f"decided_by_id) SELECT {one('ticket')}, 'extension', 'granted', 1, id, name, '2026-10-01', 'x', '{{}}', id "
        "FROM staff LIMIT 1",
    ),
    "nobody_acts_before_they_are_hired": ("UPDATE staff SET created_at = '2027-01-01'",),
    "no_number_lies_open": (f"UPDATE ticket SET contact_phone = '13800000001' WHERE id = {one('ticket')}",),
    "no_sealed_words_lie_open": (
        f"UPDATE ticket SET privacy = 'sealed' WHERE id = {one('ticket')}",
        f"UPDATE ticket_text SET body = '举报' WHERE ticket_id = {one('ticket')}",
    ),
    "every_job_is_done": (NEW_JOB.format("done_at", "NULL"),),
    "no_job_was_given_up": (NEW_JOB.format("failed_at", "'2026-10-02'"),),
    "every_proposed_unit_exists": (f"UPDATE proposal SET unit_code = 'nobody' WHERE id = {one('proposal')}",),
    "every_submitted_ticket_has_a_proposal": (
        "DELETE FROM correction",
        f"DELETE FROM proposal WHERE ticket_id = {one('ticket')}",
    ),
    "what_was_handed_in_adds_up": (
        f"DELETE FROM ticket_event WHERE id = {event(chr(39) + 'submit' + chr(39) + ' = action')}",
    ),
    "replies_add_up": (f"UPDATE reply SET kind = 'interim' WHERE id = {one('reply')}",),
    "reviews_add_up": (f"DELETE FROM review WHERE id = {one('review')}",),
    "every_answer_has_its_outcome": ("UPDATE survey SET outcome = 'asked', answered_at = '2026-10-09'",),
    "calls_and_tickets_know_each_other": (
        f"UPDATE call SET ticket_id = NULL WHERE id = {one('call', 'ticket_id IS NOT NULL')}",
    ),
    "every_call_is_over": (f"UPDATE call SET state = 'ringing', ended_at = NULL WHERE id = {one('call')}",),
    "seals_are_whole": (f"UPDATE reply SET outcome = 'partly' WHERE id = {one('reply')}",),
    "every_ticket_can_be_found": (
        "DELETE FROM ticket_search_docsize",
        "DROP TABLE ticket_search",
        "CREATE VIRTUAL TABLE ticket_search USING fts5(terms, content='')",
    ),
}
FORBIDDEN_BY_THE_DATABASE = {"no_number_is_given_twice", "nobody_is_asked_twice_in_a_round"}
"""The table itself lets no such row in."""


@pytest.fixture(scope="module")
def city_in_a_box(
    sqlite_tests: SqliteTests, anyang: City, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("box")
    engine = sqlite_tests.apart(folder / "box.db")
    installation = installation_on(engine, anyang, folder)
    told = make(installation, WISH, 1)
    assert told.made.stopped == []
    yield installation
    engine.dispose()


def broken(db: Session, installation: Installation) -> dict[str, tuple[str, ...]]:
    now = datetime(2026, 10, 21, 4, 0, tzinfo=UTC)
    return {one.invariant.name: one.rows for one in look(Seen(db, installation.city, installation.settings, now))}


def test_a_simulated_city_breaks_none(city_in_a_box: Installation) -> None:
    with city_in_a_box.readings() as db:
        assert broken(db, city_in_a_box) == {}


def test_honest_units_tell_each_matter_in_words_of_its_own(city_in_a_box: Installation) -> None:
    """Every reply of the last month was compared with all others, and only what says the very same is doubted."""
    with city_in_a_box.readings() as db:
        last_month = Ticket.created_at > datetime(2026, 10, 21, 4, 0, tzinfo=UTC) - timedelta(days=30)
        told = select(Reply).join(Ticket, Ticket.id == Reply.ticket_id)
        told = told.where(Reply.kind == "final", last_month, Ticket.request_type.not_in(AT_THE_DESK))
        replies = {one.id: one for one in db.scalars(told)}
        placed, compared = set(db.scalars(select(ExactSpot.ticket_id))), set(db.scalars(select(ReplySketch.reply_id)))
        assert (
            len(replies) >= 5 and {one.ticket_id for one in replies.values()} <= placed and replies.keys() <= compared
        )
        copied = set(db.scalars(select(ReplyFinding.reply_id).where(ReplyFinding.kind == "copied")))
        assert not any(who in (replies[one].facts or "") for one in copied & replies.keys() for who in words.WHO)


def test_the_quality_desk_of_a_simulated_city_is_alive(city_in_a_box: Installation) -> None:
    """Weeks of results of many people, some weak and talked over, and work that waits."""
    with city_in_a_box.readings() as db:
        tasks = db.scalars(select(QualityTask)).all()
        told = [one for one in tasks if one.state == "told"]
        assert len({one.drawn_on for one in told}) >= 4 and len({one.scored_id for one in told}) >= 10
        assert any(one.coaching for one in told) and any(one.coached_at for one in told)
        assert any(one.state == "open" for one in tasks)
        assert db.scalar(select(func.count()).select_from(RecordLook))


def test_there_are_more_than_forty_and_each_has_a_damage() -> None:
    assert len(INVARIANTS) >= 40
    assert {one.name for one in INVARIANTS} == DAMAGES.keys() | FORBIDDEN_BY_THE_DATABASE


@pytest.mark.parametrize("name", DAMAGES)
def test_each_finds_its_damage(city_in_a_box: Installation, name: str) -> None:
    with city_in_a_box.sessions() as db:
        connection = db.connection()
        opened_log(connection, "ticket_event")
        for statement in DAMAGES[name]:
            connection.exec_driver_sql(statement)
        found = broken(db, city_in_a_box)
        db.rollback()
    assert found.get(name), f"{name} found nothing; others: {list(found)}"
