"""Attachments over HTTP: up with a check, down only through the same door as the ticket, never run by a browser."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.keys import hidden_files
from hotline.tickets.act import act, lock
from hotline.tickets.privacy import attachments, audit, visibility
from hotline.tickets.privacy.file_kinds import kind_by_type
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.looking import note_file
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.ticket.details import file_row
from models import Attachment, Ticket
from models.store.hidden import ring_of

pages = Blueprint("files", __name__)
INERT = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'none'; sandbox"


@pages.post("/files")
@allow(EVERYBODY)
@takes_files
def add() -> ResponseReturnValue:
    """A file beside a form that is not sent yet; it joins the ticket with the form."""
    key = request.form.get("draft_key", "").strip()
    try:
        if not key:
            raise Refusal(_("这个文件不知道属于哪张表单，请刷新页面后再传。"))
        attachment = _store(_sent()[0], draft_key=key)
    except Refusal as refusal:
        return jsonify(detail=refusal.sentence), refusal.status
    return jsonify(_told(attachment)), 201


@pages.post("/tickets/<number>/files")
@allow(EVERYBODY)
@takes_files
def add_to_ticket(number: str) -> ResponseReturnValue:
    """A file onto the ticket; the story says who added it. Scripts get JSON, a plain form goes back to the ticket."""
    ticket = visibility.see(here.db, here.me, number)
    plain = "files_file" in request.files
    try:
        held = lock(here.db, ticket.id)
        stored = [_store(file, ticket=held) for file in _sent()]
        act(here.db, here.city, held, "attach", here.me, here.now)
    except Refusal as refusal:
        here.db.rollback()
        if plain:
            raise
        return jsonify(detail=refusal.sentence), refusal.status
    if plain:
        flash(_("已添加 %(n)d 个附件。", n=len(stored)), "good")
        return redirect(url_for("tickets.show", number=number), 303)
    return jsonify(_told(stored[0])), 201


@pages.get("/files/<stored_as>")
@allow(EVERYBODY)
def show(stored_as: str) -> Response:
    attachment = attachments.find(here.db, here.me, stored_as)
    attachments.need_clean(attachment)
    ticket = here.db.get(Ticket, attachment.ticket_id) if attachment.ticket_id else None
    note_file(attachment, ticket)
    return send(attachment, attachment.name if ticket is None else attachments.shown_name(attachment, ticket))


@pages.delete("/files/<stored_as>")
@allow(EVERYBODY)
def remove(stored_as: str) -> ResponseReturnValue:
    """Taken from the page, kept in the store; the audit says by whom."""
    try:
        attachment = attachments.find(here.db, here.me, stored_as)
        attachments.remove(attachment, here.me, here.now)
    except Refusal as refusal:
        return jsonify(detail=refusal.sentence), refusal.status
    audit.record(
        here.db,
        "remove_file",
        here.me,
        here.now,
        ticket_id=attachment.ticket_id,
        subject=attachment.stored_as[:120],
        address=here.address,
        stored_as=attachment.stored_as,
    )
    return "", 204


def send(attachment: Attachment, name: str) -> Response:
    """The bytes, with headers that keep a browser from running them. The caller has checked who asks, and says under which name
    this reader saves them."""
    attachments.need_clean(attachment)
    path, ring = here.settings.attachments / attachment.stored_as, ring_of(here.db.get_bind())
    kind = kind_by_type(attachment.media_type)
    if kind is None or not hidden_files.is_there(path, ring):
        raise NotFound(_("这个文件在服务器上找不到，请告诉管理员。"))
    response = send_file(
        hidden_files.opened(path, ring),
        mimetype=kind.media_type,
        as_attachment=not kind.inline,
        download_name=name,
        conditional=False,
        etag=attachment.sha256,
        last_modified=attachment.added_at,
        max_age=None,
    )
    response.content_length = attachment.size
    response.make_conditional(request.environ, accept_ranges=True, complete_length=attachment.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sent() -> list[FileStorage]:
    files = [file for file in (*request.files.getlist("file"), *request.files.getlist("files_file")) if file.filename]
    if not files:
        raise Refusal(_("没有收到文件，请重新选择。"))
    return files


def _store(file: FileStorage, *, ticket: Ticket | None = None, draft_key: str | None = None) -> Attachment:
    return attachments.store(
        here.db,
        here.settings.attachments,
        file.stream,
        file.filename or "",
        here.me,
        here.now,
        most_mb=here.city.policy.attachment_max_mb,
        ticket=ticket,
        draft_key=draft_key,
    )


def _told(attachment: Attachment) -> dict[str, Any]:
    row = file_row(attachment, here.me)
    return {name: row[name] for name in ("id", "name", "size", "url")}
