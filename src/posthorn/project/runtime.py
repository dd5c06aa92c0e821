"""What a process knows before Django starts: settings, database login, signing key."""

from __future__ import annotations

import os
import secrets
from functools import cache
from typing import TYPE_CHECKING, Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from posthorn.project.env import Env, SettingError, read

if TYPE_CHECKING:
    from pathlib import Path

    from posthorn.postgres import RoleName

_role: RoleName = "app"


@cache
def env() -> Env:
    """Read the settings of this process, once."""
    return read(os.environ)


def use_owner() -> None:
    """Make this process log in as the owner of the tables; only `posthorn migrate` does."""
    global _role  # noqa: PLW0603  # one decision per process, taken before Django reads its settings
    _role = "owner"


def database_login() -> dict[str, Any]:
    """Give Django's connection parameters; never starts a server."""
    settings = env()
    if settings.database_url:
        return _from_url(settings.database_owner_url if _role == "owner" else settings.database_url)
    from posthorn.postgres import Cluster  # noqa: PLC0415  # not there on platforms without the binaries

    login = Cluster(settings.data).login(_role)
    return {
        "HOST": login.host,
        "PORT": str(login.port),
        "NAME": login.dbname,
        "USER": login.user,
        "PASSWORD": login.password,
    }


def _from_url(url: str) -> dict[str, Any]:
    """Read a PostgreSQL address as libpq does, sockets and `?host=` included."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        parts = {}
    if not url.startswith(("postgres://", "postgresql://")) or not parts.get("dbname"):
        message = "The database address must read postgresql://user:password@host:5432/name."
        raise SettingError(message)
    return {
        "HOST": str(parts.get("host", "")),
        "PORT": str(parts.get("port", "")),
        "NAME": str(parts["dbname"]),
        "USER": str(parts.get("user", "")),
        "PASSWORD": str(parts.get("password", "")),
    }


def secret_key() -> str:
    """Give the signing key: the operator's, or one made once in the data folder (mode 0600)."""
    return env().secret_key or keep_secret(env().data / "secret_key", secrets.token_urlsafe(48))


def keep_secret(path: Path, fresh: str) -> str:
    """Give a file's secret, written from `fresh` when there is none; safe against racing."""
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    finally:
        partial.unlink()
    return fresh
