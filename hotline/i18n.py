"""Chinese first, English complete: every sentence a person sees passes through here.

Sentences are written in Chinese in the code (`_("派单")`) and looked up in the English catalogues
`hotline/locale/en/LC_MESSAGES/*.po` when the reader has switched. `N_` marks a sentence that a table holds and
a page translates later. No compiled catalogue is needed: the .po files are read once at start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_current: ContextVar[str] = ContextVar("language", default="zh")


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence


def _(sentence: str, **values: object) -> str:
    """The sentence in the reader's language, with `%(name)s` places filled from `values`."""
    text = sentence
    if _current.get() == "en":
        text = english().get(sentence, sentence)
    return text % values if values else text


def language() -> str:
    return _current.get()


def speak(code: str) -> None:
    """Set the reader's language for the rest of this request or job."""
    _current.set(code if code in LANGUAGES else "zh")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """The reader's language for one block, e.g. while a text to one citizen is written."""
    token = _current.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _current.reset(token)


@cache
def english() -> dict[str, str]:
    """All English sentences by their Chinese original, from every .po file of the folder."""
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locale" / "en").rglob("*.po")):
        with path.open("rb") as file:
            found.update((str(m.id), str(m.string)) for m in read_po(file, locale="en") if m.id and m.string)
    return found


TWO_STOPS = re.compile(r"。(?=[。，；])|(?<!\.)\.(?=\.(?!\.))")


def one_stop(sentence: str) -> str:
    """What somebody typed into it may end in a stop of its own, where the sentence goes on or ends."""
    return TWO_STOPS.sub("", sentence)
