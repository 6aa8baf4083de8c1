"""Two quick presses, on eight forms, in a browser: a double click, Enter twice, and a retry after the answer was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from models import TicketEvent
from tests.support.town import Town, choose
from tests.support.windows import ready

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

WORDS = "已到现场查看，明天换灯。"
FORMS = {
    "note": ("he", "handling", {"text": WORDS}),
    "contact": ("he", "handling", {"reached": "yes", "how": "phone", "note": WORDS}),
    "interim": ("he", "handling", {"answer": WORDS}),
    "sign": ("he", "to_sign", {}),
    "object": ("he", "to_sign", {"reason": WORDS, "basis": "安编〔2019〕12 号"}),
    "urge": ("an", "handling", {"text": WORDS}),
    "add": ("an", "handling", {"text": WORDS}),
    "wait": ("he", "handling", {"until": "2026-03-10", "reason": WORDS}),
}
SEND_TWICE = """(form) => {
  const said = new URLSearchParams(new FormData(form, form.querySelector('button:not([type="button"])')));
  return Promise.all([0, 1].map(() => fetch(form.action, { method: 'POST', body: said }).then((answer) => answer.url)));
}"""


def form_of(town: Town, action: str) -> tuple[str, Page]:
    login, state, said = FORMS[action]
    number = town.has(state)
    page = town.enter(login, f"/tickets/{number}/do/{action}")
    for name, value in said.items():
        field = page.locator(f"#act [name={name}]")
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            choose(page, name, value)
        else:
            field.first.fill(value)
    return number, page


def done(town: Town, action: str) -> int:
    with town.installation.readings() as db:
        return db.scalar(select(func.count()).select_from(TicketEvent).where(TicketEvent.action == action)) or 0


@pytest.mark.parametrize("action", FORMS)
def test_two_posts_at_once_are_one_deed_and_end_on_one_page(town: Town, action: str) -> None:
    _number, page = form_of(town, action)
    before = done(town, action)
    ends = page.locator("#act form").evaluate(SEND_TWICE)
    assert done(town, action) == before + 1
    assert ends[0] == ends[1]


def test_a_double_click_is_one_note(town: Town) -> None:
    _number, page = form_of(town, "note")
    with page.expect_navigation():
        page.locator("#act form button:not([type=button])").first.dblclick()
    ready(page)
    assert done(town, "note") == 1 and "已办" in page.locator("body").inner_text()


def test_whoever_presses_again_because_the_answer_was_lost_reads_that_it_was_done(town: Town) -> None:
    """The deed had arrived; the second press was told that the ticket had moved on."""
    number, page = form_of(town, "sign")

    def lose(route: Route) -> None:
        """The deed arrives; to the browser it is as if nothing had been answered, and the page stays."""
        route.fetch(max_redirects=0)
        route.fulfill(status=204)

    page.route("**/do/sign", lose)
    page.locator("#act form button:not([type=button])").first.click(no_wait_after=True)
    page.wait_for_timeout(800)
    assert done(town, "sign") == 1
    page.unroute("**/do/sign")
    with page.expect_navigation():
        page.locator("#act form").evaluate("(form) => { delete form.dataset.sending; form.requestSubmit(); }")
    ready(page)
    assert done(town, "sign") == 1 and town.ticket(number).state == "handling"
    assert "已办" in page.locator("body").inner_text()
