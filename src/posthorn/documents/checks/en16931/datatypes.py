"""How values are written: two decimals, attachments with name and type, no needless attributes.

Source of all: the UBL syntax binding, CEN/TS 16931-3-2, as the validation artefacts 1.3.16 read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posthorn.documents.checks.en16931.attributes import by_attribute
from posthorn.documents.checks.en16931.contexts import string
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import Select, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

rule = EN16931.rule
_MAX_DECIMALS = 2


def _by_ending(subject: Subject) -> Mapping[str, list[Element]]:
    """Return the elements whose names end so: amounts, prices apart, and attached files."""
    amounts, files = [], []
    for name, namesakes in subject.by_name.items():
        if name[-6:] == "Amount" and name[-11:] != "PriceAmount":
            amounts += namesakes
        elif name[-12:] == "BinaryObject":
            files += namesakes
    return {"Amount": amounts, "BinaryObject": files}


_files = Select(_by_ending, "BinaryObject")


@rule("UBL-DT-01", Select(_by_ending, "Amount"))
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


@rule("UBL-DT-06", _files)
def has_a_mime_code(attachment: Element, _: Subject) -> Answer:
    """BT-125-1: an attachment has a MIME code."""
    return "mimeCode" in attachment.attributes


@rule("UBL-DT-07", _files)
def has_a_file_name(attachment: Element, _: Subject) -> Answer:
    """BT-125-2: an attachment has a file name."""
    return "filename" in attachment.attributes


def _first(found: Sequence[Element], _: Subject) -> Sequence[Element]:
    return found[:1]


_named = where(Select(by_attribute, "name"), lambda found: found.name != "cbc:PaymentMeansCode")


@rule("UBL-DT-18", _named.then(_first), severity=Severity.WARNING)
def names_only_means_of_payment(found: Element, _: Subject) -> Answer:
    """Only the code of a means of payment has a name (BT-82)."""
    return Broken(path=f"{found.name}/@name")
