"""The intake's own form over an invented caller: read as at the desk, and held beside what the program would make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import url_for

from hotline.practice.scoring import WRITTEN_IN, Filed
from hotline.tickets.states import STATES, State
from hotline.web.intake.fields import field_words
from hotline.web.intake.form import DEFAULTS, TYPED, Intake
from hotline.web.intake.side_panel import Beside, SideRow, beside, considered
from models import PracticeRun


def blank(run: PracticeRun) -> Intake:
    """The form with which a call opens: the caller's number stands in it, where one is shown."""
    values = {name: DEFAULTS.get(name, "") for name in TYPED}
    return Intake({**values, "phone": str(run.script["phone"])})


def filed(intake: Intake) -> Filed:
    """What was typed, and what the program makes of it. Raises Refusal for a category that is none."""
    intake.category()
    triage, values = considered(intake), intake.values
    found = triage.place.area if triage.place.sure else None
    return Filed(
        {name: values.get(name, "").strip() for name in (*WRITTEN_IN, "privacy", "channel")},
        triage.category or "",
        triage.unit or "",
        triage.urgency,
        values["area"] or found or "",
        triage.request_type,
        intake.answers,
    )


def panel(run: PracticeRun, intake: Intake) -> Beside:
    """What stands beside the form; of real callers and their matters nothing, of this one what the script knows."""
    earlier = _earlier(run)
    return replace(
        beside(intake, of_people=False),
        history=[earlier] if earlier else [],
        likely=[],
        phone_known=earlier is not None,
        usual=None,
    )


def drawn(run: PracticeRun, intake: Intake, problems: dict[str, str]) -> dict[str, Any]:
    """Everything that the form's templates take."""
    return {
        **field_words(intake),
        "problems": problems,
        "questions_url": url_for("practice.questions", run_id=run.id),
        **beside_words(run, intake),
    }


def beside_words(run: PracticeRun, intake: Intake) -> dict[str, Any]:
    """practising: what would count, send or keep something is left out."""

    def join_url(action: str, number: str) -> str:
        return url_for("practice.file", run_id=run.id, then="urge")

    return {"intake": intake, "side": panel(run, intake), "join_url": join_url, "practising": True}


def _earlier(run: PracticeRun) -> SideRow | None:
    """The old matter of this caller, which is nobody's."""
    told = run.script["earlier"]
    if not told:
        return None
    at = run.made_at - timedelta(days=int(told["days"]))
    return SideRow(
        id=0,
        number=told["number"],
        url="#history",
        title=told["title"],
        state=State.HANDLING.value,
        state_name=str(STATES[State.HANDLING].name),
        round=1,
        urgency="normal",
        request_type="help",
        unit="",
        category="",
        place="",
        channel="hotline",
        privacy="masked",
        created_at=at,
        due_at=None,
        clock="",
        started_at=at,
        safety=False,
        card=None,
        supervised=False,
        dissatisfied=False,
        urges=0,
        asking_more=False,
        auto_signed=False,
        second_look=False,
        readable=True,
        open=True,
        reasons=(),
    )
