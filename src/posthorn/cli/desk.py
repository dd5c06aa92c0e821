"""What a command works with: its surroundings, where it writes, who acts, and for which firm."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli.errors import NothingFoundError, UsageError

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.cli.output import Output
    from posthorn.cli.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The surroundings of a command that belongs to no firm."""

    runtime: Runtime
    output: Output

    @property
    def actor(self) -> str:
        """Who acts, as the audit trail names them: the account that runs the command."""
        return f"cli:{account()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmDesk(Desk):
    """The surroundings of a command that works for one firm."""

    firm: UUID
    firm_name: str


def account() -> str:
    """Name the operating system's account that we run under."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def firm_desk(desk: Desk, wanted: str) -> FirmDesk:
    """Sit down for a firm given by id or name, or for the only one there is.

    Raises NothingFoundError, UsageError.
    """
    from posthorn.tenancy.queries import firms  # noqa: PLC0415  # needs Django

    every = firms()
    if not every:
        message = "There is no firm yet: `posthorn firm create NAME` makes one."
        raise NothingFoundError(message)
    words = wanted.strip().casefold()
    found = [one for one in every if words in {"", str(one.pk), one.name.casefold()}]
    if not found:
        message = f"There is no firm {wanted!r}: `posthorn firm list` shows them."
        raise NothingFoundError(message)
    if len(found) > 1:
        message = "There are several firms: choose one with --firm ID (`posthorn firm list`)."
        raise UsageError(message)
    return FirmDesk(
        runtime=desk.runtime, output=desk.output, firm=found[0].pk, firm_name=found[0].name
    )
