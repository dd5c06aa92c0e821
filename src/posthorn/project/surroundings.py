"""The surroundings of commands: a joined database, Django set up, keys in place, processes run."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django

from posthorn.postgres import Cluster, operator_script, upgrade
from posthorn.project import logs, processes, runtime
from posthorn.project.env import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from posthorn.project.env import Env

_MIGRATE_LIMIT_S = 600


class Surroundings:
    """Implements posthorn.cli.runtime.Runtime."""

    @property
    def env(self) -> Env:
        """The settings of this process."""
        return runtime.env()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.env.data

    @property
    def address(self) -> tuple[str, int]:
        """Where the web server listens."""
        return self.env.listen

    @contextmanager
    def open(self) -> Iterator[None]:
        """Start or join the database, bring it up to date where it is ours, and set Django up."""
        with self._database():
            self._set_up_django()
            self._bring_up_to_date()
            yield

    @contextmanager
    def _database(self) -> Iterator[None]:
        if self.env.database_url:
            yield
            return
        with Cluster(self.data).attach() as attachment:
            attachment.watch()
            yield

    def _set_up_django(self) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthorn.project.settings")
        logs.set_up()
        django.setup()
        from posthorn.kernel import crash  # noqa: PLC0415
        from posthorn.project.checks import check_database  # noqa: PLC0415

        if self.env.crash_at:
            name, _, nth = self.env.crash_at.partition(":")
            crash.arm(name, int(nth or 1))
        check_database()

    def _bring_up_to_date(self) -> None:
        from posthorn.connections.keyring import ensure_keyring  # noqa: PLC0415
        from posthorn.project.checks import has_pending_migrations  # noqa: PLC0415

        if has_pending_migrations():
            if self.env.database_url and not self.env.database_owner_url:
                message = "The database is older than this program: run `posthorn migrate` first."
                raise SettingError(message)
            self._migrate_beside()
        ensure_keyring(self.data)

    def _migrate_beside(self) -> None:
        """Migrate in a process of its own, since this one is logged in as the application."""
        subprocess.run(  # ourselves
            [sys.executable, "-m", "posthorn", "migrate"], check=True, timeout=_MIGRATE_LIMIT_S
        )

    def migrate(self) -> None:
        """Bring the database up to date, as the owner of its tables."""
        if self.env.database_url and not self.env.database_owner_url:
            message = "Set POSTHORN_DATABASE_OWNER_URL to the posthorn_owner login."
            raise SettingError(message)
        with self._database():
            runtime.use_owner()
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthorn.project.settings")
            logs.set_up()
            django.setup()
            from django.core.management import call_command  # noqa: PLC0415

            call_command("migrate", verbosity=0, interactive=False)

    def upgrade_database(self) -> str:
        """Move the embedded database to this version's server."""
        return str(upgrade(self.data))

    def roles_script(self) -> str:
        """Give the SQL that prepares a server of one's own."""
        return operator_script()

    def run_worker(self) -> None:
        """Work until a signal ends it."""
        with self.open():
            processes.run_worker(self.env)

    def run_web(self) -> None:
        """Serve the site until a signal ends it."""
        with self.open():
            processes.run_web(self.env)

    def serve(self, *, seconds: float = 0) -> None:
        """Run the site and a worker on this machine."""
        with processes.serving(self.data), self.open():
            processes.serve(seconds=seconds)
