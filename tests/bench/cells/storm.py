"""Cities of a province on this machine, each with its own processes and database: contacts on all, one of them killed and started again.

    python -m tests.bench cells [cities] [seconds] [contacts a second in all]

Counts what was acknowledged against what stands in each database, what was handed over against what arrived, and the province's rows
against both; says when the death was noticed, and how soon after its return the province had everything.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hotline.province import registry
from tests.bench.cells.callers import Callers
from tests.bench.cells.nation import PATIENCE, Nation, Place, children, nation

DOWN = 75.0
"""Seconds that the killed city stays away: long enough to be noticed."""


@dataclass
class Outcome:
    """What was left when all was done. Times in seconds; others: the longest that the province heard nothing of a living city."""

    contacts: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    handed: int = 0
    handed_lost: list[str] = field(default_factory=list)
    handed_doubled: list[str] = field(default_factory=list)
    noticed: float = 0.0
    others: float = 0.0
    back: float = 0.0
    complete: float = 0.0
    settled: float = 0.0
    unequal: dict[str, tuple[int, int]] = field(default_factory=dict)
    megabytes: float = 0.0
    cpu: float = 0.0
    bytes_each: float = 0.0

    @property
    def well(self) -> bool:
        return not (self.lost or self.doubled or self.handed_lost or self.handed_doubled or self.unequal)

    def lines(self) -> list[str]:
        return [
            f"contacts acknowledged: {self.contacts} in {self.seconds:.0f} s ({self.contacts / self.seconds:.1f}/s), "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}",
            f"handed to another city: {self.handed}, lost {len(self.handed_lost)}, doubled {len(self.handed_doubled)}",
            f"death noticed after {self.noticed:.0f} s; of the others something was heard at least every {self.others:.0f} s",
            f"answers again {self.back:.0f} s after its start; the province had everything from before the death "
            f"{self.complete:.0f} s after that",
            f"all equal {self.settled:.0f} s after the last contact; unequal: {self.unequal or 'none'}",
            f"memory {self.megabytes:.0f} MB in all (PSS), CPU {self.cpu:.0f} s "
            f"({1000 * self.cpu / max(self.contacts, 1):.0f} ms a contact), {self.bytes_each:.0f} bytes a ticket on the disk",
        ]


def run(cities: int = 6, seconds: float = 120.0, rate: float = 10.0) -> Outcome:
    """Contacts on all cities for so long; a third in, one is killed."""
    with nation(cities) as here:
        found = storm(here, seconds, rate)
    print("\n".join(found.lines()), flush=True)
    return found


def storm(here: Nation, seconds: float, rate: float, down: float = DOWN) -> Outcome:
    """Contacts for so long; a third in, the first city is killed and stays away for `down` seconds."""
    found, began = Outcome(), time.monotonic()
    names = list(here.cities)
    crowd = [
        Callers(here.cities[name], here.token, rate / len(names), f"cell-{names[(n + 1) % len(names)]}")
        for n, name in enumerate(names)
    ]
    for one in crowd:
        one.start()
    time.sleep(seconds / 3)
    _kill_and_bring_back(here, here.cities[names[0]], found, down)
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    for one in crowd:
        one.stopped.set()
    for one in crowd:
        one.join(PATIENCE)
    found.seconds, found.contacts = time.monotonic() - began, sum(len(one.acknowledged) for one in crowd)
    _wait_until_equal(here, found)
    _count(here, crowd, found)
    return found


def _kill_and_bring_back(here: Nation, victim: Place, found: Outcome, down: float) -> None:
    victim.kill()
    died = time.monotonic()
    while time.monotonic() - died < down:
        ages = here.ages()
        silent = ages.pop(victim.name) > registry.SILENT.total_seconds()
        found.noticed = found.noticed or (time.monotonic() - died if silent else 0.0)
        found.others = max(found.others, *ages.values())
        time.sleep(1)
    before = victim.taken()
    victim.start()
    started = time.monotonic()
    victim.wait_until_it_answers()
    found.back, back = time.monotonic() - started, time.monotonic()
    while here.told().get(victim.name, 0) < before or here.ages()[victim.name] > registry.SILENT.total_seconds():
        if time.monotonic() - back > PATIENCE:
            break
        time.sleep(0.5)
    found.complete = time.monotonic() - back


def _wait_until_equal(here: Nation, found: Outcome) -> None:
    """What was handed over has arrived, and the province's rows say what each database says."""
    began = time.monotonic()
    waiting = "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'failed')"
    publishing = "SELECT count(*) FROM job WHERE name = 'publish' AND done_at IS NULL"
    while time.monotonic() - began < PATIENCE:
        told = here.told()
        found.unequal = {
            name: (one.taken(), told.get(name, 0))
            for name, one in here.cities.items()
            if one.taken() != told.get(name, 0) or one.ask(waiting) != [(0,)] or one.ask(publishing) != [(0,)]
        }
        if not found.unequal:
            break
        time.sleep(1)
    found.settled = time.monotonic() - began


def _count(here: Nation, crowd: list[Callers], found: Outcome) -> None:
    for one in crowd:
        rows = Counter(
            str(outer) for (outer,) in one.place.ask("SELECT outer_number FROM ticket WHERE outer_source = 'nation'")
        )
        found.lost += [outer for outer in one.acknowledged if not rows[outer]]
        found.doubled += [outer for outer, many in rows.items() if many > 1]
        there = here.cities[one.other.removeprefix("cell-")]
        arrived = Counter(
            str(outer)
            for (outer,) in there.ask(f"SELECT outer_number FROM ticket WHERE outer_source = 'cell-{one.place.name}'")
        )
        left = [str(number) for (number,) in one.place.ask("SELECT number FROM ticket WHERE state = 'transferred'")]
        found.handed += len(left)
        found.handed_lost += [number for number in left if not arrived[number]]
        found.handed_doubled += [outer for outer, many in arrived.items() if many > 1 or outer not in left]
    places = (here.province, *here.cities.values())
    pids = [pid for one in places if one.process for pid in (one.process.pid, *children(one.process.pid))]
    found.megabytes, found.cpu = sum(map(_memory, pids)), sum(map(_cpu, pids))
    grown = sum(one.size() - one.empty for one in here.cities.values())
    found.bytes_each = grown / max(sum(one.taken() for one in here.cities.values()), 1)


def _memory(pid: int) -> float:
    """Megabytes: what is shared counts once."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024


def _cpu(pid: int) -> float:
    """Seconds of user and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
