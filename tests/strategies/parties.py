"""Sellers, buyers and whoever else an invoice names."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from posthorn.documents.invoice import Address, Contact, Delivery, Identifier, Party
from tests.strategies.words import (
    countries,
    enterprise_numbers,
    location_numbers,
    maybe,
    names,
    prose,
)

belgian = st.builds(Identifier, value=enterprise_numbers, scheme=st.just("0208"))
located = st.builds(Identifier, value=location_numbers, scheme=st.just("0088"))
own = st.builds(Identifier, value=names)

# Whole ones: an invoice has four addresses, each of which would be a dozen draws.
addresses = st.builds(
    replace,
    st.sampled_from(
        (
            Address(),
            Address(line1="Kerkstraat 12", city="Gent", post_code="9000"),
            Address(line1="Οδός Ερμού 5", line2="Ισόγειο", line3="Πύλη Γ", region="Αττική"),
            Address(line2="ص.ب. 17", city="بيروت"),
        )
    ),
    country=countries,
)
_contacts = st.one_of(
    st.builds(Contact, name=names),
    st.builds(Contact, telephone=names),
    st.builds(Contact, name=names, email=names),
)
vat_numbers = enterprise_numbers.map("BE{}".format)


def _traders(
    *,
    identifiers: st.SearchStrategy[tuple[Identifier, ...]],
    vat_identifier: st.SearchStrategy[str | None],
    tax_registration: st.SearchStrategy[str | None],
    legal_information: st.SearchStrategy[str | None],
) -> st.SearchStrategy[Party]:
    return st.builds(
        Party,
        name=names,
        trading_name=maybe(names),
        identifiers=identifiers,
        legal_identifier=st.one_of(belgian, own),
        vat_identifier=vat_identifier,
        tax_registration=tax_registration,
        legal_information=legal_information,
        endpoint=st.one_of(belgian, located),
        address=addresses,
        contact=maybe(_contacts),
    )


def sellers(*, with_vat: bool) -> st.SearchStrategy[Party]:
    """Give sellers with numbers for VAT, or without any of them."""
    return _traders(
        identifiers=st.lists(st.one_of(located, own), max_size=2).map(tuple),
        vat_identifier=vat_numbers if with_vat else st.none(),
        tax_registration=maybe(names) if with_vat else st.none(),
        legal_information=maybe(prose),
    )


def buyers(*, with_vat: bool) -> st.SearchStrategy[Party]:
    """Give buyers with a VAT number, or without."""
    return _traders(
        identifiers=st.lists(st.one_of(located, own), max_size=1).map(tuple),
        vat_identifier=vat_numbers if with_vat else st.none(),
        tax_registration=st.none(),
        legal_information=st.none(),
    )


# With a blank, which no other name or number has: a payee is not the seller (BR-17).
_factors = names.map("Factor {}".format)
payees = st.builds(
    Party,
    name=_factors,
    identifiers=st.lists(st.builds(Identifier, value=_factors), max_size=1).map(tuple),
    legal_identifier=maybe(belgian),
)
tax_representatives = st.builds(Party, name=names, vat_identifier=vat_numbers, address=addresses)
deliveries = st.builds(
    Delivery,
    name=maybe(names),
    location=maybe(st.one_of(located, own)),
    date=st.dates(),
    address=addresses,
)
