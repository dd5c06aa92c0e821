from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate

from posthorn.cli.desk import account
from posthorn.tenancy.models import AuditEntry, Firm, Membership, Person
from posthorn.tenancy.scope import acting, system
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import ClientFactory, FirmFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db
PASSWORD = "roodborstje-in-de-tuin"  # noqa: S105  a test's own


def test_a_firm_is_created_under_the_name_of_the_account(posthorn: Callable[..., Ran]) -> None:
    made = posthorn("firm", "create", "Kantoor Peeters", "--json")

    with system("test"):
        firm = Firm.objects.get()
        entry = AuditEntry.objects.get(action="firm.created")
    assert (made.code, made.object) == (0, {"id": str(firm.pk), "name": "Kantoor Peeters"})
    assert (entry.actor, entry.subject_id) == (f"cli:{account()}", firm.pk)


def test_a_firm_without_a_name_is_refused_in_one_line(posthorn: Callable[..., Ran]) -> None:
    made = posthorn("firm", "create", "  ")

    assert (made.code, made.out) == (2, "")
    assert made.err == "posthorn: The firm's name is empty: give one.\n"


def test_a_person_logs_in_with_the_password_from_standard_input(
    posthorn: Callable[..., Ran],
) -> None:
    added = posthorn(
        "firm", "person", "add", "An@Kantoor.example", "An Peeters", "--json", stdin=f"{PASSWORD}\n"
    )

    assert added.code == 0
    assert added.object["email"] == "an@kantoor.example"
    assert added.object["can_log_in"] is True
    with system("test"):
        person = authenticate(None, email="an@kantoor.example", password=PASSWORD)
        assert person == Person.objects.get(pk=added.object["id"])


def test_without_a_password_nobody_can_log_in_yet(posthorn: Callable[..., Ran]) -> None:
    added = posthorn("firm", "person", "add", "an@kantoor.example", "An", "--json")

    assert added.object["can_log_in"] is False


def test_a_weak_password_is_refused_and_nobody_added(posthorn: Callable[..., Ran]) -> None:
    refused = posthorn("firm", "person", "add", "an@kantoor.example", "An", stdin="short\n")

    assert refused.code == 2
    assert "short\n" not in refused.err
    with system("test"):
        assert Person.objects.count() == 0


def test_members_get_a_role_lose_it_and_one_administrator_stays(
    posthorn: Callable[..., Ran],
) -> None:
    firm = FirmFactory.create()
    posthorn("firm", "person", "add", "an@kantoor.example", "An")
    posthorn("firm", "person", "add", "bo@kantoor.example", "Bo")

    assert posthorn("firm", "member", "add", "an@kantoor.example", "administrator").code == 0
    assert posthorn("firm", "member", "add", "an@kantoor.example", "accountant").code == 5
    assert posthorn("firm", "member", "add", "bo@kantoor.example", "Accountant").code == 0
    assert posthorn("firm", "member", "role", "an@kantoor.example", "accountant").code == 5
    assert posthorn("firm", "member", "add", "bo@kantoor.example", "boss").code == 2
    assert posthorn("firm", "member", "add", "nobody@kantoor.example", "accountant").code == 3
    assert posthorn("firm", "member", "remove", "bo@kantoor.example").code == 2
    assert posthorn("firm", "member", "remove", "bo@kantoor.example", "--yes").code == 0
    with acting(firm.pk):
        left = list(Membership.objects.values_list("person__email", "role"))
    assert left == [("an@kantoor.example", "administrator")]


def test_clients_are_assigned_to_accountants_alone(posthorn: Callable[..., Ran]) -> None:
    firm = FirmFactory.create()
    ClientFactory.create(firm=firm, dossier_number="0101")
    for name, role in (("an", "administrator"), ("bo", "accountant")):
        posthorn("firm", "person", "add", f"{name}@kantoor.example", name)
        posthorn("firm", "member", "add", f"{name}@kantoor.example", role)

    assert posthorn("firm", "member", "assign", "an@kantoor.example", "0101").code == 5
    assert posthorn("firm", "member", "assign", "bo@kantoor.example", "0101").code == 0
    listed = posthorn("firm", "member", "list", "--json").objects
    assert [(one["email"], one["clients"]) for one in listed] == [
        ("an@kantoor.example", []),
        ("bo@kantoor.example", ["0101"]),
    ]
    assert posthorn("firm", "member", "unassign", "bo@kantoor.example", "0101").code == 0
    assert posthorn("firm", "member", "list", "--json").objects[1]["clients"] == []


def test_the_only_firm_needs_no_choice_and_several_do(posthorn: Callable[..., Ran]) -> None:
    assert posthorn("client", "list").code == 3
    first = FirmFactory.create(name="Kantoor Een")
    assert posthorn("client", "list").code == 0
    FirmFactory.create(name="Kantoor Twee")

    undecided = posthorn("client", "list")

    assert undecided.code == 2
    assert "--firm" in undecided.err
    assert posthorn("client", "list", "--firm", "kantoor een").code == 0
    assert posthorn("client", "list", "--firm", first.pk).code == 0
    assert posthorn("client", "list", "--firm", "Kantoor Drie").code == 3
