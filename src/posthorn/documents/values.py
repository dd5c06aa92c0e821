"""Reads dates, amounts and currencies; what is not written as it should be is None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

# XML Schema part 2, 3.2.3 (decimal) and 3.2.9 (date, with an optional time zone).
_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")


def currency(code: str | None) -> str | None:
    """Return the code when it has the form of ISO 4217, whether or not it is listed there."""
    cleaned = (code or "").strip()
    return cleaned if _CURRENCY.fullmatch(cleaned) else None


def decimal(text: str | None) -> Decimal | None:
    """Return the amount, all its digits kept; `1,5`, `1e9` and `NaN` are no amounts."""
    return Decimal(text) if text is not None and _DECIMAL.fullmatch(text) else None


def day(text: str | None) -> date | None:
    """Return the date without its time zone; 30 February is no date."""
    found = _DATE.fullmatch(text or "")
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
