from __future__ import annotations

from dataclasses import replace

from posthorn.documents.render import view_of_statement
from posthorn.documents.render.view import Block, Kind, Row, Value
from tests.pure.documents.render.papers import FILE, PAID, QUIET, STATEMENT


def pairs(rows: tuple[Row, ...]) -> list[tuple[str, str]]:
    return [(row.label, row.value.text) for row in rows]


def shape(block: Block) -> tuple[str, list[str], list[tuple[str, str]]]:
    return block.title, [line.text for line in block.lines], pairs(block.rows)


def test_statement_shows_account_balances_and_movements() -> None:
    view = view_of_statement(FILE, "nl")
    (sheet,) = view.sheets

    assert view.kind is Kind.STATEMENT
    assert (sheet.title, sheet.number, sheet.issuer) == ("Rekeninguittreksel", "7", "De Backer bv")
    assert pairs(sheet.facts) == [
        ("Periode", "tot en met 3 januari 2026"),
        ("Blad", "1"),
        ("Gemaakt op", "4 januari 2026"),
        ("Munt", "EUR"),
    ]
    assert list(map(shape, sheet.parties)) == [
        ("Rekening", ["BE68 5390 0754 7034", "Zichtrekening"], [("BIC", "KREDBEBB")]),
        (
            "Rekeninghouder",
            ["De Backer bv"],
            [("Btw-nummer", "BE0417710407"), ("Ondernemingsnummer", "0417710407")],
        ),
    ]
    assert sheet.key is not None
    assert (sheet.key.label, sheet.key.value.text, sheet.key.note) == (
        "Eindsaldo",
        "1.350,00 EUR",
        "3 januari 2026",
    )
    assert list(map(shape, sheet.key.blocks)) == [
        ("Beginsaldo", ["100,00 EUR"], [("Datum", "1 januari 2026")])
    ]
    assert [(row.label, row.value.text) for row in sheet.totals] == [
        ("Beginsaldo", "100,00"),
        ("Totaal bij", "1.250,00"),
        ("Totaal af", "0,00"),
        ("Eindsaldo", "1.350,00"),
    ]
    assert list(map(shape, sheet.blocks)) == [
        ("Opmerking", ["Dit is een kopie: de bank heeft dit uittreksel eerder verzonden."], []),
        ("Berichten van de bank", ["Nieuwe tarieven"], []),
    ]


def test_movement_stands_with_its_counterparty_and_communication() -> None:
    table = view_of_statement(FILE, "nl").sheets[0].lines

    assert table is not None
    assert [
        ([cell.text for cell in entry.cells], pairs(entry.details), entry.is_part)
        for entry in table.entries
    ] == [
        (
            ["3 januari 2026", "Bakkerij Van Hove", "4 januari 2026", "", "1.250,00"],
            [
                ("Rekening", "BE68 5390 0754 7034"),
                ("BIC", "KREDBEBB"),
                ("Mededeling", "+++090/9337/55493+++"),
                ("Toelichting bank", "SEPA"),
                ("Referentie opdrachtgever (end-to-end)", "E2E-1"),
                ("Kosten van de bank", "0,25"),
                ("Code", "00150000"),
            ],
            False,
        ),
        (
            ["3 januari 2026", "Kosten", "", "USD", "\u221250,00"],
            [("", "Aangekondigd, niet geboekt")],
            False,
        ),
        (["", "deel", "", "", "\u221220,00"], [], True),
    ]


def test_checks_say_what_does_not_add_up() -> None:
    wrong = replace(FILE, statements=(replace(STATEMENT, closing_balance=PAID.amount),))

    checks = view_of_statement(wrong, "nl").checks

    assert view_of_statement(FILE, "nl").checks == Block(
        title="Controles", lines=(Value(text="De controles van dit bestand kloppen."),)
    )
    assert checks is not None
    assert checks.is_warning
    assert [line.text[:64] for line in checks.lines] == [
        "De bewegingen van het uittreksel van BE68539007547034 leiden nie"
    ]


def test_statement_that_says_little_shows_what_there_is() -> None:
    (sheet,) = view_of_statement(QUIET, "en").sheets

    assert (sheet.key, sheet.lines, sheet.totals, sheet.parties) == (None, None, (), ())
    assert list(map(shape, sheet.blocks)) == [("Movements", ["No movements."], [])]
    assert sheet.issuer == ""


def test_closing_balance_alone_has_no_opening_beside_it() -> None:
    alone = replace(
        STATEMENT, opening_balance=None, opening_date=None, movements=(replace(PAID, charges=None),)
    )

    (sheet,) = view_of_statement(replace(FILE, statements=(alone,)), "en").sheets

    assert sheet.key is not None
    assert sheet.key.blocks == ()
