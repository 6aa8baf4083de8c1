"""The API's own description (OpenAPI 3.1), printed from the request model and the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from hotline.api.requests import LISTED, MOST
from hotline.tickets.fields import Field
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.states import State

SHAPES: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"},
    "choices": {"type": "array", "items": {"type": "string"}},
    "units": {"type": "array", "items": {"type": "string"}},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "count": {"type": "integer", "minimum": 0},
    "checklist": {"type": "object", "additionalProperties": {"enum": ["yes", "no", "na"]}},
}


def openapi(new_ticket: type[BaseModel], url: str, granted: Sequence[str]) -> dict[str, Any]:
    """The whole document as plain values. granted: the actions that a machine may be granted."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "12345 hotline", "version": "1", "description": ABOUT},
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": _paths(granted),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "NewTicket": new_ticket.model_json_schema(),
                "Problem": _PROBLEM,
                "Ticket": _TICKET,
                "Page": _PAGE,
                **{f"do_{name}": _body(ACTIONS[name].fields, name) for name in granted},
            },
        },
    }


ABOUT = """A token sees what its source handed in, what its units work on and what its towns sent; with tickets.read.all every matter.
Sealed matters and drafts are closed to machines. Each read of words, contacts and files stands in the audit book."""
_PROBLEM = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {
            "type": "string",
            "description": "the rule that was broken, in no language: for programs to decide by",
        },
        "problems": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_TEXTS = ("number", "state", "channel", "request_type", "urgency", "url")
_MAYBE = ("category", "area", "town_code", "unit", "outer_number", "close_kind")
_MOMENTS = ("due_at", "closed_at")
_TICKET = {
    "type": "object",
    "required": [*_TEXTS, *_MAYBE, *_MOMENTS, "turn", "round", "created_at", "updated_at"],
    "properties": {
        **{name: {"type": "string"} for name in _TEXTS},
        **{name: {"type": ["string", "null"]} for name in _MAYBE},
        **{name: {"type": ["string", "null"], "format": "date-time"} for name in _MOMENTS},
        **{name: {"type": "string", "format": "date-time"} for name in ("created_at", "updated_at")},
        **{name: {"type": "integer"} for name in ("turn", "round")},
        "query_code": {"type": "string", "description": "only in the answer to a new ticket"},
        **{
            name: {"type": ["string", "null"], "description": "only of one ticket"}
            for name in ("handled_as", "handled_state", "public_answer")
        },
        "actions": {
            "type": "array",
            "items": {"type": "string"},
            "description": "only of one ticket: what this token could do now",
        },
    },
}
_PAGE = {
    "type": "object",
    "required": ["tickets", "next"],
    "properties": {
        "tickets": {"type": "array", "items": {"$ref": "#/components/schemas/Ticket"}},
        "next": {"type": ["string", "null"]},
    },
}
_MOMENT = {"type": "string", "format": "date-time"}
_SHAPE_OF = {
    "created_from": _MOMENT,
    "created_to": _MOMENT,
    "updated_since": _MOMENT,
    "from": _MOMENT,
    "to": _MOMENT,
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50},
    "state": {"type": "array", "items": {"enum": [state.value for state in State]}},
    "reason": {"type": "string", "minLength": 2},
}
_NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}


def _paths(granted: Sequence[str]) -> dict[str, Any]:
    one = "/api/v1/tickets/{number}"
    paths: dict[str, Any] = {
        "/api/v1/tickets": {
            "post": _operation(
                "Hand in a ticket; the same outer number again answers 200 with the first ticket, with other words 409.",
                "tickets.create",
                "Ticket",
                "NewTicket",
                ("201",),
            ),
            "get": _operation(
                "List tickets, newest first; with updated_since the longest unchanged first.", "tickets.read", "Page"
            )
            | {"parameters": _arguments(*LISTED)},
        },
        one: {
            "get": _of_one(
                "One ticket; of a merged one also the state and the answer of the ticket it is handled as.",
                "tickets.read",
                "Ticket",
            )
        },
        "/api/v1/figures": {
            "get": _operation(
                "The figures of a period, of a unit with those below it, a category or an area.", "figures.read"
            )
            | {"parameters": _arguments("from", "to", "unit", "category", "area", "channel")}
        },
        "/api/v1/monitoring/events": {
            "get": _operation(
                "Electronic monitoring: every act, turn of a clock, card and broken rule after the cursor, oldest first, "
                "without personal data; of sealed matters the head only.",
                "monitoring.read",
            )
            | {"parameters": _arguments("after", "limit")}
        },
        "/api/v1/monitoring/rules": {
            "get": _operation("The rules by which work is monitored, each with its source.", "monitoring.read")
        },
        f"{one}/contact": {
            "get": _operation("Name, phone and everything as told, for a reason.", "tickets.contact")
            | {"parameters": [_NUMBER, {**_argument("reason"), "required": True}]}
        },
        f"{one}/files": {
            "get": _of_one("The ticket's files.", "tickets.files"),
            "post": _of_one("Add a file.", "tickets.files.add", also=("201",)) | _UPLOAD,
        },
        f"{one}/files/{{file_id}}": {
            "get": _operation("The bytes of one file.", "tickets.files")
            | {
                "parameters": [
                    _NUMBER,
                    {"name": "file_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
                ]
            }
        },
    }
    for name, summary in (
        ("words", "What the citizen said, personal data starred."),
        ("story", "What happened, oldest first."),
        ("replies", "The replies: all of them to the units at work, to others what the citizen was told."),
        ("rating", "What citizens answered."),
    ):
        paths[f"{one}/{name}"] = {"get": _of_one(summary, f"tickets.{name}")}
    for name in granted:
        summary = f"{ACTIONS[name].label} ({name})"
        paths[f"{one}/actions/{name}"] = {
            "post": _operation(summary, f"tickets.act.{name}", "Ticket", f"do_{name}") | {"parameters": [_NUMBER]}
        }
    return paths


_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def _of_one(summary: str, scope: str, answer: str | None = None, also: Sequence[str] = ()) -> dict[str, Any]:
    return _operation(summary, scope, answer, also=also) | {"parameters": [_NUMBER]}


def _arguments(*names: str) -> list[dict[str, Any]]:
    return [_argument(name) for name in names]


def _argument(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": _SHAPE_OF.get(name, {"type": "string"})}


def _operation(
    summary: str, scope: str, answer: str | None = None, schema: str | None = None, also: Sequence[str] = ()
) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    fine = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}} if answer else {}
    done: dict[str, Any] = {
        "summary": summary,
        "description": f"scope: {scope}",
        "responses": {
            **{code: {"description": "done", **fine} for code in ("200", *also)},
            **{
                code: {"description": why, **problem}
                for code, why in (
                    ("400", "refused: the sentence says why"),
                    ("401", "no token, or one that has ended"),
                    ("403", "not allowed"),
                    ("404", "no such ticket"),
                    ("409", "the ticket has moved on, or the number was used for another matter"),
                    ("413", "too large"),
                )
            },
        },
    }
    if schema:
        wanted = {"$ref": f"#/components/schemas/{schema}"}
        done["requestBody"] = {"required": True, "content": {"application/json": {"schema": wanted}}}
    return done


def _body(fields: tuple[Field, ...], action: str) -> dict[str, Any]:
    """The JSON body of one action, from the fields of its form."""
    properties = {
        field.name: SHAPES.get(field.kind, {"type": "string", "maxLength": field.limit}) | {"title": field.label}
        for field in fields
    }
    files = {"files": {"type": "array", "items": {"type": "integer"}, "title": "ids of files this token has added"}}
    return {
        "type": "object",
        "properties": {**properties, "seen": {"type": "integer"}, **(files if action == "reply" else {})},
        "required": [field.name for field in fields if field.required],
    }
