"""What a test mail carries is valid, and says everywhere that it is a test."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents import Category, Format, Verdict, examine, read
from posthorn.documents.specimen import Specimen, specimen_invoice, specimen_statement

DAY = date(2026, 11, 21)


def specimen(*, is_credit_note: bool = False, name: str = "Kantoor Gent") -> Specimen:
    return Specimen(
        number="TEST-0a1b2c3d",
        date=DAY,
        seller=name,
        buyer="Bakkerij Janssens",
        is_credit_note=is_credit_note,
    )


@pytest.mark.parametrize("is_credit_note", [False, True])
@pytest.mark.parametrize("name", ["Kantoor Gent", "Été & Zoon <sa>", "x" * 200])
def test_a_specimen_is_valid_peppol_and_costs_a_cent(*, is_credit_note: bool, name: str) -> None:
    written = specimen_invoice(specimen(is_credit_note=is_credit_note, name=name))

    found = examine(written)
    facts = read(written)

    assert found.findings == ()
    assert found.verdict is Verdict.VALID
    assert facts.category is (Category.CREDIT_NOTE if is_credit_note else Category.INVOICE)
    assert (facts.number, facts.total, facts.currency) == ("TEST-0a1b2c3d", Decimal("0.01"), "EUR")
    assert facts.seller is not None
    assert facts.buyer is not None
    assert (facts.seller.name, facts.seller.vat_number) == (f"TEST {name}", None)
    assert (facts.buyer.name, facts.buyer.endpoint) == ("TEST Bakkerij Janssens", "9520000000028")


def test_the_same_wish_gives_the_same_bytes() -> None:
    assert specimen_invoice(specimen()) == specimen_invoice(specimen())


def test_a_statement_without_a_movement_is_whole_and_nobodys() -> None:
    written = specimen_statement(DAY)

    facts = read(written)

    assert [len(line) for line in written.split(b"\r\n")] == [128, 128, 128, 128, 0]
    assert facts.format is Format.CODA
    assert facts.accounts == ("BE68539007547034",)
    (statement,) = facts.statements
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(0), Decimal(0))
    assert facts.holder is not None
    assert facts.holder.name == "TEST"
    assert examine(written).findings == ()
