from __future__ import annotations

import pytest

from posthorn.documents import read, xml
from posthorn.documents.errors import XmlEncodingError
from posthorn.documents.heads import head_of


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="UTF-7"?><a>+AOk-</a>',
        "<a>é</a>".encode("utf-16-le"),
        "<a>é</a>".encode("utf-16-be"),
        b'<?xml version="1.0" encoding="UTF-8"?><a>caf\xe9</a>',
        b"<a>caf\xe9</a>",
        "<a/>".encode("utf-32"),
        "<a/>".encode("utf-32-be"),
        b"\xef\xbb\xbf" + b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'<?xml version="1.0" encoding="windows-1252"?><a>\x81</a>',
        b"<a>\xed\xa0\x80</a>",
        b"\xff\xfe<\0a\0>\0\x00\xd8<\0/\0a\0>\0",
        b"<a>\xc3",
    ],
    ids=[
        "B21 UTF-7",
        "B22 UTF-16LE without mark",
        "B22 UTF-16BE without mark",
        "B22 latin-1 that says UTF-8",
        "latin-1 that says nothing",
        "UTF-32",
        "UTF-32BE",
        "mark against declaration",
        "UTF-16 that says UTF-8",
        "UTF-8 that says UTF-16",
        "hole of windows-1252",
        "B23 surrogate in UTF-8",
        "B23 surrogate in UTF-16",
        "character cut off",
    ],
)
def test_doubtful_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(XmlEncodingError) as refused:
        read(data)

    assert refused.value.code == "xml.encoding"


@pytest.mark.parametrize(
    ("declared", "codec", "value"),
    [
        ("", "utf-8", "é€"),
        ("", "utf-8-sig", "é€"),
        ("", "utf-16", "é€"),
        ("utf-8", "utf-8", "é€"),
        ("UTF-8", "utf-8-sig", "é€"),
        ("UTF-16", "utf-16", "é€"),
        ("ISO-8859-1", "iso-8859-1", "é"),
        ("iso-8859-15", "iso-8859-15", "é€"),
        ("Windows-1252", "windows-1252", "é€"),
        ("US-ASCII", "ascii", "e"),
        ("UTF-8", "utf-8", "in the mid\ufeffdle"),
    ],
)
def test_accepted_encodings_are_read(declared: str, codec: str, value: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""

    assert xml.parse(f"{declaration}<a>{value}</a>".encode(codec)).root.value == value


def test_character_across_two_pieces_stays_whole() -> None:
    text = "x" + "é" * 70_000

    assert xml.parse(f"<a>{text}</a>".encode()).root.value == text
    assert head_of(b"<!--" + "é".encode() * 40_000 + b"--><a/>").root == "a"


@pytest.mark.parametrize("data", [b"<", b" <a", b"\xff\xfe<", b"<?xml", "<a>\0".encode("utf-32")])
def test_root_of_the_unreadable_is_unknown(data: bytes) -> None:
    assert head_of(data).root in (None, "a")
