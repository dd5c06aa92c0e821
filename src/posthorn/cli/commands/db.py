"""`db`: the database underneath."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from posthorn.cli.command import group, on_database, plain
from posthorn.cli.desk import Desk
from posthorn.cli.errors import UsageError

noun = group("db", "The database underneath.")
_LOGINS = 2


@plain(noun, "roles-sql")
def roles_sql(
    desk: Desk,
    *,
    passwords_stdin: Annotated[
        bool,
        typer.Option(
            "--passwords-stdin", help="Read two lines: the owner's password, the application's."
        ),
    ] = False,
) -> None:
    """Give the psql script that prepares a PostgreSQL server of your own, passwords included.

    Without --passwords-stdin it invents the passwords.
    """
    owner, app = _two_lines() if passwords_stdin else _invented()
    script = desk.runtime.roles_script(owner_password=owner, app_password=app)
    desk.output.text(script.rstrip("\n"))
    desk.output.note(
        "Run it with psql as a superuser, then set POSTHORN_DATABASE_URL (posthorn_app) and"
        " POSTHORN_DATABASE_OWNER_URL (posthorn_owner)."
    )


def _invented() -> tuple[str, str]:
    return secrets.token_urlsafe(24), secrets.token_urlsafe(24)


def _two_lines() -> tuple[str, str]:
    lines = [sys.stdin.readline().rstrip("\r\n") for _ in range(_LOGINS)]
    if not all(lines):
        message = "--passwords-stdin needs two lines: the owner's password, the application's."
        raise UsageError(message)
    return lines[0], lines[1]


@plain(noun, "upgrade")
def upgrade(desk: Desk) -> None:
    """Move the embedded database to this version's PostgreSQL; the old data is kept beside it."""
    said = desk.runtime.upgrade_database()
    desk.output.done(said, {"upgrade": said})


@on_database(noun, "status")
def status(desk: Desk) -> None:
    """Show which database is used, as whom, and how its clock goes."""
    from posthorn.delivery.queries.installation import server  # noqa: PLC0415  # needs Django

    found = server()
    desk.output.record(
        {
            "version": found.version,
            "login": found.login,
            "is_embedded": desk.runtime.is_embedded,
            "clock_skew_s": round(found.skew.total_seconds(), 3),
        }
    )
