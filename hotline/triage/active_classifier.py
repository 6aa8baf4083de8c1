"""The classifier this installation answers with: the chosen model when it is sound, the city's keywords otherwise.

Another model is taken up without a restart: a glance at the pointer file every few seconds, loading in a thread of
its own while the former model goes on answering, then one assignment.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import threading
import time
import zlib
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from classifier.category.keywords import KeywordClassifier
from classifier.suggestion import Classifier, Suggestion
from classifier.text.words import load_words
from hotline.city.schema import City
from hotline.i18n import N_
from hotline.settings import Settings
from hotline.triage.blending import asking_as, blended, share_of_keywords
from hotline.triage.model_registry import ModelRegistry, Pointer, Stamp

if TYPE_CHECKING:
    from classifier.category.conformal import Floor

log = logging.getLogger(__name__)
GLANCE = 3.0
"""Seconds between two looks at the pointer file."""

PATIENCE = 4.0
"""Seconds the first question of a process waits for its model; then the keywords answer until it is there."""

OWN_TO_ACT = 300
"""With fewer own examples no score lets a ticket go out by itself."""

OF_ANOTHER_PROGRAM = (
    ImportError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    EOFError,
    MemoryError,
    UnpicklingError,
    zlib.error,
)
"""What reading a file can raise that was written by an older or newer version."""

FELL_BACK = "keywords (model unfit)"
TROUBLES = {
    "missing": N_("模型文件或记录缺失"),
    "altered": N_("模型文件被改动过"),
    "unfit": N_("模型文件不能用于这个版本的程序"),
}


@dataclass(frozen=True)
class Taken:
    """What answers at this moment. trouble: a key of TROUBLES when a model was chosen and could not be taken up.

    fresh: level → the thresholds chosen on its latest answers, where there were enough of them; "unit" → the floors of its sets.
    """

    classifier: Classifier
    file: str = ""
    model: Any = None
    trouble: str = ""
    fresh: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


class ActiveClassifier:
    """Speaks like every classifier. The keywords have a say while own examples are few, and where the model knows nothing."""

    def __init__(
        self,
        keywords: KeywordClassifier,
        registry: ModelRegistry,
        parents: Mapping[str, str],
        *,
        at_once: bool = False,
        glance: float = GLANCE,
    ):
        """parents: every category of the city and its parent. at_once: look before each answer and wait for the loading (tests)."""
        self.keywords, self.registry, self._parents, self._at_once, self._glance = (
            keywords,
            registry,
            parents,
            at_once,
            glance,
        )
        self._taken = Taken(keywords)
        self._stamp: Stamp = None
        self._looked = float("-inf")
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        return self._now().classifier.name

    @property
    def trouble(self) -> str:
        """Why keywords answer although a model was chosen; empty when all is well."""
        return self._now().trouble

    @property
    def file(self) -> str:
        """The file of the model that answers; empty while keywords do."""
        return self._now().file

    def suggest(self, text: str) -> Suggestion:
        taken = self._now()
        return taken.classifier.suggest(text) if taken.model is None else self._with_keywords(taken, [text])[0]

    def suggest_many(self, texts: Sequence[str]) -> list[Suggestion]:
        taken = self._now()
        return taken.classifier.suggest_many(texts) if taken.model is None else self._with_keywords(taken, texts)

    def _with_keywords(self, taken: Taken, texts: Sequence[str]) -> list[Suggestion]:
        """The model's answers; the keywords are asked only where they have a say."""
        share = share_of_keywords(int(taken.model.about.get("own", 0)), OWN_TO_ACT)
        told = taken.classifier.suggest_many(texts)
        asked = [at for at, said in enumerate(told) if share or not said.known]
        for at, spoken in zip(asked, self.keywords.suggest_many([texts[at] for at in asked]), strict=True):
            said = told[at]
            told[at] = blended(said, spoken, share, self._parents) if share else asking_as(said, spoken)
        return [_within(said, self._parents) for said in told]

    def acts_from(self, wished: float, level: str = "category") -> float | None:
        """The probability from which an answer of this level reaches the wished precision; None: nothing acts on a score.

        None without a trained model, and until there are `OWN_TO_ACT` own examples.
        """
        taken = self._now()
        if taken.model is None or int(taken.model.about.get("own", 0)) < OWN_TO_ACT:
            return None
        from classifier.category.calibrate import Threshold, fitting

        fresh = [Threshold(**row) for row in taken.fresh.get(level, ())]
        chosen = fitting(fresh, wished) if fresh else taken.model.threshold(wished, upper=level == "group")
        return float(chosen.p) if chosen.p <= 1 else None

    def floors(self) -> list[Floor]:
        """From which probability on a unit belongs to the set of those that may be right; empty while nothing is promised."""
        taken = self._now()
        if taken.model is None:
            return []
        from classifier.category.conformal import Floor

        return [Floor(**row) for row in taken.fresh.get("unit", ())]

    def spoke(self, said: Suggestion) -> bool:
        """Whether this is the trained model's own answer: on the keywords' numbers nothing ever acts."""
        return said.model == self.name and self._now().model is not None

    def look(self) -> None:
        """Take up what the pointer names now, before returning."""
        self._looked = time.monotonic()
        stamp = self.registry.stamp()
        with self._loading:
            if stamp != self._stamp:
                self._taken = self._take(self.registry.current(), stamp)
                give_back_memory()
                self._stamp = stamp

    def _now(self) -> Taken:
        """The first model of a process is waited for a little; a later one is loaded while the former answers."""
        if time.monotonic() - self._looked < self._glance and not self._at_once:
            return self._taken
        first, self._looked = self._looked == float("-inf"), time.monotonic()
        if self.registry.stamp() != self._stamp and not self._loading.locked():
            if self._at_once:
                self.look()
                return self._taken
            loading = threading.Thread(target=self.look, name="model", daemon=True)
            loading.start()
            if first:
                loading.join(PATIENCE)
        return self._taken

    def _take(self, pointer: Pointer | None, stamp: Stamp) -> Taken:
        """scipy is imported here and nowhere else in the web process; scikit-learn only where a model learns."""
        if stamp is None:
            return Taken(self.keywords)
        if pointer is None:
            return self._fallen("missing", "pointer")
        from classifier.category import store
        from classifier.category.trained import TrainedClassifier

        try:
            model = store.load(self.registry.folder / pointer.file, pointer.sha256)
            store.share_weights(model, self.registry.folder / pointer.file)
        except store.Unfit as trouble:
            return self._fallen(_kind(str(trouble)), str(trouble))
        except OF_ANOTHER_PROGRAM as trouble:
            return self._fallen("unfit", repr(trouble))
        if not store.cut_alike(model):
            log.info("the model %s was trained with other words; it will be trained again tonight", pointer.file)
        return Taken(TrainedClassifier(model, self._parents), pointer.file, model, fresh=pointer.fresh)

    def _fallen(self, trouble: str, why: str) -> Taken:
        log.warning("keywords answer, the chosen model is unfit: %s", why)
        keywords = copy(self.keywords)
        keywords.name = FELL_BACK
        return Taken(keywords, trouble=trouble)


def give_back_memory() -> None:
    """What reading a model needed for a moment goes back to the machine, instead of waiting in this process for the next one."""
    gc.collect()
    with suppress(OSError, AttributeError):  # a C library that does this by itself
        ctypes.CDLL(None).malloc_trim(0)


def is_learning(classifier: Classifier) -> bool:
    """The first minutes of an installation: the keywords answer because no model has been trained yet."""
    return isinstance(classifier, ActiveClassifier) and not classifier.file and not classifier.trouble


def active_classifier_for(settings: Settings, city: City) -> ActiveClassifier:
    """Never fails: a broken or missing model falls back to the keyword classifier, and its name says so."""
    return ActiveClassifier(
        keyword_classifier(city), ModelRegistry(settings.models), parents_of(city), at_once=settings.testing
    )


def keyword_classifier(city: City) -> KeywordClassifier:
    """Works untrained, from the words of the city's category file."""
    load_words(city.vocabulary)
    return KeywordClassifier(city.lexicon, parents_of(city))


def parents_of(city: City) -> dict[str, str]:
    return {code: category.parent or "" for code, category in city.categories.items()}


def _within(said: Suggestion, codes: Container[str]) -> Suggestion:
    """Without categories that the city has given up since the model was trained."""
    if all(one.code in codes for one in said.ranked):
        return said
    ranked = tuple(one for one in said.ranked if one.code in codes)
    return replace(said, ranked=ranked, known=said.known and bool(ranked))


def _kind(why: str) -> str:
    return "altered" if why.startswith("altered") else "missing" if why.startswith("no ") else "unfit"
