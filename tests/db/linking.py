"""Deliveries that carry a download address instead of their document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.storage import storage
from posthorn.connections.context import make_context
from posthorn.connections.registry import registry
from posthorn.connectors.email_delivery.connector import EmailDelivery
from posthorn.delivery.link_models import Download
from posthorn.delivery.links import Visit
from posthorn.delivery.preparing import prepare
from posthorn.delivery.turns import Turn
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.sdk import Context, Prepared
from posthorn.sdk import Document as Shown
from posthorn.sdk.testing import MemoryProgress
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.delivering import Desk, Hand, open_desk

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from posthorn.delivery.loading import Run
    from posthorn.delivery.models import Delivery
    from posthorn.delivery.preparing import Ready

SITE = "https://post.example"
BYTES = b"<Invoice/>" * 300
DIGEST = sha256_hex(BYTES)
VISIT = Visit(address="198.51.100.23", user_agent="Importer/1.0")


class Linking(EmailDelivery):
    """Sends an address instead of the document."""

    def prepare(self, ctx: Context, document: Shown, *, key: str) -> Prepared:
        address = ctx.links.address(document, key=key)
        return Prepared(
            key=key,
            payload=f"Fetch it:\r\n{address}\r\n".encode(),
            media_type="text/plain",
            summary={"text": f"Fetch it: {address}"},
        )


class Hiding(Linking):
    """Asks for an address and breaks it."""

    def prepare(self, ctx: Context, document: Shown, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        return replace(prepared, payload=prepared.payload.hex().encode())


def linked_desk() -> Desk:
    """Open a desk with one released document whose bytes are there."""
    desk = open_desk()
    bound = desk.integrations[0]
    desk.release([web_rows.stored_document(BYTES, firm=bound.firm, client=bound.client)])
    return desk


def prepared(hand: Hand, kind: type[EmailDelivery] = Linking) -> tuple[Run, Ready]:
    (run,) = hand.load()
    loaded = registry().get("email_delivery")
    assert loaded is not None
    context = make_context(loaded, run.settings, progress=MemoryProgress(), now=now())
    ours = replace(loaded, connector=kind())
    return run, prepare(run, run.works[0], ours, context, storage())


def token_of(ready: Ready) -> str:
    assert ready.prepared is not None
    return ready.prepared.payload.decode().partition(f"{SITE}/d/")[2].partition("/")[0]


def begin(desk: Desk) -> tuple[str, Delivery]:
    """Begin the attempt of a linked delivery; gives the token that left."""
    hand = Hand()
    run, ready = prepared(hand)
    (delivery,) = desk.deliveries()
    beginning = hand.begin(run.held, delivery, new_revision=ready.new_revision)
    assert hand.write(Turn(begin=beginning)).begun == {beginning.attempt_id}
    return token_of(ready), delivery


def downloads() -> list[tuple[str, str]]:
    with system("look"):
        return list(Download.objects.order_by("at").values_list("network", "user_agent"))


@pytest.fixture(name="site")
def site_fixture(settings: Settings) -> None:
    """Say where others reach the installation."""
    settings.POSTHORN = replace(
        settings.POSTHORN, public_url=SITE, mail_from="documents@kantoor.example"
    )
