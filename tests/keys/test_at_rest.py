"""A stolen database and a stolen disk: whoever has only them reads no number, no name, no address and no file."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select, text

from hotline.installation import Installation
from hotline.keys import former, hidden_files
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy import attachments
from models import Attachment, Call, Citizen, Draft, Inbound, Ticket
from models.store.hidden import NoKey, ring_of
from tests.support.life import Life
from tests.support.stolen import stolen

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
