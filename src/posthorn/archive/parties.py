"""Turns the parties a document names into numbers that clients can be found by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.archive.examined import MAX_PARTS
from posthorn.tenancy.errors import BadNumberError
from posthorn.tenancy.numbers import Number, NumberScheme, endpoint, equivalents, iban, normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from posthorn.documents import Facts, Party

_SELLER, _BUYER, _HOLDER, _ACCOUNTS = "seller", "buyer", "holder", "accounts"
_IN_ENDPOINTS = frozenset({"0190"})  # ISO/IEC 6523: Dutch government, no number of a register


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Under which numbers a document names each of its parties, best known first."""

    seller: tuple[Number, ...] = ()
    buyer: tuple[Number, ...] = ()
    holder: tuple[Number, ...] = ()
    accounts: tuple[Number, ...] = ()

    def all(self) -> frozenset[Number]:
        """Give every number in every way it may be written."""
        each = (*self.seller, *self.buyer, *self.holder, *self.accounts)
        return frozenset().union(*(equivalents(number) for number in each))


def identities_of(facts: Facts, accounts: Sequence[str] = ()) -> Identities:
    """Give the numbers of a document's parties.

    `accounts` are those of its statements where they are known: "" for one that names none.
    """
    named = accounts or facts.accounts
    return Identities(
        seller=_numbers(facts.seller),
        buyer=_numbers(facts.buyer),
        holder=_numbers(facts.holder),
        accounts=tuple(iban(account) for account in named[: MAX_PARTS + 1]),
    )


def _numbers(party: Party | None) -> tuple[Number, ...]:
    if party is None:
        return ()
    found = []
    if party.vat_number:
        found.append(_written(NumberScheme.VAT, party.vat_number, party.country))
    if party.enterprise_number:
        found.append(_register(party))
    if party.endpoint:
        address = f"{party.endpoint_scheme or ''}:{party.endpoint}"
        found.append(_written(NumberScheme.ENDPOINT, address, party.country))
    return tuple(dict.fromkeys(found))


def _register(party: Party) -> Number:
    number = party.enterprise_number or ""
    if party.enterprise_scheme in _IN_ENDPOINTS:
        return endpoint(f"{party.enterprise_scheme}:{number}")
    return _written(NumberScheme.ENTERPRISE, number, _COUNTRIES.get(party.enterprise_scheme or ""))


# ISO/IEC 6523: the Belgian enterprise register, the Dutch trade register.
_COUNTRIES = {"0208": "BE", "0106": "NL"}


def _written(scheme: NumberScheme, text: str, country: str | None) -> Number:
    """Write a number in its one way; one whose digits are wrong stays as it was sent."""
    try:
        return normalised(scheme, text, country=country or "")
    except BadNumberError:
        return Number(scheme=scheme, value="".join(text.split()).upper())


def best(numbers: Iterable[Number]) -> str:
    """Give the number that names a party, for people: the first one known."""
    return next((number.value for number in numbers), "")


def registration(numbers: tuple[Number, ...]) -> str:
    """Give one text for a party however its number is written; empty without any number."""
    if not numbers:
        return ""
    return min(f"{number.scheme}:{number.value}" for number in equivalents(numbers[0]))


def packed(identities: Identities) -> dict[str, list[list[str]]]:
    """Give identities as JSON values, as they are kept with a document."""
    return {
        name: [[number.scheme.value, number.value] for number in getattr(identities, name)]
        for name in (_SELLER, _BUYER, _HOLDER, _ACCOUNTS)
    }


def unpacked(values: Mapping[str, list[list[str]]]) -> Identities:
    """Read identities kept with a document."""
    return Identities(
        **{
            name: tuple(Number(scheme=NumberScheme(scheme), value=value) for scheme, value in each)
            for name, each in values.items()
        }
    )
