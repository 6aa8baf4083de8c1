"""Many people, one matter (多人同诉): groups of messages about the same thing, with keys that stay as they grow."""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from classifier.text.words import cut

_EDGE = 0.13
_STEP = 0.02
_LINK = 0.22
_LEAST_SHARED = 4
_BACKGROUND = 1000
_RARE = 25
_TEXT = 500
_BLOCK = 500
_RUNS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_STOP = re.compile(
    r"您好|你好|领导|尊敬|书记|市长|问题|请问|咨询|反映|投诉|举报|建议|希望|请求|解决|处理|我们|你们|他们|本人|自己|政府|部门|相关|有关|情况|进行|"
    r"没有|可以|现在|已经|因为|所以|但是|如果|为什么|怎么|什么|是否|能否|严重|一直|多次|这个|那个|这样|时候|目前|我是|谢谢|感谢|以及|就是|还是|不是"
)
_EDGE_WORDS = (
    "的了和与及在是就都也我你他她它们这那有被把将对请不个为之到从等于其并所地得很要会能向让给由每上下里中内后前时又却还"
)


@dataclass(frozen=True)
class Item:
    """One message: `text` is subject and body; `caller` (any opaque key) lets one person count once."""

    id: str
    at: datetime
    area: str
    street: str
    category: str
    text: str
    caller: str = ""


@dataclass(frozen=True)
class HotSpot:
    """One matter of many. `key` stays the same while it grows; `count` are messages, `people` callers; `trend` is
    above 1 while the last quarter of the window brings more than its share; `heat` fades as nothing new comes."""

    key: str
    title: str
    area: str
    place: str
    category: str
    first_at: datetime
    last_at: datetime
    count: int
    people: int
    ids: tuple[str, ...]
    trend: float
    heat: float
    phrases: tuple[str, ...] = ()


Vector = dict[int, float]


@dataclass
class _Group:
    members: list[int]
    total: Vector
    key: str = ""
    born: datetime | None = None


@dataclass(frozen=True)
class Settings:
    """When a group is hot: at least `people` callers within `window`; older messages no longer join."""

    people: int = 4
    window: timedelta = timedelta(days=30)
    half_life: timedelta = timedelta(days=7)


@dataclass
class _Board:
    """The groups while they are being merged, and which group each item is in."""

    groups: dict[int, _Group] = field(default_factory=dict)
    of: dict[int, int] = field(default_factory=dict)


DEFAULT = Settings()


def find_hotspots(
    items: Iterable[Item], now: datetime, known: Sequence[HotSpot] = (), settings: Settings = DEFAULT
) -> list[HotSpot]:
    """The hot spots among the messages up to `now`, hottest first. Give the last answer as `known`: its groups are
    kept together and keep their keys, so that a warning is raised once (see `fresh`). If two known ones turn out to be
    one matter, the older key stays."""
    rows = sorted((item for item in items if item.at <= now), key=lambda item: (item.at, item.id))
    if len(rows) < 2:
        return []
    vectors = _vectors(rows)
    board = _seed(rows, vectors, known)
    _merge(board, rows, vectors, settings)
    hot = [group for group in board.groups.values() if _is_hot(group, rows, settings, now)]
    commonness = Counter(phrase for row in rows for phrase in _phrases(row.text[:120])) if hot else Counter[str]()
    spots = [_spot(group, rows, vectors, now, settings, commonness) for group in hot]
    return sorted(spots, key=lambda spot: (-spot.heat, spot.key))


def fresh(found: Sequence[HotSpot], known: Sequence[HotSpot]) -> list[HotSpot]:
    """Those not warned of before: the key is new and no message of theirs was in a known hot spot."""
    keys = {spot.key for spot in known}
    seen = {id for spot in known for id in spot.ids}
    return [spot for spot in found if spot.key not in keys and not seen.intersection(spot.ids)]


def _clean(text: str) -> str:
    return _STOP.sub(" ", " ".join(_RUNS.findall(text[:_TEXT].lower())))


def _vectors(rows: Sequence[Item]) -> Any:
    """Character pairs and triples, weighed by rarity twice over, so that names of places and things decide. What only
    one text says has no more than middling weight: it cannot be shared, but it says how much else the text is about. A
    thousand texts about other things are imagined beside them: in an hour when everybody calls about one burst pipe,
    the pipe is still a particular word."""
    letters = CountVectorizer(
        analyzer="char_wb", ngram_range=(2, 3), binary=True, max_df=max(0.2, min(1.0, 200 / len(rows)))
    )
    try:
        counts = letters.fit_transform([_clean(row.text) for row in rows]).tocsc()
    except ValueError:  # nothing but stop words in all the texts
        return sparse.csr_matrix((len(rows), 1))
    seen = np.diff(counts.indptr)
    weight = np.log((_BACKGROUND + len(rows)) / (1 + np.maximum(seen, _RARE))) ** 2
    if (seen > 1).any():
        weight[seen == 1] = np.median(weight[seen > 1])
    return normalize(counts @ sparse.diags(weight)).tocsr()


def _seed(rows: Sequence[Item], vectors: Any, known: Sequence[HotSpot]) -> _Board:
    board = _Board()
    number_of = {row.id: number for number, row in enumerate(rows)}
    for spot in sorted(known, key=lambda spot: (spot.first_at, spot.key)):
        members = [number_of[id] for id in spot.ids if id in number_of and number_of[id] not in board.of]
        if members:
            name = members[0]
            board.groups[name] = _Group(members, _sum(_vector(vectors, at) for at in members), spot.key, spot.first_at)
            board.of.update(dict.fromkeys(members, name))
    for number in range(len(rows)):
        if number not in board.of:
            board.groups[number] = _Group([number], _vector(vectors, number))
            board.of[number] = number
    return board


def _vector(vectors: Any, number: int) -> Vector:
    start, end = vectors.indptr[number], vectors.indptr[number + 1]
    return dict(zip(vectors.indices[start:end].tolist(), vectors.data[start:end].tolist(), strict=True))


def _shared(vectors: Any, one: int, other: int) -> int:
    first, second = _vector(vectors, one), _vector(vectors, other)
    return len(first.keys() & second.keys())


def _sum(vectors: Iterable[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for word, weight in vector.items():
            total[word] = total.get(word, 0.0) + weight
    return total


def _cosine(one: Vector, other: Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    shared = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    length = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / length if length else 0.0


def _edges(rows: Sequence[Item], vectors: Any, window: timedelta) -> list[tuple[float, int, int]]:
    edges: list[tuple[float, int, int]] = []
    seconds = np.array([row.at.timestamp() for row in rows])
    for start in range(0, len(rows), _BLOCK):
        reach = int(
            np.searchsorted(seconds, seconds[min(start + _BLOCK, len(rows)) - 1] + window.total_seconds(), "right")
        )
        near = (vectors[start : start + _BLOCK] @ vectors[start:reach].T).tocoo()
        for row, column, value in zip(near.row + start, near.col + start, near.data, strict=True):
            if column > row and value >= _EDGE and seconds[column] - seconds[row] <= window.total_seconds():
                weight = value * _together(rows[row], rows[column])
                if weight >= _EDGE:
                    edges.append((float(weight), int(row), int(column)))
    return sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2]))


def _together(one: Item, other: Item) -> float:
    """How far place and category speak for or against one matter; unknown says nothing."""
    if one.area and other.area and one.area != other.area:
        return 0.4
    factor = 1.0
    if one.street and other.street:
        factor *= 1.25 if one.street == other.street else 0.6
    if one.category and other.category:
        factor *= 1.1 if one.category == other.category else 0.8
    return factor


def _merge(board: _Board, rows: Sequence[Item], vectors: Any, settings: Settings) -> None:
    """Join the nearest first, as long as the two groups are alike as wholes; large groups must be more alike (their
    sums have lost what is particular), which keeps chains from forming."""
    for weight, one, other in _edges(rows, vectors, settings.window):
        left, right = board.of[one], board.of[other]
        if left == right or _shared(vectors, one, other) < _LEAST_SHARED:
            continue
        a, b = board.groups[left], board.groups[right]
        size = math.log2(len(a.members) * len(b.members))
        if weight < 0.75 and _cosine(a.total, b.total) < min(_LINK, _EDGE + _STEP * size):
            continue
        _join(board, left, right)


def _join(board: _Board, left: int, right: int) -> None:
    a, b = board.groups[left], board.groups.pop(right)
    if b.key and (not a.key or (b.born and a.born and b.born < a.born)):
        a.key, a.born = b.key, b.born
    a.members = sorted(a.members + b.members)
    a.total = _sum((a.total, b.total))
    board.of.update(dict.fromkeys(b.members, left))


def _people(rows: Sequence[Item]) -> int:
    return len({row.caller or row.id for row in rows})


def _is_hot(group: _Group, rows: Sequence[Item], settings: Settings, now: datetime) -> bool:
    """Known ones stay while they are in the window; others need enough people within one window."""
    members = [rows[number] for number in group.members]
    if group.key:
        return now - members[-1].at <= settings.window * 2
    first = 0
    for last, row in enumerate(members):
        while row.at - members[first].at > settings.window:
            first += 1
        if last - first + 1 >= settings.people and _people(members[first : last + 1]) >= settings.people:
            return True
    return False


def _most(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""


def _spot(
    group: _Group, rows: Sequence[Item], vectors: Any, now: datetime, settings: Settings, commonness: Counter[str]
) -> HotSpot:
    members = [rows[number] for number in group.members]
    phrases = key_phrases([row.text for row in members], commonness, len(rows))
    area, place = _most(row.area for row in members), _most(row.street for row in members)
    return HotSpot(
        key=group.key or hashlib.sha256(members[0].id.encode()).hexdigest()[:12],
        title=_title(members, phrases),
        area=area,
        place=place,
        category=_most(row.category for row in members),
        first_at=members[0].at,
        last_at=members[-1].at,
        count=len(members),
        people=_people(members),
        ids=tuple(row.id for row in members),
        trend=_trend(members, now, settings),
        heat=round(_heat(members, now, settings), 3),
        phrases=phrases,
    )


def _trend(members: Sequence[Item], now: datetime, settings: Settings) -> float:
    window = [row for row in members if now - row.at <= settings.window]
    recent = [row for row in window if now - row.at <= settings.window / 4]
    return round(len(recent) * 4 / len(window), 2) if window else 0.0


def _heat(members: Sequence[Item], now: datetime, settings: Settings) -> float:
    """People weigh in full with their first message and a fifth with each further one; all fades by half-life."""
    seen: set[str] = set()
    heat = 0.0
    for row in reversed(members):
        weight = 0.2 if (row.caller or row.id) in seen else 1.0
        seen.add(row.caller or row.id)
        heat += weight * math.pow(0.5, (now - row.at) / settings.half_life)
    return heat


def _phrases(text: str) -> set[str]:
    """Runs of one to four words, as they stand in the text."""
    found: set[str] = set()
    for run in _RUNS.findall(_STOP.sub(" ", text)):
        words = cut(run)
        for size in range(1, 5):
            found.update("".join(words[i : i + size]) for i in range(len(words) - size + 1))
    return {
        p
        for p in found
        if 2 <= len(p) <= 12 and p[0] not in _EDGE_WORDS and p[-1] not in _EDGE_WORDS and not p.isdigit()
    }


def key_phrases(texts: Sequence[str], commonness: Counter[str], total: int, most: int = 3) -> tuple[str, ...]:
    """Up to three phrases many of the texts share and few others have, in the order people say them."""
    counts = Counter(phrase for text in texts for phrase in _phrases(text[:120]))
    enough = max(2, math.ceil(len(texts) * 0.4))
    worth: dict[str, float] = {}
    for phrase, count in counts.items():
        if count >= enough:
            rare = math.log((total + 1) / (commonness[phrase] + 1)) + 0.5
            worth[phrase] = count / len(texts) * max(rare, 0.1) * math.sqrt(len(phrase))
    chosen: list[str] = []
    for phrase, _ in sorted(worth.items(), key=lambda pair: (-pair[1], -len(pair[0]), pair[0])):
        if all(not _overlap(phrase, other) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == most:
            break
    return tuple(sorted(chosen, key=lambda phrase: _position(phrase, texts)))


def _title(members: Sequence[Item], phrases: Sequence[str]) -> str:
    """The first line that says most of the shared phrases in the fewest letters; else the phrases themselves."""
    lines = {row.text.strip().partition("\n")[0].strip() for row in members}
    fitting = [line for line in lines if 4 <= len(line) <= 40]
    if not fitting:
        return " ".join(phrases) or members[0].text.strip()[:20]
    pairs = [{phrase[i : i + 2] for i in range(len(phrase) - 1)} for phrase in phrases]
    return max(fitting, key=lambda line: (sum(pair in line for p in pairs for pair in p) - len(line) / 12, line))


def _overlap(one: str, other: str) -> bool:
    return bool({one[i : i + 2] for i in range(len(one) - 1)} & {other[i : i + 2] for i in range(len(other) - 1)})


def _position(phrase: str, texts: Sequence[str]) -> float:
    places: NDArray[np.float64] = np.array([text.find(phrase) for text in texts if phrase in text], dtype=np.float64)
    return float(np.median(places)) if places.size else math.inf
