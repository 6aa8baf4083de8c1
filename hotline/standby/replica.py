"""Making the copy: PostgreSQL's own base backup, which goes on following the primary over a slot of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from hotline.backups.make import program
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ops.local_servers import as_postgres, give_to_postgres
from models.store.hosts import as_libpq, written


def make(primary: str, folder: Path, name: str = "standby") -> None:
    """Copy the running primary into an empty folder that PostgreSQL can be started on as its standby.

    primary: the address of a user who may replicate. name: of the slot, and of the standby in synchronous_standby_names.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
        raise Refusal(_("备库的名字只能用小写字母、数字和下划线。"))
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(_("%(folder)s 不是空的。", folder=folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    give_to_postgres(folder)
    told = written(make_url(primary).update_query_dict({"application_name": name}))
    command = [program("pg_basebackup"), "--pgdata", str(folder), "--dbname", as_libpq(told), "--write-recovery-conf"]
    command += ["--wal-method=stream", "--checkpoint=fast", "--create-slot", f"--slot={name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_postgres())
    if done.returncode:
        raise Refusal(_("pg_basebackup 没有成功：%(why)s", why=done.stderr.strip()[:500]))
