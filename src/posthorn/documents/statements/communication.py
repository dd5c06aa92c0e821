"""Tells a structured communication from free text, by its check digits."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iso11649
from stdnum.exceptions import ValidationError

from posthorn.documents.statements.model import Communication, CommunicationKind

# Febelfin, "structured communication": +++123/4567/89012+++ on paper, twelve digits in a file.
_BELGIAN_ON_PAPER: Final = re.compile(r"(\+\+\+|\*\*\*)\s?(\d{3})/(\d{4})/(\d{5})\s?\1", re.ASCII)
_TWELVE: Final = re.compile(r"\d{12}", re.ASCII)
_CREDITOR: Final = re.compile(r"RF\d\d[0-9A-Z]{1,21}", re.ASCII)


def is_belgian(digits: str) -> bool:
    """Say whether twelve digits are a Belgian structured communication: modulo 97, 97 for 0."""
    if not _TWELVE.fullmatch(digits):
        return False
    return int(digits[10:]) == (int(digits[:10]) % 97 or 97)


def free(text: str) -> Communication | None:
    """Return what a free text says; None when it is blank.

    It is structured only where the whole of it is written the way that is printed on invoices.
    """
    plain = " ".join(text.split())
    if not plain:
        return None
    paper = _BELGIAN_ON_PAPER.fullmatch(plain)
    if paper and is_belgian(digits := "".join(paper.groups()[1:])):
        return Communication(kind=CommunicationKind.BELGIAN, text=digits)
    if reference := _creditor_reference(plain):
        return Communication(kind=CommunicationKind.CREDITOR_REFERENCE, text=reference)
    return Communication(text=plain)


def structured(text: str, code: str | None) -> Communication | None:
    """Return what a text says that was sent as structured; None when it is blank."""
    plain = " ".join(text.split())
    if not plain:
        return None
    digits = re.sub(r"[+*/\s]", "", plain)
    if is_belgian(digits):
        return Communication(kind=CommunicationKind.BELGIAN, text=digits, code=code)
    if reference := _creditor_reference(plain):
        kind = CommunicationKind.CREDITOR_REFERENCE
        return Communication(kind=kind, text=reference, code=code)
    return Communication(kind=CommunicationKind.STRUCTURED, text=plain, code=code)


def coded(text: str, code: str) -> Communication | None:
    """Return what a text says whose structure only the bank's code tells; None when blank."""
    plain = " ".join(text.split())
    if not plain:
        return None
    return Communication(kind=CommunicationKind.STRUCTURED, text=plain, code=code)


def _creditor_reference(text: str) -> str | None:
    joined = text.replace(" ", "").upper()
    if not _CREDITOR.fullmatch(joined):
        return None
    try:
        iso11649.validate(joined)
    except ValidationError:
        return None
    return joined
