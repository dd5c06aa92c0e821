from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.connections.domains import keeping
from posthorn.connections.domains.keys import key_record
from posthorn.connections.domains.servers import parse_servers
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.connections import keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import FirmFactory
from tests.name_server import NameServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from tests.command_line import Ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]

DOMAIN = "kantoor.example"


@pytest.fixture
def server() -> Iterator[NameServer]:
    with NameServer().serving() as started:
        yield started


@pytest.fixture
def firm(settings: Settings, server: NameServer, posthorn: Callable[..., Ran]) -> UUID:
    settings.POSTHORN = replace(settings.POSTHORN, dns=parse_servers([server.address]))
    made = FirmFactory.create().pk
    posthorn(
        "connection", "create", "email_delivery", "Yuki", f"--set=mail_from=post@{DOMAIN}",
        "--no-input",
    )  # fmt: skip
    return made


def domains(firm: UUID) -> list[tuple[str, bool]]:
    with acting(firm):
        rows = keeping.domains_of(firm)
    return [(row.domain, row.proven_at is not None) for row in rows]


def test_a_check_prints_the_lines_to_publish_and_signs_once_they_are(
    firm: UUID, server: NameServer, posthorn: Callable[..., Ran]
) -> None:
    before = posthorn("connection", "domain", "show", "Yuki")
    first = posthorn("connection", "domain", "check", "Yuki", "--json")
    with acting(firm):
        (row,) = keeping.domains_of(firm)
    server.publish(f"{row.selector}._domainkey.{DOMAIN}", key_record(row.public))
    second = posthorn("connection", "domain", "check", "Yuki", "--json")
    shown = posthorn("connection", "domain", "show", "Yuki", "--json")

    assert "kantoor.example: not checked yet." in before.err
    lines = {one["subject"]: one["publish"] for one in first.objects}
    assert lines["dkim"].startswith(f'{row.selector}._domainkey.{DOMAIN}. IN TXT "v=DKIM1; k=rsa;')
    assert [one["code"] for one in second.objects if one["subject"] == "dkim"] == ["dkim_match"]
    assert shown.objects == second.objects
    assert domains(firm) == [(DOMAIN, True)]


def test_a_forgotten_key_is_made_anew_by_the_next_check(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    posthorn("connection", "domain", "check", "Yuki")

    forgotten = posthorn("connection", "domain", "forget", "Yuki", "--yes")
    again = posthorn("connection", "domain", "forget", "Yuki", "--yes")

    assert (forgotten.code, forgotten.out.strip()) == (0, f"The key of {DOMAIN} is forgotten.")
    assert again.code == 3
    assert domains(firm) == []
