"""A correction teaches, a worse model is refused, an altered file is not opened, and the way back is one call."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.category import store
from classifier.category.seed_corpus import blend
from classifier.category.train import Example, Model, train
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.installation import Installation
from hotline.jobs.schedule import enqueue_nightly
from hotline.outbox import enqueue
from hotline.outbox.runner import drain
from hotline.training.background import learn_and_note
from hotline.training.command import on_own_tickets
from hotline.training.comparison import compare
from hotline.training.examples import own_examples, starter_pairs
from hotline.training.nightly import learn, settle
from hotline.training.progress import alone
from hotline.triage.active_classifier import FELL_BACK, ActiveClassifier, parents_of
from hotline.triage.blending import blended, share_of_keywords
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.propose import consider, propose
from models import Correction, Ticket
from tests.support.life import Life
from tests.support.papers.texts import FOUR, texts

STRANGE = "桥头那排杆子晚上像萤火虫，眼神不好的人要摔。"


def registry(installation: Installation) -> ModelRegistry:
    return ModelRegistry(installation.settings.models)


def bad_model(installation: Installation) -> Model:
    """Taught that everything is the next category."""
    wrong = [Example(text, FOUR[(at + 1) % 4]) for at, code in enumerate(FOUR) for text in texts(code, 40)]
    model = train(wrong)
    model.about.update(own=160, starter="", until="")
    return model


def test_an_installation_without_tickets_learns_from_the_citys_examples(installation: Installation) -> None:
    assert installation.classifier.name == "keywords"
    assert learn(installation).deed == "accepted"
    assert installation.classifier.name.startswith("linear-")
    assert installation.classifier.suggest("物业公司只收费不修电梯").code == "0401"


def test_the_same_material_is_not_learned_twice(installation: Installation) -> None:
    assert learn(installation).deed == "accepted"
    assert learn(installation, forced=True).deed == "unchanged"


def test_a_correction_teaches(installation: Installation, life: Life) -> None:
    learn(installation)
    ticket = life.ticket(words=STRANGE)
    proposal = propose(life.db, life.city, installation.classifier, ticket, life.now)
    wrong = proposal.category_code
    right = next(code for code in ("0701", "1001") if code != wrong)
    life.do(ticket, "du", "dispatch", category=right)
    life.db.commit()
    assert [one.chosen for one in life.db.query(Correction).filter_by(about="category")] == [right]
    assert learn(installation, forced=True).deed == "accepted"
    assert installation.classifier.suggest(f"{ticket.title}\n{ticket.text.body}").code == right


def test_what_the_desk_is_told_changes_without_a_restart(installation: Installation) -> None:
    before = consider(installation.city, installation.classifier, STRANGE).suggestion.model
    learn(installation)
    assert (
        before == "keywords"
        and consider(installation.city, installation.classifier, STRANGE).suggestion.model != before
    )


def test_a_running_process_takes_up_another_model_while_it_goes_on_answering(installation: Installation) -> None:
    classifier = ActiveClassifier(
        installation.classifier.keywords, registry(installation), parents_of(installation.city), glance=0.0
    )  # type: ignore[attr-defined]
    assert classifier.suggest("路灯不亮").model == "keywords"
    learn(installation)
    until = time.monotonic() + 20
    while classifier.suggest("路灯不亮").model == "keywords" and time.monotonic() < until:
        assert classifier.suggest("路灯不亮").code == "0204"
    assert classifier.suggest("路灯不亮").model.startswith("linear-")


def test_a_worse_model_is_refused_with_its_figures_and_kept(installation: Installation, finished: Any) -> None:
    learn(installation)
    present = store.load(installation.settings.models / registry(installation).current().file)  # type: ignore[union-attr]
    judged = [Example(text, code) for code in FOUR for text in texts(code, 10, "乙")]
    candidate = bad_model(installation)
    outcome = settle(
        installation,
        registry(installation),
        candidate,
        present,
        compare(candidate, present, judged, judged),
        "clock",
        at_once=True,
    )
    assert outcome.deed == "refused"
    assert outcome.figures["candidate_accuracy"] < outcome.figures["present_accuracy"]
    assert registry(installation).history()[0].deed == "refused" and registry(installation).record(outcome.file)
    assert installation.classifier.suggest("路灯不亮，晚上看不见路").code == "0204"


def test_a_model_chosen_by_mistake_is_rolled_back(installation: Installation) -> None:
    learn(installation)
    good = registry(installation).current().file  # type: ignore[union-attr]
    bad = store.save(bad_model(installation), installation.settings.models).name
    registry(installation).point(bad, installation.clock.now(), "管", "chosen")
    assert installation.classifier.suggest("路灯不亮，晚上看不见路").code != "0204"
    registry(installation).point(good, installation.clock.now(), "管", "chosen")
    assert installation.classifier.suggest("路灯不亮，晚上看不见路").code == "0204"
    assert [entry.file for entry in registry(installation).history()[:2]] == [good, bad]


@pytest.mark.parametrize("harm", ["bytes", "gone", "record", "pointer"])
def test_a_model_that_was_tampered_with_is_never_opened_and_keywords_answer_visibly(
    installation: Installation, harm: str
) -> None:
    learn(installation)
    path: Path = installation.settings.models / registry(installation).current().file  # type: ignore[union-attr]
    if harm == "bytes":
        path.write_bytes(path.read_bytes()[:-1])
    elif harm == "gone":
        path.unlink()
    elif harm == "record":
        path.with_suffix(".json").write_text(json.dumps({"format": 1, "sha256": "0" * 64}))
    else:
        (installation.settings.models / "current.json").write_text("{")
    again = ActiveClassifier(installation.classifier.keywords, registry(installation), {}, at_once=True)  # type: ignore[attr-defined]
    assert again.suggest("路灯不亮").model == FELL_BACK and again.trouble
    assert again.suggest("路灯不亮").code == "0204"


def test_a_file_that_was_altered_cannot_be_chosen(installation: Installation) -> None:
    learn(installation)
    file = registry(installation).current().file  # type: ignore[union-attr]
    (installation.settings.models / file).write_bytes(b"x")
    for name in (file, "../../etc/passwd", "nothing.joblib"):
        with pytest.raises(NotFound):
            registry(installation).point(name, installation.clock.now(), "管", "chosen")


def test_the_newest_fifth_is_held_back_for_the_comparison(installation: Installation, finished: Any) -> None:
    learn(installation)
    finished(120)
    outcome = learn(installation)
    assert outcome.deed == "shadow"
    assert outcome.figures["judged"] == 24 and outcome.figures["fresh"] == 24
    assert outcome.figures["candidate_accuracy"] >= outcome.figures["present_accuracy"] - 0.005


def test_no_score_sends_a_ticket_before_there_are_three_hundred_own_examples(installation: Installation) -> None:
    assert installation.classifier.acts_from(0.9) is None  # type: ignore[attr-defined]
    learn(installation)
    assert installation.classifier.acts_from(0.9) is None  # type: ignore[attr-defined]
    few, enough = (train([Example(text, code) for code in FOUR for text in texts(code, 40)]) for _ in range(2))
    few.about.update(own=299)
    enough.about.update(own=300)
    for model, acts in ((few, False), (enough, True)):
        registry(installation).point(
            store.save(model, installation.settings.models).name, installation.clock.now(), "管", "chosen"
        )
        assert (installation.classifier.acts_from(0.9) is not None) is acts  # type: ignore[attr-defined]


def test_sealed_tickets_teach_nothing_and_unfinished_ones_only_when_corrected(
    installation: Installation, life: Life, finished: Any
) -> None:
    tickets: list[Ticket] = finished(4)
    tickets[0].privacy, tickets[1].state = "sealed", "handling"
    life.db.commit()
    lessons = own_examples(life.db, frozenset(life.city.categories))
    assert sorted(one.example.label for one in lessons) == sorted(t.category_code for t in tickets[2:])  # type: ignore[type-var]


def test_two_trainings_never_run_at_once(installation: Installation) -> None:
    with alone(registry(installation)), pytest.raises(OutOfTurn):
        learn(installation)


def test_the_nightly_promise_is_made_once_and_a_failure_is_written_down(installation: Installation) -> None:
    now = installation.clock.now()
    enqueue_nightly(installation, now)
    enqueue_nightly(installation, now + timedelta(hours=1))
    with installation.sessions() as db:
        enqueue(db, "learn", key="learn:again", now=now, by="管", forced=True)
        db.commit()
    with alone(registry(installation)):
        assert drain(installation) == 2
    assert [entry.deed for entry in registry(installation).history()] == ["failed", "failed"]
    with installation.sessions() as db:
        enqueue(db, "learn", key="learn:third", now=now)
        db.commit()
    assert drain(installation) == 1
    assert registry(installation).history()[0].deed == "accepted"


def test_what_nobody_foresaw_stands_in_the_history_too(installation: Installation) -> None:
    def breaks(step: str, share: float) -> None:
        raise RuntimeError("进度写到一半断了")

    with pytest.raises(Refusal, match="RuntimeError: 进度写到一半断了"):
        on_own_tickets(installation, "clock", False, breaks)
    learn(installation)
    registry(installation).write("current.json", {**registry(installation).read("current.json"), "fresh": 7})
    assert learn_and_note(installation, "clock", False) == "failed"
    assert [
        (entry.deed, entry.by, entry.figures.get("why", "").split(":")[0]) for entry in registry(installation).history()
    ] == [("failed", "clock", "TypeError"), ("accepted", "clock", ""), ("failed", "clock", "RuntimeError")]


def test_the_starter_is_read_from_the_citys_folder(small_city: Path) -> None:
    pairs = starter_pairs(small_city)
    assert len(pairs) == 96 and {code for _text, code in pairs} == set(FOUR)
    assert starter_pairs(small_city / "nowhere") == []
    assert all(one.prior for one in blend(pairs, []))


def test_keywords_have_a_say_that_fades_with_own_examples(installation: Installation) -> None:
    learn(installation)
    model = installation.classifier._taken.classifier.suggest("公交车不来")  # type: ignore[attr-defined]
    words = installation.classifier.keywords.suggest("欠薪")  # type: ignore[attr-defined]
    both = blended(model, words, share_of_keywords(0, 300), {})
    before, now = ({one.code: one.p for one in said.ranked} for said in (model, both))
    assert now["0701"] > 0 and now["1001"] > before.get("1001", 0)
    assert abs(sum(one.p for one in both.ranked)) <= 1
    assert blended(model, words, share_of_keywords(300, 300), {}) is model
    assert share_of_keywords(0, 300) > share_of_keywords(150, 300) > share_of_keywords(299, 300) > 0
