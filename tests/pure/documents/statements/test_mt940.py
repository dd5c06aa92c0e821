from __future__ import annotations

import logging
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from posthorn.documents.errors import Mt940ValueError
from posthorn.documents.model import Category, Facts, Format, Statement
from posthorn.documents.statements import read, read_facts
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Communication,
    CommunicationKind,
    Counterparty,
    Discrepancy,
    Movement,
    Reference,
    ReferenceKind,
    StatementFile,
)
from tests.pure.documents.statements.samples import MT940

HEAD = (":20:REF", ":25:BE68539007547034", ":28C:71/1", ":60F:C260301EUR100,00")
TAIL = (":62F:C260302EUR100,00",)


def data_of(*lines: str, newline: str = "\n") -> bytes:
    return (newline.join(lines) + newline).encode()


def file(*lines: str) -> StatementFile:
    return read(data_of(*lines), Format.MT940)


def statement(*body: str) -> AccountStatement:
    (one,) = file(*HEAD, *body, *TAIL).statements
    return one


def movement(*body: str) -> Movement:
    (one,) = statement(*body).movements
    return one


def test_statement_is_read_whole() -> None:
    one, other = read(MT940, Format.MT940).statements
    credit, debit = one.movements

    assert one.account == Account(number="BE68539007547034", currency="EUR", bic="KREDBEBB")
    assert (one.number, one.page, one.line) == ("00071", "001", 2)
    assert (one.opening_balance, one.opening_date) == (Decimal("100.00"), date(2026, 3, 1))
    assert (one.closing_balance, one.closing_date) == (Decimal("-60.50"), date(2026, 3, 2))
    assert one.messages == ("TOT ZIENS",)
    assert credit == Movement(
        amount=Decimal("39.50"),
        currency="EUR",
        entry_date=date(2026, 3, 2),
        value_date=date(2026, 3, 3),
        counterparty=Counterparty(name="PIET BAKKER", account="BE71096123456769", bic="GEBABEBB"),
        communications=(Communication(kind=CommunicationKind.BELGIAN, text="090933755493"),),
        references=(
            Reference(kind=ReferenceKind.BANK, text="BANK-1"),
            Reference(kind=ReferenceKind.END_TO_END, text="KLANT-9"),
        ),
        code="NTRF",
    )
    assert (debit.amount, debit.entry_date) == (Decimal(-200), None)
    assert (other.account.number, other.number, other.page) == ("NL91ABNA0417164300", "12", None)
    assert (other.line, other.movements) == (16, ())


def test_facts_name_both_accounts() -> None:
    assert read_facts(MT940, Format.MT940) == Facts(
        format=Format.MT940,
        category=Category.STATEMENT,
        currency="EUR",
        accounts=("BE68539007547034", "NL91ABNA0417164300"),
        period_start=date(2026, 2, 28),
        period_end=date(2026, 3, 2),
        statements=(
            Statement(
                account="BE68539007547034",
                number="00071",
                currency="EUR",
                opening_balance=Decimal("100.00"),
                opening_date=date(2026, 3, 1),
                closing_balance=Decimal("-60.50"),
                closing_date=date(2026, 3, 2),
            ),
            Statement(
                account="NL91ABNA0417164300",
                number="12",
                currency="EUR",
                opening_balance=Decimal("5.00"),
                opening_date=date(2026, 2, 28),
                closing_balance=Decimal("5.00"),
                closing_date=date(2026, 3, 2),
            ),
        ),
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_names_with_accents_are_read(codec: str) -> None:
    data = data_of(*HEAD, ":61:260302C1,NTRFX", ":86:CAFÉ NOIR", *TAIL).decode().encode(codec)
    (one,) = read(data, Format.MT940).statements

    assert one.movements[0].communications == (Communication(text="CAFÉ NOIR"),)


@pytest.mark.parametrize(
    ("balance", "detail"),
    [
        ("C260301EUR", "balance 'C260301EUR'"),
        ("C260301EUR1,2,3", "balance 'C260301EUR1,2,3'"),
        ("X260301EUR1,", "balance 'X260301EUR1,'"),
        ("C260301EUR1234567890123,456", "balance 'C260301EUR1234567890123,456'"),
        ("C260231EUR1,", ":62F:C260231EUR1,"),
    ],
)
def test_balance_that_cannot_be_read_is_refused(balance: str, detail: str) -> None:
    with pytest.raises(Mt940ValueError) as refused:
        file(*HEAD, f":62F:{balance}")

    assert (refused.value.code, refused.value.detail) == ("mt940.value", detail)


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("260302X1,NTRF", "movement '260302X1,NTRF'"),
        ("260302C1,2,3NTRF", "movement '260302C1,2,3NTRF'"),
        ("260302C1234567890123,456NTRF", "movement '260302C1234567890123,456NTRF'"),
        ("261302C1,NTRF", ":61:261302C1,NTRF"),
        ("", "movement ''"),
    ],
)
def test_movement_that_cannot_be_read_is_refused(line: str, detail: str) -> None:
    with pytest.raises(Mt940ValueError) as refused:
        statement(f":61:{line}")

    assert refused.value.detail == detail


def test_amounts_filled_up_with_zeros_are_read() -> None:
    lines = (
        *(":20:R", ":25:A", ":60F:C260301EUR0000000000001000,89"),
        *(":61:260302D0000000000000044,95NTRFX", ":90D:1EUR0000000000000044,95"),
        ":62F:C260302EUR0000000000000000,00",
    )
    read_one = file(*lines)
    (one,) = read_one.statements

    assert (one.opening_balance, one.closing_balance) == (Decimal("1000.89"), Decimal("0.00"))
    assert [move.amount for move in one.movements] == [Decimal("-44.95")]
    assert read_one.discrepancies == ()


def test_zeros_of_a_year_are_no_filling() -> None:
    lines = (":20:R", ":25:A", ":60F:C020301EUR00,50", ":62F:D050302EUR0,", ":90C:0EUR0,00")
    read_one = file(*lines)
    (one,) = read_one.statements

    assert (one.opening_date, one.opening_balance) == (date(2002, 3, 1), Decimal("0.50"))
    assert (one.closing_date, one.closing_balance) == (date(2005, 3, 2), Decimal(0))
    assert read_one.discrepancies == ()


def test_blank_before_the_code_of_a_movement_hides_nothing() -> None:
    one = movement(":61:2603020302D12,35 NRTIREF-1//B-1")

    assert (one.amount, one.code) == (Decimal("-12.35"), "NRTI")
    assert [each.text for each in one.references] == ["B-1", "REF-1"]


def test_movements_without_a_code_are_not_joined() -> None:
    one = statement(":61:260302C1,", ":61:260302D2,", ":86:TWEE")

    assert [move.amount for move in one.movements] == [Decimal(1), Decimal(-2)]
    assert [len(move.communications) for move in one.movements] == [0, 1]


@pytest.mark.parametrize(
    ("mark", "amount"), [("C", "1.50"), ("D", "-1.50"), ("RC", "-1.50"), ("RD", "1.50")]
)
def test_reversals_turn_the_sign(mark: str, amount: str) -> None:
    assert movement(f":61:2603020302{mark}1,50NTRFX").amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("800101", date(1980, 1, 1)), ("791231", date(2079, 12, 31)), ("960229", date(1996, 2, 29))],
)
def test_year_of_two_digits_falls_in_the_window(text: str, expected: date) -> None:
    assert movement(f":61:{text}C1,NTRFX").value_date == expected


def test_entry_of_december_booked_in_january_keeps_its_year() -> None:
    one = movement(":61:2601021231C1,NTRFX")

    assert (one.value_date, one.entry_date) == (date(2026, 1, 2), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("field", "account"),
    [
        (":25:BE68 5390 0754 7034", Account(number="BE68539007547034", currency="EUR")),
        (":25:BE68539007547034 EUR", Account(number="BE68539007547034", currency="EUR")),
        (":25:BE68539007547034EUR", Account(number="BE68539007547034", currency="EUR")),
        (
            ":25:KREDBEBBXXX/BE68539007547034EUR",
            Account(number="BE68539007547034", currency="EUR", bic="KREDBEBBXXX"),
        ),
        (":25:TRIODOSBANK/0390123456", Account(number="TRIODOSBANK/0390123456", currency="EUR")),
        (":25:0001234567", Account(number="0001234567", currency="EUR")),
        (":25:20070000/0123456601EUR", Account(number="20070000/0123456601", currency="EUR")),
        (":25:UBRTHUHB/0123456601/EUR", Account(number="UBRTHUHB/0123456601", currency="EUR")),
        (
            ":25:KREDBEBB/BE68539007547035EUR",
            Account(number="BE68539007547035", currency="EUR", bic="KREDBEBB"),
        ),
        (
            ":25P:BE68539007547034\nKREDBEBB",
            Account(number="BE68539007547034", currency="EUR", bic="KREDBEBB"),
        ),
        (":25:", Account(currency="EUR")),
    ],
)
def test_account_is_found_in_what_banks_put_around_it(field: str, account: Account) -> None:
    (one,) = file(HEAD[0], *field.split("\n"), *HEAD[2:], *TAIL).statements

    assert one.account == account


@pytest.mark.parametrize(
    ("field", "number", "page"),
    [
        (":28C:71", "71", None),
        (":28:13501/1", "13501", "1"),
        (":28C:00000/001", None, "001"),
        (":28C:0", None, None),
        (":28C:", None, None),
        (":13D:2603020930+0100", None, None),
    ],
)
def test_number_and_page_are_read(field: str, number: str | None, page: str | None) -> None:
    (one,) = file(*HEAD[:2], field, HEAD[3], *TAIL).statements

    assert (one.number, one.page) == (number, page)


def test_intermediate_balances_are_balances() -> None:
    (one,) = file(*HEAD[:3], ":60M:C260301EUR1,", ":62M:D260302EUR2,").statements

    assert (one.opening_balance, one.closing_balance) == (Decimal(1), Decimal(-2))


def test_text_before_the_first_movement_is_about_the_statement() -> None:
    one = statement(":86:ALGEMEEN", ":NS:22EXTRA", ":61:260302C1,NTRFX", ":NS:22WEG")

    assert (one.messages, one.movements[0].communications) == (("ALGEMEEN", "22EXTRA"), ())


def test_stated_sums_are_compared() -> None:
    body = (":61:260302C1,NTRFX", ":61:260302D3,NTRFX")
    right = file(*HEAD, *body, *TAIL, ":90D:1EUR3,", ":90C:1EUR1,00")
    wrong = file(*HEAD, *body, *TAIL, ":90D:2EUR4,", ":90C:1EUR1,5")

    assert right.discrepancies == ()
    assert wrong.discrepancies == (
        Discrepancy(code="totals.count", stated="2", found="1", line=1),
        Discrepancy(code="totals.debit", stated="4", found="3", line=1),
        Discrepancy(code="totals.credit", stated="1.5", found="1", line=1),
    )


def test_sum_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Mt940ValueError) as refused:
        file(*HEAD, *TAIL, ":90D:EUR")

    assert refused.value.detail == "sum 'EUR'"


def test_content_is_never_taken_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ":61:260302C1,NTRFX").write_text(":61:260302C9,NTRFX")

    assert movement(":61:260302C1,NTRFX").amount == Decimal(1)


def test_log_never_quotes_the_file(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Mt940ValueError):
        statement(":61:261302C1,NTRFGEHEIM")

    assert "GEHEIM" not in caplog.text
