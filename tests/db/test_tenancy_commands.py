from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.tenancy.models import Client, TrustedSupplier
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.factories import FirmFactory

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.command_line import Ran

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(posthorn: Callable[..., Ran]) -> UUID:
    firm = FirmFactory.create().pk
    assert posthorn("client", "create", "0101", "Janssens").code == 0
    return firm


def test_an_edit_keeps_what_is_not_given(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    edited = posthorn("client", "edit", "0101", "--name=Bakkerij Janssens", "--language=fr")

    assert (edited.code, edited.err) == (0, "")
    assert edited.out == "The client 0101 Bakkerij Janssens is saved.\n"
    with acting(firm):
        kept = Client.objects.values_list("dossier_number", "name", "country", "language")
        assert kept.get() == ("0101", "Bakkerij Janssens", "BE", "fr")


def test_a_wrong_edit_names_what_to_write(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    del firm

    edited = posthorn("client", "edit", "0101", "--country=Belgium")

    assert (edited.code, edited.out) == (2, "")
    assert edited.err == ("posthorn: “Belgium” is not a country: write two letters, such as BE.\n")


def test_a_seller_is_trusted_no_longer(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    posthorn("client", "trust", "0101", "BE0404616494")

    assert posthorn("client", "untrust", "0101", "BE 0404.616.494").code == 0

    with acting(firm):
        assert TrustedSupplier.objects.count() == 0
