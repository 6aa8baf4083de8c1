"""The same matter told again in other words, among a hundred thousand tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.category.keywords import KeywordClassifier
from classifier.category.trained import TrainedClassifier
from classifier.suggestion import Suggestion
from hotline.city.loader import load_city
from hotline.triage.active_classifier import keyword_classifier, parents_of
from hotline.triage.blending import blended, share_of_keywords
from tests.bench.classifier.ground import say
from tests.bench.classifier.in_the_way import in_the_way
from tests.support import same_matters
from tests.support.cities.new_model import CITY, starter_model


def same() -> None:
    """Five hundred matters told again in other words among a hundred thousand tickets, by the path of the pages; plain: likeness of letters."""
    city = load_city(CITY)
    parents = parents_of(city)
    model, keywords = TrainedClassifier(starter_model(), parents), keyword_classifier(city)
    planted_, hand, plain = same_matters.measure(Blended(model, keywords, parents))
    for whose, found in (("planted", planted_), ("by hand", hand)):
        say(f"the same matter in other words ({whose}), F0.5", plain.f_half, found.f_half, "0.90")
        say("  precision", plain.precision, found.precision, "measure")
        say("  recall", plain.recall, found.recall, "measure")
        say("  recall of any ticket of the matter", "", found.of_any, "measure")
        in_the_way("the recall", lambda found=found: found.missed)  # type: ignore[misc]
        in_the_way("the precision", lambda found=found: found.wrong)  # type: ignore[misc]
    say(
        "  one search among 100,000, median ms (95th percentile)",
        "",
        f"{planted_.ms:.1f} ({planted_.ms_p95:.1f})",
        "60",
    )


@dataclass(frozen=True)
class Blended:
    """What a new installation answers: its starter model and its keywords."""

    model: TrainedClassifier
    keywords: KeywordClassifier
    parents: Mapping[str, str]
    name: str = "starter"

    def suggest(self, text: str) -> Suggestion:
        return blended(self.model.suggest(text), self.keywords.suggest(text), share_of_keywords(0, 1), self.parents)

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        return [self.suggest(text) for text in texts]
