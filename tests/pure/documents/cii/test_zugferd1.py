from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from posthorn.documents import cii, xml
from posthorn.documents.invoice import AllowanceCharge, Item, Line, Price, Totals, VatLine

SAMPLE = Path(__file__).parents[3] / "samples" / "cii" / "zugferd-1.xml"
READ = cii.read_invoice(xml.parse(SAMPLE.read_bytes()).root)


def test_header_is_read() -> None:
    assert (READ.number, READ.issue_date, READ.due_date, READ.type_code, READ.currency) == (
        "2014-77",
        date(2014, 3, 11),
        date(2014, 4, 10),
        "380",
        "EUR",
    )
    assert (READ.references.buyer, READ.references.purchase_order) == ("Einkauf", "B-12")
    assert [note.text for note in READ.notes] == ["Danke für Ihren Auftrag"]


def test_totals_and_vat_are_read() -> None:
    assert READ.totals == Totals(
        lines=Decimal(100),
        allowances=Decimal(0),
        charges=Decimal(10),
        without_vat=Decimal(110),
        vat=Decimal(22),
        with_vat=Decimal(132),
        payable=Decimal(132),
    )
    assert READ.vat == (
        VatLine(taxable=Decimal(110), tax=Decimal(22), category="S", rate=Decimal(20)),
    )


def test_freight_is_a_charge() -> None:
    assert READ.charges == (
        AllowanceCharge(
            is_charge=True,
            amount=Decimal(10),
            vat_category="S",
            vat_rate=Decimal(20),
            reason="Fracht",
        ),
    )


def test_lines_are_read_and_text_is_a_line() -> None:
    assert READ.lines == (
        Line(note="Lieferung frei Haus"),
        Line(
            quantity=Decimal(2),
            unit="C62",
            amount=Decimal(100),
            price=Price(net=Decimal(50), gross=Decimal(50)),
            vat_category="S",
            vat_rate=Decimal(20),
            item=Item(name="Brett, Eiche", seller_identifier="BR-2"),
        ),
    )
