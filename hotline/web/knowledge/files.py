"""Articles and matters as files: looked at before they are taken, the refused rows to be mended, and all of it taken out."""

from __future__ import annotations

import io
import time
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.knowledge import rights, writing
from hotline.knowledge.demo import folder_of
from hotline.knowledge.files import importing
from hotline.knowledge.files.exporting import workbook
from hotline.knowledge.files.headings import FIELDS, NEEDED
from hotline.knowledge.in_force import in_force, released
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.attachments import checked_words
from hotline.web.core.formatting import local
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.core.transaction import commit
from hotline.web.knowledge.pages import XLSX, pages
from hotline.web.search.csv_files import CsvWriter
from models import ArticleVersion, KnowledgeImport
from models.store.hidden import ring_of

RUNS = {"looked": N_("已检查，等您确认"), "taken": N_("已读入"), "dropped": N_("已放弃")}
RUN_TONES = {"looked": "warn", "taken": "good", "dropped": "quiet"}
SHOWN_REJECTS = 100
GAP = 0.15
"""Seconds between two parts of a release: who waits for SQLite asks every tenth of a second."""


@pages.get("/imports")
@allow(rights.KEEPERS)
def imports() -> str:
    return _list({})


@pages.post("/imports")
@allow(rights.KEEPERS)
@takes_files
def upload() -> ResponseReturnValue:
    file, kind = request.files.get("file"), request.form.get("kind", "article")
    try:
        if file is None or not file.filename:
            raise Refusal(_("请选择一个文件。"), field="file")
        if kind not in writing.KINDS:
            raise Refusal(_("请选择是知识还是事项。"), field="kind")
        commit()  # whoever writes does not wait while the file is read
        run = importing.look(
            here.db, here.city, folder_of(here.settings.var), file.filename, file.stream, kind, here.me, here.now
        )
    except Refusal as refusal:
        read_only()
        return _list(refusal.problems or {"file": refusal.sentence}), refusal.status
    return redirect(url_for("knowledge.import_run", run_id=run.id), 303)


@pages.get("/imports/<int:run_id>")
@allow(rights.KEEPERS)
def import_run(run_id: int) -> str:
    run = _run(run_id)
    waiting = select(func.count()).where(ArticleVersion.import_id == run.id, ArticleVersion.state == "waiting")
    return render_template(
        "knowledge/import_run.html",
        run=run,
        state=_(RUNS[run.state]),
        tone=RUN_TONES[run.state],
        columns=[(FIELDS[run.kind][field][0], heading) for field, heading in run.columns.items()],
        rejects=run.rejects[:SHOWN_REJECTS],
        waiting=here.db.scalar(waiting) or 0,
        checked=checked_words()[run.checked],
        may_release=run.by_id != here.me.id,
    )


@pages.post("/imports/<int:run_id>/<any(take, drop, release):deed>")
@allow(rights.KEEPERS)
def import_deed(run_id: int, deed: str) -> ResponseReturnValue:
    run, folder = _run(run_id), folder_of(here.settings.var)
    if deed == "take":
        owner = importing.own_unit_of(here.db, run.by_id, here.city)
        commit()  # whoever writes does not wait while the file is read
        rows = importing.read_again(here.city, folder, run, ring_of(here.db.get_bind()), here.now, owner)
        importing.take(here.db, here.city, folder, run, rows, here.me, here.now)
        flash(_("已读入 %(n)s 条，等另一人核对后发布。", n=run.new + run.changed), "good")
    elif deed == "drop":
        importing.drop(folder, run)
        flash(_("已放弃，文件已从服务器删除。"), "good")
    else:
        _release(run)
    return redirect(url_for("knowledge.import_run", run_id=run.id), 303)


def _release(run: KnowledgeImport) -> None:
    """Part by part, each committed; between two of them whoever waits to write comes first."""
    done, over, last = 0, 0, 0
    while (part := writing.release_part(here.db, here.city, here.me, run.id, here.now, last)).last:
        done, over, last = done + part.done, over + part.over, part.last
        commit()
        time.sleep(GAP)
    flash(_("已发布 %(n)s 条。", n=done), "good")
    if over:
        flash(_("%(n)s 条的有效期已经过了，没有发布：先改有效期。", n=over), "warn")


@pages.get("/imports/<int:run_id>/rejects")
@allow(rights.KEEPERS)
def import_rejects(run_id: int) -> Response:
    """The rows that were refused, as a table to be mended and imported again."""
    run = _run(run_id)
    columns = list(dict.fromkeys(name for one in run.rejects for name in one["row"]))
    out = io.StringIO()
    sheet = CsvWriter(out)
    sheet.writerow([_("原行号"), _("原工作表"), _("有错的列"), _("没有读入的原因"), *columns])
    for one in run.rejects:
        sheet.writerow(
            [
                one["line"],
                one["sheet"],
                one.get("column", ""),
                one["reason"],
                *(one["row"].get(name, "") for name in columns),
            ]
        )
    headers = {"Content-Disposition": f"attachment; filename=rejects-{run.id}.csv"}
    return Response(out.getvalue().encode("utf-8-sig", "replace"), mimetype="text/csv", headers=headers)


@pages.get("/template/<any(article, matter):kind>")
@allow(rights.KEEPERS)
def template(kind: str) -> Response:
    """An empty workbook with the headings that are understood."""
    return _workbook(workbook([], kind, here.city), f"template-{kind}.xlsx")


@pages.post("/export")
@allow(rights.TAKERS)
def export() -> Response:
    """What is in force, as a workbook that the import reads again; a POST, because it is written into the book."""
    kind = request.form.get("kind", "article")
    kind = kind if kind in writing.KINDS else "article"
    query = released().where(in_force(here.city.calendar.day_of(here.now)), ArticleVersion.id.is_not(None))
    rows = [row for row in here.db.execute(query.order_by(ArticleVersion.article_id)) if row[0].kind == kind]
    audit.record(
        here.db, "export", here.me, here.now, subject=f"knowledge-{kind}.xlsx", address=here.address, rows=len(rows)
    )
    return _workbook(
        workbook([(row[0], row[1]) for row in rows], kind, here.city), f"{kind}-{local(here.now, 'day')}.xlsx"
    )


def _workbook(body: bytes, name: str) -> Response:
    return Response(body, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _run(run_id: int) -> KnowledgeImport:
    run = here.db.get(KnowledgeImport, run_id)
    if run is None:
        raise NotFound(_("没有这次导入。"))
    return run


def _list(problems: dict[str, str]) -> str:
    listed = sorted_page(
        here.db, select(KnowledgeImport), KnowledgeImport.at, KnowledgeImport.id, rising=False, **asked_page()
    )
    needed: dict[str, Any] = {
        kind: "、".join(FIELDS[kind][field][0] for field in fields) for kind, fields in NEEDED.items()
    }
    return render_template(
        "knowledge/imports.html",
        rows=listed.rows,
        listed=listed,
        problems=problems,
        states={code: _(name) for code, name in RUNS.items()},
        tones=RUN_TONES,
        kinds=[(code, _(name)) for code, name in writing.KINDS.items()],
        needed=needed,
        accept=",".join(importing.KINDS),
    )
