from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from django.conf import settings

from posthorn.archive.assign import assign
from posthorn.archive.directions import Direction
from posthorn.archive.examined import bounded
from posthorn.archive.findings import grouped
from posthorn.archive.intake import take
from posthorn.archive.lifecycle import send, send_anyway
from posthorn.archive.models import Document
from posthorn.archive.reader import Failed, Failure
from posthorn.archive.reading import read_again, read_document
from posthorn.archive.rules import Refused
from posthorn.documents import Category, Examination, Facts, Format, Statement
from posthorn.documents.findings import Finding, Severity, Verdict
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
ACTOR = "an@kantoor.example"
SAMPLES = Path(__file__).parent.parent / "samples" / "statements"


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


def wrong_statement() -> bytes:
    """Give one account's CODA statement whose new balance is not what its movements make."""
    whole = (SAMPLES / "two-accounts.cod").read_bytes()
    return whole[:1430].replace(b"000000000060500", b"000000000060600", 1)


def test_a_statement_that_contradicts_itself_waits_until_somebody_sends_it(
    readers: Pool, planner: RecordingPlanner
) -> None:
    client = ClientFactory.create()
    firm = client.firm_id
    ClientNumberFactory.create(firm=client.firm, client=client, scheme="iban", value=IBAN)

    row = read_in(firm, incoming(wrong_statement()), readers)

    assert (row.client_id, row.verdict, row.released_at) == (client.pk, "invalid", None)
    assert row.problem == "balance.mismatch"
    assert row.problem_detail == (
        "The movements of the statement of BE68539007547034 do not lead from its old balance to"
        " its new one: 100.000 and -160.500 make -60.500, the bank says -60.600."
        " Download it again from the bank."
    )
    with acting(firm):
        assert send(firm, [row.pk], actor=ACTOR).refused == {row.pk: Refused.CHECK_FAILED}
        assert send_anyway(firm, row.pk, actor=ACTOR).released == (row.pk,)
        entry = AuditEntry.objects.get(action="document.released")
    assert (entry.actor, entry.detail["basis"]) == (ACTOR, "sent_anyway")
    assert planner.planned == [[row.pk]]


def test_a_wrong_statement_of_nobody_waits_also_once_its_client_is_known(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, client = bakery()
    row = read_in(firm, incoming(wrong_statement()), readers)
    assert (row.client_id, row.problem) == (None, "unknown_client")
    given = read_in(firm, incoming(wrong_statement(), client=client), readers)

    with acting(firm):
        assign(firm, row.pk, client, Direction.NONE, actor=ACTOR)
        assigned = Document.objects.get(pk=row.pk)

    assert (assigned.client_id, assigned.problem) == (client, "balance.mismatch")
    assert (given.client_id, given.problem) == (client, "balance.mismatch")
    assert planner.planned == []


def test_what_the_check_found_is_kept_fatal_first_and_counted() -> None:
    firm, client = bakery()
    warning = Finding(id="W-1", severity=Severity.WARNING, xpath="/Invoice", line=3)
    fatal = [Finding(id="F-1", line=at, values={"found": "x" * 900}) for at in range(1, 31)]
    examination = Examination(
        facts=Facts(format=Format.XML), verdict=Verdict.INVALID, findings=(warning, *fatal)
    )

    row = read_in(firm, incoming(b"x", client=client), scripted(bounded(examination)))

    first = {"id": "F-1", "severity": "fatal", "xpath": "", "values": {"found": "x" * 200}}
    assert (row.verdict, len(row.findings)) == ("invalid", 11)
    assert row.findings[0] == {**first, "line": 1, "count": 30}
    assert row.findings[9] == {**first, "line": 10}
    second = {"id": "W-1", "severity": "warning", "xpath": "/Invoice", "line": 3, "values": {}}
    assert row.findings[10] == second
    shown = grouped(row, "en")
    assert [(one.id, one.found, one.more, len(one.places)) for one in shown.groups] == [
        ("F-1", 30, 25, 5),
        ("W-1", 1, 0, 1),
    ]
