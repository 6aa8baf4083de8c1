"""A petition is granted or refused: one reading of the form, whichever desk it was shown on."""

from __future__ import annotations

from flask import request

from hotline.i18n import _
from hotline.tickets import petitions
from hotline.tickets.petitions import PETITIONS
from hotline.web.core.request_context import here


def typed_decision() -> str:
    """The words beside the two buttons, as typed."""
    return request.form.get("decision", "")


def decide_as_typed(petition_id: int) -> str:
    """Grant or refuse as the form says; returns the sentence that tells it. Raises Refusal: a no needs its reason."""
    grants = request.form.get("verdict") == "grant"
    petition = petitions.decide(
        here.db, here.city, petition_id, grants, here.me, here.now, typed_decision(), request.form.get("days", type=int)
    )
    label = _(PETITIONS[petition.kind].label)
    return _("已同意“%(what)s”。", what=label) if grants else _("未同意“%(what)s”，理由已告知申请人。", what=label)
