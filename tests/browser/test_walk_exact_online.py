"""The reference page on Exact Online, step by step by its labels, until the documents are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from posthorn.documents.findings import Verdict
from posthorn.documents.judgement import judge
from posthorn.documents.opening import open_inside
from posthorn.documents.profiles import Profile
from tests.browser.steps import await_seen, open_menu
from tests.browser.test_walk_signing_in import enter_there, sign_in_to_exact
from tests.browser.test_walk_to_exact_online import open_package, removal_of, remove, unbind
from tests.browser.watching import assert_accessible
from tests.invoices import invoice
from tests.reference.labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import FilePayload, Locator, Page

    from tests.browser.administrations import Arrived
    from tests.browser.conftest import Lab

pytestmark = pytest.mark.xdist_group("lab")
LABEL = labels_of("exact-online")
PEPPOL = b"#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
ARRIVES_MS = 30_000
NAME = "Exact Online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A client, and its administration: the code people type, the number in addresses."""

    name: str
    vat: str
    dossier: str
    code: str
    division: int


BAKERY = Company(
    name="Bakkerij Janssens BV",
    vat="BE0123456749",
    dossier="2026-0151",
    code="7",
    division=3400123,
)
GARAGE = Company(
    name="Garage De Smet NV",
    vat="BE0123457145",
    dossier="2026-0152",
    code="8",
    division=3400124,
)
SENT = {
    "EX-1": BAKERY,
    "EX-2": BAKERY,
    "EX-3": GARAGE,
    "EX-4": GARAGE,
    "EX-5": BAKERY,
    "EX-6": GARAGE,
}


@pytest.fixture
def office(desk: Page, lab: Lab) -> Iterator[Page]:
    """Open a window of a firm that is signed in to Exact Online and has two more clients."""
    sign_in_to_exact(desk, lab)
    unbind(desk, lab)
    lab.administrations.clear_documents()
    for one in (BAKERY, GARAGE):
        add_client(desk, lab, one)
    yield desk
    for one in (BAKERY, GARAGE):
        archive_client(desk, one)


def add_client(page: Page, lab: Lab, one: Company) -> None:
    """Add a client that shares its documents with its accountant."""
    page.goto(f"{lab.space}clients/add/")
    page.get_by_label("Name", exact=True).fill(one.name)
    page.get_by_label("Dossier number").fill(one.dossier)
    page.get_by_label("Enterprise or VAT number").fill(one.vat)
    page.get_by_role("button", name="Add client", exact=True).click()
    section = page.get_by_role("region", name="Accounting package connection")
    section.get_by_label("Share documents with accountant").check()
    section.get_by_role("button", name="Save", exact=True).click()
    expect(section.get_by_text("for every package of this client")).to_be_visible()


def open_client(page: Page, one: Company) -> None:
    """Follow step 7: Clients, and a double-click on one."""
    open_menu(page, LABEL["7"])
    page.locator("tbody tr", has_text=one.name).dblclick(position={"x": 5, "y": 5})
    expect(page.get_by_role("heading", level=1, name=one.name)).to_be_visible()


def bind(page: Page, one: Company) -> None:
    """Follow steps 7 to 12; the code is right, so nothing more is asked."""
    open_client(page, one)
    page.get_by_role("link", name=LABEL["8"], exact=True).click()
    page.get_by_role("link", name=LABEL["9"]).first.click()
    page.get_by_role("link", name=LABEL["10"]).click()
    page.get_by_label(LABEL["11"]).fill(one.code)
    page.get_by_role("button", name=LABEL["12"]).click()
    line = page.get_by_text(f"{one.code} · {one.name} · {one.vat}, verified today")
    expect(line).to_be_visible(timeout=ARRIVES_MS)


def archive_client(page: Page, one: Company) -> None:
    """Leave nothing to other walks: the integration goes, and the client from every list."""
    page.goto("/")
    open_client(page, one)
    page.get_by_role("link", name=LABEL["8"], exact=True).click()
    expect(page.get_by_role("link", name=LABEL["9"]).first).to_be_visible()
    if removal_of(page).count():
        remove(page)
    page.get_by_role("link", name="Archive", exact=True).click()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_role("link", name="Archive", exact=True)).to_have_count(0)


def hand_in(page: Page, lab: Lab, sent: Mapping[str, bytes]) -> None:
    """Hand documents in at once; ends on the list in which all of them can be approved."""
    page.goto(f"{lab.space}documents/upload/")
    files: list[FilePayload] = [
        {"name": f"{number}.xml", "mimeType": "application/xml", "buffer": data}
        for number, data in sent.items()
    ]
    page.get_by_label("Drop files here, or choose them").set_input_files(files)
    page.get_by_role("button", name="Upload", exact=True).click()
    taken = page.locator("[data-sent] li", has_text="Taken in")
    expect(taken).to_have_count(len(files), timeout=ARRIVES_MS)
    page.goto(f"{lab.space}documents/")
    for number in sent:
        await_seen(page, state_of(page, number, "To approve"))


def row_of(page: Page, number: str) -> Locator:
    """Give the row of a document in the list."""
    name = page.get_by_role("link", name=number, exact=True)
    return page.locator("tbody tr").filter(has=name)


def state_of(page: Page, number: str, state: str) -> Locator:
    """Give the state in a document's row, once it is this one."""
    return row_of(page, number).locator(".state", has_text=state)


def approve(page: Page, lab: Lab, numbers: Sequence[str], *, state: str) -> None:
    """Approve documents in the list, and wait there until all of them are in a state."""
    page.goto(f"{lab.space}documents/")
    for number in numbers:
        page.get_by_label(f"Choose {number}", exact=True).check()
    page.locator("[data-bulk]").get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("approved")
    for number in numbers:
        await_seen(page, state_of(page, number, state))


def one_file(arrived: Arrived) -> bytes:
    """Give the one file of a document."""
    (data,) = arrived.files.values()
    return data


def see_receipt(page: Page, lab: Lab, arrived: Arrived) -> bytes:
    """Go from a document's page to its delivery and on to the package; gives the file there."""
    expect(page.locator(".page-head .state")).to_have_text("In the package")
    page.get_by_role("link", name=NAME, exact=True).click()
    receipt = f"In Exact Online as document {arrived.number}"
    expect(page.get_by_text(receipt).first).to_be_visible()
    expect(page.get_by_text("booked")).to_have_count(0)
    assert_accessible(page)
    page.context.clear_cookies(name="StandInSession")  # whoever looks later signs in there first
    page.get_by_role("link", name=f"Open in {NAME}").click()
    enter_there(page, "els.peeters")
    expect(page.get_by_role("heading", name=f"Document {arrived.number}")).to_be_visible()
    assert page.url.startswith(f"{lab.exact}/docs/DocViewContent.aspx?")
    (name,) = arrived.files
    link = page.get_by_role("link", name=name).get_attribute("href") or ""
    assert f"{lab.exact}/docs/SysAttachment.aspx?" in link
    return page.request.get(link).body()


def open_document(page: Page, lab: Lab, number: str) -> bytes:
    """Open a document from the list; gives the original that its page offers."""
    page.goto(f"{lab.space}documents/")
    page.get_by_role("link", name=number, exact=True).click()
    link = page.get_by_role("link", name="Download the original").get_attribute("href") or ""
    return page.request.get(link).body()


def switch_off(page: Page, lab: Lab) -> None:
    """Disconnect it for all clients: Manage, the switch, and a yes that knows how many stop."""
    page.goto(f"{lab.space}extensions/exact_online/")
    page.get_by_role("main").get_by_role("link", name=LABEL["13"]).first.click()
    page.get_by_label(LABEL["14"], exact=True).click()
    expect(page.get_by_text("2 clients stop getting documents there.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=LABEL["15"], exact=True).click()
    expect(page.get_by_text(f"{NAME} is switched off.")).to_be_visible()


def switch_on(page: Page, lab: Lab, held: int) -> None:
    """Switch it on again: it asks what becomes of what was held, and answers nothing itself."""
    open_package(page, lab)
    page.get_by_label(LABEL["14"], exact=True).click()
    expect(page.get_by_text(f"{held} documents were held while it was off.")).to_be_visible()
    assert page.get_by_role("radio").count() == 2
    assert page.get_by_role("radio", checked=True).count() == 0
    assert_accessible(page)
    page.get_by_label(f"Send all of them: {held} documents").check()
    page.get_by_role("button", name="Switch on", exact=True).click()
    expect(page.get_by_text(f"{NAME} is active.")).to_be_visible()


@pytest.mark.timeout(240)
def test_documents_arrive_once_the_steps_of_the_page_are_followed(office: Page, lab: Lab) -> None:
    there, sent = lab.administrations, bodies()
    hand_in(office, lab, sent)
    approve(office, lab, ["EX-1"], state="Goes nowhere")
    bind(office, BAKERY)
    bind(office, GARAGE)
    approve(office, lab, ["EX-2", "EX-3", "EX-4"], state="In the package")

    (bread,) = there.await_documents(BAKERY.division, 1)
    cars = there.await_documents(GARAGE.division, 2)
    assert_right([bread, *sorted(cars, key=lambda one: one.subject)], sent)
    assert open_document(office, lab, "EX-4") == sent["EX-4"]
    assert open_document(office, lab, "EX-2") == sent["EX-2"]
    assert see_receipt(office, lab, bread) == sent["EX-2"]

    switch_off(office, lab)
    approve(office, lab, ["EX-5", "EX-6"], state="On hold")
    switch_on(office, lab, held=2)
    *_, late_bread = there.await_documents(BAKERY.division, 2)
    *_, late_car = there.await_documents(GARAGE.division, 3)
    assert [one_file(late_bread), one_file(late_car)] == [sent["EX-5"], sent["EX-6"]]
    assert there.count() == 5  # so the one approved before is not among them


def bodies() -> dict[str, bytes]:
    """Give the documents: all of them Peppol BIS 3.0 but one, and that a bare EN 16931 invoice."""
    made = {number: invoice(number=number, buyer=one.vat) for number, one in SENT.items()}
    return made | {"EX-4": made["EX-4"].replace(PEPPOL, b"")}


def assert_right(found: Sequence[Arrived], sent: Mapping[str, bytes]) -> None:
    """Fail unless all are valid Peppol BIS 3.0, and those that were so already are as they were."""
    names = ["EX-2 Drukkerij Maes", "EX-3 Drukkerij Maes", "EX-4 Drukkerij Maes"]
    assert [one.subject.partition(" [")[0] for one in found] == names
    opened = [open_inside(one_file(one)) for one in found]
    assert [(one.profile, judge(one).verdict) for one in opened] == [
        (Profile.BIS, Verdict.VALID)
    ] * 3
    assert [one.data for one in opened[:2]] == [sent["EX-2"], sent["EX-3"]]
    assert open_inside(sent["EX-4"]).profile is Profile.EN16931
    assert opened[2].data != sent["EX-4"]
