"""Shows an invoice or credit note: what stands where, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.invoice import Attachment, Invoice, PrecedingInvoice
from posthorn.documents.render.figures import day, span
from posthorn.documents.render.lines import table_of_lines
from posthorn.documents.render.money import (
    key_of,
    rows_of_totals,
    table_of_allowances,
    table_of_vat,
)
from posthorn.documents.render.parties import blocks_of_parties, identifier_row
from posthorn.documents.render.tables import coded, filled, row
from posthorn.documents.render.text import shown, shown_lines
from posthorn.documents.render.view import Block, Kind, Row, Sheet, Value, View, has_content
from posthorn.documents.render.words import Words, words_in
from posthorn.documents.values import currency as known_currency


def view_of(invoice: Invoice, language: str) -> View:
    """Return what an invoice shows, its labels in nl, fr, en or de, its values as sent."""
    words = words_in(language)
    kind = Kind.CREDIT_NOTE if invoice.is_credit_note else Kind.INVOICE
    return View(
        kind=kind,
        language=words.language,
        origin=words.label("original_invoice"),
        sheets=(_sheet(invoice, words.label(kind), words),),
    )


def _sheet(invoice: Invoice, title: str, words: Words) -> Sheet:
    currency = known_currency(invoice.currency)
    return Sheet(
        title=title,
        number=shown(invoice.number),
        issuer=shown(invoice.seller.name) if invoice.seller else "",
        facts=filled(_facts(invoice, words)),
        parties=blocks_of_parties(invoice, words),
        key=key_of(invoice, words),
        lines=table_of_lines(invoice, currency, words),
        tables=tuple(
            found
            for found in (table_of_allowances(invoice, words), table_of_vat(invoice, words))
            if found
        ),
        totals=rows_of_totals(invoice, words),
        totals_title=" · ".join(filter(None, (words.label("totals"), currency))),
        blocks=tuple(filter(has_content, _blocks(invoice, words))),
    )


def _facts(invoice: Invoice, words: Words) -> Iterator[Row]:
    yield row(words.label("issue_date"), day(invoice.issue_date, words))
    yield row(words.label("due_date"), day(invoice.due_date, words))
    yield row(words.label("tax_point_date"), day(invoice.tax_point_date, words))
    yield Row(
        label=words.label("tax_point_code"),
        value=coded(words, "tax_point", invoice.tax_point_code),
    )
    if invoice.period:
        period = span(invoice.period.start, invoice.period.end, words)
        yield row(words.label("period"), period)
    yield row(words.label("buyer_reference"), invoice.references.buyer)
    yield row(words.label("purchase_order"), invoice.references.purchase_order)
    for each in invoice.preceding:
        yield row(words.label("preceding"), _preceding(each, words))


def _preceding(each: PrecedingInvoice, words: Words) -> str:
    return " · ".join(filter(None, (each.number, day(each.issue_date, words))))


def _blocks(invoice: Invoice, words: Words) -> Iterator[Block]:
    terms = shown_lines(invoice.payment_terms)
    notes = [Value(text=shown_lines(each.text), code=shown(each.subject)) for each in invoice.notes]
    yield Block(title=words.label("payment_terms"), lines=_kept(Value(text=terms)))
    yield Block(title=words.label("notes"), lines=_kept(*notes))
    yield Block(title=words.label("references"), rows=filled(_references(invoice, words)))
    attached = (_attachment(each, words) for each in invoice.attachments)
    yield Block(title=words.label("attachments"), rows=filled(attached))
    yield Block(title=words.label("document_about"), rows=filled(_about(invoice, words)))


def _kept(*values: Value) -> tuple[Value, ...]:
    return tuple(value for value in values if value.text)


def _references(invoice: Invoice, words: Words) -> Iterator[Row]:
    found = invoice.references
    yield row(words.label("project"), found.project)
    yield row(words.label("contract"), found.contract)
    yield row(words.label("sales_order"), found.sales_order)
    yield row(words.label("receiving_advice"), found.receiving_advice)
    yield row(words.label("despatch_advice"), found.despatch_advice)
    yield row(words.label("tender"), found.tender)
    yield identifier_row(words.label("invoiced_object"), found.invoiced_object)
    yield row(words.label("buyer_accounting"), found.buyer_accounting)


def _attachment(each: Attachment, words: Words) -> Row:
    size = "" if each.content is None else words.label("size", size=str(len(each.content)))
    parts = (each.description, each.file_name, each.media_type, size, each.url)
    return row(shown(each.identifier), " · ".join(filter(None, parts)) or "—")


def _about(invoice: Invoice, words: Words) -> Iterator[Row]:
    yield Row(label=words.label("type"), value=coded(words, "type", invoice.type_code))
    yield row(words.label("currency"), invoice.currency)
    yield row(words.label("process"), invoice.process)
    yield row(words.label("specification"), invoice.specification)
