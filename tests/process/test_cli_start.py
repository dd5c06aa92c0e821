from __future__ import annotations

import json
import os
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from posthorn.connections.keyring import fresh_key
from posthorn.postgres import Cluster, Login, ServeLock
from tests.installation import Installation, empty_installation, free_port, installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.postgres import Attachment

pytestmark = pytest.mark.xdist_group("cli_start")


@pytest.fixture
def empty() -> Iterator[Installation]:
    with empty_installation() as lent:
        yield lent


@pytest.fixture
def running() -> Iterator[Installation]:
    with installation() as lent:
        yield lent


@pytest.fixture(scope="module")
def attachment() -> Iterator[Attachment]:
    """Lend a server with roles and an empty database."""
    with tempfile.TemporaryDirectory(prefix="posthorn-start-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "data")
        with cluster.attach() as attached:
            yield attached
        cluster.discard()


def address(login: Login) -> str:
    place = f"{quote(login.host, safe='')}:{login.port}/{login.dbname}"
    return f"postgresql://{login.user}:{quote(login.password, safe='')}@{place}"


def refused(where: Installation, *arguments: str) -> tuple[int, str]:
    """Give exit code and the one line of a command that must write nothing else."""
    ran = where.run(*(arguments or ("firm", "list")))
    assert (ran.out, ran.err.count("\n"), ran.err[:10]) == ("", 1, "posthorn: "), ran.err
    return ran.code, ran.err.removeprefix("posthorn: ").strip()


def test_a_bad_or_unknown_setting_is_named(empty: Installation) -> None:
    empty.settings["SENDERS"] = "many"
    assert refused(empty) == (
        2,
        "POSTHORN_SENDERS is 'many': write a whole number of 1 or more.",
    )

    empty.settings = {"SENDER": "16"}
    assert refused(empty) == (
        2,
        "POSTHORN_SENDER is no setting of Posthorn; docs/reference/settings.md lists them.",
    )
    assert not empty.data.exists()


def test_a_data_folder_that_cannot_be_used_is_named(empty: Installation) -> None:
    empty.settings["DATA"] = "/dev/null/data"

    code, line = refused(empty)

    assert code == 1
    assert line.startswith("The data folder /dev/null/data cannot be used: Not a directory.")
    assert "POSTHORN_DATA" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_without_write_access_is_named(empty: Installation) -> None:
    empty.data.mkdir()
    empty.data.chmod(0o500)

    code, line = refused(empty)

    assert (code, "this account may not write there" in line) == (1, True)


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_taken_port_is_named_before_anything_starts(empty: Installation, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        empty.port = taken.getsockname()[1]
        code, line = refused(empty, command)

    assert code == 5
    assert line.startswith(f"127.0.0.1:{empty.port} cannot be listened on")
    assert "POSTHORN_LISTEN" in line
    assert not (empty.data / "postgres").exists()


def test_a_second_serve_is_told_who_serves(empty: Installation) -> None:
    with ServeLock(empty.data):
        told = refused(empty, "serve")

    holder = f"posthorn serve (pid {os.getpid()})"
    assert told == (5, f"{holder} already serves {empty.data}. Stop it first.")


def test_a_server_that_does_not_answer_may_answer_later(empty: Installation) -> None:
    closed = free_port()
    empty.settings["DATABASE_URL"] = f"postgresql://posthorn_app:x@127.0.0.1:{closed}/posthorn"

    code, line = refused(empty)

    assert (code, line.startswith("The database does not answer: ")) == (7, True)
    assert "POSTHORN_DATABASE_URL" in line


def test_a_login_that_is_refused_or_could_see_every_firm_does_not_start(
    empty: Installation, attachment: Attachment
) -> None:
    admin = attachment.admin_login("posthorn")
    empty.settings["DATABASE_URL"] = address(admin)
    code, line = refused(empty)
    assert code == 4
    assert line.endswith("is a superuser and would see every firm. Use posthorn_app.")

    app = attachment.login("app")
    empty.settings["DATABASE_URL"] = address(app).replace(quote(app.password, safe=""), "wrong")
    code, line = refused(empty)
    assert (code, line.startswith("The database refused the login: ")) == (4, True)
    assert "wrong" not in line


def test_an_older_database_is_brought_up_to_date_by_its_owner_alone(
    empty: Installation, attachment: Attachment
) -> None:
    empty.settings["DATABASE_URL"] = address(attachment.login("app"))
    older = (2, "The database is older than this program: run `posthorn migrate` first.")
    assert refused(empty) == older
    assert refused(empty, "migrate") == (
        2,
        "Set POSTHORN_DATABASE_OWNER_URL to the posthorn_owner login.",
    )

    owner = {"DATABASE_OWNER_URL": address(attachment.login("owner"))}
    migrated = Installation(data=empty.data, port=1, settings={**empty.settings, **owner})
    assert migrated.run("migrate").code == 0
    assert empty.run("firm", "list", "--json").code == 0

    empty.settings["DATABASE_URL"] = owner["DATABASE_OWNER_URL"]
    code, line = refused(empty)
    assert (code, "owns tables and could lift every limit" in line) == (4, True)


def test_a_lost_keyring_is_named_and_nothing_else_takes_its_place(running: Installation) -> None:
    assert running.run("firm", "create", "Kantoor").code == 0
    relay = ("relay=own", "relay_host=m.b.example", "relay_port=587", "relay_security=starttls")
    sets = [f"--set={one}" for one in (*relay, "relay_username=a", "relay_from=a@b.example")]
    made = running.run(
        "connection", "create", "email_delivery", "X", *sets, "--secrets-stdin",
        stdin="relay_password=geheim\n",
    )  # fmt: skip
    assert made.code == 0, made.err
    keyring = running.data / "keyring"
    key = keyring.read_text()
    keyring.unlink()

    code, line = refused(running)
    assert (code, str(keyring) in line, "back-up" in line) == (1, True, True)
    assert not keyring.exists()
    running.settings["KEYRING"] = fresh_key("other")
    examined = running.run("doctor", "--json")
    del running.settings["KEYRING"]
    keyring.write_text(key)
    assert running.run("firm", "list").code == 0

    found = [json.loads(line) for line in examined.out.splitlines()]
    told = {one["subject"]: one["is_well"] for one in found}
    assert (examined.code, told["keyring"], told["database"]) == (6, False, True)
