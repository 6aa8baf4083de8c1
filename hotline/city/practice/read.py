"""Reads practice.yaml and practice_scripts.yaml; a city without a practice room has no such files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet
from hotline.city.mistakes import Notebook
from hotline.city.practice.schema import (
    ENDS,
    ITEMS,
    SAID,
    SPOTS,
    WRITTEN,
    Earlier,
    Exam,
    Key,
    Kind,
    Matter,
    PracticeRules,
    Question,
    Script,
    Special,
    Words,
)
from hotline.i18n import N_

FILE, SCRIPTS = "practice.yaml", "practice_scripts.yaml"
URGENCIES = ("normal", "urgent", "critical")
PRIVACIES = ("open", "masked", "sealed")
TYPES = ("consult", "help", "complaint", "report", "suggestion", "praise", "other")
LINES = ("110", "119", "120", "122")


def read_practice(
    folder: Path, categories: Collection[str], units: Collection[str], areas: Collection[str], notebook: Notebook
) -> PracticeRules:
    """In the order of the files. categories, units, areas: the codes that keys may name."""
    if not (folder / FILE).exists():
        return PracticeRules()
    book = YamlSheet(folder, FILE, notebook)
    kinds = {one.code: one for one in (_kind(row) for row in book.top.list_of_rows("kinds"))}
    questions = {one.code: one for one in (_question(row) for row in book.top.list_of_rows("questions"))}
    points = _points(book.top.row("points"))
    pass_mark, puzzled = _at_least(book.top, "pass_mark", 80, 1), book.top.text("puzzled")
    exams = {one.code: one for one in (_exam(row, kinds) for row in book.top.list_of_rows("exams", required=False))}
    book.finish()
    known = _Known(kinds, questions, categories, units, areas)
    scripts = _scripts(folder, known, notebook)
    _enough(book, exams, scripts)
    return PracticeRules(kinds, questions, points, pass_mark, puzzled, exams, scripts)


class _Known:
    """The codes that scripts may name, each kind with the sentence for one that is none."""

    def __init__(self, kinds: Collection[str], questions: Collection[str], *city: Collection[str]):
        self.kinds, self.questions = kinds, questions
        self.categories, self.units, self.areas = city

    def check(self, row: YamlRow, name: str, values: Collection[str], known: Collection[str]) -> None:
        for value in values:
            if known and value not in known:
                row.mistake(name, N_("“%(name)s”里的“%(value)s”没有定义"), value=value)


def _scripts(folder: Path, known: _Known, notebook: Notebook) -> dict[str, Script]:
    book = YamlSheet(folder, SCRIPTS, notebook)
    scripts: dict[str, Script] = {}
    for row in book.top.list_of_rows("scripts"):
        one = _script(row, known)
        if one.code in scripts:
            row.mistake("code", N_("代码“%(code)s”重复"), code=one.code)
        scripts[one.code] = one
    book.finish()
    return scripts


def _enough(book: YamlSheet, exams: Mapping[str, Exam], scripts: Mapping[str, Script]) -> None:
    """An examination cannot draw more callers of a kind than there are."""
    for exam in exams.values():
        for kind, n in exam.draw.items():
            if n > sum(one.kind == kind for one in scripts.values()):
                book.top.mistake("exams", N_("“%(kind)s”的脚本不够考试抽取"), kind=kind)


def _kind(row: YamlRow) -> Kind:
    return Kind(row.code(), row.text("name"), row.text("name_en"))


def _question(row: YamlRow) -> Question:
    return Question(row.code(), row.text("ask"), row.words("words"), row.text("unknown"))


def _points(row: YamlRow | None) -> dict[str, int]:
    return {item: _at_least(row, item, 0, 0) for item in ITEMS} if row is not None else {}


def _exam(row: YamlRow, kinds: Mapping[str, Kind]) -> Exam:
    draw: dict[str, int] = {}
    if (drawn := row.row("draw")) is not None:
        for kind in drawn.names():
            draw[kind] = _at_least(drawn, kind, 0, 1)
            if kind not in kinds:
                drawn.mistake(kind, N_("“%(name)s”里的“%(value)s”没有定义"), value=kind)
    return Exam(
        row.code(),
        row.text("name"),
        row.text("name_en"),
        draw,
        _at_least(row, "minutes", 40, 1),
        _at_least(row, "pass_mark", 80, 1),
        _at_least(row, "days", 1, 0),
        _at_least(row, "most", 3, 1),
        _at_least(row, "months", 12, 1),
    )


def _script(row: YamlRow, known: _Known) -> Script:
    kind, first = row.text("kind"), row.text("first", "")
    known.check(row, "kind", [kind], known.kinds)
    answers = row.row("answers", required=False)
    said = {name: answers.text(name) for name in answers.names()} if answers else {}
    known.check(row, "answers", list(said), known.questions)
    known.check(row, "first", [first] if first else [], known.questions)
    return Script(
        row.code(),
        kind,
        row.text("name"),
        row.text("phone", ""),
        row.text("says"),
        row.text("advice"),
        _key(row, known),
        said,
        tuple(Special(one.words("words"), one.text("say")) for one in row.list_of_rows("specials", required=False)),
        first,
        row.text("until") if first else "",
        _earlier(row.row("earlier", required=False)),
    )


def _earlier(row: YamlRow | None) -> Earlier | None:
    return Earlier(row.text("number"), row.text("title"), _at_least(row, "days", 1, 0)) if row is not None else None


def _key(row: YamlRow, known: _Known) -> Key:
    ends, to = row.choices("ends", tuple(ENDS)), row.choice("to", LINES, "")
    if not ends:
        row.mistake("ends", N_("缺少“%(name)s”"))
    if ("transfer" in ends) != bool(to):
        row.mistake("to", N_("转接的脚本要写明转给谁，不转接的不写"))
    matters = tuple(_matter(one, known) for one in row.list_of_rows("matters", required=False))
    if len(matters) > 2:
        row.mistake("matters", N_("“%(name)s”最多两件"))
    asks = row.words("asks")
    known.check(row, "asks", asks, known.questions)
    never = tuple(_words(one, SPOTS) for one in row.list_of_rows("never", required=False))
    return Key(ends, matters, to, asks, never, row.choices("fatal", tuple(ITEMS)))


def _matter(row: YamlRow, known: _Known) -> Matter:
    categories, units, area = row.words("categories"), row.words("units"), row.text("area", "")
    known.check(row, "categories", categories, known.categories)
    known.check(row, "units", units, known.units)
    known.check(row, "area", [area] if area else [], known.areas)
    return Matter(
        categories,
        units,
        area,
        row.words("place"),
        row.choices("urgency", URGENCIES),
        row.choices("privacy", PRIVACIES),
        row.choices("types", TYPES),
        tuple(_words(one, (WRITTEN,)) for one in row.list_of_rows("facts", required=False)),
    )


def _words(row: YamlRow, spots: tuple[str, ...]) -> Words:
    words = row.words("any")
    if not words:
        row.mistake("any", N_("缺少“%(name)s”"))
    spot = row.choice("spot", spots, SAID if SAID in spots else WRITTEN)
    return Words(row.text("what"), words, spot)


def _at_least(row: YamlRow, name: str, default: int, least: int) -> int:
    value = row.whole(name, default)
    if value < least:
        row.mistake(name, N_("“%(name)s”不能小于 %(least)s"), least=least)
    return value
