"""A mail server of the next room: it takes letters on a port of its own and keeps them."""

from __future__ import annotations

import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class MailServer(socketserver.ThreadingTCPServer):
    """url: as SMTP_URL names it. letters: what arrived, as people read it. signed_in: (user, password) of who gave them."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.signed_in: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 mail.test")
        while said := self.rfile.readline().strip():
            line = said.upper()
            if line.startswith(b"EHLO"):
                self._say("250-mail.test\r\n250 AUTH PLAIN")
                continue
            if line.startswith(b"AUTH PLAIN"):
                _nobody, user, password = b64decode(said.split()[2]).decode().split("\0")
                cast(MailServer, self.server).signed_in.append((user, password))
                self._say("235 welcome")
                continue
            if line.startswith(b"DATA"):
                self._say("354 go on")
                self._take()
            elif line.startswith(b"QUIT"):
                return self._say("221 bye")
            self._say("250 ok")
        return None

    def _take(self) -> None:
        read = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            read += line
        letter = cast(EmailMessage, message_from_bytes(read, policy=policy.default))
        cast(MailServer, self.server).letters.append(letter)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
