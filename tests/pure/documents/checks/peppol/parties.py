"""Sellers and buyers of a country, in the smallest form that a rule looks at."""

from __future__ import annotations

from tests.pure.documents.checks.peppol.rows import COUNTRY, put

VAT = put("cac:TaxScheme/cbc:ID", "VAT")


def address(country: str, rest: str = "") -> str:
    return put("cac:PostalAddress", rest + put("cac:Country/cbc:IdentificationCode", country))


def seller(country: str, *rest: str, place: str = "") -> str:
    return put("cac:AccountingSupplierParty/cac:Party", "".join(rest) + address(country, place))


def buyer(country: str, *rest: str, place: str = "") -> str:
    return put("cac:AccountingCustomerParty/cac:Party", "".join(rest) + address(country, place))


def parties(country: str) -> str:
    return seller(country) + buyer(country)


def vat(number: str, scheme: str = "VAT") -> str:
    return put(
        "cac:PartyTaxScheme", put("cbc:CompanyID", number) + put("cac:TaxScheme/cbc:ID", scheme)
    )


def entity(number: str, scheme: str = "") -> str:
    said = f"@schemeID={scheme}" if scheme else ""
    return put(f"cac:PartyLegalEntity/cbc:CompanyID{said}", number)


def means(code: str, *rest: str) -> str:
    return put("cac:PaymentMeans", put("cbc:PaymentMeansCode", code) + "".join(rest))


def account(number: str, bank: str = "") -> str:
    branch = put("cac:FinancialInstitutionBranch/cbc:ID", bank) if bank else ""
    return put("cac:PayeeFinancialAccount", put("cbc:ID", number) + branch)


__all__ = [
    "COUNTRY",
    "VAT",
    "account",
    "address",
    "buyer",
    "entity",
    "means",
    "parties",
    "seller",
    "vat",
]
