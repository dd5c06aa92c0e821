"""A download address gives one document of one delivery, and ends with whatever it rested on."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from posthorn.archive.models import Document
from posthorn.archive.storage import DamagedFileError
from posthorn.connections.links import hash_of
from posthorn.connections.models import Connection
from posthorn.connectors.email_delivery.connector import EmailDelivery
from posthorn.delivery import links
from posthorn.delivery.actions import DeliveryNotFoundError
from posthorn.delivery.link_models import Fetching, Link
from posthorn.delivery.links import LinkNotFoundError, TooManyFetchesError, Visit, fetch
from posthorn.delivery.models import Delivery, Lane, Revision
from posthorn.delivery.preparing import LinkMisusedError
from posthorn.delivery.queries.links import link_of
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.tenancy.clients import set_sharing
from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import ACTOR, Desk, Hand
from tests.db.factories import ClientFactory
from tests.db.linking import (
    BYTES,
    DIGEST,
    SITE,
    VISIT,
    Hiding,
    begin,
    downloads,
    linked_desk,
    prepared,
    site_fixture,  # noqa: F401  found by its name
    token_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def _set(desk: Desk, model: Any, **values: object) -> None:  # noqa: ANN401  # any of our rows
    with system("test"):
        model.objects.filter(firm_id=desk.firm).update(**values)


def test_an_address_opens_with_the_attempt_that_carries_it_and_not_before() -> None:
    desk, hand = linked_desk(), Hand()
    run, ready = prepared(hand)
    token = token_of(ready)
    with pytest.raises(LinkNotFoundError):
        fetch(token, VISIT)
    (delivery,) = desk.deliveries()

    hand.write(Turn(begin=hand.begin(run.held, delivery, new_revision=ready.new_revision)))

    found = fetch(token, VISIT)
    assert (found.data, found.file_name, found.sha256) == (BYTES, "invoice.xml", DIGEST)
    assert downloads() == [("198.51.100.0/24", "Importer/1.0")]


def test_of_the_token_only_the_hash_is_kept_and_every_try_sends_it_again() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)

    with acting(desk.firm):
        link, revision = Link.objects.get(), Revision.objects.get()
    assert (link.token_sha256, link.delivery_id) == (hash_of(token), delivery.pk)
    assert link.expires_at - link.made_at == timedelta(days=30)
    assert revision.skeleton == [
        {"text": f"Fetch it:\r\n{SITE}/d/"},
        {"link": DIGEST},
        {"text": "/\r\n"},
    ]
    assert revision.summary == {"text": f"Fetch it: {SITE}/d/…/"}
    _set(desk, Delivery, state="retrying", next_at=now())
    _set(desk, Lane, owner=None, next_at=now())
    again, ready = prepared(Hand())
    assert (token_of(ready), ready.new_revision) == (token, None)
    assert again.works[0].revision == 1


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Link, {"expires_at": now()}),
        (Link, {"revoked_at": now()}),
        (Delivery, {"take_out_at": now()}),
        (Delivery, {"state": "cancelled", "next_at": None}),
        (Client, {"shares_documents": False}),
        (Client, {"state": "archived"}),
        (Client, {"state": "lost"}),
    ],
)
def test_it_ends_with_what_it_rests_on(model: Any, values: dict[str, object]) -> None:  # noqa: ANN401
    desk = linked_desk()
    token, _ = begin(desk)

    _set(desk, model, **values)

    with pytest.raises(LinkNotFoundError):
        fetch(token, VISIT)
    assert downloads() == []


def test_a_document_that_went_to_another_client_is_no_longer_given() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    other = ClientFactory.create(firm=desk.integrations[0].firm)

    with system("test"):
        Document.objects.filter(pk=delivery.document_id).update(client=other)

    with pytest.raises(LinkNotFoundError):
        fetch(token, VISIT)


def test_it_works_again_once_the_client_shares_again() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    for shares in (False, True):
        with acting(desk.firm):
            set_sharing(desk.firm, delivery.client_id, shares=shares, actor=ACTOR)

    assert fetch(token, VISIT).data == BYTES


def test_closing_it_is_for_ever_and_in_the_trail_once() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    for _ in range(2):
        with acting(desk.firm):
            links.revoke_link(desk.firm, delivery.pk, actor=ACTOR)

    with pytest.raises(LinkNotFoundError):
        fetch(token, VISIT)
    assert desk.trail("delivery.link") == ["delivery.link_revoked"]
    with acting(desk.firm):
        row = link_of(desk.firm, delivery.pk)
    assert row is not None
    assert (row.is_open, row.revoked_by, row.times) == (False, ACTOR, 0)


def test_a_delivery_without_a_link_and_another_firms_have_none_to_close() -> None:
    desk, other = linked_desk(), linked_desk()
    (delivery,) = desk.deliveries()
    (theirs,) = other.deliveries()

    for firm, row in ((desk.firm, delivery), (desk.firm, theirs)):
        with acting(firm), pytest.raises(DeliveryNotFoundError):
            links.revoke_link(firm, row.pk, actor=ACTOR)
    assert desk.trail("delivery.link") == []


def test_a_look_counts_nothing() -> None:
    token, _ = begin(linked_desk())

    for _ in range(links.PER_ADDRESS + 1):
        assert fetch(token, replace(VISIT, is_look=True)).data == BYTES

    assert downloads() == []
    assert Fetching.objects.count() == 0


def test_one_address_is_given_thirty_times_an_hour() -> None:
    token, _ = begin(linked_desk())
    for number in range(links.PER_ADDRESS):
        fetch(token, replace(VISIT, address=f"203.0.113.{number}"))

    with pytest.raises(TooManyFetchesError):
        fetch(token, VISIT)

    assert len(downloads()) == links.PER_ADDRESS
    Fetching.objects.update(since=now() - timedelta(hours=1, minutes=1))
    assert fetch(token, VISIT).data == BYTES


def test_one_network_guesses_six_hundred_times_an_hour() -> None:
    token, _ = begin(linked_desk())
    for is_look in (True, False):
        with pytest.raises(LinkNotFoundError):
            fetch("guess", replace(VISIT, is_look=is_look))
    assert list(Fetching.objects.values_list("times", flat=True)) == [2]
    Fetching.objects.update(times=links.PER_NETWORK)

    for one in (token, "guess"):
        with pytest.raises(TooManyFetchesError):
            fetch(one, VISIT)
    assert fetch(token, replace(VISIT, address="203.0.113.1")).data == BYTES
    (counted,) = Fetching.objects.filter(times__gt=links.PER_NETWORK).values_list("key", flat=True)
    assert VISIT.address not in counted


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.23", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("nonsense", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    token, _ = begin(linked_desk())

    fetch(token, Visit(address=address, user_agent="x\x1b[31m" + "y" * 300))

    assert downloads() == [(network, "x" + "y" * 199)]


def test_a_damaged_file_is_not_given() -> None:
    desk = linked_desk()
    token, delivery = begin(desk)
    place = settings.POSTHORN.data / "files" / str(desk.firm)
    with acting(desk.firm):
        sha256 = Document.objects.get(pk=delivery.document_id).sha256
    (place / sha256[:2] / sha256).write_bytes(BYTES[:-1] + b"!")

    with pytest.raises(DamagedFileError):
        fetch(token, VISIT)

    assert downloads() == []


def test_an_address_that_does_not_stand_whole_in_what_is_sent_is_the_connectors_fault() -> None:
    desk = linked_desk()

    with pytest.raises(LinkMisusedError):
        prepared(Hand(), Hiding)

    assert desk.attempts() == []


def test_a_new_revision_keeps_the_address_and_makes_it_last_longer() -> None:
    desk = linked_desk()
    token, _ = begin(desk)
    _set(desk, Link, expires_at=now())
    _set(desk, Delivery, state="retrying", next_at=now())
    _set(desk, Lane, owner=None, next_at=now())
    _set(desk, Connection, version=2)

    again, _ = begin(desk)

    assert again == token
    assert fetch(token, VISIT).data == BYTES
    with acting(desk.firm):
        assert (Link.objects.count(), Revision.objects.count()) == (1, 2)


def test_the_mail_of_email_delivery_carries_an_address_that_gives_the_document() -> None:
    desk = linked_desk()
    _set(desk, Connection, settings={"attached_as": "link", "attach_pdfs": "off"})
    hand = Hand()
    run, ready = prepared(hand, EmailDelivery)
    (delivery,) = desk.deliveries()
    assert ready.new_revision is not None
    assert len(ready.new_revision.links) == 1
    hand.write(Turn(begin=hand.begin(run.held, delivery, new_revision=ready.new_revision)))

    token = token_of(ready)

    assert fetch(token, VISIT).data == BYTES
    kept = json.dumps(ready.new_revision.skeleton)
    assert token not in kept
    assert token not in "".join(
        base64.b64decode(one["base64"]).decode("latin-1")
        for one in ready.new_revision.skeleton
        if "base64" in one
    )
