"""What an installation is told from outside: read word by word, complete, and refused where it leaves a door open."""

from hotline.settings.environment import ROOT, OidcSetting, PartnerSetting, ProvinceSetting, is_host
from hotline.settings.read import MOVED, Settings, kept_secret, read_settings
from hotline.settings.variables import SETTINGS

__all__ = [
    "MOVED",
    "ROOT",
    "SETTINGS",
    "OidcSetting",
    "PartnerSetting",
    "ProvinceSetting",
    "Settings",
    "is_host",
    "kept_secret",
    "read_settings",
]
