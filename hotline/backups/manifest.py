"""What a backup says of itself: when, which tables with how many rows, whose keys, which models, and how each part begins and ends."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import Settings, kept_secret

NAME, DATABASE, FILES = "manifest.json", "database.sealed", "attachments.sealed"
KEY, MASTER = "backup_key", "master_key"
KEYS = ("backup_key", "seal_key", "secret_key", "phone_token")


@dataclass(frozen=True)
class Manifest:
    """at: the moment of the copy. tables: its version of the tables. rows: by table. links: of the chain of seals.

    keys: fingerprints of the keys that belong to it, none of which is inside. models: the digests of the models in use then.
    parts: the digest of each sealed file.
    """

    at: str
    engine: str
    tables: str
    rows: Mapping[str, int]
    links: int
    files: int
    keys: Mapping[str, str]
    models: Mapping[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def backup_key(settings: Settings) -> bytes:
    """Made on the first backup. It belongs into the safe: without it no backup can be opened, with it every one can."""
    path = settings.backup_key
    return kept_secret(path.parent, path.name).encode()


def write(folder: Path, manifest: Manifest, key: bytes) -> None:
    said = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1)
    (folder / NAME).write_text(json.dumps({"manifest": said, "mark": _mark(said, key)}, ensure_ascii=False))


def read(folder: Path, key: bytes) -> Manifest:
    """Raises Refusal when it is missing, was changed, or belongs to another key."""
    try:
        told = json.loads((folder / NAME).read_text())
        said, mark = str(told["manifest"]), str(told["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Refusal(_("%(folder)s 不是热线的备份。", folder=folder)) from None
    if not hmac.compare_digest(mark, _mark(said, key)):
        raise Refusal(_("备份清单被改动过，或备份用的是另一把密钥。"))
    return Manifest(**json.loads(said))


def fingerprints(settings: Settings) -> dict[str, str]:
    """Enough to know a key again, useless to anybody who looks for it."""
    found = {name: settings.var / name for name in KEYS} | {KEY: settings.backup_key, MASTER: settings.master_key}
    return {name: fingerprint(path.read_text().strip()) for name, path in found.items() if path.exists()}


def fingerprint(key: str) -> str:
    return hashlib.sha256(b"fingerprint " + key.encode()).hexdigest()[:16]


def models_in_use(settings: Settings) -> dict[str, str]:
    """The models themselves are not in the backup: they are trained anew from its tickets, or copied beside it."""
    files = sorted(path for path in settings.models.rglob("*") if path.is_file()) if settings.models.is_dir() else []
    return {str(path.relative_to(settings.models)): digest(path)[:16] for path in files}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark(said: str, key: bytes) -> str:
    return hmac.new(key, b"manifest " + said.encode(), hashlib.sha256).hexdigest()
