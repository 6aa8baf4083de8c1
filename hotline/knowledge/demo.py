"""The demo's knowledge: own-written articles and matters of the city's folder, brought in and released as people would do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.knowledge import feedback, unanswered, writing
from hotline.knowledge.files import importing
from hotline.knowledge.wording import wording_of
from hotline.tickets.roles import Actor
from models import Article, ArticleVersion
from models.store.hidden import ring_of

FILES = {"article": "articles.csv", "matter": "matters.csv"}
ASKED = (("夜市可以自己带桌椅吗", 4), ("摆摊要不要健康证", 2), ("流动餐车能进公园吗", 1))
"""Questions that nobody could answer yet, and how often they were asked."""

ENDS_SOON = (3, 9, 20, 27)
"""Days until some of the demo's articles end, so that the list of what ends soon is never empty."""


def bring_knowledge(
    db: Session, city: City, city_folder: Path, var: Path, people: Mapping[str, Actor], now: datetime
) -> int:
    """people: the demo's actors by login. Returns how many were released; none where the city's folder brings no knowledge."""
    released, writer, releaser = 0, people["demo-quality"], people["demo-knowledge"]
    for kind, name in FILES.items():
        path = city_folder / "knowledge" / name
        if not path.is_file():
            continue
        with path.open("rb") as stream:
            run = importing.look(db, city, folder_of(var), name, stream, kind, writer, now)
        rows = importing.read_again(city, folder_of(var), run, ring_of(db.get_bind()), now)
        importing.take(db, city, folder_of(var), run, rows, writer, now)
        released += writing.release_part(db, city, releaser, run.id, now, most=run.rows).done
    if released:
        _let_some_end(db, city, now)
        _leave_something_to_do(db, city, people, now)
    return released


def _leave_something_to_do(db: Session, city: City, people: Mapping[str, Actor], now: datetime) -> None:
    """One report from the desk, three open questions, and a new version that waits for somebody else."""
    first = db.scalars(select(Article).order_by(Article.id).limit(1)).one()
    feedback.say(db, city, people["demo-agent"], first.id, "missing", "市民常问夜市几点收摊，这里没有写。", now)
    for words, times in ASKED:
        for _n in range(times):
            unanswered.note(db, words, "desk", now, unit=first.unit_code)
    said = wording_of(writing.versions_of(db, first)[0])
    said.phone_answer += "夜市22时30分收摊。"
    version = writing.rewrite(db, city, people["demo-leader"], first, said, now, note="补上收摊时间")
    writing.send(db, city, people["demo-leader"], version, now)


def folder_of(var: Path) -> Path:
    """Where files wait until somebody has taken or dropped them."""
    return var / "knowledge"


def _let_some_end(db: Session, city: City, now: datetime) -> None:
    today = city.calendar.day_of(now)
    some = db.scalars(select(ArticleVersion).where(ArticleVersion.valid_until.is_(None)).order_by(ArticleVersion.id))
    for version, days in zip(some, ENDS_SOON, strict=False):
        version.valid_until = today + timedelta(days=days)
