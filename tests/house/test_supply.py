"""What comes from outside is the very thing that was looked at, and nothing of ours that is secret goes out with the code (VH15)."""

from __future__ import annotations

import json
import re

from hotline.staff.sign_in.passwords import DEMO_PASSWORD

PINNED = re.compile(r"^[A-Za-z0-9][\w.\-\[\]]*==\S+( ; .+)? \\$")
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a cloud's key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a provider's key": re.compile(r"\bSK[0-9a-f]{32}\b"),
    "a token of a code host": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}\b"),
    "a chat's token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    "an address with a password": re.compile(r"\b(?:postgresql|redis|smtp)s?://[^\s:/@]*:[A-Za-z0-9+/_-]{16,}@"),
}


def test_every_package_is_pinned_to_one_version_and_its_hashes(texts: dict[str, str]) -> None:
    for file, least in (("requirements.txt", 40), ("requirements-dev.txt", 40), ("requirements-scans.txt", 10)):
        blocks = re.split(r"\n(?=[A-Za-z0-9])", texts[file].strip())
        loose = [block.splitlines()[0] for block in blocks if not PINNED.match(block.splitlines()[0])]
        bare = [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
        assert len(blocks) > least and loose == [] and bare == [], file
    assert "index-url" not in texts["requirements.txt"] + texts["requirements-dev.txt"]


def test_every_package_from_npm_has_its_checksum(texts: dict[str, str]) -> None:
    locks = [name for name in texts if name.endswith("package-lock.json")]
    assert len(locks) == 2
    for name in locks:
        packages = {path: one for path, one in json.loads(texts[name])["packages"].items() if path}
        assert [path for path, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []


def test_no_secret_stands_in_the_repository(texts: dict[str, str]) -> None:
    """The tests' own servers have passwords in their addresses, which open nothing."""
    found = [
        f"{name}: {what}"
        for name, text in texts.items()
        if not name.endswith("package-lock.json")
        for what, pattern in SECRETS.items()
        if pattern.search(text) and not (name.startswith("tests/") and what == "an address with a password")
    ]
    assert found == []
    shown = [name for name, text in texts.items() if name.startswith("hotline/") and f'"{DEMO_PASSWORD}"' in text]
    assert shown == ["hotline/staff/sign_in/passwords.py"], (
        "the demo's password, which the sign-in page prints, is the only one"
    )


def test_a_secret_would_be_seen() -> None:
    fakes = {
        "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "a cloud's key": "AKIA" + "ABCDEFGHIJKLMNOP",
        "a provider's key": "SK" + "0123456789abcdef" * 2,
        "a token of a code host": "ghp_" + "a" * 36,
        "a chat's token": "xoxb-" + "1234567890-abc",
        "a signed token": ".".join(["eyJ" + "a" * 30, "eyJ" + "b" * 30, "c" * 43]),
        "an address with a password": "redis://:" + "0123456789abcdef0123" + "@cache/0",
    }
    assert {what for what, fake in fakes.items() if SECRETS[what].search(fake)} == set(SECRETS)
