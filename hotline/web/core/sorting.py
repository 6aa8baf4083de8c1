"""Which order and which page of a list the address asks for."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.tickets.lists import paging
from hotline.tickets.lists.paging import PAGE_SIZE, Order, Page

ORDER_NAMES = {
    "urgent": N_("最急的在前"),
    "redo": N_("重办的在前"),
    "due": N_("先到期的在前"),
    "-due": N_("后到期的在前"),
    "created": N_("先受理的在前"),
    "-created": N_("新受理的在前"),
    "moved": N_("先办结的在前"),
    "-moved": N_("新办结的在前"),
    "asked": N_("等得最久的在前"),
    "-asked": N_("最新的在前"),
    "-heat": N_("最热的在前"),
    "-count": N_("件数多的在前"),
    "-people": N_("人数多的在前"),
    "-last": N_("最近有来件的在前"),
    "closed": N_("先平息的在前"),
    "-closed": N_("新平息的在前"),
    "at": N_("最早的在前"),
    "-at": N_("最新的在前"),
}
"""How the orders are called in lists whose rows have no column heads for them."""


def asked_order(orders: Container[str], otherwise: str, name: str = "sort") -> str:
    """The order asked for if this list has it, else the list's own. name: the argument, where a page has two lists."""
    asked = request.values.get(name, "")
    return asked if asked in orders else otherwise


def named(orders: Iterable[str]) -> list[tuple[str, str]]:
    """The orders with the words a reader chooses them by."""
    return [(order, _(ORDER_NAMES[order])) for order in orders]


def asked_page() -> dict[str, Any]:
    """The key of the page asked for, as every way of paging takes it."""
    return {"after": request.args.get("after"), "before": request.args.get("before")}


def sorted_page(
    db: Session,
    query: Any,
    column: Any,
    row_id: Any,
    *,
    rising: bool = True,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of the query ordered by a column, and by id where it is equal (see `paging.turn`)."""
    return paging.paginate(db, query, Order(column, row_id, not rising), after=after, before=before, size=size)
