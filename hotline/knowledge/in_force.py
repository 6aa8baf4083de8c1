"""What may be told today: released, not withdrawn, begun, and not over. Asked each time; no job has to withdraw anything."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from models import Article, ArticleVersion

NEVER = date(9999, 12, 31)


def in_force(today: date) -> ColumnElement[bool]:
    """A condition on `article` joined with its version (see `released`). today: the city's day."""
    return and_(
        Article.withdrawn_at.is_(None),
        ArticleVersion.valid_from <= today,
        or_(ArticleVersion.valid_until.is_(None), ArticleVersion.valid_until >= today),
    )


def released() -> Any:
    """A query of (article, the version it stands on), in no order yet."""
    return select(Article, ArticleVersion).join(ArticleVersion, ArticleVersion.id == Article.version_id)
