"""The form of a reply asks everything that the rules may demand of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from hotline.tickets.reply_rules.forms import REPLY_FIELDS
from tests.support.life import Life
from tests.support.repository import ROOT

TEMPLATE = ROOT / "hotline/web/templates/ticket/_reply.html"


def test_no_question_of_a_reply_is_missing_on_its_form() -> None:
    asked = set(re.findall(r'ask\("(\w+)"\)', TEMPLATE.read_text(encoding="utf-8")))
    assert asked == {field.name for field in REPLY_FIELDS}


def test_what_came_of_a_silent_assisting_unit_is_asked_only_while_it_is_silent(
    life: Life, browse: Callable[[Any], FlaskClient]
) -> None:
    helped, alone = life.ticket(), life.ticket()
    life.do(helped, "du", "dispatch")
    life.do(alone, "du", "dispatch", helpers=[])
    for ticket in (helped, alone):
        life.do(ticket, "he", "sign")
    life.db.commit()
    he = browse(life.staff["he"])
    assert 'name="helpers_note"' in he.get(f"/tickets/{helped.number}/do/reply").text
    assert 'name="helpers_note"' not in he.get(f"/tickets/{alone.number}/do/reply").text
