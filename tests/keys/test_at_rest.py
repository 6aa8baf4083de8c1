"""A stolen database and a stolen disk: whoever has only them reads no number, no name, no address and no file (VT2)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import JSON, String, Text, TypeDecorator, select, text

from hotline.installation import Installation
from hotline.keys import former, hidden_files
from hotline.outbox.runner import drain
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy import attachments
from models import Attachment, Call, Citizen, Draft, Inbound, Job, Message, Survey, TakingBack, Ticket, TicketEvent
from models.store.db import Base
from models.store.hidden import Hidden, HiddenJson, HiddenLeaves, NoKey, SealedLeaves, ring_of
from tests.support.doubles.stolen import stolen
from tests.support.life import Life

NAME, PHONE, OTHER, LINE = "逄啸天", "13899991111", "13788882222", "03722525252-801"
HOME, CONTENT = "永明路77号院3号楼2单元909室", b"%PDF-1.7 " + "逄啸天的证词".encode() * 9000
TRACES = (NAME, PHONE, OTHER, "2525252", HOME, "909室", "逄啸天的证词")


def traces(raw: bytes) -> list[str]:
    """What of the person stands in it, as UTF-8 or as JSON escapes it."""
    return [one for one in TRACES if one.encode() in raw or json.dumps(one)[1:-1].encode() in raw]


@pytest.fixture
def known(life: Life, installation: Installation) -> Ticket:
    """A matter with all that comes with one: called, written down, with a file, texted, kept in a draft and in a letter."""
    db, now = life.db, life.now
    ticket = life.ticket(phone=f"{PHONE}，或{OTHER}", name=NAME, place=HOME, words="楼道灯坏了")
    life.ticket(phone=LINE, words="路面有坑")
    person = db.scalars(select(Citizen).where(Citizen.phone == PHONE)).one()
    person.address, person.note = HOME, f"{NAME}行动不便"
    db.add(Call(provider="x", provider_id="1", from_phone=PHONE, to_phone="12345", state="ended", started_at=now))
    db.add(Inbound(provider="x", kind="sms", received_at=now, body=f"From={PHONE}&Body={NAME}", state="refused"))
    data = {"phone": PHONE, "name": NAME, "body": HOME}
    db.add(Draft(staff_id=life.staff["an"].id, key="desk", data=data, saved_at=now))
    citizen = life.who("citizen", ticket)
    folder, file = installation.settings.attachments, io.BytesIO(CONTENT)
    attachments.store(db, folder, file, f"{NAME}.pdf", citizen, now, most_mb=5, ticket=ticket)
    db.commit()
    return ticket


def test_nothing_of_a_citizen_stands_in_a_stolen_database_or_disk(
    installation: Installation, life: Life, known: Ticket
) -> None:
    kept = installation.settings.attachments.iterdir()
    assert traces(stolen(installation.engine)) == []
    assert traces(b"".join(path.read_bytes() for path in kept)) == []


SAID = f"我叫{NAME}，手机{PHONE}，住{HOME}"


@pytest.fixture
def spread(life: Life, installation: Installation, known: Ticket) -> Ticket:
    """What everyday work makes of the person: their own words, texts both ways, answers, corrections that can be taken back, what
    providers say of the number, what another office is told, and a colleague's own telephone."""
    db, now = life.db, life.now
    ticket = life.ticket(
        phone=PHONE,
        name=NAME,
        place=HOME,
        words=f"楼下油烟太大。{SAID}",
        title=f"{NAME}反映油烟",
        extra={"备注": SAID, "回电": int(OTHER)},
    )
    life.do(ticket, "an", "note", text=SAID)
    life.do(ticket, "du", "dispatch", note=SAID)
    life.do(ticket, "he", "sign")
    life.do(ticket, "citizen", "add", text=SAID)
    life.do(ticket, "citizen", "urge", text=SAID)
    life.do(ticket, "he", "contact", note=SAID)
    life.do(ticket, "he", "reply", facts=f"与{SAID}核实", measures=f"已答复{NAME}", outcome_reason=SAID)
    life.do(ticket, "ren", "redo", note=f"{NAME}说没有修")
    db.add_all(
        [
            Message(
                ticket_id=ticket.id, direction="in", channel="sms", phone=PHONE, template_key="text", text=SAID, state="received", created_at=now
            ),
            Message(
                ticket_id=ticket.id, direction="out", channel="sms", phone=OTHER, template_key="hand_over", text=SAID,
                params={"phone": PHONE, "place": HOME, "words": SAID}, state="failed", error=f"{PHONE} is no mobile number", created_at=now,
            ),
            Survey(ticket_id=ticket.id, own_id=ticket.id, round=1, asked_at=now, asked_by="sms", comment=SAID, words=SAID),
            TakingBack(ticket_id=ticket.id, event_id=db.scalars(select(TicketEvent.id)).first(), changed={"contact_phone": PHONE}),
            Job(name="tell", key="x", args={}, enqueued_at=now, run_at=now, error=f"refused: {PHONE}"),
        ]
    )  # fmt: skip
    life.staff["an"].phone = OTHER
    db.commit()
    drain(installation)
    return ticket


def test_what_everyday_work_makes_of_a_citizen_stands_in_no_stolen_database(
    installation: Installation, life: Life, spread: Ticket
) -> None:
    """Told in the words of an everyday matter, in texts, in answers and in what is kept to undo; its readers read it as before."""
    assert traces(stolen(installation.engine)) == []
    life.db.expire_all()
    assert spread.text.body.endswith(SAID) and spread.text.extra["备注"] == SAID and spread.text.extra["回电"] == OTHER
    assert life.db.scalars(select(Message.params).where(Message.template_key == "hand_over")).first() == {
        "phone": PHONE,
        "place": HOME,
        "words": SAID,
    }
    found = find(life.db, life.people["du"], Wanted(words="油烟"), sort="number").rows
    assert [row.id for row in found] == [spread.id]


STARRED = {"audit": ("subject", "detail"), "hot_spot": ("title",), "unanswered_question": ("words",), "publication": ("title", "request", "answer", "why")}  # fmt: skip
"""Personal data is taken out before it is written there, and a test of each asks for it."""

OURS = {
    "api_token": ("scopes", "units", "towns", "addresses"), "article": ("withdrawn_why",), "article_feedback": ("words", "answer"),
    "article_version": ("title", "questions", "phone_answer", "text_answer", "long_answer", "source", "source_number", "source_clause",
                        "channels", "links", "guide", "note", "returned_why"), "attachment": ("media_type", "found"),
    "call": ("dialled_so_far",), "cell": ("address",), "cell_day": ("figures",), "composed_role": ("base", "may"), "data_key": ("wrapped",), "delivery": ("receipt", "reason"),
    "directive": ("readers",), "figure_ticket": ("postings",), "import_run": ("name", "options", "trouble"), "interview": ("theme", "about"), "job": ("key", "args"),
    "knowledge_import": ("name", "columns", "left_out", "rejects"), "link_check": ("url",), "log_archive": ("file",), "login_session": ("browser", "challenge"),
    "macro": ("steps",), "nuisance_mark": ("proofs",), "practice_exam": ("rules",), "practice_run": ("script", "scores", "coached_words"),
    "proposal": ("helpers", "limits", "units"), "province_line": ("error",), "quality_score": ("answers",), "quality_task": ("sheet",), "ready_change": ("said",),
    "ready_word": ("body",), "receipt": ("event_id", "result"), "reply_finding": ("evidence",), "restore_drill": ("problems",),
    "review": ("reasons", "checklist"), "seal": ("marks",), "second_factor": ("sealed_secret",), "security_key": ("credential", "public_key"),
    "sign_in_identity": ("issuer", "subject"), "staff": ("roles", "composed", "limits", "password_hash", "released_why"),
    "staff_change": ("data",), "survey": ("scale",), "told_day": ("figures",),
}  # fmt: skip
"""Codes, settings, knowledge and our own words: no citizen's."""


def test_every_column_of_words_is_hidden_or_somebody_has_said_why_not() -> None:
    """A new column is hidden, or stands here with its reason. The story's answers are starred, and hidden where it is sealed."""
    clear = {table.name: tuple(filter(None, map(in_clear, table.columns))) for table in Base.metadata.sorted_tables}
    assert {name: columns for name, columns in clear.items() if columns} == STARRED | OURS


def in_clear(column: Any) -> str:
    """The name of a column in which a sentence stands readable."""
    if isinstance(column.type, Hidden | HiddenJson | HiddenLeaves | SealedLeaves):
        return ""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    long = isinstance(kind, JSON | Text) or (isinstance(kind, String) and (kind.length or 200) >= 100)
    return column.name if long else ""


def test_they_are_found_as_before(life: Life, known: Ticket) -> None:
    """By the whole number, by the office it is an extension of, by a number told beside, by the name; not by the beginning of any."""

    def found(**wanted: str) -> int:
        return len(find(life.db, life.people["du"], Wanted(**wanted), sort="number").rows)

    for wanted in (
        {"phone": PHONE},
        {"phone": OTHER},
        {"phone": LINE},
        {"phone": LINE[:11]},
        {"name": NAME},
        {"words": OTHER},
    ):
        assert found(**wanted) == 1, wanted
    for wanted in ({"phone": PHONE[:-1]}, {"phone": LINE[:10]}, {"name": NAME[:2]}):
        assert found(**wanted) == 0, wanted


def test_a_file_is_read_from_any_place_and_not_when_it_was_changed(
    installation: Installation, life: Life, known: Ticket
) -> None:
    held, ring = life.db.scalars(select(Attachment)).one(), ring_of(installation.engine)
    path = installation.settings.attachments / held.stored_as
    with hidden_files.opened(path, ring) as file:
        assert file.read() == CONTENT
        for at in (0, 5, 65_530, 65_536, len(CONTENT) - 3):
            file.seek(at)
            assert file.read(11) == CONTENT[at : at + 11]
    raw = path.read_bytes()
    for spoilt in (raw[:-1], raw[: len(raw) // 2], raw[:70_000] + b"x" + raw[70_001:], raw[:65_600]):
        path.write_bytes(spoilt)
        with pytest.raises(NoKey), hidden_files.opened(path, ring) as file:
            file.read()
    path.with_name("another").write_bytes(raw)
    with pytest.raises(NoKey), hidden_files.opened(path.with_name("another"), ring) as file:
        file.read()


def test_what_an_earlier_release_wrote_in_clear_is_hidden_once(installation: Installation, life: Life) -> None:
    db, engine = life.db, installation.engine
    ticket = life.ticket(phone=PHONE, words="路灯不亮")
    for table in ("citizen", "ticket"):
        start = "" if table == "citizen" else "contact_"
        db.execute(
            text(f"UPDATE {table} SET {start}name = :name, {start}phone = :phone"), {"name": NAME, "phone": PHONE}
        )
    db.commit()
    assert PHONE.encode() in stolen(engine) and former.hide(engine) == 2 and former.hide(engine) == 0
    assert traces(stolen(engine)) == []
    db.expire_all()
    assert (ticket.contact_name, ticket.citizen.phone if ticket.citizen else "") == (NAME, PHONE)
    assert len(find(db, life.people["du"], Wanted(phone=PHONE), sort="number").rows) == 1
