"""What the outside tells us becomes calls, tickets, messages and survey answers: the webhooks' event handler.

Each event is one transaction. What was told is written raw first; a receipt in the same transaction as its effect makes
the second telling answer as the first did.
"""

from __future__ import annotations

from hotline.webhook_handlers.calls import CallEvents
from hotline.webhook_handlers.mail import MailEvents
from hotline.webhook_handlers.partners import PartnerEvents
from hotline.webhook_handlers.posts import PostEvents
from hotline.webhook_handlers.texts import TextEvents


class WebhookHandler(CallEvents, TextEvents, PostEvents, PartnerEvents, MailEvents):
    """Answers every event twice the same way."""
