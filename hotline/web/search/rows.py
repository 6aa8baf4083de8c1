"""The rows of the search: a ticket that was found, and one that a bulk action is about."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from hotline.web.core.formatting import TicketRow


@dataclass(kw_only=True)
class FoundRow(TicketRow):
    """A ticket that was found. snippet: where the words stand."""

    snippet: Markup | str = ""


@dataclass(kw_only=True)
class BulkRow(TicketRow):
    """A ticket of a bulk action. refused: the sentence why it was left as it was."""

    turn: int
    refused: str | None = None
