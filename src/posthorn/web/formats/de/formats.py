"""Dates and numbers in German, as Belgian accountants write them."""

from __future__ import annotations

from typing import Final

DATE_FORMAT: Final = "j. N Y"
TIME_FORMAT: Final = "H:i"
DATETIME_FORMAT: Final = "j. N Y H:i"
MONTH_DAY_FORMAT: Final = "j. N"
SHORT_DATE_FORMAT: Final = "d/m/Y"
SHORT_DATETIME_FORMAT: Final = "d/m/Y H:i"
FIRST_DAY_OF_WEEK: Final = 1
DECIMAL_SEPARATOR: Final = ","
THOUSAND_SEPARATOR: Final = "."
NUMBER_GROUPING: Final = 3
