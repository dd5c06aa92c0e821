from __future__ import annotations

from decimal import Decimal

from posthorn.documents.invoice import Attachment, Line, VatLine
from posthorn.documents.ubl import write
from tests.pure.documents.ubl.snippets import invoice

# What UBL.BE 1.31 asks for on top of EN 16931 (ubl-BE-01, 07 to 10, 14, 15).
BELGIAN = """
<a:AdditionalDocumentReference><b:ID>UBL.BE</b:ID>
<b:DocumentDescription>Books 9.1</b:DocumentDescription></a:AdditionalDocumentReference>
<a:AdditionalDocumentReference><b:ID>F-1</b:ID>
<b:DocumentDescription>CommercialInvoice</b:DocumentDescription>
<a:Attachment><b:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="F-1.pdf">JVBERi0=
</b:EmbeddedDocumentBinaryObject></a:Attachment></a:AdditionalDocumentReference>
<a:PaymentTerms><b:Note>2 % at once</b:Note>
<b:SettlementDiscountPercent>2</b:SettlementDiscountPercent></a:PaymentTerms>
<a:TaxTotal><b:TaxAmount>21</b:TaxAmount><a:TaxSubtotal><b:TaxableAmount>100</b:TaxableAmount>
<b:TaxAmount>21</b:TaxAmount><a:TaxCategory><b:ID>S</b:ID><b:Name>03</b:Name><b:Percent>21</b:Percent>
<a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:TaxCategory></a:TaxSubtotal></a:TaxTotal>
<a:InvoiceLine><b:ID>1</b:ID><a:TaxTotal><b:TaxAmount>21</b:TaxAmount></a:TaxTotal>
<a:Item><a:ClassifiedTaxCategory><b:ID>S</b:ID><b:Name>03</b:Name><b:Percent>21</b:Percent>
<a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:ClassifiedTaxCategory></a:Item></a:InvoiceLine>
"""


def test_belgian_extras_are_neither_in_the_way_nor_written_again() -> None:
    read = invoice(BELGIAN)
    vat = VatLine(taxable=Decimal(100), tax=Decimal(21), category="S", rate=Decimal(21))

    assert read.attachments == (
        Attachment(identifier="UBL.BE", description="Books 9.1"),
        Attachment(
            identifier="F-1",
            description="CommercialInvoice",
            is_embedded=True,
            content=b"%PDF-",
            media_type="application/pdf",
            file_name="F-1.pdf",
        ),
    )
    assert (read.payment_terms, read.vat) == ("2 % at once", (vat,))
    assert read.lines == (Line(number="1", vat_category="S", vat_rate=Decimal(21)),)
    assert write(read).count(b"TaxTotal>") == 2
    assert b">03<" not in write(read)
    assert b"Settlement" not in write(read)


def test_lines_inside_lines_and_foreign_extras_are_left_out() -> None:
    body = (
        "<a:InvoiceLine><b:ID>1</b:ID><a:SubInvoiceLine><b:ID>1.1</b:ID></a:SubInvoiceLine>"
        "<a:TaxTotal><b:TaxAmount>1</b:TaxAmount></a:TaxTotal><a:Price><a:AllowanceCharge>"
        "<b:ChargeIndicator>true</b:ChargeIndicator><b:Amount>5</b:Amount></a:AllowanceCharge>"
        "</a:Price></a:InvoiceLine><a:CreditNoteLine><b:ID>9</b:ID></a:CreditNoteLine>"
    )

    assert invoice(body).lines == (Line(number="1"),)


def test_payment_terms_keep_their_lines() -> None:
    terms = "#SKONTO#8#2.00#\n#SKONTO#14#1.00#\n"
    body = f"<a:PaymentTerms><b:Note>{terms}</b:Note></a:PaymentTerms>"

    assert invoice(body).payment_terms == terms.strip()
