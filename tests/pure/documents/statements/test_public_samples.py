"""Reads the public files of statements that stand beside the project, where they are present."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.checks import check

FOLDER = Path(__file__).parents[5] / "shared" / "samples" / "bank"
IBAN = "NL26VAYB8060476890"

# name, format, (account, number, opening, closing, movements and their sum) of each statement,
# the findings
FILES = [
    (
        "coda-1.cod",
        Format.CODA,
        [("138536152215", "138", "17752.120", "17832.120", 4, "80.000")],
        [],
    ),
    (
        "coda-2.cod",
        Format.CODA,
        [("BE62354872126588", "074", "25846.000", "23154.685", 1, "-9.680")],
        ["iban.invalid", "balance.mismatch", "account.mismatch"],
    ),
    (
        "coda-3.cod",
        Format.CODA,
        [("001548226815", "255", "4004.100", "-500012.100", 3, "6303.460")],
        ["balance.mismatch", "coda.count", "totals.debit", "totals.credit"],
    ),
    (
        "camt053-v2.xml",
        Format.CAMT053,
        [(IBAN, "12312", "18.15", "-27.00", 1, "8.85")],
        ["currency.mixed", "balance.mismatch"],
    ),
    (
        "camt053-v2-two.xml",
        Format.CAMT053,
        [
            (IBAN, "12312", "18.15", "27.00", 1, "8.85"),
            (IBAN, None, "27.00", "20.00", 1, "-7.00"),
        ],
        [],
    ),
    (
        "camt053-v4.xml",
        Format.CAMT053,
        [(IBAN, "12312", "18.15", "-27.00", 1, "8.85")],
        ["currency.mixed", "balance.mismatch"],
    ),
    (
        "camt053-v8.xml",
        Format.CAMT053,
        [(IBAN, "12312", "18.15", "-27.00", 1, "8.85")],
        ["currency.mixed", "balance.mismatch"],
    ),
    (
        "ing.sta",
        Format.MT940,
        [("0001234567", None, "0.00", "3.47", 7, "-45.59")],
        ["balance.mismatch"],
    ),
    (
        "rabobank.940",
        Format.MT940,
        [
            ("NL71RABO0123456789", None, "1000.00", "965.00", 2, "-35.00"),
            ("NL71RABO0123456789", None, "965.00", "930.00", 2, "-35.00"),
        ],
        ["iban.invalid", "iban.invalid"],
    ),
    (
        "triodos.sta",
        Format.MT940,
        [("TRIODOSBANK/0390123456", "1", "4975.09", "4370.79", 2, "-715.70")],
        ["balance.mismatch"],
    ),
]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the public samples are not here")
@pytest.mark.parametrize(("name", "format_", "expected", "findings"), FILES)
def test_public_statement_is_read_right(
    name: str,
    format_: Format,
    expected: list[tuple[str, str | None, str, str, int, str]],
    findings: list[str],
) -> None:
    file = read((FOLDER / name).read_bytes(), format_)
    found = [
        (
            one.account.number,
            one.number,
            one.opening_balance,
            one.closing_balance,
            len(one.movements),
            one.booked,
        )
        for one in file.statements
    ]

    assert found == [
        (account, number, Decimal(opening), Decimal(closing), count, Decimal(booked))
        for account, number, opening, closing, count, booked in expected
    ]
    assert [each.id for each in check(file)] == findings
