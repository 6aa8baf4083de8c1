"""Reads a citizen's text as the answer to "how was it handled? 1 solved and satisfied, 2 partly, 3 not solved".

Only a text that is nothing but an answer is a yes: all of it must be made of the words of `yes.ROWS`. What has a doubt in
it, or anything beside the answer, is for a person. The worst error is a complaint read as a yes; a yes that a person has
to read costs a minute.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from classifier.answers import asides, doubts
from classifier.answers.good_news import GOOD_NEWS, THANKED
from classifier.answers.things import names_things
from classifier.answers.yes import ROWS, Row, key_pattern
from classifier.text.normalise import plain
from classifier.text.patterns.late import late

Verdict = Literal["yes", "no", "partly", "person", "not_an_answer"]
LONGEST_ANSWER = 80
"""Who writes more than this tells a story, whatever words it is made of."""

_CIRCLED = str.maketrans("❶❷❸➀➁➂➊➋➌", "123123123")
_DIALECT_NOT = late(
    r"(?<![怎什这那多])[木莫么唔咪](?=解决|修|人来|人管|弄|得人|处理|搞)|[木么咩]有(?=[人修管来解处办弄动用去联一])|[木么]得(?=人)|木人|莫得|冇|未曾"
)
_SPOKEN = (
    (late("俺们?"), "我们"),
    (late("[恁您]们?"), "您"),
    (late(r"(?<=了)(?:噻|撒|哟|咧|嘞|喔|昂|哩|滴|捏)(?=$|[\s,，。.!！~～谢感多辛])"), ""),
    (late("谢[咯喽哒嘞](?![谢])"), "谢谢"),
    (late("己经"), "已经"),
    (late("己(?=解决|处理|修|办|恢复|完|弄)"), "已"),
)
"""What stands in other words in other mouths, and tells the same."""
_SPREAD = late(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A blank between two Chinese characters parts nothing ("没 解 决"); between clauses it may, so both writings are read."""

_PARTLY = late(
    rf"(?:{key_pattern('(?:2|二|贰|two)')}|(?:2|二)(?=部分解决)|部分解决了?|解决了?部分|(?:it is |it's )?(?:only )?(?:partly|partially) (?:solved|fixed|resolved))"
)
_NO_KEY = late(key_pattern("(?:3|三|叁|three)"))


@dataclass(frozen=True)
class Reading:
    """verdict: what may be done with the text. why: a sentence for people who check the reading.

    details: what the text itself said and nothing more: key (1, 2, 3), solved (yes, partly, no), result (a degree that was
    named), aside (the kind of a text that is no answer), number (a ticket number it names).
    """

    verdict: Verdict
    why: str
    details: Mapping[str, str] = field(default_factory=dict)


def read_answer(text: str) -> Reading:
    """What the text says to the question. Whatever comes in, something comes out: `person` when it cannot be told safely."""
    words = written(text)
    if not words:
        return Reading("not_an_answer", "empty", {"aside": "empty"})
    aside = asides.kind_of(words)
    if aside in asides.CERTAIN:
        return Reading("not_an_answer", asides.WHY[aside], {"aside": aside})
    number, rest = asides.named_number(words)
    if number:
        return _about_a_ticket(number, rest)
    return _plain_answer(words) or _plain_answer(_written_apart(text)) or _doubtful(words, aside)


def written(text: str) -> str:
    """The text as it is read: plain writing, small letters, one blank between words, signs of the keypad as digits, one word for "not"."""
    return _DIALECT_NOT.sub("没有", _at_home(_SPREAD.sub("", _in_small(text))))


def _written_apart(text: str) -> str:
    """The same with the blanks that part its clauses ("非常满意 没有意见")."""
    return _DIALECT_NOT.sub("没有", _at_home(_in_small(text)))


def _in_small(text: str) -> str:
    return " ".join(plain(text.translate(_CIRCLED)).lower().split())


def _at_home(words: str) -> str:
    """The words of people's own speech as the written language has them."""
    for said, meant in _SPOKEN:
        words = said.sub(meant, words)
    return words


def _plain_answer(words: str) -> Reading | None:
    """A text that is nothing but an answer, or None."""
    if len(words) > LONGEST_ANSWER:
        return None
    said = consumed(words)
    if said:
        return Reading(
            "yes", "the whole text is an answer: " + " ".join(f"“{piece}”" for piece, _row in said[:6]), _told(said)
        )
    if (rest := _without(_PARTLY, words)) is not None:
        return Reading("partly", "nothing but “partly solved”", {"solved": "partly", **_key_of(words, "2"), **rest})
    if (rest := _without(_NO_KEY, words)) is not None:
        return Reading("no", "nothing but the key for “not solved”", {"key": "3", "solved": "no", **rest})
    return None


def consumed(words: str) -> list[tuple[str, Row]]:
    """The verdicts of a text made of yes-words from its first sign to its last; [] when anything is left over or nothing is told.

    Every place that some row's words reach is tried once, so that a long or a strange text costs no more than a short one.
    """
    reached: dict[int, list[tuple[str, Row]]] = {0: []}
    for at in range(len(words)):
        if at not in reached:
            continue
        for row in (*ROWS, *GOOD_NEWS):
            found = row.pattern.match(words, at)
            if found is None or found.end() == at or not _of_things(found):
                continue
            held = [*reached[at], (found[0].strip(), row)] if row.tells else reached[at]
            if (_one_key(held) and len(held) > len(reached.get(found.end(), []))) or found.end() not in reached:
                reached[found.end()] = held
    held = reached.get(len(words), [])
    return held if _one_key(held) and _thanked_for(held, words) else []


def _of_things(found: re.Match[str]) -> bool:
    """What was done, was done to things (the named groups of a row): not by neighbours, not to one of three, not at last."""
    return all(names_things(said or "") for said in found.groupdict().values())


_THANKS = late("谢|感谢|辛苦|满意|给力|点赞|👍|🙏|🌹|👏")


def _thanked_for(held: list[tuple[str, Row]], words: str) -> bool:
    """News that may be a complaint as well ("树砍了") is good where another verdict or thanks stand beside it."""
    return any(row.name != THANKED for _piece, row in held) or bool(_THANKS.search(words))


def _one_key(held: list[tuple[str, Row]]) -> bool:
    """One key is an answer; a key said twice may be a number or a list, and "好了，好了" wants to be left alone."""
    names = [row.name for _piece, row in held]
    return names.count("key") <= 1 and names.count("well") <= 1


def _told(said: list[tuple[str, Row]]) -> dict[str, str]:
    told: dict[str, str] = {}
    for _piece, row in said:
        for name, value in row.tells or ():
            told[name] = max(value, told.get(name, "")) if name == "result" else value
    if "key" in told:
        told["solved"] = "yes"
    return told


def _without(pattern: re.Pattern[str], words: str) -> dict[str, str] | None:
    """{} when the text is this one thing and courtesy; None when there is more."""
    found = pattern.search(words)
    if found is None:
        return None
    left = asides.without_courtesy(words[: found.start()] + " " + words[found.end() :])
    left = doubts.PARTLY_WORDS.sub("", left) if pattern is _PARTLY else left
    return {} if not left else None


def _key_of(words: str, key: str) -> dict[str, str]:
    return {"key": key} if re.search(key_pattern(f"(?:{key}|二|贰|two)"), words) else {}


def _about_a_ticket(number: str, rest: str) -> Reading:
    """A text that names its ticket: the answer is for that one, everything else goes there as words."""
    found = _plain_answer(rest) if rest else None
    if found is not None:
        return Reading(found.verdict, found.why, {**found.details, "number": number})
    return Reading("not_an_answer", "the text names its ticket", {"aside": "names_a_ticket", "number": number})


def _doubtful(words: str, aside: str) -> Reading:
    """Not a plain answer: an unhappy one, one that a person must read, or words that are about something else."""
    happy, unhappy = doubts.is_happy(words), doubts.unhappy_words(words)
    wavers = doubts.wavers(words)
    if aside and not (unhappy and asides.yields(aside, firm=doubts.is_firm(words))) and not happy:
        return Reading("not_an_answer", asides.WHY[aside], {"aside": aside})
    if unhappy and not happy and not wavers:
        return Reading("no", f"unhappy: “{unhappy}”", doubts.told_unhappily(words))
    if unhappy and happy:
        return Reading("person", f"happy and unhappy words: “{happy}”, “{unhappy}”")
    if wavers:
        return Reading("person", f"a doubt: “{wavers}”")
    if happy:
        return Reading("person", f"more than an answer beside “{happy}”")
    return Reading("person", "not understood")
