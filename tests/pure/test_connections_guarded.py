from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.connections.guarded import (
    Setup,
    changes_between,
    folded,
    masked,
    place_of,
    told,
    values_of,
)
from posthorn.connectors.email_delivery.spec import SPEC
from posthorn.sdk import Kind, Text, same_words

FIELDS = SPEC.client_settings
APART = {"purchase_address": "in@x.example", "sales_address": "out@x.example"}


def _setup(routes: dict[str, str] | None = None, /, **settings: str) -> Setup:
    return Setup(settings=settings, routes=routes or {})


@pytest.mark.parametrize(
    ("setup", "sales"),
    [
        (_setup(**APART), "out@x.example"),
        (_setup(**APART, same_address="on"), "in@x.example"),
        (_setup({"sales": "same_as:purchase"}, **APART), "in@x.example"),
        (_setup({"sales": "none"}, **APART), "out@x.example"),
    ],
)
def test_what_counts_is_where_documents_go_whichever_field_says_so(
    setup: Setup, sales: str
) -> None:
    assert values_of(FIELDS, setup) == {
        "purchase_address": "in@x.example",
        "sales_address": sales,
        "purchase_credit_address": "in@x.example",
        "sales_credit_address": sales,
    }


def test_credit_notes_go_with_the_invoices_until_they_have_an_address_of_their_own() -> None:
    own = {"credit_addresses": "on", "sales_credit_address": "notes@x.example"}

    found = changes_between(FIELDS, _setup(**APART), _setup(**APART, **own))

    assert found == {"sales_credit_address": ("out@x.example", "notes@x.example")}


def test_a_toggle_that_sends_documents_elsewhere_is_a_change_of_address() -> None:
    before, after = _setup(**APART), _setup(**APART, same_address="on")

    found = changes_between(FIELDS, before, after)

    moved = ("out@x.example", "in@x.example")
    assert found == {"sales_address": moved, "sales_credit_address": moved}
    assert changes_between(FIELDS, before, _setup(**APART, pdf_alongside="on")) == {}


def test_first_and_last_values_count_as_changes_from_and_to_nothing() -> None:
    setup = _setup(statement_address="in@x.example")

    assert changes_between(FIELDS, _setup(), setup) == {"statement_address": ("", "in@x.example")}
    assert changes_between(FIELDS, setup, _setup()) == {"statement_address": ("in@x.example", "")}


def test_fields_of_two_packages_share_a_place_when_they_take_the_same_documents() -> None:
    code = Text(id="code", label=same_words("Code"), sensitive=True)
    by_id = {one.id: one for one in FIELDS}

    assert place_of(by_id["sales_address"], "a") == place_of(by_id["sales_address"], "b")
    assert place_of(by_id["sales_address"], "a") == Kind.SALES.value
    assert place_of(code, "a") == "a.code"
    assert (code.is_guarded, by_id["same_address"].is_guarded) == (True, False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("janssens42@docin.example", "ja…2@docin.example"),
        ("ab@x.example", "a…@x.example"),
        ("a@x.example", "a…@x.example"),
        ("123456", "12…6"),
        ("", "…"),
    ],
)
def test_a_value_is_recognised_and_not_told(value: str, shown: str) -> None:
    assert masked(value) == shown


def test_one_address_for_two_kinds_is_told_once() -> None:
    pair = ("janssens@x.example", "peeters@x.example")

    assert told({"purchase_address": pair, "sales_address": pair}) == (
        "ja…s@x.example → pe…s@x.example"
    )


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_is_equal_exactly_is_equal_folded(first: str, second: str) -> None:
    if folded(first, is_exact=True) == folded(second, is_exact=True):
        assert folded(first, is_exact=False) == folded(second, is_exact=False)


def test_capitals_count_before_the_at_alone_and_only_where_the_package_says_so() -> None:
    assert folded("Ab@X.example", is_exact=True) == "Ab@x.example"
    assert folded("Ab@X.example", is_exact=False) == "ab@x.example"
