"""What the route of a kind means for the settings a connector sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from posthorn.connections import routes
from posthorn.connections.registry import collect, discover
from posthorn.sdk import Kind, destination

LOADED = collect(discover(None, group="posthorn.none")).loaded["email_delivery"]
FIELDS = LOADED.spec.client_settings
OWN_THREE = {
    "same_address": "off",
    "purchase_address": "in@x.example",
    "sales_address": "out@x.example",
    "statement_address": "bank@x.example",
}


def _addresses(settings: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    seen = routes.settings_for(FIELDS, settings, chosen)
    found = {kind: destination(FIELDS, seen, kind) for kind in Kind}
    return {kind: goes_to.value for kind, goes_to in found.items() if goes_to}


def test_each_kind_goes_its_own_way_unless_said_otherwise() -> None:
    assert _addresses(OWN_THREE, {}) == {
        "purchase": "in@x.example",
        "sales": "out@x.example",
        "statement": "bank@x.example",
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"statement": "same_as:sales"}, ("in@x.example", "out@x.example", "out@x.example")),
        ({"sales": "same_as:purchase"}, ("in@x.example", "in@x.example", "bank@x.example")),
        (
            {"sales": "same_as:statement", "purchase": "same_as:statement"},
            ("bank@x.example", "bank@x.example", "bank@x.example"),
        ),
    ],
)
def test_a_kind_goes_where_another_goes(
    chosen: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert tuple(_addresses(OWN_THREE, chosen).values()) == expected


def test_a_kind_follows_one_whose_field_is_hidden() -> None:
    one_address = {"same_address": "on", "purchase_address": "in@x.example"}

    assert _addresses(one_address, {"statement": "same_as:sales"}) == {
        "purchase": "in@x.example",
        "sales": "in@x.example",
        "statement": "in@x.example",
    }


def test_a_hidden_kind_that_follows_another_leaves_the_one_that_hid_it() -> None:
    settings = {
        "same_address": "on",
        "purchase_address": "in@x.example",
        "statement_address": "bank@x.example",
    }

    assert _addresses(settings, {"sales": "same_as:statement"}) == {
        "purchase": "in@x.example",
        "sales": "bank@x.example",
        "statement": "bank@x.example",
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {Kind.PURCHASE, Kind.SALES, Kind.STATEMENT}),
        ({"sales": "none"}, {Kind.PURCHASE, Kind.STATEMENT}),
        (
            {"sales": "own", "statement": "same_as:sales"},
            {Kind.PURCHASE, Kind.SALES, Kind.STATEMENT},
        ),
        (dict.fromkeys(Kind, "none"), set()),
    ],
)
def test_a_kind_with_the_route_none_is_not_taken(
    chosen: dict[str, str], expected: set[Kind]
) -> None:
    assert routes.kinds_taken(LOADED, OWN_THREE, chosen) == expected


@pytest.mark.parametrize(
    ("settings", "chosen", "kind", "field"),
    [
        (OWN_THREE, {}, Kind.STATEMENT, ""),
        ({"purchase_address": "in@x.example"}, {}, Kind.STATEMENT, "statement_address"),
        ({"purchase_address": "in@x.example"}, {}, Kind.SALES, "sales_address"),
        ({"same_address": "on"}, {}, Kind.SALES, "purchase_address"),
        ({"same_address": "on", "purchase_address": "in@x.example"}, {}, Kind.SALES, ""),
        ({}, {"statement": "same_as:purchase"}, Kind.STATEMENT, "purchase_address"),
        (
            {"purchase_address": "in@x.example"},
            {"statement": "same_as:purchase"},
            Kind.STATEMENT,
            "",
        ),
    ],
)
def test_the_field_that_lacks_an_address_is_named(
    settings: dict[str, str], chosen: dict[str, str], kind: Kind, field: str
) -> None:
    assert routes.missing_field(FIELDS, settings, chosen, kind) == field


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        ({}, {}),
        ({"purchase": "own", "sales": "same_as:purchase", "statement": "none"}, {}),
        ({"invoices": "own"}, {"invoices": "unknown_kind"}),
        ({"sales": "elsewhere"}, {"sales": "not_a_route"}),
        ({"sales": "purchase"}, {"sales": "not_a_route"}),
        ({"sales": "same_as:sales"}, {"sales": "not_a_route"}),
        ({"sales": "same_as:invoices"}, {"sales": "not_a_route"}),
        (
            {"sales": "same_as:purchase", "purchase": "same_as:statement"},
            {"sales": "route_of_a_route"},
        ),
        (
            {"sales": "same_as:purchase", "purchase": "same_as:sales"},
            {"sales": "route_of_a_route", "purchase": "route_of_a_route"},
        ),
    ],
)
def test_a_wrong_route_is_named(chosen: dict[str, str], wrong: dict[str, str]) -> None:
    assert routes.route_problems(FIELDS, chosen) == wrong


def test_a_package_without_addresses_has_nothing_to_follow() -> None:
    without: tuple[Any, ...] = tuple(one for one in FIELDS if one.destination_of is None)

    assert routes.route_problems(without, {"sales": "same_as:purchase"}) == {
        "sales": "no_destination"
    }


def test_credit_notes_follow_the_kind_whose_place_they_take() -> None:
    settings = {
        "same_address": "off",
        "purchase_address": "in@x.example",
        "sales_address": "out@x.example",
        "credit_addresses": "on",
        "sales_credit_address": "credit@x.example",
    }

    own = routes.settings_for(FIELDS, settings, {})
    seen = routes.settings_for(FIELDS, settings, {"purchase": "same_as:sales"})

    def place(of: dict[str, str], kind: Kind) -> str | None:
        found = destination(FIELDS, of, kind, is_credit_note=True)
        return found.value if found else None

    assert place(own, Kind.PURCHASE) == "in@x.example"
    assert place(own, Kind.SALES) == "credit@x.example"
    assert place(seen, Kind.PURCHASE) == "credit@x.example"
    assert place(seen, Kind.SALES) == "credit@x.example"
