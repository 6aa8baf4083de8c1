"""What of a text is compared: neighbouring characters, words, single characters, and the things that people say in many ways.

Words of mere politeness say nothing. Each term is a number whose last two bits tell its kind, so that kinds weigh differently.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from classifier.text.words import cut, normalise

Terms = npt.NDArray[np.uint32]
READ = 400
"""Characters of a question that are read: what is asked is said by then."""

EVERYDAY = Path(__file__).with_name("everyday.txt")
PAIR, WORD, SINGLE, MEANING = range(4)
WEIGHTS = np.array([1.0, 1.0, 0.35, 1.6])
"""How much a term of each kind counts beside its rarity."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_SAYS_NOTHING = re.compile(
    "您好|你好|喂|请问一下|请问|麻烦问一下|麻烦您|麻烦|咨询一下|咨询|问一下|想问|我想知道|想知道|了解一下|想了解|我想|我要|想要|我们家|我家|我们|"
    "帮我查一下|帮我|帮忙|谢谢|感谢|是不是|能不能|可不可以|可以吗|行不行|有没有|是什么意思|怎么样|怎么办理|如何办理|怎么办|咋办|怎么|如何|咋|"
    "什么时候|什么地方|什么|啥时候|啥|哪里|哪儿|在哪|哪些|哪个|需要|应该|要求|一下|现在|这个|那个|一个|市民|来电|反映|那边|这边|的话|到底|还是|呢|吗|吧|啊|呀|嘛"
)
_SMALL = frozenset(
    "的了是我你他她它们在有不要就都也还去来到给把被和与跟对从向为得着过这那个些一二三人上下里外吗呢吧啊呀能会可以想让说没很太多少年月日天"
)


def terms_of(text: str) -> Terms:
    """Each term once, in order."""
    whole = normalise(text[:READ])
    plain = without_politeness(whole)
    runs = _RUN.findall(plain)
    chinese = [run for run in runs if run[0] >= "\u3400"]
    pairs = [run[at : at + 2] for run in chinese for at in range(len(run) - 1)]
    others = [run for run in runs if run[0] < "\u3400" and len(run) > 1]
    singles = {sign for run in chinese for sign in run} - _SMALL
    words = [word for word in cut(plain) if len(word) > 1]
    kinds = ((PAIR, pairs), (PAIR, others), (WORD, words), (SINGLE, singles), (MEANING, meanings(whole)))
    return np.unique(np.array([number(one, kind) for kind, held in kinds for one in held], dtype=np.uint32))


def without_politeness(text: str) -> str:
    return _SAYS_NOTHING.sub(" ", text)


def weights_of(terms: Terms) -> npt.NDArray[np.float64]:
    return WEIGHTS[terms & 3]


def meanings(text: str) -> set[str]:
    """Of what a text speaks, whatever the words it uses for it."""
    ways, owners = _ways()
    return {owner for way in ways.findall(text) for owner in owners[way]}


def said_by_meanings(text: str, held: frozenset[int]) -> list[str]:
    """The words of a text by which it speaks of something that is among these terms."""
    ways, owners = _ways()
    return [way for way in ways.findall(text) if any(number(owner, MEANING) in held for owner in owners[way])]


@cache
def _ways() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Every way to say something, the longest first, and what is said by it."""
    lines = [line.split() for line in EVERYDAY.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    owners: dict[str, tuple[str, ...]] = {}
    for ways in lines:
        for way in ways:
            owners[way] = (*owners.get(way, ()), ways[0])
    pattern = "|".join(map(re.escape, sorted(owners, key=len, reverse=True)))
    return re.compile(pattern), owners


def number(term: str, kind: int) -> int:
    return (crc32(f"{kind}{term}".encode()) & 0xFFFFFFFC) | kind
