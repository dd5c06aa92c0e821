"""One PostgreSQL per data folder, shared by every Posthorn process that uses the folder."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Self

from posthorn.postgres import account, binaries, databases, layout, roles
from posthorn.postgres.configuration import PORT
from posthorn.postgres.creation import SUPERUSER, create_cluster
from posthorn.postgres.databases import Login
from posthorn.postgres.errors import BusyError, PostgresError, StartFailedError
from posthorn.postgres.locks import FileLock, start_lock
from posthorn.postgres.majors import finish_swap
from posthorn.postgres.server import Server, is_free_or_ours, major_in, running_pid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from posthorn.postgres.binaries import Binaries

RoleName = Literal["app", "owner", "admin"]
_WATCH_EVERY_S = 0.5
_WATCHER_LEAVES_WITHIN_S = 300
_log = logging.getLogger("posthorn.postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a cluster is, for `posthorn doctor`; None where there is no cluster yet."""

    server_major: int
    is_running: bool = False
    pid: int | None = None
    home: Path | None = None
    socket_folder: Path | None = None
    data_major: int | None = None


class Cluster:
    """The embedded PostgreSQL of one data folder.

    `settings` are postgresql.conf values for when this process starts the server; `installation`
    is another PostgreSQL than the one Posthorn carries.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        installation: Binaries | None = None,
        system_folder: Path = layout.SYSTEM_FOLDER,
    ) -> None:
        self.data_folder = data_folder.resolve()
        self._settings = dict(settings or {})
        self._installation = installation
        self._system_folder = system_folder

    def attach(self) -> Attachment:
        """Join the server that runs, or start it; the first time make cluster, roles and database.

        Close what it returns: the last one to leave stops the server. Raises PostgresError.
        """
        control = layout.make_control_folder(self.data_folder)
        users = FileLock(control / "users.lock")
        with start_lock(control, "starting the database"), ExitStack() as on_failure:
            on_failure.callback(users.release)
            users.try_shared()  # held alone only under the start lock, which we have
            server = self._server(control)
            on_failure.callback(_stop_when_alone, server, users)
            server = _with_free_socket_name(server)
            _bring_up(server)
            on_failure.pop_all()
        return Attachment(server, users)

    def login(self, role: RoleName, dbname: str = roles.DATABASE) -> Login:
        """Return how to connect without starting anything; raises ClusterMissingError before that.

        For a process whose parent holds the attachment, such as a web worker.
        """
        control = layout.control_folder(self.data_folder)
        place = layout.require_layout(control, account.current_account())
        return _login(place, layout.read_passwords(control), role, dbname)

    def is_running(self) -> bool:
        """Tell whether the server runs; reads only."""
        return self.status().is_running

    def status(self) -> Status:
        """Describe the cluster; reads only."""
        control = layout.control_folder(self.data_folder)
        place = layout.known_layout(control, account.current_account())
        if place is None:
            return Status(server_major=binaries.MAJOR)
        pid = running_pid(place)
        return Status(
            is_running=pid is not None,
            pid=pid,
            home=place.home,
            socket_folder=place.socket,
            data_major=major_in(place.data),
            server_major=binaries.MAJOR,
        )

    def discard(self) -> None:
        """Stop the server and delete the cluster for good; raises BusyError while others use it."""
        control = layout.make_control_folder(self.data_folder)
        with start_lock(control, "deleting the database"):
            users = FileLock(control / "users.lock")
            try:
                if not users.try_exclusive():
                    raise BusyError(control, "deleting the database")
                server = self._server(control)
                server.stop()
                server.await_end()
                shutil.rmtree(server.layout.socket, ignore_errors=True)
                shutil.rmtree(server.layout.home)
                shutil.rmtree(control, ignore_errors=True)
            finally:
                users.release()

    def _server(self, control: Path) -> Server:
        who = account.server_account()
        programs = self._installation or binaries.current()
        return Server(
            layout=layout.locate(control, who, self._system_folder),
            binaries=binaries.runnable(programs, who, self._system_folder),
            settings=self._settings,
        )


class Attachment:
    """Our use of a running cluster; a context manager."""

    def __init__(self, server: Server, users: FileLock) -> None:
        self._server = server
        self._users: FileLock | None = users
        self._passwords = layout.read_passwords(server.layout.control)
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def login(self, role: RoleName, dbname: str = roles.DATABASE) -> Login:
        """Return how to connect as one of the three logins; it stays valid over restarts."""
        return _login(self._server.layout, self._passwords, role, dbname)

    def admin_login(self, dbname: str) -> Login:
        """Return the superuser's login."""
        return self.login("admin", dbname)

    def ensure_running(self) -> bool:
        """Start the server again when it died; True when this call did it. Raises PostgresError."""
        if self._users is None:
            raise StartFailedError(self._server.layout.home, reason="already closed", log="")
        if self._server.is_alive():
            return False
        with start_lock(self._server.layout.control, "restarting the database"):
            self._server.check_data()
            started = self._server.bring_up()
        if started:
            _log.warning(
                "The database server in %s had died; it runs again", self._server.layout.home
            )
        return started

    def watch(self) -> None:
        """Restart the server whenever it dies, from a thread of its own, until close()."""
        if self._watcher is None:
            self._watcher = threading.Thread(
                target=self._watch, name="posthorn-postgres-watch", daemon=True
            )
            self._watcher.start()

    def close(self) -> None:
        """Leave; the last one to leave stops the server. Doing it twice is harmless."""
        users, self._users = self._users, None
        if users is None:
            return
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join(_WATCHER_LEAVES_WITHIN_S)
        try:
            with start_lock(self._server.layout.control, "stopping the database"):
                if users.is_held and users.try_exclusive():
                    self._server.stop()
        finally:
            users.release()

    def _watch(self) -> None:
        while not self._closing.wait(_WATCH_EVERY_S):
            try:
                self.ensure_running()
            except PostgresError:
                if not self._closing.is_set():
                    _log.exception("The database server cannot be started again yet")


def _stop_when_alone(server: Server, users: FileLock) -> None:
    """After a failed attach leave no server behind that nobody uses."""
    with suppress(PostgresError):
        if users.try_exclusive():
            server.stop()


def _with_free_socket_name(server: Server) -> Server:
    if server.is_alive() or is_free_or_ours(server.layout):
        return server
    return replace(server, layout=layout.rename_socket(server.layout))


def _bring_up(server: Server) -> None:
    """Bring the server to where all three logins can connect; the caller holds the start lock."""
    control = server.layout.control
    finish_swap(server.layout)
    server.check_data()
    if server.major is None:
        create_cluster(server, layout.make_passwords(control))
    passwords = layout.read_passwords(control)
    marker = layout.require_marker(control)
    if marker.major != server.major:
        marker = replace(marker, major=server.major)
        layout.write_marker(control, marker)
    server.bring_up()
    stamp = _stamp(passwords)
    if marker.prepared != stamp:
        databases.prepare(_login(server.layout, passwords, "admin", "postgres"), passwords)
        layout.write_marker(control, replace(marker, prepared=stamp))


def _stamp(passwords: layout.Passwords) -> str:
    """Return what changes when the roles or the database have to be brought up to date."""
    statements = roles.roles_sql(owner_password=passwords.owner, app_password=passwords.app)
    return hashlib.sha256((statements + roles.database_sql()).encode()).hexdigest()


def _login(place: layout.Layout, passwords: layout.Passwords, role: RoleName, dbname: str) -> Login:
    user, password = {
        "app": (roles.APP, passwords.app),
        "owner": (roles.OWNER, passwords.owner),
        "admin": (SUPERUSER, passwords.admin),
    }[role]
    return Login(host=str(place.socket), port=PORT, dbname=dbname, user=user, password=password)
