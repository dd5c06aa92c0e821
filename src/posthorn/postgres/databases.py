"""Databases inside a running cluster: ours, and short-lived ones for tests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypedDict
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from posthorn.postgres import roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.postgres.layout import Passwords

_CONNECT_TIMEOUT_S = 20
_STATEMENT_TIMEOUT_S = 60


class Parameters(TypedDict):
    """A login as keyword arguments."""

    host: str
    port: int
    dbname: str
    user: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How to reach one database as one role; `host` is the server's socket folder."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)

    def url(self) -> str:
        """Return a postgresql:// address, password included."""
        place = urlencode({"host": self.host, "port": self.port})
        who = f"{quote(self.user)}:{quote(self.password, safe='')}"
        return f"postgresql://{who}@/{quote(self.dbname)}?{place}"

    def params(self) -> Parameters:
        """Return the keyword arguments psycopg.connect() takes."""
        return Parameters(
            host=self.host,
            port=self.port,
            dbname=self.dbname,
            user=self.user,
            password=self.password,
        )


class Administrator(Protocol):
    """Whoever can name the superuser's login, such as an attachment."""

    def admin_login(self, dbname: str) -> Login:
        """Return the superuser's login."""
        ...


def prepare(admin: Login, passwords: Passwords) -> None:
    """Make the roles and Posthorn's database, or bring the ones there up to date."""
    statements = roles.roles_sql(owner_password=passwords.owner, app_password=passwords.app)
    with _connected(admin) as connection:
        connection.execute(statements.encode())
        connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        query = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s"
        if connection.execute(query, [roles.DATABASE]).fetchone() is None:
            connection.execute(_create_statement(roles.DATABASE, "template0"))
    _grant_inside(admin, roles.DATABASE)


def create_database(administrator: Administrator, name: str, template: str | None = None) -> None:
    """Make a database like Posthorn's own, empty or copied from another one."""
    admin = administrator.admin_login("postgres")
    with _connected(admin) as connection:
        connection.execute(_create_statement(name, template or "template0"))
    _grant_inside(admin, name)


def drop_database(administrator: Administrator, name: str) -> None:
    """Drop a database and every connection to it; does nothing when there is none."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _connected(administrator.admin_login("postgres")) as connection:
        connection.execute(statement)


def _grant_inside(admin: Login, name: str) -> None:
    with _connected(replace(admin, dbname=name)) as connection:
        connection.execute(roles.database_sql(name).encode())


def _create_statement(name: str, template: str) -> sql.Composed:
    return sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(roles.OWNER), sql.Identifier(template)
    )


@contextmanager
def _connected(login: Login) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        **login.params(),
        connect_timeout=_CONNECT_TIMEOUT_S,
        options=f"-c statement_timeout={_STATEMENT_TIMEOUT_S}s",
        application_name="posthorn supervisor",
        autocommit=True,
    ) as connection:
        yield connection
