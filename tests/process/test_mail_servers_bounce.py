"""A document that Postfix cannot hand on comes back and lands on its delivery."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from tests.crash.stage import set_stage, use_relay
from tests.process.mail_server_files import RETURNS
from tests.process.mail_servers import mail_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database
    from tests.process.mail_servers import MailServers

pytestmark = pytest.mark.xdist_group("mail-servers")

KEYRING = f"k1:{b64encode(b'k' * 32).decode()}"


@pytest.fixture
def servers() -> Iterator[MailServers]:
    with mail_servers() as started:
        yield started


@pytest.fixture
def stage(servers: MailServers, lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent, clients=2) as stage:
        use_relay(stage.house, servers.smtp("open"))
        stage.house.env |= {"bounce_domain": RETURNS, "keyring": KEYRING}
        yield stage


def test_real_notices_land_each_on_its_own_delivery(servers: MailServers, stage: Stage) -> None:
    stage.supply(2)
    stage.worker()
    stage.await_states("accepted", "accepted")
    kept = stage.house.rows("SELECT envelope->>'return_path' AS path FROM delivery_revision")
    paths = [row["path"] for row in kept]

    for path in paths:
        (notice,) = servers.mails(path)
        stage.house.do("return_mail", raw=notice.decode(), recipient=path, env=stage.house.env)

    stage.await_states("bounced", "bounced")
    evidence = [
        row["reply"]
        for row in stage.house.rows("SELECT evidence->>'reply' AS reply FROM delivery_attempt")
    ]
    assert all(reply.startswith("250 2.0.0 Ok: queued as ") for reply in evidence)
    returned = stage.house.rows("SELECT status, code, diagnostic FROM delivery_return")
    assert (
        returned
        == [
            {
                "status": "5.1.1",
                "code": "bounce_no_mailbox",
                "diagnostic": "550 5.1.1 No such mailbox here",
            }
        ]
        * 2
    )
