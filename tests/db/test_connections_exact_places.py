"""Company Codes on the stand-in for Exact Online, with the real connector and real sign-ins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from posthorn.archive import lifecycle
from posthorn.archive.rules import ReleaseBasis
from posthorn.connections import binding, errands, signed, signing, verification
from posthorn.connections.errand_models import Resolution
from posthorn.connections.integrations import Wish, create_integration
from posthorn.connections.judgement import from_json
from posthorn.connections.models import Integration
from posthorn.connections.proposals import propose
from posthorn.connections.signed import Placed
from posthorn.delivery.asker import HANDLERS
from posthorn.delivery.models import Delivery
from posthorn.tenancy.models import Firm as FirmRow
from posthorn.tenancy.scope import acting, system
from tests.db.factories import ClientFactory, ClientNumberFactory, DocumentFactory
from tests.db.test_connections_exact_sign_in import (
    Firm,
    admin,
    asked,
    exact_fixture,  # noqa: F401  found by its name
    firm_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Client
    from posthorn_sandbox.exact import StandIn

pytestmark = pytest.mark.usefixtures("committed")
JANSSENS = "BE0123456749"


def _client(firm: Firm, vat: str = "") -> Client:
    with system("look"):
        row = FirmRow.objects.get(pk=firm.firm)
    made: Client = ClientFactory.create(firm=row)
    if vat:
        ClientNumberFactory.create(firm=row, client=made, value=vat)
    return made


def _bind(firm: Firm, connection: UUID, code: str, vat: str = "") -> Integration:
    client = _client(firm, vat)
    with acting(firm.firm):
        wish = Wish(values={"company": code})
        return create_integration(firm.firm, client.pk, connection, wish, actor="an@firm")


def _row(firm: Firm, made: Integration) -> Resolution:
    with acting(firm.firm):
        return Resolution.objects.get(integration=made)


def test_a_code_becomes_the_division_and_a_wrong_one_says_so(
    firm: Firm,
    exact: StandIn,
) -> None:
    there = firm.come_to("els.peeters")
    right = _bind(firm, there.connection, " 007 ", JANSSENS)
    other = _bind(firm, there.connection, "8")
    hidden = _bind(firm, there.connection, "9")

    assert verification.verify_due()

    known = _row(firm, right)
    assert (known.stage, known.value, known.label) == (
        "verified",
        "3400123",
        "Bakkerij Janssens BV",
    )
    assert known.facts["owner"] == "Kantoor Maes"
    assert _row(firm, other).stage == "undecided"
    assert (_row(firm, hidden).stage, _row(firm, hidden).code) == ("refused", "company_not_found")
    calls = json.loads(admin(exact, "GET", "/journal").content)
    assert sum("Divisions" in call["endpoint"] for call in calls) == 1


def test_a_login_without_rights_on_half_the_divisions_serves_the_other_half(
    firm: Firm, exact: StandIn
) -> None:
    # The account sees 7 and 8; 9 and 10 are there for somebody else.
    assert exact.base
    there = firm.come_to("els.peeters")
    numbers = ("BE0123456749", "BE0123457145", "BE0123457244", "BE0123457343")
    made = [
        _bind(firm, there.connection, code, vat)
        for code, vat in zip(("7", "8", "9", "10"), numbers, strict=True)
    ]
    assert verification.verify_due()
    for one in made:
        document = DocumentFactory.create(firm=there.package().firm, client=one.client)
        with acting(firm.firm):
            basis = ReleaseBasis.APPROVED
            lifecycle.release(firm.firm, [document.pk], basis=basis, actor="an@firm")

    rows = [_row(firm, one) for one in made]
    assert [(row.stage, row.code) for row in rows] == [
        ("verified", ""),
        ("verified", ""),
        ("refused", "company_not_found"),
        ("refused", "company_not_found"),
    ]
    with acting(firm.firm):
        deliveries = Delivery.objects.order_by("position")
        standing = [one.reason or one.state for one in deliveries]
    assert standing == ["queued", "queued", "undecided", "undecided"]
    assert (there.package().attention, there.alerts()) == ("", [])


def test_signing_in_as_somebody_else_looks_at_every_code_again(firm: Firm, exact: StandIn) -> None:
    assert exact.base
    there = firm.come_to("els.peeters")
    made = _bind(firm, there.connection, "7", JANSSENS)
    assert verification.verify_due()
    assert not verification.verify_due()

    with acting(firm.firm):
        url = signing.begin(firm.firm, "exact_online", {"country": "be"}, visitor=firm.visitor)
    answer = asked("GET", f"{url}&login_hint=luc.dubois")
    location = dict(answer.headers)[b"Location"].decode()
    back = {name: found[0] for name, found in parse_qs(urlsplit(location).query).items()}
    row = signing.claim(back["state"], visitor=firm.visitor)
    signing.take_code(row, back["code"])
    signing.identify(row)
    placed = signed.place(firm.firm, row.id, visitor=firm.visitor, replaces=True)
    assert isinstance(placed, Placed)
    assert placed.connection == there.connection
    assert verification.verify_due()

    known = _row(firm, made)
    assert (known.stage, known.code) == ("lost", "place_vanished")
    with acting(firm.firm):
        assert Integration.objects.get(pk=made.pk).unresolved == "undecided"


def test_clients_are_matched_with_the_divisions_and_bound(firm: Firm, exact: StandIn) -> None:
    assert exact.base
    there = firm.come_to("els.peeters")
    client = _client(firm, JANSSENS)
    with acting(firm.firm):
        listed = errands.begin(
            firm.firm, there.connection, binding.LIST, actor="an", payload={"field": "company"}
        )
    assert errands.run_next(HANDLERS)
    with acting(firm.firm):
        places = [
            from_json(one)
            for one in errands.errand_of(firm.firm, there.connection, listed).answer["places"]
        ]
        (proposal,) = propose(firm.firm, there.connection, places, field="company")
        assert proposal.place
        assert (proposal.client, proposal.place.value) == (client.pk, "3400123")
        item = {"client": str(client.pk), "typed": "", "place": binding.kept(proposal.place)}
        payload = {"field": "company", "items": [item]}
        errands.begin(firm.firm, there.connection, binding.BIND, actor="an", payload=payload)
    assert errands.run_next(HANDLERS)

    with acting(firm.firm):
        (made,) = Integration.objects.all()
    assert (made.resolved, made.unresolved) == ({"company": "3400123"}, "")
