"""On the command line a package's preset fills in, refuses and doubts as the form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.connections.models import Connection, Integration
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.connections import keyring_fixture  # noqa: F401  found by its name
from tests.db.factories import ClientFactory

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.command_line import Ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keyring_text")]
CREATE = ("connection", "create", "email_delivery", "Books", "--no-input")


@pytest.fixture
def firm() -> UUID:
    return ClientFactory.create(dossier_number="0017").firm_id


def kept(firm: UUID) -> list[dict[str, str]]:
    with acting(firm):
        return [one.settings for one in Connection.objects.all()]


def test_what_was_not_given_comes_from_the_preset(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    made = posthorn(*CREATE, "--set=package=trifact365")

    assert made.code == 0
    (settings,) = kept(firm)
    assert (settings["attach_pdfs"], settings["same_address_start"]) == ("on", "on")


def test_what_the_package_cannot_take_is_refused_with_the_reason(
    firm: UUID, posthorn: Callable[..., Ran]
) -> None:
    wrong = posthorn(*CREATE, "--set=package=trifact365", "--set=attach_pdfs=off")
    nowhere = posthorn(*CREATE, "--set=package=absolut")

    assert (wrong.code, nowhere.code) == (2, 2)
    assert wrong.err == (
        "posthorn: attach_pdfs: TriFact365 ignores an e-invoice without a PDF of the same name: "
        "turn this on.\n"
    )
    assert nowhere.err.startswith("posthorn: package: Absolut reads documents from a folder")
    assert kept(firm) == []


def test_a_doubtful_address_is_kept_and_said(firm: UUID, posthorn: Callable[..., Ran]) -> None:
    posthorn(*CREATE, "--set=package=octopus")

    bound = posthorn(
        "integration", "create", "0017", "Books", "--no-input", "--set=purchase_address=a@b.example"
    )

    assert bound.code == 0
    assert "purchase_address: An address of Octopus looks like …@docin.octopus.be." in bound.err
    with acting(firm):
        assert Integration.objects.get().settings["purchase_address"] == "a@b.example"
