"""A real mail server takes a document, finds nobody home, and its report lands on the delivery."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crash.stage import set_stage, use_relay
from tests.process.mail_server_files import REFUSING
from tests.process.mail_servers import mail_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("mail-servers")

SENDER = "facturen@kantoor.example"


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent) as stage:
        yield stage


def test_a_real_report_lands_on_its_delivery(stage: Stage) -> None:
    with mail_servers() as servers:
        use_relay(stage.house, servers.smtp("open"))
        stage.house.env["mail_from"] = SENDER
        stage.house.change(
            "UPDATE connections_integration SET settings = %s::jsonb",
            json.dumps({"purchase_address": f"weg@{REFUSING}"}),
        )
        stage.supply(1)
        stage.worker()
        stage.await_states("accepted")

        (raw,) = servers.mails(SENDER)
        stage.house.do("return_mail", raw=raw.decode(), recipient=SENDER, env=dict(stage.house.env))

    stage.await_states("bounced")
    (kept,) = stage.house.rows("SELECT * FROM delivery_return")
    assert (kept["status"], kept["code"], kept["recipient"]) == (
        "5.1.1",
        "bounce_no_mailbox",
        f"weg@{REFUSING}",
    )
    assert kept["diagnostic"] == "550 5.1.1 No such mailbox here"
    assert stage.trail("delivery.bounced") == ["delivery.bounced"]
