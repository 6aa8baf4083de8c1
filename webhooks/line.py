"""A line to the outside that is cut when its time is over, whatever trickles in meanwhile."""

from __future__ import annotations

import socket
import threading


class Watch:
    """Cuts the line when the time is over, so that whoever waits for the next byte wakes up. over: it was cut."""

    def __init__(self, sock: socket.socket, seconds: float):
        self.over = False
        self._sock = sock
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.over = True
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            self._sock.close()
