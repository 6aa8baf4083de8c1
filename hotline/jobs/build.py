"""An installation is built once per process: web, workers, clock and command line stand on the same one."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Engine

from classifier.suggestion import Classifier
from hotline.city.following import CityFiles
from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.clock import Clock
from hotline.installation import Installation
from hotline.jobs.handlers import HANDLERS, OF_MANY
from hotline.keys import master_key
from hotline.messages.senders import sender_for
from hotline.ops.simulated import cut_off, is_simulated
from hotline.outbox import JobSession, notify_after_commit
from hotline.outbox.commit_notify import announce_commits
from hotline.outbox.transports import transport_for
from hotline.review_advice.registry import review_models_at
from hotline.settings import Settings
from hotline.standby import acknowledged
from hotline.telephony.commands import calls_for
from hotline.tickets.seals import log_marks, row_seals
from hotline.tickets.seals.seal_files import seal_key
from hotline.tickets.search.full_text import MADE_BY_HAND
from hotline.triage.active_classifier import ActiveClassifier, active_classifier_for
from models import make_engine, make_sessions
from models.store.compare import Tables
from webhooks.twilio.calls import Calls


def build_installation(
    settings: Settings,
    *,
    city: City | None = None,
    clock: Clock | None = None,
    engine: Engine | None = None,
    classifier: Classifier | None = None,
    sender: Any = None,
    transport: Any = None,
    calls: Calls | None = None,
) -> Installation:
    """Everything a process needs, with or without the web: the CLI, workers and the web process share this.

    What is given replaces the real thing (tests give clocks, senders, telephones and brains).
    """
    files, own_sender = CityFiles(settings.city_dir), sender
    city, clock = city or load_city(settings.city_dir, closely=False), clock or Clock()
    engine = engine or make_engine(settings.database_url, pool_size=min(settings.threads, 40))
    simulated = is_simulated(engine, settings.var)
    if simulated:
        settings = cut_off(settings)
    master_key.attach(engine, settings)
    installation = Installation(
        settings=settings,
        city=city,
        clock=clock,
        engine=engine,
        sessions=make_sessions(engine, JobSession),
        readings=make_sessions(engine.execution_options(reading=True)),
        tables=Tables(engine, MADE_BY_HAND),
        classifier=classifier or active_classifier_for(settings, city),
        sender=sender or sender_for(settings, city, clock),
        calls=calls or calls_for(settings),
        handlers=HANDLERS,
        handlers_of_many=OF_MANY,
        transport=None,
        review_models=review_models_at(settings.models),
        city_files=files,
        simulated=simulated,
    )
    if isinstance(installation.classifier, ActiveClassifier):
        installation.before_jobs = installation.classifier.look
    if own_sender is None:
        installation.on_new_city = partial(_give_sender, installation)
    installation.transport = transport or transport_for(installation)
    notify_after_commit(installation.sessions, installation.transport)
    row_seals.watch(installation.sessions, seal_key(settings), clock)
    log_marks.watch(installation.sessions, seal_key(settings))
    acknowledged.watch(installation.sessions, settings, clock)
    if not settings.testing:
        announce_commits(installation.sessions, engine)
    return installation


def _give_sender(installation: Installation, city: City) -> None:
    """The sender knows the city's texts by the gateway's numbers."""
    installation.sender = sender_for(installation.settings, city, installation.clock)
