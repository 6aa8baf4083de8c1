"""Light, dark, or as the system has it: the choice follows the account; the browser keeps it for the pages before signing in."""

from __future__ import annotations

from flask import Response, g, request

from hotline.i18n import N_
from hotline.web.core.request_context import here

COOKIE = "hotline_appearance"
AS_SYSTEM, LIGHT, DARK = "system", "light", "dark"
CHOICES = {AS_SYSTEM: (N_("跟随系统"), "display"), LIGHT: (N_("浅色"), "sun"), DARK: (N_("深色"), "moon")}
"""code → (what it is called, its icon), in the order of the menu."""

DARK_SHEET = {AS_SYSTEM: "screen and (prefers-color-scheme: dark)", DARK: "screen"}
"""When the dark palette counts; never on paper."""


def chosen() -> str:
    """The signed-in person's choice, else this browser's."""
    return checked(g.staff.appearance if here.me_or_none else request.cookies.get(COOKIE, AS_SYSTEM))


def checked(code: str) -> str:
    return code if code in CHOICES else AS_SYSTEM


def keep_in_browser(response: Response, code: str) -> None:
    response.set_cookie(
        COOKIE, code, max_age=365 * 86400, samesite="Lax", httponly=True, secure=here.settings.secure_cookies
    )
