"""What is written about a sealed ticket stands in no stolen database, whoever wrote it and whenever it was sealed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, String, cast, select, text, type_coerce

from hotline.installation import Installation
from hotline.keys import former
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.seals import chain
from models import Reply, Ticket, TicketEvent, TicketText
from models.store.append_only import opened_log
from tests.support.doubles.stolen import stolen
from tests.support.life import Life

BODY = "城管局紫藤科长收受翡翠贿赂，我是举报人赵六九，电话13812340001"
WORDS = ("紫藤", "翡翠", "赵六九", "13812340001", "琥珀", "珊瑚", "玛瑙", "水晶")
"""Of the report, its title, a reply, notes, reasons and what a unit was told."""


def lived(life: Life, ticket: Ticket) -> Ticket:
    life.do(ticket, "an", "note", text="来电人说还有琥珀手串")
    life.do(ticket, "du", "dispatch", unit_words="有人反映珊瑚一事，请核查。")
    life.do(ticket, "he", "sign")
    life.do(ticket, "he", "reply", facts="经查，玛瑙一事属实。", measures="已追回水晶。")
    life.do(ticket, "ren", "redo", note="水晶在哪里没有写")
    life.db.commit()
    return ticket


@pytest.fixture
def sealed(life: Life) -> Ticket:
    return lived(life, life.ticket(phone="13812340001", name="赵六九", words=BODY, title="紫藤科长", privacy="sealed"))


def traces(engine: Engine) -> list[str]:
    raw = stolen(engine)
    return [one for one in WORDS if one.encode() in raw]


def test_no_word_of_a_sealed_ticket_stands_in_a_stolen_database(
    installation: Installation, life: Life, sealed: Ticket
) -> None:
    assert traces(installation.engine) == []
    other = life.ticket(words="小区里紫藤枯了")
    life.db.commit()
    assert traces(installation.engine) == ["紫藤"], "the search knows the words of everyday matters"
    found = find(life.db, life.people["du"], Wanted(words="紫藤"), sort="number").rows
    assert {row.id for row in found} == {other.id, sealed.id}


def test_its_readers_read_it_as_before(life: Life, sealed: Ticket) -> None:
    life.db.expire_all()
    assert (sealed.text.body, sealed.title) == (BODY, "紫藤科长")
    assert life.db.scalars(select(Reply)).one().measures == "已追回水晶。"
    assert "来电人说还有琥珀手串" in [one.data.get("text") for one in life.db.scalars(select(TicketEvent))]
    for words in ("翡翠贿赂", "琥珀", "水晶", "举报人", "藤"):
        assert [row.id for row in find(life.db, life.people["du"], Wanted(words=words), sort="number").rows] == [
            sealed.id
        ], words


def test_what_was_written_before_it_was_sealed_is_hidden_with_it(installation: Installation, life: Life) -> None:
    ticket = life.ticket(words=BODY, title="紫藤科长")
    life.db.commit()
    life.do(ticket, "du", "correct", privacy="sealed")
    life.db.commit()
    kept = life.db.scalars(select(type_coerce(cast(TicketText.body, String), String))).one()
    assert kept.startswith("enc") and traces(installation.engine) == []
    assert [row.id for row in find(life.db, life.people["du"], Wanted(words="翡翠"), sort="number").rows] == [ticket.id]


def test_what_an_earlier_release_left_in_clear_is_hidden_and_its_seals_hold(
    installation: Installation, life: Life, sealed: Ticket
) -> None:
    db, key = life.db, b"k" * 32
    installation.clock.forward(hours=1)  # type: ignore[attr-defined]
    chain.seal(db, life.now, key=key)
    db.commit()
    plain = {"body": BODY, "id": sealed.id}
    db.execute(text("UPDATE ticket_text SET body = :body WHERE ticket_id = :id"), plain)
    db.execute(text("UPDATE ticket SET title = '紫藤科长' WHERE id = :id"), plain)
    db.commit()
    assert "紫藤" in traces(installation.engine)
    assert former.seal_words(installation.engine) == 1 and former.seal_words(installation.engine) == 0
    assert former.hide(installation.engine) == 1 and former.hide(installation.engine) == 0
    assert traces(installation.engine) == [] and chain.verify(db, key).problems == []
    db.expire_all()
    assert sealed.text.body == BODY
    with pytest.raises(Exception, match="append-only"):
        db.execute(text("DELETE FROM ticket_event"))


def test_hidden_writing_that_was_changed_is_named_and_stops_no_check(
    installation: Installation, life: Life, sealed: Ticket
) -> None:
    """V7: a story of a sealed ticket, cut off, glued to or exchanged by whoever holds the database."""
    db, key = life.db, b"k" * 32
    installation.clock.forward(hours=1)  # type: ignore[attr-defined]
    chain.seal(db, life.now, key=key)
    db.commit()
    row = db.scalars(select(TicketEvent.id).where(TicketEvent.action == "note")).one()
    for forged in ("enc1:AAAA", "enc2:。", "enc99:AAAA", "enc2:"):
        opened_log(db.connection(), TicketEvent.__tablename__)
        values = {"data": f'{{"text": "{forged}"}}', "id": row}
        db.execute(text("UPDATE ticket_event SET data = :data WHERE id = :id"), values)
        assert any(f"第 {row} 行" in one for one in chain.verify(db, key).problems), forged
        db.rollback()
