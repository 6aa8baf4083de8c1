"""Every route says who may open it; a route that says nothing keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.urls import iri_to_uri

from hotline.errors import Misconfigured, NotAllowed
from hotline.i18n import _
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from hotline.web.core.forms.draft_store import rescue_form
from hotline.web.core.navigation import page_permission
from hotline.web.core.request_context import here

PUBLIC = "public"
SIGNED = "signed"
"""PUBLIC: anybody. SIGNED: a machine that proves itself in its own way (webhooks, API tokens)."""

EVERYBODY = frozenset(Role)
CENTRE = CENTRE_ROLES
UNITS = UNIT_ROLES
F = TypeVar("F", bound=Callable[..., Any])


def allow(*who: Role | frozenset[Role] | str, to: str = "") -> Callable[[F], F]:
    """Declare who may open a route: roles, sets of roles, PUBLIC or SIGNED. to: the permission it takes beside the page's own."""
    allowed: set[Role | str] = set()
    for one in who:
        allowed |= one if isinstance(one, frozenset) else {one}

    def mark(view: F) -> F:
        view.allows, view.takes = frozenset(allowed), to  # type: ignore[attr-defined]
        return view

    return mark


def allowed_by(app: Flask, endpoint: str) -> frozenset[Role | str] | None:
    """What the route's view declared; static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return frozenset({PUBLIC})
    return getattr(app.view_functions[endpoint], "allows", None)


def install(app: Flask) -> None:
    app.before_request(_check)


def require_declarations(app: Flask) -> None:
    """Raises Misconfigured naming every route without a declared permission."""
    silent = [rule.rule for rule in app.url_map.iter_rules() if allowed_by(app, rule.endpoint) is None]
    if silent:
        raise Misconfigured(_("这些网址没有声明权限：%(urls)s", urls=", ".join(sorted(silent))))


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    allowed = allowed_by(current_app, request.endpoint) or frozenset()
    if PUBLIC in allowed or SIGNED in allowed:
        return None
    me = here.me_or_none
    if me is None:
        return _to_login()
    if g.get("must_change") and request.endpoint not in (
        "login.account",
        "login.change",
        "login.logout",
        "login.language",
        "login.dress",
    ):
        return redirect(url_for("login.account"))
    if not may_open(me, request.endpoint):
        raise NotAllowed(_("您的角色不能打开这个页面。需要时请联系管理员。"))
    return None


def may_open(me: Actor, endpoint: str) -> bool:
    """Whether this person may open the route, with the hats that go with its page and with what it does."""
    view = current_app.view_functions[endpoint]
    for what in (page_permission(endpoint.rpartition(".")[0]), getattr(view, "takes", "")):
        me = me.doing(what) if what else me
    return bool(me.roles & (allowed_by(current_app, endpoint) or frozenset()))


def _to_login() -> ResponseReturnValue:
    """Not signed in (any more): what was typed is kept as a draft, then the login page comes back to where it was."""
    rescue_form()
    target = request.full_path.rstrip("?") if request.method == "GET" else request.headers.get("Referer", "")
    address = url_for("second.show" if "half" in g else "login.form", next=local_path(target))
    if here.htmx or request.is_json or request.headers.get("Accept") == "text/event-stream":
        return "", 401, {"HX-Redirect": address}
    return redirect(address)


def local_path(target: str) -> str:
    """Only a path of this site, in the letters of an address; an open redirect would lend our name to others."""

    if not target or "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return iri_to_uri(path) if path.startswith("/") and not path.startswith("//") else "/"


def address_to_read() -> str:
    """This page's address for reloading, coming back and going on from: never one that only takes forms.

    A form's answer stands under the address the form was sent to. Where that is a page too it is the same form once more; where not,
    the page on which the form stood.
    """
    if request.method in ("GET", "HEAD") or _is_read(request.path):
        return request.full_path.rstrip("?")
    return local_path(request.headers.get("Referer", ""))


def _is_read(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
