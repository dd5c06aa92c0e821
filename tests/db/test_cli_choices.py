"""Lists that a package gives, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.sdk import Unavailable
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.choosing import (
    FOLDERS,
    Package,
    Seat,
    shelves_fixture,  # noqa: F401  found by its name
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db
KEY = ("7", "folder")


def test_a_list_is_fetched_and_shown_again_without_asking(
    shelves: Package, posthorn: Callable[..., Ran]
) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    seat.bind(division="7")
    named = (str(seat.client.pk), "Shelves", "folder", "--json")

    assert posthorn("integration", "choices", "show", *named).objects == []
    fetched = posthorn("integration", "choices", "fetch", *named)
    shown = posthorn("integration", "choices", "show", *named)

    assert [(one["value"], one["label"]) for one in fetched.objects] == FOLDERS
    assert (shown.objects, shelves.asked) == (fetched.objects, [KEY])


def test_a_package_that_does_not_answer_says_so(
    shelves: Package, posthorn: Callable[..., Ran]
) -> None:
    shelves.lists[KEY] = Unavailable("shelves_closed")
    seat = Seat()
    seat.bind(division="7")

    ran = posthorn("integration", "choices", "fetch", str(seat.client.pk), "Shelves", "folder")

    assert (ran.code, "Shelves is closed. It opens again." in ran.err) == (1, True)


def test_a_setting_without_a_list_names_those_that_have_one(
    shelves: Package, posthorn: Callable[..., Ran]
) -> None:
    seat = Seat()
    seat.bind(division="7")

    ran = posthorn("integration", "choices", "fetch", str(seat.client.pk), "Shelves", "way")

    assert (ran.code, "box, colour, folder" in ran.err, shelves.asked) == (2, True, [])
