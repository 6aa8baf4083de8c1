"""The form of a reply asks everything that the rules may demand of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.tickets.reply_rules.forms import REPLY_FIELDS
from hotline.web.core.forms.action_forms import DEPENDS
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


INCOMPLETE = {
    "contact_how": {"contacted": "yes"},
    "contacted_at": {"contacted": "yes", "contact_how": "phone"},
    "no_contact_reason": {"contacted": "no"},
    "contacted": {},
    "outcome_reason": {"contacted": "no", "no_contact_reason": "没有电话", "outcome": "partly"},
    "beyond_kind": {"contacted": "no", "no_contact_reason": "没有电话", "beyond_duty": "yes"},
    "helpers_note": {"contacted": "no", "no_contact_reason": "没有电话"},
}
WHOLE = {
    "truth": "true",
    "facts": "现场核查，灯杆线路断开。",
    "measures": "当晚更换线路。",
    "outcome": "solved",
    "handler": "何建国",
    "public_answer": "路灯线路已更换。",
}


@pytest.mark.parametrize("field", INCOMPLETE)
def test_what_only_some_answers_call_for_is_complained_of_beside_its_field(
    field: str, life: Life, browse: Callable[[Any], FlaskClient]
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    he = browse(life.staff["he"])
    path = f"/tickets/{ticket.number}/do/reply"
    refused = he.post(path, data={"seen": ticket.move_count, **WHOLE, **INCOMPLETE[field]})
    assert refused.status_code == 400
    assert f'href="#f-{field}"' in refused.text
    assert re.search(rf'id="f-{field}-error"', refused.text)


def test_what_must_be_said_once_it_is_asked_is_marked_as_such(life: Life, browse: Callable[[Any], FlaskClient]) -> None:
    ticket = life.to("handling")
    life.db.commit()
    form = browse(life.staff["he"]).get(f"/tickets/{ticket.number}/do/reply").text
    must = {name for name in DEPENDS if re.search(rf'name="{name}"[^>]* required', form)}
    assert must == set(DEPENDS) - {"answered_at"}
