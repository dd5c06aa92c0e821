"""The demonstration's check must be able to fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from posthorn.cli.demo.exact import Administration, Booked
from posthorn.cli.demo.mailboxes import Mail
from posthorn.cli.demo.outcomes import Outcome
from posthorn.cli.demo.samples import Sample, read_samples
from posthorn.cli.demo.verdict import (
    exact_problems,
    mail_problems,
    row_problems,
    trial_problems,
)
from posthorn.delivery.mail_states import TrialState
from posthorn.delivery.queries.trials import TrialRow
from posthorn.delivery.states import State

SHA, OTHER = "a" * 64, "b" * 64
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)
SAMPLE = Sample(
    file="a.xml",
    client="0101",
    direction="purchase",
    released=True,
    is_given=False,
    result="delivered",
    address="In@Package.example",
    reason=None,
    original=None,
    sha256=SHA,
    path=Path("a.xml"),
)
ARRIVED = Outcome(
    sample=SAMPLE,
    document=FIRST,
    where="accepted",
    why="",
    dossier_number="0101",
    direction="purchase",
    is_released=True,
    deliveries=((State.ACCEPTED, ""),),
)
MAIL = Mail(recipients=("In@package.example",), attachments=(SHA,))


def test_the_right_mail_in_the_right_mailbox_is_no_problem() -> None:
    assert mail_problems([MAIL], [ARRIVED]) == []


def test_a_mail_that_came_back_later_is_in_its_mailbox_all_the_same() -> None:
    returned = replace(ARRIVED, sample=replace(SAMPLE, result="returned"))

    assert mail_problems([MAIL], [returned]) == []
    assert len(mail_problems([], [returned])) == 1


@pytest.mark.parametrize(
    ("mails", "count"),
    [
        ([], 1),
        ([MAIL, MAIL], 1),
        ([replace(MAIL, recipients=("in@package.example",))], 2),
        ([replace(MAIL, recipients=("out@package.example",))], 2),
        ([replace(MAIL, attachments=(OTHER,))], 2),
        ([replace(MAIL, attachments=(SHA, OTHER))], 2),
        ([replace(MAIL, attachments=())], 2),
        ([replace(MAIL, recipients=("In@package.example", "x@b.example"))], 2),
    ],
    ids=["missing", "twice", "case", "elsewhere", "bytes", "more", "empty", "shared"],
)
def test_anything_else_is_one(mails: list[Mail], count: int) -> None:
    assert len(mail_problems(mails, [ARRIVED])) == count


TRIAL = TrialRow(
    id=UUID(int=7),
    kind="purchase",
    recipient="In@Package.example",
    state=TrialState.ACCEPTED,
    code="",
    detail="",
    evidence={},
    asked_at=NOON,
    asked_by="demo",
    sent_at=NOON,
    has_arrived=None,
    answered_at=None,
    answered_by="",
    returns=(),
)
TEST_MAIL = replace(MAIL, key=f"trial.{UUID(int=7).hex}", attachments=(OTHER,))


def test_a_test_mail_that_waits_for_its_answer_is_no_problem() -> None:
    assert (TEST_MAIL.is_test, MAIL.is_test) == (True, False)
    assert trial_problems([TEST_MAIL], [TRIAL]) == []


@pytest.mark.parametrize(
    ("mails", "trial", "problems"),
    [
        ([], TRIAL, ["a test mail is missing in In@package.example"]),
        ([TEST_MAIL] * 2, TRIAL, ["a test mail must not be in In@package.example"]),
        (
            [replace(TEST_MAIL, recipients=("x@b.example",))],
            TRIAL,
            [
                "a test mail is missing in In@package.example",
                "a test mail must not be in x@b.example",
            ],
        ),
        (
            [TEST_MAIL],
            replace(TRIAL, state=TrialState.FAILED),
            ["a test mail to In@Package.example is failed, and does not wait for a person"],
        ),
        (
            [TEST_MAIL],
            replace(TRIAL, has_arrived=True),
            ["a test mail to In@Package.example is accepted, and does not wait for a person"],
        ),
    ],
    ids=["missing", "twice", "elsewhere", "failed", "answered"],
)
def test_each_fault_of_a_test_mail_is_told(
    mails: list[Mail], trial: TrialRow, problems: list[str]
) -> None:
    assert trial_problems(mails, [trial]) == problems


BOOKS = (
    Administration(dossier_number="0101", name="Bakkerij", code=7, division=3400123),
    Administration(dossier_number="0102", name="Garage", code=8, division=3400124),
)
SIGNED_IN = replace(
    ARRIVED, sample=replace(SAMPLE, address=None), deliveries=((State.DELIVERED, ""),)
)
BOOKED = Booked(division=3400123, files=(SHA,))


def test_the_right_file_in_the_right_administration_is_no_problem() -> None:
    assert exact_problems([BOOKED], [SIGNED_IN], BOOKS) == []
    assert mail_problems([], [SIGNED_IN]) == []


@pytest.mark.parametrize(
    ("booked", "problems"),
    [
        ([], ["a.xml is missing in 7 · Bakkerij (1 times)"]),
        ([BOOKED, BOOKED], ["a.xml must not be in 7 · Bakkerij (1 times)"]),
        (
            [replace(BOOKED, division=3400124)],
            [
                "a.xml is missing in 7 · Bakkerij (1 times)",
                "a.xml must not be in 8 · Garage (1 times)",
            ],
        ),
        (
            [replace(BOOKED, files=(OTHER,))],
            [
                "a.xml is missing in 7 · Bakkerij (1 times)",
                "a file bbbbbbbbbbbb… must not be in 7 · Bakkerij (1 times)",
            ],
        ),
        (
            [BOOKED, Booked(division=1, files=())],
            ["something without a file must not be in 1 (1 times)"],
        ),
    ],
    ids=["missing", "twice", "elsewhere", "bytes", "unknown"],
)
def test_anything_else_in_administrations_is_one(booked: list[Booked], problems: list[str]) -> None:
    assert exact_problems(booked, [SIGNED_IN], BOOKS) == problems


def test_what_was_mailed_must_not_be_in_an_administration() -> None:
    assert len(exact_problems([BOOKED], [ARRIVED], BOOKS)) == 1


def as_result(result: str, **changes: object) -> Outcome:
    sample = replace(SAMPLE, result=result, original="first.xml", reason="missing_address")
    quiet = replace(ARRIVED, sample=sample, is_released=False, deliveries=())
    return replace(quiet, **changes)  # type: ignore[arg-type]  # fields by name


ORIGINAL = replace(ARRIVED, sample=replace(SAMPLE, file="first.xml"), document=SECOND)
GOOD = {
    "delivered": ARRIVED,
    "signed_in": SIGNED_IN,
    "returned": as_result(
        "returned", where="bounced", is_released=True, deliveries=((State.BOUNCED, ""),)
    ),
    "held": as_result("held", where="held", deliveries=((State.HELD, "missing_address"),)),
    "duplicate": as_result("duplicate", where="duplicate", duplicate_of=SECOND),
    "not_released": as_result("not_released", where="to_approve"),
    "refused": as_result("refused", where="refused", document=None),
    "unassigned": replace(
        as_result("unassigned", where="unassigned", dossier_number="", direction=""),
        sample=replace(SAMPLE, result="unassigned", client=None, direction=None),
    ),
}


@pytest.mark.parametrize("result", sorted(GOOD))
def test_what_became_what_it_must_is_no_problem(result: str) -> None:
    assert row_problems([ORIGINAL, GOOD[result]]) == []


@pytest.mark.parametrize(
    ("result", "changes", "count"),
    [
        ("delivered", {"deliveries": ((State.QUEUED, ""),)}, 1),
        ("delivered", {"deliveries": ((State.DELIVERED, ""),)}, 1),
        ("returned", {"deliveries": ((State.ACCEPTED, ""),)}, 1),
        ("signed_in", {"deliveries": ((State.ACCEPTED, ""),)}, 1),
        ("delivered", {"deliveries": ((State.ACCEPTED, ""),) * 2}, 1),
        ("delivered", {"dossier_number": "0102"}, 1),
        ("delivered", {"direction": "sales"}, 1),
        ("held", {"deliveries": ((State.HELD, "by_hand"),)}, 1),
        ("duplicate", {"duplicate_of": None}, 1),
        ("duplicate", {"duplicate_of": FIRST}, 1),
        ("duplicate", {"is_released": True, "deliveries": ((State.ACCEPTED, ""),)}, 2),
        ("not_released", {"where": "accepted", "is_released": True}, 2),
        ("refused", {"document": FIRST}, 1),
        ("unassigned", {"where": "to_approve", "dossier_number": "0101"}, 2),
    ],
    ids=str,
)
def test_each_difference_is_told(result: str, changes: dict[str, object], count: int) -> None:
    changed = replace(GOOD[result], **changes)  # type: ignore[arg-type]  # fields by name

    assert len(row_problems([ORIGINAL, changed])) == count


def test_the_sandboxs_manifest_is_read_whole() -> None:
    samples = read_samples()

    assert (len(samples.clients), len(samples.documents)) == (12, 60)
    assert [one.file for one in samples.documents if not one.path.is_file()] == []
