"""Autosave: the browser brings what is being typed, and gets it back after anything; of a ticket that has gone out of sight, sealed
meanwhile or passed on, nothing comes back.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import not_, select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.tickets.privacy.visibility import visible_to
from hotline.web.core.forms.draft_store import NEVER_KEPT, find, forget, is_full, keep
from hotline.web.core.limits.idempotency import was_sent
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from models import Ticket

pages = Blueprint("drafts", __name__, url_prefix="/drafts")
LARGEST = 200_000


@pages.get("/<path:key>")
@allow(EVERYBODY)
def read(key: str) -> ResponseReturnValue:
    _must_see(key)
    draft = find(here.db, _my_id(), key)
    if draft is None:
        return jsonify(version=0, data={}, saved_at=None)
    return jsonify(version=draft.version, data=draft.data, saved_at=draft.saved_at.isoformat())


@pages.put("/<path:key>")
@allow(EVERYBODY)
def write(key: str) -> ResponseReturnValue:
    """Body: {version, data, once}. A newer version saved from another tab is answered with 409 and its content.

    What comes late, after the form with this random key was done, is no draft any more: 410.
    """
    _must_see(key)
    version, data, once = _sent()
    if was_sent(here.db, once):
        return jsonify(error="sent"), 410
    if len(str(data)) > LARGEST:
        return jsonify(error="too large"), 413
    draft = find(here.db, _my_id(), key)
    if draft is not None and version < draft.version:
        return jsonify(version=draft.version, data=draft.data, saved_at=draft.saved_at.isoformat()), 409
    if draft is None and is_full(here.db, _my_id(), here.now):
        return jsonify(detail=_("您没有提交的表单太多，这一份不能自动保存，请先提交或清空一些。")), 429
    draft = keep(here.db, _my_id(), key, data)
    return jsonify(version=draft.version, saved_at=draft.saved_at.isoformat())


@pages.delete("/<path:key>")
@allow(EVERYBODY)
def discard(key: str) -> ResponseReturnValue:
    forget(here.db, _my_id(), key)
    return "", 204


def _must_see(key: str) -> None:
    """A form of a ticket bears its number, and holds what the ticket said. Raises NotFound."""
    named = Ticket.number.in_(key.split(":"))
    if here.db.scalar(select(Ticket.id).where(named, not_(visible_to(here.me)))) is not None:
        raise NotFound(_("没有这份草稿。"))


def _sent() -> tuple[int, dict[str, Any], str]:
    """The version, the words and the form's random key in the body. Raises Refusal for JSON of another shape."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refusal(_("请求正文应当是 JSON 对象。"))
    data, version = sent.get("data"), sent.get("version") or 0
    if not isinstance(data or {}, dict) or not isinstance(version, int) or not -1 < version < 2**53:
        raise Refusal(_("请求正文应当是 JSON 对象。"))
    words = {str(k): v for k, v in (data or {}).items() if k not in NEVER_KEPT}
    return version, words, str(sent.get("once") or "")[:80]


def _my_id() -> int:
    assert here.me.id is not None
    return here.me.id
