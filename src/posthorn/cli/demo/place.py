"""Where a demonstration runs: its folder, its ports, and where a person can look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posthorn.cli.demo.mailboxes import Mailboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A demonstration's folder, the address of its site, and its mailboxes."""

    folder: Path
    host: str
    port: int
    smtp_port: int
    mailboxes: Mailboxes

    @property
    def site(self) -> str:
        """The site's address."""
        return f"http://{self.host}:{self.port}/"
