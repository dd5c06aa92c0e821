from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.intake import take
from posthorn.archive.models import Document
from posthorn.archive.reading import read_document
from posthorn.tenancy.scope import acting
from tests.db.arriving import bakery, incoming, read_in, scripted
from tests.db.factories import ClientFactory, ClientNumberFactory
from tests.invoices import SELLER, invoice
from tests.threads import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.archive.examined import Examined
    from posthorn.archive.reader import Failed, Pool
    from posthorn.archive.wire import Refusal
    from tests.database import Database
    from tests.planners import RecordingPlanner


def test_a_hundred_arrivals_of_one_invoice_are_one_and_ninety_nine_duplicates(
    committed: Database, readers: Pool
) -> None:
    del committed
    firm, client = bakery()
    same = [incoming(invoice())] * 50
    other_bytes = [incoming(invoice(note=str(number))) for number in range(50)]
    ids = [take(firm, each).document_id for each in [*same, *other_bytes]]

    facts = readers.read(invoice())
    at_once([partial(read_all, firm, ids[start::10], facts) for start in range(10)])

    with acting(firm):
        rows = list(Document.objects.values_list("pk", "duplicate_of_id", "client_id", "problem"))
        originals = Document.objects.filter(duplicate_of__isnull=True)
        [original] = originals.values_list("pk", flat=True)
    assert len(rows) == 100
    assert {duplicate_of for _, duplicate_of, _, _ in rows} == {None, original}
    assert {(client_id, problem) for _, _, client_id, problem in rows} == {(client, "")}


def read_all(firm: UUID, ids: list[UUID], facts: Examined | Refusal | Failed) -> None:
    for document in ids:
        read_document(firm, document, readers=scripted(facts))


@pytest.mark.django_db
def test_a_duplicate_is_kept_flagged_and_not_released(
    readers: Pool, planner: RecordingPlanner
) -> None:
    firm, _ = bakery(approval="all_valid")

    first = read_in(firm, incoming(invoice()), readers)
    same_bytes = read_in(firm, incoming(invoice()), readers)
    same_invoice = read_in(firm, incoming(invoice(note="sent again")), readers)

    assert (same_bytes.duplicate_of_id, same_invoice.duplicate_of_id) == (first.pk, first.pk)
    assert (same_bytes.released_at, same_invoice.released_at) == (None, None)
    assert planner.planned == [[first.pk]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (invoice(number="F2"), ""),
        (invoice(seller="BE0404616494"), ""),
        (invoice(total="122.00"), "number_reused"),
    ],
    ids=["another number", "another seller", "another total"],
)
def test_what_differs_in_substance_is_no_duplicate(
    readers: Pool, other: bytes, problem: str
) -> None:
    firm, _ = bakery()
    read_in(firm, incoming(invoice()), readers)

    row = read_in(firm, incoming(other), readers)

    assert (row.duplicate_of_id, row.problem) == (None, problem)


@pytest.mark.django_db
def test_one_invoice_is_a_purchase_of_one_client_and_a_sale_of_another(readers: Pool) -> None:
    firm, _ = bakery()
    bought = read_in(firm, incoming(invoice()), readers)
    with acting(firm):
        owner = Document.objects.select_related("firm").get().firm
    seller = ClientFactory.create(firm=owner)
    ClientNumberFactory.create(firm=owner, client=seller, value=SELLER)

    sold = read_in(firm, incoming(invoice(), direction="sales"), readers)

    assert (sold.client_id, sold.duplicate_of_id) == (seller.pk, None)
    assert (bought.direction, sold.direction) == ("purchase", "sales")


@pytest.mark.django_db
def test_the_seller_is_the_same_however_its_number_is_written(readers: Pool) -> None:
    firm, _ = bakery()
    first = read_in(firm, incoming(invoice(seller="BE0203201340")), readers)
    again = read_in(firm, incoming(invoice(seller="BE 0203.201.340")), readers)
    assert again.duplicate_of_id == first.pk


@pytest.mark.django_db
def test_without_a_number_only_the_same_bytes_are_a_duplicate(readers: Pool) -> None:
    firm, client = bakery()
    said = partial(incoming, client=client, direction="purchase")
    first = read_in(firm, said(b"%PDF-1.7 a"), readers)
    other = read_in(firm, said(b"%PDF-1.7 b"), readers)
    again = read_in(firm, said(b"%PDF-1.7 a"), readers)
    assert (first.duplicate_key, other.duplicate_of_id) == ("", None)
    assert again.duplicate_of_id == first.pk


@pytest.mark.django_db
def test_the_same_bytes_unassigned_are_no_duplicates(readers: Pool) -> None:
    firm, _ = bakery(vat="BE0404616494")
    rows = [read_in(firm, incoming(invoice()), readers) for _ in range(2)]
    assert [(row.client_id, row.duplicate_of_id) for row in rows] == [(None, None)] * 2
