from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posthorn.archive.models import Document
from posthorn.archive.reading import read_document
from posthorn.archive.storage import storage
from posthorn.documents.findings import Finding
from posthorn.kernel.ids import new_id
from posthorn.tenancy.scope import acting
from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.db.arriving import bakery
from tests.db.factories import ClientFactory, DocumentFactory
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from posthorn.archive.reader import Pool
    from tests.command_line import Ran
    from tests.planners import RecordingPlanner

pytestmark = pytest.mark.django_db
DOCTYPE = b'<!DOCTYPE x SYSTEM "http://evil.example/x"><Invoice/>'


@pytest.fixture
def firm() -> UUID:
    return bakery(dossier_number="0101")[0]


def document(firm: UUID, row: str) -> Document:
    with acting(firm):
        return Document.objects.get(pk=row)


def test_a_folder_is_taken_in_by_name_and_what_is_refused_says_why(
    firm: UUID, tmp_path: Path, readers: Pool, posthorn: Callable[..., Ran]
) -> None:
    for name, content in {
        "b/2.xml": invoice(number="F2"),
        "a.xml": invoice(),
        "c.xml": DOCTYPE,
        "empty.xml": b"",
        ".hidden": b"not looked at",
    }.items():
        place = tmp_path / "in" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    taken = posthorn("doc", "import", tmp_path / "in", "--json")

    assert taken.code == 6
    assert taken.err == "posthorn: 2 of 4 files were refused; the list says why.\n"
    assert [(one["file"][len(str(tmp_path)) :], one["state"]) for one in taken.objects] == [
        ("/in/a.xml", "taken in"),
        ("/in/b/2.xml", "taken in"),
        ("/in/c.xml", "refused"),
        ("/in/empty.xml", "refused"),
    ]
    assert [one["code"] for one in taken.objects[2:]] == ["xml.doctype", "empty"]
    row = document(firm, taken.objects[1]["id"])
    read_document(firm, row.pk, readers=readers)
    shown = posthorn("doc", "show", row.pk, "--json").object
    assert (shown["client"], shown["direction"], shown["number"], shown["state"]) == (
        "0101",
        "purchase",
        "F2",
        "to_approve",
    )


def test_what_an_importer_says_of_client_and_direction_counts(
    firm: UUID, tmp_path: Path, posthorn: Callable[..., Ran]
) -> None:
    (tmp_path / "a.xml").write_bytes(invoice())
    words = ("--client=0101", "--direction=sales")

    taken = posthorn("doc", "import", tmp_path / "a.xml", *words, "--json")

    row = document(firm, taken.object["id"])
    assert (taken.code, row.direction, row.assigned_basis) == (0, "sales", "given")
    assert posthorn("doc", "import", tmp_path / "a.xml", "--direction=up").code == 2
    assert posthorn("doc", "import", tmp_path / "a.xml", "--client=9").code == 3
    assert posthorn("doc", "import", tmp_path / "b.xml").code == 3
    (tmp_path / "c.xml").write_bytes(DOCTYPE)
    assert posthorn("doc", "import", tmp_path / "c.xml").code == 1


def test_each_document_of_a_release_is_told_apart(
    planner: RecordingPlanner, posthorn: Callable[..., Ran]
) -> None:
    client = ClientFactory.create()
    mine = {"firm": client.firm, "client": client}
    purchase, sale = (
        DocumentFactory.create(**mine),
        DocumentFactory.create(**mine, direction="sales"),
    )

    partly = posthorn("doc", "approve", purchase.pk, sale.pk, "--json")
    again = posthorn("doc", "approve", purchase.pk, "--json")

    assert partly.code == 6
    assert [(one["state"], one.get("code")) for one in partly.objects] == [
        ("released", None),
        ("refused", "not_a_purchase"),
    ]
    assert (again.code, again.object["state"]) == (0, "released before")
    assert posthorn("doc", "approve", sale.pk).code == 5
    assert posthorn("doc", "approve", new_id()).code == 3
    assert posthorn("doc", "approve", "7").code == 2
    assert posthorn("doc", "send", sale.pk).code == 0
    assert planner.planned == [[purchase.pk], [sale.pk]]


def test_a_duplicate_goes_on_somebodys_word_alone(
    planner: RecordingPlanner, posthorn: Callable[..., Ran]
) -> None:
    first = DocumentFactory.create()
    twin = DocumentFactory.create(firm=first.firm, client=first.client, duplicate_of=first)

    assert posthorn("doc", "approve", twin.pk).code == 5
    assert posthorn("doc", "send-anyway", first.pk).code == 5
    assert posthorn("doc", "send-anyway", twin.pk).code == 0
    assert planner.planned == [[twin.pk]]


def test_a_rejection_keeps_its_reason(posthorn: Callable[..., Ran]) -> None:
    row = DocumentFactory.create()

    assert posthorn("doc", "reject", row.pk).code == 2
    assert posthorn("doc", "reject", row.pk, "--reason= ").code == 2
    assert posthorn("doc", "reject", row.pk, "--reason=Not ours").code == 0
    shown = posthorn("doc", "show", row.pk, "--json").object
    assert (shown["state"], shown["rejected_reason"]) == ("rejected", "Not ours")
    assert posthorn("doc", "list", "--where=rejected", "--json").object["id"] == str(row.pk)


def test_documents_get_their_client_by_hand_and_move_to_another(
    planner: RecordingPlanner, posthorn: Callable[..., Ran]
) -> None:
    client = ClientFactory.create(dossier_number="0101")
    ClientFactory.create(firm=client.firm, dossier_number="0102")
    row = DocumentFactory.create(firm=client.firm, client=None, direction="", assigned_at=None)

    assert posthorn("doc", "assign", row.pk, "0103", "purchase").code == 3
    assert posthorn("doc", "assign", row.pk, "0101", "purchase").code == 0
    assert posthorn("doc", "approve", row.pk).code == 0
    assert posthorn("doc", "assign", row.pk, "0102", "purchase").code == 5
    assert posthorn("doc", "move", row.pk, "0102").code == 0
    assert posthorn("doc", "show", row.pk, "--json").object["client"] == "0102"
    assert planner.withdrawn == [[row.pk]]
    assert planner.planned == [[row.pk], [row.pk]]


def test_a_list_reaches_over_pages_and_ends_at_its_limit(posthorn: Callable[..., Ran]) -> None:
    client = ClientFactory.create()
    DocumentFactory.create_batch(53, firm=client.firm, client=client)

    assert len(posthorn("doc", "list", "--json", "--limit=99").objects) == 53
    assert len(posthorn("doc", "list", "--json").objects) == 50
    assert posthorn("doc", "list", "--limit=0").code == 2


def test_a_file_that_is_too_large_costs_no_other_file(
    firm: UUID, tmp_path: Path, settings: Settings, posthorn: Callable[..., Ran]
) -> None:
    settings.POSTHORN = replace(settings.POSTHORN, max_upload=4_000)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.xml").write_bytes(b"x" * 5_000)
    (folder / "b.xml").write_bytes(invoice())
    (folder / "c.xml").symlink_to(folder / "c.xml")

    taken = posthorn("doc", "import", folder, "--json")
    broken = posthorn("doc", "import", folder / "c.xml", folder / "b.xml", "--json")

    assert [(one["state"], one.get("code")) for one in taken.objects] == [
        ("refused", "too_large"),
        ("taken in", None),
    ]
    assert broken.code == 3
    with acting(firm):
        assert Document.objects.count() == 1


@pytest.fixture
def gone_storage(settings: Settings) -> Iterator[None]:
    """Take the archive's folder away for one test."""
    settings.POSTHORN = replace(settings.POSTHORN, data=Path("/dev/null/data"))
    storage.cache_clear()
    yield
    storage.cache_clear()


@pytest.mark.usefixtures("gone_storage")
def test_a_data_folder_that_is_gone_is_said_of_every_file(
    firm: UUID, tmp_path: Path, posthorn: Callable[..., Ran]
) -> None:
    (tmp_path / "b.xml").write_bytes(invoice())

    taken = posthorn("doc", "import", tmp_path / "b.xml", "--json")

    assert (taken.code, taken.object["code"]) == (1, "storage_not_writable")
    with acting(firm):
        assert Document.objects.count() == 0


def test_what_the_check_found_is_shown_to_people_and_programs(
    posthorn: Callable[..., Ran],
) -> None:
    places = [
        {
            "id": "BR-02",
            "severity": "fatal",
            "xpath": "/Invoice",
            "line": 7,
            "values": {},
            "count": 9,
        }
    ]
    row = DocumentFactory.create(verdict="invalid", findings=places)

    shown = posthorn("doc", "show", row.pk, "--json").object
    read = posthorn("doc", "show", row.pk)

    message = Finding(id="BR-02").message("en")
    assert shown["verdict"] == "invalid"
    told = {"xpath": "/Invoice", "line": 7, "message": message, "count": 9}
    assert shown["findings"] == [{"id": "BR-02", "severity": "fatal", **told}]
    assert read.out.splitlines()[-3:] == [
        f"fatal    BR-02: {message}",
        "         line 7  /Invoice",
        "         and 8 more",
    ]


def test_a_statement_that_contradicts_itself_says_how_it_goes_all_the_same(
    planner: RecordingPlanner, posthorn: Callable[..., Ran]
) -> None:
    row = DocumentFactory.create(category="statement", direction="", verdict="invalid")

    refused = posthorn("doc", "send", row.pk, "--json")
    sent = posthorn("doc", "send-anyway", row.pk, "--json")

    assert (refused.code, refused.object["code"]) == (5, "check_failed")
    assert (sent.code, sent.object["state"]) == (0, "released")
    assert planner.planned == [[row.pk]]
