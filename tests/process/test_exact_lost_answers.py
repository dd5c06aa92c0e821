"""The connector over a real line: whatever becomes of its answers, each document is there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from posthorn.connectors.exact_online.naming import tag_of
from tests.invoices import PDF
from tests.process.exact_office import Office, digest, open_office, purchase

PATIENCE_S = 0.6
"""For answers that never come; of the others a busy host may need more."""
THREADS = 8
WORDS = '{"error":{"code":"","message":{"lang":"","value":"Gegeven bestaat reeds."}}}'
# After it was carried out: what is heard of it. 0 where the connector looks by itself.
AFTER: Mapping[str, tuple[dict[str, object], int]] = {
    "drop": ({"action": "drop"}, 3),
    "reset": ({"action": "reset"}, 3),
    "half an answer": ({"action": "cut"}, 3),
    "nothing in it": ({"action": "empty"}, 3),
    "a page as success": ({"action": "html", "status": 200}, 3),
    "a page as failure": ({"action": "html", "status": 500}, 3),
    "a bare 500": ({"action": "reply", "status": 500, "body": ""}, 3),
    "a 500 with words": ({"action": "reply", "status": 500, "body": WORDS}, 0),
    "a 408": ({"action": "reply", "status": 408, "body": ""}, 3),
    "a bad gateway": ({"action": "reply", "status": 502, "body": ""}, 3),
    "too late": ({"action": "stall", "seconds": PATIENCE_S + 0.5}, 3),
}
THE_THREE = ("drop", "a bare 500", "too late")
MANY, FEW = 100, 8


@pytest.fixture(scope="module")
def lent() -> Iterator[Office]:
    with open_office() as office:
        yield office


@pytest.fixture
def office(lent: Office) -> Iterator[Office]:
    yield lent
    lent.admin("DELETE", "/faults")
    lent.admin("DELETE", "/documents")


@pytest.fixture
def impatient(office: Office) -> Iterator[Office]:
    hasty = Office(standin=office.standin, token=office.token, answer_within_s=PATIENCE_S)
    yield hasty
    hasty.exchange.close_idle(0)


def deliver(office: Office, route: str, number: int) -> tuple[str, int]:
    settings = {"route": route, "pdf_alongside": "on"}
    receipt, unknowns = office.deliver(purchase(number), key=f"k{number}", **settings)
    return receipt.remote_id, unknowns


def deliver_all(office: Office, route: str, count: int) -> list[tuple[str, int]]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(partial(deliver, office, route), range(count)))


def judge(office: Office, route: str, done: list[tuple[str, int]]) -> None:
    """Demand each document once, under its key, with both files byte for byte, and no other."""
    path = "/documents" if route == "documents" else "/messages"
    found = {one["subject"].rpartition(" ")[2]: one for one in office.admin("GET", path)}
    assert len(office.admin("GET", path)) == len(done)
    assert sorted(found) == sorted(tag_of(f"k{number}") for number in range(len(done)))
    for number, (remote_id, _) in enumerate(done):
        one = found[tag_of(f"k{number}")]
        assert one["id"] == remote_id
        assert [file["sha256"] for file in one["files"]] == [
            digest(purchase(number).content),
            digest(PDF),
        ]


@pytest.mark.parametrize("way", AFTER)
def test_answer_lost_at_every_call_leaves_each_document_whole_and_once(
    office: Office, impatient: Office, way: str
) -> None:
    fault, unknowns = AFTER[way]
    count = MANY if way in THE_THREE else FEW
    office.admin(
        "POST", "/faults", {"at": "documents/*", "method": "POST", "when": "after", **fault}
    )

    done = deliver_all(impatient if way == "too late" else office, "documents", count)

    judge(office, "documents", done)
    assert {number for _, number in done} == {unknowns}


@pytest.mark.parametrize("way", THE_THREE)
def test_answer_lost_at_every_call_to_the_postbox_leaves_each_message_whole_and_once(
    office: Office, impatient: Office, way: str
) -> None:
    fault, unknowns = AFTER[way]
    office.admin("POST", "/faults", {"at": "mailbox/*", "method": "POST", "when": "after", **fault})

    done = deliver_all(impatient if way == "too late" else office, "mailbox", FEW)

    judge(office, "mailbox", done)
    assert {number for _, number in done} == {unknowns}


@pytest.mark.parametrize("action", ["drop", "reset", "silence"])
def test_line_broken_before_anything_was_done_doubles_nothing(
    office: Office, impatient: Office, action: str
) -> None:
    struck = {"at": "documents/*", "method": "POST", "when": "before", "times": FEW}
    office.admin("POST", "/faults", {**struck, "action": action})

    done = deliver_all(impatient if action == "silence" else office, "documents", FEW * 2)

    judge(office, "documents", done)
    assert sum(number for _, number in done) == FEW


def test_without_faults_it_takes_one_call_for_the_document_and_one_for_each_file(
    office: Office,
) -> None:
    office.admin("DELETE", "/journal")

    done = deliver_all(office, "documents", FEW)

    judge(office, "documents", done)
    assert len(office.admin("GET", "/journal")) == 3 * FEW
