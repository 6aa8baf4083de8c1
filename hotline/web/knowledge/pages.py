"""What the knowledge pages share: the blueprint, this process's index, and the choices of their forms."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, current_app

from hotline.i18n import _
from hotline.knowledge.matters import guide_facts, papers_of
from hotline.knowledge.search.index import Index
from hotline.knowledge.wording import source_words
from hotline.knowledge.writing import KINDS, STATES
from hotline.web.core.request_context import here

pages = Blueprint("knowledge", __name__, url_prefix="/knowledge")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {"draft": "quiet", "waiting": "warn", "returned": "bad", "released": "good", "replaced": "quiet"}
EXTENSION = "knowledge_index"
__all__ = ["EXTENSION", "TONES", "XLSX", "index_here", "pages", "unit_choices"]


@pages.record_once
def _install(state: Any) -> None:
    state.app.extensions[EXTENSION] = Index()
    state.app.jinja_env.globals.update(
        knowledge_state=lambda code: _(STATES[code]),
        knowledge_kind=lambda code: _(KINDS[code]),
        knowledge_tones=TONES,
        source_words=source_words,
        guide_facts=guide_facts,
        papers_of=papers_of,
    )


@pages.before_app_request
def _warm() -> None:
    """The first request of a process has the index built beside it: nobody waits for it while a caller speaks."""
    app = current_app
    if app.extensions.get(f"{EXTENSION}_begun") or app.config["TESTING"]:
        return
    app.extensions[f"{EXTENSION}_begun"] = True
    readings, index = here.installation.readings, app.extensions[EXTENSION]

    def build() -> None:
        with readings() as db:
            index.refresh(db)

    threading.Thread(target=build, name="knowledge", daemon=True).start()


def index_here() -> Index:
    """This process's index."""
    index: Index = current_app.extensions[EXTENSION]
    return index


def unit_choices(*, own: bool = False) -> list[tuple[str, str]]:
    """Units that may own knowledge; own: only those this person writes for."""
    from hotline.knowledge.rights import may_write

    return [
        (unit.code, here.city.unit_name(unit.code))
        for unit in here.city.units.values()
        if unit.kind != "outside" and (not own or may_write(here.me, unit.code))
    ]


def is_in_force(version: Any, article: Any) -> bool:
    """Whether this version may be told today."""
    today = here.city.calendar.day_of(here.now)
    over = version.valid_until is not None and version.valid_until < today
    return bool(article.version_id == version.id and version.valid_from <= today and not over)
