"""Mail servers behind TLS, or behind somebody who would like to read along: what they hear is kept, in the clear and behind TLS."""

from __future__ import annotations

import secrets
import socket
import socketserver
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "mail.anyang.example"
USER, PASSWORD = "hotline", "letters-of-citizens"
GIVEN_AWAY = (PASSWORD.encode(), b64encode(f"\0{USER}\0{PASSWORD}".encode()))
"""How a password looks on a line: as IMAP says it, and as SMTP does."""


@dataclass(frozen=True)
class Guard:
    """at_once: TLS from the first byte. offers: STARTTLS is named. answers: what it says when asked for it. said_before: what
    somebody slips in behind that answer, before TLS. newest: the highest version of TLS that it speaks."""

    at_once: bool = False
    offers: bool = True
    answers: bool = True
    said_before: bytes = b""
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED


@dataclass
class Heard:
    in_the_clear: bytes = b""
    behind_tls: bytes = b""
    letters: int = 0


class GuardedMail(socketserver.ThreadingTCPServer):
    """protocol: imap or smtp."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, protocol: str, guard: Guard, certificate: Path):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.protocol, self.guard, self.heard = protocol, guard, Heard()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.minimum_version = min(ssl.TLSVersion.TLSv1_2, guard.newest)
        self.context.maximum_version = guard.newest

    def url(self, who: str = f"{USER}:{PASSWORD}@", host: str = NAME) -> str:
        scheme = f"{self.protocol}s" if self.guard.at_once else self.protocol
        return f"{scheme}://{who}{host}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up because of our certificate is no error here."""


@dataclass
class _Line:
    sock: socket.socket
    secure: bool = False
    left: bytes = field(default=b"")

    def read(self) -> bytes:
        while b"\n" not in self.left:
            more = self.sock.recv(65536)
            if not more:
                return b""
            self.left += more
        line, _end, self.left = self.left.partition(b"\n")
        return line + b"\n"

    def say(self, words: bytes) -> None:
        self.sock.sendall(words + b"\r\n")


class _Talk(socketserver.BaseRequestHandler):
    server: GuardedMail

    def handle(self) -> None:
        line = _Line(self.request)
        with suppress(OSError):
            if self.server.guard.at_once:
                self._begin_tls(line)
            (self._imap if self.server.protocol == "imap" else self._smtp)(line)

    def _begin_tls(self, line: _Line) -> None:
        line.sock, line.secure, line.left = self.server.context.wrap_socket(line.sock, server_side=True), True, b""

    def _heard(self, line: _Line) -> bytes:
        said, heard = line.read(), self.server.heard
        if line.secure:
            heard.behind_tls += said
        else:
            heard.in_the_clear += said
        return said

    def _offers(self, line: _Line) -> bool:
        return self.server.guard.offers and not line.secure

    def _imap(self, line: _Line) -> None:
        line.say(b"* OK ready")
        while said := self._heard(line):
            tag, command, *_rest = said.split()
            match command.upper():
                case b"CAPABILITY":
                    line.say(b"* CAPABILITY IMAP4rev1" + (b" STARTTLS" if self._offers(line) else b""))
                case b"STARTTLS" if self.server.guard.answers:
                    line.say(tag + b" OK begin" + self.server.guard.said_before)
                    self._begin_tls(line)
                    continue
                case b"STARTTLS":
                    line.say(tag + b" NO not now")
                    continue
                case b"SELECT":
                    line.say(b"* 0 EXISTS")
                case b"UID":
                    line.say(b"* SEARCH")
            line.say(tag + b" OK done")

    def _smtp(self, line: _Line) -> None:
        line.say(b"220 mail.test")
        while said := self._heard(line):
            match said.split()[0].upper():
                case b"EHLO":
                    line.say(
                        b"250-mail.test" + (b"\r\n250-STARTTLS" if self._offers(line) else b"") + b"\r\n250 AUTH PLAIN"
                    )
                case b"STARTTLS" if self.server.guard.answers:
                    line.say(b"220 begin" + self.server.guard.said_before)
                    self._begin_tls(line)
                case b"STARTTLS":
                    line.say(b"454 not now")
                case b"AUTH":
                    line.say(b"235 welcome")
                case b"DATA":
                    line.say(b"354 go on")
                    while self._heard(line) not in (b".\r\n", b""):
                        pass
                    self.server.heard.letters += 1
                    line.say(b"250 taken")
                case b"QUIT":
                    return line.say(b"221 bye")
                case _:
                    line.say(b"250 ok")
        return None


@contextmanager
def guarded_mail(protocol: str, guard: Guard, certificate: Path) -> Iterator[GuardedMail]:
    with GuardedMail(protocol, guard, certificate) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def certificate(folder: Path, name: str = NAME, ended: bool = False) -> Path:
    """A key and a certificate in one file, made by itself for this name."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=-2 if ended else 2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{secrets.token_hex(4)}.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain))
    return file
