"""What every way in stands on: one installation's city, clock, database, brain and voice, plugged together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.clock import Clock
from hotline.settings import Settings
from webhooks.sender import Sender


@dataclass
class House:
    """sessions write, readings only read (on SQLite they never wait for a writer). brain answers what a text is about.

    carrier takes the numbers of fresh promises to whoever keeps them.
    """

    settings: Settings
    city: City
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]
    brain: Classifier
    sender: Sender
    carrier: Any
