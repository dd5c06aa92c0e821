"""A Company Code names an administration, in the seven steps of the way people type it."""

from __future__ import annotations

import pytest

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.companies import normalised
from posthorn.connectors.exact_online.tests.fake import FakeExact, answer, division
from posthorn.connectors.exact_online.tests.offices import context
from posthorn.connectors.exact_online.tests.test_delivering import Remembers, remembering
from posthorn.sdk import CODE, ENTERPRISE_NUMBER, OWNER, VAT_NUMBER, Match, Outcome

EXACT = exact_online()


def matches(typed: str, *rows: dict[str, object]) -> list[Match]:
    fake = FakeExact()
    if rows:
        fake.tables["system/Divisions"] = list(rows)
    return list(EXACT.matches(context(fake), "company", typed))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", "7"), (" 007 ", "7"), ("0.7", "7"), (".7", "7"), ("7\u00a0", "7"),
        ("3 400 123", "3400123"), ("", None), ("000", None), ("7a", None), ("-7", None),
        ("\u0667", None), ("7" * 19, None),
    ],
)  # fmt: skip
def test_typed_code_loses_zeros_dots_and_blanks(typed: str, number: str | None) -> None:
    assert normalised(typed) == number


def test_code_names_the_company_with_what_tells_it_apart() -> None:
    assert matches("007") == [
        Match(
            value="3400123",
            label="Bakkerij Janssens BV",
            facts={
                CODE: "7",
                VAT_NUMBER: "BE0123456749",
                OWNER: "Kantoor Maes",
                "country": "BE",
            },
        )
    ]


def test_the_number_in_the_register_of_companies_is_told_where_there_is_one() -> None:
    [match] = matches("7", division(9, "7", "Bakkerij", ChamberOfCommerceNumber="12345678"))

    assert match.facts[ENTERPRISE_NUMBER] == "12345678"


def test_number_from_the_address_names_it_too_and_says_so() -> None:
    [match] = matches("3400123")

    assert (match.value, match.remark) == ("3400123", "typed_address_number")


def test_code_goes_before_a_number_of_an_address() -> None:
    found = matches("8", division(8, "1", "By address"), division(9, "8", "By code"))

    assert [(match.label, match.remark) for match in found] == [("By code", "")]


def test_same_code_in_several_licences_lists_them_all() -> None:
    found = matches(
        "1",
        division(1, "1", "Ours"),
        division(2, "1", "Theirs", CustomerName="Zeevis", VATNumber=None),
    )

    assert [(match.label, match.facts[OWNER], match.facts[VAT_NUMBER]) for match in found] == [
        ("Ours", "Kantoor Maes", "BE0123456749"),
        ("Theirs", "Zeevis", ""),
    ]


@pytest.mark.parametrize("typed", ["9", "no code", "7; 8"])
def test_unknown_code_names_nothing(typed: str) -> None:
    assert matches(typed) == []


@pytest.mark.parametrize("status", [0, 2])
def test_company_that_is_not_active_is_shown_and_blocked(status: int) -> None:
    [match] = matches("7", division(1, "7", "Old", Status=status))

    assert match.blocked == "company_not_active"


def test_company_that_is_being_converted_is_remarked_and_can_be_chosen() -> None:
    [match] = matches("7", division(1, "7", "Busy", BlockingStatus=3))

    assert (match.remark, match.blocked) == ("company_busy", "")


def test_nothing_typed_lists_all_by_code_over_every_page() -> None:
    rows = [division(number, str(200 - number), f"Client {number}") for number in range(1, 151)]

    found = matches("", *rows)

    assert [match.value for match in found] == [str(number) for number in range(150, 0, -1)]


def test_list_is_asked_for_once_in_ten_minutes() -> None:
    fake, memory = FakeExact(), Remembers()

    for typed in ("", "7", "8"):
        EXACT.matches(remembering(fake, memory), "company", typed)

    assert [url for _, url, _ in fake.calls] == [
        "/api/v1/current/Me",
        "/api/v1/3400001/system/Divisions",
    ]


def test_company_of_no_other_field_is_named() -> None:
    assert EXACT.matches(context(), "folder", "7") == []


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/api/v1/1/system/Divisions?$skiptoken=1",
        "http://start.exactonline.be/api/v1/1/system/Divisions?$skiptoken=1",
        "https://start.exactonline.be@elsewhere.example/api/v1/1/x",
        "https://start.exactonline.be/docs/steal",
        "//elsewhere.example/api/v1/1/x",
    ],
)
def test_next_page_is_never_asked_of_another_place(address: str) -> None:
    fake = FakeExact()
    page = answer(200, {"d": {"results": [], "__next": address}})
    fake.on_read = lambda url: page if url.endswith("Divisions") else None

    with pytest.raises(Outcome) as caught:
        EXACT.matches(context(fake), "company", "")

    assert caught.value.code == "odd_answer"
    assert len(fake.calls) == 2


def test_list_that_never_ends_ends() -> None:
    fake = FakeExact()
    page = answer(
        200,
        {"d": {"results": [], "__next": "https://start.exactonline.be/api/v1/1/x?$skiptoken=1"}},
    )
    fake.on_read = lambda url: None if url.endswith("Me") else page

    assert EXACT.matches(context(fake), "company", "") == []
    assert len(fake.calls) == 1 + 101


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer(200, {"d": {"results": []}}), "odd_answer"),
        (answer(200, {"d": {"results": [{"UserID": None}]}}), "authorization_lost"),
        (answer(401), "authorization_lost"),
        (answer(503), "exact_unavailable"),
        (answer(500), "lookup_failed"),
    ],
)
def test_sign_in_that_cannot_be_read_is_no_account(said: object, code: str) -> None:
    fake = FakeExact()
    fake.on_read = lambda _: said  # type: ignore[assignment,return-value]  # an answer

    with pytest.raises(Outcome) as caught:
        EXACT.account(context(fake))

    assert caught.value.code == code
