"""What an action writes beyond the story's row: small steps, each in the chapter of its desk, named in the table."""

from __future__ import annotations

from collections.abc import Callable

from hotline.tickets.context import ActionContext

Effect = Callable[[ActionContext], None]
