"""Where an own example came from, and how many plain closed tickets it weighs as much as."""

from __future__ import annotations

from hotline.i18n import N_

SOURCES = {
    "closed": N_("办结的工单"),
    "correction": N_("人工改判"),
    "objection": N_("退单成立后的改派"),
    "ruling": N_("疑难裁定"),
    "merge": N_("合并的工单"),
}
WEIGHTS = {"closed": 1.0, "correction": 4.0, "objection": 4.0, "ruling": 6.0, "merge": 1.0}
"""Where the first answer was wrong, a person took the trouble to say so; a ruling binds everybody."""
