"""clamd as a double: it speaks INSTREAM on a socket, finds EICAR, and can be told to die half-way, to hang or to talk nonsense."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path
from typing import Self

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every scanner finds; parted here so that no scanner finds this one."""


class ClamdDouble:
    """mood: "" answers well; "dies" hangs up after some bytes; "hangs" never answers; "nonsense"; "half" of an answer, or one that is "unended"; "small" takes
    no file above 100 bytes. learnt: further bytes in which it finds something. heard: the bytes of each file."""

    def __init__(self, path: Path):
        self.path, self.mood, self.learnt, self.heard = path, "", list[bytes]([EICAR]), list[bytes]()
        self._line = socket.socket(socket.AF_UNIX)

    def start(self) -> Self:
        self.path.unlink(missing_ok=True)
        self._line = socket.socket(socket.AF_UNIX)
        self._line.bind(str(self.path))
        self._line.listen(8)
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def stop(self) -> None:
        self._line.close()
        self.path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self._line.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        with caller:
            try:
                self._talk(caller)
            except OSError:
                return

    def _talk(self, caller: socket.socket) -> None:
        asked = _until_zero(caller)
        if asked == b"zPING":
            caller.sendall(b"PONG\0")
            return
        assert asked == b"zINSTREAM", asked
        held = b""
        while size := struct.unpack("!L", _whole(caller, 4))[0]:
            held += _whole(caller, size)
            if self.mood == "dies":
                return
            if self.mood == "small" and len(held) > 100:
                caller.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.heard.append(held)
        if self.mood == "hangs":
            caller.recv(1)
            return
        found = any(one in held for one in self.learnt)
        answer = b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0"
        caller.sendall(
            {"nonsense": b"\xff\xfehello\0", "half": answer[:9], "unended": answer[:-1]}.get(self.mood, answer)
        )


def _until_zero(caller: socket.socket) -> bytes:
    heard = b""
    while not heard.endswith(b"\0"):
        more = caller.recv(1)
        if not more:
            break
        heard += more
    return heard.rstrip(b"\0")


def _whole(caller: socket.socket, size: int) -> bytes:
    heard = b""
    while len(heard) < size:
        more = caller.recv(size - len(heard))
        if not more:
            raise ConnectionResetError
        heard += more
    return heard
