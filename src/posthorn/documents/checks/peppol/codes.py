"""The codes that Peppol narrows down, and those that must fit each other.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from posthorn.documents.checks.peppol.general import process
from posthorn.documents.checks.peppol.places import is_german
from posthorn.documents.checks.peppol.text import tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, anywhere, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.codelists import codelist
from posthorn.documents.xml import Element

rule = PEPPOL.rule

_FILES: Final = codelist("peppol-attachment-types")
_ADDRESSES: Final = codelist("peppol-address-schemes")
_INVOICES: Final = codelist("peppol-invoice-types")
_CREDIT_NOTES: Final = codelist("peppol-credit-note-types")
_PERIODS: Final = codelist("peppol-period-codes")
_GERMAN_ONLY: Final = frozenset({"326", "384"})  # partial and corrected invoice
# An exemption (VATEX) belongs to one category of VAT (UNTDID 5305).
_CATEGORY_OF: Final = {
    "PEPPOL-EN16931-P0104": ("VATEX-EU-G", "G"),
    "PEPPOL-EN16931-P0105": ("VATEX-EU-O", "O"),
    "PEPPOL-EN16931-P0106": ("VATEX-EU-IC", "K"),
    "PEPPOL-EN16931-P0107": ("VATEX-EU-AE", "AE"),
    "PEPPOL-EN16931-P0108": ("VATEX-EU-D", "E"),
    "PEPPOL-EN16931-P0109": ("VATEX-EU-F", "E"),
    "PEPPOL-EN16931-P0110": ("VATEX-EU-I", "E"),
    "PEPPOL-EN16931-P0111": ("VATEX-EU-J", "E"),
}


def _with(attribute: str) -> Callable[[Element], bool]:
    return lambda element: attribute in element.attributes


@rule("PEPPOL-EN16931-CL001", where(named("cbc:EmbeddedDocumentBinaryObject"), _with("mimeCode")))
def file_is_of_a_kind_accepted(file: Element, _: Subject) -> Answer:
    """BT-125: an attached file is of a kind that every receiver opens."""
    found = file.attributes["mimeCode"]
    return found in _FILES or Broken(found=found)


@rule("PEPPOL-EN16931-CL008", where(named("cbc:EndpointID"), _with("schemeID")))
def address_is_of_a_known_scheme(address: Element, _: Subject) -> Answer:
    """BT-34, BT-49: the scheme of an electronic address is in Peppol's list."""
    found = address.attributes["schemeID"]
    return found in _ADDRESSES or Broken(found=found)


def _reasons(indicator: str) -> Select:
    """Select the reason codes of all allowances ("false") or all charges ("true")."""

    def reasons(charges: Sequence[Element], _: Subject) -> list[Element]:
        return [
            reason
            for charge in charges
            if "cbc:AllowanceChargeReasonCode" in charge.kids
            and any(kind.value == indicator for kind in charge.each("cbc:ChargeIndicator"))
            for reason in charge.kids["cbc:AllowanceChargeReasonCode"]
        ]

    return named("cac:AllowanceCharge").then(reasons)


def _listed(codes: frozenset[str]) -> Test:
    """Return the test that a value is one of a list's codes."""

    def is_listed(code: Element, _: Subject) -> Answer:
        found = tidy(code.value)
        return found in codes or Broken(found=found)

    return is_listed


# BT-98, BT-140: the reason of an allowance is in UNTDID 5189 as Peppol narrows it down.
PEPPOL.add("PEPPOL-EN16931-CL002", _reasons("false"), _listed(codelist("peppol-allowance-reasons")))
# BT-105, BT-145: the reason of a charge is in UNTDID 7161.
PEPPOL.add("PEPPOL-EN16931-CL003", _reasons("true"), _listed(codelist("peppol-charge-reasons")))
# BT-8: when the tax is due is told by a code of UNTDID 2005.
PEPPOL.add(
    "PEPPOL-EN16931-CL006", anywhere("cac:InvoicePeriod/cbc:DescriptionCode"), _listed(_PERIODS)
)


@rule("PEPPOL-EN16931-P0100", named("cbc:InvoiceTypeCode"))
def invoice_is_of_a_kind_of_the_process(code: Element, subject: Subject) -> Answer:
    """BT-3: the kind of invoice is one that the business process (BT-23) knows."""
    found = tidy(code.value)
    return found in _INVOICES or process(subject) is None or Broken(found=found)


@rule("PEPPOL-EN16931-P0112", named("cbc:InvoiceTypeCode"))
def partial_invoice_is_german(code: Element, subject: Subject) -> Answer:
    """BT-3: 326 and 384 are for a seller and a buyer in Germany only."""
    found = tidy(code.value)
    return found not in _GERMAN_ONLY or is_german(subject) or Broken(found=found)


@rule("PEPPOL-EN16931-P0101", named("cbc:CreditNoteTypeCode"))
def credit_note_is_of_a_kind_of_the_process(code: Element, subject: Subject) -> Answer:
    """BT-3: the kind of credit note is one that the business process (BT-23) knows."""
    found = tidy(code.value)
    return found in _CREDIT_NOTES or process(subject) is None or Broken(found=found)


def _exempt_by(exemption: str) -> Callable[[Element], bool]:
    def is_exempt(category: Element) -> bool:
        reasons = category.kids.get("cbc:TaxExemptionReasonCode", ())
        return len(reasons) == 1 and (reasons[0].value or "").upper() == exemption

    return is_exempt


def _of_category(expected: str) -> Test:
    """Return the test that the VAT category (BT-95, 102, 118) is the one of the exemption."""

    def has_the_category(category: Element, _: Subject) -> Answer:
        found = tidied(category, "cbc:ID")
        return found == expected or Broken(expected=expected, found=found or None)

    return has_the_category


for _identifier, (_exemption, _category) in _CATEGORY_OF.items():
    PEPPOL.add(
        _identifier,
        where(named("cac:TaxCategory"), _exempt_by(_exemption)),
        _of_category(_category),
    )
