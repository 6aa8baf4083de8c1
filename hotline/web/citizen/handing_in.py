"""What every citizen's form has that becomes a ticket: the words that may not be missing, the consent, and one key for one sending."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.first_told import print_of_words
from hotline.web.core.limits.rate_limits import browser
from hotline.web.core.request_context import here

TRAP = "homepage"
"""A field no person sees; what is written there was written by a machine."""

LONGEST_KEY = 60


def check(form: Mapping[str, str], without_words: str, without_consent: str) -> None:
    """Raises Refusal naming what is missing, by the two sentences, or saying to ring where a machine has filled the form."""
    if form.get(TRAP):
        raise Refusal(_("没有提交成功。请拨打 %(number)s，我们马上为您登记。", number=here.city.hotline_number))
    missing = {
        "body": "" if form.get("body", "").strip() else without_words,
        "consent": "" if form.get("consent") else without_consent,
    }
    if problems := {field: sentence for field, sentence in missing.items() if sentence}:
        raise Refusal(next(iter(problems.values())), problems=problems)


def sheet_of(form: Mapping[str, Any]) -> str:
    """The key of this one form; "" when it has none."""
    return str(form.get("sheet") or form.get("once") or "")[:LONGEST_KEY]


def a_sheet(form: Mapping[str, Any]) -> str:
    """The key of the form that is shown once more, or a new one."""
    return sheet_of(form) or secrets.token_urlsafe(12)


def once_key(kind: str, form: Mapping[str, Any]) -> str | None:
    """The same words of the same browser on the same form are one matter; a key alone proves repetition and nobody's name.

    Whoever goes back to ask for secrecy or to name another place has said something else.
    """
    if not (key := sheet_of(form)):
        return None
    told = (form.get(name, "") for name in ("phone", "name", "place", "sealed"))
    said = (browser(), key, print_of_words(form.get("body", "")), *told)
    return f"{kind}:" + hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
