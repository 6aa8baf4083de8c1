"""The audit log to search and verify, and machines' tokens to issue and revoke."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.clock import within_reach
from hotline.errors import OutOfTurn, Refusal
from hotline.i18n import _
from hotline.staff import changes
from hotline.tickets.roles import Role
from hotline.tickets.seals import chain
from hotline.tickets.seals.seal_files import verify_here as verify_seals
from hotline.web.admin import tokens as machine_tokens
from hotline.web.admin.pages import BOOK_READERS, READERS, page, pages, record
from hotline.web.admin.words import action_words, detail_words
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from models import ApiToken, Audit, Seal, Staff, Ticket


@pages.get("/audit")
@allow(BOOK_READERS)
def audit_log() -> str:
    return _book(None)


@pages.post("/audit/verify")
@allow(BOOK_READERS)
def verify() -> str:
    """Recompute the whole chain of seals; that somebody looked is written down as well."""
    verdict = verify_seals(here.db, here.settings)
    record("audit_verified", "chain", links=verdict.links, rows=verdict.rows, problems=len(verdict.problems))
    return _book(verdict)


def _book(verdict: chain.Verdict | None) -> str:
    sort = request.args.get("sort", "-at")
    turned = sorted_page(
        here.db,
        select(Audit).where(*_wanted()),
        Audit.at,
        Audit.id,
        rising=sort == "at",
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    ids = [one.ticket_id for one in turned.rows if one.ticket_id]
    numbers = {
        number: name for number, name in here.db.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)))
    }
    seals = here.db.execute(select(func.count(), func.max(Seal.sealed_at), func.sum(Seal.rows))).one()
    actions = here.db.scalars(select(Audit.action).distinct().order_by(Audit.action)).all()
    return page(
        "audit",
        turned=turned,
        sort=sort,
        numbers=numbers,
        seals=seals,
        verdict=verdict,
        action_words=action_words,
        detail_words=detail_words,
        actions=[(action, action_words(action)) for action in actions],
    )


def _wanted() -> list[Any]:
    args, found = request.args, []
    if args.get("action"):
        found.append(Audit.action == args["action"][:32])
    if args.get("who"):
        found.append(Audit.actor_name.contains(args["who"].strip()[:64], autoescape=True))
    if args.get("ticket"):
        found.append(
            Audit.ticket_id == select(Ticket.id).where(Ticket.number == args["ticket"].strip()[:24]).scalar_subquery()
        )
    for name, days in (("from", 0), ("to", 1)):
        if day := _day(args.get(name, ""), days):
            found.append(Audit.at >= day if name == "from" else Audit.at < day)
    return found


def _day(text: str, more: int) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (
        datetime.combine(day + timedelta(days=more), time(0), ZoneInfo(here.city.timezone))
        if within_reach(day)
        else None
    )


@pages.get("/tokens")
@allow(READERS)
def tokens() -> str:
    return _tokens({}, {})


@pages.post("/tokens")
@allow(Role.ADMINISTRATOR)
def issue() -> ResponseReturnValue:
    """The secret is on this answer and nowhere else."""
    typed = request.form
    value: dict[str, Any] = {
        "name": typed.get("name", "").strip()[:64],
        "source": typed.get("source", "").strip()[:32],
        "scopes": typed.getlist("scopes"),
        "expires": typed.get("expires", "").strip(),
    }
    lists = {
        name: re.split(r"[\s,，、;；]+", typed.get(name, "").strip()) if typed.get(name, "").strip() else []
        for name in ("units", "towns", "addresses")
    }
    value |= {name: " ".join(codes) for name, codes in lists.items()}
    wanted = {
        "name": _("请填写令牌的用途。"),
        "source": _("请填写来源系统的代号。"),
        "scopes": _("请至少选择一项权限。"),
    }
    problems = {name: sentence for name, sentence in wanted.items() if not value[name]}
    if value["expires"] and _day(value["expires"], 1) is None:
        problems["expires"] = _("“%(value)s”不是有效的日期，请按 2026-03-15 的样子填写。", value=value["expires"][:20])
    if problems:
        return _tokens(value, problems), 400
    try:
        secret = machine_tokens.issue(
            here.db,
            value["name"],
            value["source"],
            value["scopes"],
            here.now,
            city=here.city,
            **lists,
            expires_at=_day(value["expires"], 1),
            by=here.me,
            address=here.address,
            waits=machine_tokens.reads_people(value["scopes"]),
        )
    except Refusal as refusal:
        return _tokens(value, refusal.problems or {"scopes": refusal.sentence}), 400
    return _made(secret)


@pages.post("/tokens/<int:token_id>/rotate")
@allow(Role.ADMINISTRATOR)
def rotate(token_id: int) -> ResponseReturnValue:
    """The new secret is on this answer and nowhere else; the old one goes on for a day."""
    old = here.db.get(ApiToken, token_id)
    waits = old is not None and machine_tokens.reads_people(old.scopes)
    return _made(machine_tokens.rotate(here.db, token_id, here.now, by=here.me, address=here.address, waits=waits))


def _made(secret: str) -> str:
    """What reads people's data opens when a second person has agreed: the secret alone is worth nothing until then."""
    token = machine_tokens.newest(here.db)
    if token.revoked_at is not None:
        powers = _("、").join(_(machine_tokens.SCOPES[one]) for one in token.scopes)
        me = here.db.get_one(Staff, here.me.id)
        changes.ask_token(here.db, me, token, here.me, here.now, here.address, powers)
        flash(_("这个令牌能看到个人信息：安全审计员或热线领导批准后才能使用。"), "warn")
    return _tokens({}, {}, secret)


@pages.post("/tokens/<int:token_id>/revoke")
@allow(Role.ADMINISTRATOR)
def revoke(token_id: int) -> ResponseReturnValue:
    if not machine_tokens.revoke(here.db, token_id, here.now, by=here.me, address=here.address):
        raise OutOfTurn(_("这个令牌已经停用。"))
    flash(_("令牌已停用。"), "good")
    return redirect(url_for("admin.tokens"), 303)


def _tokens(value: dict[str, Any], problems: dict[str, str], secret: str = "") -> str:
    sort = request.args.get("sort", "-created")
    turned = sorted_page(
        here.db,
        select(ApiToken),
        ApiToken.id,
        ApiToken.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page(
        "tokens",
        turned=turned,
        sort=sort,
        value=value,
        problems=problems,
        secret=secret,
        waiting=changes.tokens_that_wait(here.db),
        scopes=[(code, _(name)) for code, name in machine_tokens.SCOPES.items()],
    )
