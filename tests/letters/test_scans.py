"""Letters on paper: a scan is read by the machine where it can be, laid beside its picture, corrected by a person and registered once."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from hotline import outbox
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.tidying import tidy
from hotline.letters import reader
from hotline.letters.scans import find_lost, read_scan
from hotline.outbox.runner import drain
from hotline.tickets.erasing.erasure import erase_tickets
from hotline.tickets.names import JobName
from models import Attachment, Job, LetterScan, Staff, Ticket
from tests.support.life import Life
from tests.support.papers.scanned import KINDS, letter, right

FORM = {
    "body": "路灯不亮。",
    "received_on": "2026-03-02",
    "register_no": "信-17",
    "name": "王建国",
    "sender_address": "东工路1号",
}


@pytest.fixture
def clerk(browse: Callable[[Staff], FlaskClient], life: Life) -> FlaskClient:
    life.db.commit()
    return browse(life.staff["an"])


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody installed the reader."""
    monkeypatch.setattr(reader, "READER", "a_reader_that_nobody_installed")


def put_in(clerk: FlaskClient, life: Life, *pictures: bytes) -> list[LetterScan]:
    sent = {"files": [(io.BytesIO(one), f"信{n}.jpg") for n, one in enumerate(pictures)]}
    assert clerk.post("/letters/", data=sent).status_code == 303
    found = list(life.db.scalars(select(LetterScan).order_by(LetterScan.id)))
    life.db.commit()
    return found


def test_from_the_scan_to_the_ticket_with_what_a_person_corrected(
    clerk: FlaskClient, life: Life, installation: Installation
) -> None:
    drawn = letter(1, "print")
    (scan,) = put_in(clerk, life, drawn.picture)
    drain(installation)
    life.db.expire_all()
    assert scan.state == "read" and scan.text is not None and right(scan.text, drawn.text) >= 0.97
    life.db.commit()
    page = clerk.get(f"/letters/{scan.id}").text
    assert "会有错字" in page and clerk.get(f"/letters/{scan.id}/picture").mimetype == "image/jpeg"
    assert clerk.post(f"/letters/{scan.id}", data=FORM).status_code == 303
    ticket = life.db.scalars(select(Ticket)).one()
    assert (ticket.channel, ticket.text.body, ticket.contact_name) == ("letter", "路灯不亮。", "王建国")
    assert {"信-17", "2026-03-02", "东工路1号"} <= set(map(str, ticket.text.extra.values()))
    assert life.db.scalars(select(Attachment.ticket_id)).one() == ticket.id
    life.db.commit()
    assert clerk.post(f"/letters/{scan.id}", data=FORM).status_code == 404, "the second of two clerks"
    assert len(life.db.scalars(select(Ticket)).all()) == 1


def test_the_pages_of_one_letter_are_one_matter_and_the_others_wait(
    clerk: FlaskClient, life: Life, no_reader: None
) -> None:
    first, second, third = put_in(clerk, life, *(letter(n, "print").picture for n in (1, 2, 3)))
    second.text, first.text = "第二页的话。", "第一页的话。"
    life.db.commit()
    page = clerk.get(f"/letters/{first.id}").text
    assert "这封信还有别的页" in page and "第二页" not in page
    page = clerk.get(f"/letters/{first.id}?pages={second.id}&pages=x&pages={first.id}").text
    assert "第一页的话。\n第二页的话。" in page and f"/letters/{second.id}/picture" in page
    assert page.count(f'name="pages" value="{second.id}"') == 2, (
        "kept when a third is put to it, and when it is registered"
    )
    wrong = clerk.post(f"/letters/{first.id}", data=FORM | {"body": "", "pages": [second.id]})
    assert wrong.status_code == 400 and f"/letters/{second.id}/picture" in wrong.text
    assert clerk.post(f"/letters/{first.id}", data=FORM | {"pages": [second.id]}).status_code == 303
    life.db.expire_all()
    ticket = life.db.scalars(select(Ticket)).one()
    assert [one.ticket_id for one in (first, second, third)] == [ticket.id, ticket.id, None]
    assert len(life.db.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).all()) == 2
    life.db.commit()
    taken = clerk.post(f"/letters/{third.id}", data=FORM | {"pages": [second.id]})
    assert taken.status_code == 404 and len(life.db.scalars(select(Ticket)).all()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_print_is_read_to_97_of_100_characters_and_crooked_scans_and_photos_nearly_so(kind: str) -> None:
    """Fifty of them: `python -m tests.bench letters`."""
    drawn = letter(2, kind)
    assert right(reader.read_apart(drawn.picture) or "", drawn.text) >= (0.9 if kind == "photo" else 0.97)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_letter_that_lay_on_its_side_or_head_in_the_scanner_is_read_in_its_order(turn: int) -> None:
    drawn = letter(911, "print")
    with Image.open(io.BytesIO(drawn.picture)) as sheet:
        laid = io.BytesIO()
        sheet.rotate(turn, expand=True).save(laid, "JPEG", quality=88)
    assert right(reader.read_apart(laid.getvalue()) or "", drawn.text) >= 0.95


def test_a_box_is_turned_back_with_its_upper_left_corner_first() -> None:
    line = [(10.0, 20.0), (110.0, 20.0), (110.0, 40.0), (10.0, 40.0)]
    laid = {  # in a picture of 200 × 100, turned to the left once, twice and thrice
        1: [(20.0, 90.0), (40.0, 90.0), (40.0, 190.0), (20.0, 190.0)],
        2: [(90.0, 60.0), (190.0, 60.0), (190.0, 80.0), (90.0, 80.0)],
        3: [(60.0, 10.0), (80.0, 10.0), (80.0, 110.0), (60.0, 110.0)],
    }
    for turns, box in laid.items():
        back = reader.upright(box, turns)
        moved = [(x - back[0][0] + 10, y - back[0][1] + 20) for x, y in back]
        assert moved == line, turns
        assert reader.quarter_turns([box], [turns in (1, 2)]) == turns


@pytest.mark.usefixtures("no_reader")
def test_without_a_reader_the_letter_is_typed_from_its_picture_and_the_page_says_so(
    clerk: FlaskClient, life: Life, installation: Installation
) -> None:
    (scan,) = put_in(clerk, life, letter(1, "print").picture)
    drain(installation)
    life.db.refresh(scan)
    assert scan.state == "absent"
    life.db.commit()
    assert "没有装识读程序" in clerk.get("/letters/").text and "没有装识读程序" in clerk.get(f"/letters/{scan.id}").text
    assert clerk.post(f"/letters/{scan.id}", data=FORM).status_code == 303


def test_what_is_no_picture_of_a_letter_is_told_and_leaves_nothing(
    clerk: FlaskClient, life: Life, installation: Installation
) -> None:
    refused = clerk.post("/letters/", data={"files": (io.BytesIO(b"%PDF-1.4\n" + b"0" * 90), "信.pdf")})
    assert refused.status_code == 400 and "请扫描成 JPG 或 PNG" in refused.text
    tiff = clerk.post("/letters/", data={"files": (io.BytesIO(b"II*\x00" + b"0" * 90), "信.tif")})
    assert tiff.status_code == 400 and "请扫描成 JPG 或 PNG" in tiff.text and "录音" not in tiff.text
    assert clerk.post("/letters/", data={}).status_code == 400
    assert life.db.scalars(select(LetterScan)).all() == [] == life.db.scalars(select(Attachment)).all()
    assert [one for one in installation.settings.attachments.glob("*") if one.is_file()] == []
    life.db.commit()
    assert reader.read_apart(b"\xff\xd8\xff no picture") is None


@pytest.mark.usefixtures("no_reader")
def test_an_unregistered_scan_waits_as_long_as_it_must_and_goes_only_by_a_persons_hand(
    clerk: FlaskClient,
    browse: Callable[[Staff], FlaskClient],
    life: Life,
    installation: Installation,
    clock: StoppedClock,
) -> None:
    first, second = put_in(clerk, life, letter(1, "print").picture, letter(2, "print").picture)
    clock.at += timedelta(days=30)
    tidy(installation, clock.now())
    clerk = browse(life.staff["an"])
    assert clerk.get(f"/letters/{first.id}/picture").status_code == 200
    assert clerk.post(f"/letters/{first.id}", data={**FORM, "body": " "}).status_code == 400
    assert clerk.post(f"/letters/{first.id}/away").status_code == 303
    assert clerk.get(f"/letters/{first.id}").status_code == 404
    assert [one.id for one in life.db.scalars(select(LetterScan))] == [second.id]
    assert len([one for one in installation.settings.attachments.glob("*") if one.is_file()]) == 1


@pytest.mark.usefixtures("no_reader")
@pytest.mark.parametrize("day", ["2026-13-45", "昨天", "2026-03-05"])
def test_a_day_of_receipt_that_is_none_or_has_not_come_comes_back_with_every_word(
    clerk: FlaskClient, life: Life, day: str
) -> None:
    (scan,) = put_in(clerk, life, letter(1, "print").picture)
    for at, more in ((f"/letters/{scan.id}", {}), ("/desk", {"channel": "letter", "then": "submit"})):
        answer = clerk.post(at, data=FORM | {"received_on": day} | more)
        assert answer.status_code == 400 and "收到日期不对" in answer.text and FORM["body"] in answer.text
    assert life.db.scalars(select(Ticket).where(Ticket.state != "draft")).all() == []
    life.db.commit()
    assert clerk.post(f"/letters/{scan.id}", data=FORM).status_code == 303


@pytest.mark.usefixtures("no_reader")
def test_what_was_read_goes_with_its_ticket(clerk: FlaskClient, life: Life) -> None:
    (scan,) = put_in(clerk, life, letter(1, "print").picture)
    clerk.post(f"/letters/{scan.id}", data=FORM)
    erase_tickets(life.db, [life.db.scalars(select(Ticket.id)).one()], life.now)
    assert life.db.scalars(select(LetterScan)).all() == [] == life.db.scalars(select(Attachment)).all()


def test_a_scan_whose_worker_died_is_read_by_the_next_and_after_the_second_waits_for_a_person(
    clerk: FlaskClient, life: Life, installation: Installation, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READER", "json")
    (scan,) = put_in(clerk, life, letter(1, "print").picture)
    for tries in (1, 2):
        take_in_hand_and_die(installation)
        life.db.expire_all()
        assert (scan.state, scan.tries) == ("waiting", tries) and scan.reading_since is not None
        life.db.commit()
        find_lost(installation, clock.now())
        life.db.expire_all()
        assert scan.reading_since is not None, "it may still be read"
        life.db.commit()
        clock.forward(minutes=11)
        find_lost(installation, clock.now())
    life.db.expire_all()
    assert (scan.state, scan.reading_since) == ("unfinished", None)


def test_a_scan_that_a_busy_machine_did_not_finish_is_read_later_and_then_handed_to_a_person(
    clerk: FlaskClient, life: Life, installation: Installation, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READER", "json")
    monkeypatch.setattr(reader, "PATIENCE_S", 0.001)
    late, lost = put_in(clerk, life, letter(1, "print").picture, letter(2, "print").picture)
    drain(installation)
    assert clerk.get("/letters/").text.count("等空闲时再读") == 2
    assert "十分钟后再读一次" in clerk.get(f"/letters/{late.id}").text
    clock.forward(minutes=9)
    drain(installation)
    life.db.expire_all()
    assert (late.tries, lost.tries) == (1, 1), "not before the machine had a rest"
    life.db.commit()
    clock.forward(minutes=2)
    drain(installation)
    page = clerk.get(f"/letters/{lost.id}").text
    assert "没有读完" in clerk.get("/letters/").text and "两次都没有读完。请对着图片录入" in page
    monkeypatch.setattr(reader, "read_apart", lambda _picture: "路灯不亮")
    assert clerk.post(f"/letters/{late.id}/again").status_code == 303
    drain(installation)
    life.db.expire_all()
    assert (late.state, late.text, lost.state) == ("read", "路灯不亮", "unfinished")


def test_a_sheet_without_words_is_said_to_have_none(
    clerk: FlaskClient, life: Life, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "READER", "json")
    monkeypatch.setattr(reader, "read_apart", lambda _picture: "")
    (scan,) = put_in(clerk, life, letter(1, "print").picture)
    drain(installation)
    assert "没有读出文字" in clerk.get(f"/letters/{scan.id}").text


def take_in_hand_and_die(installation: Installation) -> None:
    """The job is claimed and committed; what comes after the commit never happens."""
    with installation.sessions() as db:
        due = outbox.due_jobs(db, installation.clock.now())
        (job_id,) = (one for one in due if db.get_one(Job, one).name == JobName.READ_SCAN)
        job = outbox.claim(db, job_id, installation.clock.now())
        assert job is not None and read_scan(installation, db, job) is not None
        db.commit()


def test_pieces_of_one_line_are_one_line_from_left_to_right() -> None:
    def box(left: float, top: float) -> list[list[float]]:
        return [[left, top], [left + 90, top], [left + 90, top + 30], [left, top + 30]]

    assert (
        reader.in_lines([(box(400, 102), "王建国"), (box(0, 100), "居民"), (box(0, 160), "三月")])
        == "居民 王建国\n三月"
    )


def on_paper(*lines: tuple[float, float, str]) -> str:
    """Lines of 30 dots that begin and end there, on a sheet that lies a little crooked."""
    return reader.in_lines(
        [
            ([[x, 50 * n + 4], [end, 50 * n], [end, 50 * n + 30], [x, 50 * n + 34]], words)
            for n, (left, right, words) in enumerate(lines)
            for x, end in [(left + 3 * n, right + 3 * n)]
        ]
    )


def test_what_the_margin_broke_is_one_sentence_and_paragraphs_stay_parted() -> None:
    assert on_paper(
        (0, 200, "尊敬的领导："),
        (60, 900, "曙光路农贸市场每天早上占道经营，垃圾"),
        (0, 890, "没有人清运，夏天气味很大，请派 staff"),
        (0, 400, "and 清理干净。"),
        (60, 905, "附近还有一所小学，请在开学以前办好。"),
        (60, 895, "恳请领导过问此事，并书面答"),
        (0, 60, "复。"),
        (0, 330, "联系电话：13809722233"),
        (0, 300, "2026年9月4日"),
    ).split("\n") == [
        "尊敬的领导：",
        "曙光路农贸市场每天早上占道经营，垃圾没有人清运，夏天气味很大，请派 staff and 清理干净。",
        "附近还有一所小学，请在开学以前办好。",
        "恳请领导过问此事，并书面答复。",
        "联系电话：13809722233",
        "2026年9月4日",
    ]


def test_only_agents_open_the_letter_tray(browse: Callable[[Staff], FlaskClient], life: Life) -> None:
    life.db.commit()
    assert [browse(life.staff[who]).get("/letters/").status_code for who in ("an", "班", "du", "he")] == [
        200,
        200,
        403,
        403,
    ]
