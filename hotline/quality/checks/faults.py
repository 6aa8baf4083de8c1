"""All twelve checks of one record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.quality.checks import emptiness, matters, numbers, promises, secrecy, strangers
from hotline.quality.checks.kinds import OF_AGENTS, Kind
from hotline.quality.checks.record import Fault, Record

Check = Callable[[City, Record], Fault | None]
OF_WORDS: dict[Kind, Check] = {
    Kind.NO_PLACE: matters.no_place,
    Kind.WRONG_AREA: matters.wrong_area,
    Kind.DANGER_MISSED: matters.danger_missed,
    Kind.SECRECY_MISSED: secrecy.secrecy_missed,
    Kind.WRONG_NUMBER: numbers.wrong_number,
}
OF_THE_REST: dict[Kind, Check] = {
    Kind.PERSONAL_TITLE: emptiness.personal_title,
    Kind.EMPTY_ANSWER: emptiness.empty_answer,
}
_BEFORE_THE_TITLE = frozenset({Kind.EMPTY_TITLE, Kind.DANGER_MISSED})
"""Where these are found, nobody asks whether the title is another matter's: of what is happening now a title tells little."""


def faults_of(city: City, classifier: Classifier, record: Record, now: datetime) -> dict[Kind, Fault]:
    """Kind → what it rests on. Where there are no words of a matter, only that is said of them."""
    found, said = _run(OF_THE_REST, city, record), classifier.suggest(record.body)
    told = classifier.suggest(record.title)
    if Kind.PERSONAL_TITLE not in found and (empty := emptiness.empty_title(city, record, told)):
        found[Kind.EMPTY_TITLE] = empty
    if thin := emptiness.thin_record(city, record, said):
        found[Kind.THIN_RECORD] = thin
    else:
        found |= _run(OF_WORDS, city, record)
        if other_type := matters.wrong_type(city, record, said):
            found[Kind.WRONG_TYPE] = other_type
            found.pop(Kind.NO_PLACE, None)
        if not found.keys() & _BEFORE_THE_TITLE and (other := strangers.other_matter(city, record, said, told)):
            found[Kind.OTHER_MATTER] = other
    if broken := promises.no_call_back(city, record, now):
        found[Kind.NO_CALL_BACK] = broken
    return {kind: fault for kind, fault in found.items() if record.by_agent or kind not in OF_AGENTS}


def _run(checks: dict[Kind, Check], city: City, record: Record) -> dict[Kind, Fault]:
    return {kind: fault for kind, check in checks.items() if (fault := check(city, record)) is not None}
