"""False closings of six kinds planted among three thousand replies: how many are found, and how often rightly."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.sync import sync
from hotline.tickets.search.full_text import create_search
from models import Base, make_engine
from tests.support.false_closings import figures, look_at_all, plant
from tests.support.make import BORN
from tests.support.repository import ROOT

SEEDS = (11, 12, 13, 14, 15)


def run(seeds: tuple[int, ...] = SEEDS, each: int = 50, honest: int = 2250, alike: int = 50) -> None:
    city = load_city(ROOT / "hotline/city/anyang")
    units = [one.code for one in city.units.values() if one.kind in ("department", "bureau")][:30]
    print(f"{'seed':>5} {'replies':>8} {'kind':<10} {'recall':>7} {'precision':>10} {'planted':>8} {'ms a look':>10}")
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            engine = make_engine(f"sqlite:///{folder}/city.db")
            with engine.begin() as connection:
                Base.metadata.create_all(connection)
                create_search(connection)
            with Session(engine) as db:
                sync(db, city, BORN)
                planted = plant(db, units, Path(folder), seed, each, honest, alike)
                started = time.perf_counter()
                found = look_at_all(db, city, planted)
                looks = len(planted.planted.all)
                spent = (time.perf_counter() - started) / looks * 1000
                for kind, (recall, precision, n) in figures(found, planted.planted.false).items():
                    print(
                        f"{seed:>5} {looks:>8} {kind:<10} {recall:>7.3f} {precision:>10.3f} {n:>8} {spent:>10.1f}",
                        flush=True,
                    )
            engine.dispose()
