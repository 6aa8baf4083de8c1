"""What earlier releases wrote in clear. Each step may be stopped and begun again: it finds by itself what is left to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from typing import cast as told_to_be

from sqlalchemy import Engine, Table, Text, and_, bindparam, cast, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from hotline.keys import codes, sealed_words
from models import Base, Inbound, Message, Survey, Ticket, TicketEvent, TicketText
from models.store.append_only import opened_log, protect_logs
from models.store.hidden import Hidden, HiddenJson, HiddenLeaves, as_stored, sealed

AT_ONCE = 1000
WITH_SECRETS = ("accepted", "survey", "survey_reminder")
"""The texts that bring a code or the link of a question."""

_TICKET, _SURVEY, _MESSAGE, _LETTER = (told_to_be(Table, one.__table__) for one in (Ticket, Survey, Message, Inbound))
_LINK = re.compile(rf"(?<=/s/)[A-Za-z0-9_-]{{{codes.FORMER_TOKEN}}}(?![A-Za-z0-9_-])")


def digest_letters(engine: Engine) -> int:
    """Of letters that were emptied: a digest that nobody computes without the key. Returns how many rows were changed."""
    done = 0
    with Session(engine) as db:
        wanted = select(Inbound.id, Inbound.digest).where(
            Inbound.digest.not_like(f"{codes.LETTER}%"), Inbound.digest != ""
        )
        while rows := db.execute(wanted.limit(AT_ONCE)).all():
            for number, digest in rows:
                db.execute(
                    update(_LETTER).where(_LETTER.c.id == number).values(digest=codes.former_letter(db, digest or ""))
                )
            db.commit()
            done += len(rows)
    return done


def digest_codes(engine: Engine) -> int:
    """Put places into stored texts, and digests where codes and links stood; they go on opening what they opened.

    Returns how many rows were changed. Texts first: the links in them are found by what the surveys still keep.
    """
    with Session(engine) as db:
        return _places_into_texts(db) + _digest_links(db) + _digest_query_codes(db)


def _places_into_texts(db: Session) -> int:
    done = last = 0
    wanted = select(Message.id, Message.text, Message.params).where(
        Message.template_key.in_(WITH_SECRETS), Message.channel == "sms", Message.direction == "out"
    )
    while rows := db.execute(wanted.where(Message.id > last).order_by(Message.id).limit(AT_ONCE)).all():
        for number, text, params in rows:
            if secrets := _secrets_in(db, text, params):
                values = {
                    "text": _put(text, secrets),
                    "params": {name: _put(one, secrets) for name, one in params.items()},
                }
                db.execute(update(_MESSAGE).where(Message.id == number).values(values))
                done += 1
        last = rows[-1].id
        db.commit()
    return done


def _secrets_in(db: Session, text: str, params: Mapping[str, Any]) -> dict[str, str]:
    """What stands in this text in clear, and what is to stand there."""
    code, link = str(params.get("query_code") or ""), _LINK.search(text)
    found = {code: codes.PLACE_OF_CODE} if code and code != codes.PLACE_OF_CODE else {}
    number = db.scalar(select(Survey.id).where(Survey.former_token == link[0])) if link else None
    return found | ({link[0]: codes.place_of_link(number)} if link and number else {})


def hide(engine: Engine) -> int:
    """Hide what stands in clear in the columns that are hidden now, table by table. Returns how many rows were changed.

    SQLite overwrites what it lets go; on PostgreSQL the former bytes stay in the files until `VACUUM FULL` (docs/operations.md).
    """
    done = sum(_hide_table(engine, table) for table in Base.metadata.sorted_tables)
    if done and engine.dialect.name == "sqlite":
        raw: Any = engine.raw_connection()
        raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
    return done


def seal_words(engine: Engine) -> int:
    """Hide the words of tickets that were sealed before words were hidden, also in their stories. Returns how many tickets.

    For the owner of the tables: the log of stories is opened for this one step, in its transaction. What the seals are over is
    what a row says, and that stays.
    """
    done = 0
    with Session(engine) as db:
        clear = cast(TicketText.body, Text).not_like("enc%")
        wanted = select(Ticket.id).join(Ticket.text).where(Ticket.privacy == "sealed", TicketText.body != "", clear)
        while numbers := db.scalars(wanted.limit(AT_ONCE)).all():
            opened_log(db.connection(), TicketEvent.__tablename__)
            for kind in (TicketText, *sealed_words.of_tickets(), TicketEvent):
                _seal_rows(db, kind, numbers)
            protect_logs(db.connection())
            db.commit()
            done += len(numbers)
    return done


def _seal_rows(db: Session, kind: Any, numbers: Sequence[int]) -> None:
    """As they are told, written once more as those of a sealed ticket; no listener of the session sees it."""
    table = kind.__table__
    columns = [getattr(kind, name).property.columns[0] for name in sealed_words.names_of(kind)]
    columns += [column for column in table.columns if _is_always_hidden(column)]
    (key,) = table.primary_key.columns
    for row in db.execute(select(key, *columns).where(kind.ticket_id.in_(numbers))).all():
        values = {column: sealed(one) for column, one in zip(columns, row[1:], strict=True) if one is not None}
        if values:
            db.connection().execute(update(table).where(key == row[0]).values(values))


def _hide_table(engine: Engine, table: Table) -> int:
    columns: list[Any] = [column for column in table.columns if _is_always_hidden(column)]
    if not columns:
        return 0
    (key,), done, last = table.primary_key.columns, 0, None
    raw = list(map(as_stored, columns))
    wanted = select(key, *raw).where(or_(*map(_is_clear, columns))).order_by(key).limit(AT_ONCE)
    written = {column: bindparam(f"new_{column.name}", type_=column.type) for column in columns}
    while True:
        with engine.begin() as connection:
            rows = connection.execute(wanted if last is None else wanted.where(key > last)).all()
            if not rows:
                return done
            values = [{"of_row": row[0], **_as_told(columns, row[1:], engine.dialect)} for row in rows]
            connection.execute(update(table).where(key == bindparam("of_row")).values(written), values)
        done, last = done + len(rows), rows[-1][0]


def _as_told(columns: Iterable[Any], stored: Iterable[Any], dialect: Any) -> dict[str, Any]:
    """What a row tells in plain words; some of its columns may be hidden already."""
    told = zip(columns, stored, strict=True)
    return {f"new_{column.name}": column.type.process_result_value(one, dialect) for column, one in told}


def _is_always_hidden(column: Any) -> bool:
    return isinstance(column.type, Hidden | HiddenJson | HiddenLeaves)


def _is_clear(column: Any) -> Any:
    """Neither hidden nor empty."""
    written = type_coerce(cast(column, Text), Text)
    if isinstance(column.type, HiddenLeaves):
        return and_(column.is_not(None), written.like('%:%"%'), written.not_like('%"enc%'))
    begins = '"enc%' if isinstance(column.type, HiddenJson) else "enc%"
    return and_(column.is_not(None), written != "", written.not_like(begins))


def _put(value: Any, secrets: Mapping[str, str]) -> Any:
    for secret, place in secrets.items():
        value = value.replace(secret, place) if isinstance(value, str) else value
    return value


def _digest_links(db: Session) -> int:
    done = 0
    wanted = select(Survey.id, Survey.former_token).where(func.length(Survey.former_token) != codes.TOKEN_DIGEST)
    while rows := db.execute(wanted.limit(AT_ONCE)).all():
        for number, token in rows:
            values = {"token": codes.former_token(db, token or "")}
            db.execute(update(_SURVEY).where(Survey.id == number).values(values))
        db.commit()
        done += len(rows)
    return done


def _digest_query_codes(db: Session) -> int:
    done = 0
    wanted = select(Ticket.id, Ticket.former_code).where(
        func.length(Ticket.former_code).between(1, codes.FORMER_DIGEST - 1)
    )
    while rows := db.execute(wanted.limit(AT_ONCE)).all():
        values = [{"of_ticket": number, "digest": codes.former_code(db, number, code)} for number, code in rows]
        mine = update(_TICKET).where(_TICKET.c.id == bindparam("of_ticket"))
        db.connection().execute(mine.values(query_code=bindparam("digest")), values)
        db.commit()
        done += len(rows)
    return done
