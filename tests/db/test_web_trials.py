"""Test mails: one to each address, sent by a worker as a delivery is, and ticked by a person."""

from __future__ import annotations

from decimal import Decimal
from email import message_from_bytes, policy

import pytest

from posthorn.archive.models import Document
from posthorn.connections.errand_models import Errand
from posthorn.connections.keyring import keyring
from posthorn.connections.return_path import Posted, Tag, read_local_part
from posthorn.delivery import instance
from posthorn.delivery.models import Delivery
from posthorn.delivery.trials import Trial
from posthorn.documents import read
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from posthorn_sandbox.mail import Action, Fault, Receiver, Verb
from tests.db.returning import address_of, bring
from tests.db.trying import (
    desk_fixture,  # noqa: F401  found by its name
    path_of,
    relay_fixture,  # noqa: F401  found by its name
    trials,
    work,
)
from tests.db.web_desk import Desk
from tests.returned_mail import DOMAIN, Lost
from tests.returned_reports import postfix

pytestmark = pytest.mark.django_db


def test_each_address_gets_a_valid_marked_document_that_counts_as_none(
    desk: Desk, relay: Receiver
) -> None:
    assert "3 test mails are on their way." in desk.post(path_of(desk, "send"))
    work()

    got = {message.recipients[0]: relay.content(message.number) for message in relay.messages()}
    assert sorted(got) == ["bank@pakket.example", "in@pakket.example", "out@pakket.example"]
    for recipient, content in got.items():
        mail = message_from_bytes(content, policy=policy.default)
        (attachment,) = mail.iter_attachments()
        document = attachment.get_payload(decode=True)
        assert isinstance(document, bytes)
        facts = read(document)
        assert "TEST" in str(mail["Subject"])
        if recipient.startswith("bank"):
            assert facts.accounts == ("BE68539007547034",)
        else:
            assert (facts.total, str(facts.number)[:5]) == (Decimal("0.01"), "TEST-")
    with system("look"):
        assert (Document.objects.count(), Delivery.objects.count()) == (0, 0)
    assert [one.state for one in trials(desk)] == ["accepted"] * 3


def test_the_page_shows_the_proof_and_who_saw_it_arrive(desk: Desk) -> None:
    desk.post(path_of(desk, "send"))
    assert "hx-trigger" in desk.read(path_of(desk))
    work()

    page = desk.read(path_of(desk))
    assert "Look in the package whether it arrived, and say so here." in page
    assert "hx-trigger" not in page
    assert "stored as" in page.lower()
    page = desk.post(path_of(desk, str(trials(desk)[0].pk)), arrived="yes")
    assert "Somebody saw it in the package." in page
    assert f"{desk.person.email} said so on" in page

    page = desk.post(path_of(desk, str(trials(desk)[0].pk)), arrived="no")
    assert "Somebody looked in the package and did not find it." in page
    with acting(desk.firm.pk):
        told = AuditEntry.objects.filter(action__startswith="trial.").order_by("pk")
        assert list(told.values_list("action", flat=True)) == [
            *["trial.asked"] * 3,
            *["trial.accepted"] * 3,
            "trial.arrived",
            "trial.missing",
        ]


def test_its_return_path_names_it_and_a_bounce_lands_on_it(desk: Desk, relay: Receiver) -> None:
    desk.post(path_of(desk, "send"))
    work()
    (trial, *_) = trials(desk)
    (message,) = [one for one in relay.messages() if one.recipients == (trial.recipient,)]
    local, _, domain = message.sender.partition("@")
    tag = Tag(posted=Posted.TRIAL, id=trial.pk, revision=1)
    assert domain == DOMAIN
    assert read_local_part(local, list(keyring().keys.values())) == tag

    lost = Lost(key=f"trial.{trial.pk.hex}", to=trial.recipient, path=address_of(tag))
    bring(postfix(lost), lost.path)

    page = desk.read(path_of(desk))
    assert "The message came back: this address does not exist at the package." in page
    assert trials(desk)[0].state == "bounced"


def test_a_refusal_is_told_with_the_servers_words(desk: Desk, relay: Receiver) -> None:
    relay.add_fault(Fault(at=Verb.RCPT, action=Action.REPLY, code=550, text="5.1.1 no such box"))

    desk.post(path_of(desk, "send"))
    work()

    assert [one.state for one in trials(desk)] == ["failed"] * 3
    assert "no such box" in desk.read(path_of(desk))
    assert relay.messages() == []


def test_one_that_a_dead_worker_began_is_never_sent_again(desk: Desk, relay: Receiver) -> None:
    desk.post(path_of(desk, "send"))
    with acting(desk.firm.pk):
        Trial.objects.update(state="sending")

    work()

    assert [(one.state, one.code) for one in trials(desk)] == [("unknown", "trial_lost")] * 3
    assert relay.messages() == []
    assert "The test mail was sent, but no answer came." in desk.read(path_of(desk))


def test_an_installation_on_hold_sends_none(desk: Desk, relay: Receiver) -> None:
    instance.pause("test")
    desk.post(path_of(desk, "send"))
    work()

    assert [one.state for one in trials(desk)] == ["failed"] * 3
    assert relay.messages() == []


def test_more_than_twenty_an_hour_are_refused(desk: Desk) -> None:
    for _ in range(6):
        desk.post(path_of(desk, "send"))

    assert "Enough test mails for now" in desk.post(path_of(desk, "send"))
    assert len(trials(desk)) == 18
    with system("look"):
        assert Errand.objects.count() == 18


def test_one_address_for_all_gets_an_invoice_and_a_statement(desk: Desk) -> None:
    both = {"purchase_address": "all@pakket.example", "same_address": "on"}
    with acting(desk.firm.pk):
        type(desk.integration).objects.filter(pk=desk.integration.pk).update(settings=both)

    desk.post(path_of(desk, "send"))

    found = {(one.kind, one.recipient) for one in trials(desk)}
    assert {recipient for _, recipient in found} == {"all@pakket.example"}
    assert ("purchase", "all@pakket.example") in found
    assert len(found) <= 2


def test_without_an_address_there_is_nothing_to_try(desk: Desk) -> None:
    with acting(desk.firm.pk):
        type(desk.integration).objects.filter(pk=desk.integration.pk).update(settings={})

    assert "There is no e-mail address to try: fill it in first." in desk.post(
        path_of(desk, "send")
    )
    assert trials(desk) == []


def test_what_has_not_left_cannot_have_arrived(desk: Desk) -> None:
    desk.post(path_of(desk, "send"))

    page = desk.post(path_of(desk, str(trials(desk)[0].pk)), arrived="yes")

    assert "The test mail has not left." in page
    assert trials(desk)[0].has_arrived is None


def test_an_accountant_of_the_client_ticks_but_does_not_send() -> None:
    desk = Desk(Role.ACCOUNTANT)
    with acting(desk.firm.pk):
        trial = Trial.objects.create(
            firm=desk.firm,
            client=desk.client,
            connection=desk.package,
            integration=desk.integration,
            kind="purchase",
            recipient="in@pakket.example",
            state="accepted",
            asked_by="an@kantoor.example",
        )

    assert "Send test mails" not in desk.read(path_of(desk))
    assert "Noted." in desk.post(path_of(desk, str(trial.pk)), arrived="yes")
    assert trials(desk)[0].has_arrived is True


def test_a_package_that_takes_no_test_mails_offers_none(desk: Desk) -> None:
    assert path_of(desk) in desk.read(f"clients/{desk.client.pk}/integrations/")
    with acting(desk.firm.pk):
        type(desk.package).objects.update(connector_id="exact_online")

    assert path_of(desk) not in desk.read(f"clients/{desk.client.pk}/integrations/")
    assert desk.browser.get(f"/firms/{desk.firm.pk}/{path_of(desk)}").status_code == 404
    sent = desk.browser.post(f"/firms/{desk.firm.pk}/{path_of(desk, 'send')}")
    assert (sent.status_code, trials(desk)) == (404, [])
