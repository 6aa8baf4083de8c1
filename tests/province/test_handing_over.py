"""A matter of another city goes there through the province: whole, once, and what comes of it is heard."""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.keys import hidden_files
from hotline.tickets.privacy import attachments
from hotline.tickets.roles import a_citizen
from models import Attachment, Delivery, Inbound, Message, Ticket, TicketEvent
from models.store.hidden import ring_of
from tests.support.cities.nation import Nation, Seat
from tests.support.services import LiveServer
from webhooks.cells.posts import hand_over_path

PAPER = b"%PDF-1.4\n" + "第三根灯杆".encode()
WORDS = "鹤壁市淇滨大道的路灯坏了三天，晚上看不见路，请尽快修理。"


def hand_over(seat: Seat, body: str, **more: Any) -> str:
    """A citizen rings in one city about a matter of the other; returns the number it has here."""
    life = seat.life
    ticket = life.ticket(words=WORDS, name="李大山", place="淇滨大道 12 号", **more)
    life.do(ticket, "citizen", "add", text="第四盏也坏了。")
    life.do(ticket, "du", "transfer_out", body=f"cell-{body}", note="请贵市办理。")
    number = ticket.number
    life.db.commit()
    return number


def story(seat: Seat, number: str) -> list[TicketEvent]:
    with seat.installation.readings() as db:
        wanted = select(TicketEvent).join(Ticket).where(Ticket.number == number).order_by(TicketEvent.id)
        return list(db.scalars(wanted))


def only(seat: Seat) -> Ticket:
    (ticket,) = seat.tickets()
    return ticket


def words_of(installation: Installation, ticket: Ticket) -> tuple[str, dict[str, Any]]:
    with installation.readings() as db:
        found = db.get_one(Ticket, ticket.id)
        return found.text.body, dict(found.text.extra or {})


def test_a_matter_of_another_city_is_opened_there_with_its_number_and_every_word(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    number = hand_over(here, "hebi")
    nation.pass_time(times=2)
    arrived = only(there)
    assert (arrived.outer_source, arrived.outer_number) == ("cell-anyang", number)
    assert (arrived.contact_name, arrived.contact_phone, arrived.state) == ("李大山", "13800001234", "to_dispatch")
    body, extra = words_of(there.installation, arrived)
    assert body == WORDS and extra["supplements"] == "第四盏也坏了。" and extra["note"] == "请贵市办理。"


def test_the_first_city_refers_it_lawfully_and_hears_of_its_number_and_its_result(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    number = hand_over(here, "hebi")
    nation.pass_time(times=2)
    arrived = only(there)
    assert only(here).state == "transferred"
    known = [one for one in story(here, number) if one.action == "transfer_result"]
    assert [one.data["reference"] for one in known] == [arrived.number]
    life = there.life
    for login, action in (("du", "dispatch"), ("he", "sign"), ("he", "contact"), ("he", "reply"), ("ren", "pass")):
        nation.clock.forward(minutes=5)
        life.do(life.db.get_one(Ticket, arrived.id), login, action)
        life.db.commit()
    nation.pass_time(seconds=90, times=4)
    notes = [one.data["text"] for one in story(here, number) if one.action == "note"]
    assert len(notes) == 1 and notes[0].startswith("hebi市反馈："), notes


def test_a_city_that_is_away_gets_it_once_when_it_is_back_and_the_others_wait_for_nobody(nation: Nation) -> None:
    nation.add("anyang", "hebi", "puyang")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    address = there.server.server.server_port
    there.server.stop()
    number = hand_over(here, "hebi")
    other = hand_over(here, "puyang", phone="13800005555")
    nation.cities.pop("hebi")
    nation.pass_time(seconds=60, times=6)
    assert only(nation.cities["puyang"]).outer_number == other
    assert not there.tickets()
    there.server = LiveServer(there.app, address).start()
    nation.cities["hebi"] = there
    nation.pass_time(seconds=120, times=6)
    assert only(there).outer_number == number
    with here.installation.readings() as db:
        assert {one.state for one in db.scalars(select(Delivery))} == {"accepted"}


def test_a_lost_answer_doubles_nothing(nation: Nation) -> None:
    """The other city took it, and the answer got lost on the way: it is posted again and answered as the first time."""
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    number = hand_over(here, "hebi")
    nation.pass_time(times=2)
    with here.installation.sessions() as db:
        held = db.scalars(select(Delivery)).one()
        held.state, held.due_at, held.ended_at = "waiting", nation.clock.now(), None
        db.commit()
    nation.pass_time(seconds=60, times=3)
    assert only(there).outer_number == number
    with here.installation.readings() as db:
        assert db.scalars(select(Delivery)).one().state == "accepted"
    assert len([one for one in story(here, number) if one.action == "transfer_result"]) == 1


def test_a_matter_that_came_back_and_is_handed_over_again_is_a_new_one_there(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    number = hand_over(here, "hebi")
    nation.pass_time(times=2)
    there.life.do(there.life.db.get_one(Ticket, only(there).id), "du", "decline", advice="请先核对地址。")
    there.life.db.commit()
    nation.pass_time(seconds=90, times=3)
    assert any("请先核对地址" in str(one.data) for one in story(here, number))
    here.life.do(here.life.db.get_one(Ticket, only(here).id), "du2", "reopen")
    here.life.do(here.life.db.get_one(Ticket, only(here).id), "du", "transfer_out", body="cell-hebi", note="已核对。")
    here.life.db.commit()
    nation.pass_time(seconds=90, times=3)
    assert [one.outer_number for one in there.tickets()] == [number, f"{number}-2"]


def test_a_sealed_matter_leaves_only_in_words_that_a_person_wrote(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    life = here.life
    ticket = life.ticket(privacy="sealed", name="王小明", words="王小明举报鹤壁某店售假，13800001234。")
    with pytest.raises(Refusal) as refused:
        life.do(ticket, "du", "transfer_out", body="cell-hebi")
    assert refused.value.code == "sealed_without_words"
    ticket.text.unit_words = "举报某店售假，请核查。"
    life.do(ticket, "du", "transfer_out", body="cell-hebi")
    life.db.commit()
    nation.pass_time(times=2)
    arrived = only(there)
    body, _extra = words_of(there.installation, arrived)
    assert (body, arrived.privacy, arrived.contact_name) == ("举报某店售假，请核查。", "sealed", None)


def test_it_is_not_sent_back_where_it_came_from(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    hand_over(nation.cities["anyang"], "hebi")
    nation.pass_time(times=2)
    there = nation.cities["hebi"]
    with pytest.raises(Refusal) as refused:
        there.life.do(there.life.db.get_one(Ticket, only(there).id), "du", "transfer_out", body="cell-anyang")
    assert refused.value.code == "came_from_there"


def test_what_one_city_passes_to_a_third_is_not_handed_back_to_the_first(nation: Nation) -> None:
    nation.add("anyang", "hebi", "puyang")
    hand_over(nation.cities["anyang"], "hebi")
    nation.pass_time(times=2)
    there = nation.cities["hebi"]
    there.life.do(there.life.db.get_one(Ticket, only(there).id), "du", "transfer_out", body="cell-puyang")
    there.life.db.commit()
    nation.pass_time(seconds=60, times=3)
    assert only(nation.cities["puyang"]).outer_source == "cell-hebi"
    assert len(nation.cities["anyang"].tickets()) == 1


def test_the_first_city_hears_where_its_matter_went_on_to_and_what_was_heard_from_there(nation: Nation) -> None:
    nation.add("anyang", "hebi", "puyang")
    here, there, third = (nation.cities[name] for name in ("anyang", "hebi", "puyang"))
    number = hand_over(here, "hebi")
    nation.pass_time(times=2)
    there.life.do(there.life.db.get_one(Ticket, only(there).id), "du", "transfer_out", body="cell-puyang")
    there.life.db.commit()
    nation.pass_time(seconds=90, times=4)
    told = [one.data["text"] for one in story(here, number) if one.action == "note"]
    assert told[0] == "hebi市反馈：已转交puyang市" and only(third).number in told[1], told
    third.life.do(third.life.db.get_one(Ticket, only(third).id), "du", "decline", advice="那条路归省公路局。")
    third.life.db.commit()
    nation.pass_time(seconds=90, times=3)
    assert any("那条路归省公路局" in str(one.data) for one in story(there, only(there).number))
    there.life.do(there.life.db.get_one(Ticket, only(there).id), "du", "transfer_result", text="归省公路局，已转告。")
    there.life.db.commit()
    nation.pass_time(seconds=90, times=3)
    assert "归省公路局，已转告。" in [one.data["text"] for one in story(here, number) if one.action == "note"][-1]


def test_files_go_along_once_and_those_of_a_sealed_matter_stay(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    here, there = nation.cities["anyang"], nation.cities["hebi"]
    photo = BytesIO()
    Image.effect_noise((900, 700), 90).convert("RGB").save(photo, "JPEG", quality=95)
    assert len(photo.getvalue()) > 300_000, "larger than any other post may be"
    open_one, sealed = (here.life.ticket(words=WORDS, phone=phone) for phone in ("13800001234", "13800005678"))
    sealed.privacy, sealed.text.unit_words = "sealed", "一处路灯不亮。"
    folder = here.installation.settings.attachments
    for ticket in (open_one, sealed):
        for name, data in (("现场.jpg", photo.getvalue()), ("说明.pdf", PAPER)):
            me = a_citizen(ticket)
            attachments.store(here.life.db, folder, BytesIO(data), name, me, here.life.now, most_mb=20, ticket=ticket)
        here.life.do(ticket, "du", "transfer_out", body="cell-hebi")
    here.life.db.commit()
    nation.pass_time(seconds=60, times=4)
    with here.installation.sessions() as db:  # the answer to a file got lost, and it is posted again
        lost = db.scalars(select(Delivery).where(Delivery.kind == "file").order_by(Delivery.id)).first()
        assert lost is not None and lost.state == "accepted"
        lost.state, lost.due_at, lost.ended_at = "waiting", nation.clock.now(), None
        db.commit()
    nation.pass_time(seconds=60, times=2)
    with there.installation.readings() as db:
        wanted = select(Ticket.outer_number, Attachment.name, Attachment.side, Attachment.media_type).join(
            Attachment, Attachment.ticket_id == Ticket.id
        )
        assert sorted(map(tuple, db.execute(wanted))) == sorted(
            [
                (open_one.number, "现场.jpg", "citizen", "image/jpeg"),
                (open_one.number, "说明.pdf", "citizen", "application/pdf"),
            ]
        )
        (kept,) = (one for one in db.scalars(select(Attachment)) if one.name == "说明.pdf")
        with hidden_files.opened(
            there.installation.settings.attachments / kept.stored_as, ring_of(db.get_bind())
        ) as file:
            assert file.read() == PAPER
        assert not [raw for raw in db.scalars(select(Inbound.body)) if raw and len(raw) > 100_000]
        told = {one.outer_number: one.text.extra["files"] for one in db.scalars(select(Ticket))}
    assert told == {open_one.number: "2 个附件随后送到", sealed.number: "2 个附件在安阳市12345"}


def test_a_file_that_the_other_city_may_not_take_is_told_on_its_ticket(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    number, there = hand_over(nation.cities["anyang"], "hebi"), nation.cities["hebi"]
    nation.pass_time(times=2)
    path = hand_over_path("anyang", "hebi", "files")
    program = {"event_id": "f1", "outer_number": number, "name": "看看.exe", "data": b64encode(b"MZ\x90\x00").decode()}
    assert nation.post("anyang", path, program).status_code == 200
    assert any("没有收下" in str(one.data) for one in story(there, only(there).number))
    assert nation.post("anyang", path, program | {"event_id": "f2", "outer_number": "X"}).status_code == 503
    assert nation.post("anyang", path, program | {"event_id": "f3", "data": "no base64 at all!"}).status_code == 422


def test_the_province_keeps_nothing_of_what_it_passes_on(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    hand_over(nation.cities["anyang"], "hebi")
    nation.pass_time(times=2)
    with nation.province.installation.readings() as db:
        assert not [*db.scalars(select(Ticket)), *db.scalars(select(Inbound)), *db.scalars(select(Message))]
        raw = "\n".join(db.connection().connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for word in ("李大山", "13800001234", "淇滨大道"):
        assert word not in raw


def test_one_citys_key_opens_no_other_door(nation: Nation) -> None:
    nation.add("anyang", "hebi")
    matter = {"outer_number": "X1", "text": "一件事"}
    path = hand_over_path("anyang", "hebi", "posts")
    assert nation.post("hebi", path, matter).status_code == 403
    assert nation.post("anyang", hand_over_path("anyang", "nobody", "posts"), matter).status_code == 404
    assert nation.post("anyang", hand_over_path("anyang", "anyang", "posts"), matter).status_code == 404
    wrong = nation.post("anyang", path, {"outer_number": "X1"})
    assert wrong.status_code == 422 and "text" in json.dumps(wrong.json)
    assert not nation.cities["hebi"].tickets()
    assert nation.post("anyang", path, matter).status_code == 200


def test_a_city_that_joins_is_known_to_the_others_within_a_report(nation: Nation) -> None:
    nation.add("anyang")
    assert "cell-hebi" not in nation.cities["anyang"].installation.city.outside
    nation.add("hebi")
    city = nation.cities["anyang"].installation.city
    assert "cell-hebi" in city.outside and city.unit_name("cell-hebi") == "hebi市"
    assert "cell-anyang" not in city.outside
