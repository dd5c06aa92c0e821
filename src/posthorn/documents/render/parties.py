"""Shows who sells, buys, is paid, and where it went."""

from __future__ import annotations

from collections.abc import Iterator

from posthorn.documents.invoice import Address, Delivery, Identifier, Invoice, Party
from posthorn.documents.render.figures import day
from posthorn.documents.render.tables import filled, row
from posthorn.documents.render.text import shown
from posthorn.documents.render.view import Block, Row, Value, has_content
from posthorn.documents.render.words import Words


def blocks_of_parties(invoice: Invoice, words: Words) -> tuple[Block, ...]:
    """Return seller and buyer, then whoever else is named."""
    roles = {
        "seller": invoice.seller,
        "buyer": invoice.buyer,
        "payee": invoice.payee,
        "tax_representative": invoice.tax_representative,
    }
    blocks = [_party(words.label(role), party, words) for role, party in roles.items() if party]
    if invoice.delivery:
        blocks.append(_delivery(invoice.delivery, words))
    return tuple(filter(has_content, blocks))


def _party(title: str, party: Party, words: Words) -> Block:
    trading = party.trading_name if party.trading_name != party.name else None
    lines = (party.name, trading, *_address(party.address, words))
    return Block(
        title=title,
        lines=tuple(Value(text=shown(line)) for line in lines if shown(line)),
        rows=filled((*_numbers(party, words), *_contact(party, words))),
        has_name=bool(shown(party.name)),
    )


def _address(address: Address | None, words: Words) -> Iterator[str | None]:
    if address is None:
        return
    yield from (address.line1, address.line2, address.line3)
    yield " ".join(filter(None, (address.post_code, address.city)))
    yield address.region
    country = words.meaning("country", address.country)
    yield f"{country} ({address.country})" if country else address.country


def _numbers(party: Party, words: Words) -> Iterator[Row]:
    yield row(words.label("vat_number"), party.vat_identifier)
    yield identifier_row(words.label("legal_identifier"), party.legal_identifier)
    yield row(words.label("tax_registration"), party.tax_registration)
    for each in party.identifiers:
        yield identifier_row(words.label("identifier"), each)
    yield identifier_row(words.label("endpoint"), party.endpoint)


def _contact(party: Party, words: Words) -> Iterator[Row]:
    if party.contact:
        yield row(words.label("contact"), party.contact.name)
        yield row(words.label("telephone"), party.contact.telephone)
        yield row(words.label("email"), party.contact.email)
    yield row("", party.legal_information)


def identifier_row(label: str, identifier: Identifier | None) -> Row:
    """Return a number with the code of the list it is of."""
    if identifier is None:
        return row(label, None)
    return row(label, identifier.value, identifier.scheme)


def _delivery(delivery: Delivery, words: Words) -> Block:
    lines = (delivery.name, *_address(delivery.address, words))
    return Block(
        title=words.label("delivery"),
        lines=tuple(Value(text=shown(line)) for line in lines if shown(line)),
        rows=filled(
            (
                row(words.label("delivery_date"), day(delivery.date, words)),
                identifier_row(words.label("identifier"), delivery.location),
            )
        ),
        has_name=bool(shown(delivery.name)),
    )
