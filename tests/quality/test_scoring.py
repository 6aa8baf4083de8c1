"""A sheet knows what its answers are worth, and a city's file says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.city.mistakes import Notebook
from hotline.city.quality.read import read_quality
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.quality.scoring import checked, score

SHEET = {
    "pass_mark": 80,
    "questions": [
        {"code": "title", "points": 10, "fatal": False, "na": False},
        {"code": "place", "points": 30, "fatal": False, "na": True},
        {"code": "faithful", "points": 10, "fatal": True, "na": False},
    ],
}


def test_points_are_shares_of_what_applies() -> None:
    assert score(SHEET, {"title": "yes", "place": "yes", "faithful": "yes"}) == (100.0, False)
    assert score(SHEET, {"title": "partly", "place": "no", "faithful": "yes"}) == (30.0, False)
    assert score(SHEET, {"title": "partly", "place": "na", "faithful": "yes"}) == (75.0, False)


def test_a_fatal_no_makes_the_whole_sheet_nothing() -> None:
    assert score(SHEET, {"title": "yes", "place": "yes", "faithful": "no"}) == (0.0, True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "yes", "place": "yes"}, "faithful"),
        ({"title": "na", "place": "na", "faithful": "yes"}, "title"),
        ({"title": "yes", "place": "na", "faithful": "partly"}, "faithful"),
        ({"title": "perhaps", "place": "na", "faithful": "yes"}, "title"),
    ],
)
def test_every_question_wants_an_answer_that_it_allows(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked(SHEET, wrong)
    assert list(refused.value.problems) == [field]


def test_the_model_city_scores_all_nine_sides_of_the_work(city: City) -> None:
    aspects = {one.aspect for sheet in city.quality.sheets.values() for one in sheet.questions}
    assert aspects == {"manner", "record", "category", "unit", "urgency", "place", "dispatch", "reply", "follow_up"}
    assert {plan.draw for plan in city.quality.plans} == {"random", "agent", "risk", "all"}


def test_what_is_wrong_in_the_file_is_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "quality.yaml").write_text(
        """
sheets:
  - code: one
    name: 一
    name_en: One
    about: agent
    questions:
      - {code: a, aspect: manner, question: 问, question_en: Q, points: 5, na: yes}
      - {code: a, aspect: colour, question: 问, question_en: Q, points: -1}
plans:
  - {code: p, name: 抽, name_en: P, sheet: two, draw: random, most: 0, readers: 3, categories: [x]}
""",
        "utf-8",
    )
    notebook = Notebook()
    read_quality(tmp_path, {"0101"}, notebook)
    told = [(one.line, one.sentence) for one in notebook.sorted()]
    assert [line for line, _sentence in told] == [7, 9, 9, 9, 11, 11, 11, 11]
    assert any("“two”" in sentence for _line, sentence in told)
