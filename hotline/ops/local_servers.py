"""A PostgreSQL and a Redis of our own, started for a test run or for `make city` and stopped with it.

Traps handled here: PostgreSQL refuses to run as root, so root starts it as the user `postgres`; socket paths
must stay under 108 characters, so they lie in a short folder; a server must not outlive the process that
started it, even when that is killed, so the kernel is asked to stop it with its parent.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from hotline.errors import Misconfigured

PR_SET_PDEATHSIG = 1
INSTALL = "apt-get install --no-install-recommends postgresql-15 redis-server"


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's server programs (15 or newer), the newest first; None when not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    folders = [program.parent for program in debian if int(program.parts[-3]) >= 15]
    on_path = shutil.which("initdb")
    return folders[0] if folders else Path(on_path).parent if on_path else None


def find_redis() -> Path | None:
    found = shutil.which("redis-server")
    return Path(found) if found else None


def missing() -> list[str]:
    """The servers that are not installed on this machine, as Debian packages."""
    return [name for name, found in (("postgresql-15", find_postgres()), ("redis-server", find_redis())) if not found]


def free_port() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PrivatePostgres:
    """One PostgreSQL cluster that only this machine's owner reaches, over a Unix socket.

    folder: where the data lies; it is initialised on first use and kept. safe: with fsync (the city, benches);
    without it (tests) a commit costs nothing and a power cut costs everything.
    """

    def __init__(self, folder: Path, *, safe: bool = True, settings: Sequence[str] = ()):
        self.data = folder
        self.safe = safe
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        self.sockets: Path | None = None

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The SQLAlchemy URL of one database of the running server."""
        return f"postgresql://{user}@/{database}?host={self.sockets}"

    def start(self) -> Self:
        """Initialise when new, start, and return once it answers; raises Misconfigured with a sentence."""
        programs = find_postgres()
        if programs is None:
            raise Misconfigured(f"PostgreSQL 15 is not installed: {INSTALL}")
        self.sockets = Path(tempfile.mkdtemp(prefix="hotline-", dir="/tmp"))
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.sockets, self.data):
            give_to_postgres(folder)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs)
        return self.run(programs)

    def run(self, programs: Path) -> Self:
        """Start the server on its data; again at the same address after it has fallen."""
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *self._options()]
        log = Path(str(self.sockets)) / "log"
        self.process = start_with_us(command, log=log, stop=signal.SIGINT, **as_postgres())
        wait_until(lambda: self._answers(programs), self.process, log)
        return self

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT)
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _options(self) -> list[str]:
        quick = () if self.safe else ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
        chosen = (
            "listen_addresses=",
            "max_connections=200",
            "shared_buffers=256MB",
            "unix_socket_permissions=0700",
            *quick,
            *self.settings,
        )
        return [word for setting in chosen for word in ("-c", setting)]

    def _initialise(self, programs: Path) -> None:
        command = [
            str(programs / "initdb"),
            "-D",
            str(self.data),
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ] + ([] if self.safe else ["--no-sync"])
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **as_postgres())
        if done.returncode:
            raise Misconfigured(f"PostgreSQL could not be set up in {self.data}: {done.stderr.strip()}")

    def _answers(self, programs: Path) -> bool:
        question = [str(programs / "pg_isready"), "-q", "-h", str(self.sockets)]
        return subprocess.run(question, check=False).returncode == 0


class PrivateRedis:
    """One Redis on a random loopback port behind a random password. keep: append-only file in `folder`."""

    def __init__(self, folder: Path, *, keep: bool = False):
        self.folder = folder
        self.keep = keep
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        """Start and return once it answers; raises Misconfigured with a sentence."""
        program = find_redis()
        if program is None:
            raise Misconfigured(f"Redis is not installed: {INSTALL}")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The settings go in by standard input, so that the password is not in the list of processes.
        self.process = start_with_us([str(program), "-"], log=self.folder / "log", told=self._settings())
        wait_until(self._answers, self.process, self.folder / "log")
        return self

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGTERM)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _settings(self) -> str:
        return (
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir "{self.folder.resolve()}"\n'
            f'save ""\nappendonly {"yes" if self.keep else "no"}\n'
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"OK" in line.recv(64)
        except OSError:
            return False


def as_postgres() -> dict[str, Any]:
    """What subprocess must be told so that a command runs as `postgres`; nothing when we are not root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def give_to_postgres(folder: Path) -> None:
    """Make the folder the server's own; refuses a folder it cannot reach (a root-only home, say)."""
    folder.chmod(0o700)
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    if subprocess.run(["test", "-w", str(folder.resolve())], cwd="/", check=False, **as_postgres()).returncode:
        sentence = "choose a folder outside private homes with HOTLINE_VAR"
        raise Misconfigured(f"the user postgres cannot reach {folder.resolve()}: {sentence}")


def start_with_us(
    command: Sequence[str],
    *,
    log: Path | None = None,
    output: int | None = None,
    told: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
    **how: Any,
) -> subprocess.Popen[bytes]:
    """Start a command in its own group, that the kernel stops with `stop` when the starting thread ends.

    told: text for its standard input. log: the file for its output; without it `output` says where that goes.
    """
    libc = ctypes.CDLL(None)
    how.setdefault("cwd", "/")

    def tie_to_parent() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop))

    file = log.open("ab") if log else None
    out = file or output
    try:
        # preexec_fn is unsafe for what takes locks; one system call does not.
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
            stdout=out,
            stderr=out and subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent,  # noqa: PLW1509
            **how,
        )
    finally:
        if file:
            file.close()
    if told and process.stdin:
        process.stdin.write(told.encode())
        process.stdin.close()
    return process


def wait_until(answers: Any, process: subprocess.Popen[bytes], log: Path, *, seconds: float = 30) -> None:
    """Return when `answers()` is true; raises Misconfigured with the log's end when the server gives up."""
    until = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            stop(process, signal.SIGTERM)
            words = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise Misconfigured(f"{Path(str(process.args[0])).name} did not start:\n{words}")  # type: ignore[index]
        time.sleep(0.03)


def stop(process: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float = 10) -> None:
    """Ask a process to stop, wait, and end it when it does not listen."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
