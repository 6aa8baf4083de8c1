"""What a search found: one page of rows with the words marked, how many there are, and the ticket that the box names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup
from sqlalchemy import select

from hotline.tickets.lists import ticket_list
from hotline.tickets.lists.paging import Page
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, counted
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES
from hotline.tickets.search import indexing, person_search
from hotline.web.core.formatting import TicketRow, hidden, may_read, row_of, ticket_row
from hotline.web.core.request_context import here
from hotline.web.search import query as search_query
from hotline.web.search.box import looks_like_a_name
from hotline.web.search.highlight import folded, marked, parts_of, snippets
from hotline.web.search.query import SearchQuery
from hotline.web.search.rows import FoundRow
from models import Reply, Ticket, TicketEvent, TicketText


@dataclass(frozen=True)
class SearchPage:
    """One page of a result. count: to the limit; there_are_more: the words were counted in the newest tickets alone."""

    rows: Sequence[TicketRow]
    page: Page
    count: int
    exact: TicketRow | None = None
    by_name: bool = False
    there_are_more: bool = False

    @property
    def too_many(self) -> bool:
        return self.count > COUNT_LIMIT

    @property
    def count_words(self) -> str:
        return f"{self.count}+" if self.there_are_more and not self.too_many else counted(self.count)


NOTHING = SearchPage([], Page([], None, None), 0)


def find(asked: SearchQuery) -> SearchPage:
    """Rows, how many (to the limit), and the one ticket that the box names."""
    if asked.wanted.phone or asked.wanted.name:
        note_person(asked)
    after, before = request.args.get("after"), request.args.get("before")
    page = ticket_list.find(here.db, here.me, asked.wanted, sort=asked.sort, after=after, before=before)
    by_name = not page.rows and not after and not before and may_be_a_name(asked)
    if by_name and not person_search.exhausted(here.db, here.me, here.now):
        asked = search_query.by_name(asked)
        note_person(asked)
        page = ticket_list.find(here.db, here.me, asked.wanted, sort=asked.sort)
    rows, exact = _rows(asked, page.rows), _exact(asked, page)
    if exact is not None and not rows:
        return SearchPage([exact], page, 1, exact)
    whole = not after and not before and page.next is None
    count, more = (len(rows), False) if whole else ticket_list.count_lately(here.db, here.me, asked.wanted)
    return SearchPage(rows, page, max(count, len(rows)), exact, by_name and bool(rows), more)


def opens(asked: SearchQuery, found: SearchPage) -> str:
    """The address of the ticket whose whole number is all that was asked, unless it is being typed or paged."""
    alone = asked.number and set(asked.args) <= {"q"} and not asked.words and not asked.wanted.phone
    return found.exact.url if alone and found.exact is not None else ""


def note_person(asked: SearchQuery) -> None:
    """Before the first row is read, in a transaction of its own: a page that only reads leaves a row in the book."""
    with here.installation.sessions() as db:
        person_search.note(
            db, here.me, here.now, phone=asked.wanted.phone, name=asked.wanted.name, address=here.address
        )
        db.commit()


def may_be_a_name(asked: SearchQuery) -> bool:
    return looks_like_a_name(asked.words) and not asked.wanted.name and here.me.is_(*CENTRE_ROLES, *UNIT_ROLES)


def _exact(asked: SearchQuery, page: Page) -> TicketRow | None:
    """The ticket whose number, or the last digits of it, stand in the box."""
    if asked.number:
        return _rows(asked, page.rows)[0] if page.rows else None
    if not asked.tail:
        return None
    ticket = here.db.scalar(select(Ticket).where(Ticket.id == int(asked.tail), visible_to(here.me)))
    return ticket_row(ticket) if ticket is not None else None


def _rows(asked: SearchQuery, tickets: list[Ticket]) -> list[FoundRow]:
    rows = [row_of(FoundRow, one) for one in tickets]
    parts = parts_of(asked.words)
    if not parts:
        return rows
    titles = {row.id: row.title for row, ticket in zip(rows, tickets, strict=True) if may_read(ticket)}
    found = snippets(titles, _written(titles, parts), parts, hidden)
    for row in rows:
        row.title, row.snippet = marked(row.title, parts), found.get(row.id, Markup(""))
    return rows


def _written(titles: Mapping[int, str], parts: list[str]) -> dict[int, str]:
    """The words behind those titles that do not show everything looked for, what was told first before what came later;
    one statement a table."""
    wanted = [one for one, title in titles.items() if any(part not in folded(title) for part in parts)]
    found: dict[int, list[str]] = {one: [] for one in wanted}
    tables: tuple[Any, ...] = (TicketText, Reply, TicketEvent)
    for table in tables:
        lacking = [one for one, said in found.items() if any(part not in folded(" ".join(said)) for part in parts)]
        for row in here.db.scalars(select(table).where(table.ticket_id.in_(lacking))) if lacking else ():
            found[row.ticket_id] += indexing.words_of(row)
    return {one: "\n".join(said) for one, said in found.items()}
