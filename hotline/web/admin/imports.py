"""Files of other systems, brought in by an administrator: uploaded, looked at, mapped, taken in while the bar moves, and accounted for."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline import outbox
from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _
from hotline.intake.importing import runs
from hotline.intake.importing.preflight import SheetFound, Understood
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.told import FACT_NAMES, sentences
from hotline.intake.importing.wish import TEXTS
from hotline.staff.taking_away import Take, counted, waits
from hotline.tickets.privacy.attachments import checked_words
from hotline.tickets.roles import Role
from hotline.tickets.vocabulary import CHANNELS
from hotline.web.admin.pages import READERS, page, pages, record
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.search.csv_files import CsvWriter, Digits
from models import ImportRun, Job
from models.tickets.attachment import UNCHECKED

SHOWN = 30
STATES = {
    "looking": N_("检查中"),
    "looked": N_("已检查，等您确认"),
    "refused": N_("有疑问，没有读入"),
    "running": N_("正在读入"),
    "done": N_("已读完"),
    "dropped": N_("已放弃"),
}
TONES = {"looking": "info", "looked": "warn", "refused": "bad", "running": "info", "done": "good", "dropped": "quiet"}
WHOM = {"recent": N_("只发给最近三天内的诉求"), "all": N_("都发"), "none": N_("都不发")}


@pages.get("/imports")
@allow(READERS)
def imports() -> str:
    return _list({}, {})


@pages.post("/imports")
@allow(Role.ADMINISTRATOR)
@takes_files
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    options = _options()
    try:
        if file is None or not file.filename:
            raise Refusal(_("请选择一个文件。"), field="file")
        run = runs.start(here.db, here.settings.var, file.filename, file.stream, options, here.me, here.now)
    except Refusal as refusal:
        here.db.rollback()
        return _list(options, refusal.problems or {"file": refusal.sentence}), 400
    record("import_uploaded", run.name, run=run.id)
    return redirect(url_for("admin.import_run", run_id=run.id), 303)


@pages.get("/imports/<int:run_id>")
@allow(READERS)
def import_run(run_id: int) -> str:
    run = _get(run_id)
    found = run.understood
    read = [sheet for sheet in found.get("sheets", ()) if sheet["read"]]
    shown: dict[str, str] = {}
    for sheet in read:
        for fact, columns in sheet["columns"].items():
            shown.setdefault(fact, columns[0])
    return page(
        "import_run",
        run=run,
        state=_(STATES[run.state]),
        tone=TONES[run.state],
        told=_sentences(found),
        checked=checked_words()[found.get("checked", UNCHECKED)],
        trouble=_without_switches(run.trouble or ""),
        chosen=shown | run.options.get("columns", {}),
        facts=[(fact, _(name)) for fact, name in FACT_NAMES.items()],
        columns=run.options.get("every_column", []),
        preview=found.get("preview", []),
        wrong=found.get("wrong_rows", []),
        share=_share(run),
        stuck=_stuck(run),
        some_rejects=bool(run.conflict or run.rejected),
        whom=_(WHOM[run.options.get("texts", "recent")]),
        channel=_(CHANNELS[run.options.get("channel", "web")]),
    )


@pages.get("/imports/<int:run_id>/progress")
@allow(READERS)
def import_progress(run_id: int) -> ResponseReturnValue:
    """The bar while it moves; once it has ended, the page is shown anew."""
    run = _get(run_id)
    if run.state not in ("looking", "running"):
        return "", 200, {"HX-Redirect": url_for("admin.import_run", run_id=run.id)}
    return render_template(
        "admin/_import_progress.html",
        run=run,
        share=_share(run),
        stuck=_stuck(run),
        may_act=here.me.is_(Role.ADMINISTRATOR),
    )


@pages.post("/imports/<int:run_id>/map")
@allow(Role.ADMINISTRATOR)
def import_map(run_id: int) -> ResponseReturnValue:
    run = _get(run_id, "looked", "refused", "looking")
    columns = set(run.options.get("every_column", ()))
    chosen = {fact: request.form.get(f"column_{fact}", "") for fact in FACT_NAMES}
    runs.remap(
        here.db, run, {fact: column for fact, column in chosen.items() if not column or column in columns}, here.now
    )
    return redirect(url_for("admin.import_run", run_id=run.id), 303)


@pages.post("/imports/<int:run_id>/start")
@allow(Role.ADMINISTRATOR)
def import_start(run_id: int) -> ResponseReturnValue:
    run = _get(run_id, "looked")
    runs.begin(here.db, run, here.now)
    record("import_started", run.name, run=run.id, rows=run.rows)
    return redirect(url_for("admin.import_run", run_id=run.id), 303)


@pages.post("/imports/<int:run_id>/again")
@allow(Role.ADMINISTRATOR)
def import_again(run_id: int) -> ResponseReturnValue:
    """A look or a piece that was given up is tried once more."""
    run = _get(run_id, "looking", "running")
    if run.state == "looking":
        runs.look_again(here.db, run, here.now)
    elif job := _job(run):
        outbox.retry(here.db, job.id, here.now)
    return redirect(url_for("admin.import_run", run_id=run.id), 303)


@pages.post("/imports/<int:run_id>/drop")
@allow(Role.ADMINISTRATOR)
def import_drop(run_id: int) -> ResponseReturnValue:
    run = _get(run_id, "looking", "looked", "refused")
    runs.drop(here.settings.var, run, here.now)
    record("import_dropped", run.name, run=run.id)
    flash(_("已放弃，文件已从服务器删除。"), "good")
    return redirect(url_for("admin.imports"), 303)


@pages.post("/imports/<int:run_id>/rejects")
@allow(Role.ADMINISTRATOR)
def import_rejects(run_id: int) -> ResponseReturnValue:
    """The rows that did not come in, as a table to be mended in Excel and imported again: people's data in clear, so many of
    them leave by the word of two."""
    run = _get(run_id, "running", "done")
    rows = list(runs.rejects_of(here.db, here.settings.var, run))
    words = _("“%(name)s”中没有读入的行", name=run.name)
    take = Take(f"rejects {run.id}", words, words, len(rows))
    alone = counted(here.db, here.me, take, here.settings.export_alone, here.now, here.address)
    if alone is None:
        flash(waits(here.settings.export_alone), "warn")
        return redirect(url_for("admin.import_run", run_id=run.id), 303)
    record("import_rejects", run.name, run=run.id, rows=len(rows), alone=alone)
    columns = list(dict.fromkeys(name for row in rows if isinstance(row["row"], dict) for name in row["row"]))
    out = io.StringIO()
    sheet = CsvWriter(out)
    sheet.writerow([_("原行号"), _("原工作表"), _("没有读入的原因"), *columns])
    for row in rows:
        held = row["row"] if isinstance(row["row"], dict) else {"": row["row"]}
        cells = [text_of(held.get(column)) for column in columns]
        sheet.writerow(
            [
                row["line"],
                row.get("sheet", ""),
                row["reason"],
                *map(_digits, cells),
                *([_digits(held[""])] if "" in held else []),
            ]
        )
    return Response(
        out.getvalue().encode("utf-8-sig", "replace"),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f"attachment; filename=rejects-{run.id}.csv",
            "Cache-Control": "private, no-store",
        },
    )


def _digits(text: str) -> str:
    return Digits(text) if text.isdigit() and len(text) > 8 else text


def _options() -> dict[str, Any]:
    told = request.form
    channel, texts = told.get("channel", "web"), told.get("texts", "recent")
    line = told.get("heading_row", "").strip()
    return {
        "source": told.get("source", "").strip()[:32],
        "channel": channel if channel in CHANNELS else "web",
        "texts": texts if texts in TEXTS else "recent",
        "sheet": told.get("sheet", "").strip()[:100],
        "heading_row": whole_number(line[:6]) or 0,
        "history": bool(told.get("history")),
        "columns": {},
    }


def _list(value: dict[str, Any], problems: dict[str, str]) -> str:
    held = here.db.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(SHOWN)).all()
    return page(
        "imports",
        runs=held,
        states={code: _(name) for code, name in STATES.items()},
        tones=TONES,
        value=value,
        problems=problems,
        channels=[(code, _(name)) for code, name in CHANNELS.items()],
        whom=[(code, _(name)) for code, name in WHOM.items()],
    )


def _get(run_id: int, *states: str) -> ImportRun:
    """Raises Refusal when it has moved on since the page was opened."""
    run = here.db.get(ImportRun, run_id)
    if run is None:
        raise NotFound(_("没有这次导入。"))
    if states and run.state not in states:
        raise Refusal(_("这次导入现在是“%(state)s”，请刷新页面。", state=_(STATES[run.state])))
    return run


def _sentences(found: dict[str, Any]) -> list[str]:
    if "file" not in found:
        return []
    plain = {name: value for name, value in found.items() if name in Understood.__dataclass_fields__}
    return list(sentences(Understood(**{**plain, "sheets": [SheetFound(**sheet) for sheet in found["sheets"]]})))


def _without_switches(sentence: str) -> str:
    """What the command line would be told to say is chosen on the page."""
    parts = re.split(r"(?<=。)|(?<=\. )", sentence)
    return "".join(part for part in parts if "--" not in part)


def _share(run: ImportRun) -> int | None:
    """Percent done; None while that cannot be told."""
    return min(100 * run.read // run.rows, 100) if run.state == "running" and run.rows else None


def _job(run: ImportRun) -> Job | None:
    return here.db.scalar(select(Job).where(Job.key == f"import_piece:{run.id}:{run.looks}:{run.position}"))


def _stuck(run: ImportRun) -> bool:
    """Nothing is enqueued any more, and it is not finished."""
    if run.state == "running":
        job = _job(run)
        return job is None or job.failed_at is not None
    if run.state == "looking":
        job = here.db.scalar(select(Job).where(Job.key == f"import_look:{run.id}:{run.looks}"))
        return (
            job is None
            or job.failed_at is not None
            or (job.done_at is not None and (here.now - job.done_at).total_seconds() > 600)
        )
    return False
