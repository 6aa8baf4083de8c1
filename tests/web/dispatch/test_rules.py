"""The page of overridden rules: how often, where to, and the change as a diff for the city's file (U21)."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import propose
from tests.support.life import Life

Browse = Callable[..., FlaskClient]


def test_the_page_shows_how_often_and_the_change_as_a_diff_for_the_citys_file(life: Life, browse: Browse) -> None:
    for n in range(4):
        ticket = life.ticket(phone=f"1380000{n:04d}", words="文峰大道上的路灯不亮，请修理。", area="wenfeng")
        rule = propose(life.db, life.city, keyword_classifier(life.city), ticket, life.now).rule_id
        life.do(ticket, "du", "dispatch", unit="housing", helpers=[])
    life.db.commit()
    page = browse(life.staff["du"]).get("/dispatch/rules").text
    assert f'id="rule-{rule}"' in page and "4 次改派 / 4 次派单" in page
    told = re.sub(r"<[^>]+>", "", page.split('class="rule-diff"')[1].split("</pre>")[0])
    assert "+    lead: unit:housing" in told and "--- a/dispatch.yaml" in told
    assert browse(life.staff["an"]).get("/dispatch/rules").status_code == 403


def test_where_nobody_disagrees_the_page_says_so(life: Life, browse: Browse) -> None:
    assert "没有规则被改派过" in browse(life.staff["du2"]).get("/dispatch/rules").text
