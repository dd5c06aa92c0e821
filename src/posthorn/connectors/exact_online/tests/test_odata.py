"""Exact's wire format as it was recorded, with its traps."""

from __future__ import annotations

import json

import pytest

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.odata import OddAnswerError
from posthorn.sdk import Response

KEY = "9d64c3f0-1a2b-4c3d-8e9f-0123456789ab"


def says(content: object, status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(content).encode())


@pytest.mark.parametrize(
    ("content", "rows", "following"),
    [
        ({"d": {"results": [{"a": 1}]}}, [{"a": 1}], ""),
        ({"d": {"results": [], "__next": "https://x/y?z"}}, [], "https://x/y?z"),
        ({"d": [{"a": 1}]}, [{"a": 1}], ""),
        ({"d": []}, [], ""),
        ({"d": {"results": [{"a": 1}], "__count": "1"}}, [{"a": 1}], ""),
    ],
)
def test_both_shapes_of_a_list_are_read(
    content: object, rows: list[object], following: str
) -> None:
    assert odata.page_of(says(content)) == (rows, following)


@pytest.mark.parametrize(
    "content", [{"d": {"ID": KEY}}, {"d": {"results": [{"ID": KEY}]}}, {"d": [{"ID": KEY}]}]
)
def test_one_entity_is_read_from_every_shape(content: object) -> None:
    assert odata.entity_of(says(content)) == {"ID": KEY}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        b"null",
        b"[]",
        b'{"d":',
        b'{"e":1}',
        b'{"d":1}',
        b'{"d":[1]}',
        b'{"d":null}',
    ],
)
def test_anything_else_is_odd(body: bytes) -> None:
    with pytest.raises(OddAnswerError):
        odata.page_of(Response(status=200, body=body))
    with pytest.raises(OddAnswerError):
        odata.entity_of(Response(status=200, body=body))


@pytest.mark.parametrize("rows", [[], [{"ID": KEY}, {"ID": KEY}]])
def test_no_entity_and_two_are_not_one(rows: list[object]) -> None:
    with pytest.raises(OddAnswerError):
        odata.entity_of(says({"d": {"results": rows}}))


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", 7), (" 12 ", 12), (8, 8), (4.0, 4), ("-1", -1), (4.5, None), (None, None), ("x", None),
     (True, None), ("", None), ("\u0663", None)],
)  # fmt: skip
def test_numbers_come_quoted_and_as_doubles(value: object, number: int | None) -> None:
    assert odata.whole(value) == number


@pytest.mark.parametrize(
    ("value", "key"),
    [(KEY, KEY), (KEY.upper(), KEY), (f" {KEY} ", KEY), (None, ""), ("", ""), (7, ""),
     ("00000000-0000-0000-0000-000000000000", ""), (f"{KEY}'", "")],
)  # fmt: skip
def test_empty_reference_is_none_whether_null_or_zeros(value: object, key: str) -> None:
    assert odata.guid(value) == key


def test_padded_texts_lose_their_blanks() -> None:
    assert odata.text("           1009001") == "1009001"
    assert odata.text("BE ") == "BE"
    assert odata.text(None) == ""


def test_moments_order_and_nothing_else_is_one() -> None:
    assert odata.moment("/Date(1795178328217)/") == 1795178328217
    assert [odata.moment(value) for value in ("2026-11-20", None, 7, "/Date(x)/")] == [0] * 4


def test_quotes_in_a_literal_are_doubled() -> None:
    assert odata.quoted("Au d'Or' or 1 eq 1 or 'x") == "'Au d''Or'' or 1 eq 1 or ''x'"


def test_message_of_an_envelope_is_found_and_nothing_else_is_one() -> None:
    said = {"error": {"code": "", "message": {"lang": "", "value": " Ongeldige request "}}}

    assert odata.message_of(says(said, 400)) == "Ongeldige request"
    for body in (b"", b"<html/>", b"[]", b'{"error":"x"}', b'{"error":{"message":{"value":7}}}'):
        assert odata.message_of(Response(status=500, body=body)) == ""
