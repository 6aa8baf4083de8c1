"""Files of other systems come in whole: each row once, wrong rows told by line, nothing lost when it breaks off."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, func, select

from hotline.city.sync import sync
from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.headings import columns_of, read_map
from hotline.intake.importing.opening import first_table
from hotline.intake.importing.reading.encodings import encoding_of
from hotline.intake.importing.take import Outcome, import_file
from hotline.intake.importing.wish import Wish
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.outbox.bulk import run_all_due
from hotline.settings import ROOT, Settings
from hotline.tickets.act import act, lock
from hotline.tickets.roles import a_citizen
from models import Message, Proposal, Ticket, TicketText, make_engine
from tests.support.services import MASTER

BODIES = ("路灯连着三晚不亮", "井盖翘起来了", "小区停水一天了", "公交车等了四十分钟", "工资拖欠三个月")


@pytest.fixture
def installation(sqlite_engine: Engine, city: Any, clock: StoppedClock, tmp_path: Path) -> Installation:
    return house_on(sqlite_engine, city, clock, tmp_path)


def house_on(engine: Engine, city: Any, clock: StoppedClock, folder: Path) -> Installation:
    installation = build_installation(
        Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=folder, testing=True),
        city=city,
        clock=clock,
        engine=engine,
    )
    with installation.sessions() as db:
        sync(db, city, clock.now())
        db.commit()
    return installation


def count(installation: Installation, table: Any = Ticket) -> int:
    with installation.readings() as db:
        return int(db.scalar(select(func.count()).select_from(table)) or 0)


def only_ticket(installation: Installation) -> tuple[Ticket, TicketText]:
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        return ticket, db.get_one(TicketText, ticket.id)


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows),
        encoding="utf-8",
    )
    return path


def numbered(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(i + 1), "subject": f"事项{i}", "body": f"{BODIES[i % 5]}，第 {i} 件", **more} for i in range(n)]


def take(installation: Installation, path: Path, **wish: Any) -> Outcome:
    return import_file(installation, Wish(path, **wish))


# --- each row once ---------------------------------------------------------------------------------------------------


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


# --- what is taken over ----------------------------------------------------------------------------------------------


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


# --- kinds of files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_of_offices(installation: Installation, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('编号,正文,联系电话\n1,"路灯不亮,\n很黑",138 0000 1111\n2,井盖丢了,\n'.encode(encoding))
    outcome = take(installation, file)
    assert (outcome.new, outcome.rejected) == (2, 0)
    with installation.readings() as db:
        assert db.scalars(select(TicketText.body).order_by(TicketText.ticket_id)).all() == [
            "路灯不亮,\n很黑",
            "井盖丢了",
        ]
        assert db.scalars(select(Ticket.contact_phone).order_by(Ticket.id)).all() == ["13800001111", None]


def test_a_long_file_of_half_cut_characters_is_still_known_as_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("正文\n" + "a" + "路" * 700_000).encode())
    assert encoding_of(file) == "utf-8-sig"


def test_tabs_and_semicolons_part_columns_too(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id;正文\n1;路灯不亮, 很黑\n", encoding="utf-8")
    take(installation, file)
    assert only_ticket(installation)[1].body == "路灯不亮, 很黑"


def test_a_gzipped_file_is_read_as_it_is(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in numbered(7))
    assert take(installation, file).new == 7


def test_excel_keeps_phone_numbers_and_dates_whole(installation: Installation, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["工单编号", "诉求内容", "联系电话", "受理时间"])
    sheet.append([20260301001, "路灯不亮", 13800001111, datetime(2026, 3, 1, 10, 0)])
    sheet.append([None, None, None, None])
    book.save(tmp_path / "a.xlsx")
    assert take(installation, tmp_path / "a.xlsx").read == 1
    ticket, text = only_ticket(installation)
    assert (ticket.outer_number, ticket.contact_phone) == ("20260301001", "13800001111")
    assert text.extra["happened_at"] == "2026-03-01T10:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"x"), ("a.xlsx", b"no workbook"), ("a.csv", b""), ("nowhere.jsonl", None)]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    installation: Installation, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal) as refused:
        take(installation, tmp_path / name)
    assert name in refused.value.sentence
    assert count(installation) == 0


# --- which column is what --------------------------------------------------------------------------------------------


def test_columns_are_guessed_by_their_usual_names() -> None:
    assert columns_of(["工单编号", " 诉求内容 ", "Title", "来电号码"], {}).taken == {
        "outer_number": ("工单编号",),
        "body": (" 诉求内容 ",),
        "title": ("Title",),
        "phone": ("来电号码",),
    }


def test_what_a_person_says_goes_before_what_is_guessed() -> None:
    assert columns_of(["正文", "说的话", "电话"], {"body": "说的话", "phone": ""}).taken == {"body": ("说的话",)}


@pytest.mark.parametrize(("told", "says"), [({"body": "无此列"}, "无此列"), ({"weather": "正文"}, "weather")])
def test_a_mapping_that_leads_nowhere_is_refused(told: dict[str, str], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        columns_of(["正文"], told)


def test_a_file_in_which_nothing_can_be_the_body_is_refused(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="--map body"):
        take(installation, lines(tmp_path / "a.jsonl", [{"甲": "1", "乙": "2"}]))


def test_a_mapping_without_an_equals_sign_is_refused() -> None:
    assert read_map(["body=正文", "phone="]) == {"body": "正文", "phone": ""}
    with pytest.raises(Refusal, match="正文"):
        read_map(["正文"])


# --- wrong rows ------------------------------------------------------------------------------------------------------


def test_wrong_rows_are_told_by_line_and_reason_and_the_others_come_in(
    installation: Installation, tmp_path: Path
) -> None:
    file = lines(
        tmp_path / "a.jsonl",
        [
            {"id": "1", "body": "路灯不亮"},
            "{broken",
            '["a list"]',
            {"id": "4", "body": "  "},
            "",
            {"id": "6", "body": "井盖丢了", "phone": "abc"},
            {"id": "7", "body": "停水了", "time": "2026-13-45"},
            {"id": "8", "body": "长" * 60_000},
            {"id": "9", "body": "公交太少"},
        ],
    )
    outcome = take(installation, file)
    assert (outcome.read, outcome.new) == (8, 3)
    assert [line for line, _reason, _sheet in outcome.told] == [2, 3, 4, 7, 8]
    assert outcome.balanced()
    held = [json.loads(line) for line in (tmp_path / "a.jsonl.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["reason"]) for one in held] == [one[:2] for one in outcome.told]
    assert held[0]["row"] == "{broken"
    assert held[3]["row"]["time"] == "2026-13-45"


def test_a_bad_row_does_not_lose_its_batch(installation: Installation, tmp_path: Path) -> None:
    rows = numbered(30)
    rows[13]["time"] = "half past never"
    outcome = take(installation, lines(tmp_path / "a.jsonl", rows), batch=10)
    assert (outcome.new, outcome.rejected, count(installation)) == (29, 1, 29)


def test_bytes_that_are_no_text_are_a_wrong_row(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "1", "body": "\xff\xfe"}\n{"id": "2", "body": "ok then"}\n')
    outcome = take(installation, tmp_path / "a.jsonl")
    assert (outcome.new, [line for line, _r, _s in outcome.told]) == (1, [1])


def test_a_csv_row_with_a_lost_quotation_mark_is_told(installation: Installation, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "正文"], ["1", "路灯不亮"], ["2", "井盖", "丢了"]])
    outcome = take(installation, tmp_path / "a.csv")
    assert (outcome.new, [line for line, _r, _s in outcome.told]) == (1, [3])


def test_a_torn_gzip_gives_what_it_has_and_says_that_the_rest_is_missing(
    installation: Installation, tmp_path: Path
) -> None:
    whole = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in numbered(400)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[:-200])
    outcome = take(installation, tmp_path / "a.jsonl.gz")
    assert 0 < outcome.new < 400
    assert outcome.rejected >= 1


def test_mended_rejects_leave_no_file_of_rejects_behind(installation: Installation, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", [{"id": "1", "body": ""}])
    take(installation, file)
    assert (tmp_path / "a.jsonl.rejects.jsonl").exists()
    take(installation, lines(file, [{"id": "1", "body": "路灯不亮"}]))
    assert not (tmp_path / "a.jsonl.rejects.jsonl").exists()


def test_the_file_of_rejects_can_be_mended_and_read_by_a_person(installation: Installation, tmp_path: Path) -> None:
    take(installation, lines(tmp_path / "a.jsonl", [{"id": "1", "body": "路灯不亮", "time": "说不清"}]))
    rejects = tmp_path / "a.jsonl.rejects.jsonl"
    told = rejects.read_text(encoding="utf-8")
    assert "说不清" in told
    rejects.write_text(told.replace("说不清", "2026-03-15"), encoding="utf-8")
    assert take(installation, rejects).new == 1
    assert only_ticket(installation)[0].outer_source == "a"


# --- whom an import may text ------------------------------------------------------------------------------------------


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


# --- proposals, and breaking off -------------------------------------------------------------------------------------


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

    installation.classifier = Moody()  # type: ignore[assignment]
    run_all_due(installation)
    assert count(installation, Proposal) == 4


def start_import(database: Path, file: Path, *more: str) -> subprocess.Popen[bytes]:
    told = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "HOTLINE_VAR": str(database.parent),
        "HOTLINE_MODE": "development",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hotline", "import", str(file), *more],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def tickets_in(database: Path) -> int:
    engine = make_engine(f"sqlite:///{database}")
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(Ticket)) or 0)
    finally:
        engine.dispose()


def half_settled(path: Path, n: int) -> Path:
    """A CSV in which every second matter is settled history, none has a number, and some are told twice in the same words."""
    heads = "诉求内容,联系电话,受理时间,状态,答复,满意度,办结时间"
    rows = [
        f"{BODIES[i % 5]}，第 {i // 2 * 2 if i % 20 == 1 else i} 件,,2026-02-01,{'已办结,已修复,满意,2026-02-03' if i % 2 else '办理中,,,'}"
        for i in range(n)
    ]
    path.write_bytes("\r\n".join([heads, *rows]).encode("gb18030"))
    return path


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_killed_half_way_and_run_again_it_has_every_row_exactly_once(
    sqlite_tests: Any, city: Any, clock: StoppedClock, tmp_path: Path, kind: str
) -> None:
    database, rows = tmp_path / "h.db", 400
    write(tmp_path / "master_key", [MASTER])
    shutil.copyfile(sqlite_tests.template, database)
    engine = make_engine(f"sqlite:///{database}")
    house_on(engine, city, clock, tmp_path)
    engine.dispose()
    file = lines(tmp_path / "a.jsonl", numbered(rows)) if kind == "jsonl" else half_settled(tmp_path / "a.csv", rows)
    first = start_import(database, file, "--batch", "10", "--no-triage")
    while first.poll() is None and tickets_in(database) < 50:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    half = tickets_in(database)
    assert 50 <= half < rows
    second = start_import(database, file, "--no-triage")
    out, _err = second.communicate()
    assert second.returncode == 0
    assert f"已有 {half}" in out.decode()
    assert tickets_in(database) == rows


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
