"""Databases for tests: one server, one migrated template, and a copy of it for whoever asks."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg import sql

from posthorn.postgres import Login, binaries, create_database, drop_database
from posthorn.postgres.locks import exclusive
from tests.servers import TestServer, attach

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
_MIGRATED_BY = ("django", "django-allauth", "procrastinate")
_MIGRATE = (
    "from posthorn.project import runtime; runtime.use_owner();"
    "import django; django.setup();"
    "from django.core.management import call_command; call_command('migrate', verbosity=0)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A migrated database of its own with an empty data folder beside it."""

    name: str
    app: Login
    owner: Login
    admin: Login
    data: Path

    def variables(self) -> dict[str, str]:
        """Give the environment of a child process that works on this database."""
        others = {name: value for name, value in os.environ.items() if "POSTHORN_" not in name}
        return {
            **others,
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "posthorn.project.settings",
            "POSTHORN_DATA": str(self.data),
            "POSTHORN_DATABASE_URL": _address(self.app),
            "POSTHORN_DATABASE_OWNER_URL": _address(self.owner),
        }


@cache
def server() -> TestServer:
    """Join the tests' server; it stays up until the last process of this machine leaves."""
    joined = attach(_FOLDER)
    os.environ.pop("POSTHORN_TEST_POSTGRES_BIN", None)  # no setting of the product
    with _alone():
        _drop_orphans(joined)
    return joined


@contextmanager
def fresh_database(label: str) -> Iterator[Database]:
    """Lend a migrated database, dropped afterwards with every connection to it."""
    name = f"t_{os.getpid()}_{label}"
    joined = server()
    data = _FOLDER / "data" / name
    data.mkdir(mode=0o700, parents=True)
    with _alone():
        create_database(joined, name, template=_template())
    try:
        yield _database(joined, name, data)
    finally:
        drop_database(joined, name)
        shutil.rmtree(data, ignore_errors=True)


def fill(target: Login) -> None:
    """Make an empty database of another server a migrated one; quicker than migrating it."""
    run = [str(binaries.current().program("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    # -q leaves what functions answer, such as setval.
    command = [*run, "-o", os.devnull, "-f", str(_dump()), target.url()]
    subprocess.run(command, check=True, timeout=120)  # noqa: S603  # our own program


def _dump() -> Path:
    """Give the template as SQL, written once."""
    place = _FOLDER / f"template_{_digest()}.sql"
    if place.exists():
        return place
    joined = server()
    with _alone():
        source = joined.admin_login(_template()).url()
        part = place.with_suffix(".part")
        command = [str(binaries.current().program("pg_dump")), "--file", str(part), source]
        subprocess.run(command, check=True, timeout=120)  # noqa: S603  # our own program
        part.replace(place)
    return place


def _database(joined: TestServer, name: str, data: Path) -> Database:
    return Database(
        name=name,
        app=joined.login("app", name),
        owner=joined.login("owner", name),
        admin=joined.login("admin", name),
        data=data,
    )


def empty(database: Database) -> None:
    """Remove every row a test committed; quicker than a fresh copy."""
    with psycopg.connect(database.admin.url(), autocommit=True) as connection:
        connection.execute(_EMPTY)


# TRUNCATE would rewrite every table. As a replica no trigger stops us: the trail is append-only.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN
    ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
  ALTER SEQUENCE tenancy_auditentry_id_seq RESTART;
END $$
"""


def _folder() -> Path:
    programs = os.environ.get("POSTHORN_TEST_POSTGRES_BIN", "")
    tree = hashlib.sha256(f"{ROOT}\0{programs}".encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"posthorn-tests-{os.getuid()}-{tree}"


_FOLDER = _folder()


@contextmanager
def _alone() -> Iterator[None]:
    _FOLDER.mkdir(mode=0o711, exist_ok=True)  # as root, the server's account passes through
    with exclusive(_FOLDER / "template.lock", timeout_s=300, purpose="copying the template"):
        yield


def _template() -> str:
    """Migrate the template unless it stands; other trees' templates go. Holds the lock."""
    name = f"template_{_digest()}"
    with _administrator() as connection:
        found = {row[0] for row in connection.execute(_NAMES, ["template\\_%"])}
    if name not in found:
        for old in found:
            drop_database(server(), old)
        drop_database(server(), "unfinished")
        create_database(server(), "unfinished")
        _migrate("unfinished")
        with _administrator() as connection:
            rename = sql.SQL("ALTER DATABASE unfinished RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(name)))
    return name


_NAMES = "SELECT datname FROM pg_database WHERE datname LIKE %s"


def _digest() -> str:
    """Name what the migrations would make: their text and the packages' versions."""
    digest = hashlib.sha256(" ".join(map(version, _MIGRATED_BY)).encode())
    files = [*SOURCE.glob("posthorn/*/migrations/*.py"), SOURCE / "posthorn/tenancy/security.py"]
    for file in [*sorted(files), SOURCE / "posthorn/postgres/roles.py"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="posthorn-data-") as data:
        target = _database(server(), name, Path(data))
        command = [sys.executable, "-c", _MIGRATE]
        subprocess.run(command, check=True, env=target.variables())  # noqa: S603  # ourselves


def _drop_orphans(joined: TestServer) -> None:
    """Drop what test processes that were killed left behind."""
    with psycopg.connect(joined.admin_login("postgres").url(), autocommit=True) as connection:
        names = {row[0] for row in connection.execute(_NAMES, ["t\\_%"])}
    names |= {folder.name for folder in (_FOLDER / "data").glob("t_*")}
    for name in names:
        if not Path(f"/proc/{name.split('_')[1]}").exists() and Path("/proc/self").exists():
            with suppress(psycopg.Error):
                drop_database(joined, name)
            shutil.rmtree(_FOLDER / "data" / name, ignore_errors=True)


def _administrator() -> psycopg.Connection:
    return psycopg.connect(server().admin_login("postgres").url(), autocommit=True)


def _address(login: Login) -> str:
    place = f"{quote(login.host, safe='')}:{login.port}/{login.dbname}"
    return f"postgresql://{login.user}:{quote(login.password, safe='')}@{place}"
