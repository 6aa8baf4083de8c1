"""What a ticket itself knows of its citizen, found in any writing: name, numbers, home."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifier.text.masking.found import TextFinding
from classifier.text.masking.names.person_or_word import means_person
from classifier.text.masking.names.surnames import COMPOUND
from classifier.text.normalise import digits, plain
from classifier.text.pinyin import in_letters, sounding_like, syllable

_LEAST = 6
_TITLES = (
    "先生|女士|小姐|同志|老师|师傅|太太|某某?|姓|阿姨|大爷|大妈|大叔|叔叔|大哥|大姐|总|经理|老板|医生|主任|哥|姐|工"
)
_BETWEEN = r"[\s\W_]{0,4}"
_CLOSELY = r"(?:(?![\n,，。;；:：!！?？、])[\s\W_]){0,3}"
"""Between the two signs of a short name: a sentence may end with one and go on with the other."""
_HAN_NUMBERS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Known:
    """The citizen's own names, numbers (telephones, papers, accounts) and homes. Empty means nothing is known."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __or__(self, other: Known) -> Known:
        return Known(*(tuple(dict.fromkeys(a + b)) for a, b in zip(self._parts(), other._parts(), strict=True)))

    def __bool__(self) -> bool:
        return any(self._parts())

    def _parts(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        return self.names, self.numbers, self.places


NOTHING = Known()


def known_from(told: Mapping[str, object]) -> Known:
    """From a plain mapping with name(s), phone(s), number(s), place(s): each a text or a list of texts."""

    def several(*keys: str) -> tuple[str, ...]:
        values = [told[key] for key in keys if told.get(key)]
        return tuple(
            str(one)
            for value in values
            for one in (value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
        )

    return Known(
        several("name", "names"),
        several("phone", "phones", "number", "numbers", "id_number"),
        several("place", "places", "address"),
    )


def known_spans(text: str, known: Known) -> Iterator[TextFinding]:
    """Where a plain text (Chinese digits told as digits) says what is known, the longest writing first."""
    low = text.lower()
    for name in known.names:
        if _may_stand(name, low):
            yield from (
                TextFinding("name", found[0], *found.span())
                for pattern, word in _name_patterns(name)
                for found in pattern.finditer(text)
                if not word or means_person(text, *found.span(), word)
            )
    if known.numbers and any(sign.isdigit() for sign in text):
        yield from _numbers(text, known.numbers)
    for pattern in _place_patterns(known.places) if known.places else ():
        yield from (TextFinding("room", found[0], *found.span()) for found in pattern.finditer(text) if found[0])


@lru_cache(maxsize=4096)
def _signs_of(name: str) -> tuple[str, ...]:
    return tuple(sign for sign in plain(name).lower() if sign.isalnum())


def _may_stand(name: str, low: str) -> bool:
    """One quick look before patterns are built: the family name is there, or the end of the name, or how it sounds."""
    signs = _signs_of(name)
    if not signs:
        return False
    if signs[0] in low or all(sign in low for sign in signs[-2:]) or signs[0].isascii() or not name.isalnum():
        return True
    return any(sound in low for sound in _sounds_of(name)) or _sounding(signs[-1], low) or bool(_TONED.search(low))


_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")


@lru_cache(maxsize=4096)
def _sounds_of(name: str) -> tuple[str, ...]:
    """The consonants a name in Latin letters must hold: what its last syllable begins with, in small letters."""
    last = syllable(_signs_of(name)[-1])
    return (last,) if last else ()


def _sounding(sign: str, low: str) -> bool:
    return any(other in low for other in sounding_like(sign))


@lru_cache(maxsize=512)
def _name_patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each way to write it, and the word it may be taken for ("" when it is none)."""
    ways = ((way, "") if isinstance(way, str) else way for way in _ways_to_write(plain(name).strip()))
    return tuple((re.compile(pattern, re.IGNORECASE), word) for pattern, word in ways)


def _ways_to_write(name: str) -> Iterator[str | tuple[str, str]]:
    """The whole name with anything between its signs; the family name with a title; the given name alone.

    A way that may also be a word comes with the word.
    """
    signs = [sign for sign in name if sign.isalnum()]
    if len(signs) < 2:
        return
    if all(sign.isascii() for sign in signs):
        yield from _latin_ways([part for part in re.split(r"[^0-9A-Za-z'’]+", name) if part])
        return
    yield (_CLOSELY if len(signs) == 2 else _BETWEEN).join(map(re.escape, signs)), "".join(signs)
    family = 2 if re.match(COMPOUND, "".join(signs)) and len(signs) > 2 else 1
    if len(signs) <= 4:
        yield "".join(signs[:family]) + rf"(?={_BETWEEN}(?:{_TITLES}))"
    given = "".join(signs[family:])
    if len(given) >= 2:
        yield (_CLOSELY if len(given) == 2 else _BETWEEN).join(map(re.escape, given)), given
    elif given and len(signs) == 2:
        yield rf"(?<=[小阿]){re.escape(given)}(?={_TITLES}|说|讲|来|家|他|她|,|。|$|反映|电话|手机|{_BETWEEN}\d)"
    for part in re.split(r"[·•・‧∙⋅ ]", name):
        if len(part) >= 2 and part != name:
            yield re.escape(part)
    yield from _by_ear("".join(signs[:family]), given)


def _by_ear(family: str, given: str) -> Iterator[str]:
    """The name in Latin letters, either part first; and in other characters that sound alike, when it is long enough to be no word."""
    sounds = [syllable(sign, family=True) for sign in family] + [syllable(sign) for sign in given]
    if not given or len(given) > 2 or not all(sounds):
        return
    written = [in_letters(sound) for sound in sounds]
    first, last = (r"[\W_\d]{0,3}".join(part) for part in (written[: len(family)], written[len(family) :]))
    yield rf"(?<![A-Za-z])(?:{first}[\W_\d]{{0,3}}{last}|{last}[\W_]{{1,3}}{first})(?![a-zA-Z])"
    if len(given) == 2 and len("".join(sounds[len(family) :])) > 4:
        yield rf"(?<![A-Za-z]){last}(?![a-zA-Z])"
    alike = [f"[{re.escape(sounding_like(sign, at < len(family)))}]" for at, sign in enumerate(family + given)]
    if len(alike) > 2:
        yield "".join(alike)
    else:
        yield re.escape(family) + alike[-1] + rf"(?={_BETWEEN}(?:{_TITLES}))"


def _latin_ways(parts: list[str]) -> Iterator[str]:
    yield r"(?<![A-Za-z])" + r"[\W_]{0,3}".join(map(re.escape, parts)) + r"(?![A-Za-z])"
    if len(parts) > 1:
        yield r"(?<![A-Za-z])" + r"[\W_]{0,3}".join(map(re.escape, reversed(parts))) + r"(?![A-Za-z])"
        yield (
            r"(?<![A-Za-z])(?:" + "|".join(re.escape(part) for part in parts if len(part) > 2) + r")(?![A-Za-z])"
            if any(len(part) > 2 for part in parts)
            else r"(?!)"
        )


def _each(numbers: Iterable[str]) -> Iterator[str]:
    """Each number as it was told, and those that one field holds side by side."""
    for number in numbers:
        yield number
        parts = re.split(r"[,，、;；/|]|[\u4e00-\u9fff]+|(?<=\d{7}) +", plain(number))
        if len(parts) > 1:
            yield from (part for part in parts if sum(map(str.isdigit, part)) > _LEAST)


@lru_cache(maxsize=512)
def _bare_numbers(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Digits alone (a last X too), without country code and extension; of a landline also what follows the area code."""
    found: dict[str, None] = {}
    for number in _each(numbers):
        written = digits(plain(number)).upper()
        base = re.sub(r"(?<=\d{7})-\d{1,6}$", "", written)
        bare = re.sub(r"[^0-9X]", "", base)
        bare = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)", "", bare)
        if len(bare) >= _LEAST:
            found[bare] = None
            if area := re.match(r"0(?:10|2\d|[3-9]\d\d)(?=[2-9]\d{6,7}$)", bare):
                found[bare[area.end() :]] = None
    return tuple(found)


_DIGIT_RUN = re.compile(
    r"[0-9](?:[^0-9A-Za-z\u4e00-\u9fa5]{0,4}(?:杠|横|空格|转|减|(?:中间|后面|最后|然后|接着|再|后四位|尾数|尾号)(?:四位|几位)?(?:数字?)?(?:是|为)?)?[^0-9A-Za-z\u4e00-\u9fa5]{0,2}[0-9Xx]){5,}"
)


def _numbers(text: str, numbers: tuple[str, ...]) -> Iterator[TextFinding]:
    """Runs of digits with anything but words between; the whole number, or a piece of seven and more, wherever it lies in them."""
    for run in _DIGIT_RUN.finditer(text):
        places = [at for at in range(*run.span()) if text[at].isdigit() or text[at] in "Xx"]
        while len(places) > 1 and text[places[-1]] in "Xx" and text[places[-2]] in "Xx":
            places = [at for at in places if text[at] not in "Xx"]
        signs = "".join(text[at] for at in places).upper()
        for number in _bare_numbers(numbers):
            for start, end in _inside(signs, number):
                yield TextFinding("known", signs[start:end], places[start], places[end - 1] + 1)


def _inside(signs: str, number: str) -> Iterator[tuple[int, int]]:
    """Each (start, end) where the number stands in the signs; else the end or beginning of it when that is all that stands there."""
    at, whole = signs.find(number), False
    while at >= 0:
        whole = True
        yield at, at + len(number)
        at = signs.find(number, at + len(number))
    if (
        not whole
        and _LEAST <= len(signs) < len(number)
        and (number.endswith(signs) or (len(signs) > 6 and signs in number))
    ):
        yield 0, len(signs)


@lru_cache(maxsize=512)
def _place_patterns(places: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for place in places for pattern in _ways_to_tell(plain(place)))


def _ways_to_tell(place: str) -> Iterator[str]:
    """The numbers of a home in their order, as digits or Chinese, with what people write between; the door number alone."""
    numbers = list(re.finditer(r"\d{1,4}|[一二三四五六七八九十百零〇两]{1,4}(?=[号栋幢座单楼层室户#])", place))
    if not numbers:
        return
    ways = [_number_ways(found[0]) for found in numbers]
    tail = r"(?:室|号|户|房|楼|单元|栋|号院|号楼|[东西南北中]户)?"
    for start in range(len(ways) - 1):
        yield r"(?<!\d)" + r"[^\d一-十,。;!?\n]{0,4}".join(ways[start:]) + r"(?!\d)" + tail
    last = numbers[-1]
    unit = place[last.end() : last.end() + 2]
    if len(last[0]) >= 3 and last[0].isdigit() and len(ways) > 1:
        yield rf"(?<!\d){ways[-1]}(?:室|户|房|号)"
    elif len(ways) == 1 and unit[:1] in tuple("号室户栋#幢弄"):
        around = place[max(0, last.start() - 2) : last.start()]
        yield (
            rf"(?<={re.escape(around)}){ways[0]}(?!\d){re.escape(unit[:1])}"
            if around
            else rf"(?<!\d){ways[0]}{re.escape(unit[:1])}"
        )


def _number_ways(number: str) -> str:
    if not number.isdigit():
        return re.escape(number)
    ways = [number, "".join(_HAN_NUMBERS[int(sign)] for sign in number)]
    value = int(number)
    if 10 <= value <= 99:
        tens, ones = divmod(value, 10)
        ways.append(("" if tens == 1 else _HAN_NUMBERS[tens]) + "十" + (_HAN_NUMBERS[ones] if ones else ""))
    return "(?:" + "|".join(dict.fromkeys(ways)) + ")"


def all_known(several: Iterable[Known]) -> Known:
    """Everything that several tickets know together."""
    whole = NOTHING
    for one in several:
        whole |= one
    return whole
