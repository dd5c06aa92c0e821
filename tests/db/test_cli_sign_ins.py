"""What the command line says of sign-ins; signing in itself is a browser's work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.grants import books_fixture, signed  # noqa: F401  the fixture by its name

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import Settings

    from tests.cloudbooks import Cloudbooks
    from tests.command_line import Ran

pytestmark = pytest.mark.django_db
DAY = 86_400


def signing_in(ran: Ran) -> tuple[bool, str]:
    (found,) = [one for one in ran.objects if one["subject"] == "signing in"]
    return found["is_well"], found["found"]


def test_who_is_signed_in_is_shown_with_the_page_to_do_it_again(
    books: Cloudbooks, posthorn: Callable[..., Ran]
) -> None:
    one = signed(books)
    shown = posthorn("connection", "sign-in", str(one.connection), "--json").object

    assert (shown["account"], shown["standing"]) == ("An Peeters", "signed_in")
    assert shown["page"] == (
        f"https://hub.firm.example/firms/{one.firm}/packages/{one.connection}/sign-in/"
    )


@pytest.mark.parametrize(
    ("public_url", "is_well", "said"),
    [
        ("https://hub.firm.example", True, "people come back to https://hub.firm.example"),
        ("http://hub.firm.example", False, "http://hub.firm.example, which is not https"),
        ("", False, "back to nowhere"),
    ],
)
def test_the_doctor_wants_people_to_come_back_over_https(
    books: Cloudbooks,
    settings: Settings,
    posthorn: Callable[..., Ran],
    public_url: str,
    said: str,
    *,
    is_well: bool,
) -> None:
    del books
    settings.POSTHORN = replace(settings.POSTHORN, public_url=public_url)

    found = signing_in(posthorn("doctor", "--json"))

    assert (found[0], said in found[1]) == (is_well, True)


def test_the_doctor_points_out_sign_ins_that_grow_old(
    books: Cloudbooks, posthorn: Callable[..., Ran]
) -> None:
    signed(books, age_s=22 * DAY)

    found = signing_in(posthorn("doctor", "--json"))

    assert found == (
        False,
        "1 sign-ins could not be extended for three weeks; they will run out.",
    )


def test_without_registrations_there_is_nothing_to_be_wrong(
    books: Cloudbooks, settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    del books
    settings.POSTHORN = replace(settings.POSTHORN, sites={}, public_url="")

    assert signing_in(posthorn("doctor", "--json"))[0] is True


def test_removing_a_package_says_what_becomes_of_the_sign_in(
    books: Cloudbooks, posthorn: Callable[..., Ran]
) -> None:
    one = signed(books)
    one.integration()

    refused = posthorn("connection", "remove", str(one.connection))
    done = posthorn("connection", "remove", str(one.connection), "--yes")

    assert (refused.code, "Add --yes" in refused.err) == (2, True)
    assert "is removed; 1 clients stop. A worker has the sign-in ended there." in done.out
    assert (one.row().revocation, one.package().removed_at is None) == ("due", False)


def test_where_only_people_can_end_it_the_command_says_so(
    books: Cloudbooks, settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    one = signed(books)
    settings.POSTHORN = replace(settings.POSTHORN, sites={})

    record = posthorn("connection", "remove", str(one.connection), "--yes", "--json").object

    assert (record["revocation"], record["clients"], record["is_removed"]) == ("by_hand", 0, True)
    assert bytes(one.row().sealed) == b""
