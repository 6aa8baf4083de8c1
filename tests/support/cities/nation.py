"""A province and its cities, each a hotline of its own with its own database, that speak to each other by HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select

from hotline.app import create_app
from hotline.cells.report import enqueue_report
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.figures.by_the_clock import fold_days
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.schedule import seal_books
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.partners.deliver import enqueue_tellings
from hotline.province import registry
from hotline.settings import ProvinceSetting, Settings
from models import Cell, CellDay, Ticket
from tests.support.doubles.partner_post import signed_post
from tests.support.life import Life
from tests.support.services import LiveServer


@dataclass
class Seat:
    """One hotline behind an address of its own. A city that is down does not answer."""

    name: str
    installation: Installation
    app: Flask
    server: LiveServer
    lives: list[Life] = field(default_factory=list)

    @property
    def life(self) -> Life:
        """Its people, in a session of its own."""
        if not self.lives:
            installation = self.installation
            self.lives.append(Life(installation.sessions(), installation.city, installation.clock))  # type: ignore[arg-type]
        self.lives[0].city = self.installation.city
        return self.lives[0]

    def work(self) -> None:
        """Everything that is due by now."""
        enqueue_tellings(self.installation, self.installation.clock.now())
        drain(self.installation)
        self.life.db.rollback()  # so that it reads anew, and holds nothing meanwhile

    def report(self) -> None:
        fold_days(self.installation, self.installation.clock.now())
        enqueue_report(self.installation, self.installation.clock.now())
        drain(self.installation)

    def seal(self) -> None:
        seal_books(self.installation, self.installation.clock.now())

    def tickets(self) -> list[Ticket]:
        with self.installation.readings() as db:
            return list(db.scalars(select(Ticket).order_by(Ticket.id)))


@dataclass
class Nation:
    """A province with cities. fresh: makes a clean database at a path."""

    city: City
    clock: StoppedClock
    folder: Path
    fresh: Callable[[Path], Engine]
    province: Seat = field(init=False)
    cities: dict[str, Seat] = field(default_factory=dict)
    engines: list[Engine] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.province = self._seat("province", None)

    def add(self, *names: str) -> None:
        """Register them all, then let each hear of the others."""
        for name in names:
            seat = self._seat(name, None)
            with self.province.installation.sessions() as db:
                now = self.clock.now()
                key = registry.register(db, name, f"{name}市", name.title(), seat.server.url, now, private=True)
                db.commit()
            told = ProvinceSetting(self.province.server.url, (key,), name, private=True)
            seat.installation.settings = replace(seat.installation.settings, province=told)
            self.cities[name] = seat
        self.clock.forward(seconds=20)
        for seat in self.cities.values():
            seat.report()

    def key(self, name: str) -> str:
        province = self.cities[name].installation.settings.province
        assert province is not None
        return province.keys[0]

    def cell(self, name: str) -> Cell:
        with self.province.installation.readings() as db:
            return db.scalars(select(Cell).where(Cell.name == name)).one()

    def days(self, name: str) -> dict[str, CellDay]:
        with self.province.installation.readings() as db:
            return {f"{one.day}": one for one in db.scalars(select(CellDay).where(CellDay.cell == name))}

    def post(self, name: str, path: str, content: Any, key: str = "", nonce: str = "") -> Any:
        """A post to the province as this city (or whoever has the key) signs it."""
        knock = signed_post(key or self.key(name), path, content, self.clock.now(), nonce)
        return self.province.app.test_client().post(path, data=knock.body, headers=list(knock.headers.items()))

    def pass_time(self, seconds: int = 20, times: int = 1) -> None:
        """Twenty seconds by twenty, every city works and reports."""
        for _turn in range(times):
            self.clock.forward(seconds=seconds)
            for seat in self.cities.values():
                seat.work()
                seat.report()

    def close(self) -> None:
        for seat in (self.province, *self.cities.values()):
            for life in seat.lives:
                life.db.close()
            seat.server.stop()
        for engine in self.engines:
            engine.dispose()

    def _seat(self, name: str, province: ProvinceSetting | None) -> Seat:
        engine = self.fresh(self.folder / f"{name}.db")
        self.engines.append(engine)
        settings = Settings(
            secret_key="k" * 40,
            twilio_auth_token="t" * 40,
            var=self.folder / name,
            testing=True,
            province=province,
        )
        made = build_installation(settings, city=self.city, clock=self.clock, engine=engine, transport=NoTransport())
        app = create_app(settings, made)
        return Seat(name, made, app, LiveServer(app).start())


def nation_of(city: City, clock: StoppedClock, folder: Path, fresh: Callable[[Path], Engine]) -> Iterator[Nation]:
    made = Nation(city, clock, folder, fresh)
    try:
        yield made
    finally:
        made.close()
