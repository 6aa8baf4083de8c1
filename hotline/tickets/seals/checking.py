"""The whole check: the chain part by part and the marks window by window, here or in several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from sqlalchemy.orm import Session, sessionmaker

from hotline.keys import master_key
from hotline.settings import Settings
from hotline.tickets.seals import chain, log_marks, row_seals
from hotline.tickets.seals.chain import Head, Part, Verdict
from hotline.tickets.seals.log_marks import Stretch
from hotline.tickets.seals.row_seals import Window
from models import make_engine, make_sessions

Piece = Part | Stretch | Window
LONGEST_STATEMENT_S = 3600


def check(db: Session, key: bytes, heads: Sequence[Head]) -> Verdict:
    """One after the other in this session."""
    of_rows = [*log_marks.problems(db, key), *row_seals.problems(db, key)]
    return chain.together([chain.verify(db, key, heads), Verdict(0, 0, of_rows)])


def check_side_by_side(db: Session, settings: Settings, key: bytes, heads: Sequence[Head], processes: int) -> Verdict:
    """The same in so many processes, each with a session of its own: for a database in which nobody writes meanwhile.

    They are forked, which is safe where only this thread runs: in a command that restores.
    """
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (settings, key, heads)) as pool:
        copied = Verdict(0, 0, log_marks.copied(db))
        return chain.together([*pool.map(_checked_here, _pieces(db)), chain.emptied(db), copied])


def _pieces(db: Session) -> list[Piece]:
    return [*chain.parts(db), *log_marks.stretches(db), *(row_seals.windows(db) if row_seals.is_watched(db) else ())]


def _checked(db: Session, piece: Piece, key: bytes, heads: Sequence[Head]) -> Verdict:
    if isinstance(piece, Part):
        return chain.check(db, piece, key, heads)
    if isinstance(piece, Stretch):
        return Verdict(0, 0, log_marks.problems_in(db, piece, key))
    return Verdict(0, 0, row_seals.problems_in(db, piece, key))


# --- in a process of its own -------------------------------------------------------------------------------------------

_here: tuple[sessionmaker[Session], bytes, Sequence[Head]]


def _begin(settings: Settings, key: bytes, heads: Sequence[Head]) -> None:
    """What this process needs for all the pieces it is given."""
    global _here
    engine = make_engine(settings.database_url, statement_timeout_s=LONGEST_STATEMENT_S)
    master_key.attach(engine, settings)
    _here = make_sessions(engine.execution_options(reading=True)), key, heads


def _checked_here(piece: Piece) -> Verdict:
    sessions, key, heads = _here
    with sessions() as db:
        return _checked(db, piece, key, heads)
