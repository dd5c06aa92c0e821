"""A firm with a client, a document and a delivery, and everybody who may try to reach them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from posthorn.archive.models import Document
from posthorn.connections.change_models import AddressChange
from posthorn.connections.models import Connection, Integration
from posthorn.delivery.models import Attempt, Delivery, Lane
from posthorn.delivery.trials import Trial
from posthorn.kernel.clock import now
from posthorn.kernel.ids import new_id
from posthorn.tenancy.invitations import invite_client_person, invite_member
from posthorn.tenancy.models import AuditEntry, Client, Invitation, Membership
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db import web_rows
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
    MembershipFactory,
)
from tests.db.web_routes import TABLE, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posthorn.tenancy.models import Firm, Person

COUNTED = (
    Document,
    Delivery,
    Attempt,
    Lane,
    Connection,
    Client,
    Membership,
    Invitation,
    AuditEntry,
)
FORM = {"reason": "because", "language": "en"}


@dataclass(frozen=True, kw_only=True)
class House:
    """The ids of one firm's rows, those of another firm's, and the session of each person."""

    ids: dict[str, Any]
    foreign: dict[str, Any]
    sessions: dict[str, str]  # nobody's is empty
    before: dict[str, Any]  # what `counts` gives while nobody has done anything

    def browser(self, who: str, *, is_strict: bool = False) -> Browser:
        """Give the one browser, in which now somebody is signed in."""
        browser = _opened(is_strict=is_strict)
        browser.cookies.clear()
        if self.sessions[who]:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return browser


@cache  # each new one looks for every static file again
def _opened(*, is_strict: bool) -> Browser:
    return Browser(enforce_csrf_checks=is_strict)


def doer(name: str) -> str:
    """Name somebody who may do the deed."""
    return "administrator" if name.startswith("firm:") else "own"


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def standing() -> Iterator[House]:
    """Build the house once for many tests, each of which undoes what it did in it."""
    with undone():
        with connection.cursor() as cursor:  # it waits as long as another test's set-up takes
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield a_house()
    connection.close()


def _asked_of_people(
    firm: Firm, company: Client, bound: Integration
) -> tuple[AddressChange, Trial]:
    """Leave a changed address to confirm and a test mail to look for."""
    author = "somebody@kantoor.example"
    change = AddressChange.objects.create(
        firm=firm,
        client=company,
        integration=bound,
        standing="waiting",
        addresses={"purchase_address": ["old@x.example", "new@x.example"]},
        author=author,
    )
    trial = Trial.objects.create(
        firm=firm,
        client=company,
        connection=bound.connection,
        integration=bound,
        kind="purchase",
        recipient="in@pakket.example",
        state="accepted",
        asked_by=author,
    )
    return change, trial


def a_firm() -> tuple[Firm, dict[str, Any]]:
    row = FirmFactory.create()
    company = ClientFactory.create(firm=row)
    document = web_rows.stored_document(b"%PDF-1.7 ", firm=row, client=company)
    sent = DocumentFactory.create(firm=row, client=company, released_at=now())
    package = ConnectionFactory.create(firm=row)
    bound = IntegrationFactory.create(firm=row, client=company, connection=package)
    delivery = DeliveryFactory.create(
        firm=row,
        client=company,
        document=sent,
        integration=bound,
    )
    with acting(row.pk):
        change, trial = _asked_of_people(row, company, bound)
        invitation = invite_member(
            row.pk, "new@kantoor.example", Role.ACCOUNTANT, language="nl", actor="test"
        )
        into_client = invite_client_person(
            row.pk, company.pk, "new@janssens.example", language="nl", actor="test"
        )
    return row, {
        "firm": row.pk,
        "client": company.pk,
        "document_id": document.pk,
        "delivery_id": delivery.pk,
        "client_id": company.pk,
        "package_id": package.pk,
        "integration_id": bound.pk,
        "change_id": change.pk,
        "sign_in_id": new_id(),
        "errand_id": new_id(),
        "trial_id": trial.pk,
        "connector_id": "email_delivery",
        "field": "purchase_address",
        "ticket": "none",
        "place": 0,
        "company": company,
        "membership": MembershipFactory.create(firm=row).pk,
        "invitation": invitation.id,
        "client_invitation": into_client.id,
        "person_id": web_rows.client_person(company).pk,
        "token": "nobody-has-this-one",
        "uidb36": "0",
        "key": "set-password",
        "pk": 1,
    }


def a_house() -> House:
    row, ids = a_firm()
    company = ids["company"]
    other = ClientFactory.create(firm=row)
    _, foreign = a_firm()
    people = {
        "stranger": web_rows.member(FirmFactory.create(), Role.ADMINISTRATOR),
        "manager": web_rows.member(row, Role.CLIENT_MANAGER),
        "unassigned": web_rows.member(row, Role.ACCOUNTANT, other),
        "assigned": web_rows.member(row, Role.ACCOUNTANT, company),
        "administrator": web_rows.member(row, Role.ADMINISTRATOR),
        "own": web_rows.client_person(company),
        "neighbour": web_rows.client_person(other),
    }
    sessions = {who: signed_in(person) for who, person in people.items()}
    sessions["anonymous"] = ""
    return House(ids=ids, foreign=foreign, sessions=sessions, before=counts())


def signed_in(person: Person) -> str:
    """Give the key of a new session of theirs."""
    browser = Browser()
    browser.force_login(person)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def address_of(name: str, ids: dict[str, Any]) -> str:
    return reverse(name, kwargs={one: ids[one] for one in parameters(name)})


def try_it(house: House, who: str, name: str, ids: dict[str, Any]) -> int:
    browser = house.browser(who)
    response = getattr(browser, TABLE[name].method)(address_of(name, ids), FORM)
    is_sent_on = response.status_code == 302 and who == "anonymous"
    if is_sent_on and name not in {"account_logout", "language"}:
        assert response["Location"].startswith("/accounts/login/")
    return int(response.status_code)


def counts() -> dict[str, Any]:
    """Give what no refused request may change."""
    with system("count"):
        rows = {model.__name__: model.objects.count() for model in COUNTED}
        states = sorted(Delivery.objects.values_list("pk", "state", "processed_at"))
        decided = sorted(Document.objects.values_list("pk", "released_at", "rejected_reason"))
    return {**rows, "states": states, "decided": decided}
