from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from posthorn.documents.errors import StatementValueError
from posthorn.documents.model import Format
from posthorn.documents.statements import read
from posthorn.documents.statements.model import (
    AccountStatement,
    Communication,
    CommunicationKind,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)
from tests.pure.documents.statements.coda_lines import (
    closed,
    data_of,
    header,
    information,
    movement,
    opened,
    second,
    third,
    trailer,
    unit,
)


def statement(*body: str) -> AccountStatement:
    (one,) = read(data_of(unit(header(), opened(), *body, closed())), Format.CODA).statements
    return one


def test_movement_is_read_whole() -> None:
    (one,) = statement(
        movement("HUUR MAART", value="-750.25", code="00101000"),
        second("  2026"),
        third("EN APRIL"),
        information("001BAKKER PIET", kind="1"),
        information("MARKT 3                            9000 GENT", part="2"),
    ).movements

    assert one == Movement(
        amount=Decimal("-750.250"),
        currency="EUR",
        entry_date=date(2026, 3, 3),
        value_date=date(2026, 3, 2),
        counterparty=Counterparty(name="BAKKER PIET", account="BE71096123456769", bic="GEBABEBB"),
        communications=(Communication(text="HUUR MAART 2026 EN APRIL"),),
        information=("BAKKER PIET MARKT 3 9000 GENT",),
        references=(
            Reference(kind=ReferenceKind.BANK, text="BANKREF1"),
            Reference(kind=ReferenceKind.CUSTOMER, text="KLANTREF"),
        ),
        code="00101000",
    )


@pytest.mark.parametrize("code", ["101", "102"])
def test_belgian_structured_communication_is_twelve_digits(code: str) -> None:
    (one,) = statement(movement(f"{code}090933755493", kind="1")).movements

    assert one.communications == (
        Communication(kind=CommunicationKind.BELGIAN, text="090933755493", code=code),
    )


def test_check_digits_that_fail_are_structured_and_not_belgian() -> None:
    (one,) = statement(movement("101090933755494  813", kind="1")).movements

    assert one.communications == (
        Communication(kind=CommunicationKind.STRUCTURED, text="090933755494", code="101"),
        Communication(text="813"),
    )


def test_other_structures_keep_their_code() -> None:
    (one,) = statement(movement("103090933755493", kind="1")).movements

    assert one.communications == (
        Communication(kind=CommunicationKind.STRUCTURED, text="090933755493", code="103"),
    )


def test_structured_communication_without_text_is_none() -> None:
    (one,) = statement(movement("", kind="1")).movements

    assert one.communications == ()


def test_direct_debit_names_creditor_mandate_and_message() -> None:
    told = f"{'127020326120BE02ZZZ0417710407':47}{'MANDAAT-2026-01':35}{'ABONNEMENT':62}"
    (one,) = statement(
        movement(told[:53], kind="1", value="-9.99"), second(told[53:106]), third(told[106:145])
    ).movements

    assert one.communications == (Communication(text="ABONNEMENT"),)
    assert one.references[2:] == (
        Reference(kind=ReferenceKind.CREDITOR, text="BE02ZZZ0417710407"),
        Reference(kind=ReferenceKind.MANDATE, text="MANDAAT-2026-01"),
    )


def test_movement_without_parts_has_no_counterparty() -> None:
    (one,) = statement(movement()).movements

    assert (one.counterparty, one.communications) == (Counterparty(), ())
    assert one.references == (Reference(kind=ReferenceKind.BANK, text="BANKREF1"),)


@pytest.mark.parametrize(
    ("account", "kept"),
    [
        ("BE71 0961 2345 6769", "BE71096123456769"),
        (f"{'BE71096123456769':34}EUR", "BE71096123456769"),
        ("539007547034", "BE68539007547034"),
        ("539007547034 EUR0BE", "BE68539007547034"),
        ("310180203454", "BE42310180203454"),
        ("310180203455", "310180203455"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("", None),
    ],
)
def test_account_of_the_counterparty_comes_without_a_structure(
    account: str, kept: str | None
) -> None:
    (one,) = statement(movement(), third(account=account)).movements

    assert one.counterparty.account == kept


def test_name_of_the_counterparty_may_stand_in_the_information_only() -> None:
    (one,) = statement(
        movement(),
        information("vrije tekst"),
        information("001AMERICAN EXPRESS", kind="1"),
    ).movements

    assert one.counterparty == Counterparty(name="AMERICAN EXPRESS")


def test_information_in_free_text_goes_on_over_records() -> None:
    (one,) = statement(
        movement(),
        information("FACTUUR 12 VAN DE" + " " * 54 + "BA"),
        information("KKER", detail="0002"),
        information("OP 2 MAART", part="2", detail="0002"),
        information("2026", part="3", detail="0002"),
    ).movements

    assert one.information == ("FACTUUR 12 VAN DE BAKKER OP 2 MAART 2026",)


def test_details_are_parts_of_the_movement_before_them() -> None:
    one, other = statement(
        movement(value="-9.68", code="33537000"),
        movement(detail="0001", value="-8", code="83537100"),
        movement("BTW", detail="0002", value="-1.68", code="83537101"),
        information("UITLEG", detail="0003"),
        movement(number="0002", value="4"),
    ).movements

    assert [part.amount for part in one.details] == [Decimal("-8.000"), Decimal("-1.680")]
    assert [part.information for part in one.details] == [(), ("UITLEG",)]
    assert (one.amount, one.information, other.amount) == (Decimal("-9.680"), (), Decimal(4))


def test_details_that_start_again_at_zero_stay_parts() -> None:
    one, other = statement(
        movement(value="3", code="10107000"),
        movement(detail="9999", value="1", code="50107000"),
        movement(detail="0000", value="2", code="50107000"),
        movement(detail="0000", value="5", code="00107000"),
    ).movements

    assert [part.amount for part in one.details] == [Decimal(1), Decimal(2)]
    assert other.amount == Decimal(5)


def test_detail_without_a_movement_before_it_is_one_itself() -> None:
    (one,) = statement(movement(detail="0001", value="5")).movements

    assert one.amount == Decimal(5)


def test_information_of_no_movement_is_about_the_statement() -> None:
    one = statement(information("ALGEMEEN"), movement(), information("ANDERS", number="0009"))

    assert one.movements[0].information == ()
    assert one.messages == ("ALGEMEEN", "ANDERS")


def test_movement_in_letters_is_refused() -> None:
    bad = movement().replace("0000000000025000", "00000000000250X0")
    lines = (header(), opened(), bad, closed(), trailer(header()))
    with pytest.raises(StatementValueError) as refused:
        read(data_of(lines), Format.CODA)

    assert refused.value.detail == "line 3: amount '00000000000250X0'"
