"""What every way in stands on: one installation's city, clock, database, classifier and voice, plugged together once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from classifier.suggestion import Classifier
from hotline.clock import Clock
from hotline.settings import Settings
from models.store.compare import Tables
from webhooks.sender import Sender
from webhooks.twilio.calls import Calls

if TYPE_CHECKING:
    from hotline.city.schema import City
    from hotline.review_advice.registry import ReviewModelRegistry


@dataclass
class Installation:
    """sessions write, readings only read (on SQLite they never wait for a writer). classifier answers what a text is about.

    tables: whether the database stands as this release needs it. calls steers running telephone calls. transport takes
    the numbers of fresh jobs to whoever runs them; handlers do one job each, handlers_of_many several of one kind at once.
    review_models: which judge advises the reviewers. city_files: the folder that is followed while the program runs,
    on_new_city: what else has to know. before_jobs: what jobs need from the disk is taken up while nothing is held.
    simulated: everything in it was made up.
    """

    settings: Settings
    city: City
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]
    tables: Tables
    classifier: Classifier
    sender: Sender
    calls: Calls
    handlers: Mapping[str, Any]
    transport: Any
    review_models: ReviewModelRegistry
    handlers_of_many: Mapping[str, Any] = field(default_factory=dict)
    city_files: Any = None
    on_new_city: Callable[[City], None] | None = None
    before_jobs: Callable[[], None] | None = None
    simulated: bool = False
