"""Every invented caller can be served rightly, and each wrong turn costs what the key says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hotline.city.practice.schema import ITEMS, Matter, Script
from hotline.city.schema import City
from hotline.practice import scripts, talking
from hotline.practice.scoring import Filed, Result, score
from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import Given, consider


def all_said(city: City, script: Script) -> list[dict[str, Any]]:
    """A call in which every question of the key was put, the first one first."""
    said = talking.opened(script)
    codes = [script.first, *script.key.asks] if script.first else list(script.key.asks)
    for code in dict.fromkeys(codes):
        said += talking.put(script, city.practice.questions[code], said).written()
    return said


def rightly_filed(city: City, script: Script, matter: Matter) -> Filed:
    """The form as somebody fills it in who does everything right, with the unit that the city's own rules then name."""
    place = " ".join(matter.place)
    body = f"{script.name}。{'，'.join(one.any[0] for one in matter.facts)}。{place}"
    category = matter.categories[0] if matter.categories else ""
    given = Given(place_text=place, category=category or None, area=matter.area or None)
    triage = consider(city, keyword_classifier(city), body, given)
    typed = {"body": body, "title": "一件诉求", "place": place, "privacy": (matter.privacy or ("masked",))[0]}
    return Filed(
        typed,
        category,
        triage.unit or "",
        (matter.urgency or ("normal",))[0],
        matter.area,
        (matter.types or ("help",))[0],
    )


def rightly_done(city: City, script: Script) -> Result:
    end = script.key.ends[0]
    filed = [] if end == "none" else [rightly_filed(city, script, one) for one in script.key.matters]
    return scored(city, script, end, script.key.to, all_said(city, script), filed)


def scored(city: City, script: Script, done: str, to: str, said: list[dict[str, Any]], filed: list[Filed]) -> Result:
    rules = city.practice
    return score(script, done, to, said, filed, rules.points, rules.pass_mark)


def failed(result: Result) -> set[tuple[str, str]]:
    return {(one.item, one.what) for one in result.scores if not one.ok}


def test_the_model_city_has_sixty_callers_with_traps_of_every_kind(anyang: City) -> None:
    rules = anyang.practice
    assert len(rules.scripts) >= 60
    assert all(rules.of_kind(kind) for kind in rules.kinds)
    assert set(rules.points) == set(ITEMS)
    assert len({one.says for one in rules.scripts.values()}) == len(rules.scripts)


def test_every_caller_can_be_served_without_losing_a_point(anyang: City) -> None:
    """Else a newcomer would learn what the city's own catalogue contradicts."""
    for script in anyang.practice.scripts.values():
        result = rightly_done(anyang, script)
        assert (failed(result), result.points, result.passed) == (set(), 100.0, True), script.code


def test_what_must_be_written_is_told_by_the_caller_when_asked(anyang: City) -> None:
    """Every fact of a key is in the mouth of its caller, or the advice says where it is found."""
    for script in anyang.practice.scripts.values():
        told = " ".join([script.says, script.name, *script.answers.values(), *(one.say for one in script.specials)])
        lacking = [
            one.what
            for matter in script.key.matters
            for one in matter.facts
            if not any(word in told or word in script.advice for word in one.any)
        ]
        assert not lacking, f"{script.code}: {lacking}"


def test_nobody_can_pass_by_doing_nothing(anyang: City) -> None:
    for script in anyang.practice.scripts.values():
        if "none" not in script.key.ends:
            result = scored(anyang, script, "none", "", talking.opened(script), [])
            assert not result.passed, script.code


def test_danger_that_is_not_put_through_fails_whatever_the_points(anyang: City) -> None:
    script = anyang.practice.scripts["gas-smell"]
    filed = [rightly_filed(anyang, script, script.key.matters[0])]
    said = all_said(anyang, script)
    assert not scored(anyang, script, "submit", "", said, filed).passed
    assert not scored(anyang, script, "transfer", "122", said, filed).passed
    assert scored(anyang, script, "transfer", "119", said, filed).passed


def test_words_that_must_never_be_said_fail_the_run(anyang: City) -> None:
    script = anyang.practice.scripts["pressure-who"]
    filed = [rightly_filed(anyang, script, script.key.matters[0])]
    said = all_said(anyang, script)
    slip = talking.typed(script, anyang.practice, "是您邻居打的电话", said).written()
    result = scored(anyang, script, "submit", "", [*said, *slip], filed)
    assert not result.passed
    assert [one.got for one in result.scores if one.item == "never"] == ["您邻居"]


def test_the_title_may_not_give_the_informant_away(anyang: City) -> None:
    script = anyang.practice.scripts["secret-kitchen"]
    right = rightly_filed(anyang, script, script.key.matters[0])
    open_title = replace(right, typed={**right.typed, "title": "员工举报后厨用过期肉"})
    masked = replace(right, typed={**right.typed, "privacy": "masked"})
    said = all_said(anyang, script)
    assert scored(anyang, script, "submit", "", said, [right]).passed
    assert not scored(anyang, script, "submit", "", said, [open_title]).passed
    assert not scored(anyang, script, "submit", "", said, [masked]).passed


def test_two_matters_in_one_ticket_lose_the_split_and_the_second_matter(anyang: City) -> None:
    script = anyang.practice.scripts["two-heat-dog"]
    first, second = (rightly_filed(anyang, script, one) for one in script.key.matters)
    said = all_said(anyang, script)
    one = scored(anyang, script, "submit", "", said, [first])
    assert not one.passed
    assert ("split", "") in failed(one)
    assert scored(anyang, script, "submit", "", said, [second, first]).points == 100.0


def test_one_matter_made_two_is_told_as_well(anyang: City) -> None:
    script = anyang.practice.scripts["two-one"]
    right = rightly_filed(anyang, script, script.key.matters[0])
    result = scored(anyang, script, "submit", "", all_said(anyang, script), [right, right])
    assert failed(result) == {("split", "")}


@pytest.mark.parametrize(
    ("typed", "asked"), [("您在哪条路？", "where"), ("有人受伤吗", "hurt"), ("需要为您保密吗", "secret")]
)
def test_a_question_in_own_words_is_known_by_its_words(anyang: City, typed: str, asked: str) -> None:
    turn = talking.typed(anyang.practice.scripts["secret-waste"], anyang.practice, typed, [])
    assert turn.ask == (asked,)
    assert turn.say == anyang.practice.scripts["secret-waste"].answers.get(
        asked, anyang.practice.questions[asked].unknown
    )


def test_an_angry_caller_answers_nothing_before_they_are_heard(anyang: City) -> None:
    script, questions = anyang.practice.scripts["angry-redo"], anyang.practice.questions
    said = talking.opened(script)
    before = talking.put(script, questions["where"], said)
    assert before.say == script.until
    said += before.written()
    said += talking.put(script, questions["calm"], said).written()
    assert talking.put(script, questions["where"], said).say == script.answers["where"]


def test_words_that_ask_nothing_puzzle_the_caller(anyang: City) -> None:
    script = anyang.practice.scripts["lamp-dark"]
    assert talking.typed(script, anyang.practice, "今天天气不错", []).say == anyang.practice.puzzled


def test_a_run_keeps_the_script_as_it_was(anyang: City) -> None:
    for script in anyang.practice.scripts.values():
        assert scripts.read(scripts.written(script)) == script
