"""`python -m tests.bench [intake|contacts|pages|aged|figures|tasks|knowledge|records|cells|streams|restore|letters|start|senses] [seconds, size or file]`: print the figures."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from tests.bench import (
    cells,
    contacts,
    figures,
    intake,
    knowledge,
    letters,
    pages,
    records,
    start,
    steps,
    streams,
    tasks,
)
from tests.bench.large import aged, restore
from tests.bench.words import senses


def main() -> None:
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    wanted = sys.argv[1:2]
    if wanted in ([], ["intake"]):
        intake.run(float(sys.argv[2]) if len(sys.argv) > 2 else 4.0)
    if wanted in ([], ["contacts"]):
        steps.run()
        contacts.run(int(sys.argv[2]) if len(sys.argv) > 2 else contacts.STORM)
    if wanted in ([], ["pages"]):
        pages.run()
    if wanted == ["aged"]:
        aged.run(*map(int, sys.argv[2:]))
    if wanted in ([], ["knowledge"]):
        knowledge.run()
    if wanted == ["figures"]:
        figures.run(*map(int, sys.argv[2:3]))
    if wanted == ["records"]:
        records.run()
    if wanted == ["cells"]:
        cells.run(*(int(word) for word in sys.argv[2:5]))
    if wanted == ["tasks"]:
        tasks.run()
    if wanted == ["restore"]:
        restore.run(*map(int, sys.argv[2:3]))
    if wanted == ["streams"]:
        streams.run(int(sys.argv[2]) if len(sys.argv) > 2 else 500)
    if wanted == ["start"]:
        start.run(*map(float, sys.argv[2:3]))
    if wanted == ["senses"]:
        senses.run(Path(sys.argv[2]) if len(sys.argv) > 2 else Path("build/senses.npz"))
    if wanted == ["letters"]:
        letters.run(*map(int, sys.argv[2:3]))


main()
