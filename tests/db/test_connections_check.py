from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from posthorn.connections import check, services
from posthorn.connections.consultation import within_limit
from posthorn.connections.context import make_context, operators_terms, secrets_among
from posthorn.connections.errors import NotFoundError
from posthorn.connections.mail import NoMailer, RelayMailer
from posthorn.connections.models import Connection
from posthorn.connections.registry import registry
from posthorn.connections.smtp import Times
from posthorn.kernel.clock import now
from posthorn.sdk import AuthorizationLost, Misconfigured, Unavailable
from posthorn.tenancy.scope import acting
from posthorn_sandbox.mail import Action, Fault, Login, Receiver, ReceiverSettings, Tls, Verb
from tests.db.connections import (
    ACTOR,
    CANARY,
    OWN_RELAY,
    Keeper,
    a_connection,
    keeper_fixture,  # noqa: F401  found by its name
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import ConnectionFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]


class Silent:
    """Progress of a call that needs none."""

    def record(self, step: str, remote_id: str) -> None:
        raise AssertionError((step, remote_id))

    def recorded(self, step: str) -> None:
        raise AssertionError(step)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    login = Login(user="an", password=CANARY)
    with Receiver(ReceiverSettings(tls=Tls.STARTTLS, requires_tls=True, login=login)) as started:
        yield started


@pytest.fixture
def firm(settings: Settings, receiver: Receiver) -> UUID:
    """Give a firm on an instance that lets it reach the receiver."""
    host, port = receiver.smtp
    settings.POSTHORN = replace(
        settings.POSTHORN, mail_ca=receiver.ca_path, allow_private=(f"{host}:{port}",)
    )
    receiver.clear_faults()
    return FirmFactory.create().pk


def _own(receiver: Receiver, password: str = CANARY) -> dict[str, str]:
    host, port = receiver.smtp
    place = {"relay_host": host, "relay_port": str(port), "relay_password": password}
    return {**OWN_RELAY, **place}


def _made(firm: UUID, values: dict[str, str]) -> Connection:
    with acting(firm):
        return a_connection(firm, **values)


def _row(firm: UUID) -> Connection:
    with acting(firm):
        return Connection.objects.get()


def test_a_good_check_says_who_we_are_and_sends_nothing(
    firm: UUID, receiver: Receiver, keeper: Keeper
) -> None:
    made = _made(firm, _own(receiver))

    said = check.check_connection(firm, made.pk, actor=ACTOR)

    row = _row(firm)
    assert said == row.checked_as == "an@firm.example"
    assert row.checked_at is not None
    assert receiver.messages() == []
    assert keeper.asked == []


def test_a_wrong_password_is_kept_as_what_needs_attention(
    firm: UUID, receiver: Receiver, keeper: Keeper
) -> None:
    made = _made(firm, _own(receiver, "canary-wrong"))

    with pytest.raises(AuthorizationLost) as raised:
        check.check_connection(firm, made.pk, actor=ACTOR)

    row = _row(firm)
    assert (row.attention, row.attention_field) == ("login_refused", "relay_password")
    assert row.attention_detail == raised.value.detail
    assert row.attention_since is not None
    assert keeper.asked == [("connection", [made.pk])]
    with acting(firm):
        action, detail = trail(made.pk)[-1]
    assert (action, detail) == (
        "connection.checked",
        {"code": "login_refused", "checked_as": ""},
    )
    assert "canary" not in str(row.__dict__)


def test_a_good_check_takes_the_attention_away(
    firm: UUID, receiver: Receiver, keeper: Keeper
) -> None:
    made = _made(firm, _own(receiver))
    with acting(firm):
        Connection.objects.update(attention="login_refused", attention_since=now())

    check.check_connection(firm, made.pk, actor=ACTOR)

    assert (_row(firm).attention, _row(firm).attention_since) == ("", None)
    assert keeper.asked == [("connection", [made.pk])]


def test_a_relay_that_is_down_changes_nothing(
    firm: UUID, receiver: Receiver, keeper: Keeper
) -> None:
    made = _made(firm, _own(receiver))
    receiver.add_fault(Fault(at=Verb.CONNECT, action=Action.DROP))

    with pytest.raises(Unavailable) as raised:
        check.check_connection(firm, made.pk, actor=ACTOR)

    assert raised.value.code == "relay_unreachable"
    row = _row(firm)
    assert (row.attention, row.checked_at) == ("", None)
    assert keeper.asked == []


def test_a_private_address_is_refused_before_anything_is_said(
    firm: UUID, receiver: Receiver, settings: Settings, keeper: Keeper
) -> None:
    settings.POSTHORN = replace(settings.POSTHORN, allow_private=())
    made = _made(firm, _own(receiver))

    with pytest.raises(Misconfigured):
        check.check_connection(firm, made.pk, actor=ACTOR)

    assert (_row(firm).attention, _row(firm).attention_field) == ("private_address", "relay_host")
    assert len(keeper.asked) == 1


def test_an_answer_about_settings_that_were_changed_meanwhile_is_not_kept(
    firm: UUID, receiver: Receiver, keeper: Keeper
) -> None:
    made = _made(firm, _own(receiver, "canary-wrong"))
    with acting(firm):
        services.save_connection(firm, made.pk, {"relay": "operator"}, actor=ACTOR)

    check._keep(firm, made, check._Finding("login_refused", "relay_password", ""), ACTOR)

    assert _row(firm).attention == ""
    assert len(keeper.asked) == 1


def test_another_firms_connection_is_not_checked(firm: UUID) -> None:
    foreign = ConnectionFactory.create().pk

    with pytest.raises(NotFoundError):
        check.check_connection(firm, foreign, actor=ACTOR)


def test_a_check_that_never_ends_is_cut_off() -> None:
    released = threading.Event()

    def wait() -> str:
        released.wait(10)
        return "late"

    with pytest.raises(Unavailable) as raised:
        within_limit(wait, 0.05)

    released.set()
    assert raised.value.code == "check_timeout"


@pytest.mark.usefixtures("firm")
def test_the_operators_relay_is_used_unless_the_firm_has_its_own(
    settings: Settings, receiver: Receiver
) -> None:
    loaded = registry().loaded["email_delivery"]
    settings.POSTHORN = replace(settings.POSTHORN, mail_from="post@platform.example")

    without = make_context(loaded, {}, progress=Silent(), now=now()).mail
    settings.POSTHORN = replace(settings.POSTHORN, mail_relay="smtp://mail.platform.example")
    operators = make_context(loaded, {"relay": "operator"}, progress=Silent(), now=now()).mail
    own = make_context(loaded, _own(receiver), progress=Silent(), now=now()).mail

    assert isinstance(without, NoMailer)
    assert isinstance(operators, RelayMailer)
    assert isinstance(own, RelayMailer)
    assert (without.sender, operators.sender, own.sender) == (
        "post@platform.example",
        "post@platform.example",
        "an@firm.example",
    )
    assert (operators.endpoint.name, operators.endpoint.is_operators) == (
        "mail.platform.example:587",
        True,
    )
    assert own.endpoint.is_operators is False
    assert own.switchboard is operators.switchboard


def test_the_operators_terms_are_read(settings: Settings) -> None:
    settings.POSTHORN = replace(
        settings.POSTHORN,
        connect_timeout=1.0,
        reply_timeout=2.0,
        accept_timeout=3.0,
        allow_private=("Mail.Local:25",),
        senders=7,
    )

    found = operators_terms()

    assert found.times == Times(connect_s=1.0, reply_s=2.0, accept_s=3.0)
    assert (found.allow_private, found.concurrency) == (frozenset({"mail.local:25"}), 7)


def test_http_is_refused_with_a_code(receiver: Receiver) -> None:
    loaded = registry().loaded["email_delivery"]
    context = make_context(loaded, _own(receiver), progress=Silent(), now=now())

    changes: tuple[Callable[[], object], ...] = (
        lambda: context.http.read("https://x.example"),
        lambda: context.http.write("POST", "https://x.example", body=b"", media_type="x/y"),
    )
    for call in changes:
        with pytest.raises(Misconfigured) as raised:
            call()
        assert raised.value.code == "http_not_available"


def test_what_a_connector_logs_holds_no_secret(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    loaded = registry().loaded["email_delivery"]
    settings = _own(receiver)
    context = make_context(loaded, settings, progress=Silent(), now=now())

    with caplog.at_level(logging.INFO, logger="posthorn.connector"):
        context.log.info("logging in", user="an", told=f"{CANARY}!")
        context.log.warning(CANARY)

    assert secrets_among(loaded, settings) == (CANARY,)
    assert [record.getMessage() for record in caplog.records] == [
        f"{loaded.label}: logging in user=an told=***!",
        f"{loaded.label}: ***",
    ]
    assert CANARY not in repr(context.log)
    assert CANARY not in repr(context.mail)
