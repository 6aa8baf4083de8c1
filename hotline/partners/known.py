"""Who may post to us, each with its channel, town and way of writing: the settings name them, the city's file says how they write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hotline.city.cells.neighbours import cell_of
from hotline.city.schema import City
from hotline.errors import Misconfigured
from hotline.i18n import _
from hotline.installation import Installation
from hotline.partners.handed import YES
from hotline.settings import PartnerSetting, Settings
from hotline.tickets.citizens.platforms import PASSED_ON
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.vocabulary import CHANNELS, REQUEST_TYPES
from webhooks.partners.partner import Partner
from webhooks.partners.wording import Wording

OWN_CHANNELS = {"110": "emergency", "anzhengtong": "town"}
"""What the posts of these count as, unless the settings say otherwise; the others bear the name of their channel."""

DECISIONS = frozenset(f"{kind}_{state}" for kind in PETITIONS for state in ("granted", "refused"))


FROM_A_CITY = "province"
"""What a matter counts as that another city of the province handed to us."""

CITIES = Wording(
    said={
        "request_type": {name: code for code, name in REQUEST_TYPES.items()},
        "confidential": {YES: True, "": False},
    }
)
"""How the other cities write: as our own tellings do (`hotline/city/cells`)."""


class KnownPartners(Mapping[str, Partner]):
    """By name; how each writes is read from the city in force, whose files may change while the program runs. A city of our province
    is known by whatever name the province vouches for: what it passes on is signed with our own key.

    Raises Misconfigured for a channel or town that the city does not know.
    """

    def __init__(self, installation: Installation):
        self._installation = installation
        _check(installation.settings, installation.city)

    def __getitem__(self, name: str) -> Partner:
        province = self._installation.settings.province
        if cell_of(name) and province is not None:
            return Partner(name, FROM_A_CITY, province.keys, wording=CITIES)
        keys = self._installation.settings.partner_keys[name]
        said = self._installation.settings.partners.get(name, PartnerSetting())
        known = self._installation.city.subscription(name)
        wording = Wording(known.incoming, known.said, known.zone) if known is not None else Wording()
        return Partner(name, said.channel or OWN_CHANNELS.get(name, name), keys, said.town, wording)

    def __iter__(self) -> Iterator[str]:
        return iter(self._installation.settings.partner_keys)

    def __len__(self) -> int:
        return len(self._installation.settings.partner_keys)


def unknown_deeds(city: City) -> list[str]:
    """What partners.yaml names under `on` and the life-cycle does not know, as "partner: action"."""
    known = set(ACTIONS) | DECISIONS | {PASSED_ON}
    return [
        f"{one.name}: {action}"
        for one in city.subscriptions
        if not one.monitoring
        for telling in one.tellings.values()
        for action in sorted(telling.on - known)
    ]


def _check(settings: Settings, city: City) -> None:
    wrong = [
        f"{name}: {said.channel} {said.town}".strip()
        for name, said in settings.partners.items()
        if (said.channel and said.channel not in CHANNELS) or (said.town and said.town not in city.directory.towns)
    ]
    if wrong:
        raise Misconfigured(_("PARTNERS 里的渠道或乡镇代码不对：%(names)s", names="; ".join(wrong)))
    if unheard := unknown_deeds(city):
        raise Misconfigured(_("partners.yaml 里没有这些操作：%(names)s", names="; ".join(unheard)))
