"""The API's own description (OpenAPI 3.1), printed from the request model and the table of actions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from hotline.tickets.fields import Field
from hotline.tickets.lifecycle import ACTIONS

SHAPES: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"},
    "choices": {"type": "array", "items": {"type": "string"}},
    "units": {"type": "array", "items": {"type": "string"}},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "count": {"type": "integer", "minimum": 0},
    "checklist": {"type": "object", "additionalProperties": {"enum": ["yes", "no", "na"]}},
}


def openapi(new_ticket: type[BaseModel], url: str) -> dict[str, Any]:
    """The whole document as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "12345 hotline", "version": "1"},
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "NewTicket": new_ticket.model_json_schema(),
                "Problem": _PROBLEM,
                **{f"do_{name}": _body(action.fields) for name, action in ACTIONS.items() if action.mood != "quiet"},
            },
        },
    }


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


def _paths() -> dict[str, Any]:
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
    paths: dict[str, Any] = {
        "/api/v1/tickets": {
            "post": _operation(
                "Hand in a ticket; the same outer number again answers 200 with the first ticket.", "NewTicket"
            ),
            "get": _operation("List tickets, newest first.")
            | {
                "parameters": [
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in (
                        "state",
                        "unit",
                        "category",
                        "area",
                        "q",
                        "created_from",
                        "created_to",
                        "after",
                        "limit",
                    )
                ]
            },
        },
        "/api/v1/tickets/{number}": {
            "get": _operation(
                "One ticket; of a merged one also the state and the answer of the ticket it is handled as."
            )
            | {"parameters": [number]}
        },
    }
    for name, action in ACTIONS.items():
        if action.mood != "quiet":
            paths[f"/api/v1/tickets/{{number}}/actions/{name}"] = {
                "post": _operation(f"{action.label} ({name})", f"do_{name}") | {"parameters": [number]}
            }
    return paths


def _operation(summary: str, schema: str | None = None) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    done: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "done"},
            **{
                code: {"description": why, **problem}
                for code, why in (
                    ("400", "refused: the sentence says why"),
                    ("401", "no token"),
                    ("403", "not allowed"),
                    ("404", "no such ticket"),
                    ("409", "the ticket has moved on"),
                )
            },
        },
    }
    if schema:
        wanted = {"$ref": f"#/components/schemas/{schema}"}
        done["requestBody"] = {"required": True, "content": {"application/json": {"schema": wanted}}}
    return done


def _body(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The JSON body of one action, from the fields of its form."""
    properties = {
        field.name: SHAPES.get(field.kind, {"type": "string", "maxLength": field.limit}) | {"title": field.label}
        for field in fields
    }
    return {
        "type": "object",
        "properties": {**properties, "seen": {"type": "integer"}},
        "required": [field.name for field in fields if field.required],
    }
