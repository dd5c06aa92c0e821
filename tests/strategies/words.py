"""Words, names and numbers as documents have them, in the scripts of many countries."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from hypothesis import strategies as st

_Value = TypeVar("_Value")

_NAMES = (
    "Αφοί Παπαδόπουλοι",
    "شركة النور للتجارة",
    'Škoda & Søn <i> "20 %"',
    "Łódź ]]> &amp;",
    "株式会社",
    "=cmd()",
    "../etc",
    "-0",
)
# No sign that begins a subject code in a note.
_LETTERS = st.characters(categories=("L", "N", "P", "S"), exclude_characters="#")

# Few draws each: an invoice has two hundred of them.
names: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(_NAMES), st.text(_LETTERS, min_size=1, max_size=8)
)
prose: st.SearchStrategy[str] = st.one_of(names, names.map("30 days\n2 % at once\n{}".format))
countries: st.SearchStrategy[str] = st.sampled_from(("BE", "LU", "FR", "AT", "PT", "CY"))
"""Countries whose sellers no national rules of Peppol are about."""


def maybe(values: st.SearchStrategy[_Value]) -> st.SearchStrategy[_Value | None]:
    """Give None half of the time."""
    return st.one_of(st.none(), values)


def amounts(least: str = "0.01", most: str = "9999.99") -> st.SearchStrategy[Decimal]:
    """Give amounts of two decimals."""
    return st.decimals(least, most, places=2)


def cents(value: Decimal) -> Decimal:
    """Round to two decimals, halves up, as the rules of EN 16931 do."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _enterprise_number(first: int) -> str:
    return f"{first:08}{97 - first % 97:02}"


def _location_number(first: int) -> str:
    digits = f"{first:012}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


enterprise_numbers: st.SearchStrategy[str] = st.integers(2_000_000, 19_999_999).map(
    _enterprise_number
)
"""Belgian, ten digits that hold by their check digits."""
location_numbers: st.SearchStrategy[str] = st.integers(10**11, 10**12 - 1).map(_location_number)
"""GLN, 13 digits that hold by their check digit."""
