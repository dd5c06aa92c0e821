"""What a real answer of the stand-in comes to: whose setting, whose document, how long to wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from posthorn.sdk import (
    AuthorizationLost,
    Misconfigured,
    RateLimited,
    Rejected,
    RemoteState,
    Scope,
    Unavailable,
)
from tests.invoices import PDF
from tests.process.exact_office import COMPANY, Office, company, digest, open_office, purchase

KEY = "k1"
PDFS = {"pdf_alongside": "on"}


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as office:
        yield office


def test_valid_invoice_arrives_byte_for_byte_with_its_pdf(office: Office) -> None:
    document = purchase(1)

    receipt, unknowns = office.deliver(document, key=KEY, **PDFS)

    [found] = office.admin("GET", "/documents")
    assert [file["sha256"] for file in found["files"]] == [digest(document.content), digest(PDF)]
    assert (receipt.remote_id, receipt.evidence["document"]) == (found["id"], str(found["hid"]))
    assert unknowns == 0


def test_company_outside_the_consent_is_that_clients_setting(office: Office) -> None:
    outcome = office.refused(purchase(1), key=KEY, company="9999999")

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("no_company_access", "company")
    assert "NoDivisionAccess" in outcome.detail


def test_missing_right_is_that_clients_setting(office: Office) -> None:
    denied = {"endpoint": "documents/*", "action": "POST", "division": int(COMPANY)}
    office.admin("PATCH", "/users/an.maes", {"denials": [denied]})

    outcome = office.refused(purchase(1), key=KEY)

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("no_rights", "company")


def test_licence_without_a_postbox_names_the_route(office: Office) -> None:
    office.admin("PATCH", "/licences/1009001", {"features": []})

    outcome = office.refused(purchase(1), key=KEY, route="mailbox")

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("no_postbox", "route")


def test_ended_licence_is_that_clients_setting(office: Office) -> None:
    office.admin("PATCH", "/licences/1009001", {"status": "expired"})

    outcome = office.refused(purchase(1), key=KEY)

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("licence_ended", "company")


def test_app_without_the_scope_is_everybodys_trouble(office: Office) -> None:
    app = office.admin("GET", "/apps")[0]
    office.admin("PATCH", f"/apps/{app['client_id']}", {"denied_scopes": ["documents/*"]})

    outcome = office.refused(purchase(1), key=KEY)

    assert isinstance(outcome, Misconfigured)
    assert (outcome.code, outcome.field) == ("app_not_approved", "")


def test_withdrawn_consent_asks_to_sign_in_again(office: Office) -> None:
    office.admin("DELETE", "/consents/an.maes")

    assert isinstance(office.refused(purchase(1), key=KEY), AuthorizationLost)


def test_file_the_site_finds_too_large_is_refused_and_leaves_one_empty_document(
    office: Office,
) -> None:
    office.admin("PATCH", "/switches", {"max_attachment_bytes": 1_000})

    outcome = office.refused(purchase(1), key=KEY)

    assert isinstance(outcome, Rejected)
    assert outcome.code == "too_large"
    assert [one["files"] for one in office.admin("GET", "/documents")] == [[]]


def test_limit_of_a_minute_waits_for_the_next_one_and_slows_this_client_alone(
    office: Office,
) -> None:
    office.admin("PATCH", "/switches", {"minute_limit": 2, "day_limit": 5_000})
    office.deliver(purchase(1), key=KEY)

    context = office.context()
    prepared = office.connector.prepare(context, purchase(2), key="k2")
    with pytest.raises(RateLimited) as caught:
        office.connector.deliver(context, prepared)

    limit = caught.value
    assert limit.scope is Scope.CLIENT
    assert timedelta(0) < limit.until - context.now <= timedelta(minutes=1)
    assert len(office.admin("GET", "/documents")) == 1


def test_busy_site_is_unavailable_and_takes_nothing(office: Office) -> None:
    office.admin("POST", "/faults", {"at": "documents/*", "action": "reply", "status": 503})

    outcome = office.refused(purchase(1), key=KEY)

    assert isinstance(outcome, Unavailable)
    assert (outcome.code, outcome.scope) == ("exact_unavailable", Scope.CONNECTION)
    assert office.admin("GET", "/documents") == []


def test_code_of_two_companies_lists_both_with_their_numbers(office: Office) -> None:
    found = office.connector.matches(office.context(), "company", " 007 ")

    assert [match.value for match in found] == ["3400123", COMPANY]
    assert {match.facts["code"] for match in found} == {"7"}


def test_every_company_is_listed_over_several_pages(office: Office) -> None:
    more = [company(6_000_000 + number, 500 + number) for number in range(200)]
    office.admin("POST", "/divisions", more)

    found = office.connector.matches(office.context(), "company", "")

    assert {match.value for match in found} >= {str(one["code"]) for one in more}
    assert len(office.connector.matches(office.context(), "company", "699")) == 1


def test_archived_company_is_shown_and_cannot_be_chosen(office: Office) -> None:
    office.admin("PATCH", f"/divisions/{COMPANY}", {"status": 2, "archived_on": "2026-01-01"})

    found = office.connector.matches(office.context(), "company", "7")

    assert [(match.value, match.blocked) for match in found if match.blocked] == [
        (COMPANY, "company_not_active")
    ]


def test_account_with_the_suppliers_vat_number_is_linked(office: Office) -> None:
    account = {"VATNumber": "BE0203201340", "Name": "Drukkerij Maes", "Code": "1"}
    made = office.admin("POST", f"/rows/crm/Accounts?division={COMPANY}", account)

    office.deliver(purchase(1), key=KEY, link_accounts="on")

    [found] = office.admin("GET", "/documents")
    [kept] = made if isinstance(made, list) else [made]
    assert found["account"] == kept["ID"]


def test_proposal_of_a_delivered_document_is_read_back(office: Office) -> None:
    office.admin("PATCH", "/switches", {"ubl_makes_proposal": True})
    receipt, _ = office.deliver(purchase(1), key=KEY)

    status = office.connector.status(office.context(), receipt)

    assert (status.state, status.code) == (RemoteState.RECEIVED, "proposal_open")


def test_lists_to_choose_from_are_the_sites_own(office: Office) -> None:
    types = dict(office.connector.choices(office.context(), "statement_type"))
    boxes = office.connector.choices(office.context(route="mailbox"), "mailbox")

    assert {"10", "20", "55"} <= set(types)
    assert len(boxes) == 1
