"""Names documents and files so that Exact keeps them as they are and they are found again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from typing import Final

from posthorn.sdk import Document, Kind

# No official figure; longer ones were seen cut (facts gathered from clients' trackers, 2026-11).
SUBJECT_MAX_CHARS: Final = 60
STEM_MAX_CHARS: Final = 60
_TAG_CHARS: Final = 12  # 60 bits: two of a million documents are alike once in two million cases
_NUMBER_MAX_CHARS: Final = 24
_LONGEST_READ: Final = 400  # characters of a name that are looked at; the rest could be a megabyte

# Controls, line and paragraph ends, what reorders text, what a web page takes for markup, and what
# counts as two characters in UTF-16.
_OUTSIDE_SUBJECT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff"
    "<>\\[\\]\\\\\U00010000-\U0010ffff]"
)
_BLANKS: Final = re.compile(r"\s+")
_OUTSIDE_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")
# Letters that Unicode does not decompose, from the languages of our firms' suppliers.
_LETTERS: Final = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "€": "EUR",
    }
)  # fmt: skip


def tag_of(key: str) -> str:
    """Return our key as it stands in a subject, twelve characters of a digest in brackets."""
    digest = hashlib.sha256(key.encode()).digest()
    return f"[pex:{b32encode(digest).decode('ascii')[:_TAG_CHARS].lower()}]"


def subject_of(number: str, party: str, key: str) -> str:
    """Return number, other side and key in at most sixty characters, the key whole and last."""
    tag = tag_of(key)
    room = SUBJECT_MAX_CHARS - len(tag) - 1
    readable = f"{_plain(number)[:_NUMBER_MAX_CHARS].strip()} {_plain(party)}".strip()
    return f"{readable[:room].strip()} {tag}".strip()


def counterparty(document: Document) -> str:
    """Return the name on the other side of the client's books, as the document spells it."""
    return document.buyer_name if document.kind is Kind.SALES else document.seller_name


def stem_of(document: Document) -> str:
    """Return a file name without extension: who, number, eight hex digits of the hash.

    Letters, digits, hyphens and underscores; the digits make a reserved name (CON) impossible.
    """
    parts = [_part(counterparty(document), 26), _part(document.number, 24)]
    if not any(parts):
        parts = [_part(document.file_name.rpartition(".")[0], 30) or "document"]
    readable = "-".join(part for part in parts if part)
    return f"{readable}-{document.sha256[:8]}"[-STEM_MAX_CHARS:]


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[:_LONGEST_READ])
    return _BLANKS.sub(" ", _OUTSIDE_SUBJECT.sub(" ", composed)).strip()


def _part(text: str, max_chars: int) -> str:
    folded = unicodedata.normalize("NFKD", text[:_LONGEST_READ].translate(_LETTERS))
    plain = folded.encode("ascii", "ignore").decode("ascii")
    return _OUTSIDE_NAME.sub("-", plain).strip("-_")[:max_chars].strip("-_")
