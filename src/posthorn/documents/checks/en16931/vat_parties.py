"""Who of the parties has which number, as the categories of VAT ask for it."""

from __future__ import annotations

from posthorn.documents.checks.en16931.contexts import is_vat
from posthorn.documents.checks.en16931.vat_facts import has_vat_number
from posthorn.documents.checks.subject import Subject


def seller_is_registered(subject: Subject) -> bool:
    """Tell whether the seller has a tax number of any kind, or a representative (BT-31, 32, 63)."""
    sellers = subject.named("cac:AccountingSupplierParty")
    return any(
        seller.first("cac:Party", "cac:PartyTaxScheme", "cbc:CompanyID") is not None
        for seller in sellers
    ) or representative_has_vat_number(subject)


def seller_has_vat_number(subject: Subject) -> bool:
    """Tell whether the seller or its representative has a VAT number (BT-31, BT-63)."""
    sellers = subject.named("cac:AccountingSupplierParty")
    return any(map(has_vat_number, sellers)) or representative_has_vat_number(subject)


def representative_has_vat_number(subject: Subject) -> bool:
    """Tell whether the seller's tax representative has a VAT number (BT-63)."""
    return any(
        "cbc:CompanyID" in scheme.kids and is_vat(scheme)
        for representative in subject.named("cac:TaxRepresentativeParty")
        for scheme in representative.each("cac:PartyTaxScheme")
    )


def buyer_has_vat_number(subject: Subject) -> bool:
    """Tell whether the buyer has a VAT number (BT-48)."""
    return any(map(has_vat_number, subject.named("cac:AccountingCustomerParty")))


def buyer_is_registered(subject: Subject) -> bool:
    """Tell whether the buyer has a VAT number or a legal registration (BT-48, BT-47)."""
    return buyer_has_vat_number(subject) or any(
        buyer.first("cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID") is not None
        for buyer in subject.named("cac:AccountingCustomerParty")
    )


def seller_and_buyer_are_registered(subject: Subject) -> bool:
    """Tell whether both are known to the tax authorities, as a reverse charge wants it."""
    return seller_is_registered(subject) and buyer_is_registered(subject)


def seller_and_buyer_have_vat_numbers(subject: Subject) -> bool:
    """Tell whether both have a VAT number, as an intra-community supply wants it."""
    return seller_has_vat_number(subject) and buyer_has_vat_number(subject)


def nobody_has_vat_number(subject: Subject) -> bool:
    """Tell whether neither seller, representative nor buyer has a VAT number."""
    return not seller_has_vat_number(subject) and not buyer_has_vat_number(subject)
