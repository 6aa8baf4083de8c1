"""An installation with a virus scanner, or with a second place for its files."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.installation import Installation
from hotline.keys import master_key
from hotline.outbox.runner import drain
from hotline.settings import Settings
from hotline.tickets.privacy import attachments
from models import Attachment, Ticket
from tests.support.doubles.clamd_double import ClamdDouble
from tests.support.life import Life
from tests.support.pages import app, browse, chinese_again
from tests.support.papers.uploads import Upload, read_again

__all__ = ["app", "browse", "chinese_again"]


@pytest.fixture
def settings(installation: Installation) -> Settings:
    return installation.settings


@pytest.fixture
def clamd() -> Iterator[ClamdDouble]:
    with tempfile.TemporaryDirectory(prefix="hotline-clamd-") as place:
        double = ClamdDouble(Path(place) / "clamd.ctl").start()
        yield double
        double.stop()


@pytest.fixture
def scanned(installation: Installation, clamd: ClamdDouble) -> Installation:
    installation.settings = replace(installation.settings, clamd=str(clamd.path))
    return installation


@pytest.fixture
def two_places(installation: Installation, tmp_path: Path) -> Installation:
    installation.settings = replace(installation.settings, second_place=tmp_path / "second")
    master_key.attach(installation.engine, installation.settings)
    return installation


@pytest.fixture
def upload(installation: Installation, life: Life) -> Upload:
    """Stored through the checks of an upload, and committed; its job is run unless told otherwise."""

    def stored(content: bytes, ticket: Ticket | None = None, *, run: bool = True) -> Attachment:
        made, folder = ticket or life.ticket(), installation.settings.attachments
        file = io.BytesIO(b"%PDF-1.7\n" + content)
        citizen = life.who("citizen", made)
        held = attachments.store(life.db, folder, file, "证明.pdf", citizen, life.now, most_mb=5, ticket=made)
        life.db.commit()
        if run:
            drain(installation)
            read_again(life, held)
        return held

    return stored
