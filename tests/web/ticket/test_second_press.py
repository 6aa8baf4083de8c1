"""A second press is answered like the first: the deed is done once, and both end on the same page with the same words."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from hotline.installation import Installation
from hotline.jobs.tidying import tidy
from hotline.tickets import petitions
from hotline.web.core.limits import idempotency
from models import Attachment, Petition, Receipt, SavedView, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import PASSWORD
from tests.web.ticket.prepared import Browse, ready, reply_form

KEY = "AAAAAAAAAAAAAAAA.1"


def press(browser: FlaskClient, path: str, **form: Any) -> tuple[int, str | None, str]:
    """Status, the way onward, and every word that stands on the page it leads to."""
    answer = browser.post(path, data={"once": KEY, **form})
    with browser.session_transaction() as cookie:
        said = str(cookie.get("_flashes")) + str(cookie.get("undo"))
    return answer.status_code, answer.location, said


def numbered(life: Life, state: str = "handling") -> str:
    """The number of a ticket in this state; nothing holds the database any more."""
    number = ready(life, state).number
    life.db.rollback()
    return number


def done(life: Life, action: str) -> int:
    found = life.db.scalar(select(func.count()).select_from(TicketEvent).where(TicketEvent.action == action)) or 0
    life.db.rollback()
    return found


def many(life: Life, kind: Any = TicketEvent) -> int:
    life.db.rollback()
    found = life.db.scalar(select(func.count()).select_from(kind)) or 0
    life.db.rollback()
    return found


FORMS = {
    "a note": ("he", "handling", "/tickets/{n}/do/note", {"text": "只记一次"}),
    "a contact": ("he", "handling", "/tickets/{n}/do/contact", {"reached": "yes", "how": "phone", "note": "已联系"}),
    "a signature": ("he", "to_sign", "/tickets/{n}/do/sign", {}),
    "a petition": ("he", "handling", "/tickets/{n}/petitions/extension", {"reason": "等配件"}),
    "an instruction": ("shi", "handling", "/supervision/instruct", {"number": "{n}", "text": "请尽快办理"}),
    "words to a ticket at the desk": (
        "an",
        "handling",
        "/desk/add/{n}",
        {"body": "还有一盏灯不亮", "channel": "hotline"},
    ),
    "several signatures": ("he", "to_sign", "/unit/sign", {"ticket": "{n}"}),
    "a handler": ("he", "handling", "/unit/take/{n}", {}),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_two_presses_are_one_deed_and_one_answer(form: Any, life: Life, browse: Browse) -> None:
    login, state, path, said = form
    number = numbered(life, state)
    told = {name: value.format(n=number) for name, value in said.items()}
    who, before = browse(life.staff[login]), many(life)
    first = press(who, path.format(n=number), **told)
    after = many(life)
    assert first[0] == 303 and after > before
    with who.session_transaction() as cookie:
        cookie.pop("_flashes", None)
        cookie.pop("undo", None)
    assert press(who, path.format(n=number), **told) == first
    assert many(life) == after


def test_a_reply_pressed_twice_is_not_answered_that_the_ticket_has_moved_on(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    number, form, he = ticket.number, reply_form(life, ticket), browse(life.staff["he"])
    life.db.rollback()
    first = press(he, f"/tickets/{number}/do/reply", **form)
    assert first[0] == 303
    assert press(he, f"/tickets/{number}/do/reply", **form)[:2] == first[:2]
    assert done(life, "reply") == 1


def test_one_call_pressed_twice_shows_the_same_ticket_with_its_code(life: Life, browse: Browse) -> None:
    """The second press came to a page without the query code, which is shown once: nobody could read it out any more."""
    an = browse(life.staff["an"])
    form = {"body": "东工路路灯坏了三天", "channel": "hotline", "phone": "13800001234", "then": "submit"}
    first = press(an, "/desk", **form)
    page = an.get(first[1] or "").text
    assert press(an, "/desk", **form)[:2] == first[:2]
    again = an.get(first[1] or "").text
    assert many(life, Ticket) == 1
    code = page[page.index('id="done"') :][:1500]
    assert code.split("<time")[0][:400] == again[again.index('id="done"') :][:1500].split("<time")[0][:400]


def test_a_decision_pressed_twice_is_one_decision(life: Life, browse: Browse) -> None:
    ticket = ready(life)
    leader = browse(life.staff["hejt"])
    ticket.urgency = "urgent"
    petitions.ask(life.db, life.city, ticket, "sign_off", life.people["he"], life.now, life.answers("reply", ticket))
    life.db.commit()
    asked = life.db.scalars(select(Petition.id)).one()
    life.db.rollback()
    first = press(leader, f"/unit/signing/{asked}", verdict="grant")
    assert first[0] == 303 and "已签发" in first[2]
    again = press(leader, f"/unit/signing/{asked}", verdict="grant")
    assert again[:2] == first[:2] and "已签发" in again[2]


def test_a_search_is_kept_once(life: Life, browse: Browse) -> None:
    du = browse(life.staff["du"])
    assert press(du, "/search/views", view_name="路灯", q="路灯") == press(
        du, "/search/views", view_name="路灯", q="路灯"
    )
    assert many(life, SavedView) == 1


def test_a_refusal_frees_the_key(life: Life, browse: Browse) -> None:
    number = numbered(life)
    he, path = browse(life.staff["he"]), f"/tickets/{number}/do/note"
    assert press(he, path, text="")[0] == 400
    assert many(life, Receipt) == 0
    assert press(he, path, text="写好了")[0] == 303


def test_other_words_under_the_same_key_are_neither_done_twice_nor_lost(life: Life, browse: Browse) -> None:
    number = numbered(life)
    he, path = browse(life.staff["he"]), f"/tickets/{number}/do/note"
    press(he, path, text="第一句话")
    answer = he.post(path, data={"once": KEY, "text": "改过的第二句话"})
    assert answer.status_code == 409 and "改过的第二句话" in answer.text and "已经提交过" in answer.text
    assert done(life, "note") == 1


def test_another_persons_key_is_another_key(life: Life, browse: Browse) -> None:
    number = numbered(life)
    for login in ("he", "hejt"):
        assert press(browse(life.staff[login]), f"/tickets/{number}/do/note", text="记一笔")[0] == 303
    assert done(life, "note") == 2


def test_what_a_script_asks_about_a_form_is_no_press_of_it(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    form = {"body": "东工路路灯坏了三天", "channel": "hotline", "once": KEY}
    assert an.post("/desk/beside", data=form).status_code == an.post("/desk/questions", data=form).status_code == 200
    assert an.post("/desk", data={**form, "then": "submit"}).status_code == 303
    assert many(life, Ticket) == 1


def test_a_file_is_handed_out_as_often_as_it_is_asked_for(life: Life, browse: Browse) -> None:
    head = browse(life.staff["du"])
    answers = [head.post("/search/export", data={"once": KEY, "kind": "csv"}) for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code and answers[0].mimetype == answers[1].mimetype


def test_the_answer_is_hidden_and_forgotten_after_a_day(life: Life, browse: Browse, installation: Installation) -> None:
    number = numbered(life)
    press(browse(life.staff["he"]), f"/tickets/{number}/do/note", text="张三说灯坏了")
    raw = life.db.connection().exec_driver_sql("SELECT answer, result FROM receipt").one()
    assert raw[0].startswith("enc") and number not in str(raw)
    life.db.rollback()
    tidy(installation, life.now + timedelta(hours=23))
    assert many(life, Receipt) == 1
    tidy(installation, life.now + timedelta(hours=25))
    assert many(life, Receipt) == 0


def test_the_keys_of_a_page_differ_and_those_of_two_pages_do_too(life: Life, browse: Browse) -> None:

    for _ in range(2):
        numbered(life, "to_sign")
    he = browse(life.staff["he"])
    keys = [re.findall(r'name="once" value="([^"]+)"', he.get("/unit/?tab=sign").text) for _ in range(2)]
    assert len(keys[0]) > 2 and len(set(keys[0] + keys[1])) == len(keys[0]) + len(keys[1])


def test_two_files_in_one_form_pressed_twice_are_there_once(life: Life, browse: Browse) -> None:
    number, he = numbered(life), browse(life.staff["he"])

    def sent() -> tuple[int, str | None, str]:
        files = [(io.BytesIO(b"%PDF-1.4 " + bytes([n]) * 64), f"{n}.pdf") for n in range(2)]
        return press(he, f"/tickets/{number}/files", files_file=files)

    first, second = sent(), sent()
    assert first == second and first[0] == 303
    assert many(life, Attachment) == 2


def test_where_the_database_goes_before_the_answer_is_kept_one_is_asked_to_come_again(
    life: Life, browse: Browse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And may then: the key went with the deed."""
    number, he = numbered(life), browse(life.staff["he"])

    def gone(*_asked: object) -> None:
        raise OperationalError("UPDATE receipt", {}, Exception("gone"), connection_invalidated=True)

    with monkeypatch.context() as away:
        away.setattr(idempotency, "_write_down", gone)
        assert press(he, f"/tickets/{number}/do/note", text="只记一次")[0] == 503
    assert done(life, "note") == 0 and [record for record in caplog.records if record.exc_info] == []
    assert press(he, f"/tickets/{number}/do/note", text="只记一次")[0] == 303
    assert done(life, "note") == 1


def test_where_a_password_is_weighed_no_key_holds_the_database(life: Life, browse: Browse) -> None:
    numbered(life)
    assert press(browse(life.staff["he"]), "/login", login="he", password=PASSWORD)[0] == 302
    assert many(life, Receipt) == 0
