"""The hotline as it is served to people: gunicorn as `hotline run` starts it, and nginx before a server as the documents set it up."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from hotline.keys.master_key import write
from hotline.ops.local_servers import free_port
from tests.support.repository import ROOT
from tests.support.services import MASTER, SqliteTests

EXAMPLE = ROOT / "docs" / "deploy" / "nginx.conf"
NAME = "12345.example.gov.cn"


class Front:
    """Its two ports, the settings it was started with, and lines to it that have shaken hands."""

    def __init__(self, folder: Path, upstream: int, changed: dict[str, str]):
        self.folder, self.plain, self.secure = folder, free_port(), free_port()
        self.settings = folder / "nginx.conf"
        self.settings.write_text(self._whole(self._moved(upstream, changed)))
        subprocess.run(_MAKE_CERTIFICATE, cwd=folder, check=True, capture_output=True)

    def _moved(self, upstream: int, changed: dict[str, str]) -> str:
        """The example, with this machine's ports and certificate; nothing else of it changes unless a test says so."""
        told = EXAMPLE.read_text(encoding="utf-8")
        moves = {
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "/etc/ssl/": f"{self.folder}/",
            "http://127.0.0.1:8000": f"http://127.0.0.1:{upstream}",
        }
        for old, new in {**moves, **changed}.items():
            assert old in told, old
            told = told.replace(old, new)
        return "\n".join(line for line in told.splitlines() if "[::]" not in line)

    def _whole(self, servers: str) -> str:
        stays = f"daemon off; error_log stderr; pid {self.folder}/pid; events {{}}"
        places = " ".join(f"{name}_temp_path {self.folder}/{name};" for name in _PLACES)
        return f"{stays}\nhttp {{ access_log off; {places}\n{servers}\n}}\n"

    def checked(self) -> subprocess.CompletedProcess[str]:
        """What `nginx -t` says of it."""
        return subprocess.run([nginx(), "-t", "-c", self.settings], capture_output=True, text=True, check=False)

    def line(self, protocol: str = "http/1.1", secure: bool = True) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.secure if secure else self.plain), timeout=20)
        if not secure:
            return made
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        trusting.set_alpn_protocols([protocol])
        return trusting.wrap_socket(made, server_hostname=NAME)

    def ask(self, request: bytes, *, secure: bool = True) -> bytes:
        """The whole answer to one request; its line is closed afterwards."""
        found = b""
        with self.line(secure=secure) as line:
            line.sendall(request)
            try:
                while more := line.recv(65536):
                    found += more
            except (TimeoutError, ConnectionResetError, ssl.SSLError):
                pass
        return found


_PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_MAKE_CERTIFICATE = [
    *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"),
    *("-keyout", "12345.key", "-out", "12345.pem"),
]


def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.fail("nginx is missing (make test installs it)", pytrace=False)
    return found


@contextmanager
def in_front(folder: Path, upstream: int, changed: dict[str, str] | None = None) -> Iterator[Front]:
    """nginx with the example's settings before a port of this machine. changed: of the example, for what would take too long."""
    front = Front(folder, upstream, changed or {})
    process = subprocess.Popen([nginx(), "-c", front.settings], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            if process.poll() is not None:
                pytest.fail(f"nginx did not start: {process.stderr.read().decode() if process.stderr else ''}")
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", front.secure)) == 0:
                    break
            time.sleep(0.05)
        yield front
    finally:
        process.terminate()
        process.wait(20)
        if process.stderr:
            process.stderr.close()


@contextmanager
def served(databases: SqliteTests, var: Path, threads: int) -> Iterator[int]:
    """The running hotline with a database of its own, one process of so many threads; its port."""
    databases.apart(var / "hotline.db").dispose()
    write(var / "master_key", [MASTER])
    port = free_port()
    told = {"HOTLINE_VAR": str(var), "HOTLINE_PORT": str(port), "HOTLINE_DEMO": "0", "HOTLINE_THREADS": str(threads)}
    command = [sys.executable, "-m", "hotline", "run"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/login", process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(360):
        assert process.poll() is None, "the hotline did not start"
        try:
            requests.get(address, timeout=2)
        except requests.RequestException:
            time.sleep(0.5)
            continue
        return
    pytest.fail("the hotline did not start within three minutes")
