"""Lists that a package gives: fetched beside the form, shown with their age, typed without."""

from __future__ import annotations

import pytest

from posthorn.connections import choices
from posthorn.delivery.asker import ask_once
from posthorn.sdk import Unavailable
from posthorn.tenancy.models import Client
from tests.db.choosing import (
    FOLDERS,
    Package,
    Seat,
    chosen_in,
    field_in,
    options_in,
    shelves_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory

pytestmark = pytest.mark.django_db
KEY = ("7", "folder")
MANY = [(f"f{number}", f"Folder {number}") for number in range(60)]


def test_form_asks_for_a_list_that_nobody_asked_for_once_it_is_shown(shelves: Package) -> None:
    seat = Seat()
    page = seat.form(seat.bind(division="7"))

    assert f'hx-post="{seat.list_url()}" hx-trigger="load"' in field_in(page, "folder")
    assert 'hx-trigger="load"' not in field_in(page, "box")  # hidden: nobody needs it
    assert 'type="text"' in field_in(page, "folder")
    assert (shelves.asked, seat.errands()) == ([], 0)  # reading asks nothing


def test_list_comes_by_a_worker_and_the_field_is_drawn_anew(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    made = seat.bind(division="7", folder="f2")

    waiting = seat.press().content.decode()
    assert "Asking the package for its list" in waiting
    assert 'hx-trigger="load delay:700ms"' in waiting
    assert "HX-Retarget" not in seat.poll().headers
    assert shelves.asked == []
    assert ask_once()

    answer = seat.poll(**{"set-folder": "f1"})
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#field-set-folder", "outerHTML")
    part = " ".join(answer.content.decode().split())
    assert options_in(part) == [("", "None chosen"), *FOLDERS]
    assert chosen_in(part) == ["f1"]  # what was chosen meanwhile stays
    page = field_in(seat.form(made), "folder")
    assert "List fetched today at" in page
    assert "Fetch again" in page
    assert chosen_in(page) == ["f2"]
    assert shelves.asked == [KEY]


def test_button_pressed_twice_asks_once(shelves: Package) -> None:
    seat = Seat()
    seat.bind(division="7")
    seat.press()
    seat.press()

    assert (seat.errands(), ask_once(), ask_once()) == (1, True, False)
    assert shelves.asked == [KEY]


def test_without_scripts_the_button_keeps_what_was_typed_and_saves_nothing(
    shelves: Package,
) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    made = seat.bind(division="7", folder="f2")
    typed = {"set-division": "7", "set-folder": "f9", "set-way": "shelf", "fetch": "folder"}

    first = seat.browser.post(f"{seat.base}/integrations/{made.pk}/", typed).content.decode()
    assert "See the answer" in first
    assert 'value="f9"' in first
    ask_once()
    again = seat.form(made)

    assert options_in(field_in(again, "folder")) == [("", "None chosen"), *FOLDERS]
    assert chosen_in(field_in(again, "folder")) == ["f2"]


def test_package_out_of_reach_leaves_the_old_list_and_lets_people_type(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    made = seat.bind(division="7", folder="f2")
    seat.fetch()
    shelves.lists[KEY] = Unavailable("shelves_closed", detail="503")
    seat.fetch()

    part = field_in(seat.form(made), "folder")
    assert "Shelves is closed. It opens again." in part
    assert "No newer list could be fetched; you can type a value." in part
    assert 'type="text"' in part
    assert 'value="Sales"' in part
    assert seat.save(made, division="7", folder="new-one") == {
        "division": "7",
        "folder": "new-one",
        "way": "shelf",
        "colour": "red",
    }


def test_package_never_reached_is_said_and_the_value_can_be_typed(shelves: Package) -> None:
    shelves.lists[KEY] = Unavailable("shelves_closed")
    seat = Seat()
    made = seat.bind(division="7")
    seat.fetch()

    part = field_in(seat.form(made), "folder")
    assert "There is no list; you can type the value." in part
    assert 'hx-trigger="load"' not in part  # asked again by whoever presses the button
    assert seat.save(made, division="7", folder="f1")["folder"] == "f1"


def test_value_that_vanished_is_kept_and_warned_of(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    made = seat.bind(division="7", folder="gone")
    seat.fetch()

    part = field_in(seat.form(made), "folder")
    assert "“gone” is not in the list of the package. It is kept as it is." in part
    assert options_in(part) == [("", "None chosen"), ("gone", "gone"), *FOLDERS]
    assert chosen_in(part) == ["gone"]
    assert seat.save(made, division="7", folder="gone")["folder"] == "gone"


def test_default_that_the_package_does_not_have_is_warned_of(shelves: Package) -> None:
    shelves.lists["7", "colour"] = [("blue", "Blue")]
    seat = Seat()
    made = seat.bind(division="7")
    seat.fetch("colour")

    part = field_in(seat.form(made), "colour")
    assert "“red” is not in the list of the package." in part
    assert options_in(part) == [("red", "red"), ("blue", "Blue")]


def test_long_list_is_searched_by_typing_and_its_line_stands_for_the_value(
    shelves: Package,
) -> None:
    shelves.lists[KEY] = MANY
    seat = Seat()
    made = seat.bind(division="7", folder="f3")
    seat.fetch()

    part = field_in(seat.form(made), "folder")
    assert 'list="set-folder-options"' in part
    assert 'value="Folder 3" maxlength' in part
    assert part.count("<option") == len(MANY)
    assert seat.save(made, division="7", folder="folder 41")["folder"] == "f41"
    assert seat.save(made, division="7", folder="f42")["folder"] == "f42"
    assert seat.save(made, division="7", folder="Nothing such")["folder"] == "Nothing such"


def test_two_options_that_read_alike_are_told_apart(shelves: Package) -> None:
    shelves.lists[KEY] = [("f1", "Sales"), ("f2", "sales"), ("f3", "Other")]
    seat = Seat()
    made = seat.bind(division="7")
    seat.fetch()

    assert options_in(field_in(seat.form(made), "folder"))[1:] == [
        ("f1", "Sales · f1"),
        ("f2", "sales · f2"),
        ("f3", "Other"),
    ]


def test_each_division_has_a_list_of_its_own(shelves: Package) -> None:
    shelves.lists[KEY], shelves.lists["8", "folder"] = FOLDERS, [("g1", "Eight")]
    seat = Seat()
    made = seat.bind(division="7")
    seat.fetch()

    seat.save(made, division="8")
    assert 'type="text"' in field_in(seat.form(made), "folder")
    seat.fetch()
    assert options_in(field_in(seat.form(made), "folder"))[1:] == [("g1", "Eight")]
    seat.save(made, division="7")
    assert options_in(field_in(seat.form(made), "folder"))[1:] == FOLDERS


def test_clients_of_one_division_share_its_list(shelves: Package) -> None:
    shelves.lists[KEY] = FOLDERS
    seat = Seat()
    seat.bind(division="7")
    seat.fetch()
    other: Client = ClientFactory.create(firm=seat.firm)
    made = seat.bind(other, division="7")
    seat.client = other

    assert options_in(field_in(seat.form(made), "folder"))[1:] == FOLDERS
    assert shelves.asked == [KEY]


def test_what_a_list_depends_on_must_be_known_first(shelves: Package) -> None:
    seat = Seat()
    part = field_in(seat.form(seat.bind()), "folder")

    assert "The list can be fetched once Division is verified." in part
    assert "Fetch" not in part.replace("fetched once", "")
    assert 'type="text"' in part
    seat.press()
    assert ask_once()
    assert (shelves.asked, seat.lists()) == ([], [])


def test_list_that_depends_on_nothing_is_there_before_the_client_is_connected(
    shelves: Package,
) -> None:
    shelves.lists["", "colour"] = [("red", "Red"), ("blue", "Blue")]
    seat = Seat()
    seat.fetch("colour")
    page = seat.browser.get(f"{seat.base}/integrations/add/{seat.connection.pk}/").content.decode()

    part = field_in(" ".join(page.split()), "colour")
    assert options_in(part) == [("red", "Red"), ("blue", "Blue")]
    section = seat.browser.get(f"{seat.base}/connection/?package={seat.connection.pk}")
    part = field_in(" ".join(section.content.decode().split()), "colour")
    assert options_in(part) == [("red", "Red"), ("blue", "Blue")]


def test_lists_are_bounded_and_hold_nothing_that_cannot_be_saved(shelves: Package) -> None:
    odd = [("", "Empty"), ("a\x00b", "Odd"), ("x" * 201, "Long"), ("f1", ""), ("f1", "Again")]
    shelves.lists[KEY] = [*odd, *((f"n{number}", "y" * 300) for number in range(600))]
    seat = Seat()
    seat.bind(division="7")
    seat.fetch()

    (kept,) = seat.lists()
    assert len(kept.options) == choices.OPTIONS_MAX
    assert kept.options[:2] == [["f1", "f1"], ["n0", "y" * 200]]
