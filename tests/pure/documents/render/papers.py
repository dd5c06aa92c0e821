"""Builds the invoices and statements that the tests of rendering show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from posthorn.documents.invoice import (
    Address,
    AllowanceCharge,
    Attachment,
    Attribute,
    Card,
    Classification,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    References,
    Totals,
    VatLine,
)
from posthorn.documents.model import Format
from posthorn.documents.model import Party as Holder
from posthorn.documents.render import Original
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Communication,
    CommunicationKind,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
    StatementFile,
)

MADE = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
XML = Original(data="<Invoice>é</Invoice>\r\n".encode(), name="2026-0042.xml")

SELLER = Party(
    name="Schrijnwerkerij De Backer bv",
    trading_name="De Backer Interieur",
    identifiers=(Identifier(value="5412345000013", scheme="0088"),),
    legal_identifier=Identifier(value="0417710407", scheme="0208"),
    vat_identifier="BE0417710407",
    tax_registration="Vrij",
    legal_information="RPR Gent",
    endpoint=Identifier(value="0417710407", scheme="0208"),
    address=Address(
        line1="Nijverheidslaan 14", line2="bus 2", city="Deinze", post_code="9800", country="BE"
    ),
    contact=Contact(
        name="Els De Backer", telephone="+32 9 000 00 00", email="els@debacker.example"
    ),
)
BUYER = Party(
    name="Bakkerij Van Hove nv",
    vat_identifier="BE0403019261",
    address=Address(line3="Achterbouw", region="Oost-Vlaanderen", country="XK"),
)
TRANSFER = PaymentMeans(
    code="58",
    text="sepa-overschrijving",
    remittance="+++090/9337/55493+++",
    transfers=(
        CreditTransfer(account="BE68539007547034", account_name="De Backer bv", bic="KREDBEBB"),
    ),
)
WORK = Line(
    number="1",
    note="Per uur",
    object_identifier=Identifier(value="METER-1", scheme="AWV"),
    quantity=Decimal("2.5"),
    unit="HUR",
    amount=Decimal("162.50"),
    order_line="7",
    accounting_reference="6130",
    period=Period(start=date(2025, 12, 1)),
    allowances=(
        AllowanceCharge(
            is_charge=False,
            amount=Decimal("5.00"),
            base=Decimal("100.00"),
            percentage=Decimal(5),
            reason="Trouw",
            reason_code="95",
        ),
    ),
    charges=(AllowanceCharge(is_charge=True, amount=Decimal("2.00"), reason_code="FC"),),
    price=Price(
        net=Decimal("65.00"),
        discount=Decimal("5.00"),
        gross=Decimal("70.00"),
        base_quantity=Decimal(1),
        base_unit="HUR",
    ),
    vat_category="S",
    vat_rate=Decimal(21),
    item=Item(
        name="Plaatsing werkblad",
        description="Ter plaatse",
        seller_identifier="PL-1",
        buyer_identifier="K-9",
        standard_identifier=Identifier(value="5412345000013", scheme="0160"),
        classifications=(Classification(code="72150000", scheme="STI"),),
        origin_country="BE",
        attributes=(Attribute(name="Ploeg", value="twee"),),
    ),
)
BOARD = Line(
    number="2",
    quantity=Decimal(12),
    unit="XYZ",
    amount=Decimal("2340.00"),
    vat_category="S",
    vat_rate=Decimal("6.50"),
    price=Price(net=Decimal("1798.9333")),
    item=Item(description="Eiken werkblad"),
)
INVOICE = Invoice(
    number="2026-0042",
    issue_date=date(2026, 1, 5),
    due_date=date(2026, 2, 1),
    type_code="380",
    currency="EUR",
    tax_currency="USD",
    tax_point_date=date(2025, 12, 31),
    tax_point_code="35",
    references=References(
        buyer="Aankoop",
        project="Gent-Zuid",
        contract="RK-7",
        purchase_order="PO-1",
        sales_order="SO-1",
        receiving_advice="RA-1",
        despatch_advice="DA-1",
        tender="T-1",
        invoiced_object=Identifier(value="EAN-1", scheme="ABT"),
        buyer_accounting="7000",
    ),
    payment_terms="30 dagen.\n\n2 % korting binnen 8 dagen.",
    notes=(Note(text="Dank u.", subject="AAI"), Note(text=" ")),
    process="urn:process",
    specification="urn:specification",
    preceding=(PrecedingInvoice(number="2025-0900", issue_date=date(2025, 11, 30)),),
    seller=SELLER,
    buyer=BUYER,
    payee=Party(name="Factor nv"),
    tax_representative=Party(vat_identifier="BE0403019261"),
    delivery=Delivery(
        name="Werf",
        location=Identifier(value="L-1"),
        date=date(2025, 12, 29),
        address=Address(city="Gent"),
    ),
    period=Period(start=date(2025, 12, 1), end=date(2025, 12, 31)),
    payment=(
        TRANSFER,
        PaymentMeans(
            code="59",
            text="Inning",
            card=Card(number="****1234", network="VISA", holder="E. Peeters"),
            direct_debit=DirectDebit(mandate="M-1", creditor="BE00ZZZ", debited_account="123-456"),
        ),
    ),
    allowances=(
        AllowanceCharge(
            is_charge=False,
            amount=Decimal("125.00"),
            base=Decimal("2500.00"),
            percentage=Decimal(5),
            vat_category="S",
            vat_rate=Decimal(21),
            reason="Trouwe klant",
        ),
    ),
    charges=(AllowanceCharge(is_charge=True, amount=Decimal(45), reason_code="ABC"),),
    totals=Totals(
        lines=Decimal("2502.50"),
        allowances=Decimal("125.00"),
        charges=Decimal(45),
        without_vat=Decimal("2422.50"),
        vat=Decimal("508.73"),
        vat_in_tax_currency=Decimal("551.10"),
        with_vat=Decimal("2931.23"),
        paid=Decimal("500.00"),
        rounding=Decimal("-0.03"),
        payable=Decimal("2431.20"),
    ),
    vat=(
        VatLine(taxable=Decimal("2420.00"), tax=Decimal("508.20"), category="S", rate=Decimal(21)),
        VatLine(taxable=Decimal("8.15"), tax=Decimal("0.53"), category="S", rate=Decimal("6.50")),
        VatLine(
            taxable=Decimal("5.40"),
            tax=Decimal("0.00"),
            category="E",
            exemption_reason="Art. 44",
            exemption_code="VATEX-EU-132",
        ),
        VatLine(taxable=Decimal("1.00"), category="QQ", exemption_code="VATEX-EU-AE"),
    ),
    attachments=(
        Attachment(
            identifier="2026-0042",
            description="CommercialInvoice",
            content=b"12345",
            media_type="application/pdf",
            file_name="f.pdf",
        ),
        Attachment(identifier="plan", url="http://169.254.169.254/plan.pdf"),
        Attachment(identifier="leeg"),
    ),
    lines=(WORK, BOARD),
)
CREDIT_NOTE = replace(INVOICE, is_credit_note=True, number="C-1", type_code="381")

PAID = Movement(
    amount=Decimal("1250.000"),
    currency="EUR",
    entry_date=date(2026, 1, 3),
    value_date=date(2026, 1, 4),
    counterparty=Counterparty(name="Bakkerij Van Hove", account="BE68539007547034", bic="KREDBEBB"),
    communications=(Communication(kind=CommunicationKind.BELGIAN, text="090933755493"),),
    information=("SEPA",),
    references=(Reference(kind=ReferenceKind.END_TO_END, text="E2E-1"),),
    code="00150000",
    charges=Decimal("0.250"),
)
TAKEN = Movement(
    amount=Decimal("-50.000"),
    currency="USD",
    entry_date=date(2026, 1, 3),
    value_date=date(2026, 1, 3),
    communications=(Communication(text="Kosten"),),
    is_booked=False,
    details=(Movement(amount=Decimal("-20.000"), information=("deel",)),),
)
STATEMENT = AccountStatement(
    account=Account(
        number="BE68539007547034",
        currency="EUR",
        bic="KREDBEBB",
        holder=Holder(
            name="De Backer bv", vat_number="BE0417710407", enterprise_number="0417710407"
        ),
        description="Zichtrekening",
    ),
    number="7",
    page="1",
    created=date(2026, 1, 4),
    is_copy=True,
    period_end=date(2026, 1, 3),
    opening_balance=Decimal("100.000"),
    opening_date=date(2026, 1, 1),
    closing_balance=Decimal("1350.000"),
    closing_date=date(2026, 1, 3),
    movements=(PAID, TAKEN),
    messages=("Nieuwe tarieven",),
)
FILE = StatementFile(format=Format.CODA, statements=(STATEMENT,))
QUIET = StatementFile(format=Format.MT940, statements=(AccountStatement(),))


def long(lines: int) -> Invoice:
    """Return the invoice with as many lines."""
    return replace(
        INVOICE, lines=tuple(replace(BOARD, number=str(place + 1)) for place in range(lines))
    )
