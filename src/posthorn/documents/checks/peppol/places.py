"""Where the rules of Peppol look: places in the document, and parties of certain countries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from posthorn.documents.checks.peppol.text import raw, tidy
from posthorn.documents.checks.selects import Find, Select
from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

SELLER: Final = ("cac:AccountingSupplierParty", "cac:Party")
BUYER: Final = ("cac:AccountingCustomerParty", "cac:Party")
COUNTRY: Final = ("cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")
_KEY: Final = "peppol countries"
_NOWHERE: Final = "??"


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """Of which countries the parties are; each national family has its own way to tell."""

    seller: str  # BT-40 in capitals, empty without
    buyer: str  # BT-55 in capitals
    representative: str  # BT-69 in capitals
    seller_as_sent: str  # BT-40; some rules take no small letters
    buyer_as_sent: str  # BT-55
    seller_tax: str  # of the seller's or the representative's VAT number, else of BT-40
    seller_own: str  # of the seller's VAT number, else of BT-40
    buyer_tax: str  # of the buyer's VAT number, else of BT-55


Holds: TypeAlias = Callable[[Countries], bool]
_gates: Final[list[Holds]] = []


def where_parties(holds: Holds, select: Find) -> Select:
    """Select only where the countries of the parties are the right ones, else nothing at once."""
    return Select(_gates_of, _gate_of(holds), narrow=lambda _, subject: select(subject))


def _gate_of(holds: Holds) -> str:
    """Return the key of a way to look at the countries."""
    if holds not in _gates:
        _gates.append(holds)
    return str(_gates.index(holds))


def _gates_of(subject: Subject) -> Mapping[str, tuple[()]]:
    """Return the keys of the ways to look at the countries that hold, once for each document."""
    known = subject.notes.get(_KEY)
    return _look(subject) if known is None else known  # type: ignore[return-value]  # _look's own


def _look(subject: Subject) -> Mapping[str, tuple[()]]:
    parties = _read(subject.root)
    found = {str(gate): () for gate, holds in enumerate(_gates) if holds(parties)}
    subject.notes[_KEY] = found
    return found


def are_german(parties: Countries) -> bool:
    """Tell whether seller and buyer have their address in Germany."""
    return parties.seller == "DE" == parties.buyer


_GERMAN: Final = _gate_of(are_german)


def is_german(subject: Subject) -> bool:
    """Tell whether a document is between parties in Germany."""
    return _GERMAN in _gates_of(subject)


def vat_numbers(party: Element) -> list[Element]:
    """Return the VAT numbers of a party (BT-31, BT-48, BT-63): those whose scheme is VAT."""
    return [
        number
        for tax in party.kids.get("cac:PartyTaxScheme", ())
        if _is_vat(tax)
        for number in tax.kids.get("cbc:CompanyID", ())
    ]


def _is_vat(tax: Element) -> bool:
    # Loops, as any() takes three times as long.
    for scheme in tax.kids.get("cac:TaxScheme", ()):
        for name in scheme.kids.get("cbc:ID", ()):
            if name.value == "VAT":
                return True
    return False


def _read(root: Element) -> Countries:
    seller, buyer = raw(root, *SELLER, *COUNTRY), raw(root, *BUYER, *COUNTRY)
    of_seller = _prefix(root, *SELLER)
    return Countries(
        seller=_code(seller),
        buyer=_code(buyer),
        representative=_code(raw(root, "cac:TaxRepresentativeParty", *COUNTRY)),
        seller_as_sent=seller,
        buyer_as_sent=buyer,
        seller_tax=_code(of_seller or _prefix(root, "cac:TaxRepresentativeParty") or seller),
        seller_own=_code(of_seller or seller),
        buyer_tax=_code(_prefix(root, *BUYER) or buyer),
    )


def _prefix(root: Element, *path: str) -> str:
    """Return the first two characters of the one VAT number of a party, as sent.

    Several are nobody's country: the official rules do not ask their national families then.
    """
    numbers = [
        raw(tax, "cbc:CompanyID")
        for party in root.each(*path)
        for tax in party.kids.get("cac:PartyTaxScheme", ())
        if _is_vat(tax)
    ]
    return numbers[0][:2] if len(numbers) == 1 else _NOWHERE if numbers else ""


def _code(country: str) -> str:
    return tidy(country).upper()
