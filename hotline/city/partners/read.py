"""Reads partners.yaml; a city that exchanges nothing has no such file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hotline.city.marked import YamlRow, YamlSheet, check_name
from hotline.city.mistakes import Notebook
from hotline.city.partners.subscription import (
    FACTS,
    MESSAGE,
    MONITOR_FACTS,
    OURS,
    PERSONAL,
    SEALED,
    STREAM_KINDS,
    Subscription,
    Telling,
)
from hotline.i18n import N_

FILE = "partners.yaml"
ABOUT = ("own", "all")
KINDS = ("matters", "monitoring")
LONGEST_CHANNEL = 8
"""A message to a citizen keeps the partner's name as its channel."""


def read_partners(folder: Path, unit_codes: Collection[str] | None, notebook: Notebook) -> tuple[Subscription, ...]:
    """In the order of the file. unit_codes: None where the units cannot be read.

    Whether the life-cycle knows the actions is asked where it is known.
    """
    if not (folder / FILE).exists():
        return ()
    sheet = YamlSheet(folder, FILE, notebook)
    found: dict[str, Subscription] = {}
    for row in sheet.top.list_of_rows("partners"):
        one = _read(row, unit_codes)
        if one.name in found:
            row.mistake("name", N_("代码“%(code)s”重复"), code=one.name)
        found[one.name] = one
    sheet.finish()
    return tuple(found.values())


def _read(row: YamlRow, unit_codes: Collection[str] | None) -> Subscription:
    about = row.words("about")
    incoming = row.row("incoming", required=False)
    monitoring = row.choice("kind", KINDS, "matters") == "monitoring"
    if monitoring:
        _check_monitoring(row)
    for title in ("title", "title_en"):
        check_name(row.sheet, row.line_of(title), row.text(title))
    return Subscription(
        name=row.code("name"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        own="own" in about,
        everything="all" in about,
        bodies=_codes(row, about, "body:", unit_codes),
        units=_codes(row, about, "unit:", unit_codes),
        personal=row.choice("personal", tuple(PERSONAL), "none"),
        sealed=row.choice("sealed", tuple(SEALED), "never"),
        tellings=_tellings(row, monitoring),
        states=_pairs(row, "states"),
        accepts=_answers(row, "accepts"),
        refuses=_answers(row, "refuses"),
        receipt=row.text("receipt", ""),
        incoming=_pairs(incoming, "fields", OURS) if incoming else {},
        said=_said(incoming) if incoming else {},
        zone=incoming.text("zone", "") if incoming else "",
        monitoring=monitoring,
    )


def _check_monitoring(row: YamlRow) -> None:
    """A monitoring body reads the stream: of every ticket, without anything about people."""
    for name in ("about", "personal", "sealed", "states", "incoming"):
        if name in row:
            row.mistake(name, N_("kind: monitoring 的平台收全部工单的监察流，不写“%(name)s”"))


def _codes(row: YamlRow, about: tuple[str, ...], sign: str, known: Collection[str] | None) -> frozenset[str]:
    codes = {word.removeprefix(sign) for word in about if word.startswith(sign)}
    for word in about:
        if word not in ABOUT and not word.startswith(("body:", "unit:")):
            row.mistake(
                "about", N_("“%(name)s”不能是“%(value)s”，可选：own all body:单位代码 unit:单位代码"), value=word
            )
    for code in sorted(codes - set(codes if known is None else known)):
        row.mistake("about", N_("单位“%(unit)s”不存在"), unit=code)
    return frozenset(codes)


def _tellings(row: YamlRow, monitoring: bool) -> dict[str, Telling]:
    allowed = MONITOR_FACTS if monitoring else FACTS
    events = row.row("events", required=False)
    found = {}
    for kind in events.names() if events else ():
        one = events.row(kind) if events else None
        if one is not None:
            on = one.choices("on", STREAM_KINDS) if monitoring else one.words("on")
            if not on and kind != MESSAGE:
                one.mistake("on", N_("缺少“%(name)s”"))
            if kind == MESSAGE and len(row.text("name", "")) > LONGEST_CHANNEL:
                one.mistake(kind, N_("送市民消息的平台，代码最长 %(n)s 个字符"), n=LONGEST_CHANNEL)
            found[kind] = Telling(kind, frozenset(on), _pairs(one, "fields", allowed), _pairs(one, "fixed"))
    return found


def _pairs(row: YamlRow, name: str, allowed: Collection[str] = ()) -> dict[str, str]:
    held = row.row(name, required=False)
    pairs = {key: held.text(key) for key in held.names()} if held else {}
    for key, value in pairs.items():
        if held and allowed and value not in allowed:
            held.mistake(
                key, N_("“%(name)s”不能是“%(value)s”，可选：%(allowed)s"), value=value, allowed=" ".join(allowed)
            )
    return pairs


def _answers(row: YamlRow, name: str) -> dict[str, tuple[str, ...]]:
    held = row.row(name, required=False)
    return {key: held.words(key) for key in held.names()} if held else {}


def _said(row: YamlRow) -> dict[str, dict[str, str]]:
    held = row.row("words", required=False)
    found = {}
    for name in held.names() if held else ():
        if held and name not in OURS:
            held.mistake(name, N_("“%(name)s”不能是“%(value)s”，可选：%(allowed)s"), value=name, allowed=" ".join(OURS))
        found[name] = _pairs(held, name) if held else {}
    return found
