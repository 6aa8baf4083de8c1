"""Answers in the format that the address ends with: JSON, or XML whose elements are named as the specification names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from flask import Response

FORMATS = {"json": "application/json", "xml": "text/xml"}
INSIDE = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What the members of a list are called in XML."""

_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def written(form: str, name: str, value: Any, status: int = 200) -> Response:
    """name: of the root in XML; JSON has no root."""
    body = json.dumps(value, ensure_ascii=False) if form == "json" else _xml(name, value)
    return Response(body, status, content_type=f"{FORMATS[form]}; charset=utf-8")


def refused(form: str, status: int, sentence: str) -> Response:
    return written(form, "errors", [{"code": status, "description": sentence}], status)


def _xml(name: str, value: Any) -> bytes:
    return ElementTree.tostring(_element(name, value), encoding="utf-8", xml_declaration=True)


def _element(name: str, value: Any) -> ElementTree.Element:
    found = ElementTree.Element(name)
    if isinstance(value, Mapping):
        found.extend(_element(key, one) for key, one in value.items())
    elif isinstance(value, list | tuple):
        found.extend(_element(INSIDE[name], one) for one in value)
    elif isinstance(value, bool):
        found.text = "true" if value else "false"
    elif value is not None:
        found.text = str(value).translate(_NOT_XML)
    return found
