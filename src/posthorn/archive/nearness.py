"""Finds the client meant by a number with one digit wrong, as people mistype them."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from posthorn.archive.models import Document
from posthorn.archive.parties import unpacked
from posthorn.tenancy.models import ClientNumber

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from uuid import UUID

    from posthorn.archive.parties import Identities

_DIGITS: Final = "0123456789"
_COUNTRY: Final = "BE"  # of a number that names none
_MIN_DIGITS: Final = 8  # shorter numbers have too many neighbours
_MAX_LENGTH: Final = 20
_MAX_NUMBERS: Final = 6  # of one document


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A client whose number is nearly one in a document; `is_seller` tells on which side."""

    client: UUID
    client_name: str
    dossier_number: str
    own: str
    found: str
    is_seller: bool


def near_clients(firm: UUID, documents: Collection[UUID]) -> Mapping[UUID, Near]:
    """Give per document the one client whose number is nearest; at most two queries."""
    rows = Document.objects.filter(firm_id=firm, pk__in=documents)
    named = {pk: list(_named(unpacked(each))) for pk, each in rows.values_list("pk", "identities")}
    asked = {near for numbers in named.values() for found, _ in numbers for near in _ways(found)}
    owners = _owners(firm, asked) if asked else {}
    found = {pk: _only(numbers, owners) for pk, numbers in named.items()}
    return {pk: near for pk, near in found.items() if near is not None}


def _named(identities: Identities) -> Iterator[tuple[str, bool]]:
    sellers = [(number.value, True) for number in identities.seller]
    others = [(number.value, False) for number in (*identities.buyer, *identities.holder)]
    yield from dict.fromkeys([*sellers, *others][:_MAX_NUMBERS])


def _owners(firm: UUID, asked: Iterable[str]) -> Mapping[str, ClientNumber]:
    rows = ClientNumber.objects.filter(firm_id=firm, value__in=list(asked))
    return {row.value: row for row in rows.select_related("client")}


def _only(numbers: Iterable[tuple[str, bool]], owners: Mapping[str, ClientNumber]) -> Near | None:
    """Give the client that is near; none where several are."""
    found = [
        Near(
            client=owner.client_id,
            client_name=owner.client.name,
            dossier_number=owner.client.dossier_number,
            own=owner.value,
            found=number,
            is_seller=is_seller,
        )
        for number, is_seller in numbers
        for near in _ways(number)
        if (owner := owners.get(near)) is not None
    ]
    return found[0] if len({near.client for near in found}) == 1 else None


def _ways(number: str) -> Iterator[str]:
    """Give numbers one slip away, with and without the country: a register leaves it out."""
    digits = number.lstrip(ascii_uppercase)
    country = number.removesuffix(digits) or _COUNTRY
    for near in around(digits):
        yield from (near, f"{country}{near}")


def around(number: str) -> frozenset[str]:
    """Give the numbers one slip away: a digit wrong, left out or doubled, two digits swapped."""
    if sum(char.isdigit() for char in number) < _MIN_DIGITS or len(number) > _MAX_LENGTH:
        return frozenset()
    return frozenset((*_wrong(number), *_swapped(number), *_missing(number))) - {number}


def _wrong(number: str) -> Iterator[str]:
    for at, char in enumerate(number):
        if char.isdigit():
            yield from (f"{number[:at]}{digit}{number[at + 1 :]}" for digit in _DIGITS)
            yield number[:at] + number[at + 1 :]


def _swapped(number: str) -> Iterator[str]:
    for at in range(len(number) - 1):
        if number[at : at + 2].isdigit():
            yield number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def _missing(number: str) -> Iterator[str]:
    first = next(at for at, char in enumerate(number) if char.isdigit())
    for at in range(first, len(number) + 1):
        yield from (f"{number[:at]}{digit}{number[at:]}" for digit in _DIGITS)
