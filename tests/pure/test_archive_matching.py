from __future__ import annotations

from uuid import UUID

import pytest

from posthorn.archive.directions import Direction
from posthorn.archive.matching import Basis, Given, Match, Problem, match
from posthorn.archive.parties import Identities, identities_of, packed, registration, unpacked
from posthorn.documents import Category, Facts, Format, Party
from posthorn.tenancy.numbers import Number, endpoint, enterprise, iban, vat

BAKERY, PRINTER = UUID(int=1), UUID(int=2)
BAKERY_VAT, PRINTER_VAT, STRANGER_VAT = (
    vat("BE0417497106"),
    vat("BE0203201340"),
    vat("BE0404616494"),
)
ACCOUNT = iban("BE68539007547034")
BOTH = {BAKERY_VAT: BAKERY, PRINTER_VAT: PRINTER}
PURCHASE, SALES, NONE = Direction.PURCHASE, Direction.SALES, Direction.NONE


def named(seller: Number | None, buyer: Number | None) -> Identities:
    return Identities(seller=(seller,) if seller else (), buyer=(buyer,) if buyer else ())


def found(client: UUID, direction: Direction, basis: Basis) -> Match:
    return Match(client=client, direction=direction, client_basis=basis, direction_basis=basis)


@pytest.mark.parametrize(
    ("identities", "owners", "direction", "expected"),
    [
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            {BAKERY_VAT: BAKERY},
            NONE,
            found(BAKERY, PURCHASE, Basis.BUYER),
            id="the buyer is a client",
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            {PRINTER_VAT: PRINTER},
            NONE,
            found(PRINTER, SALES, Basis.SELLER),
            id="the seller is a client",
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            BOTH,
            NONE,
            Match(problem=Problem.BOTH_SIDES),
            id="both are clients and nobody said which",
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            BOTH,
            PURCHASE,
            Match(
                client=BAKERY,
                direction=PURCHASE,
                client_basis=Basis.BUYER,
                direction_basis=Basis.GIVEN,
            ),
            id="both are clients and it was bought",
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            BOTH,
            SALES,
            Match(
                client=PRINTER,
                direction=SALES,
                client_basis=Basis.SELLER,
                direction_basis=Basis.GIVEN,
            ),
            id="both are clients and it was sold",
        ),
        pytest.param(
            named(PRINTER_VAT, STRANGER_VAT),
            {BAKERY_VAT: BAKERY},
            NONE,
            Match(problem=Problem.UNKNOWN_CLIENT),
            id="neither is a client",
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT),
            {BAKERY_VAT: BAKERY},
            SALES,
            Match(direction=SALES, direction_basis=Basis.GIVEN, problem=Problem.UNKNOWN_CLIENT),
            id="the client is on the other side",
        ),
        pytest.param(
            named(None, None),
            BOTH,
            NONE,
            Match(problem=Problem.UNKNOWN_CLIENT),
            id="nobody is named",
        ),
        pytest.param(
            named(BAKERY_VAT, BAKERY_VAT),
            {BAKERY_VAT: BAKERY},
            NONE,
            Match(problem=Problem.BOTH_SIDES),
            id="a client invoices itself",
        ),
        pytest.param(
            Identities(buyer=(BAKERY_VAT, PRINTER_VAT)),
            BOTH,
            NONE,
            Match(problem=Problem.SEVERAL_CLIENTS),
            id="one side names two clients",
        ),
        pytest.param(
            named(PRINTER_VAT, endpoint("0208:0417497106")),
            {enterprise("0417497106"): BAKERY},
            NONE,
            found(BAKERY, PURCHASE, Basis.BUYER),
            id="another way to write the number",
        ),
    ],
)
def test_whose_an_invoice_is(
    identities: Identities,
    owners: dict[Number, UUID],
    direction: Direction,
    expected: Match,
) -> None:
    assert match(identities, owners, Given(direction=direction), is_statement=False) == expected


@pytest.mark.parametrize(
    ("identities", "direction", "expected_direction", "basis", "problem"),
    [
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT), NONE, PURCHASE, Basis.BUYER, None, id="buyer fits"
        ),
        pytest.param(
            named(BAKERY_VAT, PRINTER_VAT), NONE, SALES, Basis.SELLER, None, id="seller fits"
        ),
        pytest.param(
            named(PRINTER_VAT, BAKERY_VAT), PURCHASE, PURCHASE, Basis.GIVEN, None, id="as told"
        ),
        pytest.param(
            named(PRINTER_VAT, STRANGER_VAT),
            PURCHASE,
            PURCHASE,
            Basis.GIVEN,
            Problem.WRONG_CLIENT,
            id="another buyer",
        ),
        pytest.param(
            named(STRANGER_VAT, BAKERY_VAT),
            SALES,
            SALES,
            Basis.GIVEN,
            Problem.WRONG_CLIENT,
            id="another seller",
        ),
        pytest.param(
            named(PRINTER_VAT, STRANGER_VAT),
            NONE,
            NONE,
            Basis.NONE,
            Problem.WRONG_CLIENT,
            id="neither side",
        ),
        pytest.param(
            named(BAKERY_VAT, BAKERY_VAT),
            NONE,
            NONE,
            Basis.NONE,
            Problem.BOTH_SIDES,
            id="both sides",
        ),
        pytest.param(named(None, None), PURCHASE, PURCHASE, Basis.GIVEN, None, id="no numbers"),
        pytest.param(
            named(None, None), NONE, NONE, Basis.NONE, Problem.NO_DIRECTION, id="nothing told"
        ),
    ],
)
def test_a_given_client_is_kept_and_what_speaks_against_it_is_said(
    identities: Identities,
    direction: Direction,
    expected_direction: Direction,
    basis: Basis,
    problem: Problem | None,
) -> None:
    given = Given(client=BAKERY, direction=direction)
    assert match(identities, {BAKERY_VAT: BAKERY}, given, is_statement=False) == Match(
        client=BAKERY,
        direction=expected_direction,
        client_basis=Basis.GIVEN,
        direction_basis=basis,
        problem=problem,
    )


def test_a_partys_numbers_are_taken_in_every_scheme() -> None:
    facts = Facts(
        format=Format.UBL_INVOICE,
        category=Category.INVOICE,
        seller=Party(
            vat_number="BE0203201340",
            enterprise_number="0203201340",
            enterprise_scheme="0208",
            endpoint="0203201340",
            endpoint_scheme="0208",
        ),
        buyer=Party(
            vat_number="WRONG 12",
            enterprise_number="33014286",
            enterprise_scheme="0106",
            endpoint="00000001234567890000",
            endpoint_scheme="0190",
        ),
        accounts=("BE68539007547034",),
    )

    identities = identities_of(facts)

    assert identities == Identities(
        seller=(PRINTER_VAT, enterprise("0203201340"), endpoint("0208:0203201340")),
        buyer=(vat("WRONG12"), enterprise("33014286"), endpoint("0190:00000001234567890000")),
        accounts=(ACCOUNT,),
    )
    assert unpacked(packed(identities)) == identities


@pytest.mark.parametrize(
    "number",
    [
        PRINTER_VAT,
        enterprise("0203201340"),
        endpoint("0208:0203201340"),
        endpoint("9925:BE0203201340"),
    ],
)
def test_a_registration_is_one_text_however_it_is_written(number: Number) -> None:
    assert registration((number,)) == "endpoint:0208:0203201340"
    assert registration(()) == ""
