"""Turns names and numbers from hostile documents into plain ASCII an importer cannot trip over."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose, from the languages of our firms' suppliers.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "\u0131": "i", "þ": "th", "Þ": "Th",
        "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "€": "EUR",
    }
)  # fmt: skip
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
# Neither "=" nor "?": together they begin an encoded word (RFC 2047), which a reader would decode.
_OUTSIDE_HEADER = re.compile(r"[^A-Za-z0-9 .,&'()+/#:_-]")
_OUTSIDE_NAME = re.compile(r"[^A-Za-z0-9_]+")

_LONGEST_READ = 400  # characters of a name that are looked at; the rest could be a megabyte


def folded(text: str) -> str:
    """Return printable ASCII, accents dropped, runs of white space and controls as one space."""
    spaced = _BREAKS.sub(" ", text[:_LONGEST_READ]).translate(_LETTERS)
    if not spaced.isascii():
        spaced = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode("ascii")
    return _BREAKS.sub(" ", spaced).strip()


def header_words(text: str, max_chars: int) -> str:
    """Return text safe as part of an unstructured header, at most so many characters."""
    return _OUTSIDE_HEADER.sub("", folded(text))[:max_chars].strip()


def one_line(text: str, max_chars: int) -> str:
    """Return text in its own script on one line, controls and line ends as spaces."""
    return _BREAKS.sub(" ", text[:_LONGEST_READ]).strip()[:max_chars]


def stem_part(text: str, max_chars: int) -> str:
    """Return letters, digits and underscores joined by hyphens; empty when nothing is left."""
    return _OUTSIDE_NAME.sub("-", folded(text)).strip("-_")[:max_chars].strip("-_")
