from __future__ import annotations

import pytest

from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import (
    Communication,
    CommunicationKind,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)

HEAD = (":20:REF", ":25:BE68539007547034", ":28C:71/1", ":60F:C260301EUR100,00")
TAIL = (":62F:C260302EUR100,00",)


def movement(*body: str) -> Movement:
    data = "\n".join((*HEAD, *body, *TAIL)).encode()
    (one,) = read(data, Format.MT940).statements[0].movements
    return one


def told(*lines: str) -> Movement:
    return movement(":61:260302C1,NTRFNONREF", f":86:{lines[0]}", *lines[1:])


def test_german_parts_are_read() -> None:
    one = told(
        "166?00GUTSCHRIFT?100004770?20SVWZ+Kunden-Nr. 20389020 Ve?21rtrag?22EREF+E2E-1?23MREF+M-1",
        "?30GEBABEBB?31DE89370400440532013000?32Projekt?33 GmbH",
    )

    assert one.counterparty == Counterparty(
        name="Projekt GmbH", account="DE89370400440532013000", bic="GEBABEBB"
    )
    assert one.communications == (Communication(text="Kunden-Nr. 20389020 Vertrag"),)
    assert one.references == (
        Reference(kind=ReferenceKind.END_TO_END, text="E2E-1"),
        Reference(kind=ReferenceKind.MANDATE, text="M-1"),
    )


def test_german_parts_may_be_few() -> None:
    one = told("835?00ABSCHLUSS?20")

    assert (one.counterparty, one.communications) == (Counterparty(), ())


def test_parts_of_ing_are_read() -> None:
    one = told(
        "/EREF/SCT-1//MARF/M1//CSID/NL01ZZZ/CNTP/BE71096123456769/GEBABEBB/Piet",
        " Bakker///REMI/USTD//factuur 12/",
    )

    assert one.counterparty == Counterparty(
        name="Piet Bakker", account="BE71096123456769", bic="GEBABEBB"
    )
    assert one.communications == (Communication(text="factuur 12"),)
    assert [each.text for each in one.references] == ["SCT-1", "M1", "NL01ZZZ"]


def test_structured_remittance_of_ing_is_told_by_its_check_digits() -> None:
    assert told("/REMI/STRD/CUR/090933755493/").communications == (
        Communication(kind=CommunicationKind.BELGIAN, text="090933755493"),
    )


def test_other_account_of_rabobank_stands_under_the_movement() -> None:
    one = movement(
        ":61:260302D25,00N102EREF            ",
        "NL70ABNA0987654321",
        ":86:/EREF/E2E-1/BENM//NAME/TEGENREKENINGH",
        "OUDER/REMI//ISDT/2013-07-11",
    )

    assert one.counterparty == Counterparty(
        name="TEGENREKENINGHOUDER", account="NL70ABNA0987654321"
    )
    assert (one.information, one.communications, one.code) == ((), (), "N102")
    assert one.references == (Reference(kind=ReferenceKind.END_TO_END, text="E2E-1"),)


@pytest.mark.parametrize(
    ("below", "account", "information"),
    [
        ("P001234567", "P001234567", ()),
        ("BE71 0961 2345 6769", "BE71096123456769", ()),
        ("/TRCD/00200/", None, ("/TRCD/00200/",)),
        ("een\ntwee", None, ("een twee",)),
    ],
)
def test_line_below_a_movement_is_an_account_or_a_remark(
    below: str, account: str | None, information: tuple[str, ...]
) -> None:
    one = movement(":61:260302C1,NTRFX", *below.split("\n"))

    assert (one.counterparty.account, one.information) == (account, information)


def test_account_named_twice_is_no_remark() -> None:
    one = movement(":61:260302C1,NTRFX", "BE71096123456769", ":86:/IBAN/BE71096123456769/NAME/X")

    assert (one.counterparty.account, one.information) == ("BE71096123456769", ())


def test_parts_of_triodos_are_read() -> None:
    one = told(
        "000>100987654321", ">20ALGEMENE TUSSENREKENING KOS>21TEN EN M", ">22EER>310390123456"
    )

    assert one.counterparty == Counterparty(account="0987654321")
    assert one.communications == (Communication(text="ALGEMENE TUSSENREKENING KOSTEN EN MEER"),)
    assert told("000>20HUUR").counterparty == Counterparty()


def test_full_lines_go_on_without_a_blank() -> None:
    assert told("A" * 65, "B", "C").communications == (Communication(text="A" * 65 + "B C"),)


@pytest.mark.parametrize("reference", ["NONREF", "EREF", "", "NOTPROVIDED"])
def test_no_reference_is_none(reference: str) -> None:
    assert movement(f":61:260302C1,NTRF{reference}").references == ()
