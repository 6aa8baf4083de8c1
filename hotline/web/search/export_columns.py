"""The columns a search can be taken away with, and how each is written: facts of the ticket, its last reply, its citizen's answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.i18n import N_, _
from hotline.tickets.privacy.redact import known_of_rows, may_read
from hotline.tickets.roles import Actor
from hotline.web.core.formatting import local, masked_name, masked_phone, state_name, word
from hotline.web.core.request_context import here
from hotline.web.core.ticket_words import close_words
from hotline.web.search.query import CARD_NAMES
from models import Reply, Survey, Ticket

BASIC, PLACE, TIMES, COURSE, RESULT = N_("工单"), N_("事项和来电人"), N_("时间"), N_("办理经过"), N_("答复和评价")


@dataclass(frozen=True)
class Line:
    """One ticket on its way into the file. person: title, name and telephone as the reader may have them."""

    ticket: Any
    me: Actor
    reply: Reply | None = None
    survey: Survey | None = None
    person: tuple[str, str, str] = field(default=("", "", ""))


@dataclass(frozen=True)
class Column:
    """needs: the columns of `Ticket` it is made of. digits: a spreadsheet would round it, or take its first nought off."""

    key: str
    head: str
    group: str
    value: Callable[[Line], Any]
    needs: tuple[Any, ...] = ()
    digits: bool = False


def _ticket(column: Any, shown: Callable[[Any], Any] = lambda value: value or "") -> dict[str, Any]:
    return {"value": lambda line: shown(getattr(line.ticket, column.key)), "needs": (column,)}


def _category(code: str | None) -> str:
    return here.city.category_name(code)


def _area(code: str | None) -> str:
    return here.city.area_name(code)


def _unit(code: str | None) -> str:
    return here.city.unit_name(code)


def _yes(value: Any) -> str:
    return _("是") if value else ""


def _worded(group: str) -> Callable[[Any], str]:
    return lambda value: word(group, str(value)) if value else ""


def _answer(name: str, shown: Callable[[Any], Any] = lambda value: value or "") -> Callable[[Line], Any]:
    return lambda line: shown(getattr(line.survey, name)) if line.survey is not None else ""


def _replied(name: str, shown: Callable[[Any], Any]) -> Callable[[Line], Any]:
    return lambda line: shown(getattr(line.reply, name)) if line.reply is not None else ""


COLUMNS: tuple[Column, ...] = (
    Column("number", N_("工单号"), BASIC, **_ticket(Ticket.number), digits=True),
    Column("title", N_("标题"), BASIC, lambda line: line.person[0]),
    Column("state", N_("状态"), BASIC, **_ticket(Ticket.state, state_name)),
    Column("round", N_("轮次"), BASIC, **_ticket(Ticket.round)),
    Column("channel", N_("来源"), PLACE, **_ticket(Ticket.channel, _worded("channels"))),
    Column("request_type", N_("诉求类型"), PLACE, **_ticket(Ticket.request_type, _worded("request_types"))),
    Column("urgency", N_("紧急程度"), PLACE, **_ticket(Ticket.urgency, _worded("urgencies"))),
    Column("category_code", N_("类别代码"), PLACE, **_ticket(Ticket.category_code), digits=True),
    Column("category", N_("类别"), PLACE, **_ticket(Ticket.category_code, _category)),
    Column("area", N_("区县"), PLACE, **_ticket(Ticket.area, _area)),
    Column("street", N_("街道"), PLACE, **_ticket(Ticket.street)),
    Column("unit", N_("主办单位"), BASIC, **_ticket(Ticket.unit_code, _unit)),
    Column("desk", N_("现在由谁办"), BASIC, **_ticket(Ticket.desk_code, _unit)),
    Column("name", N_("来电人"), PLACE, lambda line: line.person[1]),
    Column("phone", N_("电话"), PLACE, lambda line: line.person[2]),
    Column("created", N_("受理时间"), TIMES, **_ticket(Ticket.created_at, local)),
    Column("dispatched", N_("派单时间"), TIMES, **_ticket(Ticket.dispatched_at, local)),
    Column("signed", N_("签收时间"), TIMES, **_ticket(Ticket.signed_at, local)),
    Column("auto_signed", N_("超时自动签收"), COURSE, **_ticket(Ticket.auto_signed, _yes)),
    Column("contacted", N_("先行联系时间"), TIMES, **_ticket(Ticket.contacted_at, local)),
    Column("due", N_("期限"), TIMES, **_ticket(Ticket.due_at, local)),
    Column("closed", N_("办结时间"), TIMES, **_ticket(Ticket.closed_at, local)),
    Column("close_kind", N_("办结方式"), BASIC, **_ticket(Ticket.close_kind, close_words)),
    Column(
        "card", N_("红黄牌"), COURSE, **_ticket(Ticket.card, lambda card: _(CARD_NAMES.get(card, "")) if card else "")
    ),
    Column("urges", N_("催办次数"), COURSE, **_ticket(Ticket.urges, int)),
    Column("returns", N_("退单次数"), COURSE, **_ticket(Ticket.returns, int)),
    Column("extensions", N_("延期次数"), COURSE, **_ticket(Ticket.extensions, int)),
    Column("supervised", N_("督办"), COURSE, **_ticket(Ticket.supervised, _yes)),
    Column("replied", N_("答复时间"), RESULT, _replied("at", local)),
    Column("outcome", N_("答复结果"), RESULT, _replied("outcome", _worded("outcomes"))),
    Column("signed_off", N_("签发人"), RESULT, _replied("signed_off_by", lambda name: name or "")),
    Column("answered", N_("市民评价时间"), RESULT, _answer("answered_at", local)),
    Column("solved", N_("市民说解决了吗"), RESULT, _answer("solved", _worded("solved"))),
    Column("result", N_("对结果"), RESULT, _answer("result", _worded("scale"))),
    Column("attitude", N_("对态度"), RESULT, _answer("attitude", _worded("scale"))),
    Column("dissatisfied", N_("不满意"), RESULT, **_ticket(Ticket.dissatisfied, _yes)),
    Column("excluded", N_("不计入考核"), RESULT, **_ticket(Ticket.excluded, _yes)),
)
PERSON = (Ticket.title, Ticket.contact_name, Ticket.contact_phone, Ticket.privacy, Ticket.agent_id)
"""What decides, and holds, what this reader may have of the person."""


def chosen(keys: Collection[str]) -> tuple[Column, ...]:
    """The columns asked for, in the order of the table; all of them when none is named."""
    return tuple(one for one in COLUMNS if one.key in keys) or COLUMNS


def needed(columns: Iterable[Column]) -> list[Any]:
    """What to select of the tickets for these columns."""
    return list(dict.fromkeys((Ticket.id, *PERSON, *(need for one in columns for need in one.needs))))


def lines(db: Session, me: Actor, tickets: list[Any], columns: Collection[Column]) -> list[Line]:
    """The tickets with what hangs on them; replies and answers are read only for columns that show them."""
    ids = [one.id for one in tickets]
    keys = {one.key for one in columns if one.group == RESULT and not one.needs}
    replies = _last(db, Reply, ids, Reply.kind == "final") if keys & {"replied", "outcome", "signed_off"} else {}
    surveys = (
        _last(db, Survey, ids, Survey.own_id == Survey.ticket_id)
        if keys & {"answered", "solved", "result", "attitude"}
        else {}
    )
    return [Line(one, me, replies.get(one.id), surveys.get(one.id), _person(one, me)) for one in tickets]


def _last(db: Session, table: Any, ids: list[int], *conditions: Any) -> dict[int, Any]:
    """Ticket id → its last row of this table."""
    newest = select(func.max(table.id)).where(table.ticket_id.in_(ids), *conditions).group_by(table.ticket_id)
    return {one.ticket_id: one for one in db.scalars(select(table).where(table.id.in_(newest)))}


def _person(one: Any, me: Actor) -> tuple[str, str, str]:
    if not may_read(me, one):
        return _("保密工单"), "", ""
    title = mask(one.title, known_of_rows(one.contact_name, one.contact_phone))
    return title, masked_name(one.contact_name), masked_phone(one.contact_phone)
