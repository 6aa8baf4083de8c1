"""The lists of ready words, one's own and everybody's; writing, changing, taking away and bringing back, with what was said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.ready.places import PLACES
from hotline.city.ready.schema import DESKS, LONGEST_BODY, LONGEST_TITLE
from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.ready import filling, history, rights, words
from hotline.ready.words import Wording
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.ready import offering
from hotline.web.ready.pages import pages
from models import ReadyWord

__all__ = ["offering", "pages"]
TABS = {"mine": N_("我的"), "shared": N_("共用"), "retired": N_("已停用")}


@pages.get("/", strict_slashes=False)
@allow(rights.USERS)
def show() -> str:
    tab, desk = request.args.get("tab", "shared"), request.args.get("desk", "")
    tab, desk = tab if tab in TABS else "shared", desk if desk in DESKS else ""
    listed = sorted_page(
        here.db, words.listed(here.me, tab, desk), ReadyWord.uses, ReadyWord.id, rising=False, **asked_page()
    )
    parts = [(_(name), url_for("ready.show", tab=one), one == tab, None) for one, name in TABS.items()]
    return render_template("ready/show.html", page=listed, parts=parts, tab=tab, desk=desk, desks=_desks())


@pages.get("/new")
@allow(rights.USERS)
def new() -> str:
    return _form(None, {"desk": request.args.get("desk", ""), "shared": request.args.get("shared", "")}, {})


@pages.post("/new")
@allow(rights.USERS)
def create() -> ResponseReturnValue:
    shared = bool(request.form.get("shared"))
    return _done(None, _("已保存。"), lambda: words.write(here.db, here.me, _typed(), here.now, shared=shared))


@pages.get("/<int:word_id>")
@allow(rights.USERS)
def edit(word_id: int) -> str:
    word = words.found(here.db, here.me, word_id)
    return _form(word, {"title": word.title, "body": word.body, "desk": word.desk}, {})


@pages.post("/<int:word_id>")
@allow(rights.USERS)
def save(word_id: int) -> ResponseReturnValue:
    word = words.found(here.db, here.me, word_id)
    return _done(word, _("已保存。"), lambda: words.rewrite(here.db, here.me, word, _typed(), here.now, _seen()))


@pages.post("/<int:word_id>/<any(retire, restore):deed>")
@allow(rights.USERS)
def turn(word_id: int, deed: str) -> ResponseReturnValue:
    word = words.found(here.db, here.me, word_id)
    do = words.retire if deed == "retire" else words.restore
    told = _("已停用，不再给出；需要时可以恢复。") if deed == "retire" else _("已恢复。")
    return _done(word, told, lambda: do(here.db, here.me, word, here.now, _seen()))


def _done(word: ReadyWord | None, told: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Refused, the form comes back with everything that was typed."""
    try:
        do()
    except Refusal as refusal:
        if refusal.status not in (400, 409):
            raise
        read_only()
        problems = refusal.problems or {"": refusal.sentence}
        again = words.found(here.db, here.me, word.id) if word is not None else None
        return _form(again, request.form.to_dict(), problems), refusal.status
    flash(told, "good")
    shared = word.owner_id is None if word is not None else bool(request.form.get("shared"))
    return redirect(url_for("ready.show", tab="shared" if shared else "mine"), 303)


def _typed() -> Wording:
    return Wording(*(request.form.get(name, "") for name in ("title", "body", "desk")))


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _desks() -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in DESKS.items() if code]


def _form(word: ReadyWord | None, value: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    return render_template(
        "ready/word.html",
        word=word,
        value=value,
        problems=problems,
        may_change=word is None or rights.may_change(here.me, word),
        may_share=rights.may_share(here.me),
        desks=_desks(),
        places=[(f"{{{name}}}", _(what)) for name, what in PLACES.items()],
        longest=(LONGEST_TITLE, LONGEST_BODY),
        example=filling.fill(word.body, here.city, here.me, None, here.now) if word is not None else "",
        history=history.history(here.db, words.KIND, word.id) if word is not None else [],
        deeds={code: _(name) for code, name in history.DEEDS.items()},
    )
