"""Typing a client: by number, by name, or both; what is not clear is asked, never guessed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from posthorn.archive.models import Document
from posthorn.tenancy.life import ClientState
from posthorn.tenancy.models import Client
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import ClientFactory, DocumentFactory
from tests.db.web_desk import Desk, delivery_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    with system("name"):
        Client.objects.filter(pk=made.client.pk).update(dossier_number="1001")
    ClientFactory.create(firm=made.firm, name="Garage Lefèvre", dossier_number="1002")
    ClientFactory.create(firm=made.firm, name="Garage Maes", dossier_number="2001")
    ClientFactory.create(firm=made.firm, name="Maes", dossier_number="2002")
    for number, client in (("ONE-1", made.client), ("OTHER-2", None)):
        DocumentFactory.create(firm=made.firm, client=client, number=number)
    return made


def suggested(desk: Desk, typed: str, **more: str) -> list[str]:
    page = desk.read("clients/suggest/", client=typed, **more)
    return [part.split('"')[0] for part in page.split('<option value="')[1:]]


def found(desk: Desk, typed: str) -> list[str]:
    page = desk.read("documents/", client=typed)
    return [number for number in ("ONE-1", "OTHER-2") if f"<bdi>{number}</bdi>" in page]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["1001 Bakkerij Janssens", "1002 Garage Lefèvre", "2001 Garage Maes", "2002 Maes"]),
        ("100", ["1001 Bakkerij Janssens", "1002 Garage Lefèvre"]),
        ("lefevre gar", ["1002 Garage Lefèvre"]),
        ("maes", ["2002 Maes", "2001 Garage Maes"]),
        ("nobody", []),
    ],
)
def test_what_begins_with_the_typed_text_is_suggested_first(
    desk: Desk, typed: str, names: list[str]
) -> None:
    assert suggested(desk, typed) == names


def test_at_most_twenty_are_suggested(desk: Desk) -> None:
    for number in range(30):
        ClientFactory.create(firm=desk.firm, name="Zeefdruk", dossier_number=f"9{number:03}")
    assert len(suggested(desk, "zeefdruk")) == 20


def test_an_accountant_is_offered_only_the_own_clients(desk: Desk) -> None:
    desk.browser.force_login(web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client))

    assert suggested(desk, "") == ["1001 Bakkerij Janssens"]
    page = desk.read("documents/", client="2002")
    assert "No client has the name or number “2002”." in page
    assert "<bdi>Maes</bdi>" not in page
    assert 'value="2002 Maes"' not in page


def test_who_works_is_not_offered_an_archived_client(desk: Desk) -> None:
    with system("archive"):
        Client.objects.filter(dossier_number="2002").update(state=ClientState.ARCHIVED.value)

    assert suggested(desk, "maes", working="1") == ["2001 Garage Maes"]
    assert suggested(desk, "maes") == ["2002 Maes", "2001 Garage Maes"]


@pytest.mark.parametrize(
    "typed", ["1001", "Bakkerij Janssens", "bakkerij  JANSSENS", " 1001 bakkerij janssens "]
)
def test_a_list_is_narrowed_to_the_client_that_was_typed(desk: Desk, typed: str) -> None:
    assert found(desk, typed) == ["ONE-1"]
    assert 'value="1001 Bakkerij Janssens"' in desk.read("documents/", client=typed)


@pytest.mark.parametrize("path", ["documents/", "deliveries/", "activity/", "documents/upload/"])
def test_a_link_to_one_client_shows_its_name_in_the_field(desk: Desk, path: str) -> None:
    page = desk.read(path, client=str(desk.client.pk))

    assert 'value="1001 Bakkerij Janssens"' in page
    assert 'aria-invalid="true"' not in page


@pytest.mark.parametrize("path", ["documents/", "deliveries/", "activity/", "documents/upload/"])
def test_a_text_that_may_mean_several_lists_them_beside_the_field(desk: Desk, path: str) -> None:
    page = desk.read(path, client="garage")

    assert "More than one client may be meant by “garage”. Which one?" in page
    assert page.count('<input type="radio" name="client"') == 2
    assert 'value="garage"' in page
    assert 'aria-invalid="true"' in page


def test_the_whole_name_of_one_client_is_meant_though_others_hold_it(desk: Desk) -> None:
    page = desk.read("documents/", client="Maes")
    assert 'value="2002 Maes"' in page


def test_two_clients_of_one_name_are_told_apart_by_number(desk: Desk) -> None:
    ClientFactory.create(firm=desk.firm, name="Maes", dossier_number="2003")

    unclear = desk.read("documents/", client="maes")
    assert "More than one client may be meant by “maes”." in unclear
    assert 'value="2003 Maes"' in desk.read("documents/", client="2003 maes")


def test_documents_go_to_the_client_that_was_typed(desk: Desk) -> None:
    with system("look"):
        row = Document.objects.get(number="OTHER-2")

    desk.post("documents/chosen/assign/", chosen=str(row.pk), client="garage maes", direction="")

    with system("look"):
        row.refresh_from_db()
        assert row.client is not None
        assert row.client.dossier_number == "2001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("garage", "More than one client may be meant by “garage”. Which one?"),
        ("zzz", "No client has the name or number “zzz”."),
        ("", "Choose a client."),
    ],
)
def test_documents_stay_where_they_are_until_it_is_clear_whose(
    desk: Desk, typed: str, said: str
) -> None:
    with system("look"):
        row = Document.objects.get(number="OTHER-2")

    page = desk.post(
        "documents/chosen/assign/", chosen=str(row.pk), client=typed, direction="purchase"
    )

    assert said in page
    assert f'<input type="hidden" name="chosen" value="{row.pk}">' in page
    with system("look"):
        row.refresh_from_db()
        assert row.client is None


def test_files_are_not_taken_in_for_an_unclear_client(desk: Desk) -> None:
    sent = SimpleUploadedFile("a.xml", b"<a/>")

    page = desk.browser.post(
        f"{desk.base}/documents/upload/files/", {"files": sent, "client": "garage"}, follow=True
    ).content.decode()

    assert "Nothing was taken in: choose the client first." in page
    assert page.count('<input type="radio" name="client"') == 2
    with system("look"):
        assert Document.objects.filter(file_name="a.xml").count() == 0


def test_who_sends_files_by_script_is_told_which_clients_may_be_meant(desk: Desk) -> None:
    sent = SimpleUploadedFile("a.xml", b"<a/>")

    answer = desk.browser.post(
        f"{desk.base}/documents/upload/files/",
        {"files": sent, "client": "garage"},
        headers={"Accept": "application/json"},
    )

    said = "More than one client may be meant by “garage”. Which one?"
    clients = "1002 Garage Lefèvre, 2001 Garage Maes"
    assert answer.json()["files"][0]["refused"] == f"{said} {clients}"


def test_a_deed_for_a_client_that_is_not_there_is_for_nobody(desk: Desk) -> None:
    held = desk.delivery(state="held", reason="by_hand")

    page = desk.post(
        "deliveries/cause/",
        client="garage",
        state="held",
        reason="by_hand",
        connection=str(desk.package.pk),
        sure="1",
    )

    assert "Nothing stands still for this cause any more." in page
    assert delivery_now(held.pk).state == "held"
