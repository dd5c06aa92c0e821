"""Whose a file of bank statements is: each of its accounts must be its client's."""

from __future__ import annotations

from uuid import UUID

import pytest

from posthorn.archive.matching import Basis, Given, Match, Problem, match
from posthorn.archive.parties import Identities
from posthorn.tenancy.numbers import iban, vat

BAKERY, PRINTER = UUID(int=1), UUID(int=2)
BAKERY_VAT = vat("BE0417497106")
ACCOUNT = iban("BE68539007547034")


@pytest.mark.parametrize(
    ("identities", "given", "expected"),
    [
        pytest.param(
            Identities(accounts=(ACCOUNT,)),
            None,
            Match(client=BAKERY, client_basis=Basis.ACCOUNT),
            id="the account's",
        ),
        pytest.param(
            Identities(holder=(BAKERY_VAT,)),
            None,
            Match(client=BAKERY, client_basis=Basis.HOLDER),
            id="the holder's",
        ),
        pytest.param(
            Identities(accounts=(iban("NL91ABNA0417164300"),)),
            None,
            Match(problem=Problem.UNKNOWN_CLIENT),
            id="nobody's",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT, iban("BE71096123456769"))),
            None,
            Match(problem=Problem.SEVERAL_CLIENTS),
            id="two clients'",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT, iban("NL91ABNA0417164300"))),
            None,
            Match(problem=Problem.SEVERAL_CLIENTS),
            id="a client's and nobody's",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT, iban("")), holder=(BAKERY_VAT,)),
            None,
            Match(client=BAKERY, client_basis=Basis.ACCOUNT),
            id="a client's and one without a number, of the same holder",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT,) * 1_001),
            BAKERY,
            Match(client=BAKERY, client_basis=Basis.GIVEN, problem=Problem.SEVERAL_CLIENTS),
            id="more accounts than are looked at",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT, iban("NL91ABNA0417164300"))),
            BAKERY,
            Match(client=BAKERY, client_basis=Basis.GIVEN, problem=Problem.SEVERAL_CLIENTS),
            id="given, with an account that nobody has",
        ),
        pytest.param(
            Identities(accounts=(ACCOUNT,)),
            PRINTER,
            Match(client=PRINTER, client_basis=Basis.GIVEN, problem=Problem.WRONG_CLIENT),
            id="given to another",
        ),
        pytest.param(
            Identities(),
            PRINTER,
            Match(client=PRINTER, client_basis=Basis.GIVEN),
            id="given, without an account",
        ),
    ],
)
def test_whose_a_statement_is(identities: Identities, given: UUID | None, expected: Match) -> None:
    owners = {ACCOUNT: BAKERY, BAKERY_VAT: BAKERY, iban("BE71096123456769"): PRINTER}
    assert match(identities, owners, Given(client=given), is_statement=True) == expected
