"""HTML as the text that people read in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = frozenset({"script", "style", "head", "title", "template"})
ENDS_LINE = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"})
_EMPTY = re.compile(r"[\s>]*")


def of_html(source: str) -> str:
    """The text of a page as it is read; what it quotes stands behind ">", as in plain letters."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    lines = ("" if _EMPTY.fullmatch(line) else " ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        elif tag in ENDS_LINE:
            self._quoted += tag == "blockquote"
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in ENDS_LINE:
            self._quoted -= tag == "blockquote" and self._quoted > 0
            self._end_line()

    def _end_line(self) -> None:
        self.found.append("\n" + "> " * min(self._quoted, 9))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data.replace("\n", " "))
