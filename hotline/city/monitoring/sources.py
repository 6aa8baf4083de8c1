"""The documents that rules of monitoring rest on: who issued each, where its text stands, and the day on which it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hotline.city.marked import YamlRow
from hotline.i18n import N_, _, language

KNOWN = {
    "text": N_("已核对原文"),
    "name": N_("只知名称，内容和条款待核对"),
    "city": N_("本市资料"),
}
"""How far a source is known: its text was read, only its name is known, or it is the city's own file."""

READ = ("body", "year", "address", "read")
"""What is told of a document whose text was read."""


@dataclass(frozen=True)
class Source:
    """A document that rules rest on. known: see KNOWN. own: a regulation of this very city.

    address: where it is published; copy: where its articles were read, when that is elsewhere. read: the day of reading.
    """

    code: str
    title: str
    title_en: str
    known: str
    own: bool = False
    body: str = ""
    body_en: str = ""
    year: str = ""
    address: str = ""
    copy: str = ""
    read: date | None = None

    @property
    def shown(self) -> str:
        """Its title in the reader's language."""
        return self.title_en if language() == "en" else self.title

    @property
    def issued(self) -> str:
        """Who issued it, and when."""
        body = self.body_en if language() == "en" and self.body_en else self.body
        return _("%(body)s，%(year)s年", body=body, year=self.year) if body else ""

    @property
    def addresses(self) -> list[str]:
        return [one for one in dict.fromkeys((self.address, self.copy)) if one]

    def basis(self, clause: str) -> str:
        """As it is quoted: a clause that nobody has read is not invented, and another city's is not called ours."""
        if clause and self.own:
            return _("依据%(source)s%(clause)s", source=self.shown, clause=clause_shown(clause))
        if clause:
            return _("参照%(source)s%(clause)s（本市条款待核对）", source=self.shown, clause=clause_shown(clause))
        if self.known == "name":
            return _("参照%(source)s（只知名称，内容和条款待核对）", source=self.shown)
        if self.known == "text":
            return _("依据%(source)s（条款待核对）", source=self.shown)
        return _("依据%(source)s", source=self.shown)


_CLAUSE = re.compile(
    r"第(?P<article>[零〇一二三四五六七八九十百]+)条(?:第(?P<paragraph>[一二三四五六七八九十]+)款)?(?:第（(?P<item>[一二三四五六七八九十]+)）项)?"
)


def clause_shown(clause: str) -> str:
    """In the reader's language: "第二十七条第二款" is "Article 27, paragraph 2"; what is counted otherwise stays as it is told."""
    found = _CLAUSE.fullmatch(clause)
    if language() != "en" or found is None:
        return clause
    return ", ".join(f"{part} {_number(told)}" for part, told in found.groupdict().items() if told).capitalize()


def _number(told: str) -> int:
    """ "二十七" → 27."""
    whole, digit = 0, 0
    for sign in told:
        if sign in "十百":
            whole, digit = whole + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = "零一二三四五六七八九".index(sign.replace("〇", "零"))
    return whole + digit


def read_source(row: YamlRow) -> Source:
    """A row of `sources`; what was read says who issued it, when, where it stands and when it was read."""
    source = Source(
        row.code(),
        row.text("title"),
        row.text("title_en"),
        row.choice("known", tuple(KNOWN)),
        row.yes("own"),
        row.text("body", ""),
        row.text("body_en", ""),
        row.text("year", ""),
        row.text("address", ""),
        row.text("copy", ""),
        row.parsed("read", date.fromisoformat, None, N_("日期“%(value)s”不对，应如 2026-01-01")),
    )
    for name in READ:
        if source.known == "text" and not getattr(source, name):
            row.mistake(name, N_("读过原文的出处须写明“%(name)s”"))
    return source
