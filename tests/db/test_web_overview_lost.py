"""A company that vanished from its package is on the first page, before any document is held."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from posthorn.connections import resolutions, verification
from posthorn.connections.queries import lost_places
from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import DeliveryFactory
from tests.db.places import (
    VAT,
    Office,
    Package,
    package_fixture,  # noqa: F401  found by its name
    set_rows,
)

pytestmark = pytest.mark.django_db
HEADING = "Clients whose place in the package is gone"


class Gone:
    """A firm of two clients, one of whose companies vanished from the package."""

    def __init__(self, package: Package) -> None:
        self.package, self.office = package, Office()
        self.client: Client = self.office.client(VAT, name="Bakkerij Janssens")
        other: Client = self.office.client(name="Garage Maes")
        self.company = package.add("9001", "7", VAT, label="Janssens BV")
        package.add("9002", "8", label="Maes BV")
        self.made = self.office.verified(self.client)
        self.office.bind(other, "8")
        assert verification.verify_due()
        package.companies.remove(("be", self.company))
        self.look()

    def look(self) -> None:
        """Let the weekly look come."""
        set_rows(next_at=now())
        assert verification.verify_due()

    def read(self, role: Role = Role.ADMINISTRATOR, *assigned: Client) -> str:
        browser = Browser()
        browser.force_login(web_rows.member(self.office.firm, role, *assigned))
        response = browser.get(f"/firms/{self.office.firm.pk}/")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())


@pytest.fixture
def gone(package: Package) -> Gone:
    return Gone(package)


def test_it_is_told_with_a_way_to_the_clients_integration(gone: Gone) -> None:
    page = gone.read()

    panel = page[page.index(HEADING) :].partition("</section>")[0]
    assert panel.count("<li>") == 1
    assert "Bakkerij Janssens" in panel
    assert "7 · Janssens BV · BE0417497106" in panel
    where = f"/firms/{gone.office.firm.pk}/clients/{gone.client.pk}/integrations/"
    assert f'href="{where}"' in panel
    with system("look"):
        assert Delivery.objects.count() == 0


def test_the_first_sentence_does_not_say_that_nothing_needs_anybody(gone: Gone) -> None:
    DeliveryFactory.create(
        firm=gone.office.firm, client=gone.client, integration=gone.made, state="accepted"
    )

    page = gone.read()

    assert "No delivery stands still yet; look at the clients below." in page
    assert "Nothing needs your attention." not in page


@pytest.mark.parametrize("role", [Role.CLIENT_MANAGER, Role.ADMINISTRATOR])
def test_those_who_look_after_clients_read_it(gone: Gone, role: Role) -> None:
    assert HEADING in gone.read(role)


def test_an_accountant_reads_it_of_the_own_clients_alone(gone: Gone) -> None:
    with acting(gone.office.firm.pk):
        other = Client.objects.get(name="Garage Maes")

    assert HEADING in gone.read(Role.ACCOUNTANT, gone.client)
    assert HEADING not in gone.read(Role.ACCOUNTANT, other)


def test_another_firm_reads_nothing_of_it(gone: Gone) -> None:
    with acting(Office().firm.pk) as _:
        assert lost_places(gone.office.firm.pk, None, most=5) == []
    with acting(gone.office.firm.pk):
        assert len(lost_places(gone.office.firm.pk, None, most=5)) == 1


def test_once_it_is_back_nobody_is_told(gone: Gone) -> None:
    gone.package.companies.append(("be", gone.company))
    gone.look()

    assert HEADING not in gone.read()


def test_of_a_client_that_left_or_whose_integration_is_removed_nobody_is_told(gone: Gone) -> None:
    with acting(gone.office.firm.pk):
        Client.objects.filter(pk=gone.client.pk).update(state="archived")
    assert HEADING not in gone.read()

    with acting(gone.office.firm.pk):
        Client.objects.filter(pk=gone.client.pk).update(state="active")
        assert lost_places(gone.office.firm.pk, None, most=5) != []
        resolutions.end([gone.made.pk])
    assert HEADING not in gone.read()


def test_it_costs_one_query_that_an_index_of_the_gone_answers(gone: Gone) -> None:
    with acting(gone.office.firm.pk), CaptureQueriesContext(connection) as asked:
        lost_places(gone.office.firm.pk, None, most=5)
    (query,) = [one["sql"] for one in asked if " FROM " in one["sql"]]

    with acting(gone.office.firm.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "resolution_lost" in plan
