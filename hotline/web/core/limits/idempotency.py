"""A second press is answered like the first: every form that changes something bears a key, drawn with the page and kept with the deed.

The key is claimed in the request's own transaction before anything is done, so that of two presses at once the second waits for the
first. The first one's way onward is kept with it, hidden and for a day: a double click, a second Enter and a retry after a lost answer
all end on the same page with the same words. A refusal frees the key. What a script asks on a form's behalf (a proposal, a check) is
no press of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, g, redirect, request
from flask import session as cookie
from flask.json.tag import TaggedJSONSerializer
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hotline.errors import OutOfTurn
from hotline.i18n import _
from hotline.web.core.database_away import come_again
from hotline.web.core.permission import SIGNED, address_to_read, allowed_by
from hotline.web.core.request_context import here
from hotline.web.core.sessions import BOUND_TO, FORM_TOKEN
from models import Receipt
from models.store.away import is_away
from models.store.rows import insert_once

FORM, ACT = "form", "act"
LONGEST = 80
NO_WORDS = frozenset({"csrf_token", "once", "seen", "draft_key"})
_text = TaggedJSONSerializer()


@dataclass(frozen=True)
class Claim:
    """The receipt of the form that is being done, and the cookie's values before it."""

    db: Session
    receipt_id: int
    cookie: dict[str, str]


F = TypeVar("F", bound=Callable[..., Any])


def keyless(view: F) -> F:
    """A route that heeds no key: it is asked about a form which is still being filled, or it works long, or speaks to this house from
    outside, and must not hold the database meanwhile."""
    view.keyless = True  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Stands behind the permission: whoever may not open the route claims nothing. Its answer is kept before the commit."""
    app.jinja_env.globals["tokens"] = tokens
    app.before_request(_claim)
    app.after_request(_keep)


def tokens(once: bool = True) -> Markup:
    """The hidden fields of every form that is posted. once: false where nothing is done, or the same may be done twice."""
    said = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return said + Markup('<input type="hidden" name="once" value="{}" data-once>').format(_new_key()) if once else said


def _new_key() -> str:
    """One for each form of a page, alike but for their ends: a list of a hundred rows stays small on the wire."""
    if "page_key" not in g:
        g.page_key, g.forms = secrets.token_urlsafe(12), 0
    g.forms += 1
    return f"{g.page_key}.{g.forms}"


def was_sent(db: Session, once: str) -> bool:
    """Whether this person's form with that key has been done, whatever it was."""
    mine = (Receipt.provider == FORM, Receipt.kind.in_((ACT, "contact")), Receipt.event_id == _event(once))
    return bool(once) and db.scalar(select(Receipt.id).where(*mine)) is not None


def _event(once: str) -> str:
    """A key belongs to the person, or to the browser, whose page bore it: nobody can name another's."""
    me = here.me_or_none
    whose = str(me.id) if me else "-" + hashlib.sha256(str(cookie.get(FORM_TOKEN)).encode()).hexdigest()[:24]
    return f"{whose}:{once[:LONGEST]}"


def _claim() -> ResponseReturnValue | None:
    once = request.form.get("once", "") if _is_pressed() else ""
    if not once:
        return None
    made = insert_once(
        here.db,
        Receipt,
        ["provider", "kind", "event_id"],
        provider=FORM,
        kind=ACT,
        event_id=_event(once),
        received_at=here.now,
        result={},
        answer=_text.dumps({"said": _said()}),
    )
    if made is None:
        return _as_before(once)
    g.claim = Claim(here.db, made, _cookie())
    return None


def _is_pressed() -> bool:
    """A form that a person sent: not a machine's post, and not what a script asks about a form that is still being filled."""
    if request.method != "POST" or request.endpoint is None or here.htmx:
        return False
    if getattr(current_app.view_functions[request.endpoint], "keyless", False):
        return False
    return SIGNED not in (allowed_by(current_app, request.endpoint) or frozenset())


def _as_before(once: str) -> ResponseReturnValue:
    """The first one's answer. Raises OutOfTurn where the form says something else by now: its words come back instead of going under."""
    kept = _text.loads(here.db.scalars(select(Receipt.answer).where(*_is(once))).one() or "{}")
    if kept.get("said") != _said():
        raise OutOfTurn(
            _("这张表已经提交过，之后改的内容没有提交。需要时请复制下面的内容，打开页面重新填写。"), code="sent_already"
        )
    for name, value in kept.get("cookie", {}).items():
        cookie[name] = _text.loads(value)
    if to := kept.get("to"):
        return redirect(to, kept["status"])
    flash(_("已经提交过，没有重复办理。"), "info")
    return redirect(address_to_read(), 303)


def _is(once: str) -> tuple[Any, ...]:
    return Receipt.provider == FORM, Receipt.kind == ACT, Receipt.event_id == _event(once)


def _said() -> str:
    """A print of what the form says: the same words are the same press."""
    told = [(name, *values) for name, values in sorted(request.form.lists()) if name not in NO_WORDS]
    told += sorted((name, one.filename or "") for name, one in request.files.items(multi=True))
    return hashlib.sha256(repr((request.path, told)).encode("utf-8", "replace")).hexdigest()


def _cookie() -> dict[str, str]:
    return {name: _text.dumps(value) for name, value in cookie.items() if name not in (FORM_TOKEN, BOUND_TO)}


def _keep(response: Response) -> Response:
    """The way onward goes into the receipt. Where the database went away meanwhile, nothing was done: come again."""
    claim: Claim | None = g.pop("claim", None)
    if claim is None:
        return response
    try:
        _settle(claim, response)
    except DBAPIError as error:
        if not is_away(error):
            raise
        return response if response.status_code >= 400 else come_again(error)
    return response


def _settle(claim: Claim, response: Response) -> None:
    """A refusal, and a file that was handed out, leave no receipt."""
    if response.status_code >= 400:
        _free(claim)
    elif g.get("db") is claim.db and response.mimetype != "text/html":
        claim.db.execute(delete(Receipt).where(Receipt.id == claim.receipt_id))
    elif g.get("db") is claim.db:
        _write_down(claim, response)


def _write_down(claim: Claim, response: Response) -> None:
    now = _cookie()
    kept = {
        "said": _said(),
        "to": response.location,
        "status": response.status_code,
        "cookie": {name: value for name, value in now.items() if claim.cookie.get(name) != value},
    }
    mine = update(Receipt).where(Receipt.id == claim.receipt_id)
    claim.db.execute(mine.values(answer=_text.dumps(kept)), execution_options={"synchronize_session": False})


def _free(claim: Claim) -> None:
    """What was refused may be sent again, also where a part of it had been committed on the way."""
    claim.db.rollback()
    with here.installation.readings() as db:
        if db.scalar(select(Receipt.id).where(Receipt.id == claim.receipt_id)) is None:
            return
    with here.installation.sessions() as db:
        db.execute(delete(Receipt).where(Receipt.id == claim.receipt_id))
        db.commit()
