"""A security key made of software: it answers as the standard says, or as an attacker would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, WITH_KEY = 0x01, 0x40


@dataclass
class SoftKey:
    """origin, rp_id: the site it believes to be on. count: how often it says it has signed. flags: present, unless a test says no."""

    origin: str
    rp_id: str = "localhost"
    count: int = 0
    flags: int = PRESENT
    number: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    secret: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, question: dict[str, Any]) -> str:
        """The answer to a question for a new key."""
        point = self.secret.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + encode_cbor(cose)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | WITH_KEY) + held}
        client = self._client("webauthn.create", question)
        return self._answer({"attestationObject": bytes_to_base64url(encode_cbor(attested))}, client)

    def shown(self, question: dict[str, Any]) -> str:
        """The answer to a question for one's own key."""
        self.count += 1
        data, client = self._data(self.flags), self._client("webauthn.get", question)
        signature = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer(said, client)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, question: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": question["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str], client: bytes) -> str:
        name = bytes_to_base64url(self.number)
        said = {**response, "clientDataJSON": bytes_to_base64url(client)}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})
