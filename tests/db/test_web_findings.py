"""What the check found and the parts of a cut file, on a document's page."""

from __future__ import annotations

import pytest

from posthorn.archive.models import Document
from posthorn.documents.findings import Finding
from posthorn.kernel.clock import now
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db.web_desk import Desk, document_now

pytestmark = pytest.mark.django_db


def finding(name: str, severity: str = "fatal", **more: object) -> dict[str, object]:
    plain: dict[str, object] = {"xpath": "", "line": None, "values": {}}
    return {"id": name, "severity": severity, **plain, **more}


def test_a_valid_document_says_so_in_one_line() -> None:
    desk = Desk()
    document = desk.document()
    assert "Checked: it is valid." in desk.read(f"documents/{document.pk}/")
    checks = desk.read(f"documents/{document.pk}/", tab="checks")
    assert "Checked: it is valid." in checks
    assert 'class="finding' not in checks


def test_what_was_not_checked_says_so_and_what_is_unread_says_nothing() -> None:
    desk = Desk()
    assert "Not checked: " in desk.read(f"documents/{desk.document(verdict='').pk}/")
    unread = desk.document(verdict="", reading="pending")
    assert "Not checked: " not in desk.read(f"documents/{unread.pk}/")


def test_findings_stand_by_rule_with_their_places_and_the_fatal_ones_first() -> None:
    desk = Desk()
    found = [
        finding("UBL-CR-001", "warning"),
        *(
            finding("BR-CO-15", line=line, xpath=f"/Invoice/cac:TaxTotal[{line}]")
            for line in range(1, 8)
        ),
        finding("BR-CL-23", values={"found": "<b>X\u202e</b>"}, line=9, count=10_000),
    ]
    document = desk.document(verdict="invalid", findings=found)

    page = desk.read(f"documents/{document.pk}/", tab="checks")

    order = [page.index(name) for name in ("BR-CO-15", "BR-CL-23", "UBL-CR-001")]
    assert order == sorted(order)
    assert "line 5" in page
    assert "/Invoice/cac:TaxTotal[5]" in page
    assert "line 6" not in page
    assert "and 2 more" in page
    assert ", 10,000 times" in page
    assert "and 9,999 more" in page
    assert "<b>X" not in page
    assert Finding(id="BR-CO-15").message("en")[:30] in page
    assert "goes as it was received" not in page


def test_an_invalid_document_that_was_released_goes_as_it_was_received() -> None:
    desk = Desk()
    document = desk.document(verdict="invalid", findings=[finding("BR-02")], released_at=now())
    nowhere = desk.document(
        verdict="invalid",
        findings=[finding("BR-02")],
        released_at=now(),
        not_planned="not_shared",
    )

    assert "goes as it was received" in desk.read(f"documents/{document.pk}/")
    assert "goes as it was received" not in desk.read(f"documents/{nowhere.pk}/")


def test_a_statement_that_contradicts_itself_is_sent_on_somebodys_word() -> None:
    desk = Desk()
    statement = {"category": "statement", "direction": "", "verdict": "invalid"}
    document = desk.document(**statement, findings=[finding("balance.mismatch")])

    page = desk.read(f"documents/{document.pk}/")
    assert "Check failed" in page
    assert f"/documents/{document.pk}/send-anyway/" in page
    page = desk.post(f"documents/{document.pk}/send-anyway/")

    assert "It is released and goes in its turn." in page
    assert document_now(document.pk).release_basis == "sent_anyway"


def test_a_file_that_was_cut_shows_its_parts_and_a_part_its_file() -> None:
    desk = Desk()
    statement = {"category": "statement", "direction": "", "file_name": "bank.cod"}
    whole = desk.document(**statement)
    with system("cut"):
        Document.objects.filter(pk=whole.pk).update(client=None, parts=2)
    part = desk.document(**{**statement, "file_name": "bank-1.cod"}, parent=whole)

    page = desk.read(f"documents/{whole.pk}/")
    assert "Cut into parts" in page
    assert "Its 2 parts" in page
    assert f"{desk.base}/documents/{part.pk}/" in page
    assert "bank.cod" not in desk.read("documents/", where="unassigned")
    assert f"{desk.base}/documents/{whole.pk}/" in desk.read(f"documents/{part.pk}/")


def test_a_part_names_its_file_only_to_those_who_may_open_it() -> None:
    desk = Desk(Role.ACCOUNTANT)
    whole = desk.document(category="statement", direction="")
    with system("cut"):
        Document.objects.filter(pk=whole.pk).update(client=None, parts=1)
    part = desk.document(category="statement", direction="", parent=whole)

    assert str(whole.pk) not in desk.read(f"documents/{part.pk}/")
    assert desk.browser.get(f"{desk.base}/documents/{whole.pk}/").status_code == 404
