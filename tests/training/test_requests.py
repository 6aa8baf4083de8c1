"""Request types and urgency are learned from the city's sentences and from what dispatchers decided, and seen to be so."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from classifier.card import card
from classifier.category.pipeline import features_of_clean
from classifier.request_type.model import RequestModel
from classifier.request_type.training import LabelledRequest, measure_requests, train_requests
from classifier.suggestion import URGENCIES
from classifier.text.cue_reading import hear
from classifier.text.words import normalise
from hotline.installation import Installation
from hotline.training.command import on_file
from hotline.training.examples import own_requests, starter_requests, starter_rows
from hotline.training.labelled_files import Columns, cross_validated, requests_in, train_and_test
from hotline.training.nightly import learn
from hotline.triage.active_classifier import FELL_BACK, ActiveClassifier
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.propose import propose
from models import Correction
from tests.support.life import Life
from tests.support.papers.texts import FOUR, texts

ROOT = Path(__file__).parents[2]
CITY = ROOT / "hotline" / "city" / "anyang"
UNSEEN = ROOT / "tests" / "training" / "fresh_requests.tsv"
PLACES = ROOT / "tests" / "training" / "places.tsv"
MOST_ALIKE = 0.35
PLAIN = "隔壁院里老哥每天清早把俺门口的雪也给铲了"


def unseen() -> list[LabelledRequest]:
    rows = [line.split("\t") for line in UNSEEN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [LabelledRequest(text, kind, urgency) for kind, urgency, text in rows]


@pytest.fixture(scope="module")
def taught() -> RequestModel:
    found = train_requests(starter_requests(CITY))
    assert found is not None
    return found


@pytest.fixture
def schooled(installation: Installation, small_city: Path) -> Installation:
    """The installation with the city's sentences beside its few examples."""
    shutil.copy(CITY / "examples" / "requests.tsv", small_city / "examples" / "requests.tsv")
    learn(installation)
    return installation


def test_sentences_it_never_saw_are_understood_far_better_than_by_cue_words(taught: RequestModel) -> None:
    found = measure_requests(taught, unseen())["request_type"]
    assert found["accuracy"] >= 0.84 and found["macro_f1"] >= 0.84
    assert found["accuracy"] > found["cues_accuracy"] + 0.3
    assert min(one["f1"] for one in found["per_class"]) >= 0.75


def test_urgency_is_heard_better_than_by_cue_words_and_calm_talk_of_danger_no_worse(taught: RequestModel) -> None:
    found = measure_requests(taught, unseen())["urgency"]
    assert found["macro_f1"] >= 0.63 and found["macro_f1"] > found["cues_macro_f1"]
    assert found["accuracy"] >= found["cues_accuracy"]


def test_a_plain_matter_at_a_dangerous_place_keeps_its_day_and_danger_there_is_heard(taught: RequestModel) -> None:
    rows = [line.split("\t") for line in PLACES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    clean = [normalise(text) for _, text in rows]
    told = taught.hear(clean, [features_of_clean(one) for one in clean])
    raised = [text for (want, text), one in zip(rows, told, strict=True) if want == "normal" != one.urgency]
    missed = [text for (want, text), one in zip(rows, told, strict=True) if want != "normal" == one.urgency]
    assert len(rows) == 200 and len(raised) <= 4 and len(missed) <= 1, (raised, missed)
    rung = [text for (want, text), one in zip(rows, told, strict=True) if want == "normal" and one.safety]
    assert rung == []


def test_no_sentence_loses_the_urgency_that_a_cue_gave_it(taught: RequestModel) -> None:
    all_texts = [one.text for one in unseen()] + [row[3] for row in starter_rows(CITY)][::5]
    clean = [normalise(text) for text in all_texts]
    told = taught.hear(clean, [features_of_clean(one) for one in clean])
    for text, one, cued in zip(all_texts, told, map(hear, clean), strict=True):
        assert URGENCIES.index(one.urgency) >= URGENCIES.index(cued.urgency), text
        assert one.safety == cued.safety, text


def test_the_tests_sentences_were_not_taught() -> None:
    lessons = [_pairs(one.text) for one in starter_requests(CITY)]
    for one in unseen():
        asked = _pairs(one.text)
        assert max(len(asked & lesson) / len(asked | lesson) for lesson in lessons) < MOST_ALIKE, one.text


def test_every_sentence_is_readable_and_each_kind_is_there_in_plenty() -> None:
    path = CITY / "examples" / "requests.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(len(row) == 3 and row[2] == row[2].strip() != "" for row in rows)
    assert len({row[2] for row in rows}) == len(rows) >= 1_000
    assert not [row[2] for row in rows if re.search(r"\d{7,}", row[2])]
    for kind in ("consult", "help", "complaint", "report", "suggestion", "praise"):
        assert sum(row[0] == kind for row in rows) >= 120
    assert min(sum(row[1] == level for row in rows) for level in URGENCIES) >= 100


def test_an_installation_hears_with_the_model_it_trained_and_says_how_well(schooled: Installation) -> None:
    said = schooled.classifier.suggest("孩子们都说新来的校医好，耐心又细致，给她竖个大拇指")
    assert said.request_type == "praise" and said.model.startswith("linear-")
    registry = ModelRegistry(schooled.settings.models)
    about = registry.record(registry.current().file)["about"]["requests"]  # type: ignore[union-attr]
    assert about["request_type"]["accuracy"] > about["request_type"]["cues_accuracy"] + 0.2
    assert learn(schooled, forced=True).deed == "unchanged"


def test_where_the_categories_are_not_known_the_model_still_hears_what_is_wanted(schooled: Installation) -> None:
    text = "量子纠缠蒸发得真好，夸夸俺们的好老师，心里热乎"
    assert schooled.classifier.suggest(text).request_type == "praise"


def test_a_dispatchers_choice_of_type_and_urgency_teaches(schooled: Installation, life: Life) -> None:
    ticket = life.ticket(words=PLAIN)
    before = propose(life.db, life.city, schooled.classifier, ticket, life.now)
    kind = "report" if before.request_type != "report" else "suggestion"
    life.do(ticket, "du", "dispatch", request_type=kind, urgency="urgent")
    life.db.commit()
    assert {one.about for one in life.db.query(Correction)} >= {"request_type", "urgency"}
    assert learn(schooled, forced=True).deed == "accepted"
    told = schooled.classifier.suggest(f"{ticket.title}\n{ticket.text.body}")
    assert (told.request_type, told.urgency) == (kind, "urgent")


def test_only_what_a_person_saw_and_nobody_sealed_teaches(life: Life) -> None:
    by_hand, by_clock, sealed, _unfinished = (
        life.ticket(phone=f"1380000000{n}", words=words) for n, words in enumerate(texts("0204", 4))
    )
    for ticket in (by_hand, by_clock, sealed):
        ticket.state, ticket.dispatched_at, ticket.closed_at = "closed", life.now, life.now
    by_clock.auto_dispatched, sealed.privacy = True, "sealed"
    life.db.commit()
    assert [one.text.split("\n")[-1] for one in own_requests(life.db)] == [by_hand.text.body]
    life.db.add(Correction(ticket_id=by_clock.id, at=life.now, about="urgency", source="correct", chosen="urgent"))
    life.db.commit()
    assert [one.weight for one in own_requests(life.db)] == [1.0, 4.0]


def test_a_damaged_model_leaves_type_and_urgency_to_the_cues_visibly(schooled: Installation) -> None:
    path = schooled.settings.models / ModelRegistry(schooled.settings.models).current().file  # type: ignore[union-attr]
    path.write_bytes(path.read_bytes()[:-1])
    again = ActiveClassifier(schooled.classifier.keywords, ModelRegistry(schooled.settings.models), {}, at_once=True)  # type: ignore[attr-defined]
    said = again.suggest(PLAIN)
    assert said.model == FELL_BACK and again.trouble
    assert said.request_types == hear(normalise(PLAIN)).request_types


def test_a_city_without_sentences_hears_by_the_cues(installation: Installation) -> None:
    learn(installation)
    assert installation.classifier.suggest(PLAIN).request_types == hear(normalise(PLAIN)).request_types
    registry = ModelRegistry(installation.settings.models)
    assert "request_type" not in registry.record(registry.current().file)["about"]["requests"]  # type: ignore[union-attr]


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A file of categories that tells request types and urgency too, as codes and as Chinese words."""
    ways = (("help", "一般", "劳驾给修修"), ("表扬", "normal", "修得真漂亮，好师傅"), ("咨询", "紧急", "修它贵不贵呢"))
    rows = [
        {"text": f"{text}{way}", "label": code, "request_type": kind, "urgency": urgency}
        for code in FOUR
        for n, text in enumerate(texts(code, 24))
        for kind, urgency, way in (ways[n % 3],)
    ]
    path = tmp_path / "told.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_file_that_tells_request_types_is_measured_on_them(told: Path, small_city: Path) -> None:
    read = requests_in(told, Columns())
    assert {one.request_type for one in read} == {"help", "praise", "consult"} and {one.urgency for one in read} == {
        "normal",
        "urgent",
    }
    found = cross_validated(told, Columns(), 7, _quiet)
    assert {one["label"] for one in found["request_type"]["per_class"]} == {"help", "praise", "consult"}
    apart = train_and_test([told], told, Columns(), 7, _quiet)
    assert apart["request_type"]["n"] == 96 and apart["urgency"]["accuracy"] > 0.9
    trained = on_file(told, Columns(), small_city / "models", 7, True, _quiet, small_city)
    written = Path(trained["card"]).read_text(encoding="utf-8")
    assert "## Request type" in written and "| praise |" in written and card(found).count("## Urgency") == 1


def test_a_file_without_those_columns_is_measured_as_before(tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"text": text, "label": code}, ensure_ascii=False) for code in FOUR for text in texts(code, 12)
        ),
        encoding="utf-8",
    )
    assert "request_type" not in cross_validated(path, Columns(), 7, _quiet)


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"\W", "", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)} or {bare}


def _quiet(step: str, share: float) -> Any:
    return None
