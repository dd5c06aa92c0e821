"""Gives parties the electronic addresses and the schemes of numbers that Peppol wants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from posthorn.documents import numbers
from posthorn.documents.checks.peppol.digits import are_digits, is_belgian
from posthorn.documents.codelists import codelist
from posthorn.documents.convert.draft import Draft
from posthorn.documents.convert.schemes import VAT_SCHEMES, code_of
from posthorn.documents.invoice import Identifier, Party

_SELLER: Final = ("BT-34", "BT-29", "BT-30")
_BUYER: Final = ("BT-49", "BT-46", "BT-47")
_BELGIAN: Final = "0208"
_LEITWEG: Final = re.compile(r"[0-9]{2,12}(?:-[A-Z0-9]{1,30})?-[0-9]{2}")
_PREFIX: Final = 2
_KVK_DIGITS: Final = 8
_OIN_DIGITS: Final = 20


def rename_schemes(draft: Draft) -> None:
    """Write the schemes of numbers as codes: GLN is 0088, NL:KVK is 0106."""
    for role, terms in (("seller", _SELLER), ("buyer", _BUYER)):
        party = getattr(draft.invoice, role)
        if party is not None:
            draft.put(**{role: _renamed(draft, party, terms)})


def _renamed(draft: Draft, party: Party, terms: tuple[str, str, str]) -> Party:
    address, own, legal = terms
    return replace(
        party,
        endpoint=_coded(draft, party.endpoint, address),
        identifiers=tuple(filter(None, (_coded(draft, each, own) for each in party.identifiers))),
        legal_identifier=_registered(draft, party, legal),
    )


def with_register(party: Party) -> Party:
    """Return the party with the register of its legal number named, where the form tells it."""
    number, country = party.legal_identifier, party.address.country if party.address else None
    known = _register_of(number.value, country) if number is not None else None
    return party if known is None else replace(party, legal_identifier=known)


def _registered(draft: Draft, party: Party, term: str) -> Identifier | None:
    """Return the legal number, its register named where country and form leave no other."""
    number, country = party.legal_identifier, party.address.country if party.address else None
    if number is None or number.scheme is not None:
        return _coded(draft, number, term)
    known = _register_of(number.value, country)
    if known is None:
        return number
    draft.note("CONVERT-SCHEME", term, number.value, _shown(known))
    return known


def _register_of(number: str, country: str | None) -> Identifier | None:
    # The registers' own forms: KVK eight digits, OIN twenty; KBO ten with a check.
    if country == "BE" and is_belgian(belgian := numbers.belgian_enterprise(number)):
        return _belgian(belgian)
    if country == "NL" and are_digits(number, _KVK_DIGITS):
        return Identifier(value=number, scheme="0106")
    if country == "NL" and are_digits(number, _OIN_DIGITS):
        return Identifier(value=number, scheme="0190")
    return None


def _coded(draft: Draft, identifier: Identifier | None, term: str) -> Identifier | None:
    if identifier is None or code_of(identifier.scheme) == identifier.scheme:
        return identifier
    code = code_of(identifier.scheme)
    draft.note("CONVERT-SCHEME", term, _shown(identifier), f"{code}:{identifier.value}")
    return replace(identifier, scheme=code)


def keep_one_number(draft: Draft) -> None:
    """Leave the buyer one number of its own, for which there is room: one of a known scheme."""
    # UBL-SR-16 and UBL-SR-20: at most one for the buyer, at most one for the payee.
    for role, term in (("buyer", "BT-46"), ("payee", "BT-60")):
        party: Party | None = getattr(draft.invoice, role)
        if party is None or len(party.identifiers) <= 1:
            continue
        known = (each for each in party.identifiers if each.scheme)
        kept = next(known, party.identifiers[0])
        for dropped in party.identifiers:
            if dropped is not kept:
                draft.note("CONVERT-NUMBER", term, _shown(dropped))
        draft.put(**{role: replace(party, identifiers=(kept,))})


def find_addresses(draft: Draft) -> None:
    """Give a party without an address of Peppol one that its own numbers make."""
    for role, term in (("seller", "BT-34"), ("buyer", "BT-49")):
        party: Party | None = getattr(draft.invoice, role)
        if party is None or _is_address(party.endpoint):
            continue
        found = next(_addresses(party), None) or (_authority(draft) if role == "buyer" else None)
        if found is not None:
            draft.note("CONVERT-ADDRESS", term, _shown(party.endpoint), _shown(found))
            draft.put(**{role: replace(party, endpoint=found)})


def _is_address(endpoint: Identifier | None) -> bool:
    return endpoint is not None and endpoint.scheme in codelist("peppol-address-schemes")


def _addresses(party: Party) -> Iterator[Identifier]:
    """Yield the addresses that a party's numbers make, the registers' before the tax office's."""
    legal, vat = party.legal_identifier, party.vat_identifier
    country = party.address.country if party.address else None
    if country == "BE":
        yield from (_belgian(number) for number in _belgians(legal, vat))
    for number in (legal, *party.identifiers):
        if number is not None and _is_address(number):
            yield replace(number, scheme_version=None)
    if vat is not None:
        sent = numbers.vat(vat)
        scheme = VAT_SCHEMES.get(sent[:_PREFIX])
        if scheme in codelist("peppol-address-schemes"):
            yield Identifier(value=sent, scheme=scheme)


def _authority(draft: Draft) -> Identifier | None:
    """Return the address of a German authority, which it gives as the buyer's reference."""
    # XRechnung 3.0, BT-10; KoSIT, Leitweg-ID 2.0.2: ISO/IEC 7064, MOD 97-10.
    found = _LEITWEG.fullmatch(draft.invoice.references.buyer or "")
    if found is None or not _is_mod_97(found[0].replace("-", "")):
        return None
    return Identifier(value=found[0], scheme="0204")


def _is_mod_97(text: str) -> bool:
    return int("".join(str(int(char, 36)) for char in text)) % 97 == 1


def _belgians(legal: Identifier | None, vat: str | None) -> Iterator[str]:
    for sent in (legal.value if legal else None, vat):
        number = numbers.belgian_enterprise(sent or "")
        if is_belgian(number):
            yield number


def _belgian(number: str) -> Identifier:
    return Identifier(value=number, scheme=_BELGIAN)


def _shown(identifier: Identifier | None) -> str | None:
    if identifier is None:
        return None
    return f"{identifier.scheme}:{identifier.value}" if identifier.scheme else identifier.value
