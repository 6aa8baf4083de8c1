"""Files of other systems come in whole: each row once, wrong rows told by line, nothing lost when it breaks off."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake.importing.opening import first_table
from hotline.outbox.bulk import run_all_due
from hotline.tickets.act import act, lock
from hotline.tickets.roles import a_citizen
from models import Message, Proposal, Ticket
from tests.support.cities.imported import BODIES, count, lines, numbered, only_ticket
from tests.support.cities.imported import taken as take


def test_every_row_becomes_one_ticket_and_waits_for_dispatch(installation: Installation, tmp_path: Path) -> None:
    outcome = take(installation, lines(tmp_path / "a.jsonl", numbered(12)))
    assert (outcome.read, outcome.new, outcome.known, outcome.rejected) == (12, 12, 0, 0)
    with installation.readings() as db:
        assert set(db.scalars(select(Ticket.state))) == {"to_dispatch"}


def test_a_second_reading_makes_no_new_ticket(installation: Installation, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", numbered(12))
    take(installation, file)
    again = take(installation, file)
    assert (again.new, again.known, count(installation)) == (0, 12, 12)


def test_more_than_a_hundred_rows_lose_none_at_the_edge_of_the_look_ahead(
    installation: Installation, tmp_path: Path
) -> None:
    assert take(installation, lines(tmp_path / "a.jsonl", numbered(101)), batch=50).new == 101


def test_the_same_number_of_another_source_is_another_matter(installation: Installation, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", numbered(2))
    take(installation, file, source="mailbox")
    assert take(installation, file, source="board").new == 2


def test_a_number_told_twice_in_one_file_is_one_ticket(installation: Installation, tmp_path: Path) -> None:
    outcome = take(installation, lines(tmp_path / "a.jsonl", [*numbered(2), *numbered(2)]))
    assert (outcome.read, outcome.new, outcome.known) == (4, 2, 2)


def test_a_number_in_other_letters_or_width_is_the_same_matter(installation: Installation, tmp_path: Path) -> None:
    """In one file, and in the next; with other words it is one of its own."""
    words = {"body": "文峰大道路灯不亮"}
    file = lines(tmp_path / "a.jsonl", [{"id": "Xk-7a", **words}, {"id": "XK-7A", **words}])
    first = take(installation, file, source="mailbox")
    assert (first.new, first.known) == (1, 1)
    more = [{"id": "xk-7a", **words}, {"id": "ＸＫ－７ａ", **words}, {"id": "XK-7A", "body": "东关街道停水"}]
    again = take(installation, lines(tmp_path / "b.jsonl", more), source="mailbox")
    assert (again.new, again.known, again.conflict) == (1, 2, 0)


def test_rows_without_a_number_are_known_again_by_their_words(installation: Installation, tmp_path: Path) -> None:
    rows = [{"body": body} for body in BODIES]
    take(installation, lines(tmp_path / "a.jsonl", rows))
    longer = take(installation, lines(tmp_path / "a.jsonl", [*rows, {"body": "新来的一件"}]))
    assert (longer.new, longer.known) == (1, 5)


def test_two_equal_rows_without_a_number_are_two_citizens(installation: Installation, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", [{"body": "路灯不亮"}, {"body": "路灯不亮"}])
    assert take(installation, file).new == 2
    assert take(installation, file).new == 0


def test_a_number_longer_than_our_column_is_kept_apart_all_the_same(installation: Installation, tmp_path: Path) -> None:
    rows = [{"id": "x" * 100 + tail, "body": "路灯不亮"} for tail in "ab"]
    assert take(installation, lines(tmp_path / "a.jsonl", rows)).new == 2


def test_the_rows_own_time_is_kept_beside_the_moment_of_intake(
    installation: Installation, tmp_path: Path, now: datetime
) -> None:
    take(
        installation,
        lines(tmp_path / "a.jsonl", [{"id": "1", "body": "路灯不亮", "time": "2019/3/11 11:40:42", "likes": 7}]),
    )
    ticket, text = only_ticket(installation)
    assert ticket.created_at == now
    assert datetime.fromisoformat(text.extra["happened_at"]) == datetime(2019, 3, 11, 3, 40, 42, tzinfo=UTC)
    assert text.extra["likes"] == 7


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-15 14:30",
        "2026/3/15 14:30:00",
        "2026年3月15日 14时30分",
        "2026.3.15 14:30",
        "2026-03-15T14:30:00",
        "2026-03-15T06:30:00+00:00",
    ],
)
def test_times_are_read_as_offices_write_them(installation: Installation, tmp_path: Path, written: str) -> None:
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "body": "路灯不亮", "time": written}]))
    _ticket, text = only_ticket(installation)
    assert datetime.fromisoformat(text.extra["happened_at"]) == datetime(2026, 3, 15, 6, 30, tzinfo=UTC)


def test_chinese_words_for_channel_and_type_are_understood(installation: Installation, tmp_path: Path) -> None:
    take(
        installation,
        lines(
            tmp_path / "a.jsonl",
            [{"编号": "1", "诉求内容": "路灯不亮", "渠道": "市长信箱", "诉求类型": "投诉", "地址": "中华路"}],
        ),
    )
    ticket, text = only_ticket(installation)
    assert (ticket.channel, ticket.request_type, text.place) == ("mailbox", "complaint", "中华路")


def test_a_row_with_only_a_subject_is_a_message_too(installation: Installation, tmp_path: Path) -> None:
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "subject": "路灯不亮", "body": None}]))
    assert only_ticket(installation)[1].body == "路灯不亮"


def test_emoji_markup_and_rare_characters_come_in_word_for_word(installation: Installation, tmp_path: Path) -> None:
    said = "𠮷家村<script>alert(1)</script>'; DROP TABLE ticket;-- 😀\n第二行"
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "body": said}]))
    assert only_ticket(installation)[1].body == said


@pytest.mark.parametrize(
    ("texts", "texted"),
    [("recent", ["13800000001"]), ("all", ["13800000001", "13800000002", "13800000003"]), ("none", [])],
)
def test_old_messages_text_nobody_unless_told_to(
    installation: Installation, clock: StoppedClock, tmp_path: Path, texts: str, texted: list[str]
) -> None:
    """The first row was told yesterday, the second years ago, the third does not say when."""
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    rows = [
        {"id": "1", "body": "路灯不亮", "phone": "13800000001", "time": yesterday},
        {"id": "2", "body": "井盖松动", "phone": "13800000002", "time": "2020-05-01 08:00"},
        {"id": "3", "body": "垃圾没人清", "phone": "13800000003"},
    ]
    take(installation, lines(tmp_path / "a.jsonl", rows), texts=texts, columns={"happened_at": "time"})
    run_all_due(installation)
    with installation.readings() as db:
        sent = db.scalars(select(Message.phone).where(Message.channel == "sms").distinct()).all()
    assert sorted(sent) == texted


def test_a_quiet_citizen_who_is_heard_from_again_is_answered(
    installation: Installation, city: Any, clock: StoppedClock, tmp_path: Path
) -> None:
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "body": "路灯不亮", "phone": "13800000001"}]))
    with installation.sessions() as db:
        ticket = lock(db, db.scalars(select(Ticket.id)).one())
        assert ticket.quiet
        act(db, city, ticket, "add", a_citizen(ticket), clock.now(), {"text": "还是不亮"})
        assert not ticket.quiet


def test_every_imported_message_gets_a_proposal(installation: Installation, tmp_path: Path) -> None:
    take(installation, lines(tmp_path / "a.jsonl", numbered(23)))
    told: list[int] = []
    run_all_due(installation, lambda done, _of: told.append(done))
    assert count(installation, Proposal) == 23
    assert told == sorted(told)
    assert run_all_due(installation) == 0


def test_one_job_that_fails_does_not_hold_up_the_others(installation: Installation, tmp_path: Path) -> None:
    take(installation, lines(tmp_path / "a.jsonl", numbered(5)))
    classifier = installation.classifier

    class Moody:
        name = "moody"

        def suggest(self, text: str) -> Any:
            if "第 3 件" in text:
                raise ValueError("not that one")
            return classifier.suggest(text)

        def suggest_many(self, texts: Sequence[str]) -> list[Any]:
            return [self.suggest(text) for text in texts]

    installation.classifier = Moody()  # type: ignore[assignment]
    run_all_due(installation)
    assert count(installation, Proposal) == 4


def test_the_real_messages_come_in_whole_and_only_once(installation: Installation, data: Path, tmp_path: Path) -> None:
    """Public messages of another province: 3,061 rows, none of them ours."""
    name = "teddy2020_hot_train.jsonl.gz"
    if not (data / name).exists():
        pytest.skip(f"no {name} in {data}")
    shutil.copyfile(data / name, tmp_path / name)
    assert first_table(tmp_path / name).count == 3061
    first = take(installation, tmp_path / name, channel="people_board")
    assert (first.read, first.new, first.rejected) == (3061, 3061, 0)
    assert take(installation, tmp_path / name, channel="people_board").new == 0
    assert count(installation) == 3061
