"""A firm's own sender, end to end: nothing in its name before its DNS says so, then signed mail."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import dkim  # type: ignore[import-untyped]  # dkimpy carries no types
import pytest

from posthorn.connections.domains.keys import key_record
from posthorn_sandbox.mail import Action, Fault, Moment, Verb
from tests.crash.stage import set_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.house import House
    from tests.crash.stage import Stage
    from tests.database import Database

pytestmark = pytest.mark.xdist_group("engine-mail")

DOMAIN = "eigen.example"
SETTINGS = {
    "relay": "operator",
    "mail_from": f"facturen@{DOMAIN}",
    "reply_to": f"an@{DOMAIN}",
}


@pytest.fixture
def stage(lent: tuple[House, Database]) -> Iterator[Stage]:
    with set_stage(lent) as stage:
        yield stage


def is_valid(message: bytes, public: str) -> bool:
    def published(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        assert name.endswith(f"._domainkey.{DOMAIN}.".encode())
        return key_record(public).encode()

    found: bool = dkim.verify(message, dnsfunc=published)
    return found


def test_mail_in_a_firms_own_name_waits_for_its_key_and_is_signed_the_same_on_every_try(
    stage: Stage,
) -> None:
    stage.house.do("own_relay", firm=stage.firm, values=SETTINGS)
    stage.worker()
    stage.supply(1)
    stage.await_states("connection_attention")
    assert stage.receiver.messages() == []

    stage.receiver.add_fault(Fault(at=Verb.DOT, action=Action.RESET, when=Moment.AFTER, times=1))
    public = stage.house.do("prove_domain", firm=stage.firm, domain=DOMAIN)
    stage.await_states("unknown")
    stage.let_time_pass()
    stage.await_states("accepted")

    first, second = (
        stage.receiver.content(message.number) for message in stage.receiver.messages()
    )
    assert first == second
    assert is_valid(first, public)
    assert not is_valid(first.replace(b"To: box", b"To: bax"), public)
    mail = message_from_bytes(first, policy=policy.SMTP)
    assert (mail["From"], mail["Reply-To"]) == (f"facturen@{DOMAIN}", f"an@{DOMAIN}")
    released = stage.house.rows("SELECT released_at FROM delivery_delivery")[0]["released_at"]
    at = datetime.fromisoformat(released) if isinstance(released, str) else released
    assert f"t={int(at.timestamp())};" in " ".join(str(mail["DKIM-Signature"]).split())
    assert [row["outcome"] for row in stage.attempts()] == ["misconfigured", "unknown", "receipt"]
