"""What an article says, as it is typed or imported: cleaned, checked field by field, and never without its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.knowledge.matters import faults_of
from hotline.tickets.fields import still_open
from hotline.tickets.vocabulary import CHANNELS
from models import ArticleVersion

AUDIENCES = {"staff": N_("只给工作人员"), "public": N_("也给市民")}
MOST_QUESTIONS, LONGEST_QUESTION = 20, 200
LONGEST_TEXT = 110
"""Characters of an answer as a text: with the source it stays within what one text holds."""

LONGEST = {"title": 200, "phone_answer": 600, "long_answer": 8_000, "source": 300, "source_number": 120}
LONGEST_OF_TEXTS = {**LONGEST, "text_answer": LONGEST_TEXT, "source_clause": 120}
MOST_LINKS, LONGEST_LINK = 10, 500
_SCHEME, _WEB = re.compile(r"\s*[a-z][a-z0-9+.-]*\s*:(?!\d)", re.I), re.compile(r"\s*https?://", re.I)
FIRST_PART, FURTHER_PARTS = 70, 67
"""Characters of a text that goes out alone, and of each part of a longer one (GSM 03.38, UCS-2)."""


@dataclass
class Wording:
    """The fields of one version, under the names of its columns; guide: of a matter, see `matters`."""

    title: str = ""
    questions: list[str] = field(default_factory=list)
    phone_answer: str = ""
    text_answer: str = ""
    long_answer: str = ""
    category_code: str | None = None
    source: str = ""
    source_number: str = ""
    source_clause: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    area: str | None = None
    channels: list[str] = field(default_factory=list)
    audience: str = "staff"
    links: list[str] = field(default_factory=list)
    guide: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        return asdict(self)


FIELDS = tuple(Wording.__dataclass_fields__)


def wording_of(version: ArticleVersion) -> Wording:
    return Wording(**{name: getattr(version, name) for name in FIELDS})


def same_words(version: ArticleVersion, wording: Wording) -> bool:
    """Whether a version says exactly this."""
    return wording_of(version) == wording


def text_parts(text: str) -> int:
    """How many parts a text takes on its way to a telephone."""
    return 1 if len(text) <= FIRST_PART else -(-len(text) // FURTHER_PARTS)


def source_words(version: ArticleVersion) -> str:
    """The source as it is told: name, document number, clause."""
    return " ".join(part for part in (version.source, version.source_number, version.source_clause) if part)


def lines_of(text: str) -> list[str]:
    """One thing a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.replace("；", "\n").splitlines() if line.strip()))


def checked(wording: Wording, kind: str, city: City, today: date) -> Wording:
    """The wording made clean. Raises Refusal with a sentence for every wrong field."""
    cleaned = _clean(wording, today)
    problems = {
        **_missing(cleaned, kind),
        **_too_long(cleaned),
        **_open(cleaned),
        **_unknown(cleaned, city),
        **_dates(cleaned),
        **faults_of(cleaned.guide),
    }
    if wrong := [link for link in cleaned.links if not is_web_address(link)]:
        problems["links"] = _no_web_address(wrong[0])
    if runs_something(online := str(cleaned.guide.get("url") or "")):
        problems["url"] = _no_web_address(online)
    if problems:
        raise Refusal(" ".join(problems.values()), code="invalid_article", problems=problems)
    return cleaned


def is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(link) <= LONGEST_LINK and link.isascii()


def runs_something(online: str) -> bool:
    """Whether an online address is for another program than a browser's page. Words (“the city's app”) and bare hosts are none such."""
    return bool(_SCHEME.match(online)) and not _WEB.match(online)


def _no_web_address(link: str) -> str:
    return _("“%(link)s”不是 http 或 https 网址。", link=link[:80])


def _clean(wording: Wording, today: date) -> Wording:
    said: Mapping[str, Any] = wording.columns()
    texts = {name: value.replace("\x00", "").strip() for name, value in said.items() if isinstance(value, str)}
    questions = [one for one in _each(wording.questions) if one != texts["title"]]
    return Wording(
        **{
            **said,
            **texts,
            "questions": questions,
            "links": _each(wording.links),
            "category_code": texts.get("category_code") or None,
            "area": texts.get("area") or None,
            "valid_from": wording.valid_from or today,
        }
    )


def _each(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in values if one.strip()))


def _missing(wording: Wording, kind: str) -> dict[str, str]:
    problems = {}
    if not wording.title:
        problems["title"] = _("请写下问题。") if kind == "article" else _("请写下事项名称。")
    if not wording.source:
        problems["source"] = _("请写明依据：没有出处的内容不能发布。")
    if kind == "article" and not wording.phone_answer:
        problems["phone_answer"] = _("请写下电话里怎么答。")
    if kind == "article" and not wording.text_answer and len(wording.phone_answer) > LONGEST_TEXT:
        problems["text_answer"] = _("电话答复超过 %(most)d 字，请另写一条短信用的。", most=LONGEST_TEXT)
    return problems


def _too_long(wording: Wording) -> dict[str, str]:
    problems = {
        name: _("最多 %(most)d 个字，现在是 %(now)d 个字。", most=most, now=len(getattr(wording, name)))
        for name, most in LONGEST_OF_TEXTS.items()
        if len(getattr(wording, name)) > most
    }
    if len(wording.questions) > MOST_QUESTIONS or any(len(one) > LONGEST_QUESTION for one in wording.questions):
        problems["questions"] = _(
            "最多 %(most)d 种问法，每种不超过 %(long)d 个字。", most=MOST_QUESTIONS, long=LONGEST_QUESTION
        )
    if len(wording.links) > MOST_LINKS:
        problems["links"] = _("最多 %(most)d 个网址。", most=MOST_LINKS)
    return problems


def _open(wording: Wording) -> dict[str, str]:
    """What is read out and sent as it is has no place that somebody was to fill."""
    said = {name: getattr(wording, name) for name in LONGEST_OF_TEXTS} | {
        name: " ".join(told) if isinstance(told, list) else told for name, told in wording.guide.items()
    }
    return {name: hole for name, words in said.items() if (hole := still_open(words))}


def _unknown(wording: Wording, city: City) -> dict[str, str]:
    known = (
        ("category_code", wording.category_code, city.categories),
        ("area", wording.area, city.areas),
        ("audience", wording.audience, AUDIENCES),
        *(("channels", one, CHANNELS) for one in wording.channels),
    )
    return {
        name: _("没有“%(value)s”这个选项，请从列表中选择。", value=str(value)[:40])
        for name, value, held in known
        if value and value not in held
    }


def _dates(wording: Wording) -> dict[str, str]:
    ends_first = wording.valid_until and wording.valid_from and wording.valid_until < wording.valid_from
    return {"valid_until": _("有效期的最后一天早于第一天，请改正。")} if ends_first else {}
