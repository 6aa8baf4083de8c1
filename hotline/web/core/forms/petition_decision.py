"""A petition is granted or refused: one reading of the form, whichever desk it was shown on."""

from __future__ import annotations

from flask import request

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets import petitions
from hotline.tickets.petitions import PETITIONS
from hotline.web.core.request_context import here


def typed_decision() -> str:
    """The words beside the two buttons, as typed."""
    return request.form.get("decision", "")


def granted() -> bool:
    """Which of the two buttons was pressed. Raises Refusal: a form that says neither decides nothing."""
    said = request.form.get("verdict")
    if said not in ("grant", "refuse"):
        raise Refusal(_("请按“同意”或“不同意”。"), field="verdict")
    return said == "grant"


def decide_as_typed(petition_id: int) -> str:
    """Grant or refuse as the form says; returns the sentence that tells it. Raises Refusal: a no needs its reason."""
    grants = granted()
    petition = petitions.decide(
        here.db, here.city, petition_id, grants, here.me, here.now, typed_decision(), request.form.get("days", type=int)
    )
    label = _(PETITIONS[petition.kind].label)
    return _("已同意“%(what)s”。", what=label) if grants else _("未同意“%(what)s”，理由已告知申请人。", what=label)
