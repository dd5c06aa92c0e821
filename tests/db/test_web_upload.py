"""Uploading: many files, each told of by itself, and nothing that should not come in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from posthorn.archive.models import Document
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import ClientFactory
from tests.db.web_desk import Desk
from tests.invoices import invoice

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
JSON = "application/json"


def files(*named: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in named]


def kept() -> list[tuple[str, Any, str, str]]:
    with system("look"):
        columns = ("file_name", "client_id", "direction", "arrived_by")
        return list(Document.objects.order_by("file_name").values_list(*columns))


def test_several_files_are_taken_in_and_listed_with_their_documents() -> None:
    desk = Desk()
    sent = files(("a.xml", invoice(number="A")), ("b.xml", invoice(number="B")))

    page = desk.browser.post(
        f"{desk.base}/documents/upload/files/", {"files": sent}, follow=True
    ).content.decode()

    who = desk.person.email
    assert kept() == [("a.xml", None, "", who), ("b.xml", None, "", who)]
    assert "2 files were taken in." in page
    assert [page.count(f">{name}<") for name in ("a.xml", "b.xml")] == [1, 1]


def test_a_client_and_a_direction_may_be_told() -> None:
    desk = Desk(Role.ACCOUNTANT)
    told = {"client": str(desk.client.pk), "direction": "sales"}

    desk.browser.post(
        f"{desk.base}/documents/upload/files/", {"files": files(("a.xml", b"<a/>")), **told}
    )

    assert kept() == [("a.xml", desk.client.pk, "sales", desk.person.email)]


def test_a_client_of_somebody_else_takes_nothing_in() -> None:
    desk = Desk(Role.ACCOUNTANT)
    other = ClientFactory.create(firm=desk.firm)

    answer = desk.browser.post(
        f"{desk.base}/documents/upload/files/",
        {"files": files(("a.xml", b"<a/>")), "client": str(other.pk)},
        headers={"Accept": JSON},
    )

    said = f"No client has the name or number “{other.pk}”."
    assert answer.json() == {"files": [{"name": "", "url": "", "refused": said}]}
    assert kept() == []


def test_what_a_client_uploads_is_its_own_whatever_the_form_says() -> None:
    desk = Desk()
    other = ClientFactory.create(firm=desk.firm)
    browser = Browser()
    browser.force_login(web_rows.client_person(desk.client, web_rows.person("b@x.example")))

    browser.post(
        f"/clients/{desk.client.pk}/documents/upload/files/",
        {"files": files(("a.xml", b"<a/>")), "client": str(other.pk)},
    )

    assert kept() == [("a.xml", desk.client.pk, "", "b@x.example")]


def test_each_file_is_answered_by_itself_and_refusals_are_sentences(
    settings: Settings,
) -> None:
    desk = Desk()
    settings.POSTHORN = replace(settings.POSTHORN, max_upload=4_000)
    sent = files(
        ("fine.xml", b"<a/>"),
        ("empty.xml", b""),
        ("big.xml", b"<a>" + b"x" * 5_000 + b"</a>"),
        ("dtd.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    )

    answer = desk.browser.post(
        f"{desk.base}/documents/upload/files/", {"files": sent}, headers={"Accept": JSON}
    ).json()["files"]

    told = {one["name"]: (bool(one["url"]), one["refused"]) for one in answer}
    assert [row[0] for row in kept()] == ["fine.xml"]
    assert told["fine.xml"] == (True, "")
    assert told["empty.xml"] == (False, "The file is empty: send it again.")
    assert told["big.xml"][1].startswith("The file is too large: at most 3.9")
    assert "DOCTYPE" in told["dtd.xml"][1]


def test_a_name_with_folders_and_invisible_signs_is_cleaned() -> None:
    desk = Desk()
    file = SimpleUploadedFile("x", b"<a/>")
    vars(file)["_name"] = "C:\\invoices\\gnp\u202e.xml"  # its setter would clean it first

    desk.browser.post(f"{desk.base}/documents/upload/files/", {"files": [file]})

    assert [row[0] for row in kept()] == ["gnp.xml"]


def test_no_file_is_said_so() -> None:
    desk = Desk()
    page = desk.post("documents/upload/files/")
    assert "Choose files first." in page
    assert kept() == []
