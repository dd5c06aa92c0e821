"""The PostgreSQL of the tests: ours, or the programs that POSTHORN_TEST_POSTGRES_BIN names."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import Protocol

import psycopg

from posthorn.postgres import Attachment, Cluster, Login, RoleName, roles_sql
from posthorn.postgres.locks import FileLock, exclusive

ADMIN, PASSWORD = "posthorn_admin", "only-for-tests"  # a server without a network
# Tests end with their server: nothing has to survive a power cut.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
}


class TestServer(Protocol):
    """A running server, shared by every test process of this machine."""

    def login(self, role: RoleName, dbname: str = ...) -> Login:
        """Say how to connect as one of the three logins."""
        ...

    def admin_login(self, dbname: str) -> Login:
        """Say how to connect as the superuser."""
        ...

    def close(self) -> None:
        """Leave; the last one to leave stops the server."""
        ...


def attach(folder: Path) -> TestServer:
    """Join the server of a folder, or start it."""
    programs = os.environ.get("POSTHORN_TEST_POSTGRES_BIN")
    if programs:
        return OtherServer(folder, Path(programs))
    attachment: Attachment = Cluster(folder, settings=SETTINGS).attach()
    return attachment


class OtherServer:
    """A server of other programs than ours, set up as an operator would, for the roles' SQL."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._programs = programs
        self._account = _account()
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        # The server's files belong to its account, the locks beside them to us.
        self._home = folder / "other"
        self._home.mkdir(mode=0o700, exist_ok=True)
        os.chown(self._home, self._account.pw_uid, self._account.pw_gid)
        self._start_lock = folder / "other-start.lock"
        self._users = FileLock(folder / "other-users.lock")
        with exclusive(self._start_lock, timeout_s=120, purpose="starting the tests' server"):
            self._users.try_shared()
            self._start()

    def login(self, role: RoleName, dbname: str = "postgres") -> Login:
        """Say how to connect as one of the three logins."""
        user = ADMIN if role == "admin" else f"posthorn_{role}"
        return Login(host=str(self._home), port=5432, dbname=dbname, user=user, password=PASSWORD)

    def admin_login(self, dbname: str) -> Login:
        """Say how to connect as the superuser."""
        return self.login("admin", dbname)

    def close(self) -> None:
        """Leave; the last one to leave stops the server."""
        with exclusive(self._start_lock, timeout_s=120, purpose="stopping the tests' server"):
            if self._users.is_held and self._users.try_exclusive():
                self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self._home / "data"))
            self._users.release()

    def _start(self) -> None:
        data = str(self._home / "data")
        if not (self._home / "data").exists():
            options = ["-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C"]
            self._run("initdb", *options, "-D", data)
        if not self._runs("pg_ctl", "status", "-D", data):
            (self._home / ".s.PGSQL.5432").unlink(missing_ok=True)
            given = {"listen_addresses": "", "unix_socket_directories": str(self._home)}
            values = {**SETTINGS, **given}.items()
            options = ["-o", " ".join(f"-c {name}='{value}'" for name, value in values)]
            self._run("pg_ctl", "start", "-w", "-D", data, "-l", str(self._home / "log"), *options)
        with psycopg.connect(self.admin_login("postgres").url(), autocommit=True) as connection:
            statements = roles_sql(owner_password=PASSWORD, app_password=PASSWORD)
            connection.execute(statements.encode())

    def _run(self, program: str, *arguments: str) -> None:
        if not self._runs(program, *arguments):
            message = f"{program} failed; its log is {self._home / 'log'}"
            raise RuntimeError(message)

    def _runs(self, program: str, *arguments: str) -> bool:
        as_root = os.geteuid() == 0
        process = subprocess.run(  # noqa: S603  # the tester's own programs
            [str(self._programs / program), *arguments],
            check=False,
            cwd="/",
            stdout=subprocess.DEVNULL,
            user=self._account.pw_uid if as_root else None,
            group=self._account.pw_gid if as_root else None,
        )
        return process.returncode == 0


def _account() -> pwd.struct_passwd:
    """Give the account that runs the server: root may not (PostgreSQL refuses it)."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
