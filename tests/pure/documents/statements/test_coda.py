from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents.errors import (
    StatementLineError,
    StatementOrderError,
    StatementValueError,
)
from posthorn.documents.model import Category, Facts, Format, Party, Statement
from posthorn.documents.statements import read, read_facts, records
from posthorn.documents.statements.model import StatementFile
from tests.pure.documents.statements.coda_lines import (
    IBAN,
    closed,
    data_of,
    header,
    opened,
    record,
    unit,
)

WHOLE = unit(header(), opened(), closed())


def coda(*lines: str, newline: str = "\n", end: str = "\n") -> Facts:
    return read_facts(data_of(lines, newline=newline, end=end), Format.CODA)


def file(*lines: str) -> StatementFile:
    return read(data_of(lines), Format.CODA)


def test_statement_is_read_whole() -> None:
    assert coda(*WHOLE) == Facts(
        format=Format.CODA,
        category=Category.STATEMENT,
        issue_date=date(2026, 3, 2),
        currency="EUR",
        holder=Party(name="KAAS BV", enterprise_number="0417710407"),
        accounts=(IBAN,),
        statement_number="071",
        period_start=date(2026, 3, 1),
        period_end=date(2026, 3, 2),
        statements=(
            Statement(
                account=IBAN,
                number="071",
                currency="EUR",
                opening_balance=Decimal("1234.560"),
                opening_date=date(2026, 3, 1),
                closing_balance=Decimal("-0.010"),
                closing_date=date(2026, 3, 2),
            ),
        ),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r\n\x1a", "\n\n\x1a\n"])
def test_line_ends_do_not_matter(newline: str, end: str) -> None:
    assert coda(*WHOLE, newline=newline, end=end) == coda(*WHOLE)


@pytest.mark.parametrize("width", [0, 127, 129])
def test_line_of_another_width_is_refused(width: int) -> None:
    lines = (header(), opened().ljust(width)[:width], closed(), WHOLE[-1])
    with pytest.raises(StatementLineError) as refused:
        coda(*lines)

    assert (refused.value.code, refused.value.detail) == ("coda.line", f"line 2 has {width}")


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        (WHOLE[:3], "the last record, 9, is missing"),
        (WHOLE[:1], "the last record, 9, is missing"),
        ((WHOLE[0], WHOLE[2], WHOLE[3]), "line 2: a record '8' at this place"),
        ((WHOLE[0], WHOLE[1], WHOLE[3]), "line 3: a record '9' at this place"),
        ((WHOLE[0], WHOLE[3]), "line 2: a record '9' at this place"),
        ((WHOLE[0], WHOLE[1], WHOLE[1]), "line 3: a record '1' at this place"),
        ((*WHOLE[:2], record("5"), *WHOLE[2:]), "line 3: a record '5' at this place"),
        ((*WHOLE[:3], record("21"), WHOLE[3]), "line 4: a record '21' at this place"),
        ((*WHOLE, WHOLE[1]), "line 5: a record '1' at this place"),
    ],
)
def test_records_out_of_order_are_refused(lines: tuple[str, ...], detail: str) -> None:
    with pytest.raises(StatementOrderError) as refused:
        coda(*lines)

    assert (refused.value.code, refused.value.detail) == ("coda.records", detail)


@pytest.mark.parametrize(
    ("account", "kept", "currency"),
    [
        (f"2|{IBAN:34}EUR", IBAN, "EUR"),
        (f"2|{'be68 5390 0754 7034':34}EUR", IBAN, "EUR"),
        (f"3|{'NL91ABNA0417164300':34}EUR", "NL91ABNA0417164300", "EUR"),
        (f"3|{'NL92ABNA0417164300':34}EUR", "NL92ABNA0417164300", "EUR"),
        (f"2|{'':34}   ", None, None),
        ("0|539007547034 EUR0BE", IBAN, "EUR"),
        ("0|539007547035 EUR0BE", "539007547035", "EUR"),
        ("0|000000009797 USD0BE", "BE54000000009797", "USD"),
        ("0|53900754703  EUR0BE", "53900754703", "EUR"),
        ("0|             EUR0BE", None, "EUR"),
        (f"1|{'12-34 abc':34}GBP", "12-34ABC", "GBP"),
        (f"1|{'':34}GBP", None, "GBP"),
    ],
)
def test_account_is_read_by_its_structure(
    account: str, kept: str | None, currency: str | None
) -> None:
    facts = coda(header(), opened(account), closed(), WHOLE[-1])

    assert (facts.accounts, facts.currency) == ((kept,) if kept else (), currency)


def test_unknown_account_structure_is_refused() -> None:
    with pytest.raises(StatementValueError) as refused:
        coda(header(), opened(f"7|{IBAN:34}EUR"), closed(), WHOLE[-1])

    assert (refused.value.code, refused.value.detail) == ("coda.value", "account structure '7'")


def test_several_accounts_and_statements_in_one_file() -> None:
    other = f"3|{'NL91ABNA0417164300':34}USD"
    facts = coda(
        *(header(), opened(), closed(day="020326"), WHOLE[-1]),
        *(header(), opened(number="072"), closed(day="050326")),
        *(opened(other, number="001"), closed(day="310126"), WHOLE[-1]),
    )

    assert [(one.account, one.number) for one in facts.statements] == [
        (IBAN, "071"),
        (IBAN, "072"),
        ("NL91ABNA0417164300", "001"),
    ]
    assert facts.accounts == (IBAN, "NL91ABNA0417164300")
    assert (facts.statement_number, facts.currency) == (None, None)
    assert (facts.period_start, facts.period_end) == (date(2026, 3, 1), date(2026, 3, 5))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("290224", date(2024, 2, 29)),
        ("290200", date(2000, 2, 29)),
        ("311299", date(1999, 12, 31)),
        ("010180", date(1980, 1, 1)),
        ("311279", date(2079, 12, 31)),
        ("000000", None),
        ("      ", None),
    ],
)
def test_year_of_two_digits_falls_in_the_window(text: str, expected: date | None) -> None:
    assert coda(header(), opened(), closed(day=text), WHOLE[-1]).period_end == expected


def test_period_without_dates_is_absent() -> None:
    undated = opened().replace("010326", "000000")
    facts = coda(header(day="000000"), undated, closed(day="000000"), WHOLE[-1])

    assert (facts.period_start, facts.period_end, facts.issue_date) == (None, None, None)


@pytest.mark.parametrize("text", ["290226", "320126", "1-0326", "0103 6", "²10326"])
def test_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(StatementValueError) as refused:
        coda(header(), opened(), closed(day=text), WHOLE[-1])

    assert (refused.value.code, refused.value.detail) == ("coda.value", f"line 3: date {text!r}")


@pytest.mark.parametrize("text", ["2000000000000010", "0 00000000000010", "000000000000001A"])
def test_impossible_balance_is_refused(text: str) -> None:
    with pytest.raises(StatementValueError) as refused:
        coda(header(), opened(), closed(balance=text), WHOLE[-1])

    assert refused.value.detail == f"line 3: amount {text!r}"


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_are_read(version: str) -> None:
    assert coda(header(end=version), *WHOLE[1:]) == coda(*WHOLE)


@pytest.mark.parametrize("version", ["5", " "])
def test_other_versions_are_refused(version: str) -> None:
    with pytest.raises(StatementValueError) as refused:
        coda(header(end=version), *WHOLE[1:])

    assert refused.value.detail == f"version {version!r}"


@pytest.mark.parametrize(("number", "kept"), [("001", "001"), ("000", None), ("   ", None)])
def test_statement_number_is_absent_where_the_bank_does_not_count(
    number: str, kept: str | None
) -> None:
    assert coda(header(), opened(number=number), closed(), WHOLE[-1]).statement_number == kept


@pytest.mark.parametrize(
    ("company", "kept"),
    [
        ("00417710407", "0417710407"),
        ("0417710407", "0417710407"),
        ("00417710408", "00417710408"),
        ("00000000000", None),
        ("", None),
    ],
)
def test_holder_is_named_by_the_header(company: str, kept: str | None) -> None:
    facts = coda(header(name=" CAFÉ  NOIR", company=company), *WHOLE[1:])

    assert facts.holder == Party(name="CAFÉ NOIR", enterprise_number=kept)


def test_holder_without_a_name_has_none() -> None:
    assert coda(header(name="", company=""), *WHOLE[1:]).holder is None


@pytest.mark.parametrize("codec", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_letters_with_accents_keep_the_columns(codec: str) -> None:
    lines = (header(name="CAFÉ NOIR"), *WHOLE[1:])
    kept = records.lines("\n".join(lines).encode(codec))

    assert [line.text for line in kept] == list(lines)


def test_extension_of_an_account_is_no_part_of_its_iban() -> None:
    facts = coda(header(), opened(f"2|{IBAN:31}002EUR"), closed(), WHOLE[-1])

    assert (facts.accounts, facts.currency) == ((IBAN,), "EUR")


def test_first_version_knows_belgian_account_numbers_only() -> None:
    lines = (header(end="1"), opened(" |539007547034 EUR"), closed(""), WHOLE[-1])

    assert coda(*lines).accounts == (IBAN,)


def test_code_page_of_dos_is_told_by_its_control_characters() -> None:
    name = header(name="CAFÉ NOIR").encode("cp850")
    data = b"\n".join([name, *(line.encode() for line in WHOLE[1:])])

    assert read_facts(data, Format.CODA).holder == Party(
        name="CAFÉ NOIR", enterprise_number="0417710407"
    )


def test_holder_of_several_is_named_only_where_all_agree() -> None:
    other = unit(header(name="BROOD NV"), opened(), closed())

    assert coda(*WHOLE, *other).holder is None
    assert coda(*WHOLE, *WHOLE).holder == Party(name="KAAS BV", enterprise_number="0417710407")


def test_copy_is_named_as_one() -> None:
    (one,) = file(header(copy="D"), *WHOLE[1:]).statements

    assert one.is_copy is True
