"""Which senders this installation has, by rank: the city's gateway, Twilio, or the console in development."""

from __future__ import annotations

from collections.abc import Callable

from hotline.city.schema import City
from hotline.clock import Clock
from hotline.settings import Settings
from webhooks.gateway.sender import TemplateGateway
from webhooks.ranked_senders import RankedSenders
from webhooks.sender import ConsoleSender, Sender
from webhooks.twilio.sender import TwilioSender


def sender_for(settings: Settings, city: City, clock: Clock) -> Sender:
    """One sender, or several that fall over from one to the next in the order of `sms_rank`."""
    made = [make(settings, city, clock) for name, make in _MAKERS.items() if name in settings.senders]
    made.sort(key=lambda sender: settings.senders.index(sender.name))
    if not made:
        return ConsoleSender()
    return made[0] if len(made) == 1 else RankedSenders(made)


def approved(settings: Settings, city: City) -> dict[str, str]:
    """Our key → the gateway's template: what the city's messages.yaml names, and what the settings say over it."""
    return {key: text.template for key, text in city.texts.items() if text.template} | dict(settings.gateway_templates)


def not_approved(settings: Settings, city: City) -> list[str]:
    """The texts to citizens that the gateway cannot carry, since no template of theirs was approved."""
    known = approved(settings, city)
    return sorted(key for key, text in city.texts.items() if text.to == "citizen" and key not in known)


def _gateway(settings: Settings, city: City, clock: Clock) -> Sender:
    return TemplateGateway(
        settings.gateway_url,
        settings.gateway_account,
        settings.gateway_keys[0],
        clock.now,
        approved(settings, city),
        signature=settings.gateway_signature,
        price=settings.prices.get("gateway", 0.0),
        only_approved=True,
    )


def _twilio(settings: Settings, city: City, clock: Clock) -> Sender:
    return TwilioSender(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        f"{settings.public_url}/webhooks/twilio/sms/status",
        price=settings.prices.get("twilio", 0.0),
    )


_MAKERS: dict[str, Callable[[Settings, City, Clock], Sender]] = {"gateway": _gateway, "twilio": _twilio}
