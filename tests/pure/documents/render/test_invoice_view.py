from __future__ import annotations

from dataclasses import replace

from posthorn.documents.invoice import Invoice, Totals
from posthorn.documents.render import view_of
from posthorn.documents.render.view import Block, Kind, Row, Sheet, Table, Value
from tests.pure.documents.render.papers import CREDIT_NOTE, INVOICE


def sheet_of(invoice: Invoice, language: str = "nl") -> Sheet:
    (sheet,) = view_of(invoice, language).sheets
    return sheet


def pairs(rows: tuple[Row, ...]) -> list[tuple[str, str]]:
    return [(row.label, " ".join(filter(None, (row.value.text, row.value.code)))) for row in rows]


def shape(block: Block) -> tuple[str, list[str], list[tuple[str, str]]]:
    return block.title, [line.text for line in block.lines], pairs(block.rows)


def grid(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in entry.cells] for entry in table.entries]


def test_head_names_the_document_and_its_dates() -> None:
    sheet = sheet_of(INVOICE)

    assert (sheet.title, sheet.number, sheet.issuer) == (
        "Factuur",
        "2026-0042",
        "Schrijnwerkerij De Backer bv",
    )
    assert pairs(sheet.facts) == [
        ("Datum", "5 januari 2026"),
        ("Vervaldatum", "1 februari 2026"),
        ("Btw-datum", "31 december 2025"),
        ("Btw verschuldigd", "op de leveringsdatum 35"),
        ("Periode", "1 december 2025 \u2013 31 december 2025"),
        ("Uw referentie", "Aankoop"),
        ("Uw bestelling", "PO-1"),
        ("Gaat over factuur", "2025-0900 · 30 november 2025"),
    ]


def test_parties_stand_with_their_numbers_and_addresses() -> None:
    seller, buyer, payee, representative, delivery = map(shape, sheet_of(INVOICE).parties)

    assert seller == (
        "Verkoper",
        [
            "Schrijnwerkerij De Backer bv",
            "De Backer Interieur",
            "Nijverheidslaan 14",
            "bus 2",
            "9800 Deinze",
            "België (BE)",
        ],
        [
            ("Btw-nummer", "BE0417710407"),
            ("Ondernemingsnummer", "0417710407 0208"),
            ("Fiscaal nummer", "Vrij"),
            ("Nummer", "5412345000013 0088"),
            ("Elektronisch adres", "0417710407 0208"),
            ("Contact", "Els De Backer"),
            ("Telefoon", "+32 9 000 00 00"),
            ("E-mail", "els@debacker.example"),
            ("", "RPR Gent"),
        ],
    )
    assert buyer == (
        "Koper",
        ["Bakkerij Van Hove nv", "Achterbouw", "Oost-Vlaanderen", "XK"],
        [("Btw-nummer", "BE0403019261")],
    )
    assert payee == ("Begunstigde", ["Factor nv"], [])
    assert representative == (
        "Fiscaal vertegenwoordiger",
        [],
        [("Btw-nummer", "BE0403019261")],
    )
    assert delivery == (
        "Levering",
        ["Werf", "Gent"],
        [("Leveringsdatum", "29 december 2025"), ("Nummer", "L-1")],
    )


def test_legal_information_of_a_party_needs_no_contact() -> None:
    assert INVOICE.seller is not None
    seller = replace(INVOICE.seller, contact=None)

    block = sheet_of(replace(INVOICE, seller=seller)).parties[0]

    assert pairs(block.rows)[-1] == ("", "RPR Gent")


def test_amount_to_pay_stands_with_how_and_when_to_pay_it() -> None:
    key = sheet_of(INVOICE).key

    assert key is not None
    assert (key.label, key.value.text, key.note) == (
        "Te betalen",
        "2.431,20 EUR",
        "Te betalen vóór of op 1 februari 2026",
    )
    assert [shape(block) for block in key.blocks] == [
        (
            "Betaling",
            [],
            [
                ("Betaalwijze", "SEPA-overschrijving 58"),
                ("Rekening", "BE68 5390 0754 7034"),
                ("Op naam van", "De Backer bv"),
                ("BIC", "KREDBEBB"),
                ("Mededeling", "+++090/9337/55493+++"),
            ],
        ),
        (
            "Betaling",
            [],
            [
                ("Betaalwijze", "SEPA-domiciliëring 59"),
                ("Opmerking", "Inning"),
                ("Kaart", "****1234 VISA"),
                ("Kaarthouder", "E. Peeters"),
                ("Mandaat", "M-1"),
                ("Schuldeiser", "BE00ZZZ"),
                ("Te debiteren rekening", "123-456"),
            ],
        ),
    ]


def test_lines_stand_in_columns_with_what_explains_them_below() -> None:
    table = sheet_of(INVOICE).lines

    assert table is not None
    assert [(column.label, column.is_number) for column in table.columns] == [
        ("Nr.", False),
        ("Omschrijving", False),
        ("Aantal", True),
        ("Eenheid", False),
        ("Prijs", True),
        ("Btw", True),
        ("Bedrag (EUR)", True),
    ]
    assert grid(table) == [
        ["1", "Plaatsing werkblad", "2,5", "uur", "65,00", "21 %", "162,50"],
        ["2", "Eiken werkblad", "12", "XYZ", "1.798,9333", "6,50 %", "2.340,00"],
    ]
    assert [cell.pad for cell in table.entries[0].cells] == ["", "", "", "", "00", ",00", ""]
    assert table.entries[0].cells[3] == Value(text="uur", code="HUR")
    assert pairs(table.entries[0].details) == [
        ("", "Ter plaatse"),
        ("Artikelnummer", "PL-1"),
        ("Artikelnummer koper", "K-9"),
        ("Standaardnummer", "5412345000013 0160"),
        ("Classificatie", "72150000 STI"),
        ("Herkomst", "België BE"),
        ("Ploeg", "twee"),
        ("Prijs", "per 1 uur HUR"),
        ("Brutoprijs", "70,00"),
        ("Prijskorting", "5,00"),
        ("Korting", "5,00 · 5 % berekend op 100,00 · Trouw 95"),
        ("Toeslag", "2,00 · Vracht FC"),
        ("Periode", "vanaf 1 december 2025"),
        ("Orderregel", "7"),
        ("Boekingsreferentie", "6130"),
        ("Object", "METER-1 AWV"),
        ("Opmerking", "Per uur"),
    ]
    assert table.entries[1].details == ()


def test_allowances_vat_and_totals_stand_on_their_own() -> None:
    sheet = sheet_of(INVOICE)
    allowances, vat = sheet.tables

    assert grid(allowances) == [
        ["Korting: Trouwe klant", "5 %", "2.500,00", "21 %", "125,00"],
        ["Toeslag: ABC", "", "", "", "45"],
    ]
    assert grid(vat) == [
        ["Normaal tarief", "21 %", "2.420,00", "508,20"],
        ["Normaal tarief", "6,50 %", "8,15", "0,53"],
        ["Vrijgesteld", "", "5,40", "0,00"],
        ["QQ", "", "1,00", ""],
    ]
    assert [pairs(entry.details) for entry in vat.entries[2:]] == [
        [("Vrijstelling", "Art. 44 VATEX-EU-132")],
        [("Vrijstelling", "VATEX-EU-AE")],
    ]
    assert sheet.totals_title == "Totalen · EUR"
    assert [(row.label, row.value.text + row.value.pad, row.is_strong) for row in sheet.totals] == [
        ("Som van de regels", "2.502,50", False),
        ("Kortingen", "125,00", False),
        ("Toeslagen", "45,00", False),
        ("Totaal exclusief btw", "2.422,50", False),
        ("Btw", "508,73", False),
        ("Totaal inclusief btw", "2.931,23", True),
        ("Al betaald", "500,00", False),
        ("Afronding", "\u22120,03", False),
        ("Te betalen", "2.431,20", True),
        ("Btw in USD", "551,10", False),
    ]


def test_notes_references_and_attachments_end_the_document() -> None:
    assert [shape(block) for block in sheet_of(INVOICE).blocks] == [
        ("Betalingsvoorwaarden", ["30 dagen.\n2 % korting binnen 8 dagen."], []),
        ("Opmerkingen", ["Dank u."], []),
        (
            "Referenties",
            [],
            [
                ("Project", "Gent-Zuid"),
                ("Contract", "RK-7"),
                ("Onze order", "SO-1"),
                ("Ontvangstbewijs", "RA-1"),
                ("Verzendbericht", "DA-1"),
                ("Aanbesteding", "T-1"),
                ("Gefactureerd object", "EAN-1 ABT"),
                ("Boekingsreferentie", "7000"),
            ],
        ),
        (
            "Bijlagen",
            [],
            [
                ("2026-0042", "CommercialInvoice · f.pdf · application/pdf · 5 bytes"),
                ("plan", "http://169.254.169.254/plan.pdf"),
                ("leeg", "—"),
            ],
        ),
        (
            "Over dit document",
            [],
            [
                ("Soort", "Handelsfactuur 380"),
                ("Munt", "EUR"),
                ("Proces", "urn:process"),
                ("Specificatie", "urn:specification"),
            ],
        ),
    ]


def test_credit_note_has_its_own_title_kind_and_amount() -> None:
    view = view_of(CREDIT_NOTE, "fr")
    (sheet,) = view.sheets

    assert (view.kind, sheet.title) == (Kind.CREDIT_NOTE, "Note de crédit")
    assert sheet.key is not None
    assert (sheet.key.label, sheet.totals[-2].label) == ("À créditer", "À créditer")


def test_empty_invoice_shows_a_title_and_nothing_else() -> None:
    assert sheet_of(Invoice(), "en") == Sheet(title="Invoice", totals_title="Totals")


def test_invoice_that_names_no_due_date_still_shows_its_amount() -> None:
    key = sheet_of(Invoice(totals=Totals(payable=INVOICE.totals.payable))).key

    assert key is not None
    assert (key.value.text, key.note, key.blocks) == ("2.431,20", "", ())


def test_currency_that_is_none_stands_in_no_heading() -> None:
    sheet = sheet_of(replace(INVOICE, currency="</style>"))

    assert sheet.lines is not None
    assert sheet.lines.columns[-1].label == "Bedrag"
    assert sheet.totals_title == "Totalen"
    assert sheet.key is not None
    assert sheet.key.value.text == "2.431,20 </style>"
