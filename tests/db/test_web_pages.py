"""What people find on the pages, and what their buttons do."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client as Browser

from posthorn.archive.models import Document
from posthorn.delivery.models import Delivery
from posthorn.kernel.clock import now
from posthorn.tenancy.models import Client, ClientAssignment
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system
from tests.db import web_rows
from tests.db.factories import (
    ClientFactory,
    ConnectionFactory,
    DeliveryFactory,
    DocumentFactory,
    FirmFactory,
    IntegrationFactory,
)

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Firm, Person

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\u202egnp.exe\u200b"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]gnp.exe[U+200B]"


class Desk:
    """A firm with one client and one package, and somebody who looks at its pages."""

    def __init__(self, role: Role = Role.ADMINISTRATOR) -> None:
        self.firm: Firm = FirmFactory.create(name="Kantoor Gent")
        self.client: Client = ClientFactory.create(firm=self.firm, name="Bakkerij Janssens")
        self.package = ConnectionFactory.create(firm=self.firm, name="Octopus")
        self.integration = IntegrationFactory.create(
            firm=self.firm,
            client=self.client,
            connection=self.package,
            settings={"purchase_address": "in@pakket.example", "sales_address": "out@x.example"},
        )
        clients = (self.client,) if role is Role.ACCOUNTANT else ()
        self.person: Person = web_rows.member(self.firm, role, *clients)
        self.browser = Browser()
        self.browser.force_login(self.person)
        self.base = f"/firms/{self.firm.pk}"

    def document(self, **values: Any) -> Document:  # noqa: ANN401  # columns
        row: Document = DocumentFactory.create(firm=self.firm, client=self.client, **values)
        return row

    def delivery(self, **values: Any) -> Delivery:  # noqa: ANN401  # columns
        document = values.pop("document", None) or self.document(released_at=now())
        more = {} if "lane" in values else {"lane__target_id": values.pop("target", document.pk)}
        row: Delivery = DeliveryFactory.create(
            firm=self.firm,
            client=self.client,
            document=document,
            integration=self.integration,
            **more,
            **values,
        )
        return row

    def read(self, path: str, **asked: str) -> str:
        response = self.browser.get(f"{self.base}/{path}", asked)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    def post(self, path: str, **typed: str) -> str:
        response = self.browser.post(f"{self.base}/{path}", typed, follow=True)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())


def delivery_now(delivery_id: UUID) -> Delivery:
    with system("look"):
        return Delivery.objects.get(pk=delivery_id)


def document_now(document_id: UUID) -> Document:
    with system("look"):
        return Document.objects.get(pk=document_id)


def test_one_space_is_entered_and_several_are_offered() -> None:
    desk = Desk()
    assert desk.browser.get("/")["Location"] == f"{desk.base}/"

    web_rows.member(FirmFactory.create(name="Kantoor Brugge"), Role.ACCOUNTANT, who=desk.person)
    web_rows.client_person(ClientFactory.create(name="Eigen zaak"), desk.person)
    page = desk.browser.get("/").content.decode()

    assert [name in page for name in ("Kantoor Gent", "Kantoor Brugge", "Eigen zaak")] == [True] * 3


def test_somebody_without_a_firm_reads_what_to_do() -> None:
    browser = Browser()
    browser.force_login(web_rows.person("nieuw@kantoor.example"))

    response = browser.get("/")

    assert response.status_code == 200
    assert b"no firm has let you in yet" in response.content
    assert b"nieuw@kantoor.example" in response.content


def test_the_overview_counts_and_groups_by_cause() -> None:
    desk = Desk()
    for _ in range(2):
        desk.delivery(state="held", reason="missing_address")
    desk.delivery(state="refused", code="recipient_refused")
    desk.delivery(state="accepted")
    desk.delivery()

    page = desk.read("")

    assert "<h1>3 deliveries need attention</h1>" in page
    assert '<span class="figure">1</span> <span>Waiting</span>' in page
    assert '<span class="figure">1</span> <span>Accepted today</span>' in page
    assert "2 deliveries" in page
    assert "The client has no address for this kind of document." in page
    assert "<title> (3) Overview · Posthorn </title>" in page


def test_what_failed_is_solved_once_it_was_sent_again_or_processed() -> None:
    desk = Desk()
    again = desk.delivery(state="refused")
    desk.delivery(
        document=again.document, lane=again.lane, state="accepted", resend_of=again, copy=1
    )
    desk.delivery(state="bounced", processed_at=now(), processed_by="An")
    assert "Nothing needs you" in desk.read("")

    desk.delivery(
        document=again.document, lane=again.lane, state="refused", resend_of=again, copy=2
    )
    assert "<h1>1 delivery needs attention</h1>" in desk.read("")


def test_the_overview_names_a_package_that_does_not_answer() -> None:
    desk = Desk(Role.CLIENT_MANAGER)
    with system("break"):
        type(desk.package).objects.filter(pk=desk.package.pk).update(failing_since=now())

    page = desk.read("")

    assert "Octopus" in page
    assert "Not reachable" in page
    assert "documents are not part of it" in page


def test_nothing_leaves_is_said_on_every_page_of_a_firm() -> None:
    desk = Desk()
    pages = [desk.read(""), desk.read("documents/"), desk.read("deliveries/")]

    # This database was never released by an operator.
    assert ["Nothing is being sent." in page for page in pages] == [True] * 3


@pytest.mark.parametrize(
    ("values", "word", "why"),
    [
        ({}, "To approve", "It goes once somebody approves it."),
        ({"direction": "sales"}, "To send", "It goes once somebody sends it."),
        ({"reading": "pending"}, "Being read", "It arrived and is being read."),
        ({"reading": "unreadable"}, "Unreadable", "The file could not be read"),
        ({"rejected_at": now()}, "Rejected", "Somebody decided that it does not go."),
        ({"direction": ""}, "Direction unknown", "whether the client bought or sold"),
        (
            {"released_at": now(), "not_planned": "not_shared"},
            "Goes nowhere",
            "The client does not share documents with the accountant.",
        ),
    ],
)
def test_a_document_says_where_it_stands(values: dict[str, Any], word: str, why: str) -> None:
    desk = Desk()
    document = desk.document(**values)

    for page in (desk.read("documents/"), desk.read(f"documents/{document.pk}/")):
        assert word in page
        assert why in page


def test_a_document_stands_where_its_most_pressing_delivery_stands() -> None:
    desk = Desk()
    document = desk.document(released_at=now())
    desk.delivery(document=document, state="refused", code="recipient_refused")

    page = desk.read(f"documents/{document.pk}/")

    assert "Refused" in page
    assert "The mail server refuses the recipient" in page


def test_lists_are_narrowed_by_client_text_and_place() -> None:
    desk = Desk()
    desk.document(number="ONE-1")
    desk.document(number="TWO-2", direction="sales", buyer_name="Café De Zwaan")
    desk.document(number="THREE-3", rejected_at=now())
    other = ClientFactory.create(firm=desk.firm)
    DocumentFactory.create(firm=desk.firm, client=other, number="FOUR-4")

    def found(**asked: str) -> list[str]:
        page = desk.read("documents/", **asked)
        return [name for name in ("ONE-1", "TWO-2", "THREE-3", "FOUR-4") if name in page]

    assert found(client=str(desk.client.pk)) == ["ONE-1", "TWO-2", "THREE-3"]
    assert found(q="zwaan") == ["TWO-2"]
    assert found(where="rejected") == ["THREE-3"]
    assert found(where="to_decide") == ["ONE-1", "TWO-2", "FOUR-4"]
    assert found(client="no id", where="nonsense") == ["ONE-1", "TWO-2", "THREE-3", "FOUR-4"]


def test_pages_follow_each_other_without_a_gap() -> None:
    desk = Desk()
    for number in range(51):
        desk.document(number=f"NR-{number:03}")

    first = desk.browser.get(f"{desk.base}/documents/")
    second = desk.browser.get(f"{desk.base}/documents/{first.context['next_page']}")
    shown = [row.number for row, _ in first.context["rows"]]
    rest = [row.number for row, _ in second.context["rows"]]

    assert shown + rest == [f"NR-{number:03}" for number in reversed(range(51))]
    assert (len(shown), len(rest), second.context["next_page"]) == (50, 1, "")


@pytest.mark.parametrize("after", ["x", "2026-01-01_1", "9" * 40, "-1", "2026-01-01T00:00:00_x"])
def test_a_made_up_page_is_refused(after: str) -> None:
    desk = Desk()
    got = [
        desk.browser.get(f"{desk.base}/{what}/", {"after": after}).status_code
        for what in ("documents", "deliveries")
    ]
    assert got == [400, 400]


def test_hostile_words_stay_words() -> None:
    desk = Desk()
    document = desk.document(number=HOSTILE, seller_name=HOSTILE, file_name=HOSTILE)
    delivery = desk.delivery(
        document=desk.document(number=HOSTILE, released_at=now()),
        state="refused",
        code="recipient_refused",
        detail=HOSTILE,
        attempts=1,
    )
    web_rows.attempt(
        delivery, outcome="rejected", code="odd", detail=HOSTILE, evidence={"reply": HOSTILE}
    )
    web_rows.revision(delivery, summary={"subject": HOSTILE})
    pages = [
        desk.read(""),
        desk.read("documents/", q="<script>"),
        desk.read(f"documents/{document.pk}/"),
        desk.read("deliveries/"),
        desk.read(f"deliveries/{delivery.pk}/"),
    ]

    for page in pages:
        assert "<script" not in page
        assert "\u202e" not in page
        assert "\u200b" not in page
    assert [page.count(ESCAPED) for page in pages] == [0, 3, 4, 1, 7]


def test_the_policy_lets_no_script_run_and_no_page_be_framed() -> None:
    response = Desk().browser.get("/accounts/2fa/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"<script" not in response.content
    assert b"style=" not in response.content


def test_the_original_comes_back_byte_for_byte() -> None:
    desk = Desk()
    content = b"<Invoice>\r\n\xff</Invoice>"
    document = web_rows.stored_document(
        content, firm=desk.firm, client=desk.client, file_name='fact\r\nX: y";/../é.xml'
    )

    response = desk.browser.get(f"{desk.base}/documents/{document.pk}/file/")

    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''fact__X%3A%20y_%3B_.._%C3%A9.xml"
    )
    digest = base64.b64encode(bytes.fromhex(document.sha256)).decode()
    assert response["Repr-Digest"] == f"sha-256=:{digest}:"


def test_a_file_that_is_gone_is_said_to_be_gone() -> None:
    desk = Desk()
    document = desk.document()

    response = desk.browser.get(f"{desk.base}/documents/{document.pk}/file/", follow=True)

    assert b"The stored file is missing or damaged." in response.content


def test_approving_releases_and_plans() -> None:
    desk = Desk(Role.ACCOUNTANT)
    document = desk.document()

    page = desk.post(f"documents/{document.pk}/approve/")

    assert "It is approved." in page
    row = document_now(document.pk)
    assert (row.released_by, row.release_basis) == (desk.person.email, "approved")
    with system("look"):
        assert list(Delivery.objects.values_list("document_id", "state")) == [
            (document.pk, "queued")
        ]


def test_a_client_sends_what_it_sold_from_its_own_space() -> None:
    desk = Desk()
    document = desk.document(direction="sales")
    browser = Browser()
    browser.force_login(web_rows.client_person(desk.client, web_rows.person("bakker@x.example")))

    response = browser.post(f"/clients/{desk.client.pk}/documents/{document.pk}/send/", follow=True)

    assert b"It is released and goes in its turn." in response.content
    assert document_now(document.pk).released_by == "bakker@x.example"


def test_what_the_client_sold_is_not_approved() -> None:
    desk = Desk()
    document = desk.document(direction="sales")

    page = desk.post(f"documents/{document.pk}/approve/")

    assert "Only what the client bought is approved." in page
    assert document_now(document.pk).released_at is None


def test_rejecting_takes_a_reason() -> None:
    desk = Desk()
    document = desk.document()

    assert "Write why the document is rejected." in desk.post(f"documents/{document.pk}/reject/")
    assert document_now(document.pk).rejected_at is None
    page = desk.post(f"documents/{document.pk}/reject/", reason="Not ours")
    assert "Why: Not ours" in page
    assert document_now(document.pk).rejected_reason == "Not ours"


def test_a_duplicate_is_sent_on_somebodys_word() -> None:
    desk = Desk()
    first = desk.document(released_at=now())
    second = desk.document(duplicate_of=first)
    assert f"{desk.base}/documents/{first.pk}/" in desk.read(f"documents/{second.pk}/")

    page = desk.post(f"documents/{second.pk}/send-anyway/")

    assert "It is released and goes in its turn." in page
    assert document_now(second.pk).release_basis == "sent_anyway"


def test_a_delivery_is_held_released_and_cancelled() -> None:
    desk = Desk(Role.ACCOUNTANT)
    delivery = desk.delivery()

    def state_after(deed: str) -> tuple[str, str]:
        desk.post(f"deliveries/{delivery.pk}/{deed}/")
        row = delivery_now(delivery.pk)
        return row.state, row.reason

    assert state_after("hold") == ("held", "by_hand")
    assert state_after("release") == ("queued", "")
    assert state_after("cancel") == ("cancelled", "")
    assert "that cannot be done now" in desk.post(f"deliveries/{delivery.pk}/release/")
    assert delivery_now(delivery.pk).state == "cancelled"


def test_a_resend_needs_a_reason_and_leads_to_the_copy() -> None:
    desk = Desk()
    delivery = desk.delivery(state="refused")

    page = desk.post(f"deliveries/{delivery.pk}/resend/")
    assert "Say why it is sent again" in page
    page = desk.post(f"deliveries/{delivery.pk}/resend/", reason="Address corrected")

    assert "It is sent again: this is the copy." in page
    assert "Why: Address corrected" in page
    with system("look"):
        copy = Delivery.objects.get(resend_of=delivery)
    assert (copy.copy, copy.state, copy.resend_reason) == (1, "queued", "Address corrected")


def test_the_mark_of_a_processed_delivery_can_be_taken_back() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1)

    assert "Take the mark back" in desk.post(f"deliveries/{delivery.pk}/process/")
    assert delivery_now(delivery.pk).processed_by == desk.person.email
    assert "Mark as processed" in desk.post(f"deliveries/{delivery.pk}/unprocess/")
    assert delivery_now(delivery.pk).processed_at is None


def test_a_delivery_shows_its_proof() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", attempts=1, remote_id="<key.1@kantoor.example>")
    web_rows.attempt(delivery)
    web_rows.revision(delivery)

    page = desk.read(f"deliveries/{delivery.pk}/")

    shown = [
        "Accepted by mail server",
        "250 2.0.0 Ok: queued as 4XyZ",
        "mx.pakket.example",
        "TLSv1.3 TLS_AES_256_GCM_SHA384",
        "&lt;key.1@kantoor.example&gt;",
        "took 180 ms",
        "bakkerij@pakket.example",
        "5" * 64,
        "A copy may appear twice in Octopus.",
    ]
    assert [one for one in shown if one not in page] == []


def test_a_document_that_moved_away_is_to_be_taken_out() -> None:
    desk = Desk()
    delivery = desk.delivery(state="accepted", take_out_at=now())

    assert "Take it out of Octopus." in desk.read(f"deliveries/{delivery.pk}/")
    assert "take out of Octopus" in desk.read("deliveries/")


@pytest.mark.parametrize("state", ["archived", "lost"])
def test_after_a_client_left_administrators_keep_the_ledger_and_nobody_the_content(
    state: str,
) -> None:
    desk, accountant = Desk(), Browser()
    document = desk.document(number="NR-7", seller_name="Geheim bv", released_at=now())
    delivery = desk.delivery(document=document, state="accepted", attempts=1, detail="Geheim")
    web_rows.attempt(delivery, detail="Geheim")
    web_rows.revision(delivery, summary={"subject": "Geheim"})
    accountant.force_login(web_rows.member(desk.firm, Role.ACCOUNTANT, desk.client))
    own = Browser()
    own.force_login(web_rows.client_person(desk.client))
    with system("leave"):
        Client.objects.filter(pk=desk.client.pk).update(state=state)
    paths = [f"documents/{document.pk}/", f"documents/{document.pk}/file/"]
    page = f"deliveries/{delivery.pk}/"

    assert [desk.browser.get(f"{desk.base}/{path}").status_code for path in paths] == [404, 404]
    assert "NR-7" not in desk.read("documents/")
    kept = desk.read(page)
    assert [word in kept for word in ("NR-7", document.sha256, "250 2.0.0 Ok")] == [True] * 3
    assert "Geheim" not in kept
    assert "Resend" not in kept
    assert desk.browser.post(f"{desk.base}/{page}resend/", {"reason": "x"}).status_code == 404
    assert [accountant.get(f"{desk.base}/{path}").status_code for path in [*paths, page]] == [
        404,
        404,
        404,
    ]
    assert own.get(f"/clients/{desk.client.pk}/{paths[0]}").status_code == 200


def test_health_says_ok_and_what_is_late() -> None:
    fine = Browser().get("/health")
    delivery = Desk().delivery(next_at="2026-01-01T00:00:00Z")
    late = Browser().get("/health")

    assert delivery.state == "queued"
    assert (fine.status_code, fine.content) == (200, b"ok\n")
    assert late.status_code == 503
    assert late.content == b"Overdue by more than 60 seconds: 1.\n"
    assert settings.SECRET_KEY.encode() not in late.content


def test_a_client_taken_from_an_accountant_is_gone_from_the_next_page_on() -> None:
    desk = Desk(Role.ACCOUNTANT)
    document = desk.document(number="NR-9")
    assert "NR-9" in desk.read("documents/")

    with system("unassign"):
        ClientAssignment.objects.filter(client=desk.client).delete()

    assert "NR-9" not in desk.read("documents/")
    assert desk.browser.get(f"{desk.base}/documents/{document.pk}/").status_code == 404


def test_a_cause_leads_to_its_deliveries_alone() -> None:
    desk = Desk()
    desk.delivery(document=desk.document(number="NR-1", released_at=now()), state="expired")
    held = desk.document(number="NR-2", released_at=now())
    desk.delivery(document=held, state="held", reason="missing_address")
    found = [
        desk.read("deliveries/", state="held", reason="missing_address"),
        desk.read("deliveries/", state="attention"),
        desk.read("deliveries/", state="held", connection=str(FirmFactory.create().pk)),
    ]

    assert [[name in page for name in ("NR-1", "NR-2")] for page in found] == [
        [False, True],
        [True, True],
        [False, False],
    ]
