"""A person's browser: pages are opened and their forms sent as people do it, and nothing else is known of the server."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from hotline.i18n import _


class WentWrong(Exception):
    """The story differs from what it should be; the sentence says where."""


class _StayThere(HTTPRedirectHandler):
    """Redirects are part of the story: they are looked at, not followed."""

    def redirect_request(self, *_told: Any, **_more: Any) -> None:
        return None


@dataclass
class Browser:
    """One person's browser: cookies, hidden fields of the form that was opened last, and nothing else."""

    url: str
    opener: Any = field(init=False)

    def __post_init__(self) -> None:
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _StayThere())

    def open(
        self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, text and the place it points to."""
        try:
            answer = self.opener.open(Request(self.url + path, data=data, headers=dict(headers or {})), timeout=30)
        except HTTPError as error:
            answer = error
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")

    def page(self, path: str) -> str:
        """The text of a page that must open."""
        status, text, _to = self.open(path)
        if status != 200:
            raise WentWrong(_("打开 %(path)s 得到 %(status)d：%(text)s", path=path, status=status, text=said_on(text)))
        return text

    def submit(self, at: str, to: str, **answers: Any) -> str:
        """Open the page `at`, fill its form and send it to `to`; returns where it leads. The token is the page's own."""
        hidden = _hidden(self.page(at))
        form = [
            (name, one)
            for name, value in {**hidden, **answers}.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        status, text, leads_to = self.open(to, urlencode(form).encode())
        if status not in (302, 303):
            raise WentWrong(_("提交 %(path)s 得到 %(status)d：%(text)s", path=to, status=status, text=said_on(text)))
        return leads_to


def _hidden(page: str) -> dict[str, str]:
    """The token of the page and, of its main form, the hidden fields that make a second press harmless."""
    found = re.search(r'name="csrf[_-]token"[^>]* (?:value|content)="([^"]+)"', page)
    shown = re.findall(r'name="(seen|wording)"[^>]* value="(\d+)"', page)
    return {
        "csrf_token": found[1] if found else "",
        "once": secrets.token_hex(8),
        **dict(reversed(shown)),
    }


def said_on(page: str) -> str:
    """The words of a page, for a message about what went wrong."""
    body = re.sub(r"(?s)<(script|style|svg|head|nav|header).*?</\1>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())[:400]
