"""Every form that is posted bears a key of its own, unless somebody has said why twice is as good as once."""

from __future__ import annotations

import re

from tests.support.repository import ROOT

TEMPLATES = ROOT / "hotline" / "web" / "templates"
FORM, POST = re.compile(r"<form\b.*?</form>", re.S), 'method="post"'
NEEDS_NO_KEY = {
    "account/account.html": "a second time the old password is wrong, and says so",
    "account/login.html": "nobody is there yet",
    "account/second.html": "a code of a telephone is good once",
    "citizen/_parts.html": "a look",
    "citizen/mine.html": "a look",
    "citizen/new.html": "its sheet is its key, and what is said otherwise is another matter",
    "core/base.html": "sets what is set: language, colours, duty, signing out",
    "core/macros/calls.html": "the state of the call says whether it was done",
    "core/macros/demands.html": "a look over what is ticked",
    "core/public.html": "sets the language",
    "dispatch/_queue.html": "a look over what is ticked",
    "intake/_dial.html": "the state of the call says whether it was done",
    "intake/_lines.html": "the state of the call says whether it was done",
    "interviews/one.html": "its sheet is its key, and what is said otherwise is another question",
    "live/_onlookers.html": "gives a sign, again and again",
    "nuisance/show.html": "a file",
    "phone_simulator/_others.html": "keys of a telephone",
    "phone_simulator/_screen.html": "keys of a telephone",
    "phone_simulator/show.html": "speaks to the hotline from outside, which would wait for the claim for ever",
    "practice/_talk.html": "talk",
    "ready/choose_for_many.html": "a look over what is ticked",
    "search/_found.html": "a look over what is ticked",
    "search/export.html": "a file",
    "ticket/print.html": "a look",
}


def test_every_posted_form_is_drawn_with_its_tokens() -> None:
    bare = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for form in FORM.findall(path.read_text())
        if POST in form and "tokens(" not in form
    }
    assert bare == set()


def test_no_template_writes_a_token_by_hand() -> None:
    by_hand = re.compile(r"""name=["'](?:csrf_token|once)["']""")
    assert [str(path) for path in TEMPLATES.rglob("*.html") if by_hand.search(path.read_text())] == []


def test_a_form_without_a_key_has_a_reason() -> None:
    without = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"(?:tokens|form)\([^%]*once=false", path.read_text())
    }
    assert without == set(NEEDS_NO_KEY)
