"""The board as an RSS 2.0 feed (https://www.rssboard.org/rss-specification)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from hotline.city.schema import City
from hotline.i18n import _, language
from hotline.public_board.board import Shown

ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def rss(city: City, site: str, path: str, rows: Iterable[Shown], now: datetime) -> bytes:
    """The feed's bytes. site: where the hotline answers; path: the feed's own address on it."""
    ElementTree.register_namespace("atom", ATOM)
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _say(channel, "title", _("%(city)s 12345：公开的诉求和答复", city=city.name))
    _say(channel, "link", f"{site}/c/board")
    _say(channel, "description", _("经本人同意、人工审读后公开，姓名、电话、门牌都已隐去。"))
    _say(channel, "language", "en" if language() == "en" else "zh-cn")
    _say(channel, "lastBuildDate", format_datetime(now))
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", href=f"{site}{path}", rel="self", type="application/rss+xml")
    for one in rows:
        _item(channel, city, site, one)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _item(channel: ElementTree.Element, city: City, site: str, one: Shown) -> None:
    item = ElementTree.SubElement(channel, "item")
    _say(item, "title", one.title)
    _say(item, "link", f"{site}/c/board/{one.id}")
    _say(item, "guid", f"{site}/c/board/{one.id}")
    _say(item, "pubDate", format_datetime(one.published_at))
    for code in city.category_path(one.category):
        _say(item, "category", city.category_name(code))
    _say(item, "description", _("诉求：%(request)s\n\n答复：%(answer)s", request=one.request, answer=one.answer))


def _say(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text.translate(_NOT_XML)
