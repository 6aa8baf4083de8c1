"""For which reasons a number is marked, and for how long, is the city's; the file says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from hotline.city.mistakes import Notebook
from hotline.city.nuisance.read import read_nuisance
from hotline.city.schema import City


def test_the_model_city_marks_for_days_and_suggests_a_sentence(city: City) -> None:
    assert city.nuisance.reasons and all(1 <= one.days <= 180 for one in city.nuisance.reasons.values())
    assert city.nuisance.ready_word in {one.code for one in city.ready.words}
    assert 0 < city.nuisance.wait_minutes <= 10


def test_every_mistake_is_named(tmp_path: Path) -> None:
    (tmp_path / "nuisance.yaml").write_text(
        "wait_minutes: 60\nready_word: nothing\nreasons:\n"
        "  - {code: a, name: 甲, name_en: A, days: 0}\n  - {code: a, name: 乙, name_en: B, days: 999}\n",
        "utf-8",
    )
    notebook = Notebook()
    read_nuisance(tmp_path, ["in-nuisance"], notebook)
    told = [str(one) for one in notebook.sorted()]
    assert len(told) == 5
    for part in ("wait_minutes", "nothing", "“a”重复", "days"):
        assert any(part in one for one in told)


def test_a_city_without_the_file_marks_nobody(tmp_path: Path) -> None:
    assert not read_nuisance(tmp_path, (), Notebook()).reasons
