"""Tells which of two dates comes first, as XML Schema orders them."""

from __future__ import annotations

import re
from datetime import date, timedelta

# XML Schema 2, 3.2.9: a date may have a time zone, and a year more than four digits.
_DATE = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)(?:Z|([+-])(\d\d):(\d\d))?", re.ASCII)
_BLANKS = " \t\r\n"
_PLAIN = len("2026-01-01")
_CYCLE_YEARS = 400  # after which the Gregorian calendar repeats itself
_CYCLE_DAYS = 146_097


def in_order(earlier: str, later: str) -> bool:
    """Tell whether one date is not after another; what is no date is the schema's to name."""
    # Dates of ten characters have no zone, and sort as they are written.
    if len(earlier) == len(later) == _PLAIN and earlier <= later:
        return True
    first, last = _beginning(earlier), _beginning(later)
    return first is None or last is None or first <= last


def _beginning(text: str) -> timedelta | None:
    """Return when a date begins, in universal time; without a zone it is taken for that one."""
    found = _DATE.fullmatch(text.strip(_BLANKS))
    if found is None:
        return None
    cycles, year = divmod(int(found[1]), _CYCLE_YEARS)
    try:
        day = date(_CYCLE_YEARS + year, int(found[2]), int(found[3])).toordinal()
    except ValueError:
        return None
    begins = timedelta(days=day + cycles * _CYCLE_DAYS)
    if not found[4]:
        return begins
    ahead = timedelta(hours=int(found[5]), minutes=int(found[6]))
    return begins - ahead if found[4] == "+" else begins + ahead
