"""A real mailbox for one test: Debian's Dovecot on a loopback port, and letters put into it as a mail server would."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path

DOVECOT = "/usr/sbin/dovecot"
USER, PASSWORD = "hotline", "letters-of-citizens"
CONFIG = """
protocols = imap
base_dir = {run}
state_dir = {run}
log_path = {run}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal}
default_login_user = {login}
mail_location = maildir:{mail}
first_valid_uid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class PostOffice:
    """url: as IMAP_URL names the mailbox. bring: a letter arrives. flags: of each letter, in the order they came."""

    url: str
    mail: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def bring(self, letter: EmailMessage | bytes) -> None:
        raw = letter if isinstance(letter, bytes) else letter.as_bytes()
        name = f"{1_700_000_000 + next(self.numbers)}.M1P1.test"
        (self.mail / "tmp" / name).write_bytes(raw)
        os.rename(self.mail / "tmp" / name, self.mail / "new" / name)

    def flags(self) -> list[str]:
        """S: seen, F: flagged, "": neither."""
        files = sorted([*(self.mail / "cur").iterdir(), *(self.mail / "new").iterdir()], key=lambda one: one.name)
        return [file.name.partition(":2,")[2] for file in files]


@contextmanager
def post_office() -> Iterator[PostOffice]:
    folder = Path(tempfile.mkdtemp(prefix="post-office-"))  # pytest's own folders let no other user in
    run, mail = folder / "dovecot", folder / "mail"
    owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())  # root's mail is read by nobody
    folder.chmod(0o755)
    for made in (run, mail, mail / "new", mail / "cur", mail / "tmp"):
        made.mkdir()
        made.chmod(0o777)
    me = getpass.getuser()
    users = ("dovecot", "dovenull") if os.getuid() == 0 else (me, me)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "mailbox.conf"  # not in its own folder, where it makes a link of that name
    values = {"run": run, "mail": mail, "port": port, "internal": users[0], "login": users[1], "password": PASSWORD}
    config.write_text(CONFIG.format(**values, uid=owner.pw_uid, gid=owner.pw_gid))
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(config)])
    try:
        _wait_for(port, run)
        yield PostOffice(f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX", mail)
    except BaseException:
        print((run / "log").read_text() if (run / "log").exists() else "")
        raise
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, run: Path) -> None:
    for _turn in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            if line.recv(4).startswith(b"* OK"):
                return
        time.sleep(0.05)
    log = run / "log"
    raise AssertionError(f"dovecot does not answer: {log.read_text() if log.exists() else ''}")
