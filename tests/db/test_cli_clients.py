from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.archive.models import Document
from posthorn.tenancy.models import Client, TrustedSupplier
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.arriving import incoming, read_in
from tests.db.factories import FirmFactory
from tests.invoices import BUYER, invoice

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from posthorn.archive.reader import Pool
    from tests.command_line import Ran

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> UUID:
    return FirmFactory.create().pk


def test_a_client_is_created_with_its_numbers_or_not_at_all(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    create = ("client", "create", "0101", "Bakkerij Janssens", "--share")

    half = posthorn(*create, "--number", "vat:BE0417497106", "--number", "iban:nonsense")
    assert half.code == 2
    with acting(firm):
        assert Client.objects.count() == 0

    assert posthorn(*create, "--number", "BE0417497106").code == 2
    assert posthorn(*create, "--number", "vat:be 0417.497.106").code == 0
    shown = posthorn("client", "show", "0101", "--json").object
    assert (shown["name"], shown["state"]) == ("Bakkerij Janssens", "active")
    assert (shown["shares_documents"], shown["numbers"]) == (True, ["vat:BE0417497106"])


def test_a_taken_dossier_number_or_number_names_its_owner(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    del firm
    posthorn("client", "create", "0101", "Janssens", "--number", "vat:BE0417497106")

    assert posthorn("client", "create", "0101", "Maes").code == 5
    posthorn("client", "create", "0102", "Maes")
    taken = posthorn("client", "number", "add", "0102", "enterprise", "0417497106")

    assert taken.code == 5
    assert taken.err == "posthorn: 0417497106 belongs to client 0101 Janssens already.\n"


def test_a_number_that_is_added_finds_waiting_documents(
    firm: UUID, readers: Pool, posthorn: Callable[..., Ran]
) -> None:
    posthorn("client", "create", "0101", "Janssens")
    waiting = read_in(firm, incoming(invoice()), readers)
    assert waiting.client_id is None

    added = posthorn("client", "number", "add", "0101", "vat", BUYER, "--json")

    assert added.object["number"] == BUYER
    with acting(firm):
        found = Document.objects.get(pk=waiting.pk)
        assert (found.client_id, found.direction) == (Client.objects.get().pk, "purchase")


def test_sharing_and_pausing_are_switched_and_a_close_is_confirmed(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    posthorn("client", "create", "0101", "Janssens")

    def stands() -> tuple[bool, bool, str]:
        with acting(firm):
            row = Client.objects.get()
        return row.shares_documents, row.paused_at is not None, row.state

    assert stands() == (False, False, "active")
    assert posthorn("client", "share", "0101", "on").code == 0
    assert posthorn("client", "pause", "0101").code == 0
    assert stands() == (True, True, "active")
    assert posthorn("client", "release", "0101").code == 0
    assert posthorn("client", "share", "0101", "perhaps").code == 2
    unconfirmed = posthorn("client", "state", "0101", "archived")
    assert (unconfirmed.code, "--yes" in unconfirmed.err) == (2, True)
    assert stands() == (True, False, "active")
    assert posthorn("client", "state", "0101", "archived", "--yes").code == 0
    assert posthorn("client", "state", "0101", "draft").code == 5
    assert stands() == (True, False, "archived")


def test_who_approves_is_chosen_and_sellers_are_trusted(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    posthorn("client", "create", "0101", "Janssens")

    assert posthorn("client", "approval", "0101", "sometimes").code == 2
    assert posthorn("client", "approval", "0101", "trusted_suppliers").code == 0
    assert posthorn("client", "trust", "0101", "BE 0404.616.494").code == 0

    with acting(firm):
        assert Client.objects.get().approval == "trusted_suppliers"
        assert list(TrustedSupplier.objects.values_list("number", flat=True)) == ["BE0404616494"]


def test_a_number_is_taken_away_once_confirmed(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    del firm
    posthorn("client", "create", "0101", "Janssens", "--number", "vat:BE0417497106")
    remove = ("client", "number", "remove", "0101", "vat", "BE0417497106")

    assert posthorn(*remove).code == 2
    assert posthorn(*remove, "--yes").code == 0
    assert posthorn("client", "show", "0101", "--json").object["numbers"] == []


def test_lists_are_one_object_a_line(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    del firm
    for number in ("0102", "0101"):
        posthorn("client", "create", number, "Janssens")

    listed = posthorn("client", "list", "--json")

    assert [one["dossier_number"] for one in listed.objects] == ["0101", "0102"]
    assert listed.err == ""
