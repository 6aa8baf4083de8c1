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
from webhooks.twilio.calls import Calls


@dataclass
class Installation:
    """sessions write, readings only read (on SQLite they never wait for a writer). brain answers what a text is about.

    calls steers running telephone calls. carrier takes the numbers of fresh promises to whoever keeps them.
    """

    settings: Settings
    city: City
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]
    brain: Classifier
    sender: Sender
    calls: Calls
    carrier: Any
