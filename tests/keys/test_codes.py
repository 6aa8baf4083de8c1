"""What a citizen is known by lies nowhere: it is computed when a text goes out, and what was given out earlier goes on opening."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from hotline.followup.answers import by_token
from hotline.followup.ask import ask_citizens
from hotline.installation import Installation
from hotline.jobs.tidying import empty_letters
from hotline.keys import codes, former
from hotline.outbox.runner import drain
from hotline.tickets.display.citizen_view import prove
from models import Base, Inbound, Message, Survey, Ticket
from tests.support.desks.citizens_codes import code_of, token_of
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life

LINK = "https://12345.example/s/"


def everything(db: Session) -> str:
    """Every value of every table."""
    rows: list[Any] = []
    for table in Base.metadata.sorted_tables:
        rows += db.execute(select(table)).all()
    return str(rows)


def test_no_table_holds_a_code_or_a_link_and_the_texts_that_go_out_do(
    installation: Installation, life: Life, sender: MemorySender
) -> None:
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "https://12345.example")
    life.db.commit()
    drain(installation)
    life.db.expire_all()
    survey = life.db.scalars(select(Survey)).one()
    code, token = code_of(ticket), token_of(survey)
    sent = {one.template_key: one.text for one in sender.sent}
    assert code in sent["accepted"] and LINK + token in sent["survey"]
    assert not {one for one in (code, token) if one in everything(life.db)}
    assert by_token(life.db, token).id == survey.id


def test_of_an_emptied_letter_nobody_computes_who_wrote_it(life: Life, engine: Engine) -> None:
    """V5, V6: all else of a text is known or short, and numbers are few enough to be tried one by one."""
    said, former_said = "From=%2B8615537261198&Body=1", "From=%2B8615537261199&Body=1"
    known = [sha256(one.encode()).hexdigest() for one in (said, former_said)]
    letter = {"provider": "x", "kind": "sms", "received_at": life.now, "state": "handled"}
    life.db.add_all([Inbound(**letter, body=said), Inbound(**letter, body="", digest=known[1])])
    life.db.flush()
    assert empty_letters(life.db, life.now) == 1
    life.db.commit()
    assert former.digest_letters(engine) == 1 and former.digest_letters(engine) == 0
    kept = life.db.scalars(select(Inbound.digest).order_by(Inbound.id)).all()
    assert kept == [codes.of_letter(life.db, said), codes.of_letter(life.db, former_said)]
    assert [len(one or "") for one in kept] == [64, 64] and not [one for one in known if one in everything(life.db)]


def test_an_ended_code_opens_nothing_and_the_next_one_does(life: Life) -> None:
    ticket = life.ticket()
    first = code_of(ticket)
    ticket.former_code = codes.former_code(life.db, ticket.id, "ABC234")
    assert prove(life.db, ticket.number, "abc 234") and prove(life.db, ticket.number, first)
    life.do(ticket, "an", "renew_code")
    life.db.flush()
    assert not prove(life.db, ticket.number, first) and not prove(life.db, ticket.number, "ABC234")
    assert prove(life.db, ticket.number, code_of(ticket)) and code_of(ticket) != first


def test_nobody_gets_a_code_by_writing_its_place_into_words_of_their_own(life: Life) -> None:
    """The place is filled only where the template asks for it, and only for the ticket's own citizen."""
    from hotline.messages.told_secrets import as_sent

    ticket, other = life.to("to_follow_up"), life.ticket(phone="13900009999")
    ask_citizens(life.db, life.city, ticket, life.now, "https://12345.example")
    survey = life.db.scalars(select(Survey)).one()
    words = codes.PLACE_OF_CODE + codes.place_of_link(survey.id)
    for params in ({"words": words}, {"query_code": words}, {"link": codes.place_of_link(survey.id)}):
        for citizen_id in (other.citizen_id, None):
            one = Message(ticket_id=other.id, citizen_id=citizen_id, params=params, text=words)
            assert token_of(survey) not in str(as_sent(life.db, one)) and code_of(other) not in str(
                as_sent(life.db, one)
            )


def test_what_an_earlier_release_gave_out_goes_on_opening(
    engine: Engine, installation: Installation, life: Life
) -> None:
    """Its codes and links stood in clear in three tables; afterwards in none, and each still opens what it opened."""
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "https://12345.example")
    survey = life.db.scalars(select(Survey)).one()
    code, token, values = "Q7K9MZ", "abcdefghijklmnop-_1234", {"number": ticket.number}
    db = life.db
    db.execute(update(Ticket.__table__).values(query_code=code))
    db.execute(update(Survey.__table__).values(token=token))
    for key, params, text in (
        ("accepted", {**values, "query_code": code}, f"查询码{code}。"),
        ("survey", {**values, "link": LINK + token}, f"请评价 {LINK}{token} 谢谢"),
    ):
        made = {
            "ticket_id": ticket.id,
            "citizen_id": ticket.citizen_id,
            "template_key": key,
            "params": params,
            "text": text,
        }
        said = {"direction": "out", "channel": "sms", "phone": "13800001234", "state": "queued", "created_at": life.now}
        db.execute(insert(Message.__table__).values({**made, **said}))
    db.commit()
    assert former.digest_codes(engine) == 4 and former.digest_codes(engine) == 0
    db.expire_all()
    assert not {one for one in (code, token) if one in everything(db)}
    assert prove(db, ticket.number, code.lower()) and by_token(db, token).id == survey.id
    assert by_token(db, token + "谢谢").id == by_token(db, token_of(survey)).id == survey.id
