from __future__ import annotations

import pytest

from posthorn.kernel.ids import new_id
from posthorn.tenancy.assignments import assign
from posthorn.tenancy.clients import (
    NewClient,
    add_client_person,
    change_state,
    create_client,
    trust_supplier,
    untrust_supplier,
)
from posthorn.tenancy.edits import Change, edit_client
from posthorn.tenancy.errors import (
    BadCountryError,
    BadLanguageError,
    DossierNumberTakenError,
    EmptyNameError,
    NotFoundError,
    TenancyError,
    TooLongError,
)
from posthorn.tenancy.facts import client_facts
from posthorn.tenancy.life import ApprovalMode, ClientState
from posthorn.tenancy.models import AuditEntry, Client
from posthorn.tenancy.numbers import NumberScheme, vat
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory, PersonFactory
from tests.db.inviting import ACTOR, trail

pytestmark = pytest.mark.django_db


def test_an_edit_changes_what_it_names_and_says_so() -> None:
    client = ClientFactory.create(dossier_number="1", name="Bakkerij", country="BE", language="nl")
    firm = client.firm_id
    change = Change(dossier_number=" 2 ", name="Bakkerij  Maes", country="nl")

    with acting(firm):
        for _ in range(2):
            edit_client(firm, client.pk, change, actor=ACTOR)
        kept = Client.objects.values_list("dossier_number", "name", "country", "language")
        assert kept.get() == ("2", "Bakkerij Maes", "NL", "nl")
        assert AuditEntry.objects.get().detail == {
            "dossier_number": ["1", "2"],
            "name": ["Bakkerij", "Bakkerij Maes"],
            "country": ["BE", "NL"],
        }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Change(name=" "), EmptyNameError),
        (Change(dossier_number=""), EmptyNameError),
        (Change(dossier_number="1" * 41), TooLongError),
        (Change(name="x" * 201), TooLongError),
        (Change(country="Belgium"), BadCountryError),
        (Change(language="es"), BadLanguageError),
        (Change(dossier_number="taken", name="New"), DossierNumberTakenError),
    ],
)
def test_a_wrong_edit_is_refused_and_nothing_kept(
    change: Change, error: type[TenancyError]
) -> None:
    client = ClientFactory.create(dossier_number="1", name="Bakkerij")
    ClientFactory.create(firm=client.firm, dossier_number="taken")
    firm = client.firm_id

    with acting(firm):
        with pytest.raises(error):
            edit_client(firm, client.pk, change, actor=ACTOR)
        row = Client.objects.get(pk=client.pk)
    assert (row.dossier_number, row.name) == ("1", "Bakkerij")
    assert trail(firm) == []


def test_a_client_of_another_firm_is_not_edited() -> None:
    firm, foreign = FirmFactory.create().pk, ClientFactory.create(name="Theirs")

    with acting(firm):
        with pytest.raises(NotFoundError):
            edit_client(firm, foreign.pk, Change(name="Mine"), actor=ACTOR)
        with pytest.raises(NotFoundError):
            untrust_supplier(firm, foreign.pk, vat("BE0203201340"), actor=ACTOR)
        with pytest.raises(NotFoundError):
            client_facts(firm, foreign.pk)
    with acting(foreign.firm_id):
        assert Client.objects.get(pk=foreign.pk).name == "Theirs"


def test_a_new_client_has_a_country_and_a_language_of_ours() -> None:
    firm = FirmFactory.create().pk
    with acting(firm):
        for new, error in (
            (NewClient(dossier_number="1", name="x", country="BEL"), BadCountryError),
            (NewClient(dossier_number="1", name="x", language="zz"), BadLanguageError),
        ):
            with pytest.raises(error):
                create_client(firm, new, actor=ACTOR)
        assert Client.objects.count() == 0


def test_a_supplier_is_trusted_no_longer() -> None:
    client = ClientFactory.create()
    firm, supplier = client.firm_id, vat("BE0203201340")

    with acting(firm):
        trust_supplier(firm, client.pk, supplier, actor=ACTOR)
        for _ in range(2):
            untrust_supplier(firm, client.pk, supplier, actor=ACTOR)
        assert client_facts(firm, client.pk).trusted_suppliers == ()
    assert [code for code, _ in trail(firm)] == [
        "client.supplier_trusted",
        "client.supplier_untrusted",
    ]


def test_a_client_is_archived_and_taken_back() -> None:
    client = ClientFactory.create()
    firm = client.firm_id

    with acting(firm):
        change_state(firm, client.pk, ClientState.ARCHIVED, actor=ACTOR)
        assert client_facts(firm, client.pk).next_states == {ClientState.ACTIVE, ClientState.LOST}
        change_state(firm, client.pk, ClientState.ACTIVE, actor=ACTOR)
        assert client_facts(firm, client.pk).state is ClientState.ACTIVE


def test_the_facts_of_a_client_are_all_on_its_page() -> None:
    firm = FirmFactory.create()
    member = MembershipFactory.create(firm=firm, role=Role.ACCOUNTANT)
    bo = PersonFactory.create(name="Bo", email="bo@bakkerij.example")
    with acting(firm.pk):
        new = NewClient(
            dossier_number="7",
            name="Bakkerij",
            shares_documents=True,
            approval=ApprovalMode.TRUSTED_SUPPLIERS,
            numbers=((NumberScheme.VAT, "BE0417497106"),),
        )
        client = create_client(firm.pk, new, actor=ACTOR)
        ClientFactory.create(firm=firm)
        assign(firm.pk, member.pk, client.pk, actor=ACTOR)
        add_client_person(firm.pk, client.pk, bo.pk, actor=ACTOR)
        trust_supplier(firm.pk, client.pk, vat("BE0203201340"), actor=ACTOR)
        facts = client_facts(firm.pk, client.pk)
        with pytest.raises(NotFoundError):
            client_facts(firm.pk, new_id())

    assert (facts.dossier_number, facts.name, facts.country, facts.language) == (
        "7",
        "Bakkerij",
        "BE",
        "nl",
    )
    assert (facts.shares_documents, facts.shared_since) == (True, client.shared_since)
    assert (facts.state, facts.paused_at) == (ClientState.ACTIVE, None)
    assert facts.approval is ApprovalMode.TRUSTED_SUPPLIERS
    assert facts.numbers == (vat("BE0417497106"),)
    assert facts.trusted_suppliers == ("BE0203201340",)
    assert [(row.person, row.name, row.email) for row in facts.people] == [
        (bo.pk, "Bo", "bo@bakkerij.example")
    ]
    assert [(row.id, row.assigned) for row in facts.assigned] == [(member.pk, 1)]
