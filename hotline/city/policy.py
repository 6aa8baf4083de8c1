"""The city's own numbers: how sure, how often, how long; each has a default, each may be set in city.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from hotline.city.marked import YamlRow, parse_hours
from hotline.i18n import N_

SHARES = (
    "auto_dispatch",
    "auto_dispatch_group",
    "unit_sets",
    "partly_weight",
    "phone_sample",
    "direct_sample",
    "reread_share",
)


@dataclass(frozen=True)
class Policy:
    """The city's numbers; shares lie in 0–1.

    auto_dispatch: the precision wished of tickets that go out by themselves, judged by their category of the second
    level; auto_dispatch_group: by that of the first, where all likely categories below lead to one unit.
    unit_sets: how often the set of units named with a proposal is to hold the right one; alone in its set a unit may go out by itself.
    direct_sample: of the direct answers, how many citizens are asked about, direct_after_hours after the answer.
    reread_share: of the replies passed with one key for all, how many quality control reads again.
    urge_days, order_days, explain_days, instruct_days: working days that are proposed for an urge, a supervision order, an
    explanation to discipline and a leader's instruction.
    few_waits: of fewer matters of a kind nothing is told of how long they took.
    fast_reply_minutes: a reply so soon after signing that says "solved" is held against the unit as a finding.
    undo_seconds: how long what was done at a desk can be taken back before anything goes out.
    duty_minutes: how long a unit's duty phone has to open an urgent ticket before the next person is texted.
    ring_seconds: how long a waiting call rings for one agent more alone; two rings of a telephone are ten seconds.
    """

    auto_dispatch_on: bool = False
    auto_dispatch: float = 0.97
    auto_dispatch_group: float = 0.97
    unit_sets: float = 0.98
    max_returns: int = 2
    max_extensions: int = 3
    extension_days: int = 3
    wait_days: int = 5
    long_cycle_days: int = 180
    civil_hours: tuple[time, time] = (time(9), time(20, 30))
    reminder_after_hours: int = 24
    answer_hours: int = 72
    archive_after_days: int = 30
    redo_rounds_to_leader: int = 2
    redo_rounds_to_supervision: int = 3
    idle_minutes: int = 30
    reveal_seconds: int = 60
    attachment_max_mb: int = 20
    retention_days: int = 1825
    partly_weight: float = 0.5
    urge_min_gap_hours: int = 12
    ask_more_days: int = 3
    few_answers: int = 30
    few_waits: int = 30
    phone_sample: float = 0.1
    direct_sample: float = 0.1
    direct_after_hours: int = 2
    reread_share: float = 0.1
    undo_seconds: int = 10
    fast_reply_minutes: int = 10
    ring_seconds: int = 10
    duty_minutes: int = 10
    urge_days: int = 1
    order_days: int = 3
    explain_days: int = 5
    instruct_days: int = 7


def read_policy(row: YamlRow) -> Policy:
    """Each field by the type of its default."""
    found: dict[str, Any] = {}
    for name, default in vars(Policy()).items():
        if isinstance(default, bool):
            found[name] = row.yes(name, default)
        elif isinstance(default, int):
            found[name] = row.whole(name, default)
        elif isinstance(default, float):
            found[name] = row.number(name, default)
        else:
            found[name] = row.parsed(name, parse_hours, default, N_("“%(name)s”应如 09:00-20:30，不能是“%(value)s”"))
    policy = Policy(**found)
    _check_policy(row, policy)
    return policy


def _check_policy(row: YamlRow, policy: Policy) -> None:
    for name, value in vars(policy).items():
        if name in SHARES and not 0 <= value <= 1:
            row.mistake(name, N_("“%(name)s”应在 0 与 1 之间"))
        elif not isinstance(value, tuple) and value < 0:
            row.mistake(name, N_("“%(name)s”不能小于 0"))
    start, end = policy.civil_hours
    if start >= (end if end != time(0) else time.max):
        row.mistake("civil_hours", N_("“%(name)s”的起应早于止"))
