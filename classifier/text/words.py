"""One way to read a text: the same characters, the same words, wherever in the room a text is read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from classifier.text.normalise import plain

LONGEST = 20_000
TOGETHER = 256
"""So many texts are answered in one go."""

_LINE_ENDS = re.compile(r"(?<=[^\W_])[^\S\n]*\n\s*(?=\S)")
"""A line that ends without a mark: what stands below it is another sentence."""
_SPACES = re.compile(r"[^\S\n]+")
_REPEATED = re.compile(r"([^\w\s])\1+")
_WORD = re.compile(r"[^\W_]")
_HANZI = "\u3400-\u9fff\uf900-\ufaff"
_BETWEEN = re.compile(f" (?<=[{_HANZI}] )(?=[{_HANZI}])")
_added: set[str] = set()


@lru_cache(maxsize=2 * TOGETHER)
def normalise(text: str) -> str:
    """Plain writing in lower case, runs of spaces and of one sign folded, Chinese characters without blanks between them.

    At most the first `LONGEST` characters are read: what a text is about is said well before. The last answers
    are kept, since model and keywords read the same messages one after the other.
    """
    text = _LINE_ENDS.sub(";", plain(text[:LONGEST]).lower())
    text = _SPACES.sub(" ", text.replace("\n", " "))
    return _REPEATED.sub(r"\1", _BETWEEN.sub("", text)).strip()


def normalise_many(texts: Iterable[str]) -> list[str]:
    """The same for many."""
    return [normalise(text[:LONGEST]) for text in texts]


def cut(text: str) -> list[str]:
    """The words of a normalised text, in order, without spaces and signs.

    A module-level function so that a vectoriser that holds it can be pickled (a bound `rjieba.cut` cannot).
    """
    return [word for word in _cutter().cut(text) if word.isalnum() or _WORD.search(word)]


def words_of(text: str) -> list[str]:
    """Normalise, then cut."""
    return cut(normalise(text))


def load_words(words: Iterable[str]) -> int:
    """Teach the cutter a city's own words (places, offices, slang); returns how many were new.

    The cutter is one per process: words of several cities add up. `words_hash` names the state.
    """
    new = {normalise(word) for word in words} - _added - {""}
    add = _cutter().add_word
    for word in sorted(new):
        add(word, None, None)
    _added.update(new)
    return len(new)


def dictionary_kind(word: str) -> str:
    """What kind of word the dictionary calls it ("n", "v", "nr" a name, "ns" a place …); "" when it has no such word."""
    cutter = _cutter()
    if not (cutter.has_word(word) if hasattr(cutter, "has_word") else (cutter.initialize() or cutter.FREQ.get(word))):
        return ""
    return str(_kinds()(word))


def cut_apart(text: str) -> list[str]:
    """The words of the dictionary in a text and single characters between them; no word is guessed."""
    return list(_cutter().cut(text, HMM=False) if hasattr(_cutter(), "initialize") else _cutter().cut(text, False))


@lru_cache(maxsize=50_000)
def word_count(word: str) -> int:
    """How often the dictionary's makers met this word; 0 for what is none."""
    if not (dictionary_kind(word)):
        return 0
    return int(_cutter().suggest_freq(word))


@cache
def _kinds() -> Callable[[str], str]:
    """The kind of a word that the dictionary has."""
    cutter = _cutter()
    if hasattr(cutter, "tag"):
        return lambda word: "".join(kind for _word, kind in cutter.tag(word, False)[:1])
    from jieba import posseg

    tagger = posseg.POSTokenizer(cutter)
    return lambda word: str(tagger.word_tag_tab.get(word, "x"))


def words_hash() -> str:
    """Names the words taught so far: a model cut with other words is another model."""
    return sha256("\n".join(sorted(_added)).encode()).hexdigest()[:12]


@cache
def _cutter() -> Any:
    """rjieba when it is there (14 times faster), else jieba, whose words are the contract."""
    try:
        from rjieba import Jieba
    except ImportError:
        return _jieba()
    return Jieba()


def _jieba() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    # jieba writes its cache into the shared temp folder, where another user's file breaks it: give it our own.
    cutter.tmp_dir = tempfile.mkdtemp(prefix="hotline-jieba-")
    return cutter
