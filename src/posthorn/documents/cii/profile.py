"""Tells which files of CII are invoices by themselves, and which are summaries of a PDF."""

from __future__ import annotations

import re
from typing import Final

from posthorn.documents.profiles import Profile, profile_of

# Factur-X 1.08, 6.1: in these the lines stand in the PDF alone.
_SUMMARIES: Final = frozenset((Profile.MINIMUM, Profile.BASIC_WL))
# ZUGFeRD 1.0, 4.3: BASIC has lines without prices and without VAT.
_BASIC_1: Final = re.compile(r"urn:ferd:.*:basic", re.IGNORECASE)


def is_summary(guideline: str | None) -> bool:
    """Tell whether the profile of that identifier (BT-24) leaves the lines to the PDF."""
    is_basic_1 = guideline is not None and _BASIC_1.fullmatch(guideline) is not None
    return is_basic_1 or profile_of(guideline) in _SUMMARIES
