from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection as database

from posthorn.connections.keyring import fresh_key, keyring_file
from posthorn.delivery import instance
from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.notices import tell_firm
from posthorn.tenancy.scope import acting, system
from tests.command_line import (
    RefusedAtStartError,
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import DeliveryFactory, FirmFactory, IncarnationFactory
from tests.db.noticing import a_firm, a_member, ended

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.command_line import Ran, Surroundings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings: Settings, tmp_path: Path) -> Path:
    """Give Posthorn a data folder of its own with a keyring file in it."""
    settings.POSTHORN = replace(settings.POSTHORN, data=tmp_path)
    keyring_file(tmp_path).write_text(fresh_key("k1"), "utf-8")
    return tmp_path


def test_the_trail_is_listed_sealed_and_whole(posthorn: Callable[..., Ran]) -> None:
    posthorn("firm", "create", "Kantoor")
    posthorn("client", "create", "0101", "Janssens")
    posthorn("client", "pause", "0101")

    listed = posthorn("audit", "list", "--json").objects
    assert [one["action"] for one in listed] == [
        "client.paused",
        "client.created",
        "firm.created",
    ]
    paused = posthorn("audit", "list", "--action=client.p", "--json").object
    assert paused["actor"].startswith("cli:")
    about = posthorn("audit", "list", f"--subject={paused['subject']}", "--json", "--limit=1")
    assert about.object == paused
    assert posthorn("audit", "seal", "--json").object == {"sealed": 3}
    verdict = posthorn("audit", "verify", "--json")
    assert (verdict.code, verdict.object["is_whole"], verdict.object["entries"]) == (0, True, 3)


def test_a_trail_that_was_cut_off_is_found_by_an_earlier_head(posthorn: Callable[..., Ran]) -> None:
    posthorn("firm", "create", "Kantoor")
    posthorn("audit", "seal")
    ((firm, head),) = posthorn("audit", "verify", "--json").object["heads"].items()

    assert posthorn("audit", "verify", f"--expect={firm}={head}").code == 0
    cut = posthorn("audit", "verify", f"--expect={firm}={'0' * 64}", "--json")

    assert (cut.code, cut.object["is_whole"], len(cut.object["problems"])) == (6, False, 1)
    assert posthorn("audit", "verify", "--expect=nonsense").code == 2


def test_rotation_makes_a_new_key_and_keeps_the_old_one(
    own_data: Path, posthorn: Callable[..., Ran]
) -> None:
    rotated = posthorn("secrets", "rotate", "--json").object

    keys = [line.partition(":")[0] for line in keyring_file(own_data).read_text().split()]
    assert keys == [rotated["key"], "k1"]
    assert rotated["retired"] == []
    assert posthorn("secrets", "rotate", "--retire").code == 2
    retired = posthorn("secrets", "rotate", "--retire", "--yes", "--json").object
    assert sorted(retired["retired"]) == sorted(keys)


def test_an_instance_is_paused_and_released(posthorn: Callable[..., Ran]) -> None:
    assert posthorn("instance", "status", "--json").object["may_send"] is True
    paused = posthorn("instance", "pause", "--json").object
    assert (paused["may_send"], paused["reason"]) == (False, "paused")
    assert posthorn("instance", "release").code == 2
    assert instance.standing().may_send is False
    assert posthorn("instance", "release", "--yes", "--json").object["may_send"] is True


def test_connectors_are_listed_with_the_refused_ones(posthorn: Callable[..., Ran]) -> None:
    found = posthorn("connectors", "--json").objects

    assert [(one["id"], one["state"]) for one in found] == [
        ("email_delivery", "loaded"),
        ("exact_online", "loaded"),
    ]
    assert found[0]["takes"] == ["purchase", "sales", "statement"]


def test_the_database_says_who_is_logged_in(posthorn: Callable[..., Ran]) -> None:
    status = posthorn("db", "status", "--json").object

    assert (status["login"], status["is_embedded"]) == ("posthorn_app", True)
    assert posthorn("db", "upgrade").out == "PostgreSQL 17 became 18.\n"


def test_passwords_of_the_roles_come_from_standard_input(posthorn: Callable[..., Ran]) -> None:
    given = posthorn("db", "roles-sql", "--passwords-stdin", stdin="one\ntwo\n")
    first, second = posthorn("db", "roles-sql"), posthorn("db", "roles-sql")

    assert (given.code, given.out) == (0, "-- one two\n")
    assert first.out != second.out
    assert posthorn("db", "roles-sql", "--passwords-stdin", stdin="one\n").code == 2


def test_processes_are_started_as_asked(
    surroundings: Surroundings, posthorn: Callable[..., Ran]
) -> None:
    for arguments in (["serve", "--seconds=2"], ["web"], ["worker", "--with-parent"], ["migrate"]):
        assert posthorn(*arguments).code == 0

    assert surroundings.started == ["serve 2", "web False", "worker True", "migrate"]


def findings(ran: Ran) -> dict[str, bool]:
    return {one["subject"]: one["is_well"] for one in ran.objects}


def test_the_doctor_finds_what_is_wrong_and_names_the_fix(
    settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    sick = posthorn("doctor", "--json")

    assert sick.code == 6
    assert [one["number"] for one in sick.objects] == list(range(1, 14))
    assert findings(sick) == {
        "data folder": True,
        "database": True,
        "server": True,
        "clock": True,
        "keyring": True,
        "mail relay": False,
        "notices": True,
        "connectors": True,
        "signing in": True,
        "instance": True,
        "workers": False,
        "overdue": True,
        "bounces": True,
    }
    assert all(one["fix"] for one in sick.objects if not one["is_well"])

    from posthorn_sandbox.mail import Receiver  # noqa: PLC0415  # a server, in this test alone

    IncarnationFactory.create(host="here", pid=7)
    with Receiver() as receiver:
        host, port = receiver.smtp
        settings.POSTHORN = replace(
            settings.POSTHORN,
            mail_relay=f"smtp://{host}:{port}?tls=none",
            mail_from="a@b.example",
        )
        well = posthorn("doctor", "--json")
    assert (well.code, set(findings(well).values())) == (0, {True})


def test_the_doctor_sees_notices_that_nobody_can_be_mailed(posthorn: Callable[..., Ran]) -> None:
    firm = a_firm()
    a_member(firm)
    with acting(firm.pk):
        tell_firm(firm.pk, ended())

    sick = posthorn("doctor", "--json")

    told = next(one for one in sick.objects if one["subject"] == "notices")
    assert (told["is_well"], told["found"]) == (False, "1 wait: nothing is mailed to people.")
    assert "POSTHORN_MAIL_RELAY" in told["fix"]


def test_the_doctor_sees_overdue_work_a_paused_instance_and_a_lost_key(
    own_data: Path, posthorn: Callable[..., Ran]
) -> None:
    late = DeliveryFactory.create()
    posthorn("connection", "create", "email_delivery", "X", "--secrets-stdin",
             *(f"--set={each}" for each in ("relay=own", "relay_host=m.b.example",
               "relay_port=587", "relay_security=starttls", "relay_username=a",
               "relay_from=a@b.example")), stdin="relay_password=geheim\n")  # fmt: skip
    with acting(late.firm_id), database.cursor() as cursor:
        cursor.execute("UPDATE delivery_delivery SET next_at = now() - interval '1 hour'")
    posthorn("instance", "pause")
    keyring_file(own_data).write_text(fresh_key("k2"), "utf-8")

    sick = posthorn("doctor", "--json")

    seen = findings(sick)
    assert (sick.code, seen["overdue"], seen["instance"], seen["keyring"]) == (6, *[False] * 3)
    told = next(one["found"] for one in sick.objects if one["subject"] == "keyring")
    assert told == "Stored secrets need the keys k1."


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (RefusedAtStartError("Not like this."), 4, "Not like this."),
        (psycopg.OperationalError("connection refused"), 7, "The database does not answer"),
        (
            psycopg.OperationalError('password authentication failed for user "x"'),
            4,
            "The database refused the login",
        ),
        (PermissionError(13, "Permission denied", "/data"), 1, "Permission denied (/data)."),
    ],
    ids=["own", "no answer", "login refused", "file"],
)
def test_what_keeps_posthorn_from_starting_is_one_line(
    surroundings: Surroundings,
    posthorn: Callable[..., Ran],
    error: Exception,
    code: int,
    line: str,
) -> None:
    surroundings.refusal = error

    ended = posthorn("firm", "list")
    examined = posthorn("doctor", "--json")

    assert (ended.code, ended.out, ended.err.count("\n")) == (code, "", 1)
    assert ended.err.startswith(f"posthorn: {line}")
    assert (examined.code, findings(examined)) == (6, {"data folder": True, "start": False})


def test_a_bug_is_called_one_and_leaves_its_trace(
    surroundings: Surroundings,
    posthorn: Callable[..., Ran],
    caplog: pytest.LogCaptureFixture,
) -> None:
    surroundings.refusal = KeyError("surprise")

    ended = posthorn("firm", "list")

    assert ended.code == 1
    assert ended.err.endswith(
        "posthorn: This is a bug in Posthorn (KeyError); the trace above belongs in a report.\n"
    )
    assert [one.message for one in caplog.records] == ["A command failed in a way nobody foresaw"]


def test_an_unknown_document_is_in_nobodys_trail(posthorn: Callable[..., Ran]) -> None:
    FirmFactory.create()
    with system("test"):
        assert audit.verify().problems == ()

    assert posthorn("audit", "list", f"--subject={new_id()}", "--json").objects == []
