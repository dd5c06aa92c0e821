"""Every route, tried by everybody, with ids of their own and of others: what each must answer."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from posthorn.archive.models import Document
from posthorn.connections.models import Connection
from posthorn.delivery.models import Attempt, Delivery, Lane
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from posthorn.tenancy.models import Firm, Person

pytestmark = pytest.mark.django_db

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


@dataclass(frozen=True, kw_only=True)
class Row:
    """One route: its method, and the status each person gets for ids that exist in their firm."""

    method: str
    anonymous: int
    stranger: int  # the administrator of another firm
    manager: int  # client manager
    unassigned: int  # accountant of other clients
    assigned: int  # accountant of this client
    administrator: int
    own: int  # a person of this client
    neighbour: int  # a person of another client of the firm


def firm(method: str, *, manager: int = 404, others: int = 404, done: int = 200) -> Row:
    return Row(
        method=method,
        anonymous=302,
        stranger=404,
        manager=manager,
        unassigned=others,
        assigned=done,
        administrator=done,
        own=404,
        neighbour=404,
    )


def administrators(method: str, *, manager: int = 404, done: int = 200) -> Row:
    """What no accountant does; client managers where it is about clients."""
    return replace(firm(method, manager=manager, done=done), assigned=404)


def client(method: str, *, done: int = 200) -> Row:
    return Row(
        method=method,
        anonymous=302,
        stranger=404,
        manager=404,
        unassigned=404,
        assigned=404,
        administrator=404,
        own=done,
        neighbour=404,
    )


def same(method: str, anonymous: int, signed_in: int) -> Row:
    others = {field.name: signed_in for field in fields(Row) if field.type == "int"}
    return Row(method=method, **{**others, "anonymous": anonymous})


FORM = {"reason": "because", "language": "en"}
# 200: a page or file. 302: done and sent on; for nobody, to the sign-in. 404: not there.
TABLE: dict[str, Row] = {
    "home": same("get", 302, 302),
    "health": same("get", 200, 200),
    "design": same("get", 302, 200),
    "invitation": same("get", 404, 404),
    "language": same("post", 302, 302),
    "account_login": same("get", 200, 302),
    "account_logout": same("get", 302, 200),
    "account_inactive": same("get", 200, 200),
    "account_change_password": same("get", 302, 200),
    "account_reset_password": same("get", 200, 200),
    "account_reset_password_done": same("get", 200, 200),
    "account_reset_password_from_key": same("get", 200, 200),
    "account_reset_password_from_key_done": same("get", 200, 200),
    "own_settings": same("get", 302, 200),
    "own_sessions": same("get", 302, 200),
    "account_reauthenticate": same("get", 302, 200),
    "mfa_index": same("get", 302, 200),
    "mfa_authenticate": same("get", 302, 302),
    "mfa_login_webauthn": same("get", 302, 302),
    "mfa_reauthenticate_webauthn": same("get", 302, 302),
    "mfa_list_webauthn": same("get", 302, 200),
    "mfa_add_webauthn": same("get", 302, 302),
    "mfa_edit_webauthn": same("get", 302, 302),
    "mfa_remove_webauthn": same("get", 302, 302),
    "mfa_reauthenticate": same("get", 302, 302),
    "mfa_activate_totp": same("get", 302, 302),
    "mfa_deactivate_totp": same("get", 302, 404),
    "mfa_view_recovery_codes": same("get", 302, 404),
    "mfa_generate_recovery_codes": same("get", 302, 302),
    "mfa_download_recovery_codes": same("get", 302, 404),
    "firm:overview": firm("get", manager=200, others=200),
    "firm:documents": firm("get", others=200),
    "firm:document": firm("get"),
    "firm:file": firm("get"),
    "firm:unassigned": replace(firm("get"), assigned=404),
    "firm:client_choices": firm("get", others=200),
    "firm:upload": firm("get", others=200),
    "firm:take": firm("post", others=302, done=302),
    "firm:preview": firm("get"),
    "firm:rendering": firm("get"),
    "firm:pdf": firm("get"),
    "firm:inside": firm("get", done=404),  # it holds no other file
    "firm:take_back": firm("post", done=302),
    "firm:read_again": firm("post", done=302),
    "firm:approve_many": firm("post", others=302, done=302),
    "firm:send_many": firm("post", others=302, done=302),
    "firm:reject_many": firm("post", others=302, done=302),
    "firm:take_back_many": firm("post", others=302, done=302),
    "firm:assign_many": firm("post", others=302, done=302),
    "firm:act_on_cause": firm("post", others=302, done=302),
    "firm:approve": firm("post", done=302),
    "firm:send": firm("post", done=302),
    "firm:send_anyway": firm("post", done=302),
    "firm:reject": firm("post", done=302),
    "firm:deliveries": firm("get", others=200),
    "firm:delivery": firm("get"),
    "firm:hold": firm("post", done=302),
    "firm:release": firm("post", done=302),
    "firm:cancel": firm("post", done=302),
    "firm:resend": firm("post", done=302),
    "firm:process": firm("post", done=302),
    "firm:unprocess": firm("post", done=302),
    "firm:people": administrators("get"),
    "firm:invite": administrators("get"),
    "firm:member": administrators("get"),
    "firm:remove_member": administrators("get"),
    "firm:resend_invitation": administrators("post", done=200),
    "firm:revoke_invitation": administrators("post", done=302),
    "firm:activity": firm("get", manager=200, others=200),
    "firm:proof": administrators("get"),
    "firm:settings": administrators("get"),
    "firm:clients": firm("get", manager=200, others=200),
    "firm:client_add": administrators("get", manager=200),
    "firm:clients_assign": administrators("post", done=302),
    "firm:clients_pause": administrators("post", manager=302, done=302),
    "firm:clients_release": administrators("post", manager=302, done=302),
    "firm:clients_archive": administrators("post", manager=302, done=302),
    "firm:client": firm("get", manager=200),
    "firm:client_timeline": firm("get", manager=200),
    "firm:client_details": firm("get", manager=200),
    "firm:client_edit": administrators("get", manager=200),
    "firm:client_pause": administrators("post", manager=302, done=302),
    "firm:client_release": administrators("post", manager=302, done=302),
    "firm:client_archive": administrators("get", manager=200),
    "firm:client_take_back": administrators("post", manager=302, done=302),
    "firm:client_assign": administrators("get"),
    "firm:client_number_add": administrators("post", manager=200),
    "firm:client_number_remove": administrators("post", manager=302, done=302),
    "firm:client_approval": administrators("post", manager=200),
    "firm:client_trust": administrators("post", manager=200),
    "firm:client_untrust": administrators("post", manager=302, done=302),
    "firm:client_invite": administrators("post"),
    "firm:client_person_remove": administrators("get"),
    "firm:client_invitation_resend": administrators("post"),
    "firm:client_invitation_revoke": administrators("post", done=302),
    "firm:packages": administrators("get"),
    "firm:package_channels": administrators("get"),
    "firm:package_add": administrators("get"),
    "firm:package": administrators("get"),
    "firm:package_edit": administrators("get"),
    "firm:package_check": administrators("post", done=302),
    "firm:package_checked": administrators("get"),
    "firm:package_rename": administrators("get"),
    "firm:package_pause": administrators("get"),
    "firm:package_release": administrators("post", done=302),
    "firm:package_unknown": administrators("post", done=302),
    "firm:package_switch": administrators("post", done=302),
    "firm:package_off": administrators("get"),
    "firm:extensions": firm("get", manager=200, others=200),
    "firm:extension": firm("get", manager=200, others=200),
    "firm:extension_install": administrators("get"),
    "logo": same("get", 302, 200),
    "firm:connection": firm("get", manager=200),
    "firm:integrations": firm("get", manager=200),
    "firm:integration_choose": administrators("get", manager=200),
    "firm:integration_add": administrators("get", manager=200),
    "firm:integration_edit": administrators("get", manager=200),
    "firm:integration_pause": administrators("get", manager=200),
    "firm:integration_release": administrators("post", manager=302, done=302),
    "firm:integration_remove": administrators("get", manager=200),
    "client:overview": client("get"),
    "client:shared": client("get"),
    "client:company": client("get"),
    "client:end_link": client("get"),
    "client:documents": client("get"),
    "client:document": client("get"),
    "client:file": client("get"),
    "client:upload": client("get"),
    "client:take": client("post", done=302),
    "client:preview": client("get"),
    "client:rendering": client("get"),
    "client:pdf": client("get"),
    "client:inside": client("get", done=404),  # it holds no other file
    "client:take_back": client("post", done=302),
    "client:approve_many": client("post", done=302),
    "client:send_many": client("post", done=302),
    "client:reject_many": client("post", done=302),
    "client:take_back_many": client("post", done=302),
    "client:approve": client("post", done=302),
    "client:send": client("post", done=302),
    "client:send_anyway": client("post", done=302),
    "client:reject": client("post", done=302),
    "client:deliveries": client("get"),
    "client:delivery": client("get"),
}
PEOPLE = [field.name for field in fields(Row) if field.name != "method"]


@dataclass(frozen=True, kw_only=True)
class House:
    """One firm with a client, a document and a delivery, and everybody who may try."""

    ids: dict[str, Any]
    people: dict[str, Person | None]

    def doer(self, name: str) -> Person:
        """Give somebody who may do the deed."""
        who = self.people["administrator" if name.startswith("firm:") else "own"]
        assert who is not None
        return who


def routes(patterns: Iterable[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


ROUTES = dict(routes(get_resolver().url_patterns))


def parameters(name: str) -> set[str]:
    space = {"firm", "client"} & {name.partition(":")[0]}
    return space | set(ROUTES[name].pattern.regex.groupindex)


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
        "connector_id": "email_delivery",
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


@pytest.fixture
def house() -> House:
    row, ids = a_firm()
    company = ids["company"]
    other = ClientFactory.create(firm=row)
    abroad = FirmFactory.create()
    return House(
        ids=ids,
        people={
            "anonymous": None,
            "stranger": web_rows.member(abroad, Role.ADMINISTRATOR),
            "manager": web_rows.member(row, Role.CLIENT_MANAGER),
            "unassigned": web_rows.member(row, Role.ACCOUNTANT, other),
            "assigned": web_rows.member(row, Role.ACCOUNTANT, company),
            "administrator": web_rows.member(row, Role.ADMINISTRATOR),
            "own": web_rows.client_person(company),
            "neighbour": web_rows.client_person(other),
        },
    )


def try_it(who: Person | None, name: str, ids: dict[str, Any]) -> int:
    browser = Browser()
    if who is not None:
        browser.force_login(who)
    address = reverse(name, kwargs={one: ids[one] for one in parameters(name)})
    response = getattr(browser, TABLE[name].method)(address, FORM)
    if response.status_code == 302 and who is None and name not in {"account_logout", "language"}:
        assert response["Location"].startswith("/accounts/login/")
    return int(response.status_code)


def counts() -> dict[str, Any]:
    with system("count"):
        rows = {model.__name__: model.objects.count() for model in COUNTED}
        states = sorted(Delivery.objects.values_list("pk", "state", "processed_at"))
        decided = sorted(Document.objects.values_list("pk", "released_at", "rejected_reason"))
    return {**rows, "states": states, "decided": decided}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(TABLE) == set(ROUTES)


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_exactly_what_the_table_says(name: str, house: House) -> None:
    expected = {who: getattr(TABLE[name], who) for who in PEOPLE}
    denied = [who for who in PEOPLE if expected[who] == 404 or who == "anonymous"]
    before = counts()

    got = {who: try_it(house.people[who], name, house.ids) for who in denied}

    assert counts() == before
    got |= {who: try_it(house.people[who], name, house.ids) for who in PEOPLE if who not in denied}
    assert got == expected


OF_CLIENTS = {"client_id", "package_id", "integration_id", "client_invitation", "person_id"}
ROW_IDS = {"document_id", "delivery_id", "membership", "invitation"} | OF_CLIENTS
OWNED = [name for name in TABLE if ":" in name]
WITH_ROWS = [name for name in OWNED if parameters(name) & ROW_IDS]
DEEDS = [name for name in OWNED if TABLE[name].method == "post"]


def everybody_is_told_nothing(house: House, names: list[str], ids: dict[str, Any]) -> None:
    before = counts()
    people = [who for who, row in house.people.items() if row]

    got = {(name, who): try_it(house.people[who], name, ids) for name in names for who in people}

    assert got == dict.fromkeys(got, 404)
    assert len(got) == len(names) * (len(PEOPLE) - 1)
    assert counts() == before


def test_ids_of_another_firm_exist_for_nobody_here(house: House) -> None:
    _, foreign = a_firm()
    everybody_is_told_nothing(house, OWNED, foreign)


def test_a_foreign_row_does_not_come_in_through_ones_own_space(house: House) -> None:
    _, foreign = a_firm()
    mixed = {**foreign, "firm": house.ids["firm"], "client": house.ids["client"]}
    everybody_is_told_nothing(house, WITH_ROWS, mixed)


def test_ids_that_nobody_has_are_not_there_either(house: House) -> None:
    unknown: dict[str, Any] = {one: new_id() for one in ("firm", "client", *ROW_IDS)}
    unknown |= {"connector_id": "nobody", "ticket": "none", "place": 0}
    everybody_is_told_nothing(house, OWNED, unknown)


def test_a_deed_is_not_done_by_reading_its_address(house: House) -> None:
    before = counts()
    got = {}
    for name in DEEDS:
        browser = Browser()
        browser.force_login(house.doer(name))
        address = reverse(name, kwargs={one: house.ids[one] for one in parameters(name)})
        got[name] = browser.get(address).status_code

    assert got == dict.fromkeys(DEEDS, 405)
    assert counts() == before


def test_a_deed_without_the_token_of_its_form_is_not_done(house: House) -> None:
    before = counts()
    got = {}
    for name in DEEDS:
        browser = Browser(enforce_csrf_checks=True)
        browser.force_login(house.doer(name))
        address = reverse(name, kwargs={one: house.ids[one] for one in parameters(name)})
        got[name] = browser.post(address, FORM).status_code

    assert got == dict.fromkeys(DEEDS, 403)
    assert counts() == before
