"""A matter goes from one city to another through the province, which signs it for the other city and keeps nothing of it.

Cities share no keys with each other: each trusts what comes with its own. Who handed it over tries again until the other city has
answered (`hotline/partners`), and the other city answers the second post as the first; so nothing has to be kept on the way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotline.city.cells.neighbours import partner_name
from hotline.installation import Installation
from hotline.province import registry
from webhooks.cells.posts import Passed
from webhooks.partners import push
from webhooks.partners.posts import FILES, posts_path
from webhooks.partners.push import ACCEPTED, FINAL, Address, Answer, Expected

NEW_MATTERS = "posts"
SECONDS, FOR_A_FILE = 8.0, 50.0
"""Shorter than whoever handed it over waits for us."""

log = logging.getLogger(__name__)


def pass_on(
    installation: Installation, name: str, other: str, door: str, content: Mapping[str, Any], now: datetime
) -> Passed | None:
    """Post it at the other city's door of the same name; None when there is no such city. Holds no transaction meanwhile."""
    with installation.readings() as db:
        cell = registry.find(db, other)
        if cell is None or cell.stopped_at is not None or other == name:
            return None
        key = registry.keys_of(cell, now)[0]
        address = Address(cell.address + posts_path(partner_name(name), door), cell.private)
    seconds = FOR_A_FILE if door == FILES else SECONDS
    answer = push.post(address, key, f"{name}:{door}", content, now, Expected({}), seconds)
    if answer.result != ACCEPTED:
        log.warning("what %s handed to %s was not taken: %s", name, other, answer.trouble)
    return Passed(_status(answer, door), {"cell": other, "answer": dict(answer.said)} | _detail(answer))


def _status(answer: Answer, door: str) -> int:
    """The other city's own word where it is final. A door that it does not have yet comes with its next release."""
    if answer.result == ACCEPTED:
        return 200
    if answer.status == 404 and door in (NEW_MATTERS, FILES):
        return 503
    return answer.status if answer.status in FINAL else 503


def _detail(answer: Answer) -> dict[str, str]:
    """What an operator of the first city reads."""
    if answer.result == ACCEPTED:
        return {}
    return {"detail": str(answer.said.get("detail") or answer.trouble)[:200]}
