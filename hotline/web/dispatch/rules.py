"""Rules of the catalogue that dispatchers override: how often, where to, and what the city's file would say instead."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hotline.i18n import _, language, speaking
from hotline.tickets.roles import Role
from hotline.triage import overrides
from hotline.triage.overrides import RuleUse
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from routing.rules import Rule

pages = Blueprint("rules", __name__, url_prefix="/dispatch/rules")
KEEPERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD, Role.ADMINISTRATOR})
"""Those who dispatch by the catalogue, and those who keep it."""

SHOWN_TICKETS = 8


@dataclass(frozen=True)
class RuleRow:
    """One overridden rule. rule: None when the catalogue has lost it since. diff: the proposed change, "" where none is clear."""

    use: RuleUse
    rule: Rule | None
    numbers: list[str]
    diff: str


@pages.get("/", strict_slashes=False)
@allow(KEEPERS)
def show() -> ResponseReturnValue:
    rules = {rule.id: rule for rule in here.city.rules}
    catalogue = (here.settings.city_dir / "dispatch.yaml").read_text("utf-8")
    rows = [_row(use, rules.get(use.rule_id), catalogue) for use in overrides.uses(here.db, here.now)]
    return render_template("dispatch/rules.html", rows=rows, days=overrides.WINDOW.days, rule_words=_words)


def _words(rule: Rule) -> str:
    return rule.reason_en if language() == "en" else rule.reason


def _row(use: RuleUse, rule: Rule | None, catalogue: str) -> RuleRow:
    change = overrides.change_for(use)
    narrows = (
        change and rule and (change.areas or set(change.categories) != set(rule.categories) or not rule.categories)
    )
    diff = overrides.diff_of(catalogue, change, *_reasons(change.times)) if change and narrows else ""
    return RuleRow(use, rule, [one.number for one in use.overridden[-SHOWN_TICKETS:]], diff)


def _reasons(times: int) -> tuple[str, str]:
    """What the new rule says of itself, in both languages; whoever keeps the catalogue puts the law in its place."""
    said = []
    for code in ("zh", "en"):
        with speaking(code):
            said.append(_("近 %(days)s 天派单员 %(n)s 次改派到这里", days=overrides.WINDOW.days, n=times))
    return said[0], said[1]
