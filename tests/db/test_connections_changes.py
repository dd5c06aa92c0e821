"""A changed import address is told to administrators, and waits for a second person on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from posthorn.connections import change_queries, decisions
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.errors import (
    ChangeDecidedError,
    NotFoundError,
    ReasonMissingError,
    SamePersonError,
)
from posthorn.kernel.clock import now
from posthorn.tenancy.errors import NoSecondPersonError
from posthorn.tenancy.models import Firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.tenancy.services import ask_second_person
from tests.db.changing import (
    NEW,
    OLD,
    SECOND,
    a_client,
    actions_of,
    bind,
    changes,
    client_fixture,  # noqa: F401  found by its name
    save,
    settings_of,
)
from tests.db.connections import (
    ACTOR,
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import FirmFactory, MembershipFactory
from tests.db.noticing import notices
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.usefixtures("keyring_text")


def test_a_first_address_needs_nobody(client: Client) -> None:
    made = bind(client, statement_address=OLD)

    save(made, purchase_address=NEW)

    assert (settings_of(made)["purchase_address"], changes()) == (NEW, [])
    assert actions_of(made) == ["created", "saved"]


def test_a_changed_address_waits_and_the_old_one_stays_in_use(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    before = settings_of(made)

    save(made, purchase_address=NEW, pdf_alongside="on")

    assert settings_of(made) == before
    (standing, addresses), *others = changes()
    assert (standing, others) == ("waiting", [])
    assert addresses["purchase_address"] == [OLD, NEW]
    assert actions_of(made) == ["created", "address_proposed"]
    detail = trail(made.pk)[-1][1]
    assert detail["addresses"] == "ja…s@oud.example → pe…s@nieuw.example"


def test_a_second_person_makes_it_count_with_all_that_was_saved_with_it(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW, pdf_alongside="on")
    (waiting,) = change_queries.waiting_changes(client.firm_id)

    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)

    settings = settings_of(made)
    assert (settings["purchase_address"], settings["pdf_alongside"]) == (NEW, "on")
    assert change_queries.waiting_changes(client.firm_id) == []
    assert actions_of(made) == ["created", "address_proposed", "address_confirmed", "saved"]
    row = AddressChange.objects.get()
    assert (row.standing, row.author, row.decided_by) == ("confirmed", ACTOR, SECOND)


@pytest.mark.parametrize("actor", [ACTOR, ACTOR.upper()])
def test_whoever_changed_it_cannot_confirm_it(client: Client, actor: str) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    row = AddressChange.objects.get()

    with pytest.raises(SamePersonError):
        decisions.confirm_change(client.firm_id, row.id, actor=actor)

    assert settings_of(made)["purchase_address"] == OLD
    assert changes()[0][0] == "waiting"


def test_the_database_itself_refuses_one_person_on_both_sides(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)

    for decider in ("", ACTOR):
        with pytest.raises(IntegrityError, match="change_second_person"), transaction.atomic():
            AddressChange.objects.update(standing="confirmed", decided_by=decider)


def test_refusing_needs_a_reason_and_leaves_everything(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    row = AddressChange.objects.get()
    with pytest.raises(ReasonMissingError):
        decisions.refuse_change(client.firm_id, row.id, actor=SECOND, reason=" ")

    decisions.refuse_change(client.firm_id, row.id, actor=SECOND, reason="Not known to us")

    assert settings_of(made)["purchase_address"] == OLD
    row.refresh_from_db()
    assert (row.standing, row.reason) == ("refused", "Not known to us")
    assert trail(made.pk)[-1][1]["reason"] == "Not known to us"
    with pytest.raises(ChangeDecidedError):
        decisions.confirm_change(client.firm_id, row.id, actor=SECOND)


def test_its_author_takes_it_back_without_a_reason(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)

    decisions.refuse_change(client.firm_id, AddressChange.objects.get().id, actor=ACTOR)

    assert [standing for standing, _ in changes()] == ["withdrawn"]
    assert actions_of(made)[-1] == "address_withdrawn"


def test_a_newer_change_takes_the_place_of_the_one_that_waits(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    save(made, purchase_address="third@x.example")

    assert [standing for standing, _ in changes()] == ["withdrawn", "waiting"]
    assert settings_of(made)["purchase_address"] == OLD


def test_what_is_saved_meanwhile_counts_and_is_kept_by_the_confirmation(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)

    save(made, pdf_alongside="on")
    waiting = change_queries.waiting_changes(client.firm_id)[0]
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)

    settings = settings_of(made)
    assert (settings["purchase_address"], settings["pdf_alongside"]) == (NEW, "on")


def test_without_the_setting_a_change_counts_and_others_are_told(client: Client) -> None:
    Firm.objects.update(asks_second_person=False)
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)

    assert settings_of(made)["purchase_address"] == NEW
    assert change_queries.changes_by_others(client.firm_id, ACTOR) == []
    (told,) = change_queries.changes_by_others(client.firm_id, SECOND)
    assert (told.told, told.author) == ("ja…s@oud.example → pe…s@nieuw.example", ACTOR)
    assert [label["en"] for one in told.moved for label in one.labels] == [
        "Inbound email address",
        "Address for inbound credit notes",
    ]
    assert actions_of(made) == ["created", "saved", "address_changed"]
    assert decisions.see_changes(client.firm_id, actor=ACTOR) == 0
    assert decisions.see_changes(client.firm_id, actor=SECOND) == 1
    assert change_queries.changes_by_others(client.firm_id, SECOND) == []


def test_a_change_is_told_for_thirty_days(client: Client) -> None:
    Firm.objects.update(asks_second_person=False)
    save(bind(client, purchase_address=OLD), purchase_address=NEW)

    AddressChange.objects.update(made_at=now() - change_queries.NEWS_FOR)

    assert change_queries.changes_by_others(client.firm_id, SECOND) == []


def test_another_firms_changes_are_not_there(client: Client) -> None:
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)
    row = AddressChange.objects.get()
    stranger = FirmFactory.create()

    with acting(stranger.pk):
        for decide in (decisions.confirm_change, decisions.refuse_change):
            with pytest.raises(NotFoundError):
                decide(stranger.pk, row.id, actor=SECOND)
        assert change_queries.waiting_changes(stranger.pk) == []
        assert change_queries.change_of(stranger.pk, client.pk, row.id) is None
    assert changes()[0][0] == "waiting"


@pytest.mark.django_db
def test_a_firm_of_one_cannot_ask_for_a_second_person() -> None:
    firm = FirmFactory.create()
    MembershipFactory.create(firm=firm)
    MembershipFactory.create(firm=firm, role=Role.ACCOUNTANT)
    with acting(firm.pk), pytest.raises(NoSecondPersonError):
        ask_second_person(firm.pk, asks=True, actor=ACTOR)

    MembershipFactory.create(firm=firm, role=Role.CLIENT_MANAGER)
    with acting(firm.pk):
        for asks in (True, True, False):
            ask_second_person(firm.pk, asks=asks, actor=ACTOR)
        assert [action for action, _ in trail(firm.pk)] == [
            "firm.second_person_on",
            "firm.second_person_off",
        ]


def _decided(firm: UUID, decide: Callable[[], object]) -> str:
    try:
        with acting(firm):
            decide()
    except ChangeDecidedError:
        return "too late"
    return "decided"


@pytest.mark.usefixtures("committed")
def test_a_confirmation_and_a_refusal_at_once_come_to_one_end() -> None:
    client = a_client()
    firm = client.firm_id
    with acting(firm):
        made = bind(client, purchase_address=OLD)
        save(made, purchase_address=NEW)
        row = AddressChange.objects.get()

    def confirm() -> str:
        return _decided(firm, lambda: decisions.confirm_change(firm, row.id, actor=SECOND))

    def refuse() -> str:
        return _decided(
            firm, lambda: decisions.refuse_change(firm, row.id, actor=SECOND, reason="No")
        )

    answers = at_once([confirm, refuse])

    assert sorted(answers) == ["decided", "too late"]
    with acting(firm):
        confirmed = AddressChange.objects.get().standing == Standing.CONFIRMED
        assert settings_of(made)["purchase_address"] == (NEW if confirmed else OLD)


def test_a_change_that_waits_is_mailed_to_whoever_can_decide_but_its_author(
    client: Client,
) -> None:
    author = MembershipFactory.create(firm=client.firm, person__email=ACTOR)
    manager = MembershipFactory.create(firm=client.firm, role=Role.CLIENT_MANAGER.value)
    MembershipFactory.create(firm=client.firm, role=Role.ACCOUNTANT.value)
    made = bind(client, purchase_address=OLD)
    save(made, purchase_address=NEW)

    (notice,) = notices()
    assert (notice.kind, notice.person_id) == ("decision_wanted", manager.person_id)
    assert notice.detail["addresses"] == "ja…s@oud.example → pe…s@nieuw.example"

    (waiting,) = change_queries.waiting_changes(client.firm_id)
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)

    told = [(one.kind, one.person_id) for one in notices()]
    assert told[1:] == [("address_changed", author.person_id)]


@pytest.mark.django_db
def test_a_change_that_counts_at_once_is_mailed_to_administrators_its_author_too() -> None:
    client = a_client(asks=False)
    author = MembershipFactory.create(firm=client.firm, person__email=ACTOR)
    with acting(client.firm_id):
        made = bind(client, purchase_address=OLD)
        save(made, purchase_address=NEW)

    (notice,) = notices()
    assert (notice.kind, notice.person_id) == ("address_changed", author.person_id)
    assert (notice.detail["client"], notice.detail["author"]) == (client.name, ACTOR)
