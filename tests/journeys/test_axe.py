"""Every page of every role, in both languages: axe-core finds nothing serious, nothing sticks out of a phone, nothing is left untranslated.
The same page is then asked for its dark palette, and read again. KEEP_PICTURES=1 keeps what every page looks like in both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from hotline.installation import Installation
from tests.journeys.looking import SIZES, open_page, sign_in, wrong_with
from tests.support.looks import keep_looks, sheets
from tests.support.windows import SCREENSHOTS

if TYPE_CHECKING:
    from playwright.sync_api import Page


PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/c",
        "/c/new",
        "/c/track",
        "/c/times",
        "/c/accessibility",
        "/c/receipts",
        "/c/questions?q=暖气不热",
        "/c/questions/{matter}",
        "/c/mine",
        "/c/mine/code",
        "/c/board",
        "/c/figures",
        "/c/board?q=路灯&kind=02",
        "/c/board/{published}",
        "/c/interviews",
        "/c/interviews/{talk}",
        "/s/{survey}",
        "/login",
        "/account/oidc/left",
        "/p/{closed}",
        "/c/received/{closed}",
        "/nowhere",
    ),
    "demo-agent": (
        "/letters",
        "/letters/{scan}",
        "/desk",
        "/notices",
        "/account",
        "/phone",
        "/search",
        "/search?q=路灯&open=1",
        "/tickets/{to_dispatch}",
        "/quality/mine",
        "/quality/tickets/{my_score}",
        "/nuisance",
        "/nuisance/new/{with_a_number}",
        "/nuisance/{mark}",
        "/nuisance/heard/2026-03/calls",
        "/nuisance/heard/2026-03/tickets",
        "/ready",
        "/ready/new",
        "/ready/{ready}",
        "/practice",
        "/practice/runs",
        "/practice/runs/{my_call}",
        "/practice/runs/{my_result}",
        "/practice/progress",
        "/practice/exams",
        "/practice/exams/{my_exam}",
        "/practice/exams/{my_exam}/certificate",
        "/quality/mine/findings",
    ),
    "demo-lead": (
        "/quality",
        "/practice/people",
        "/practice/looks",
        "/practice/looks?tab=after",
        "/practice/looks/{to_look}",
        "/practice/newcomers",
        "/practice/newcomers/{newcomer}/tickets?result=waits",
        "/practice/exams?number=P2026-00001",
        "/desk",
        "/supervision",
        "/hot",
        "/hot/{hot}",
        "/tickets/{handling}",
        "/ready/macros",
        "/ready/macros/new",
        "/ready/macros/{macro}",
        "/ready/macros/on/{to_dispatch}",
        "/ready/macros/{macro}/on/{to_dispatch}",
    ),
    "demo-dispatch": (
        "/dispatch",
        "/dispatch/{to_dispatch}",
        "/dispatch/{in_objection}",
        "/dispatch/{in_dispute}",
        "/dispatch?tab=petitions",
        "/dispatch/rules",
        "/tickets/{to_dispatch}/do/merge",
        "/tickets/{to_dispatch}/merge",
        "/tickets/{to_dispatch}/split",
    ),
    "demo-unit": (
        "/unit",
        "/unit?tab=handling",
        "/unit?tab=closed",
        "/tickets/{mine}",
        "/tickets/{mine}/do/reply",
        "/tickets/{mine}/petitions/extension",
        "/search?q=路",
    ),
    "demo-leader": ("/unit", "/overview", "/unit/signing/"),
    "demo-review": (
        "/review",
        "/review/{to_review}",
        "/review/assistant",
        "/publishing",
        "/publishing?tab=published",
        "/publishing/{consented}",
    ),
    "demo-followup": ("/followup", "/followup/{to_follow_up}", "/followup?part=answered"),
    "demo-supervisor": (
        "/supervision",
        "/supervision?tab=petitions",
        "/supervision?tab=load",
        "/tickets/{closed}",
        "/tickets/{closed}/do/redo",
        "/tickets/{closed}/print/letter",
        "/search/export?open=1",
        "/rereading",
        "/evidence",
        "/back",
        "/back?view=kind",
        "/back?view=causes",
        "/monitoring",
        "/monitoring/violations",
        "/monitoring/print",
        "/interviews",
        "/interviews/{talk}",
        "/interviews/{talk}/edit",
        "/interviews/{talk}/questions/{asked}",
    ),
    "demo-head": (
        "/overview",
        "/overview/tickets?metric=satisfied&part=of&period=30d",
        "/overview/open?state=handling",
        "/overview/people?desk=dispatchers",
        "/overview/people/tickets?desk=dispatchers&count=sent&person={dispatcher}&period=30d",
        "/overview/doors?period=30d",
        "/overview/doors/tickets?channel=hotline&part=matters&period=30d",
        "/overview/doors/tickets?channel=hotline&part=again&period=30d",
        "/overview/districts?period=30d",
        "/province",
        "/province/cities/hebi",
    ),
    "demo-knowledge": (
        "/knowledge",
        "/knowledge/{article}",
        "/knowledge/{matter}",
        "/knowledge/{article}/versions/2",
        "/knowledge/{matter}/edit",
        "/knowledge/new",
        "/knowledge/ask?q=暖气不热",
        "/knowledge/feedback",
        "/knowledge/unanswered",
        "/knowledge/ending",
        "/knowledge/imports",
        "/knowledge/imports/{knowledge}",
    ),
    "demo-quality": (
        "/quality",
        "/quality?tab=differs",
        "/quality?tab=told",
        "/quality/plans",
        "/quality/trends",
        "/quality/trends?by=unit",
        "/quality/agreement",
        "/quality/findings",
        "/quality/findings?state=all&kind=no_place",
        "/quality/tickets/{to_score}",
        "/quality/tickets/{scored}",
    ),
    "demo-leader-city": ("/supervision?tab=instructions",),
    "demo-discipline": ("/supervision", "/search", "/account/second"),
    "demo-auditor": ("/admin/audit",),
    "demo-media": ("/supervision",),
    "demo-admin": (
        "/admin/",
        "/admin/roles/composed",
        "/admin/roles/composed/edit?base=reviewer&base=follow_up",
        "/admin/staff",
        "/admin/staff/new",
        "/admin/staff/1",
        "/admin/roles",
        "/admin/sessions",
        "/admin/city",
        "/admin/city/change?what=text:merged:zh",
        "/admin/units",
        "/admin/units?tab=categories",
        "/admin/calendar",
        "/admin/limits",
        "/admin/texts",
        "/admin/model",
        "/admin/jobs",
        "/admin/messages",
        "/admin/partners",
        "/admin/partners/province",
        "/admin/inbound",
        "/admin/inbound/{inbound}",
        "/admin/tokens",
        "/admin/cells",
        "/admin/cells/hebi",
        "/admin/imports",
        "/admin/imports/{run}",
    ),
}
NO_PAGES = {
    "static",
    "home",
    "operations.healthz",
    "operations.metrics",
    "live.poll",
    "live.stream",
    "drafts.read",
    "files.show",
    "citizen.progress.file",
    "review.begin",
    "desk.calls.show",
    "supervision.telephone",
    "palette.called",
    "nuisance.clues_on_paper",
    "desk.dial.show",
    "dispatch.routing",
    "dispatch.moved",
    "admin.training",
    "admin.import_progress",
    "admin.former_address",
    "alarms.show",
    "knowledge.import_rejects",
    "knowledge.template",
    "sign_on.begin",
    "sign_on.back",
    "citizen.heads",
    "citizen.progress.receipt",
    "board.feed",
    "letters.picture",
    "open_figures.table",
    "security_txt.show",
    "citizen.progress.glued",
    "citizen.survey.glued",
    "palette.destinations",
    "palette.letters",
    "palette.tickets",
    "ready.offered",
    "maps.tile",
}
"""Answers that are no page: files, data, parts of a page, doors to another page."""


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize("language", SIZES)
def test_no_page_of_this_person_is_out_of_reach_for_anybody(
    windows: dict[str, Page],
    demo: tuple[Installation, Flask, str],
    numbers: dict[str, str],
    own_words: str,
    login: str,
    language: str,
) -> None:
    page = windows[language]
    sign_in(page, demo, login, language, numbers["closed"])
    wrong = {
        path: found for path in PAGES[login] if (found := wrong_with(page, path.format(**numbers), language, own_words))
    }
    assert wrong == {}


@pytest.mark.pictures
@pytest.mark.parametrize("login", PAGES)
def test_every_page_stands_well_in_every_window(
    windows: dict[str, Page], demo: tuple[Installation, Flask, str], numbers: dict[str, str], login: str
) -> None:
    """Three sizes, light and dark; the pictures lie on sheets under build/screenshots/looks."""
    folder = SCREENSHOTS / "looks"
    folder.mkdir(parents=True, exist_ok=True)
    page = windows["zh"]
    sign_in(page, demo, login, "zh", numbers["closed"])
    wrong = {}
    for path in PAGES[login]:
        open_page(page, path.format(**numbers))
        if found := keep_looks(page, f"{login}-{path}", folder):
            wrong[path] = found
    list(sheets(folder, {"1440": 4, "1280": 4, "390": 8}))
    assert wrong == {}


def _endpoint(app: Flask, address: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(address)[0])
    except RequestRedirect:
        return _endpoint(app, address + "/")
    except NotFound:
        return ""


def test_no_page_is_left_out(demo: tuple[Installation, Flask, str], numbers: dict[str, str]) -> None:
    app = demo[1]
    looked_at = {_endpoint(app, path.format(**numbers).split("?")[0]) for paths in PAGES.values() for path in paths}
    asked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not re.match(r"/(api|open311|webhooks)\b", rule.rule)
    }
    assert asked - looked_at == NO_PAGES
