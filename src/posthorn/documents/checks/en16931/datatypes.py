"""How values are written: two decimals, attachments with name and type, no needless attributes.

Source of all: the UBL syntax binding, CEN/TS 16931-3-2, as the validation artefacts 1.3.16 read it.
"""

from __future__ import annotations

from posthorn.documents.checks.en16931.attributes import by_attribute
from posthorn.documents.checks.en16931.contexts import string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = EN16931.rule
_MAX_DECIMALS = 2


def _amounts(subject: Subject) -> list[Element]:
    return [
        found
        for name, namesakes in subject.by_name.items()
        if name[-6:] == "Amount" and name[-11:] != "PriceAmount"
        for found in namesakes
    ]


def _binaries(subject: Subject) -> list[Element]:
    return [
        found
        for name, namesakes in subject.by_name.items()
        if name[-12:] == "BinaryObject"
        for found in namesakes
    ]


@rule("UBL-DT-01", _amounts)
def has_two_decimals_at_most(amount: Element, _: Subject) -> Answer:
    """UBL-DT-01: an amount has at most two decimals, a price and what belongs to it apart."""
    # White space behind the digits counts: the rule looks at the text, not the number.
    decimals = string(amount).partition(".")[2]
    return (
        len(decimals) <= _MAX_DECIMALS
        or _is_of_a_discounted_price(amount)
        or Broken(amount=amount.value)
    )


def _is_of_a_discounted_price(amount: Element) -> bool:
    at = amount.parent
    while at is not None:
        if at.name == "cac:Price" and "cac:AllowanceCharge" in at.kids:
            return True
        at = at.parent
    return False


@rule("UBL-DT-06", _binaries)
def has_a_mime_code(attachment: Element, _: Subject) -> Answer:
    """BT-125-1: an attachment has a MIME code."""
    return "mimeCode" in attachment.attributes


@rule("UBL-DT-07", _binaries)
def has_a_file_name(attachment: Element, _: Subject) -> Answer:
    """BT-125-2: an attachment has a file name."""
    return "filename" in attachment.attributes


@rule("UBL-DT-18", root, severity=Severity.WARNING)
def names_only_means_of_payment(_: Element, subject: Subject) -> Answer:
    """Only the code of a means of payment has a name (BT-82)."""
    for found in by_attribute(subject).get("name", ()):
        if found.name != "cbc:PaymentMeansCode":
            return Broken(at=found, path=f"{found.name}/@name")
    return True
