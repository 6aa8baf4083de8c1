"""The lists of ready words, one's own and everybody's; writing, changing, taking away and bringing back, with what was said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.city.ready.places import PLACES
from hotline.city.ready.schema import LONGEST_BODY, LONGEST_TITLE
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ready import history, keeping, rights, words
from hotline.ready.words import Wording
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.ready import macros, many, offering, running
from hotline.web.ready.pages import asked_tab, desks, pages, seen_version, tabs
from models import ReadyWord

__all__ = ["macros", "many", "offering", "pages", "running"]


@pages.get("/", strict_slashes=False)
@allow(rights.USERS)
def show() -> str:
    tab, desk = asked_tab()
    listed = sorted_page(
        here.db,
        keeping.listed(ReadyWord, here.me, tab, desk),
        ReadyWord.uses,
        ReadyWord.id,
        rising=False,
        **asked_page(),
    )
    return render_template(
        "ready/show.html", page=listed, parts=tabs("ready.show", tab), tab=tab, desk=desk, desks=desks()
    )


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
    word = keeping.found(here.db, ReadyWord, here.me, word_id)
    return _form(word, {"title": word.title, "body": word.body, "desk": word.desk}, {})


@pages.post("/<int:word_id>")
@allow(rights.USERS)
def save(word_id: int) -> ResponseReturnValue:
    word = keeping.found(here.db, ReadyWord, here.me, word_id)
    return _done(word, _("已保存。"), lambda: words.rewrite(here.db, here.me, word, _typed(), here.now, seen_version()))


@pages.post("/<int:word_id>/<any(retire, restore):deed>")
@allow(rights.USERS)
def turn(word_id: int, deed: str) -> ResponseReturnValue:
    word = keeping.found(here.db, ReadyWord, here.me, word_id)
    do = keeping.retire if deed == "retire" else keeping.restore
    told = _("已停用，不再给出；需要时可以恢复。") if deed == "retire" else _("已恢复。")
    return _done(word, told, lambda: do(here.db, here.me, word, here.now, seen_version()))


def _done(word: ReadyWord | None, told: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Refused, the form comes back with everything that was typed."""
    try:
        do()
    except Refusal as refusal:
        if refusal.status not in (400, 409):
            raise
        read_only()
        problems = refusal.problems or {"": refusal.sentence}
        again = keeping.found(here.db, ReadyWord, here.me, word.id) if word is not None else None
        return _form(again, request.form.to_dict(), problems), refusal.status
    flash(told, "good")
    shared = word.owner_id is None if word is not None else bool(request.form.get("shared"))
    return redirect(url_for("ready.show", tab="shared" if shared else "mine"), 303)


def _typed() -> Wording:
    return Wording(*(request.form.get(name, "") for name in ("title", "body", "desk")))


def _form(word: ReadyWord | None, value: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    return render_template(
        "ready/word.html",
        word=word,
        value=value,
        problems=problems,
        may_change=word is None or rights.may_change(here.me, word),
        may_share=rights.may_share(here.me),
        desks=desks(),
        places=[(f"{{{name}}}", _(what)) for name, what in PLACES.items()],
        longest=(LONGEST_TITLE, LONGEST_BODY),
        history=history.history(here.db, "word", word.id) if word is not None else [],
        deeds={code: _(name) for code, name in history.DEEDS.items()},
    )
