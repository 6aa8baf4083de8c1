"""The words typed into a form by the labels under which people typed them, wherever a page must give them back."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from hotline.i18n import N_, _
from hotline.tickets.fields import Field, choices_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.petitions import PETITIONS
from hotline.web.core.request_context import here

HIDDEN = frozenset(
    {
        "csrf_token",
        "once",
        "seen",
        "wording",
        "draft_key",
        "password",
        "old",
        "new",
        "again",
        "next",
        "sheet",
        "homepage",
    }
)
PRESSED = frozenset({"agree", "refuse", "grant"})
"""What a button says is nobody's words."""

MARKS = "q."
"""The marks of a score sheet: nobody typed them."""

ELSEWHERE = {
    "body": N_("诉求内容"),
    "phone": N_("联系电话"),
    "name": N_("姓名"),
    "place": N_("地点"),
    "title": N_("标题"),
    "answer": N_("答复"),
    "decision": N_("理由"),
    "reason": N_("理由"),
    "why": N_("理由"),
    "words": N_("说明"),
    "note": N_("备注"),
    "text": N_("内容"),
    "comment": N_("想说的话"),
    "number": N_("工单号"),
    "unit": N_("承办单位"),
    "area": N_("区县"),
    "category": N_("类别"),
    "channel": N_("渠道"),
    "code": N_("验证码"),
    "theme": N_("主题"),
    "reviewer_note": N_("说明"),
}
"""Fields of the forms that the tables of acts and petitions do not draw."""


def typed_words() -> list[tuple[str, str]]:
    """(label, words) of everything that a person typed or chose in the form of this request."""
    found = []
    for name, values in request.form.lists():
        words = [one for one in values if len(one) > 1 and one not in PRESSED]
        if words and name not in HIDDEN and not name.startswith(MARKS):
            found.append((_label(name), "\n".join(_shown(name, one) for one in words)))
    return found


def _fields() -> Iterator[Field]:
    """Those of the act or the petition whose form was sent."""
    said = request.view_args or {}
    if (action := ACTIONS.get(said.get("action", ""))) is not None:
        yield from action.fields
    if (kind := PETITIONS.get(said.get("kind", ""))) is not None:
        yield from kind.fields


def _field(name: str) -> Field | None:
    return next((one for one in _fields() if one.name == name), None)


def _label(name: str) -> str:
    start, _dot, rest = name.rpartition(".")
    if start == "checklist":
        return here.city.question(rest)
    asked = _field(name)
    if asked is not None:
        return _(asked.label)
    return _(ELSEWHERE[rest]) if rest in ELSEWHERE else _everywhere(rest)


def _everywhere(name: str) -> str:
    """By the label that all forms give to this name; the name itself where they differ."""
    tables = [*(row.fields for row in ACTIONS.values()), *(row.fields for row in PETITIONS.values())]
    labels = {one.label for fields in tables for one in fields if one.name == name}
    return _(labels.pop()) if len(labels) == 1 else name


def _shown(name: str, value: str) -> str:
    asked = _field(name)
    return choices_of(asked, here.city).get(value, value) if asked is not None else value
