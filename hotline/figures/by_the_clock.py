"""What the clock does with the days: each minute they are brought up to now, each night they are audited."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from hotline.figures.auditing import audit
from hotline.figures.folding import AT_ONCE, fold, stands_still, tell_until
from hotline.installation import Installation

log = logging.getLogger(__name__)
FOLDS_FOR = 20.0
"""Seconds of a minute; the clock has other things to do."""


FEW = 40
"""Tickets folded at once on SQLite, where whoever wants to write waits meanwhile."""


def fold_days(installation: Installation, now: datetime) -> None:
    """A large backlog (the first time, or after a change of the definitions) is worked off for some seconds of each minute."""
    with installation.readings() as db:
        quiet = stands_still(db, installation.city, now)
    if quiet:
        with installation.sessions() as db:
            tell_until(db, installation.city, now)
            db.commit()
        return
    most = FEW if installation.engine.dialect.name == "sqlite" else AT_ONCE
    end = time.monotonic() + FOLDS_FOR
    while time.monotonic() < end:
        with installation.sessions() as db:
            more = fold(db, installation.city, now, most)
            db.commit()
        if not more:
            return


def audit_days(installation: Installation, now: datetime) -> None:
    with installation.sessions() as db:
        found = audit(db, installation.city, now)
        db.commit()
    if found:
        log.error("%d figures by day are not what the history tells, the first on %s", len(found), found[0].day)
