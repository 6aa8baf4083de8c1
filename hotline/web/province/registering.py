"""The administration's page of cities: who may report here, each with a key of its own that is shown once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.province import registry
from hotline.tickets.roles import Role
from hotline.web.admin.pages import READERS, page, pages, record
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here

FIELDS = ("name", "title", "title_en", "address")
DONE = {
    "stop": N_("已停用：不再收它的数字，也不再转给它。"),
    "resume": N_("已恢复。"),
    "trust": N_("已记下：下一次报来的链头作为新的起点。"),
    "move": N_("地址已改。"),
}


@pages.get("/cells")
@allow(READERS)
def cells() -> str:
    return _page()


@pages.post("/cells")
@allow(Role.ADMINISTRATOR)
def register_cell() -> ResponseReturnValue:
    value = {name: request.form.get(name, "").strip() for name in FIELDS}
    private = request.form.get("private") == "1"
    try:
        key = registry.register(here.db, **value, private=private, now=here.now)
    except Refusal as refusal:
        return _page(value=value | {"private": private}, problems=refusal.problems), refusal.status
    record("cell_registered", value["name"], listens_at=value["address"], private=private)
    return _page(key=key, of=value["name"])


@pages.post("/cells/<name>/<any(renew,stop,resume,trust,move):deed>")
@allow(Role.ADMINISTRATOR)
def cell_deed(name: str, deed: str) -> ResponseReturnValue:
    """A new key, stopped or heard again, its chain looked into, or moved to another address: each stands in the book."""
    cell = registry.get(here.db, name)
    told: dict[str, Any] = {}
    if deed == "renew":
        key = registry.renew(cell, here.now)
        record("cell_renew", name)
        return _page(key=key, of=name)
    if deed == "move":
        told = {"listens_at": request.form.get("address", "").strip(), "before": cell.address}
        registry.move(cell, told["listens_at"])
    elif deed == "trust":
        reason = request.form.get("reason", "").strip()[:300]
        if not reason:
            raise Refusal(_("请写明查明了什么。"), field="reason", code="trust_needs_reason")
        told = {"reason": reason, "was": cell.head_wrong, "link": cell.head_seal_id}
        registry.trust_head(cell)
    else:
        (registry.stop if deed == "stop" else registry.resume)(cell, here.now)
    record(f"cell_{deed}", name, **told)
    flash(_(DONE[deed]), "good")
    return redirect(url_for("admin.cells"), 303)


@pages.get("/cells/<name>")
@allow(READERS)
def cell(name: str) -> str:
    """One city: its address, its key's age, and what can be done about it."""
    found = registry.find(here.db, name)
    if found is None:
        raise NotFound(_("没有登记这个城市。"))
    return page("cell", one=found, overlap=registry.OVERLAP)


def _page(key: str = "", of: str = "", value: dict[str, Any] | None = None, problems: Any = None) -> str:
    return page(
        "cells",
        cells=registry.cells(here.db),
        is_silent=registry.is_silent,
        key=key,
        of=of,
        value=value or {},
        problems=problems or {},
    )
