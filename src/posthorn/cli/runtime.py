"""What a command is given by the program around it: settings, a started database, processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from posthorn.cli.exit_codes import ExitCode


class Processes(Protocol):
    """Commands that run beside this one."""

    def look(self) -> Sequence[str]:
        """Start again what ended and has waited long enough; gives the names of what is down."""


class Runtime(Protocol):
    """The surroundings of one command; nothing is started before it is asked for."""

    @property
    def data(self) -> Path:
        """The data folder."""

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one that Posthorn runs itself."""

    @property
    def own_failures(self) -> Mapping[type[Exception], ExitCode]:
        """What the surroundings themselves raise, with its exit codes."""

    def replace_settings(self, settings: Mapping[str, str]) -> None:
        """Use these POSTHORN_ settings and no others, here and in processes started from here."""

    def open(self) -> AbstractContextManager[None]:
        """Start or join the database, bring it up to date where it is ours, and set Django up.

        Refuses a login that could see every firm's rows.
        """

    def migrate(self) -> None:
        """Bring the database up to date, as the owner of its tables."""

    def upgrade_database(self) -> str:
        """Move the embedded database to this version's server; says what was done."""

    def roles_script(self, *, owner_password: str, app_password: str) -> str:
        """Give the SQL that prepares a server of one's own."""

    def run_worker(self, *, with_parent: bool = False) -> None:
        """Work until a signal ends it, finishing what is in flight."""

    def run_web(self, *, with_parent: bool = False) -> None:
        """Serve the site until a signal ends it; with its parent when `with_parent` is set."""

    def run_bounces(self, *, with_parent: bool = False) -> None:
        """Take in what comes back by mail until a signal ends it."""

    def serve(self, *, seconds: float = 0) -> None:
        """Run the site and the workers on this machine; a second one is refused by name and pid."""

    def serving(self, command: str) -> AbstractContextManager[object]:
        """Hold the right to serve the data folder. Raises AlreadyServingError, naming the other."""

    def end_with_parent(self) -> None:
        """End this process in order when the one that started it is gone."""

    def running(
        self, commands: Mapping[str, Sequence[str]], logs: Path
    ) -> AbstractContextManager[Processes]:
        """Run `posthorn` commands as processes while inside, each with a log of its own."""
