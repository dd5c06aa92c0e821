from __future__ import annotations

from decimal import Decimal

import pytest

from posthorn.documents.errors import Mt940RecordError
from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import (
    Communication,
    Span,
    StatementFile,
)
from tests.pure.documents.statements.samples import MT940

HEAD = (":20:REF", ":25:BE68539007547034", ":28C:71/1", ":60F:C260301EUR100,00")
TAIL = (":62F:C260302EUR100,00",)


def data_of(*lines: str, newline: str = "\n") -> bytes:
    return (newline.join(lines) + newline).encode()


def file(*lines: str) -> StatementFile:
    return read(data_of(*lines), Format.MT940)


def test_messages_span_the_whole_file() -> None:
    one, other = read(MT940, Format.MT940).statements

    assert (one.span, other.span) == (Span(start=0, end=403), Span(start=403, end=len(MT940)))
    assert MT940[403:].startswith(b"{1:F01KREDBEBBAXXX0000000000}{2:I940KREDBEBBXXXXN}{4:\r\n:20:")


def test_time_at_the_start_of_a_line_is_no_field() -> None:
    one = file(*HEAD, ":61:260302C1,NTRFX", ":86:BETAALD OM 16", ":26:37 UUR", *TAIL).statements[0]

    assert one.movements[0].communications == (Communication(text="BETAALD OM 16 :26:37 UUR"),)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(newline: str) -> None:
    data = data_of(
        *HEAD, ":61:260302C1,NTRFX", ":86:EEN", "TWEE", *TAIL, *HEAD, *TAIL, newline=newline
    )
    one, other = read(data, Format.MT940).statements

    assert one.movements[0].communications == (Communication(text="EEN TWEE"),)
    assert (one.line, other.line) == (1, 9)


@pytest.mark.parametrize(
    ("between", "belongs"),
    [
        ((), ()),
        (("-",), ("-",)),
        (("-}",), ("-}",)),
        (("-}{5:{CHK:ABC}}",), ("-}{5:{CHK:ABC}}",)),
        (("-XXX",), ("-XXX",)),
        (("-", ":940:"), ("-",)),
        ((":940:",), ()),
        (("940 00",), ()),
        (("{1:F01}{2:I940}", "{4:"), ()),
        (("",), ()),
        (("ABNANL2A", "940", "ABNANL2A"), ("ABNANL2A", "940", "ABNANL2A")),
        (("-", "ABNANL2A", "940"), ("-",)),
    ],
)
def test_what_stands_between_messages_goes_with_one_of_them(
    between: tuple[str, ...], belongs: tuple[str, ...]
) -> None:
    data = data_of(*HEAD, *TAIL, *between, *HEAD, *TAIL)
    one, other = read(data, Format.MT940).statements

    assert one.span == Span(start=0, end=len(data_of(*HEAD, *TAIL, *belongs)))
    assert other.span == Span(start=one.span.end, end=len(data))


def test_block_may_open_on_the_line_of_the_reference() -> None:
    data = data_of(*HEAD, *TAIL, "{4:" + HEAD[0], *HEAD[1:], *TAIL)
    one, other = read(data, Format.MT940).statements

    assert one.span == Span(start=0, end=len(data_of(*HEAD, *TAIL)))
    assert other.span == Span(start=one.span.end, end=len(data))


@pytest.mark.parametrize(
    "line", [":20:betaling", ":20:", "-", ":99:iets", ":NS:22iets", ":", ":20:x\n:86:y"]
)
def test_text_of_a_payer_opens_no_message(line: str) -> None:
    (one,) = file(*HEAD, ":61:260302C1,NTRFX", ":86:FACTUUR", *line.split("\n"), *TAIL).statements

    assert [move.amount for move in one.movements] == [Decimal(1)]


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        ((), "it does not begin with a reference and an account, :20: and :25:"),
        ((":20:REF",), "it does not begin with a reference and an account, :20: and :25:"),
        ((":20:REF", ":21:X"), "it does not begin with a reference and an account, :20: and :25:"),
        (HEAD[1:] + TAIL, "it does not begin with a reference and an account, :20: and :25:"),
        (HEAD, "one balance :62F: is expected, 0 found"),
        (HEAD[:3] + TAIL, "one balance :60F: is expected, 0 found"),
        ((*HEAD, ":60M:C260301EUR1,", *TAIL), "one balance :60F: is expected, 2 found"),
        ((*HEAD, *TAIL, *TAIL), "field 62F stands twice in one message"),
        ((*HEAD, HEAD[1], *TAIL), "field 25 stands twice in one message"),
    ],
)
def test_message_that_is_cut_off_or_mixed_up_is_refused(
    lines: tuple[str, ...], detail: str
) -> None:
    with pytest.raises(Mt940RecordError) as refused:
        file(*lines)

    assert (refused.value.code, refused.value.detail) == ("mt940.records", detail)


def test_text_that_would_be_a_second_movement_is_refused() -> None:
    with pytest.raises(Mt940RecordError) as refused:
        file(*HEAD, ":61:260302C1,NTRFX", ":86:A", ":", "61:260302C9,NTRFY", *TAIL)

    assert refused.value.detail == "movement '260302C1,NTRFX' reads as 2"
