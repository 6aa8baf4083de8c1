"""What the city forgets: old tickets by themselves, a person who asks at once; the figures and the story stay whole."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from hotline.clock import StoppedClock
from hotline.errors import NotFound, Refusal
from hotline.installation import Installation
from hotline.jobs import schedule, tidying
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.tickets.petitions import ask
from hotline.tickets.privacy import attachments
from hotline.tickets.privacy.reveal import reveal
from hotline.tickets.seals import row_seals, seal_files
from hotline.tickets.search import matching
from models import Attachment, Audit, Base, Call, Citizen, Draft, Inbound, Job, Message, Ticket, TicketEvent
from tests.support.life import Life

PHONE, OTHER = "13800001234", "13911112222"
WORDS = f"我叫王建国，住3号楼2单元501室，电话{PHONE}，门口路灯不亮。"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture
def old(life: Life, installation: Installation) -> Ticket:
    """A closed ticket with personal data wherever it can lie, and five years and a day gone by."""
    ticket = life.ticket(words=WORDS, name="王建国", place="文峰大道3号楼501室")
    spaced = f"{PHONE[:3]}+{PHONE[3:7]}-{PHONE[7:]}"
    call = Call(
        provider="twilio",
        provider_id="CA1",
        from_phone=PHONE,
        to_phone="12345",
        state="ended",
        started_at=life.now,
        ticket_id=ticket.id,
    )
    life.db.add_all(
        [
            call,
            Message(
                ticket_id=ticket.id,
                citizen_id=ticket.citizen_id,
                direction="out",
                channel="sms",
                phone=PHONE,
                params={"name": "王建国"},
                text=f"王先生，您的{PHONE}已登记",
                state="sent",
                created_at=life.now,
            ),
            Inbound(provider="twilio", kind="sms", received_at=life.now, body=f"From=%2B86{PHONE}", state="handled"),
            Inbound(provider="town", kind="post", received_at=life.now, body=f"phone={spaced}", state="refused"),
        ]
    )
    attachments.store(
        life.db,
        installation.settings.attachments,
        io.BytesIO(PNG),
        "门牌.png",
        life.people["an"],
        life.now,
        most_mb=5,
        ticket=ticket,
    )
    life.do(ticket, "an", "note", text=f"他女儿的电话是{OTHER}")
    life.do(ticket, "an", "answer_directly")
    life.db.commit()
    return ticket


def later(installation: Installation, clock: StoppedClock, days: int) -> int:
    clock.forward(days=days)
    return tidying.forget_old(installation, installation.clock.now())


def everything(installation: Installation) -> str:
    """Every value of every table, except the files' own columns."""
    with installation.readings() as db:
        return "\n".join(str(tuple(row)) for table in Base.metadata.sorted_tables for row in db.execute(select(table)))


def finds(installation: Installation, words: str) -> list[int]:
    with installation.readings() as db:
        wanted = matching.matches(db, words)
        assert wanted is not None
        return list(db.scalars(select(Ticket.id).where(wanted)))


def test_after_the_city_s_term_nothing_of_the_person_is_left_anywhere(
    old: Ticket, installation: Installation, clock: StoppedClock
) -> None:
    assert PHONE in everything(installation)
    assert later(installation, clock, installation.city.policy.retention_days + 1) == 1
    left = everything(installation)
    for data in (PHONE, OTHER, "王建国", "501室", "门牌"):
        assert data not in left, data
    assert "路灯" in left, "what it was about stays"
    assert list(installation.settings.attachments.iterdir()) == []


def test_a_day_before_the_term_everything_is_still_there(
    old: Ticket, installation: Installation, clock: StoppedClock
) -> None:
    assert later(installation, clock, installation.city.policy.retention_days - 1) == 0
    assert PHONE in everything(installation)


def test_an_open_ticket_is_kept_however_old(life: Life, installation: Installation, clock: StoppedClock) -> None:
    life.to("handling")
    life.db.commit()
    assert later(installation, clock, 10_000) == 0


def test_the_search_forgets_the_words_and_still_finds_the_matter(
    old: Ticket, installation: Installation, clock: StoppedClock
) -> None:
    assert finds(installation, PHONE) == [old.id]
    later(installation, clock, installation.city.policy.retention_days + 1)
    assert (
        finds(installation, PHONE) == [] and finds(installation, "建国") == [] and finds(installation, "文峰大道") == []
    )
    assert finds(installation, "路灯") == [old.id]


def test_the_index_is_whole_after_forgetting(
    old: Ticket, life: Life, installation: Installation, clock: StoppedClock
) -> None:
    other = life.ticket(phone=OTHER, words="公园的路灯不亮")
    life.db.commit()
    later(installation, clock, installation.city.policy.retention_days + 1)
    if installation.engine.dialect.name == "sqlite":
        with installation.engine.begin() as connection:
            connection.execute(text("INSERT INTO ticket_search(ticket_search, rank) VALUES ('integrity-check', 0)"))
    assert sorted(finds(installation, "路灯")) == [old.id, other.id] and finds(installation, "公园") == [other.id]


def test_forgetting_is_written_down_once_and_breaks_no_seal(
    old: Ticket, life: Life, installation: Installation, clock: StoppedClock
) -> None:
    assert row_seals.adopt(installation.sessions, seal_files.seal_key(installation.settings), life.now) > 0
    later(installation, clock, 1)
    schedule.seal_books(installation, installation.clock.now())
    later(installation, clock, installation.city.policy.retention_days)
    assert later(installation, clock, 1) == 0, "the second night finds nothing to do"
    with installation.readings() as db:
        assert db.scalars(select(Audit.ticket_id).where(Audit.action == "erase")).all() == [old.id]
        assert seal_files.verify(db, installation.settings).problems == []


def test_a_person_with_a_younger_ticket_is_still_known(
    old: Ticket, life: Life, installation: Installation, clock: StoppedClock
) -> None:
    clock.forward(days=installation.city.policy.retention_days)
    life.ticket()
    life.db.commit()
    later(installation, clock, 1)
    with installation.readings() as db:
        assert db.scalars(select(Citizen.phone)).all() == [PHONE]
        assert db.get_one(Ticket, old.id).contact_phone is None


def test_a_person_whose_last_ticket_was_erased_is_a_number_without_a_phone(
    old: Ticket, installation: Installation, clock: StoppedClock
) -> None:
    later(installation, clock, installation.city.policy.retention_days + 1)
    with installation.readings() as db:
        citizen = db.scalars(select(Citizen)).one()
        assert (citizen.phone, citizen.name, citizen.erased_at is not None) == (None, None, True)
        assert db.get_one(Ticket, old.id).citizen_id == citizen.id


def test_a_person_who_asks_is_forgotten_at_once(old: Ticket, life: Life, installation: Installation) -> None:
    life.ticket(phone=OTHER)
    life.db.commit()
    erased = erase_person_now(installation, "138 0000 1234", "本人书面申请")
    assert (erased.tickets, len(erased.files)) == (1, 1)
    assert PHONE not in everything(installation) and OTHER in everything(installation), (
        "nobody else is forgotten with them"
    )
    with installation.readings() as db:
        assert not any(db.scalars(select(Inbound.body))), "a letter that was refused, with blanks in the number"
        assert db.scalars(select(Audit.action).order_by(Audit.id)).all()[-2:] == ["erase", "erase_person"]
        assert db.scalars(select(Attachment)).all() == []


def test_a_file_that_an_erasure_cut_short_left_behind_is_found_the_next_night(
    old: Ticket, installation: Installation
) -> None:
    (kept,) = installation.settings.attachments.iterdir()
    stray, fresh = installation.settings.attachments / "stray", installation.settings.attachments / "fresh"
    for file, days in ((kept, 30), (stray, 2), (fresh, 0)):
        file.touch()
        moment = (installation.clock.now() - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    tidying.forget_old(installation, installation.clock.now())
    assert sorted(installation.settings.attachments.iterdir()) == sorted([kept, fresh])


def test_a_person_with_an_open_ticket_cannot_be_forgotten_yet(life: Life, installation: Installation) -> None:
    ticket = life.to("handling")
    life.db.commit()
    with pytest.raises(Refusal, match=ticket.number):
        erase_person_now(installation, PHONE, "本人申请")
    assert PHONE in everything(installation)


@pytest.mark.parametrize(
    ("phone", "reason", "error"),
    [("13999999999", "本人申请", NotFound), (PHONE, " ", Refusal), ("abc", "本人申请", Refusal)],
)
def test_forgetting_needs_a_person_and_a_reason(
    phone: str, reason: str, error: type[Refusal], old: Ticket, installation: Installation
) -> None:
    with pytest.raises(error):
        erase_person_now(installation, phone, reason)


def test_what_people_type_enters_the_story_without_numbers_and_can_still_be_revealed(life: Life) -> None:
    ticket = life.to("handling")
    event = life.do(ticket, "citizen", "add", text=f"请打我女儿的电话{OTHER}")
    assert event.data["text"] == "请打我女儿的电话139****2222"
    assert OTHER in reveal(life.db, life.people["he"], ticket, "body", "联系家属", life.now, "-")


def test_the_exact_place_stays_out_of_the_story(life: Life) -> None:
    ticket = life.to("to_dispatch")
    event = life.do(ticket, "an", "correct", place="文峰大道8号院2号楼")
    assert "文峰大道" not in str(event.data) and ticket.text.place == "文峰大道8号院2号楼"


def test_the_number_of_an_office_that_we_tell_the_citizen_stays_whole(life: Life) -> None:
    ticket = life.to("to_dispatch")
    assert (
        life.do(ticket, "du", "ask_more", question="请拨打0372-2525252说明地点").data["question"]
        == "请拨打0372-2525252说明地点"
    )


def test_a_petition_enters_the_story_without_numbers(life: Life) -> None:
    ticket = life.to("handling")
    ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": f"已联系{OTHER}，配件未到"})
    event = life.db.scalars(select(TicketEvent).where(TicketEvent.action == "petition_asked")).one()
    assert OTHER not in str(event.data)


@pytest.mark.parametrize("run_command", [lambda run: run("citizen", "erase", PHONE)])
def test_the_command_insists_on_a_reason(run_command: Callable[[Any], Any]) -> None:
    from click.testing import CliRunner

    from hotline.cli.main import cli

    said = run_command(lambda *words: CliRunner().invoke(cli, list(words)))
    assert said.exit_code == 2 and "--reason" in said.output


def _closed(life: Life, **contact: Any) -> Ticket:
    ticket = life.ticket(**contact)
    life.do(ticket, "an", "answer_directly")
    life.db.commit()
    return ticket


def test_a_person_whose_number_lies_in_an_unknown_column_is_found_and_forgotten(
    life: Life, installation: Installation
) -> None:
    """Found outside: M5."""
    ticket = _closed(
        life,
        phone="",
        words="村口路灯不亮",
        extra={"被访者手机": "138-0077-7001", "被访者姓名": "贝小乐", "备注列": {"家属": "138 0077 7001"}},
    )
    erased = erase_person_now(installation, "13800777001", "本人申请")
    assert erased.tickets == 1
    for told in ("138-0077-7001", "138 0077 7001", "贝小乐"):
        assert told not in everything(installation)
    with installation.readings() as db:
        assert db.get_one(Ticket, ticket.id).text.body == "村口路灯不亮"


def test_a_number_that_only_anothers_ticket_tells_is_forgotten_too(life: Life, installation: Installation) -> None:
    """Found outside: M5. It is the contact of nobody, and lies in an unknown column beside somebody else's number."""
    ticket = _closed(life, phone=OTHER, words="村口路灯不亮", extra={"邻居电话": "138 0077 7001"})
    erased = erase_person_now(installation, "13800777001", "本人申请")
    assert erased.tickets == 0
    assert "138 0077 7001" not in everything(installation) and OTHER in everything(installation)
    with installation.readings() as db:
        assert db.get_one(Ticket, ticket.id).text.body == "村口路灯不亮"
    with pytest.raises(NotFound):
        erase_person_now(installation, "13800777002", "本人申请")


def test_a_forgotten_number_is_starred_where_others_told_it(
    old: Ticket, life: Life, installation: Installation
) -> None:
    other = _closed(life, phone=OTHER, words="邻居电话138 0000 1234，他家漏水", extra={"另一电话": PHONE})
    life.db.add(
        Draft(
            staff_id=life.people["an"].id,
            key="desk",
            data={"phone": PHONE, "body": "再次来电１３８００００１２３４"},
            saved_at=life.now,
        )
    )
    life.db.commit()
    erase_person_now(installation, PHONE, "本人申请")
    with installation.readings() as db:
        kept = db.get_one(Ticket, other.id)
        assert kept.contact_phone == OTHER and "漏水" in kept.text.body
    left = everything(installation)
    assert not [one for one in (PHONE, "138 0000 1234", "１３８００００１２３４") if one in left]
    assert other.id not in finds(installation, "13800001234")


def test_erasing_stars_the_name_that_only_the_ticket_knows(
    life: Life, installation: Installation, clock: StoppedClock
) -> None:
    ticket = life.ticket(words="楼道灯坏了，逄啸天，138 000 01234", name="逄啸天")
    life.do(ticket, "an", "note", text="逄 啸 天再次来电 1380-000-1234")
    life.do(ticket, "an", "answer_directly")
    life.db.commit()
    erase_person_now(installation, PHONE, "本人申请")
    left = everything(installation)
    assert not [one for one in ("逄啸天", "逄 啸 天", "138 000 01234", "1380-000-1234") if one in left]


WRITINGS = {
    "plain": PHONE, "groups": "138 0000 1234", "dashes": "1380-000-1234", "two parts": "13800 001234", "a dash": "138-00001234", "country": "+86 138 0000 1234",
    "wide": "１３８００００１２３４", "Chinese": "一三八零零零零一二三四", "spoken": "幺三八零零零零幺二三四", "pairs": "138 00 00 12 34", "dots": "138.0000.1234",
    "one by one": "1 3 8 0 0 0 0 1 2 3 4",
}  # fmt: skip


@pytest.mark.parametrize("told", WRITINGS.values(), ids=WRITINGS)
def test_the_number_is_gone_wherever_and_however_it_was_told(
    old: Ticket, life: Life, installation: Installation, told: str
) -> None:
    """M5: unknown columns, notes, drafts, names of files, jobs, messages, and the rows that an import could not take."""
    other = _closed(life, phone=OTHER, words=f"邻居{told}家漏水", extra={"经办备注": [{"回访": told}]})
    life.db.add_all(
        [
            Draft(staff_id=life.people["an"].id, key="desk", data={"extra": {"旁注": told}}, saved_at=life.now),
            Job(name="tell", key="t:1", args={"about": f"回电 {told}"}, enqueued_at=life.now, run_at=life.now),
            Message(ticket_id=other.id, direction="out", channel="desk", role="dispatcher", params={"what": told}, text=f"请回电{told}", state="sent",
                    created_at=life.now),
            Attachment(ticket_id=other.id, side="citizen", name=f"{told}门口.jpg", stored_as="a" * 40, media_type="image/jpeg", size=1, sha256="0" * 64,
                       added_by_name="市民", added_at=life.now),
        ]
    )  # fmt: skip
    life.db.commit()
    rejects = installation.settings.var / "imports" / "x" / "rejects-000000000000000.jsonl"
    rejects.parent.mkdir(parents=True)
    rejects.write_text(
        json.dumps({"line": 3, "reason": "时间", "row": {"电话": told, "诉求": "停水"}}) + "\n", encoding="utf-8"
    )
    erase_person_now(installation, PHONE, "本人申请")
    assert told not in everything(installation)
    (row,) = map(json.loads, rejects.read_text("utf-8").splitlines())
    assert told not in row["row"]["电话"] and row["row"]["诉求"] == "停水"
    assert other.id in finds(installation, "漏水")


def test_a_second_number_finds_its_ticket_and_is_forgotten_beside_the_first(
    life: Life, installation: Installation
) -> None:
    """M5, N1: who is known by the second of two numbers only."""
    ticket = _closed(life, phone=f"{OTHER}/{PHONE}", words="门口路灯不亮")
    assert ticket.contact_phone == OTHER
    erase_person_now(installation, PHONE, "本人申请")
    assert PHONE not in everything(installation) and OTHER in everything(installation)
