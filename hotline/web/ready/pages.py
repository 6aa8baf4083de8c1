"""What the pages of ready words and macros share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from hotline.city.ready.schema import DESKS
from hotline.i18n import N_, _
from hotline.web.core.permission import may_open
from hotline.web.core.request_context import here

pages = Blueprint("ready", __name__, url_prefix="/ready")
TABS = {"mine": N_("我的"), "shared": N_("共用"), "retired": N_("已停用")}


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        ready_desk=lambda code: _(DESKS[code]), uses_ready=lambda: may_open(here.me, "ready.offered")
    )


def asked_tab() -> tuple[str, str]:
    """(tab, desk) of a list, as the address asks for them."""
    tab, desk = request.args.get("tab", "shared"), request.args.get("desk", "")
    return tab if tab in TABS else "shared", desk if desk in DESKS else ""


def tabs(endpoint: str, chosen: str) -> list[tuple[str, str, bool, None]]:
    return [(_(name), url_for(endpoint, tab=one), one == chosen, None) for one, name in TABS.items()]


def desks() -> list[tuple[str, str]]:
    """The desks to choose from; everywhere is the empty choice."""
    return [(code, _(name)) for code, name in DESKS.items() if code]


def seen_version() -> int:
    """Of what was changed: the version that stood in the form."""
    return request.form.get("seen", 0, type=int)
