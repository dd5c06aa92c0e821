"""Shows the lines of an invoice."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.invoice import AllowanceCharge, Invoice, Item, Line, Price
from posthorn.documents.render.figures import amount, percent, span
from posthorn.documents.render.parties import identifier_row
from posthorn.documents.render.tables import coded, filled, row, table
from posthorn.documents.render.text import shown
from posthorn.documents.render.view import Column, Entry, Row, Table, Value
from posthorn.documents.render.words import Words


def table_of_lines(invoice: Invoice, currency: str | None, words: Words) -> Table | None:
    """Return the lines with all that explains each; None when there are none."""
    if not invoice.lines:
        return None
    in_currency = f" ({currency})" if currency else ""
    columns = (
        Column(label=words.label("line")),
        Column(label=words.label("description")),
        Column(label=words.label("quantity"), is_number=True),
        Column(label=words.label("unit")),
        Column(label=words.label("price"), is_number=True),
        Column(label=words.label("vat"), is_number=True),
        Column(label=words.label("amount") + in_currency, is_number=True),
    )
    entries = [_entry(line, words) for line in invoice.lines]
    return table(words.label("lines"), columns, entries, words, wide=1)


def _entry(line: Line, words: Words) -> Entry:
    item = line.item or Item()
    price = line.price or Price()
    named = shown(item.name)
    return Entry(
        cells=(
            Value(text=shown(line.number)),
            Value(text=named or shown(item.description)),
            Value(text=amount(line.quantity, words)),
            coded(words, "unit", line.unit),
            Value(text=amount(price.net, words)),
            Value(text=percent(line.vat_rate, words), code=shown(line.vat_category)),
            Value(text=amount(line.amount, words)),
        ),
        details=filled(
            (
                row("", item.description if named else None),
                *_item(item, words),
                *_price(price, words),
                *_line(line, words),
            )
        ),
    )


def _item(item: Item, words: Words) -> Iterator[Row]:
    yield row(words.label("seller_identifier"), item.seller_identifier)
    yield row(words.label("buyer_identifier"), item.buyer_identifier)
    yield identifier_row(words.label("standard_identifier"), item.standard_identifier)
    for each in item.classifications:
        yield row(words.label("classification"), each.code, each.scheme)
    yield Row(label=words.label("origin"), value=coded(words, "country", item.origin_country))
    for attribute in item.attributes:
        yield row(shown(attribute.name), attribute.value)


def _price(price: Price, words: Words) -> Iterator[Row]:
    if price.base_quantity is not None:
        unit = coded(words, "unit", price.base_unit)
        per = f"{amount(price.base_quantity, words)} {unit.text}".strip()
        text = words.label("base_quantity", quantity=per)
        yield Row(label=words.label("price"), value=Value(text=text, code=unit.code))
    yield row(words.label("gross_price"), amount(price.gross, words))
    yield row(words.label("discount"), amount(price.discount, words))


def _line(line: Line, words: Words) -> Iterator[Row]:
    for each in (*line.allowances, *line.charges):
        yield allowance_row(each, words)
    if line.period:
        yield row(words.label("period"), span(line.period.start, line.period.end, words))
    yield row(words.label("order_line"), line.order_line)
    yield row(words.label("accounting_reference"), line.accounting_reference)
    yield identifier_row(words.label("object"), line.object_identifier)
    yield row(words.label("note"), line.note)


def reason(each: AllowanceCharge, words: Words) -> Value:
    """Return why there is an allowance or a charge, in the sender's words where there are any."""
    written = shown(each.reason)
    if written:
        return Value(text=written, code=shown(each.reason_code))
    return coded(words, "reason", each.reason_code)


def allowance_row(each: AllowanceCharge, words: Words) -> Row:
    """Return an allowance or a charge of a line in one row."""
    why = reason(each, words)
    name = words.label("charge" if each.is_charge else "allowance")
    how = _how(each, words)
    text = " · ".join(filter(None, (amount(each.amount, words), how, why.text)))
    return Row(label=name, value=Value(text=text, code=why.code if text else ""))


def _how(each: AllowanceCharge, words: Words) -> str:
    base = amount(each.base, words)
    based = f"{words.label('base')} {base}".lower() if base else ""
    return " ".join(filter(None, (percent(each.percentage, words), based)))
