from __future__ import annotations

from uuid import UUID

import pytest

from posthorn.tenancy.access import (
    Viewer,
    is_reached,
    may_read_documents,
    may_read_ledger,
    may_work_documents,
)
from posthorn.tenancy.errors import BadNumberError
from posthorn.tenancy.life import LIFE, ClientState, may_become
from posthorn.tenancy.numbers import (
    Number,
    NumberScheme,
    endpoint,
    enterprise,
    equivalents,
    iban,
    normalised,
    vat,
)
from posthorn.tenancy.roles import PERMISSIONS, Permission, Role, is_allowed

CLIENT, OTHER = UUID(int=1), UUID(int=2)
ADMINISTRATOR = Viewer(role=Role.ADMINISTRATOR)
MANAGER = Viewer(role=Role.CLIENT_MANAGER)
ASSIGNED = Viewer(role=Role.ACCOUNTANT, assigned=frozenset({CLIENT}))
NEW = Viewer(role=Role.ACCOUNTANT)
OWN = Viewer(own=frozenset({CLIENT}))
NOBODY = Viewer()


@pytest.mark.parametrize(
    ("viewer", "reached", "other"),
    [
        (ADMINISTRATOR, True, True),
        (MANAGER, True, True),
        (ASSIGNED, True, False),
        (NEW, False, False),
        (OWN, True, False),
        (NOBODY, False, False),
    ],
)
def test_who_reaches_which_client(viewer: Viewer, *, reached: bool, other: bool) -> None:
    assert (is_reached(viewer, CLIENT), is_reached(viewer, OTHER)) == (reached, other)


@pytest.mark.parametrize(
    ("viewer", "active", "unassigned", "over", "ledger_after"),
    [
        (ADMINISTRATOR, True, True, False, True),
        (MANAGER, False, False, False, False),
        (ASSIGNED, True, False, False, False),
        (NEW, False, False, False, False),
        (OWN, True, False, True, True),
        (NOBODY, False, False, False, False),
    ],
)
@pytest.mark.parametrize("end", [ClientState.ARCHIVED, ClientState.LOST])
def test_who_reads_documents(
    viewer: Viewer,
    end: ClientState,
    *,
    active: bool,
    unassigned: bool,
    over: bool,
    ledger_after: bool,
) -> None:
    assert may_read_documents(viewer, CLIENT, ClientState.ACTIVE, shares=True) is active
    assert may_read_documents(viewer, None, None, shares=False) is unassigned
    assert may_read_documents(viewer, CLIENT, end, shares=True) is over
    assert may_read_ledger(viewer, CLIENT, end) is ledger_after


@pytest.mark.parametrize("viewer", [ADMINISTRATOR, MANAGER, ASSIGNED, NEW, OWN, NOBODY])
def test_nobody_works_on_documents_of_a_client_that_left(viewer: Viewer) -> None:
    assert may_work_documents(viewer, CLIENT, ClientState.LOST, shares=True) is False


def test_an_accountant_works_on_assigned_clients_alone() -> None:
    assert may_work_documents(ASSIGNED, CLIENT, ClientState.ACTIVE, shares=True) is True
    assert may_work_documents(ASSIGNED, OTHER, ClientState.ACTIVE, shares=True) is False


def test_only_an_administrator_manages_people_and_connections() -> None:
    for permission in (Permission.MANAGE_PEOPLE, Permission.MANAGE_CONNECTIONS):
        allowed = [role for role in Role if is_allowed(role, permission)]
        assert allowed == [Role.ADMINISTRATOR]
    assert set(PERMISSIONS) == set(Role)


def test_a_firm_brings_no_lost_client_back() -> None:
    assert [state for state in ClientState if may_become(ClientState.LOST, state)] == []
    assert set(LIFE) == set(ClientState)
    assert not any(may_become(state, state) for state in ClientState)


@pytest.mark.parametrize(
    ("scheme", "text", "country", "expected"),
    [
        ("vat", "be 0417.497.106", "BE", vat("BE0417497106")),
        ("vat", "417 497 106", "BE", vat("BE0417497106")),
        ("vat", "NL004495445B01", "BE", vat("NL004495445B01")),
        ("enterprise", "0417.497.106", "BE", enterprise("0417497106")),
        ("enterprise", "BE0417497106", "BE", enterprise("0417497106")),
        ("enterprise", "33 014 286", "NL", enterprise("33014286")),
        ("enterprise", "552 100 554", "FR", enterprise("552100554")),
        ("endpoint", "0208:0417497106", "BE", endpoint("0208:0417497106")),
        ("endpoint", "9925:BE0417497106", "BE", endpoint("9925:BE0417497106")),
        ("endpoint", "0106:33014286", "NL", endpoint("0106:33014286")),
        ("endpoint", "0088:5412345000013", "BE", endpoint("0088:5412345000013")),
        ("iban", "be68 5390 0754 7034", "BE", iban("BE68539007547034")),
    ],
)
def test_a_number_is_written_in_one_way(
    scheme: str, text: str, country: str, expected: Number
) -> None:
    assert normalised(NumberScheme(scheme), text, country=country) == expected


@pytest.mark.parametrize(
    ("scheme", "text", "country"),
    [
        ("vat", "BE0417497107", "BE"),
        ("vat", "XX123", "BE"),
        ("vat", "", "BE"),
        ("enterprise", "0417497107", "BE"),
        ("enterprise", "3301428", "NL"),
        ("enterprise", "", "FR"),
        ("endpoint", "0208:0417497107", "BE"),
        ("endpoint", "0417497106", "BE"),
        ("endpoint", "0088:5412345000014", "BE"),
        ("endpoint", "0208:", "BE"),
        ("iban", "BE69539007547034", "BE"),
        ("iban", "539-0075470-34", "BE"),
    ],
)
def test_a_number_with_wrong_check_digits_is_refused(scheme: str, text: str, country: str) -> None:
    with pytest.raises(BadNumberError) as refused:
        normalised(NumberScheme(scheme), text, country=country)
    assert refused.value.values == {"number": text}


BELGIAN = {
    vat("BE0417497106"),
    enterprise("0417497106"),
    endpoint("0208:0417497106"),
    endpoint("9925:BE0417497106"),
}


@pytest.mark.parametrize("number", sorted(BELGIAN, key=str))
def test_a_belgian_registration_is_one_however_it_is_written(number: Number) -> None:
    assert equivalents(number) == BELGIAN


@pytest.mark.parametrize(
    ("number", "others"),
    [
        (enterprise("33014286"), {endpoint("0106:33014286")}),
        (endpoint("0106:33014286"), {enterprise("33014286")}),
        (vat("NL004495445B01"), {endpoint("9944:NL004495445B01")}),
        (endpoint("9944:NL004495445B01"), {vat("NL004495445B01")}),
        (vat("FR40303265045"), set()),
        (iban("BE68539007547034"), set()),
        (endpoint("0088:5412345000013"), set()),
    ],
)
def test_other_registrations_have_their_own_equals(number: Number, others: set[Number]) -> None:
    assert equivalents(number) - {number} == others
