from __future__ import annotations

import pytest

from posthorn.documents.errors import StatementOrderError, StatementValueError
from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import Discrepancy, Span, StatementFile
from tests.pure.documents.statements.coda_lines import (
    IBAN,
    closed,
    data_of,
    header,
    message,
    movement,
    opened,
    record,
    second,
    third,
    trailer,
    unit,
)

WHOLE = unit(header(), opened(), closed())


def file(*lines: str) -> StatementFile:
    return read(data_of(lines), Format.CODA)


@pytest.mark.parametrize("between", ["\n", "\x1a\n", "\n  \n"])
def test_what_dos_leaves_between_files_is_no_record(between: str) -> None:
    one = data_of(WHOLE)

    assert len(read(one + between.encode() + one, Format.CODA).statements) == 2


def test_ctrl_z_before_a_header_is_no_column() -> None:
    one = data_of(WHOLE)

    assert len(read(one + b"\x1a" + one, Format.CODA).statements) == 2


def test_every_unit_spans_from_its_header_to_the_next() -> None:
    one = data_of(WHOLE, newline="\r\n", end="\r\n")
    whole = read(one + one + b"\x1a", Format.CODA)

    assert [each.span for each in whole.statements] == [
        Span(start=0, end=len(one)),
        Span(start=len(one), end=2 * len(one) + 1),
    ]
    assert [each.line for each in whole.statements] == [2, 6]


def test_messages_of_the_bank_are_joined_by_their_number() -> None:
    told = (message("BESTE KLANT"), message("TOT ZIENS"), message("NIEUW", number="0002"))
    (one,) = file(*WHOLE[:3], *told, message("", number="0003"), WHOLE[3]).statements

    assert one.messages == ("BESTE KLANT TOT ZIENS", "NIEUW")


def test_trailer_that_counts_otherwise_is_told() -> None:
    lines = (header(), opened(), movement(value="-5"), movement(value="7.5"), closed())
    wrong = trailer(*lines).replace("0000040000", "0000090000")

    assert file(*lines, trailer(*lines)).discrepancies == ()
    assert file(*lines, wrong).discrepancies == (
        Discrepancy(code="coda.count", stated="9", found="4", line=6),
    )


def test_trailer_that_sums_otherwise_is_told() -> None:
    lines = (header(), opened(), movement(value="-5"), movement(value="7.5"), closed())
    other = (header(), opened(), movement(value="-6"), movement(value="8"), closed())

    assert file(*lines, trailer(*other)).discrepancies == (
        Discrepancy(code="totals.debit", stated="6.000", found="5.000", line=6),
        Discrepancy(code="totals.credit", stated="8.000", found="7.500", line=6),
    )


def test_trailer_without_figures_is_not_compared() -> None:
    lines = (header(), opened(), movement(), closed(), record("9", {128: "2"}))

    assert file(*lines).discrepancies == ()


def test_trailer_with_letters_for_figures_is_refused() -> None:
    lines = (header(), opened(), movement(), closed(), record("9", {17: "00000X", 128: "2"}))
    with pytest.raises(StatementValueError) as refused:
        file(*lines)

    assert refused.value.detail == "line 5: number '00000X'"


def test_new_balance_of_another_account_is_told() -> None:
    lines = unit(header(), opened(), closed(f"{'BE71096123456769':34}EUR"))

    assert file(*lines).discrepancies == (
        Discrepancy(code="account.mismatch", stated=IBAN, found="BE71096123456769", line=3),
    )


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ((second(),), "line 3: a record '22' at this place"),
        ((movement(), second(), second()), "line 5: a record '22' at this place"),
        ((movement(), third(), second()), "line 5: a record '22' at this place"),
        ((movement(), record("32")), "line 4: a record '32' at this place"),
        ((record("24"),), "line 3: a record '24' at this place"),
        ((movement(), second(number="0002")), "line 4: it goes on with no record before it"),
    ],
)
def test_parts_of_a_movement_follow_its_first(body: tuple[str, ...], detail: str) -> None:
    with pytest.raises(StatementOrderError) as refused:
        file(header(), opened(), *body, closed(), WHOLE[-1])

    assert refused.value.detail == detail


def test_empty_file_has_no_header() -> None:
    with pytest.raises(StatementOrderError) as refused:
        read(b"", Format.CODA)

    assert refused.value.detail == "the last record, 9, is missing"
