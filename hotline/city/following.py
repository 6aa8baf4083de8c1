"""A running program follows its city's files: what a second person approved is in force in every process within seconds."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

import models
from hotline.city.cells.neighbours import with_cells
from hotline.city.loader import load_city, stamp_of
from hotline.city.mistakes import CityMistakes
from hotline.city.schema import City
from hotline.installation import Installation

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


class CityFiles:
    """The files of a folder, looked at every few seconds at most."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.stamp = stamp_of(folder)
        self.looked: float | None = None

    def due(self) -> bool:
        """Whether it is time to look: at once for the first time."""
        if self.looked is not None and time.monotonic() - self.looked < LOOK_EVERY_S:
            return False
        self.looked = time.monotonic()
        return True

    def changed(self) -> bool:
        """Whether the files differ from those seen last."""
        before, self.stamp = self.stamp, stamp_of(self.folder)
        return self.stamp != before


def follow(installation: Installation) -> None:
    """Take the files as they stand now, and the cities that the province told of."""
    files = installation.city_files
    if not isinstance(files, CityFiles) or not files.due():
        return
    if files.changed():
        _follow_files(installation, files)
    if installation.settings.province is not None:
        follow_cells(installation)


def follow_cells(installation: Installation) -> None:
    """The other cities of the province, as the database knows them now."""
    wanted = select(models.Neighbour.name, models.Neighbour.title, models.Neighbour.title_en)
    with installation.readings() as db:
        told = [(name, title, title_en) for name, title, title_en in db.execute(wanted.order_by(models.Neighbour.name))]
    found = with_cells(installation.city, told)
    if found.units != installation.city.units:
        take(installation, found)


def _follow_files(installation: Installation, files: CityFiles) -> None:
    """When the database has loaded them too and nothing changed that needs a restart."""
    try:
        found = load_city(files.folder)
    except CityMistakes as wrong:
        log.warning("the city's files have mistakes and are left alone: %s", wrong)
        return
    if found.release == installation.city.release:
        return
    if not _loaded(installation, found) or not _same_ground(found, installation.city):
        files.stamp = ()
        log.warning("the city's files have changed (%s): run hotline city load, and restart", found.release)
        return
    take(installation, found)


def take(installation: Installation, city: City) -> None:
    installation.city = city
    if installation.on_new_city is not None:
        installation.on_new_city(city)


def _loaded(installation: Installation, found: City) -> bool:
    newest = select(models.CityRelease.release).order_by(models.CityRelease.loaded_at.desc()).limit(1)
    with installation.readings() as db:
        return db.scalar(newest) == found.release


def _same_ground(found: City, present: City) -> bool:
    """Only texts, telephone numbers, limits and numbers differ: what the classifier and the tables stand on is the same."""
    before, units = (
        {code: replace(unit, phone="") for code, unit in with_cells(one, ()).units.items()} for one in (present, found)
    )
    return (
        units == before
        and found.categories == present.categories
        and found.rules == present.rules
        and found.areas == present.areas
        and found.calendar == present.calendar
    )
