"""The words of a letter: HTML as text, and what the writer added without the letter that is answered below it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = frozenset({"script", "style", "head", "title", "template"})
ENDS_LINE = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"})
_QUOTED = re.compile(
    r"^\s*(-{2,}\s*(原始邮件|转发邮件|回复邮件|Original Message|Forwarded message)"
    r"|在.{4,80}写道[:：]\s*$|.{0,60}于.{4,40}写道[:：]\s*$|On .{6,160}wrote:\s*$|_{10,}\s*$)",
    re.I | re.M,
)
_HEADS = re.compile(
    r"^\s*(发件人|寄件人|From)\s*[:：].*\n(.*\n){0,2}\s*(发送时间|发送日期|日期|收件人|Sent|Date|To)\s*[:：]",
    re.I | re.M,
)
_SIGNED = re.compile(r"^-- ?\n", re.M)


def without_quote(text: str) -> str:
    """What stands above the answered letter; a letter that says nothing but the old one is kept whole."""
    cuts = [found.start() for one in (_QUOTED, _HEADS, _SIGNED) if (found := one.search(text))]
    above = text[: min(cuts, default=len(text))]
    new = "\n".join(line for line in above.split("\n") if not line.lstrip().startswith(">")).strip()
    return new or text.strip()


def of_html(source: str) -> str:
    """The text of a page as it is read, without what is quoted in it."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        elif tag in ENDS_LINE:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in ENDS_LINE:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data.replace("\n", " "))
