"""What a command is given by the program around it: settings, a started database, processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


class Runtime(Protocol):
    """The surroundings of one command; nothing is started before it is asked for."""

    @property
    def data(self) -> Path:
        """The data folder."""

    @property
    def address(self) -> tuple[str, int]:
        """Where the web server listens."""

    def open(self) -> AbstractContextManager[None]:
        """Start or join the database, bring it up to date where it is ours, and set Django up.

        Refuses a login that could see every firm's rows.
        """

    def migrate(self) -> None:
        """Bring the database up to date, as the owner of its tables."""

    def upgrade_database(self) -> str:
        """Move the embedded database to this version's server; says what was done."""

    def roles_script(self) -> str:
        """Give the SQL that prepares a server of one's own."""

    def run_worker(self) -> None:
        """Work until a signal ends it, finishing what is in flight."""

    def run_web(self) -> None:
        """Serve the site until a signal ends it."""

    def serve(self, *, seconds: float = 0) -> None:
        """Run the site and the workers on this machine; a second one is refused by name and pid."""
