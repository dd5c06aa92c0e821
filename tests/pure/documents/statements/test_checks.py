from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from posthorn.documents.findings import Finding, Severity
from posthorn.documents.model import Format, Statement
from posthorn.documents.statements import read
from posthorn.documents.statements.checks import Continuity, check, continues, continuity
from posthorn.documents.statements.model import (
    Account,
    AccountStatement,
    Discrepancy,
    Movement,
    StatementFile,
)
from tests.pure.documents.statements.samples import CAMT, CODA, MT940

IBAN = "BE68539007547034"
SENTENCES = Path(__file__).parents[4] / "src/posthorn/documents/statements/sentences.toml"
CODES = tomllib.loads(SENTENCES.read_text("utf-8"))


def statement(
    number: str | None = "71",
    opening: str | None = "100",
    closing: str | None = "150",
    *movements: str,
    account: str | None = IBAN,
    page: str | None = None,
    closed: date | None = date(2026, 3, 2),
) -> AccountStatement:
    return AccountStatement(
        account=Account(number=account, currency="EUR"),
        number=number,
        page=page,
        opening_balance=None if opening is None else Decimal(opening),
        opening_currency="EUR",
        closing_balance=None if closing is None else Decimal(closing),
        closing_currency="EUR",
        closing_date=closed,
        movements=tuple(Movement(amount=Decimal(each), currency="EUR") for each in movements),
        line=3,
    )


def checked(*statements: AccountStatement) -> list[Finding]:
    return check(StatementFile(format=Format.CODA, statements=statements))


@pytest.mark.parametrize(
    ("data", "format_"),
    [(CODA, Format.CODA), (CAMT, Format.CAMT053), (MT940, Format.MT940)],
)
def test_right_file_has_no_findings(data: bytes, format_: Format) -> None:
    assert check(read(data, format_)) == []


def test_movements_that_do_not_lead_to_the_new_balance_are_fatal() -> None:
    assert checked(statement("71", "100", "150", "70", "-21")) == [
        Finding(
            id="balance.mismatch",
            line=3,
            values={
                "account": IBAN,
                "number": "71",
                "opening": "100",
                "movements": "49",
                "expected": "149",
                "closing": "150",
            },
        )
    ]


def test_announced_movements_do_not_count() -> None:
    announced = Movement(amount=Decimal(9), currency="USD", is_booked=False)
    one = AccountStatement(
        opening_balance=Decimal(1), closing_balance=Decimal(1), movements=(announced,)
    )

    assert checked(one) == []


@pytest.mark.parametrize(("opening", "closing"), [(None, "150"), ("100", None), (None, None)])
def test_missing_balance_is_a_warning(opening: str | None, closing: str | None) -> None:
    assert checked(statement("71", opening, closing)) == [
        Finding(id="balance.missing", severity=Severity.WARNING, line=3, values={"account": IBAN})
    ]


def chain(*statements: AccountStatement) -> list[tuple[str, Severity]]:
    return [
        (each.id, each.severity) for each in checked(*statements) if each.id != "balance.mismatch"
    ]


def test_statements_that_follow_have_no_findings() -> None:
    assert checked(statement("71", "100", "150", "50"), statement("72", "150", "140", "-10")) == []


def test_gap_names_both_numbers() -> None:
    found = checked(statement("070", "1", "1"), statement("072", "1", "1"))

    assert found == [
        Finding(
            id="sequence.gap",
            severity=Severity.WARNING,
            line=3,
            values={"account": IBAN, "previous": "070", "number": "072"},
        )
    ]


def test_same_number_twice_is_told() -> None:
    assert chain(statement("71"), statement("71")) == [("sequence.duplicate", Severity.WARNING)]


def test_parts_of_one_statement_share_its_number() -> None:
    first, second = statement("71", "1", "2", "1", page="1"), statement("71", "2", "2", page="2")

    assert checked(first, second) == []
    assert chain(first, first) == [("sequence.duplicate", Severity.WARNING)]


def test_balance_that_is_not_taken_up_is_told() -> None:
    found = checked(statement("71", "1", "1"), statement("72", "2", "2"))

    assert found == [
        Finding(
            id="balance.chain",
            severity=Severity.WARNING,
            line=3,
            values={
                "account": IBAN,
                "previous": "71",
                "number": "72",
                "closing": "1",
                "opening": "2",
            },
        )
    ]


def test_statements_of_other_accounts_do_not_follow_each_other() -> None:
    other = statement("90", "5", "5", account="NL91ABNA0417164300")

    assert checked(statement("71", "1", "1"), other, statement("72", "1", "1")) == []


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ("BE68539007547034", []),
        ("BE69539007547034", ["iban.invalid"]),
        ("539007547034", []),
        ("TRIODOSBANK/0390123456", []),
        (None, []),
    ],
)
def test_check_digits_of_an_iban_are_checked(account: str | None, found: list[str]) -> None:
    assert [each.id for each in checked(statement("1", "1", "1", account=account))] == found


def test_amounts_in_several_currencies_are_fatal() -> None:
    one = AccountStatement(
        account=Account(number=IBAN),
        opening_balance=Decimal(1),
        opening_currency="EUR",
        closing_balance=Decimal(1),
        closing_currency="SEK",
    )

    assert checked(one) == [
        Finding(id="currency.mixed", values={"account": IBAN, "currencies": "EUR, SEK"})
    ]


def test_what_the_bank_states_wrongly_is_fatal() -> None:
    stated = Discrepancy(code="coda.count", stated="9", found="4", line=6)
    file = StatementFile(format=Format.CODA, statements=(), discrepancies=(stated,))

    assert check(file) == [Finding(id="coda.count", line=6, values={"stated": "9", "found": "4"})]


@pytest.mark.parametrize(
    ("previous", "following", "expected"),
    [
        (("71", "1", "2"), ("72", "2", "3"), Continuity.CONTINUES),
        (("71", "1", "2"), ("72", "3", "3"), Continuity.BREAKS),
        (("71", "1", "2"), ("73", "2", "3"), Continuity.GAP),
        (("71", "1", "2"), ("70", "2", "3"), Continuity.GAP),
        (("71", "1", "2"), ("71", "2", "3"), Continuity.REPEATS),
        (("071", "1", "2"), ("72", "2", "3"), Continuity.CONTINUES),
        ((None, "1", "2"), ("72", "2", "3"), Continuity.CONTINUES),
        ((None, "1", "2"), (None, "1", "3"), Continuity.BREAKS),
        ((None, "1", None), (None, "1", "3"), Continuity.UNKNOWN),
        (("71", "1", None), ("72", "1", "3"), Continuity.CONTINUES),
        (("71/1", "1", "2"), ("99", "2", "3"), Continuity.CONTINUES),
        (("²", "1", "2"), ("9" * 19, "2", "3"), Continuity.CONTINUES),
    ],
)
def test_continuity_is_told_by_number_and_balance(
    previous: tuple[str | None, str, str | None],
    following: tuple[str | None, str, str],
    expected: Continuity,
) -> None:
    before, after = statement(*previous), statement(*following)

    assert continuity(before, after) is expected
    assert continues(before, after) is (expected is Continuity.CONTINUES)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (date(2025, 12, 31), date(2026, 1, 2), Continuity.CONTINUES),
        (None, date(2026, 1, 2), Continuity.CONTINUES),
        (date(2025, 12, 31), None, Continuity.CONTINUES),
        (date(2026, 1, 2), date(2026, 1, 3), Continuity.GAP),
    ],
)
def test_numbers_start_again_with_a_new_year(
    before: date | None, after: date | None, expected: Continuity
) -> None:
    found = continuity(
        statement("250", "1", "2", closed=before), statement("001", "2", "2", closed=after)
    )

    assert found is expected


def test_first_number_twice_is_no_new_year() -> None:
    assert continuity(statement("1"), statement("1")) is Continuity.REPEATS


def test_statements_of_facts_have_a_continuity_too() -> None:
    before = Statement(number="71", opening_balance=Decimal(1), closing_balance=Decimal(2))

    assert continues(before, Statement(number="72", opening_balance=Decimal(2))) is True


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence_in_four_languages(code: str) -> None:
    templates = CODES[code]
    named = {
        language: sorted(re.findall(r"\{(\w+)\}", text)) for language, text in templates.items()
    }

    assert list(templates) == ["en", "nl", "fr", "de"]
    assert [names == named["en"] for names in named.values()] == [True] * 4


def test_every_finding_has_a_sentence_with_all_its_values() -> None:
    stated = [
        Discrepancy(code=code, stated="1", found="2")
        for code in ("account.mismatch", "coda.count", "totals.count", "totals.debit")
    ]
    others = (Discrepancy(code="totals.credit", stated="1", found="2"),)
    wrong = AccountStatement(
        account=Account(number="BE69539007547034", currency="EUR"),
        number="1",
        opening_balance=Decimal(1),
        opening_currency="USD",
        closing_balance=Decimal(2),
    )
    after = (statement("9"), statement("11"), statement("11"), statement("12"))
    file = StatementFile(
        format=Format.CODA,
        statements=(wrong, *after, statement("13", None)),
        discrepancies=(*stated, *others),
    )
    found = check(file)

    assert {each.id for each in found} == set(CODES)
    assert ["…" in each.message("nl") for each in found] == [False] * len(found)
