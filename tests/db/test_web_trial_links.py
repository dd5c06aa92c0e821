"""Where documents go as download links, test mails carry one too: fetched, closed, ended."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser

from posthorn.delivery.trial_links import clear_samples
from posthorn.delivery.trials import TrialLink
from posthorn.documents import read
from posthorn.kernel.clock import now
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting
from tests.db.trying import (
    desk_fixture,  # noqa: F401  found by its name
    path_of,
    relay_fixture,  # noqa: F401  found by its name
    trials,
    work,
)

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from posthorn_sandbox.mail import Receiver
    from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
SITE = "https://post.example"


def as_links(desk: Desk, settings: Settings) -> None:
    """Let documents of the client go as download links."""
    settings.POSTHORN = replace(settings.POSTHORN, public_url=SITE)
    with acting(desk.firm.pk):
        type(desk.package).objects.update(settings={"attached_as": "link"})


def links_in(relay: Receiver) -> dict[str, str]:
    """Give the path of the download link in each mail, by its recipient."""
    found = {}
    for message in relay.messages():
        mail = message_from_bytes(relay.content(message.number), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        assert list(mail.iter_attachments()) == []
        (path,) = re.findall(rf"{SITE}(/d/\S+/)", body.get_content())
        found[message.recipients[0]] = path
    return found


def test_where_documents_go_as_links_the_sample_can_be_fetched(
    desk: Desk, relay: Receiver, settings: Settings
) -> None:
    as_links(desk, settings)
    desk.post(path_of(desk, "send"))
    work()

    assert [one.state for one in trials(desk)] == ["accepted"] * 3
    path = links_in(relay)["in@pakket.example"]
    assert Browser().head(path).status_code == 200
    got = Browser().get(path)
    facts = read(got.content)
    assert (got.status_code, facts.total) == (200, Decimal("0.01"))
    assert got.headers["Cache-Control"] == "private, no-store"
    page = desk.read(path_of(desk))
    assert page.count("The mail holds a download link to the test document.") == 3
    assert page.count("Fetched once.") == 1
    assert path not in page


def test_a_samples_link_is_closed_by_whoever_sends_test_mails(
    desk: Desk, relay: Receiver, settings: Settings
) -> None:
    as_links(desk, settings)
    desk.post(path_of(desk, "send"))
    work()
    path = links_in(relay)["in@pakket.example"]
    (trial,) = [one for one in trials(desk) if one.recipient == "in@pakket.example"]

    page = desk.post(path_of(desk, str(trial.pk), "close"))

    assert "The link is closed." in page
    assert f"by {desk.person.email}." in page
    assert Browser().get(path).status_code == 404
    assert Browser().get(links_in(relay)["out@pakket.example"]).status_code == 200
    with acting(desk.firm.pk):
        told = AuditEntry.objects.filter(action="trial.link_revoked")
        assert [entry.subject_id for entry in told] == [trial.pk]


def test_a_samples_link_ends_with_its_time_and_with_the_integration(
    desk: Desk, relay: Receiver, settings: Settings
) -> None:
    as_links(desk, settings)
    desk.post(path_of(desk, "send"))
    work()
    first, second, third = links_in(relay).values()
    assert Browser().get(first).status_code == 200

    with acting(desk.firm.pk):
        TrialLink.objects.update(expires_at=now() - timedelta(days=29))
    assert [Browser().get(path).status_code for path in (first, second, third)] == [404] * 3
    assert "Its download link has ended." in desk.read(path_of(desk))
    assert clear_samples() == 0
    with acting(desk.firm.pk):
        TrialLink.objects.update(expires_at=now() + timedelta(days=1))
        type(desk.integration).objects.update(removed_at=now())
    assert Browser().get(second).status_code == 404
    with acting(desk.firm.pk):
        TrialLink.objects.update(expires_at=now() - timedelta(days=31))
    assert clear_samples() == 3
