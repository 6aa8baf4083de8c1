"""Files are looked into for viruses after they came in: shown as they stand, sealed when infected, asked again when nobody could tell."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.intake.importing import runs
from hotline.ops import health
from hotline.ops.stored_health import StoredFiles
from hotline.outbox.runner import drain
from hotline.settings import read_settings
from hotline.stored_files.care import look_after_files
from hotline.stored_files.checking import KEPT, settle_infected
from models import Audit, ImportRun, Job, Message, Staff
from tests.support.doubles.clamd_double import EICAR, ClamdDouble
from tests.support.life import Life
from tests.support.papers.uploads import Upload, read_again
from webhooks import clamd as protocol
from webhooks.clamd import Verdict, ask

Browse = Callable[[Staff], FlaskClient]


# --- the protocol ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "content", "said"),
    [
        ("", b"harmless", Verdict(False)),
        ("", b"before" + EICAR + b"after", Verdict(True, "Eicar-Signature")),
        ("", EICAR.join([b"x" * 200_000] * 2), Verdict(True, "Eicar-Signature")),
        ("", b"", Verdict(False)),
        ("dies", b"x" * 300_000, Verdict(None, "hung up")),
        ("hangs", b"x", Verdict(None, "no answer in time")),
        ("nonsense", b"x", Verdict(None, "\ufffd\ufffdhello")),
        ("half", b"x", Verdict(None, "hung up")),
        ("unended", b"x", Verdict(None, "hung up")),
        ("small", b"x" * 500_000, Verdict(None, protocol.TOO_LARGE)),
    ],
)
def test_only_a_whole_answer_is_an_answer(mood: str, content: bytes, said: Verdict, clamd: ClamdDouble) -> None:
    clamd.mood = mood
    heard = ask(str(clamd.path), iter([content[:70_000], content[70_000:]]), patience=1.0)
    assert heard.infected is said.infected
    if mood != "dies":  # the system says in its own words that nobody listens any more
        assert heard == said


def test_nobody_there_is_told_and_never_raised(tmp_path: Path) -> None:
    assert ask(str(tmp_path / "none"), [b"x"]).infected is None and not protocol.answers(str(tmp_path / "none"))
    assert ask("tcp://127.0.0.1:9", [b"x"], 1.0).infected is None


def test_one_that_takes_a_byte_a_second_ends_in_time() -> None:
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(slow.accept()[0]), daemon=True).start()
        began = time.monotonic()
        assert ask(f"127.0.0.1:{slow.getsockname()[1]}", [b"x" * (1 << 24)], 0.5) == Verdict(None, "no answer in time")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "address", ["clamd.ctl", "tcp://", "tcp://host", "http://127.0.0.1:3310", "tcp://:3310", "tcp://a:b"]
)
def test_an_address_that_is_none_does_not_start(address: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HOTLINE_CLAMD"):
        read_settings({"HOTLINE_VAR": str(tmp_path), "HOTLINE_CLAMD": address})


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "unix:/run/x", "tcp://127.0.0.1:3310", "[::1]:3310"])
def test_an_address_of_either_kind_is_taken(address: str, tmp_path: Path) -> None:
    assert read_settings({"HOTLINE_VAR": str(tmp_path), "HOTLINE_CLAMD": address}).clamd == address


# --- attachments -------------------------------------------------------------------------------------------------------


def test_without_a_scanner_a_file_is_unchecked_and_says_so(
    app: Flask, life: Life, browse: Browse, upload: Upload
) -> None:
    ticket = life.to("handling")
    held = upload(b"words", ticket, run=False)
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}")
    assert held.checked == "unchecked" and "未查毒" in page.get_data(as_text=True)


def test_a_file_is_looked_into_after_its_upload_as_it_was_sent(
    scanned: Installation, clamd: ClamdDouble, upload: Upload
) -> None:
    held = upload(b"harmless", run=False)
    assert held.checked == "unchecked" and clamd.heard == [], "nobody who uploads waits for the scanner"
    drain(scanned)
    assert clamd.heard == [b"%PDF-1.7\nharmless"], "the plain words, not what lies on the disk"


def test_an_infected_file_is_handed_out_to_nobody(
    scanned: Installation, app: Flask, life: Life, browse: Browse, upload: Upload
) -> None:
    ticket = life.to("handling")
    held = upload(b"x" + EICAR, ticket)
    assert (held.checked, held.found) == ("infected", "Eicar-Signature")
    for login in ("du", "du2", "tou", "he"):
        answer = browse(life.staff[login]).get(f"/files/{held.stored_as}")
        assert answer.status_code in (403, 404) and EICAR not in answer.data
    dispatcher = browse(life.staff["du"])
    refused = dispatcher.get(f"/files/{held.stored_as}")
    assert refused.status_code == 403 and "已经封存" in refused.get_data(as_text=True)
    page = dispatcher.get(f"/tickets/{ticket.number}").get_data(as_text=True)
    assert "查出病毒，已封存" in page and held.stored_as not in page, "no link, no picture"
    looked = life.db.scalars(select(Audit).where(Audit.action == "view_file")).all()
    assert looked == [], "what was refused was not looked at"


def test_the_auditor_hears_of_it_and_the_book_has_it(scanned: Installation, life: Life, upload: Upload) -> None:
    held = upload(EICAR)
    row = life.db.scalars(select(Audit).where(Audit.action == "file_infected")).one()
    told = life.db.scalars(select(Message).where(Message.template_key == "file_infected")).one()
    assert (row.subject, row.ticket_id, row.detail["virus"]) == (held.stored_as, held.ticket_id, "Eicar-Signature")
    assert told.role == "auditor" and "Eicar-Signature" in told.text and "证明" not in told.text


def test_what_nobody_could_tell_is_asked_again(
    scanned: Installation, clamd: ClamdDouble, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    clamd.mood = "dies"
    held = upload(EICAR)
    assert held.checked == "failed"
    assert [one for one in look(scanned).problems() if "没能查毒" in one]
    clamd.mood = ""
    clock.forward(minutes=3)
    look_after_files(scanned, clock.now())
    drain(scanned)
    read_again(life, held)
    assert held.checked == "infected"


def test_while_the_scanner_is_away_no_jobs_heap_up(
    scanned: Installation, clamd: ClamdDouble, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    clamd.stop()
    held = upload(b"words")
    for _minute in range(5):
        clock.forward(minutes=3)
        look_after_files(scanned, clock.now())
    assert waiting(life) == []
    assert [one for one in look(scanned).problems() if "没有应答" in one]
    clamd.start()
    look_after_files(scanned, clock.now())
    drain(scanned)
    read_again(life, held)
    assert held.checked == "clean" and look(scanned).problems() == []


def test_files_from_before_there_was_a_scanner_are_looked_into(
    installation: Installation, clock: StoppedClock, life: Life, upload: Upload, request: pytest.FixtureRequest
) -> None:
    held = upload(EICAR)
    assert held.checked == "unchecked"
    scanned = request.getfixturevalue("scanned")
    clock.forward(days=1)
    look_after_files(scanned, clock.now())
    drain(scanned)
    read_again(life, held)
    assert held.checked == "infected"


def test_one_that_is_too_large_for_the_scanner_is_tried_once_a_day(
    scanned: Installation, clamd: ClamdDouble, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    clamd.mood = "small"
    held = upload(b"x" * 1000)
    assert (held.checked, held.found) == ("failed", protocol.TOO_LARGE)
    for hours, jobs in ((1, 0), (24, 1)):
        clock.forward(hours=hours)
        look_after_files(scanned, clock.now())
        assert len(waiting(life)) == jobs


def test_a_file_that_was_erased_meanwhile_leaves_no_word(scanned: Installation, life: Life, upload: Upload) -> None:
    held = upload(EICAR, run=False)
    life.db.delete(held)
    life.db.commit()
    drain(scanned)
    assert life.db.scalars(select(Job.id).where(Job.failed_at.is_not(None))).all() == []
    assert life.db.scalars(select(Audit).where(Audit.action == "file_infected")).all() == []


def test_an_infected_file_is_looked_into_again_and_goes_after_a_month(
    scanned: Installation, clamd: ClamdDouble, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    clamd.learnt.append(b"false alarm")
    wrongly, rightly = upload(b"false alarm"), upload(EICAR)
    clamd.learnt.remove(b"false alarm")
    clock.forward(days=1)
    settle_infected(scanned, clock.now())
    read_again(life, wrongly)
    assert wrongly.checked == "clean", "scanners err, and learn"
    path = scanned.settings.attachments / rightly.stored_as
    assert path.is_file()
    clock.forward(days=KEPT.days)
    for _night in range(2):
        settle_infected(scanned, clock.now())
    read_again(life, rightly)
    assert rightly.checked == "infected" and not path.exists()
    gone = life.db.scalars(select(Audit).where(Audit.action.in_(("infected_deleted", "file_cleared")))).all()
    assert sorted((one.action, one.subject) for one in gone) == [
        ("file_cleared", wrongly.stored_as),
        ("infected_deleted", rightly.stored_as),
    ]


# --- files that are read by us -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "state", "checked"), [("", "looked", "clean"), (EICAR.decode(), "refused", None)])
def test_a_file_to_be_imported_is_looked_into_before_it_is_read(
    more: str, state: str, checked: str | None, scanned: Installation, life: Life
) -> None:
    words = f"编号,诉求内容\nA1,路灯不亮三天了，请尽快修理{more}\n"
    run = runs.start(
        life.db, scanned.settings.var, "表.csv", io.BytesIO(words.encode()), {}, life.people["du"], life.now
    )
    life.db.commit()
    drain(scanned)
    life.db.expire_all()
    held = life.db.get_one(ImportRun, run.id)
    assert held.state == state and held.understood.get("checked") == checked
    if state == "refused":
        assert "病毒" in str(held.trouble)
        assert not list(runs.folder_of(scanned.settings.var, held).glob("file/*"))
        assert life.db.scalars(select(Message).where(Message.template_key == "file_infected")).one().role == "auditor"


def waiting(life: Life) -> list[int]:
    found = list(life.db.scalars(select(Job.id).where(Job.name == "file_stored", Job.done_at.is_(None))))
    life.db.commit()
    return found


def look(installation: Installation) -> StoredFiles:
    return health.look(installation).files
