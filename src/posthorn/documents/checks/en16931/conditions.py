"""What must come together, or must not (BR-CO-03, -04, -09 and BR-CO-18 to BR-CO-26)."""

from __future__ import annotations

from typing import Final

from posthorn.documents.checks.en16931.allowances import (
    allowances,
    charges,
    line_allowances,
    line_charges,
)
from posthorn.documents.checks.en16931.contexts import LINES, is_child_of, is_vat, string
from posthorn.documents.checks.en16931.vat_facts import has_vat_number
from posthorn.documents.checks.rules import EN16931, Answer, Broken, Test
from posthorn.documents.checks.selects import lines, named, root, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.codelists import editions
from posthorn.documents.xml import Element

rule = EN16931.rule
_PREFIX: Final = 2  # characters
_periods = named("cac:InvoicePeriod")


def _is_of_line(period: Element) -> bool:
    return is_child_of(period, LINES)


@rule("BR-CO-03", root)
def vat_date_is_a_day_or_a_code(invoice: Element, _: Subject) -> Answer:
    """BT-7 and BT-8: the date of VAT is given as a day or as a code (EN 16931-1, BR-CO-3)."""
    has_code = invoice.first("cac:InvoicePeriod", "cbc:DescriptionCode") is not None
    return not (has_code and "cbc:TaxPointDate" in invoice.kids)


@rule("BR-CO-04", lines)
def line_has_a_vat_category(line: Element, _: Subject) -> Answer:
    """BT-151: each line has a category of VAT (EN 16931-1, BR-CO-4)."""
    for item in line.kids.get("cac:Item", ()):
        for category in item.kids.get("cac:ClassifiedTaxCategory", ()):
            if "cbc:ID" in category.kids and is_vat(category):
                return True
    return Broken(line=line.text("cbc:ID"))


@rule("BR-CO-18", root)
def has_a_vat_breakdown(invoice: Element, _: Subject) -> Answer:
    """BG-23: there is at least one breakdown of the VAT (EN 16931-1, BR-CO-18)."""
    return invoice.first("cac:TaxTotal", "cac:TaxSubtotal") is not None


@rule("BR-CO-19", where(_periods, lambda period: not _is_of_line(period)))
def period_begins_or_ends(period: Element, _: Subject) -> Answer:
    """BT-73, BT-74: a period of the invoice begins or ends (EN 16931-1, BR-CO-19).

    A period that only says by a code what the date of VAT is (BT-8) is none.
    """
    return _begins_or_ends(period) or "cbc:DescriptionCode" in period.kids


@rule("BR-CO-20", where(_periods, _is_of_line))
def period_of_line_begins_or_ends(period: Element, _: Subject) -> Answer:
    """BT-134, BT-135: a period of a line begins or ends (EN 16931-1, BR-CO-20)."""
    return _begins_or_ends(period)


def _begins_or_ends(period: Element) -> bool:
    return "cbc:StartDate" in period.kids or "cbc:EndDate" in period.kids


@rule("BR-CO-21", allowances)  # BT-97, BT-98
@rule("BR-CO-22", charges)  # BT-104, BT-105
@rule("BR-CO-23", line_allowances)  # BT-139, BT-140
@rule("BR-CO-24", line_charges)  # BT-144, BT-145
def has_a_reason(element: Element, _: Subject) -> Answer:
    """Each allowance and each charge says why, in words or by a code (EN 16931-1, BR-CO-21..24)."""
    kids = element.kids
    if "cbc:AllowanceChargeReason" in kids or "cbc:AllowanceChargeReasonCode" in kids:
        return True
    return Broken(amount=element.text("cbc:Amount"))


@rule("BR-CO-26", named("cac:AccountingSupplierParty"))
def seller_can_be_told(seller: Element, _: Subject) -> Answer:
    """BT-29, BT-30 or BT-31: the seller has an identifier (EN 16931-1, BR-CO-26)."""
    return (
        has_vat_number(seller)
        or seller.first("cac:Party", "cac:PartyLegalEntity", "cbc:CompanyID") is not None
        or any(
            # SEPA: the creditor's identifier of a direct debit (BT-90), which is not the seller's.
            identifier.attributes.get("schemeID") != "SEPA"
            for identifier in seller.each("cac:Party", "cac:PartyIdentification", "cbc:ID")
        )
    )


def begins_with_a_country(prefixes: frozenset[str]) -> Test:
    """Make the test that a VAT number begins with its country (EN 16931-1, BR-CO-9)."""
    # The official test looks for two characters anywhere in this text.
    known = f" {' '.join(sorted(prefixes))} "

    def test(scheme: Element, _: Subject) -> Answer:
        for number in scheme.kids.get("cbc:CompanyID", ()):
            if string(number)[:_PREFIX] not in known:
                return Broken(at=number, found=string(number))
        return True

    return test


# BT-31, BT-48, BT-63, and any other that says it is one for VAT.
_vat_schemes = where(named("cac:PartyTaxScheme"), is_vat)
for _edition in editions("vat-prefixes"):
    EN16931.add(
        "BR-CO-09",
        _vat_schemes,
        begins_with_a_country(_edition.codes),
        since=_edition.since,
        until=_edition.until,
    )
