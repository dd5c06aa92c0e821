"""A changed import address is told to administrators, and waits for a second person on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from posthorn.connections import change_queries, decisions, integrations
from posthorn.connections.change_models import AddressChange, Standing
from posthorn.connections.errors import (
    AddressInUseError,
    ChangeDecidedError,
    NotFoundError,
    ReasonMissingError,
    SamePersonError,
)
from posthorn.connections.integrations import Wish
from posthorn.connections.models import Integration
from posthorn.kernel.clock import now
from posthorn.tenancy.errors import NoSecondPersonError
from posthorn.tenancy.models import Firm
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.tenancy.services import ask_second_person
from tests.db.connections import (
    ACTOR,
    a_connection,
    keyring_fixture,  # noqa: F401  found by its name
    trail,
)
from tests.db.factories import ClientFactory, FirmFactory, MembershipFactory
from tests.threads import at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from posthorn.tenancy.models import Client

pytestmark = pytest.mark.usefixtures("keyring_text")
SECOND = "bo@kantoor.example"
OLD, NEW = "janssens@oud.example", "peeters@nieuw.example"


def _client(*, asks: bool = True) -> Client:
    row: Client = ClientFactory.create()
    with acting(row.firm_id):
        Firm.objects.filter(pk=row.firm_id).update(asks_second_person=asks)
    return row


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    request.getfixturevalue("db")
    row = _client()
    with acting(row.firm_id):
        yield row


def _bind(client: Client, name: str = "Exact", **values: str) -> Integration:
    exact = a_connection(client.firm_id, name)
    return integrations.create_integration(
        client.firm_id, client.pk, exact.pk, Wish(values=values), actor=ACTOR
    )


def _save(made: Integration, **values: str) -> None:
    wish = Wish(values={**made.settings, **values})
    integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)


def _now(made: Integration) -> dict[str, str]:
    settings: dict[str, str] = Integration.objects.get(pk=made.pk).settings
    return settings


def _changes() -> list[tuple[str, dict[str, list[str]]]]:
    rows = AddressChange.objects.order_by("made_at", "id")
    return list(rows.values_list("standing", "addresses"))


def _actions(made: Integration) -> list[str]:
    return [action.removeprefix("integration.") for action, _ in trail(made.pk)]


def test_a_first_address_needs_nobody(client: Client) -> None:
    made = _bind(client, statement_address=OLD)

    _save(made, purchase_address=NEW)

    assert (_now(made)["purchase_address"], _changes()) == (NEW, [])
    assert _actions(made) == ["created", "saved"]


def test_a_changed_address_waits_and_the_old_one_stays_in_use(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    before = _now(made)

    _save(made, purchase_address=NEW, pdf_alongside="on")

    assert _now(made) == before
    (standing, addresses), *others = _changes()
    assert (standing, others) == ("waiting", [])
    assert addresses["purchase_address"] == [OLD, NEW]
    assert _actions(made) == ["created", "address_proposed"]
    detail = trail(made.pk)[-1][1]
    assert detail["addresses"] == "ja…s@oud.example → pe…s@nieuw.example"


def test_a_second_person_makes_it_count_with_all_that_was_saved_with_it(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW, pdf_alongside="on")
    (waiting,) = change_queries.waiting_changes(client.firm_id)

    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)

    settings = _now(made)
    assert (settings["purchase_address"], settings["pdf_alongside"]) == (NEW, "on")
    assert change_queries.waiting_changes(client.firm_id) == []
    assert _actions(made) == ["created", "address_proposed", "address_confirmed", "saved"]
    row = AddressChange.objects.get()
    assert (row.standing, row.author, row.decided_by) == ("confirmed", ACTOR, SECOND)


@pytest.mark.parametrize("actor", [ACTOR, ACTOR.upper()])
def test_whoever_changed_it_cannot_confirm_it(client: Client, actor: str) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    row = AddressChange.objects.get()

    with pytest.raises(SamePersonError):
        decisions.confirm_change(client.firm_id, row.id, actor=actor)

    assert _now(made)["purchase_address"] == OLD
    assert _changes()[0][0] == "waiting"


def test_the_database_itself_refuses_one_person_on_both_sides(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)

    for decider in ("", ACTOR):
        with pytest.raises(IntegrityError, match="change_second_person"), transaction.atomic():
            AddressChange.objects.update(standing="confirmed", decided_by=decider)


def test_refusing_needs_a_reason_and_leaves_everything(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    row = AddressChange.objects.get()
    with pytest.raises(ReasonMissingError):
        decisions.refuse_change(client.firm_id, row.id, actor=SECOND, reason=" ")

    decisions.refuse_change(client.firm_id, row.id, actor=SECOND, reason="Not known to us")

    assert _now(made)["purchase_address"] == OLD
    row.refresh_from_db()
    assert (row.standing, row.reason) == ("refused", "Not known to us")
    assert trail(made.pk)[-1][1]["reason"] == "Not known to us"
    with pytest.raises(ChangeDecidedError):
        decisions.confirm_change(client.firm_id, row.id, actor=SECOND)


def test_its_author_takes_it_back_without_a_reason(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)

    decisions.refuse_change(client.firm_id, AddressChange.objects.get().id, actor=ACTOR)

    assert [standing for standing, _ in _changes()] == ["withdrawn"]
    assert _actions(made)[-1] == "address_withdrawn"


def test_a_newer_change_takes_the_place_of_the_one_that_waits(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    _save(made, purchase_address="third@x.example")

    assert [standing for standing, _ in _changes()] == ["withdrawn", "waiting"]
    assert _now(made)["purchase_address"] == OLD


def test_what_is_saved_meanwhile_counts_and_is_kept_by_the_confirmation(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)

    _save(made, pdf_alongside="on")
    waiting = change_queries.waiting_changes(client.firm_id)[0]
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)

    settings = _now(made)
    assert (settings["purchase_address"], settings["pdf_alongside"]) == (NEW, "on")


@pytest.mark.parametrize("how", ["toggle", "route"])
def test_sending_one_kind_where_another_goes_is_a_change_too(client: Client, how: str) -> None:
    made = _bind(client, purchase_address=OLD, sales_address="out@oud.example")

    if how == "toggle":
        _save(made, same_address="on")
    else:
        wish = Wish(values=made.settings, routes={"sales": "same_as:purchase"})
        integrations.save_integration(made.firm_id, made.pk, wish, actor=ACTOR)

    (standing, addresses), *_ = _changes()
    assert (standing, addresses["sales_address"]) == ("waiting", ["out@oud.example", OLD])
    row = Integration.objects.get()
    assert (row.settings["sales_address"], row.routes) == ("out@oud.example", {})
    waiting = change_queries.waiting_changes(client.firm_id)[0]
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)
    row = Integration.objects.get()
    found = (row.settings.get("same_address"), row.routes)
    assert found == (("on", {}) if how == "toggle" else ("off", {"sales": "same_as:purchase"}))


def test_an_address_taken_away_first_still_needs_a_second_person_for_the_next(
    client: Client,
) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address="")
    made.refresh_from_db()

    _save(made, purchase_address=NEW)

    assert "purchase_address" not in _now(made)
    assert [standing for standing, _ in _changes()] == ["applied", "waiting"]
    made.refresh_from_db()
    _save(made, purchase_address=OLD)
    assert _now(made)["purchase_address"] == OLD


@pytest.mark.parametrize("is_kept", [True, False])
def test_another_package_with_another_address_is_a_change_as_well(
    client: Client,
    is_kept: bool,  # noqa: FBT001  a row of the table
) -> None:
    first = _bind(client, purchase_address=OLD)
    if not is_kept:
        integrations.remove_integration(client.firm_id, first.pk, actor=ACTOR)
    yuki = a_connection(client.firm_id, "Yuki")
    wish = Wish(
        values={"purchase_address": NEW, "statement_address": "bank@x.example"},
        both=["purchase", "sales", "statement"],
    )

    made = integrations.create_integration(client.firm_id, client.pk, yuki.pk, wish, actor=ACTOR)

    settings = _now(made)
    assert "purchase_address" not in settings
    assert settings["statement_address"] == "bank@x.example"
    (waiting,) = change_queries.waiting_changes(client.firm_id)
    decisions.confirm_change(client.firm_id, waiting.id, actor=SECOND)
    assert _now(made)["purchase_address"] == NEW


def test_an_address_that_waits_is_spoken_for(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    other = ClientFactory.create(firm=client.firm)
    wish = Wish(values={"purchase_address": NEW})

    with pytest.raises(AddressInUseError):
        integrations.create_integration(
            client.firm_id, other.pk, made.connection_id, wish, actor=ACTOR
        )


def test_what_waits_ends_with_its_integration(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    row = AddressChange.objects.get()

    integrations.remove_integration(client.firm_id, made.pk, actor=SECOND)

    with pytest.raises(ChangeDecidedError):
        decisions.confirm_change(client.firm_id, row.id, actor=SECOND)
    assert [standing for standing, _ in _changes()] == ["withdrawn"]


def test_without_the_setting_a_change_counts_and_others_are_told(client: Client) -> None:
    Firm.objects.update(asks_second_person=False)
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)

    assert _now(made)["purchase_address"] == NEW
    assert change_queries.changes_by_others(client.firm_id, ACTOR) == []
    (told,) = change_queries.changes_by_others(client.firm_id, SECOND)
    assert (told.told, told.author) == ("ja…s@oud.example → pe…s@nieuw.example", ACTOR)
    assert told.moved[0].label["en"] == "Inbound email address"
    assert _actions(made) == ["created", "saved", "address_changed"]
    assert decisions.see_changes(client.firm_id, actor=ACTOR) == 0
    assert decisions.see_changes(client.firm_id, actor=SECOND) == 1
    assert change_queries.changes_by_others(client.firm_id, SECOND) == []


def test_a_change_is_told_for_thirty_days(client: Client) -> None:
    Firm.objects.update(asks_second_person=False)
    _save(_bind(client, purchase_address=OLD), purchase_address=NEW)

    AddressChange.objects.update(made_at=now() - change_queries.NEWS_FOR)

    assert change_queries.changes_by_others(client.firm_id, SECOND) == []


def test_another_firms_changes_are_not_there(client: Client) -> None:
    made = _bind(client, purchase_address=OLD)
    _save(made, purchase_address=NEW)
    row = AddressChange.objects.get()
    stranger = FirmFactory.create()

    with acting(stranger.pk):
        for decide in (decisions.confirm_change, decisions.refuse_change):
            with pytest.raises(NotFoundError):
                decide(stranger.pk, row.id, actor=SECOND)
        assert change_queries.waiting_changes(stranger.pk) == []
        assert change_queries.change_of(stranger.pk, client.pk, row.id) is None
    assert _changes()[0][0] == "waiting"


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
    client = _client()
    firm = client.firm_id
    with acting(firm):
        made = _bind(client, purchase_address=OLD)
        _save(made, purchase_address=NEW)
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
        assert _now(made)["purchase_address"] == (NEW if confirmed else OLD)
