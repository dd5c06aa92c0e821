from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

import pytest
from django.conf import settings

from posthorn.archive.intake import take
from posthorn.archive.models import Document
from posthorn.archive.reader import Failed, Failure
from posthorn.archive.reading import read_again, read_document
from posthorn.documents import Category, Facts, Format, Statement
from posthorn.tenancy.models import AuditEntry, Firm
from posthorn.tenancy.scope import acting
from tests.db.arriving import bakery, incoming, read_in, scripted
from tests.db.factories import ClientFactory, ClientNumberFactory, FirmFactory
from tests.invoices import BUYER, SELLER, STRANGER, invoice

if TYPE_CHECKING:
    from posthorn.archive.reader import Pool
    from tests.db.arriving import ScriptedReader
    from tests.planners import RecordingPlanner

IBAN = "BE68539007547034"


pytestmark = pytest.mark.django_db


def test_an_invoices_facts_are_kept_and_its_client_found(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, client = bakery()

    row = read_in(firm, incoming(invoice(number=" F 1 ")), readers)

    assert (row.reading, row.format, row.category, row.media_type) == (
        "read",
        "ubl_invoice",
        "invoice",
        "application/xml",
    )
    assert (row.number, row.type_code, str(row.issue_date)) == ("F 1", "380", "2026-10-01")
    assert (row.currency, row.total, row.problem) == ("EUR", Decimal(121), "")
    assert (row.seller_name, row.seller_number) == ("Drukkerij Maes", SELLER)
    assert (row.buyer_name, row.buyer_number) == ("Bakkerij Janssens", BUYER)
    assert (row.client_id, row.assigned_basis) == (client, "buyer_number")
    assert (row.direction, row.direction_basis) == ("purchase", "buyer_number")
    assert (row.released_at, planner.planned) == (None, [])


def test_reading_twice_changes_nothing(readers: Pool) -> None:
    firm, _ = bakery()
    row = read_in(firm, incoming(invoice()), readers)

    read_document(firm, row.pk, readers=scripted(Failed(failure=Failure.CRASHED)))

    with acting(firm):
        again = Document.objects.get(pk=row.pk)
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert (again.read_tries, again.reading) == (0, "read")
    assert actions == ["document.arrived", "document.read"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"<Invoice>", "xml.malformed"), (b"<a xmlns:x='y'><x:include/></a", "xml.malformed")],
)
def test_an_unreadable_file_is_kept_and_says_why(readers: Pool, data: bytes, problem: str) -> None:
    firm = FirmFactory.create().pk

    row = read_in(firm, incoming(data), readers)

    assert (row.reading, row.problem, row.read_tries) == ("unreadable", problem, 0)
    assert "ask the sender" in row.problem_detail


def test_a_document_that_kills_its_reader_is_quarantined_after_three_tries() -> None:
    firm = FirmFactory.create().pk
    pool = scripted(Failed(failure=Failure.CRASHED))

    row = read_in(firm, incoming(b"bomb"), pool)

    assert (row.reading, row.read_tries, row.problem) == ("quarantined", 3, "reader_crashed")
    assert cast("ScriptedReader", pool).asked == [4, 4, 4]


def test_a_passing_failure_is_forgotten_once_it_was_read() -> None:
    firm, client = bakery()
    facts = Facts(format=Format.XML)

    row = read_in(
        firm, incoming(b"slow", client=client), scripted(Failed(failure=Failure.TIMED_OUT), facts)
    )

    assert (row.reading, row.read_tries, row.problem) == ("read", 1, "no_direction")


def test_a_quarantined_document_can_be_read_again(readers: Pool) -> None:
    firm, client = bakery()
    row = read_in(firm, incoming(invoice()), scripted(Failed(failure=Failure.OUT_OF_MEMORY)))

    with acting(firm):
        read_again(firm, row.pk, actor="an@kantoor.example")
    read_document(firm, row.pk, readers=readers)

    with acting(firm):
        again = Document.objects.get(pk=row.pk)
    assert (again.reading, again.read_tries, again.client_id, again.problem) == (
        "read",
        0,
        client,
        "",
    )


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [("unlink", "file_missing"), ("write", "file_damaged")],
)
def test_a_lost_or_damaged_file_is_said_and_not_read(
    readers: Pool, spoil: str, problem: str
) -> None:
    firm = FirmFactory.create().pk
    document = take(firm, incoming(invoice())).document_id
    with acting(firm):
        sha256 = Document.objects.get(pk=document).sha256
    place = settings.POSTHORN.data / "files" / str(firm) / sha256[:2] / sha256
    place.unlink()
    if spoil == "write":
        place.write_bytes(b"other")

    read_document(firm, document, readers=readers)

    with acting(firm):
        row = Document.objects.get(pk=document)
    assert (row.reading, row.problem) == ("unreadable", problem)


def test_another_receiver_than_the_given_client_is_flagged_and_not_released(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, client = bakery(approval="all_valid")

    row = read_in(
        firm, incoming(invoice(buyer=STRANGER), client=client, direction="purchase"), readers
    )

    assert (row.client_id, row.problem, row.released_at) == (client, "wrong_client", None)
    assert planner.planned == []


def test_a_document_of_nobody_waits_unassigned(readers: Pool) -> None:
    firm, _ = bakery()
    row = read_in(firm, incoming(invoice(buyer=STRANGER)), readers)
    assert (row.client_id, row.problem, row.direction) == (None, "unknown_client", "")


def test_an_invoice_between_two_clients_waits_for_a_direction(readers: Pool) -> None:
    firm, client = bakery()
    with acting(firm):
        seller = ClientFactory.create(firm=Firm.objects.get())
    ClientNumberFactory.create(firm=seller.firm, client=seller, value=SELLER)

    row = read_in(firm, incoming(invoice()), readers)
    sold = read_in(firm, incoming(invoice(number="F2"), direction="sales"), readers)

    assert (row.client_id, row.problem) == (None, "both_sides")
    assert (sold.client_id, sold.direction, sold.problem) == (seller.pk, "sales", "")
    assert seller.pk != client


@pytest.mark.parametrize(
    ("total", "kept"),
    [
        ("1000000000.00", Decimal(1000000000)),
        ("-0.00", Decimal(0)),
        ("1.23456789012345678901234567890123456789", Decimal("1.234568")),
        ("9" * 30, None),
    ],
)
def test_an_amount_nobody_writes_breaks_nothing(
    readers: Pool, total: str, kept: Decimal | None
) -> None:
    firm, _ = bakery()
    row = read_in(firm, incoming(invoice(total=total)), readers)
    assert (row.reading, row.total) == ("read", kept)


def test_names_are_kept_on_one_line_and_as_long_as_they_fit() -> None:
    firm = FirmFactory.create().pk
    facts = Facts(format=Format.XML, number="A\n\x00\u202eB" + "9" * 500)
    row = read_in(firm, incoming(b"x"), scripted(facts))
    assert row.number == "AB" + "9" * 198


def test_a_statement_finds_its_client_by_the_account_and_goes_at_once(
    planner: RecordingPlanner,
) -> None:
    client = ClientFactory.create()
    ClientNumberFactory.create(firm=client.firm, client=client, scheme="iban", value=IBAN)
    facts = Facts(
        format=Format.CODA,
        category=Category.STATEMENT,
        accounts=(IBAN,),
        statement_number="012",
        statements=(Statement(account=IBAN, closing_balance=Decimal("12.5")),),
    )

    row = read_in(client.firm_id, incoming(b"0000"), scripted(facts))

    assert (row.client_id, row.assigned_basis, row.direction) == (client.pk, "account_number", "")
    assert (row.number, row.account, row.total) == ("012", IBAN, Decimal("12.5"))
    assert (row.release_basis, planner.planned) == ("on_arrival", [[row.pk]])
