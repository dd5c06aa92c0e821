"""Invoices and credit notes that keep every rule of EN 16931 and Peppol BIS Billing 3.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from posthorn.documents.invoice import (
    Attachment,
    Card,
    CreditTransfer,
    DirectDebit,
    Identifier,
    Invoice,
    Line,
    Note,
    PaymentMeans,
    PrecedingInvoice,
    References,
    Totals,
)
from tests.strategies.amounts import (
    OUTSIDE,
    REGIMES,
    WITHIN_EU,
    Treatment,
    allowances,
    lines,
    periods,
    totals,
    vat_of,
)
from tests.strategies.parties import buyers, deliveries, payees, sellers, tax_representatives
from tests.strategies.words import maybe, names, prose

_Value = TypeVar("_Value")

SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_TYPES = {False: ("380", "383", "386"), True: ("381", "396")}
_MEDIA = ("application/pdf", "image/png", "image/jpeg", "text/csv")


def _tuples(each: st.SearchStrategy[_Value], most: int) -> st.SearchStrategy[tuple[_Value, ...]]:
    return st.lists(each, max_size=most).map(tuple)


@st.composite
def _references(draw: DrawFn) -> References:
    order = draw(maybe(names))
    return References(
        buyer=draw(names),
        project=draw(maybe(names)),
        contract=draw(maybe(names)),
        purchase_order=order,
        sales_order=draw(maybe(names)) if order else None,
        receiving_advice=draw(maybe(names)),
        despatch_advice=draw(maybe(names)),
        tender=draw(maybe(names)),
        invoiced_object=draw(
            maybe(st.builds(Identifier, value=names, scheme=st.sampled_from((None, "ABT"))))
        ),
        buyer_accounting=draw(maybe(names)),
    )


notes = st.builds(Note, text=prose, subject=st.sampled_from((None, "AAI", "REG")))
_preceding = st.builds(PrecedingInvoice, number=names, issue_date=maybe(st.dates()))
_embedded = st.builds(
    Attachment,
    identifier=names,
    description=maybe(prose),
    is_embedded=st.just(value=True),
    content=st.binary(min_size=1, max_size=40),
    media_type=st.sampled_from(_MEDIA),
    file_name=names,
)
_linked = st.builds(
    Attachment, identifier=names, url=maybe(names.map("https://x.example/{}".format))
)
_transfers = st.builds(
    CreditTransfer, account=names, account_name=maybe(names), bic=maybe(st.just("GKCCBEBB"))
)
_cards = st.builds(Card, number=st.just("123456"), network=st.just("VISA"), holder=maybe(names))
# With a blank: UBL keeps a creditor with the payee, who must not have a seller's number (BR-17).
_creditors = names.map("Creditor {}".format)
_debits = st.builds(
    DirectDebit, mandate=names, creditor=maybe(_creditors), debited_account=maybe(names)
)


@st.composite
def _payment(draw: DrawFn) -> tuple[PaymentMeans, ...]:
    remittance = draw(st.one_of(st.none(), st.just("+++010/8068/17183+++"), names))
    kind = draw(st.sampled_from(("30", "58", "48", "59", "10")))
    accounts = draw(st.lists(_transfers, min_size=1, max_size=3)) if kind in {"30", "58"} else []
    first = PaymentMeans(
        code=kind,
        text=draw(maybe(names)),
        remittance=remittance,
        transfers=tuple(accounts[:1]),
        card=draw(_cards) if kind == "48" else None,
        direct_debit=draw(_debits) if kind == "59" else None,
    )
    # UBL repeats the group for each account; its text stands once (UBL-SR-46).
    others = (replace(first, text=None, transfers=(account,)) for account in accounts[1:])
    return (first, *others)


@st.composite
def _head(draw: DrawFn) -> Invoice:
    is_credit_note = draw(st.booleans())
    payment = draw(maybe(_payment())) or ()
    # A credit note has its due date with the payment; without due date there are terms (BR-CO-25).
    due = draw(st.dates()) if payment or not is_credit_note else None
    is_dated = draw(st.booleans())
    return Invoice(
        is_credit_note=is_credit_note,
        number=draw(names),
        issue_date=draw(st.dates()),
        type_code=draw(st.sampled_from(_TYPES[is_credit_note])),
        currency="EUR",
        tax_point_date=draw(maybe(st.dates())) if is_dated else None,
        tax_point_code=None if is_dated else draw(st.sampled_from((None, "3", "35", "432"))),
        due_date=due,
        references=draw(_references()),
        payment_terms=draw(prose) if due is None else draw(maybe(prose)),
        notes=draw(_tuples(notes, 1)),
        process=PROCESS,
        specification=SPECIFICATION,
        preceding=draw(_tuples(_preceding, 2)),
        period=draw(maybe(periods())),
        payment=payment,
        attachments=draw(_tuples(st.one_of(_embedded, _linked), 2)),
    )


@st.composite
def _parties(draw: DrawFn, invoice: Invoice, treatments: Sequence[Treatment]) -> Invoice:
    with_vat = OUTSIDE not in treatments
    delivery = deliveries if WITHIN_EU in treatments else maybe(deliveries)
    return replace(
        invoice,
        seller=draw(sellers(with_vat=with_vat)),
        buyer=draw(buyers(with_vat=with_vat)),
        payee=draw(maybe(payees)),
        tax_representative=draw(maybe(tax_representatives)) if with_vat else None,
        delivery=draw(delivery),
    )


@st.composite
def _lines(draw: DrawFn, invoice: Invoice, treatments: Sequence[Treatment]) -> tuple[Line, ...]:
    count = draw(st.integers(1, 4))
    made = [draw(lines(number, treatments)) for number in range(1, count + 1)]
    # Days of a line lie inside the invoice's period (PEPPOL-EN16931-R110, R111).
    return tuple(replace(line, period=None) if invoice.period else line for line in made)


@st.composite
def invoices(draw: DrawFn) -> Invoice:
    """Give an invoice or a credit note that is valid, and reads back equal from UBL."""
    treatments = draw(st.sampled_from(REGIMES))
    invoice = draw(_parties(draw(_head()), treatments))
    made = draw(_lines(invoice, treatments))
    used = {(line.vat_category, line.vat_rate) for line in made}
    there = [each for each in treatments if (each.category, each.rate) in used]
    treatment = draw(st.sampled_from(there))
    less = draw(_tuples(allowances(is_charge=False, treatment=treatment), 2))
    more = draw(_tuples(allowances(is_charge=True, treatment=treatment), 2))
    vat = vat_of(made, (*less, *more), treatments)
    sums = draw(totals(made, less, more, vat))
    tax_currency = draw(st.sampled_from((None, "SEK")))
    return replace(
        invoice,
        lines=made,
        allowances=less,
        charges=more,
        vat=vat,
        tax_currency=tax_currency,
        totals=_in_tax_currency(sums) if tax_currency else sums,
    )


def _in_tax_currency(sums: Totals) -> Totals:
    return replace(sums, vat_in_tax_currency=(sums.vat or Decimal(0)) * 11)
