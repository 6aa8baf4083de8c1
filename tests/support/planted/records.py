"""Tickets as agents write them down, and twelve kinds of faults planted among them: what the machine's checks are measured on.

There are eleven writings, in other words and about other matters each. The rules were built beside the first and mended after the
second and the third; the fourth was written when they stood, was run once, and nothing was changed after it had been looked at.
Wordings are our own, names of places the city's.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.quality.checks.faults import faults_of
from hotline.quality.checks.kinds import Kind
from hotline.quality.checks.record import Record, Spoken
from tests.support.repository import ROOT

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
NOW = AT + timedelta(days=12)


@dataclass(frozen=True)
class Matter:
    """category, request type, title and words; {p} is the place. answer: of a matter that was answered on the spot."""

    category: str
    request_type: str
    title: str
    body: str
    answer: str | None = None


@dataclass(frozen=True)
class Writing:
    """Ordinary matters, harmless additions, and how each kind of fault is written. {n}: a number."""

    matters: tuple[Matter, ...]
    harmless: tuple[str, ...]
    kept_notes: tuple[str, ...]
    other_notes: tuple[str, ...]
    empty_titles: tuple[str, ...]
    thin: tuple[str, ...]
    empty_answers: tuple[str, ...]
    others_numbers: tuple[str, ...]
    own_numbers: tuple[str, ...]
    placeless: tuple[Sequence[str], ...]
    dangers: tuple[Sequence[str], ...]
    secrets: tuple[str, ...]
    promises: tuple[str, ...]
    people: tuple[str, ...]
    turned: tuple[Sequence[str], ...]
    """(request type that was chosen, title, words that ask for another)."""


FOLDER = ROOT / "tests" / "quality" / "writings"


def writing(name: str) -> Writing:
    """first to eleventh: its words as they stand in the file."""
    told = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    matters = tuple(Matter(**one) for one in told.pop("matters"))
    return Writing(matters, **{key: tuple(some) for key, some in told.items()})


def planted(city: City, writing: Writing, many: int, seed: int) -> list[tuple[Record, Kind | None]]:
    """So many records, three of ten with one fault each, all kinds alike."""
    chance, kinds = random.Random(seed), list(Kind)
    places = _places(city)
    found: list[tuple[Record, Kind | None]] = []
    for number in range(many):
        clean = _clean(writing, places, chance)
        kind = kinds[number // 10 * 3 % len(kinds) + number % 10] if number % 10 < 3 else None
        found.append((PLANT[kind](clean, writing, places, chance) if kind else clean, kind))
    return found


def whole(name: str) -> list[tuple[Record, Kind | None]]:
    """first to seventh: records that were written one by one, half of them with one fault."""
    return [_whole(told) for told in yaml.safe_load((FOLDER.parent / "whole" / f"{name}.yaml").read_text("utf-8"))]


def _whole(told: dict[str, Any]) -> tuple[Record, Kind | None]:
    kind, note, reached = told.pop("kind"), told.pop("note", ""), told.pop("reached", 0)
    phone = told.pop("phone", "13603721188")
    record = Record(at=AT, phone=phone, caller=told.pop("caller", phone), **told)
    if note:
        record = replace(record, spoken=(Spoken(AT + timedelta(minutes=5), note),))
    if reached:
        record = replace(record, reached=(AT + timedelta(hours=reached),))
    return record, Kind(kind) if kind else None


Places = list[tuple[str, str]]


def _places(city: City) -> Places:
    """(name, area) of every estate and road whose name lies in one district alone."""
    some = [(one.name, one.area) for one in city.gazetteer.entries if one.kind in ("community", "road")]
    return [(name, area) for name, area in some if len({a for n, a in some if n == name}) == 1 and len(name) > 2]


def _phone(chance: random.Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10):d}{chance.randrange(10**8):08d}"


def _clean(
    writing: Writing, places: Places, chance: random.Random, only: Callable[[Matter], bool] | None = None
) -> Record:
    matter = chance.choice([one for one in writing.matters if only is None or only(one)])
    (name, area), phone = chance.choice(places), _phone(chance)
    placed = "{p}" in matter.body
    body = matter.body.format(p=name)
    if chance.random() < 0.5:
        body += chance.choice(writing.harmless).format(own=phone, other=f"0372{chance.randrange(2000000, 9999999)}")
    record = Record(
        matter.title.format(p=name),
        body,
        AT + timedelta(minutes=chance.randrange(600)),
        place=name if placed and chance.random() < 0.5 else "",
        area=area if placed and chance.random() < 0.7 else None,
        category=matter.category,
        request_type=matter.request_type,
        phone=phone,
        caller=phone if chance.random() < 0.8 else None,
        answer=matter.answer,
    )
    return _with_note(record, writing, chance)


def _with_note(record: Record, writing: Writing, chance: random.Random) -> Record:
    draw = chance.random()
    if draw < 0.1:
        return replace(record, spoken=(Spoken(record.at, chance.choice(writing.other_notes)),))
    if draw < 0.2:
        kept = Spoken(record.at, chance.choice(writing.kept_notes))
        return replace(record, spoken=(kept,), reached=(record.at + timedelta(hours=20),))
    return record


Plant = Callable[[Record, Writing, Places, random.Random], Record]


def _no_place(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    category, title, body = chance.choice(writing.placeless)
    return replace(
        clean, category=category, title=title, body=body, place="", area=None, request_type="help", answer=None
    )


def _wrong_area(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    record = _clean(writing, places, chance, lambda one: "{p}" in one.body)
    area = next(a for n, a in places if n in record.body)
    return replace(record, area=chance.choice(sorted({a for _n, a in places} - {area})))


def _wrong_number(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    number, draw = _phone(chance), chance.random()
    told = (clean.phone or "-") in clean.body
    if draw < 0.45 or (told and draw < 0.8):
        return replace(clean, body=clean.body + chance.choice(writing.others_numbers).format(n=number), phone=number)
    if draw < 0.8:
        return replace(clean, body=clean.body + chance.choice(writing.own_numbers).format(n=number))
    caller = clean.caller or clean.phone or ""
    at = chance.randrange(3, 11)
    wrong = caller[:at] + str((int(caller[at]) + chance.randrange(1, 10)) % 10) + caller[at + 1 :]
    return replace(clean, caller=caller, phone=wrong, body=clean.body.replace(caller, ""))


def _title(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    return replace(clean, title=chance.choice(writing.empty_titles).format(p=chance.choice(places)[0]))


def _personal(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    tail, plate = f"{chance.randrange(10**9):09d}", f"{chance.randrange(10000, 99999)}"
    told = chance.choice(writing.people).format(
        p=chance.choice(places)[0],
        n=clean.phone,
        tail=tail,
        plate=plate,
        tail6=f"{chance.randrange(50, 99)}0{chance.randrange(1, 9)}1{chance.randrange(9)}",
    )
    return replace(clean, title=told, body=f"{told}。{clean.body}")


def _other(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    other = _clean(writing, places, chance, lambda one: one.category[:2] != (clean.category or "")[:2])
    return replace(clean, title=other.title)


def _thin(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    return replace(clean, body=chance.choice(writing.thin))


def _type(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    chosen, title, body = chance.choice(writing.turned)
    return replace(clean, request_type=chosen, title=title, body=body, category=None, answer=None, place="", area=None)


def _danger(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    category, title, body = chance.choice(writing.dangers)
    name, area = chance.choice(places)
    return replace(
        clean, category=category, title=f"{name}{title}", body=body.format(p=name), request_type="help", place=name, area=area, answer=None
    )  # fmt: skip


def _secret(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    record = _clean(writing, places, chance, lambda one: one.request_type in ("complaint", "report"))
    return replace(record, body=record.body + chance.choice(writing.secrets))


def _call_back(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    return replace(clean, spoken=(Spoken(clean.at, chance.choice(writing.promises)),), reached=())


def _answer(clean: Record, writing: Writing, places: Places, chance: random.Random) -> Record:
    record = _clean(writing, places, chance, lambda one: one.answer is not None)
    return replace(record, answer=chance.choice(writing.empty_answers))


PLANT: dict[Kind | None, Plant] = {
    Kind.NO_PLACE: _no_place,
    Kind.WRONG_AREA: _wrong_area,
    Kind.WRONG_NUMBER: _wrong_number,
    Kind.EMPTY_TITLE: _title,
    Kind.PERSONAL_TITLE: _personal,
    Kind.OTHER_MATTER: _other,
    Kind.THIN_RECORD: _thin,
    Kind.WRONG_TYPE: _type,
    Kind.DANGER_MISSED: _danger,
    Kind.SECRECY_MISSED: _secret,
    Kind.NO_CALL_BACK: _call_back,
    Kind.EMPTY_ANSWER: _answer,
}


@dataclass(frozen=True)
class Figures:
    """by_kind: how many were missed, and how many were found where none was planted."""

    recall: float
    precision: float
    by_kind: dict[Kind, tuple[int, int]]


def figures(city: City, classifier: Classifier, rows: Sequence[tuple[Record, Kind | None]]) -> Figures:
    """Every finding that is not the planted fault of its record counts as wrong."""
    hits, missed, extra = 0, Counter[Kind](), Counter[Kind]()
    for record, kind in rows:
        found = set(faults_of(city, classifier, record, NOW))
        hits += kind in found
        extra.update(found - {kind})
        if kind is not None and kind not in found:
            missed[kind] += 1
    of, said = hits + missed.total(), hits + extra.total()
    return Figures(hits / of, hits / said, {kind: (missed[kind], extra[kind]) for kind in Kind})
