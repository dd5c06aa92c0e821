"""The activity of a firm on the page: who sees what of it, filters, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from posthorn.tenancy import audit
from posthorn.tenancy.actions import SENTENCES
from posthorn.tenancy.clients import NewClient, create_client
from posthorn.tenancy.people import add_member
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting
from posthorn.web.views.activity import GROUPS
from tests.db import web_rows
from tests.db.web_desk import Desk

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
# What belongs to no firm stands on no page of one.
OF_THE_INSTALLATION = {"instance", "person"}


def happenings(desk: Desk) -> None:
    with acting(desk.firm.pk):
        create_client(
            desk.firm.pk,
            NewClient(dossier_number="77", name="<b>Zwaan</b>\u202e"),
            actor="an@x.example",
        )
        add_member(desk.firm.pk, web_rows.person().pk, Role.ACCOUNTANT, actor="luc@x.example")


def test_administrators_read_sentences_newest_first_with_foreign_words_escaped() -> None:
    desk = Desk()
    happenings(desk)

    page = desk.read("activity/")

    assert page.index("became a member of the firm") < page.index("dossier number 77")
    assert "&lt;b&gt;Zwaan&lt;/b&gt;[U+202E]" in page
    assert "<b>Zwaan" not in page


def test_filters_leave_what_is_asked_for() -> None:
    desk = Desk()
    happenings(desk)

    of_clients = desk.read("activity/", about="client")
    tomorrow = desk.read("activity/", since="2199-01-01")
    odd = desk.read("activity/", since="0001-01-01", until="9999-12-31", client="nobody")

    assert "dossier number 77" in of_clients
    assert "became a member" not in of_clients
    assert "No activity found" in tomorrow
    assert "became a member" in odd


def test_a_client_manager_reads_of_clients_and_not_of_people() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    happenings(desk)

    page = desk.read("activity/")

    assert "dossier number 77" in page
    assert "became a member" not in page
    assert 'name="actor"' not in page
    assert "Verify the chain" not in page


def test_an_accountant_without_clients_is_told_what_to_do() -> None:
    desk = Desk()
    happenings(desk)
    desk.browser.force_login(web_rows.member(desk.firm, Role.ACCOUNTANT))

    page = desk.read("activity/")

    assert "No client is assigned to you yet" in page
    assert "dossier number 77" not in page


def test_the_list_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    desk = Desk()
    with acting(desk.firm.pk):
        for number in range(60):
            create_client(
                desk.firm.pk,
                NewClient(dossier_number=f"9{number:03}", name="Garage"),
                actor="an@x.example",
            )

    with django_assert_max_num_queries(30):
        page = desk.read("activity/")

    assert page.count('data-label="What"') == 50
    assert 'rel="next"' in page


def test_a_cursor_that_is_not_ours_is_refused() -> None:
    desk = Desk()

    assert desk.browser.get(f"{desk.base}/activity/", {"after": "nonsense"}).status_code == 400


def test_the_proof_counts_this_firms_entries_alone() -> None:
    desk, other = Desk(), Desk()
    happenings(desk)
    happenings(other)
    audit.seal()
    with acting(desk.firm.pk):
        add_member(desk.firm.pk, web_rows.person().pk, Role.ACCOUNTANT, actor="luc@x.example")

    page = desk.read("activity/proof/")
    verdict = audit.verify(firm=desk.firm.pk)

    assert "The audit trail is intact" in page
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (3, 1, 1)
    assert set(verdict.heads) == {str(desk.firm.pk)}
    assert verdict.heads[str(desk.firm.pk)] in page


def test_every_kind_of_action_has_a_word_to_filter_by() -> None:
    kinds = {code.partition(".")[0] for code in SENTENCES}

    assert kinds - OF_THE_INSTALLATION == set(GROUPS)


def test_the_page_begins_with_what_people_did() -> None:
    desk = Desk()
    happenings(desk)
    with acting(desk.firm.pk):
        audit.record(
            [
                audit.Entry(
                    firm=desk.firm.pk,
                    actor="engine",
                    action="delivery.accepted",
                    subject_kind="delivery",
                    subject_id=None,
                )
            ]
        )

    told = "Delivery handed to the mail server"
    assert told not in desk.read("activity/")
    assert told in desk.read("activity/", about="delivery")
    everything = desk.read("activity/", about="all")
    assert told in everything
    assert "dossier number 77" in everything
    assert "<bdi>Posthorn</bdi>" in everything
