"""What the pages of ready words share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from hotline.city.ready.schema import DESKS
from hotline.i18n import _
from hotline.web.core.permission import may_open
from hotline.web.core.request_context import here

pages = Blueprint("ready", __name__, url_prefix="/ready")


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        ready_desk=lambda code: _(DESKS[code]), uses_ready=lambda: may_open(here.me, "ready.offered")
    )
