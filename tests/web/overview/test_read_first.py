"""The overview is written for people who lead: what is wrong stands first in sentences, and how it is counted stands behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask.testing import FlaskClient

from hotline.metrics.rates import Rate, interval
from hotline.web.overview.comparison import Change, change
from hotline.web.overview.figures import percent
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]


def rate(n: int, of: int, key: str = "on_time") -> Rate:
    parts: Mapping[str, int] = {"hit": n, "partly": 0, "miss": of - n}
    return Rate(key, key, n / of, n, of, 0, (), interval(n, of), of < 30, "–", dict(parts), None, "1")


def test_the_overview_opens_with_three_sentences_at_most_each_leading_to_what_it_speaks_of(
    life: Life, browse: Browse
) -> None:
    """The overview was written for statisticians: nothing on it said what is wrong. Found at the desks: U17."""
    life.to("handling")
    for n in range(35):
        life.ticket(phone=f"1380000{n:04d}")
    life.clock.forward(days=29)
    life.db.commit()
    page = browse(life.staff["tou"]).get("/overview/?period=30d").text
    first = page.partition('class="look-first"')[2].partition("</ul>")[0]
    sentences = re.findall(r'<a href="(/overview/tickets[^"]+)">([^<]+)</a>', first)
    assert 1 <= len(sentences) <= 3
    assert re.fullmatch(r"1 件在办工单已经超期，最长已超 \d+ 天", sentences[0][1])
    assert "metric=open_late" in sentences[0][0]
    assert any("直接办结率" in text for _href, text in sentences)
    assert page.index("look-first") < page.index('class="tiles"')


def test_a_tile_says_its_figure_and_keeps_the_interval_behind_how_it_is_counted(life: Life, browse: Browse) -> None:
    for n in range(31):
        life.do(life.ticket(phone=f"1380000{n:04d}"), "an", "answer_directly")
    life.clock.forward(hours=1)
    life.db.commit()
    page = browse(life.staff["tou"]).get("/overview/?period=7d").text
    tile = next(one for one in page.split('<div class="stat ') if "直接办结率" in one)
    seen, _mark, folded = tile.partition("<details")
    assert "100.0%" in seen and "95%" not in seen and "31" not in seen
    assert "怎么算的" in folded and "95% 区间" in folded and "分母 31" in folded
    assert '快慢与时限 <small class="num">7 天' in page, "the heading says the period it speaks of"


def test_a_quiet_city_says_that_there_is_nothing_to_look_at(life: Life, browse: Browse) -> None:
    assert "看不出什么" in browse(life.staff["tou"]).get("/overview/").text


def test_a_change_is_good_or_bad_only_when_it_is_no_chance() -> None:
    assert change(rate(99, 100), rate(80, 100)) == Change("19.0 个百分点", "up", "good")
    assert change(rate(80, 100), rate(99, 100)) == Change("19.0 个百分点", "down", "bad")
    assert change(rate(20, 100, "redo"), rate(1, 100, "redo")) == Change("19.0 个百分点", "up", "bad")
    assert change(rate(81, 100), rate(80, 100)) == Change("1.0 个百分点", "up", "plain")
    assert change(rate(80, 100), rate(80, 100)) == Change("持平", "same", "plain")
    assert change(rate(9, 10), rate(80, 100)) is None and change(rate(80, 100), None) is None


def test_what_is_not_everything_is_never_rounded_up_to_everything() -> None:
    assert [percent(one) for one in (1.0, 0.9997, 0.5, 0.0004, 0.0, None)] == [
        "100.0%",
        "99.9%",
        "50.0%",
        "0.1%",
        "0.0%",
        "—",
    ]


def test_everybody_reads_the_own_work_and_whoever_leads_a_desk_all_of_it(life: Life, browse: Browse) -> None:
    life.to("to_follow_up")
    life.clock.forward(hours=1)
    life.db.commit()
    names = {login: person.name for login, person in life.staff.items()}

    def lines(login: str, desk: str = "") -> list[str]:
        page = browse(life.staff[login]).get(f"/overview/people?period=7d&desk={desk}").text
        return re.findall(r'<th scope="row">([^< ]+)', page)

    assert lines("ren") == [names["ren"]], "a reviewer reads the own line alone"
    assert set(lines("tou", "reviewers")) == {names["ren"]}
    assert {names["he"], names["hejt"]} == set(lines("hejt")), "a unit's leader the own people, no other unit's"
    assert lines("he") == [names["he"]]
    assert set(lines("班")) >= {names["an"], names["班"]}
    assert lines("班", "reviewers") == lines("班"), "a desk that is not theirs is not shown"
    assert browse(life.staff["shi"]).get("/overview/people").status_code == 404


def test_a_unit_is_found_by_typing_its_name(life: Life, browse: Browse) -> None:
    """A plain select of 431 options found nothing that was typed. Found at the desks: U18."""
    head = browse(life.staff["tou"])
    page = head.get("/overview/?unit=市城市管理局&period=7d").text
    field = re.search(r'<input[^>]*id="f-unit"[^>]*>', page)
    assert field and 'list="f-unit-list"' in field[0] and 'value="市城市管理局"' in field[0]
    assert "没有找到单位“不存在的局”" in head.get("/overview/?unit=不存在的局").text
