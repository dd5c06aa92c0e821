"""Shows what an invoice adds up to, and how it is to be paid."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.invoice import (
    AllowanceCharge,
    CreditTransfer,
    Invoice,
    PaymentMeans,
    VatLine,
)
from posthorn.documents.render.figures import account, amount, communication, day, money, percent
from posthorn.documents.render.lines import reason
from posthorn.documents.render.tables import coded, filled, row, table, totals
from posthorn.documents.render.text import shown
from posthorn.documents.render.view import Block, Column, Entry, Key, Row, Table, Value, has_content
from posthorn.documents.render.words import Words


def table_of_vat(invoice: Invoice, words: Words) -> Table | None:
    """Return the VAT of each category and rate; None when there is none."""
    if not invoice.vat:
        return None
    columns = (
        Column(label=words.label("category")),
        Column(label=words.label("rate"), is_number=True),
        Column(label=words.label("taxable"), is_number=True),
        Column(label=words.label("tax"), is_number=True),
    )
    entries = [_vat(each, words) for each in invoice.vat]
    return table(words.label("vat_breakdown"), columns, entries, words, wide=0)


def _vat(each: VatLine, words: Words) -> Entry:
    return Entry(
        cells=(
            coded(words, "vat_category", each.category),
            Value(text=percent(each.rate, words)),
            Value(text=amount(each.taxable, words)),
            Value(text=amount(each.tax, words)),
        ),
        details=filled(
            (
                row(words.label("exemption"), each.exemption_reason, each.exemption_code)
                if each.exemption_reason
                else row(words.label("exemption"), each.exemption_code),
            )
        ),
    )


def table_of_allowances(invoice: Invoice, words: Words) -> Table | None:
    """Return allowances and charges of the whole document; None when there are none."""
    every = (*invoice.allowances, *invoice.charges)
    if not every:
        return None
    columns = (
        Column(label=words.label("reason")),
        Column(label=words.label("percentage"), is_number=True),
        Column(label=words.label("base"), is_number=True),
        Column(label=words.label("vat"), is_number=True),
        Column(label=words.label("amount"), is_number=True),
    )
    entries = [_allowance(each, words) for each in every]
    return table(words.label("allowances_charges"), columns, entries, words, wide=0)


def _allowance(each: AllowanceCharge, words: Words) -> Entry:
    why = reason(each, words)
    name = words.label("charge" if each.is_charge else "allowance")
    return Entry(
        cells=(
            Value(text=": ".join(filter(None, (name, why.text))), code=why.code),
            Value(text=percent(each.percentage, words)),
            Value(text=amount(each.base, words)),
            Value(text=percent(each.vat_rate, words), code=shown(each.vat_category)),
            Value(text=amount(each.amount, words)),
        )
    )


def rows_of_totals(invoice: Invoice, words: Words) -> tuple[Row, ...]:
    """Return the totals down to the amount to pay."""
    found = invoice.totals
    in_currency = words.label("vat_in_currency", currency=shown(invoice.tax_currency))
    named = (
        (words.label("total_lines"), found.lines),
        (words.label("allowances"), found.allowances),
        (words.label("charges"), found.charges),
        (words.label("without_vat"), found.without_vat),
        (words.label("vat"), found.vat),
        (words.label("with_vat"), found.with_vat),
        (words.label("paid"), found.paid),
        (words.label("rounding"), found.rounding),
        (_payable(invoice, words), found.payable),
        (in_currency, found.vat_in_tax_currency),
    )
    strong = {words.label("with_vat"), _payable(invoice, words)}
    return totals(
        (
            Row(label=label, value=Value(text=amount(number, words)), is_strong=label in strong)
            for label, number in named
        ),
        words,
    )


def _payable(invoice: Invoice, words: Words) -> str:
    return words.label("to_credit" if invoice.is_credit_note else "payable")


def key_of(invoice: Invoice, words: Words) -> Key | None:
    """Return the amount to pay with how and when to pay it; None when nothing is said of it."""
    due = day(invoice.due_date, words)
    key = Key(
        label=_payable(invoice, words),
        value=Value(text=money(invoice.totals.payable, shown(invoice.currency), words)),
        note=words.label("due_by", date=due) if due else "",
        blocks=tuple(filter(has_content, (_means(each, words) for each in invoice.payment))),
    )
    return key if key.value.text or key.note or key.blocks else None


def _means(means: PaymentMeans, words: Words) -> Block:
    how = coded(words, "payment", means.code)
    said = shown(means.text)
    differs = said.casefold() != how.text.casefold()
    return Block(
        title=words.label("payment"),
        rows=filled(
            (
                Row(label=words.label("payment_means"), value=how),
                row(
                    words.label("note" if how.text else "payment_means"), said if differs else None
                ),
                *_transfers(means.transfers, words),
                *_others(means, words),
                row(words.label("communication"), communication(shown(means.remittance))),
            )
        ),
    )


def _transfers(transfers: tuple[CreditTransfer, ...], words: Words) -> Iterator[Row]:
    for each in transfers:
        yield row(words.label("account"), account(shown(each.account)))
        yield row(words.label("account_name"), each.account_name)
        yield row(words.label("bic"), each.bic)


def _others(means: PaymentMeans, words: Words) -> Iterator[Row]:
    if means.card:
        yield row(words.label("card"), means.card.number, means.card.network)
        yield row(words.label("card_holder"), means.card.holder)
    if means.direct_debit:
        yield row(words.label("mandate_reference"), means.direct_debit.mandate)
        yield row(words.label("creditor_identifier"), means.direct_debit.creditor)
        debited = account(shown(means.direct_debit.debited_account))
        yield row(words.label("debited_account"), debited)
