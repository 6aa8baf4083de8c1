"""Personal data starred: first whatever the ticket itself knows of its citizen, in any writing, then everything with the shape of it.

Enough stays to recognise one's own ("138****1234"), no more; of a home nothing stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from classifier.text.masking.found import TextFinding
from classifier.text.masking.homes import homes
from classifier.text.masking.known import NOTHING, Known, known_spans
from classifier.text.masking.names.people import people
from classifier.text.masking.papers import papers
from classifier.text.masking.telephone import service_numbers, telephones
from classifier.text.normalise import Placed, digits, placed

_FRAMES = ("\ufe0f", "\u20e3")
LONGEST = 100_000
SHORT = 120
"""A title is starred each time a list shows it: so short a text is read once and remembered, with what was known of its people."""
REPEATED = 400
"""So short a text may be one that is written again and again, a reply from a unit's ready words: what stands in it is remembered."""
ANSWER = "answer"
"""`where` of a text that an office wrote to a citizen: its own landlines, rooms, names and addresses are public."""
_KEPT = {"email": (1, 0), "id_number": (3, 2), "bank_card": (3, 4), "phone": (3, 4), "plate": (2, 1), "name": (1, 0), "account": (1, 0),
         "paper": (1, 2), "room": (0, 0), "known": (3, 4)}  # fmt: skip
"""How many signs of each kind stay, in front and behind; of short numbers fewer."""


def mask(text: str, known: Known = NOTHING, where: str = "") -> str:
    """The text with personal data starred; signs outside it are those of the original."""
    return _short(text, known, where) if len(text) <= SHORT else _read(text, known, where)


def _read(text: str, known: Known, where: str) -> str:
    return starred_at(text, personal_spans(text, known, where))


_short = lru_cache(maxsize=8192)(_read)


def starred_at(text: str, spans: Iterable[TextFinding]) -> str:
    """The text with these pieces of it starred."""
    parts: list[str] = []
    at = 0
    for found in spans:
        parts += [text[at : found.start], starred(found.kind, text[found.start : found.end])]
        at = found.end
    return "".join(parts) + text[at:]


def mask_known(text: str, known: Known) -> str:
    """The text with only what is known starred, and wholly: nothing of it stays."""
    read = placed(text)
    parts: list[str] = []
    at = 0
    taken = bytearray(len(read.text))
    for found in sorted(_free(known_spans(digits(read.text), known), taken), key=lambda one: one.start):
        start, end = read.span(found.start, found.end)
        parts += [text[at:start], "*" * (end - start)]
        at = end
    return "".join(parts) + text[at:]


def personal_spans(text: str, known: Known = NOTHING, where: str = "") -> list[TextFinding]:
    """Each piece of personal data with its place in the text as given, in order, none overlapping."""
    read = placed(text[:LONGEST])
    return [_home(read, found) for found in personal_in(digits(read.text), known, where)]


def personal_in(plain_text: str, known: Known = NOTHING, where: str = "") -> list[TextFinding]:
    """The same for a text already in plain writing with its digits told; places are those of this writing."""
    told = tuple(known_spans(plain_text, known)) if known else ()
    return _with(plain_text, told, where) if told or len(plain_text) > REPEATED else list(_alone(plain_text, where))


@lru_cache(maxsize=4096)
def _alone(plain_text: str, where: str) -> tuple[TextFinding, ...]:
    """What units and machines write is written a hundred times, and says nothing of the citizen it is written for."""
    return tuple(_with(plain_text, (), where))


def _with(plain_text: str, told: Iterable[TextFinding], where: str) -> list[TextFinding]:
    """told: what is known of the citizen, where it stands."""
    taken = bytearray(len(plain_text))
    for start, end in service_numbers(plain_text):
        taken[start:end] = b"\1" * (end - start)
    kept = list(_free(told, taken))
    answer = where == ANSWER
    kept += _free(papers(plain_text, answer), taken)
    kept += _free(telephones(plain_text, answer), taken)
    kept += _free(homes(plain_text, answer), taken)
    kept += _free(people(plain_text, kept, answer), taken)
    return sorted(kept, key=lambda found: (found.start, found.end))


def starred(kind: str, written: str) -> str:
    """What is shown instead: as long as it was, but for an e-mail address, whose domain stays."""
    if kind == "email":
        at = min((written.index(sign) for sign in "@＠﹫" if sign in written), default=len(written))
        return written[0] + "***" + written[at:]
    head, tail = _KEPT.get(kind, (0, 0))
    if kind == "name" and len(written) == 1:
        return "*"
    if kind in ("phone", "bank_card", "known", "paper") and len(written) < 11:
        head, tail = 0, 2 if len(written) > 6 else 0
    if len(written) <= head + tail:
        return "*" * len(written)
    return written[:head] + "*" * (len(written) - head - tail) + (written[-tail:] if tail else "")


def _free(found: Iterable[TextFinding], taken: bytearray) -> Iterator[TextFinding]:
    """Those whose place nobody has, each taking it; what only reaches into a taken place gives that part up."""
    for one in found:
        start, end = one.start, one.end
        while start < end and taken[start]:
            start += 1
        while end > start and taken[end - 1]:
            end -= 1
        if start < end and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            yield (
                one if (start, end) == (one.start, one.end) else TextFinding(one.kind, one.value, start, end, one.sure)
            )


def _home(read: Placed, found: TextFinding) -> TextFinding:
    """Where it stands in the text as given; the frame of a keycap belongs to the digit in it."""
    start, end = read.span(found.start, found.end)
    while read.original[end : end + 1] in _FRAMES:
        end += 1
    return TextFinding(found.kind, found.value, start, end, found.sure)
