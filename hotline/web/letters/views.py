"""The letter tray: scans go in by the dozen, each is read, corrected beside its picture, and becomes a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.open_ticket import Contact
from hotline.letters import reader, scans
from hotline.letters.scans import READERS
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.attachments import checked_words
from hotline.web.core.limits.edge import whole_numbers
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.intake.asked import besides
from hotline.web.ticket import files

pages = Blueprint("letters", __name__, url_prefix="/letters")
MOST_AT_ONCE = 20
FIELDS = ("body", "received_on", "register_no", "name", "phone", "sender_address", "place")


@pages.get("/", strict_slashes=False)
@allow(READERS)
def show() -> str:
    return _tray()


@pages.post("/")
@allow(READERS)
@takes_files
def take_in() -> ResponseReturnValue:
    sent = [file for file in request.files.getlist("files") if file.filename]
    try:
        if not sent or len(sent) > MOST_AT_ONCE:
            raise Refusal(_("请选择扫描好的图片，一次最多 %(n)d 张。", n=MOST_AT_ONCE), field="files")
        most, folder = here.city.policy.attachment_max_mb, here.settings.attachments
        for file in sent:
            scans.take_in(here.db, folder, file.stream, file.filename or "", here.me, here.now, most)
    except Refusal as refusal:
        read_only()
        return _tray(refusal.problems or {"files": refusal.sentence}), refusal.status
    flash(_("已收进 %(n)d 张，正在识读。", n=len(sent)), "good")
    return redirect(url_for("letters.show"), 303)


@pages.get("/<int:scan_id>")
@allow(READERS)
def sheet(scan_id: int) -> str:
    return _sheet(scan_id)


@pages.get("/<int:scan_id>/picture")
@allow(READERS)
def picture(scan_id: int) -> ResponseReturnValue:
    _scan, held = scans.find(here.db, scan_id)
    return files.send(held, held.name)


@pages.post("/<int:scan_id>")
@allow(READERS)
def register(scan_id: int) -> ResponseReturnValue:
    """The letter becomes a ticket of the words in the form; the reading stays what it was."""
    pages_of = [scan for scan, _held in scans.find_pages(here.db, scan_id, _other_pages())]
    try:
        ticket = scans.register(here.db, here.city, here.me, pages_of, _contact(request.form), here.now)
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        read_only()
        return _sheet(scan_id, request.form, refusal.problems or {"": refusal.sentence}), 400
    flash(_("已登记为工单 %(number)s。", number=ticket.number), "good")
    return redirect(url_for("letters.show"), 303)


@pages.post("/<int:scan_id>/again")
@allow(READERS)
def again(scan_id: int) -> ResponseReturnValue:
    scans.ask_reading(here.db, scans.find(here.db, scan_id)[0], here.now)
    return redirect(url_for("letters.sheet", scan_id=scan_id), 303)


@pages.post("/<int:scan_id>/away")
@allow(READERS)
def throw_away(scan_id: int) -> ResponseReturnValue:
    scan, held = scans.find(here.db, scan_id)
    audit.record(here.db, "scan_thrown_away", here.me, here.now, subject=held.stored_as)
    scans.throw_away(here.db, here.settings.attachments, scan, held)
    flash(_("已删除这张扫描件。"), "good")
    return redirect(url_for("letters.show"), 303)


def _contact(form: Mapping[str, str]) -> Contact:
    if not form.get("body", "").strip():
        raise Refusal(_("请写下来信内容。"), field="body")
    typed = {name: form.get(name, "").strip() for name in FIELDS} | {"channel": "letter"}
    return Contact(
        body=typed["body"],
        channel="letter",
        name=typed["name"],
        phone=typed["phone"],
        place=typed["place"],
        once=f"scan:{request.path}",
        extra=besides(typed, {}, here.city, here.now),
    )


def _tray(problems: Mapping[str, str] | None = None) -> str:
    most = here.city.policy.attachment_max_mb
    rows = scans.waiting(here.db)
    return render_template(
        "letters/tray.html",
        rows=rows,
        problems=problems or {},
        reads=reader.is_there(),
        checked=checked_words(),
        most=MOST_AT_ONCE,
        most_mb=most,
    )


def _sheet(scan_id: int, typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None) -> str:
    """The pages of the letter beside its words, and the scans that may be further pages of it."""
    found = scans.find_pages(here.db, scan_id, _other_pages())
    today = here.city.calendar.day_of(here.now).isoformat()
    words = "\n".join(filter(None, (scan.text for scan, _held in found)))
    taken = {scan.id for scan, _held in found}
    return render_template(
        "letters/sheet.html",
        found=found,
        states={scan.state for scan, _held in found},
        put_off=any(scan.put_off for scan, _held in found),
        others=[(scan, held) for scan, held in scans.waiting(here.db) if scan.id not in taken][:MOST_AT_ONCE],
        value={"body": words, "received_on": today} if typed is None else typed,
        problems=problems or {},
        checked=checked_words(),
        most=BODY_TEXT,
    )


def _other_pages() -> list[int]:
    """The scans that a person has put to this letter, in the order in which they follow."""
    return whole_numbers(request.values.getlist("pages")[:MOST_AT_ONCE])
