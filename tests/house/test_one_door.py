"""Nobody writes a ticket's column but the door: `act`, its effects, the opening of a ticket, drafts, and erasure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from models import Assignment, Ticket, TicketText
from models.store.db import Base
from tests.support.repository import python

DOORS = (
    "hotline/tickets/act.py",
    "hotline/tickets/effects/",
    "hotline/intake/open_ticket.py",
    "hotline/intake/drafts.py",
    "hotline/simulate/scratch.py",  # a small city that is forgotten; what is struck from it came through the door (decision 039)
    "hotline/tickets/erasing/erasure.py",
    "hotline/tickets/privacy/story.py",
    "models/",
)
COLUMNS = {attribute.key for attribute in Ticket.__mapper__.attrs}
ELSEWHERE = {
    attribute.key
    for mapper in Base.registry.mappers
    if mapper.class_ not in (Ticket, TicketText, Assignment)
    for attribute in mapper.attrs
}
OWN = COLUMNS - ELSEWHERE - {"number"}
"""Columns no other table has: whoever sets one of these sets a ticket's. (A number is also a demo's and a form's.)"""

TICKETS = {"ticket", "master", "own", "part", "draft_ticket"}
MADE = re.compile(r"\b(lock|own_draft|open_ticket|master_of|proved_ticket|see|find_ticket)\(|\bTicket\b")
SQL = re.compile(r"\b(update|insert\s+into)\s+ticket\b(?!_)", re.I)


def writes(text: str) -> Iterator[str]:
    """Every place of a file that sets a column of a ticket, as "line: code"."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    functions += [
        node
        for held in tree.body
        if isinstance(held, ast.ClassDef)
        for node in held.body
        if isinstance(node, ast.FunctionDef)
    ]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    beside = [node for node in ast.walk(tree) if id(node) not in inside]
    for scope, nodes in [(tree, beside), *((function, ast.walk(function)) for function in functions)]:
        known = TICKETS | names_of_tickets(scope)
        for node in nodes:
            if any(is_write(target, known) for target in targets(node)) or is_statement(node, known):
                yield f"{node.lineno}: {ast.unparse(node)}"


def targets(node: ast.AST) -> list[ast.expr]:
    found = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AugAssign | ast.AnnAssign)
        else []
    )
    return [one for target in found for one in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])]


def is_write(target: ast.expr, known: set[str]) -> bool:
    if not isinstance(target, ast.Attribute):
        return False
    of = target.value
    is_self = isinstance(of, ast.Name) and of.id == "self"
    return not is_self and (target.attr in OWN or (target.attr in COLUMNS and is_ticket(of, known)))


def is_ticket(of: ast.expr, known: set[str]) -> bool:
    return (isinstance(of, ast.Name) and of.id in known) or (isinstance(of, ast.Attribute) and of.attr in TICKETS)


def is_statement(node: ast.AST, known: set[str]) -> bool:
    """update(Ticket), insert(Ticket), a raw statement, or setattr on a ticket."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return SQL.search(node.value) is not None
    if not isinstance(node, ast.Call) or not node.args:
        return False
    called, first = ast.unparse(node.func), node.args[0]
    if called.split(".")[-1] in ("update", "insert", "delete", "bulk_update_mappings", "bulk_insert_mappings"):
        return ast.unparse(first) in ("Ticket", "Ticket.__table__", "models.Ticket")
    return called == "setattr" and is_ticket(first, known)


def names_of_tickets(scope: ast.AST) -> set[str]:
    """Names that hold a ticket in this function: by annotation, or because they were made or found as one."""
    found: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and node.annotation and re.search(r"\bTicket\b", ast.unparse(node.annotation)):
            found.add(node.arg)
        if isinstance(node, ast.Assign) and MADE.search(ast.unparse(node.value)):
            found |= {one.id for one in targets(node) if isinstance(one, ast.Name)}
        if isinstance(node, ast.NamedExpr) and MADE.search(ast.unparse(node.value)):
            found.add(node.target.id)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and MADE.search(ast.unparse(node.iter)):
            found.add(node.target.id)
    return found


def test_no_column_of_a_ticket_is_set_outside_the_door(texts: dict[str, str]) -> None:
    code = [(name, text) for name, text in python(texts) if not name.startswith(DOORS)]
    assert [f"{name}:{where}" for name, text in code for where in writes(text)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "row.card = 'red'",
        "scene.ticket.supervised = True",
        "ticket.state = 'closed'",
        "a, ticket.area = 1, 'x'",
        "master.due_at = now",
        "ticket.urges += 1",
        "db.execute(update(Ticket).where(Ticket.id == 1).values(dissatisfied=True))",
        "setattr(ticket, 'area', 'x')",
        "held = lock(db, 7)\nheld.title = 'x'",
        "def f(one: Ticket | None) -> None:\n    one.area = 'x'",
        "for one in db.scalars(select(Ticket)):\n    one.privacy = 'open'",
        "db.execute(text('UPDATE ticket SET area = 1'))",
        "case.ticket.area = None",
        "if (one := db.get(Ticket, 3)):\n    one.title = ''",
    ],
)
def test_every_way_around_the_door_is_seen(wrong: str) -> None:
    assert list(writes(wrong))


@pytest.mark.parametrize(
    "right",
    [
        "call.state = 'ended'",
        "message.state, message.text = 'sent', ''",
        "row.title = spot.title",
        "self.area = area",
        "call.ticket_id = ticket.id",
        "area = ticket.area",
        "db.execute(update(Call).values(state='ended'))",
        "'UPDATE ticket_text SET x'",
    ],
)
def test_other_tables_are_left_alone(right: str) -> None:
    assert list(writes(right)) == []
