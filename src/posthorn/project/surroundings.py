"""The surroundings of commands: a joined database, Django set up, keys in place, processes run."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from posthorn.cli.exit_codes import ExitCode
from posthorn.project.env import Env, SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from posthorn.project.children import Family

_MIGRATE_LIMIT_S = 600
_MIGRATE_LOCK = 7_401_003


class MigrationError(Exception):
    """Read the lines above: the database could not be brought up to date."""


class Surroundings:
    """Implements posthorn.cli.runtime.Runtime. What is heavy is imported when it is needed."""

    @property
    def env(self) -> Env:
        """The settings of this process."""
        from posthorn.project import runtime  # noqa: PLC0415  # it knows the database's driver

        return runtime.env()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.env.data

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one that Posthorn runs itself."""
        return not self.env.database_url

    @property
    def own_failures(self) -> Mapping[type[Exception], ExitCode]:
        """What start and processes raise, with its exit codes."""
        from posthorn.project.checks import DatabaseRefusedError, DataFolderError  # noqa: PLC0415
        from posthorn.project.processes import PortTakenError, StillInFlightError  # noqa: PLC0415

        return {
            SettingError: ExitCode.USAGE,
            DatabaseRefusedError: ExitCode.NOT_ALLOWED,
            DataFolderError: ExitCode.ERROR,
            MigrationError: ExitCode.ERROR,
            PortTakenError: ExitCode.CONFLICT,
            StillInFlightError: ExitCode.PARTLY,
        }

    def replace_settings(self, settings: Mapping[str, str]) -> None:
        """Use these POSTHORN_ settings and no others, here and in processes started from here."""
        from posthorn.project import runtime  # noqa: PLC0415

        for name in [name for name in os.environ if name.startswith("POSTHORN_")]:
            del os.environ[name]
        os.environ.update(settings)
        runtime.env.cache_clear()

    def open(self) -> AbstractContextManager[None]:
        """Start or join the database, bring it up to date where it is ours, and set Django up."""
        return self._open(logging.WARNING)

    @contextmanager
    def _open(self, level: int) -> Iterator[None]:
        logs_from(level)
        with self._database():
            self._set_up_django()
            self._bring_up_to_date()
            yield

    @contextmanager
    def _database(self) -> Iterator[None]:
        from posthorn.project.checks import demand_data_folder  # noqa: PLC0415

        demand_data_folder(self.data)
        if self.env.database_url:
            yield
            return
        from posthorn.postgres import Cluster  # noqa: PLC0415

        with Cluster(self.data).attach() as attachment:
            attachment.watch()
            yield

    def _set_up_django(self) -> None:
        _start_django()
        from posthorn.kernel import crash  # noqa: PLC0415
        from posthorn.project.checks import check_database  # noqa: PLC0415

        if self.env.crash_at:
            name, _, nth = self.env.crash_at.partition(":")
            crash.arm(name, int(nth or 1))
        check_database()

    def _bring_up_to_date(self) -> None:
        from posthorn.connections.rotation import ensure_keyring  # noqa: PLC0415
        from posthorn.project.checks import has_pending_migrations  # noqa: PLC0415

        if has_pending_migrations():
            if self.env.database_url and not self.env.database_owner_url:
                message = "The database is older than this program: run `posthorn migrate` first."
                raise SettingError(message)
            _migrate_beside()
        ensure_keyring(self.data)

    def migrate(self) -> None:
        """Bring the database up to date, as the owner of its tables."""
        if self.env.database_url and not self.env.database_owner_url:
            message = "Set POSTHORN_DATABASE_OWNER_URL to the posthorn_owner login."
            raise SettingError(message)
        from posthorn.project import runtime  # noqa: PLC0415

        logs_from(logging.WARNING)
        with self._database():
            runtime.use_owner()
            _start_django()
            _migrate_alone()

    def upgrade_database(self) -> str:
        """Move the embedded database to this version's server."""
        from posthorn.postgres import upgrade  # noqa: PLC0415

        if self.env.database_url:
            message = "POSTHORN_DATABASE_URL names a server of your own: upgrade that one itself."
            raise SettingError(message)
        return str(upgrade(self.data))

    def roles_script(self, *, owner_password: str, app_password: str) -> str:
        """Give the SQL that prepares a server of one's own."""
        from posthorn.postgres import operator_script  # noqa: PLC0415

        return operator_script(owner_password=owner_password, app_password=app_password)

    def run_worker(self, *, with_parent: bool = False) -> None:
        """Work until a signal ends it."""
        from posthorn.project import processes  # noqa: PLC0415

        self._follow_parent(with_parent=with_parent)
        with self._open(logging.INFO):
            processes.run_worker(self.env)

    def run_web(self, *, with_parent: bool = False) -> None:
        """Serve the site until a signal ends it."""
        from posthorn.project import processes  # noqa: PLC0415

        self._follow_parent(with_parent=with_parent)
        processes.demand_free_port(*self.env.listen)
        with self._open(logging.INFO):
            processes.run_web(self.env)

    def run_bounces(self, *, with_parent: bool = False) -> None:
        """Take in what comes back by mail until a signal ends it."""
        from posthorn.project import processes  # noqa: PLC0415

        self._follow_parent(with_parent=with_parent)
        with self._open(logging.INFO):
            processes.run_bounces()

    def serve(self, *, seconds: float = 0) -> None:
        """Run the site and a worker on this machine."""
        from posthorn.project import processes  # noqa: PLC0415

        with self.serving("posthorn serve"):
            processes.demand_free_port(*self.env.listen)
            with self._open(logging.INFO):
                processes.serve(self.env, seconds=seconds)

    def serving(self, command: str) -> AbstractContextManager[object]:
        """Hold the right to serve the data folder; raises AlreadyServingError."""
        from posthorn.postgres import ServeLock  # noqa: PLC0415

        return ServeLock(self.data, command=command)

    def running(self, commands: Mapping[str, Sequence[str]], logs: Path) -> Family:
        """Run `posthorn` commands as processes while inside, each with a log of its own."""
        from posthorn.project.children import Family  # noqa: PLC0415

        return Family(commands, logs)

    def end_with_parent(self) -> None:
        """End this process in order when the one that started it is gone."""
        self._follow_parent(with_parent=True)

    def _follow_parent(self, *, with_parent: bool) -> None:
        if with_parent:
            from posthorn.project.children import end_with_parent  # noqa: PLC0415

            end_with_parent()


def logs_from(level: int) -> None:
    """Log to stderr from this level on."""
    from posthorn.project import logs  # noqa: PLC0415

    logs.set_up(level)


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthorn.project.settings")
    import django  # noqa: PLC0415  # starts slowly

    gc.disable()  # all that is imported stays: looking for cycles in it is a tenth of the start
    try:
        django.setup()
    finally:
        gc.enable()


def _migrate_beside() -> None:
    """Migrate in a process of its own, since this one is logged in as the application."""
    command = [sys.executable, "-m", "posthorn", "migrate"]
    try:
        subprocess.run(  # noqa: S603  # ourselves
            command, check=True, timeout=_MIGRATE_LIMIT_S, stdout=subprocess.DEVNULL
        )
    except subprocess.SubprocessError as error:
        message = "The database could not be brought up to date: run `posthorn migrate`."
        raise MigrationError(message) from error


def _migrate_alone() -> None:
    """Migrate while nobody else does: two that start at once would both create the tables."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from posthorn.kernel.memory import tune_collector  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATE_LOCK])
    tune_collector()  # every step makes all models anew: a third of the time went into collecting
    call_command("migrate", verbosity=0, interactive=False)
