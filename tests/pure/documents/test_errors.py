from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.documents import DocumentError, Format, read, xml
from posthorn.documents.errors import EmptyError
from posthorn.documents.sentences import LANGUAGES, catalogue

OPENING = (
    b'<i:Invoice xmlns:i="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    b' xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
)


def test_error_says_what_to_do_and_what_was_seen() -> None:
    assert str(EmptyError()) == "The file is empty: send it again."
    assert str(EmptyError("0 bytes")) == "The file is empty: send it again. (0 bytes)"


def subclasses(kind: type[DocumentError]) -> list[type[DocumentError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in subclasses(child))]


def test_every_error_has_its_own_code_and_advice() -> None:
    kinds = subclasses(DocumentError)
    leaves = [kind for kind in kinds if not kind.__subclasses__()]

    assert len({kind.code for kind in leaves}) == len(leaves)
    assert [kind for kind in kinds if not (kind.__doc__ or "").endswith(".")] == []


@pytest.mark.parametrize("code", sorted({kind.code for kind in subclasses(DocumentError)}))
def test_every_error_has_a_sentence_in_four_languages(code: str) -> None:
    assert {language for language, text in catalogue()[code].items() if text} == set(LANGUAGES)


FRAGMENTS = st.sampled_from(
    [
        *(b"<a>", b"</a>", b"<b x='1'/>", b"&amp;", b"&e;", b"<!--", b"-->", b"<?x", b"?>", b" "),
        *(b"<![CDATA[", b"]]>", b"<!DOCTYPE a", b"[", b"]>", b"\xff\xfe", b"\xef\xbb\xbf", b"\0"),
        *(b"\xc3\xa9", b"\xe9", b'<?xml version="1.0" encoding="UTF-8"?>', b"<c:ID>7</c:ID>"),
        *(OPENING, b"</i:Invoice>"),
    ]
)


def outcome(data: bytes) -> str:
    try:
        return read(data).format
    except DocumentError as error:
        return error.code


@given(st.one_of(st.binary(max_size=200), st.lists(FRAGMENTS, max_size=20).map(b"".join)))
def test_any_bytes_are_read_or_refused_with_a_code(data: bytes) -> None:
    assert outcome(data) in {*Format, *(kind.code for kind in subclasses(DocumentError))}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=80))
def test_any_text_comes_back_whole(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert xml.parse(f"<a>{escaped}</a>".encode()).root.value == text
