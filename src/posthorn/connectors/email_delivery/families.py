"""What travels beside, inside or instead of an e-invoice: one table, read by nobody's memory."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from posthorn.sdk import OFF, ON


class Family(StrEnum):
    """How a package wants the PDF of an e-invoice."""

    GENERIC = "generic"
    EMBEDDED_ONLY = "embedded_only"
    NONE = "none"
    SEPARATE_SAME_STEM = "separate_same_stem"
    PDF_ONLY = "pdf_only"


class Carry(StrEnum):
    """What one mail holds of an e-invoice in XML."""

    AS_RECEIVED = "as_received"
    WITH_PDF_INSIDE = "with_pdf_inside"
    WITH_PDF_BESIDE = "with_pdf_beside"
    PAIR = "pair"
    PDF_ALONE = "pdf_alone"


INHERIT = "inherit"
# Family and switch → what is sent. A package that demands the pair has rows of its own: its rule
# counts more than the switch, since it ignores an e-invoice without its PDF.
TABLE = MappingProxyType(
    {
        (Family.GENERIC, OFF): Carry.AS_RECEIVED,
        (Family.GENERIC, ON): Carry.WITH_PDF_BESIDE,
        (Family.EMBEDDED_ONLY, OFF): Carry.AS_RECEIVED,
        (Family.EMBEDDED_ONLY, ON): Carry.WITH_PDF_INSIDE,
        (Family.NONE, OFF): Carry.AS_RECEIVED,
        (Family.NONE, ON): Carry.AS_RECEIVED,
        (Family.SEPARATE_SAME_STEM, OFF): Carry.AS_RECEIVED,
        (Family.SEPARATE_SAME_STEM, ON): Carry.WITH_PDF_BESIDE,
        (Family.PDF_ONLY, OFF): Carry.PDF_ALONE,
        (Family.PDF_ONLY, ON): Carry.PDF_ALONE,
    }
)
DEMANDED = MappingProxyType({OFF: Carry.PAIR, ON: Carry.PAIR})
MEANING = MappingProxyType(
    {
        Carry.AS_RECEIVED: "the e-invoice as it was received, nothing beside it",
        Carry.WITH_PDF_INSIDE: "the e-invoice with a PDF inside: its own, else one drawn from it",
        Carry.WITH_PDF_BESIDE: "the e-invoice and, under the same name, its PDF where it has one",
        Carry.PAIR: "the e-invoice and a PDF of the same name, drawn from it where it has none",
        Carry.PDF_ALONE: "the PDF alone: the one inside the e-invoice, else one drawn from it",
    }
)


def carried(family: Family, *, client: str, firm: str, is_pair_demanded: bool) -> Carry:
    """Return what a mail holds; `client` is off, on or inherit, `firm` is off or on."""
    switch = firm if client == INHERIT else client
    return DEMANDED[switch] if is_pair_demanded else TABLE[family, switch]
