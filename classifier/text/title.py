"""A one-line title for a text that came without one: the first clause that says something, without personal data."""

from __future__ import annotations

import re

from classifier.text.greetings import ANYBODY_THERE
from classifier.text.masking.mask import mask
from classifier.text.matter import matter

LONGEST = 30
READ = 2_000
_GREETING = re.compile(
    r"^(?:(?:尊敬|敬爱)的[^，,。！!：:\n]{0,20}(?:领导|书记|市长|省长|县长|区长|局长|主任|同志|政府|您)[^，,。！!：:\n]{0,6}|(?:各位领导|领导|书记|市长|政府|12345|热线)(?=[，,。！!：:\s您你]|$)|[^，,。！!：:\n]{0,8}(?:书记|市长|县长|区长|局长|领导)们?(?=[，,。！!：:\s您你]|$))?"
    r"[，,。！!：:\s]*(?:你们?好|您们?好|大家好|早上好|上午好|下午好|晚上好)?[，,。！!：:\s]*"
)
_SELF = re.compile(
    r"^(?:我们?|本人)?(?:是|叫(?![了不过来人他她])|系|来自|住在|家住|家在)[^，,。！!：:；;\n]{0,40}(?:[，,：:]|$)|^(?:市民|群众|来电人|来电|网友|投诉人|反映人)[^，,。：:]{0,8}(?:来电)?(?:反映|咨询|投诉|求助|举报|称|表示|建议)?[，,：:]"
)
_LEAD = re.compile(
    r"^(?:(?:我|本人|现|今天|在此|特此)?(?:要|想|来|向您|向你们?)?(?:反映一下|反映一个问题|反映|咨询一下|咨询|投诉一下|投诉|举报|请问一下|请问|想问一下|想问下|问一下|求助)(?:关于|的是|一下)?|关于|(?:我|跟你|给你|跟您)*说一下|事情是这样的?|是这样的?|我?跟[你您]说|就是|嗯|呃|那个|这个|啊|吧|喂)[，,：:\s]*"
)
_THERE = re.compile(rf"^{ANYBODY_THERE}[，,。！!？?\s]*")
_MARK = re.compile(r"^(?:https?://\S+\s*|[(（]?\d{1,2}[、.．)）]\s*(?=[\u4e00-\u9fff]))")
"""What begins a list, or a link: no word of the matter."""
_POLITE = re.compile(r"^(?:谢谢|感谢|打扰|麻烦|辛苦|不好意思|冒昧|首先|请|希望(?:领导|政府|有关部门|相关部门))")
_CLAUSE = re.compile(r"[^。！!？?；;\n]+")
_PAUSE = re.compile(r"[，,、：:]")
_WHERE = re.compile(
    r"[^，,、：:了没坏破漏堵占断塌裂响吵脏臭乱欠拖]{4,40}?(?:[省市县区镇乡村路街巷口旁边侧段头角处米号楼栋院东西南北]|大道|街道|小区|对面|附近|中间|单元)[，,：:]\s*(?=.{6})"
)
"""A clause that tells a place and nothing else, with more behind it."""


def title(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters (twice as many Latin letters), personal data starred; "" when the text has no words at all."""
    first = ""
    for line in _CLAUSE.finditer(matter(text[:READ])):
        clause = _without_manners(line[0].strip())
        if len(clause) >= 6 and not _POLITE.match(clause):
            return _shortened(mask(clause), longest)
        first = first or (clause if len(clause) >= 2 else "")
    return _shortened(mask(first or _first_words(text)), longest)


def _first_words(text: str) -> str:
    """A text that seemed to be manners alone still has a title, if it has words at all."""
    return next(
        (line[0].strip() for line in _CLAUSE.finditer(text[:READ]) if any(sign.isalpha() for sign in line[0])), ""
    )


def _without_manners(clause: str) -> str:
    """The clause without greeting, self-introduction and "I would like to report that"; the rest may be empty."""
    before = None
    while clause != before:
        before = clause
        for manner in (_MARK, _THERE, _GREETING, _SELF, _LEAD):
            clause = manner.sub("", clause, count=1).strip("，,：: 　\t")
    return clause


def _shortened(clause: str, longest: int) -> str:
    """Two Latin letters take the room of one Chinese character, and no word of theirs is cut."""
    clause = re.sub(r"\s+", " ", clause).strip()
    latin = clause.isascii()
    longest *= 1 + latin
    if len(clause) <= longest:
        return clause
    if where := _WHERE.match(clause):
        return _shortened(clause[where.end() :], longest // (1 + latin))
    if latin and " " in clause[:longest]:
        return clause[:longest].rsplit(" ", 1)[0] + "…"
    cut = [pause.start() for pause in _PAUSE.finditer(clause[: longest + 1]) if pause.start() >= 8]
    return clause[: cut[-1]] if cut else clause[: longest - 1] + "…"
