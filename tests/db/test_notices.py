"""What people are to be told is written with what happened, once, for whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from posthorn.tenancy.models import Membership, Person
from posthorn.tenancy.notice_kinds import NOTICES, NoticeKind
from posthorn.tenancy.notice_models import Notice
from posthorn.tenancy.notices import (
    Fact,
    choices_of,
    choose,
    latest_notices,
    tell_firm,
    tell_person,
)
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.noticing import a_firm, a_member, ended, notices

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Firm

pytestmark = pytest.mark.django_db


class UndoneError(Exception):
    """Undo what was written."""


def told(firm: Firm, fact: Fact) -> set[UUID]:
    with acting(firm.pk):
        number = tell_firm(firm.pk, fact)
    people = {one.person_id for one in notices() if one.fact == fact.key}
    assert number == len(people)
    return people


def test_each_kind_reaches_those_whose_role_it_concerns() -> None:
    firm = a_firm()
    administrator, manager, accountant = (a_member(firm, role) for role in Role)
    a_member(a_firm())
    change = Fact(kind=NoticeKind.ADDRESS_CHANGED, key="a")
    decision = Fact(kind=NoticeKind.DECISION_WANTED, key="b", but=administrator.email.upper())

    assert told(firm, ended()) == {administrator.pk}
    assert told(firm, change) == {administrator.pk}
    assert told(firm, decision) == {manager.pk}
    assert accountant.pk not in {one.person_id for one in notices()}


def test_a_fact_is_written_once_for_a_person() -> None:
    firm = a_firm()
    a_member(firm)

    for _ in range(3):
        with acting(firm.pk):
            tell_firm(firm.pk, ended(key="same"))

    assert [one.fact for one in notices()] == ["same"]


def test_what_did_not_happen_is_told_to_nobody() -> None:
    firm = a_firm()
    a_member(firm)

    def fail() -> None:
        with transaction.atomic(), acting(firm.pk):
            tell_firm(firm.pk, ended())
            raise UndoneError

    with pytest.raises(UndoneError):
        fail()

    assert notices() == []


def test_a_firm_sees_no_notice_of_another_one_nor_of_an_account() -> None:
    mine, theirs = a_firm(), a_firm()
    a_member(theirs)
    with acting(theirs.pk):
        tell_firm(theirs.pk, ended())
    tell_person(a_member(mine).pk, Fact(kind=NoticeKind.PASSWORD_CHANGED, key="1"))

    with acting(mine.pk):
        seen = Notice.objects.count()

    assert (seen, len(notices())) == (0, 2)


def test_who_is_switched_off_or_left_is_not_written_to() -> None:
    firm = a_firm()
    gone, there = a_member(firm), a_member(firm)
    with system("test"):
        Person.objects.filter(pk=gone.pk).update(is_active=False)

    assert told(firm, ended()) == {there.pk}


def test_a_kind_is_switched_off_by_person_and_on_again() -> None:
    firm = a_firm()
    person = a_member(firm)
    choose(person.pk, {NoticeKind.SIGN_IN_ENDED: False})
    assert told(firm, ended(key="1")) == set()

    choose(person.pk, {NoticeKind.SIGN_IN_ENDED: True})

    assert told(firm, ended(key="2")) == {person.pk}


def test_nobody_switches_off_what_is_about_the_own_account() -> None:
    person = a_member(a_firm())

    choose(person.pk, {NoticeKind.PASSWORD_CHANGED: False})
    tell_person(person.pk, Fact(kind=NoticeKind.PASSWORD_CHANGED, key="1"))

    assert [one.kind for one in notices()] == ["password_changed"]
    assert {one.is_on for one in choices_of(person.pk)} == {True}


@pytest.mark.parametrize(
    ("role", "number"),
    [(Role.ADMINISTRATOR, 6), (Role.CLIENT_MANAGER, 1), (Role.ACCOUNTANT, 1)],
)
def test_a_person_chooses_among_the_kinds_of_the_own_roles(role: Role, number: int) -> None:
    person = a_member(a_firm(), role)

    offered = [one.kind for one in choices_of(person.pk) if not NOTICES[one.kind].is_own]

    assert len(offered) == number


def test_who_lost_the_role_no_longer_sees_what_was_told() -> None:
    firm = a_firm()
    person = a_member(firm)
    with acting(firm.pk):
        tell_firm(firm.pk, ended("Exact Online"))
    (before,) = latest_notices(person.pk)
    with acting(firm.pk):
        Membership.objects.filter(person_id=person.pk).update(role=Role.ACCOUNTANT.value)

    assert (before.detail["package"], before.firm_name) == ("Exact Online", firm.name)
    assert latest_notices(person.pk) == ()
