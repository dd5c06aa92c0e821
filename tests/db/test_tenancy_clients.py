from __future__ import annotations

import pytest

from posthorn.tenancy.clients import (
    NewClient,
    add_client_person,
    add_number,
    change_state,
    create_client,
    is_live,
    pause_client,
    release_client,
    remove_number,
    set_approval,
    set_sharing,
    trust_supplier,
)
from posthorn.tenancy.entrances import entrances_of
from posthorn.tenancy.errors import (
    BadNumberError,
    DossierNumberTakenError,
    EmptyNameError,
    IllegalLifeMoveError,
    NotFoundError,
    NumberTakenError,
)
from posthorn.tenancy.life import ApprovalMode, ClientState
from posthorn.tenancy.models import AuditEntry, Client, TrustedSupplier
from posthorn.tenancy.numbers import NumberScheme, enterprise, vat
from posthorn.tenancy.queries import (
    client_by_dossier,
    clients_visible_to,
    numbers_of,
    owners_of,
    viewer_of,
)
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, FirmFactory, PersonFactory

pytestmark = pytest.mark.django_db
ACTOR = "an@kantoor.example"
BAKERY = NewClient(
    dossier_number="1001",
    name="Bakkerij Janssens",
    numbers=((NumberScheme.VAT, "BE 0417.497.106"), (NumberScheme.IBAN, "BE68 5390 0754 7034")),
)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_client_is_created_with_its_numbers_and_trail() -> None:
    firm = FirmFactory.create().pk

    with acting(firm):
        client = create_client(firm, BAKERY, actor=ACTOR)
        assert [number.value for number in numbers_of(firm, client.pk)] == [
            "BE68539007547034",
            "BE0417497106",
        ]
        assert client_by_dossier(firm, " 1001 ") == client
        assert actions() == ["client.created", "client.number_added", "client.number_added"]
    assert (client.shares_documents, client.shared_since, is_live(client)) == (False, None, True)


def test_a_dossier_number_is_unique_in_its_firm_alone() -> None:
    firm, other = FirmFactory.create().pk, FirmFactory.create().pk
    bare = NewClient(dossier_number="1001", name="Slagerij")

    with acting(firm):
        create_client(firm, BAKERY, actor=ACTOR)
        with pytest.raises(DossierNumberTakenError, match="1001"):
            create_client(firm, bare, actor=ACTOR)
        assert Client.objects.count() == 1
    with acting(other):
        create_client(other, bare, actor=ACTOR)
        assert Client.objects.count() == 1


def test_a_client_with_a_wrong_number_is_not_half_created() -> None:
    firm = FirmFactory.create().pk
    wrong = NewClient(dossier_number="1", name="x", numbers=((NumberScheme.VAT, "BE0417497107"),))

    with acting(firm):
        with pytest.raises(BadNumberError, match="BE0417497107"):
            create_client(firm, wrong, actor=ACTOR)
        assert (Client.objects.count(), actions()) == (0, [])


@pytest.mark.parametrize(
    "new", [NewClient(dossier_number=" ", name="x"), NewClient(dossier_number="1", name="\t")]
)
def test_a_client_without_number_or_name_is_refused(new: NewClient) -> None:
    firm = FirmFactory.create().pk
    with acting(firm), pytest.raises(EmptyNameError):
        create_client(firm, new, actor=ACTOR)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        (NumberScheme.VAT, "BE0417497106"),
        (NumberScheme.ENTERPRISE, "0417.497.106"),
        (NumberScheme.ENDPOINT, "0208:0417497106"),
        (NumberScheme.ENDPOINT, "9925:BE0417497106"),
        (NumberScheme.IBAN, "BE68539007547034"),
    ],
)
def test_a_number_of_another_client_is_refused_however_written_and_says_whose(
    scheme: NumberScheme, text: str
) -> None:
    firm = FirmFactory.create().pk

    with acting(firm):
        create_client(firm, BAKERY, actor=ACTOR)
        other = create_client(firm, NewClient(dossier_number="2", name="x"), actor=ACTOR)
        with pytest.raises(NumberTakenError, match="1001 Bakkerij Janssens"):
            add_number(firm, other.pk, scheme, text, actor=ACTOR)
        assert numbers_of(firm, other.pk) == ()


def test_another_firm_may_have_the_same_company_as_client() -> None:
    for firm in (FirmFactory.create().pk, FirmFactory.create().pk):
        with acting(firm):
            client = create_client(firm, BAKERY, actor=ACTOR)
            assert owners_of(firm, [vat("BE0417497106")]) == {vat("BE0417497106"): client.pk}


def test_a_client_has_several_numbers_and_each_once() -> None:
    firm = FirmFactory.create().pk

    with acting(firm):
        client = create_client(firm, BAKERY, actor=ACTOR)
        for _ in range(2):
            add_number(firm, client.pk, NumberScheme.ENTERPRISE, "0417497106", actor=ACTOR)
        assert enterprise("0417497106") in numbers_of(firm, client.pk)
        for _ in range(2):
            remove_number(firm, client.pk, vat("BE0417497106"), actor=ACTOR)
        assert vat("BE0417497106") not in numbers_of(firm, client.pk)
        assert actions()[3:] == ["client.number_added", "client.number_removed"]


def test_sharing_again_starts_a_new_time_and_saving_again_does_not() -> None:
    firm = FirmFactory.create().pk

    with acting(firm):
        client = create_client(firm, BAKERY, actor=ACTOR)
        times = []
        for shares in (True, True, False, True):
            set_sharing(firm, client.pk, shares=shares, actor=ACTOR)
            client.refresh_from_db()
            times.append((client.shares_documents, client.shared_since))
        assert actions()[3:] == ["client.sharing_on", "client.sharing_off", "client.sharing_on"]
    assert [shares for shares, _ in times] == [True, True, False, True]
    first, again, _, anew = [time for _, time in times]
    assert first is not None
    assert anew is not None
    assert again == first
    assert anew > first


def test_a_client_moves_along_its_life_alone() -> None:
    client = ClientFactory.create(state="draft")
    firm = client.firm_id

    with acting(firm):
        with pytest.raises(IllegalLifeMoveError, match="“Draft” cannot become “Link ended”"):
            change_state(firm, client.pk, ClientState.LOST, actor=ACTOR)
        for state in (ClientState.INVITED, ClientState.ACTIVE, ClientState.LOST):
            change_state(firm, client.pk, state, actor=ACTOR)
        change_state(firm, client.pk, ClientState.LOST, actor=ACTOR)
        client.refresh_from_db()
        assert (client.state, is_live(client)) == ("lost", False)
        assert actions() == ["client.state_changed"] * 3
        last = AuditEntry.objects.latest("pk")
        assert last.detail == {"before": "active", "after": "lost"}


def test_a_pause_keeps_its_first_time_until_it_is_released() -> None:
    client = ClientFactory.create()
    firm = client.firm_id

    with acting(firm):
        pause_client(firm, client.pk, actor=ACTOR)
        first = Client.objects.get(pk=client.pk).paused_at
        pause_client(firm, client.pk, actor=ACTOR)
        assert Client.objects.get(pk=client.pk).paused_at == first
        release_client(firm, client.pk, actor=ACTOR)
        release_client(firm, client.pk, actor=ACTOR)
        assert Client.objects.get(pk=client.pk).paused_at is None
        assert actions() == ["client.paused", "client.released"]


def test_approval_and_trusted_suppliers_are_kept_per_client() -> None:
    client = ClientFactory.create()
    firm = client.firm_id

    with acting(firm):
        set_approval(firm, client.pk, ApprovalMode.TRUSTED_SUPPLIERS, actor=ACTOR)
        for _ in range(2):
            trust_supplier(firm, client.pk, vat("BE0203201340"), actor=ACTOR)
        assert Client.objects.get(pk=client.pk).approval == "trusted_suppliers"
        assert list(TrustedSupplier.objects.values_list("client_id", "number")) == [
            (client.pk, "BE0203201340")
        ]
        assert actions() == ["client.approval_set", "client.supplier_trusted"]


def test_a_clients_own_person_sees_that_company_alone() -> None:
    client, person = ClientFactory.create(), PersonFactory.create()
    ClientFactory.create(firm=client.firm)
    firm = client.firm_id

    with acting(firm):
        add_client_person(firm, client.pk, person.pk, actor=ACTOR)
        viewer = viewer_of(firm, person.pk)
        assert list(clients_visible_to(firm, viewer)) == [client]
    doors = entrances_of(person.pk)
    assert [(one.id, one.firm) for one in doors.companies] == [(client.pk, firm)]
    assert doors.firms == ()


def test_a_foreign_client_is_not_found() -> None:
    firm, foreign = FirmFactory.create().pk, ClientFactory.create()

    with acting(firm):
        with pytest.raises(NotFoundError):
            pause_client(firm, foreign.pk, actor=ACTOR)
        with pytest.raises(NotFoundError):
            client_by_dossier(firm, foreign.dossier_number)
        assert actions() == []
    with acting(foreign.firm_id):
        assert Client.objects.get(pk=foreign.pk).paused_at is None
