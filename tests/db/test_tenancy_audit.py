from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import transaction

from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit
from posthorn.tenancy.models import AuditEntry, AuditSeal
from posthorn.tenancy.scope import acting, system
from tests.db.factories import FirmFactory
from tests.threads import at_once

if TYPE_CHECKING:
    from uuid import UUID

    from tests.database import Database

WRITERS, TRANSACTIONS, ENTRIES = 50, 5, 20


def entry(firm: UUID | None, number: int = 0) -> audit.Entry:
    return audit.Entry(
        firm=firm,
        actor="an@kantoor.example",
        action="client.paused",
        subject_kind="client",
        subject_id=new_id(),
        detail={"number": number, "text": "é"},
    )


def write(firm: UUID, count: int) -> None:
    with acting(firm):
        audit.record([entry(firm, number) for number in range(count)])


def tamper(database: Database, *statements: str) -> None:
    """Change rows as somebody with the superuser's login can, past triggers and policies."""
    with psycopg.connect(database.admin.url(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def trail(committed: Database) -> audit.Verdict:
    """Three seals of one firm with 10 entries each, and one of the installation itself."""
    del committed  # it is where the rows go
    firm = FirmFactory.create().pk
    for _ in range(3):
        write(firm, 10)
        assert audit.seal() == 10
    with system("test"):
        audit.record([entry(None)])
    assert audit.seal() == 1
    return audit.verify()


def test_a_whole_trail_has_no_problems(trail: audit.Verdict) -> None:
    assert trail.problems == ()
    assert (trail.entries, trail.seals, trail.unsealed) == (31, 4, 0)
    assert set(trail.heads) > {"installation"}


def test_a_growing_trail_still_reaches_its_earlier_heads(trail: audit.Verdict) -> None:
    write(FirmFactory.create().pk, 3)

    grown = audit.verify(trail.heads)

    assert (grown.problems, grown.entries, grown.unsealed) == ((), 34, 3)


@pytest.mark.parametrize(
    ("statements", "problems"),
    [
        pytest.param(
            ["UPDATE tenancy_auditentry SET actor = 'x' WHERE id = 15"],
            ["seal 2 of {firm} holds an entry that was changed or removed"],
            id="edit",
        ),
        pytest.param(
            ["DELETE FROM tenancy_auditentry WHERE id = 30"],
            ["seal 3 of {firm} holds an entry that was changed or removed"],
            id="delete",
        ),
        pytest.param(
            [
                (
                    "INSERT INTO tenancy_auditentry SELECT 99, at, actor, action, subject_kind,"
                    " subject_id, detail, firm_id FROM tenancy_auditentry WHERE id = 3"
                ),
            ],
            ["entry 99 was added outside the trail"],
            id="insert",
        ),
        pytest.param(
            [
                "UPDATE tenancy_auditentry SET id = 1000 WHERE id = 5",
                "UPDATE tenancy_auditentry SET id = 5 WHERE id = 6",
                "UPDATE tenancy_auditentry SET id = 6 WHERE id = 1000",
            ],
            ["seal 1 of {firm} holds an entry that was changed or removed"],
            id="reorder",
        ),
        pytest.param(
            [
                "DELETE FROM tenancy_auditseal WHERE number = 3",
                "DELETE FROM tenancy_auditentry WHERE id BETWEEN 21 AND 30",
            ],
            ["the trail of {firm} no longer reaches the seal {head}…: its end was cut off"],
            id="truncated tail",
        ),
        pytest.param(
            [
                "DELETE FROM tenancy_auditseal WHERE number = 1 AND firm_id IS NOT NULL",
                "DELETE FROM tenancy_auditentry WHERE id BETWEEN 1 AND 10",
            ],
            [
                "seal 2 of {firm} does not follow the seal before it",
                "seal 3 of {firm} does not follow the seal before it",
            ],
            id="cut head",
        ),
    ],
)
def test_tampering_is_found(
    committed: Database, trail: audit.Verdict, statements: list[str], problems: list[str]
) -> None:
    [firm] = set(trail.heads) - {"installation"}

    tamper(committed, *statements)

    named = [text.format(firm=firm, head=trail.heads[firm][:12]) for text in problems]
    assert list(audit.verify(trail.heads).problems) == named


def test_an_entry_removed_before_its_seal_is_found(committed: Database) -> None:
    write(FirmFactory.create().pk, 2)

    tamper(committed, "DELETE FROM tenancy_auditentry WHERE id = 2")

    assert audit.verify().problems == ("entry 2 waited for its seal and was removed",)


def test_fifty_writers_and_two_sealers_leave_one_unforked_chain(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk

    def work() -> None:
        for _ in range(TRANSACTIONS):
            write(firm, ENTRIES)

    def sealer() -> None:
        for _ in range(20):
            audit.seal()

    at_once([work] * WRITERS + [sealer, sealer])
    while audit.seal():
        pass

    verdict = audit.verify()
    with system("count"):
        numbers = list(AuditSeal.objects.order_by("number").values_list("number", flat=True))
        sealed = [
            number
            for seal in AuditSeal.objects.values_list("entry_ids", flat=True)
            for number in seal
        ]
    assert (verdict.problems, verdict.entries, verdict.unsealed) == ((), 5_000, 0)
    assert numbers == list(range(1, verdict.seals + 1))
    assert len(sealed) == len(set(sealed)) == 5_000


def test_of_two_sealers_at_once_each_entry_has_one_seal(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk
    write(firm, 40)

    sealed = at_once([audit.seal] * 2)

    assert sorted(sealed) == [0, 40]
    assert (audit.verify().seals, audit.verify().problems) == (1, ())


def test_an_entry_of_a_failed_transaction_leaves_nothing_to_seal(committed: Database) -> None:
    del committed
    firm = FirmFactory.create().pk
    with acting(firm):
        audit.record([entry(firm)])
        transaction.set_rollback(True)

    assert audit.seal() == 0
    assert audit.verify() == audit.Verdict(entries=0, seals=0, unsealed=0, heads={}, problems=())


@pytest.mark.django_db
def test_a_long_actor_is_cut_and_a_detail_is_kept_as_it_was() -> None:
    firm = FirmFactory.create().pk
    with acting(firm):
        audit.record(
            [
                audit.Entry(
                    firm=firm,
                    actor="x" * 300,
                    action="a",
                    subject_kind="b",
                    subject_id=None,
                    detail={"ž": [1, None]},
                )
            ]
        )
        row = AuditEntry.objects.get()
    assert (row.actor, row.detail) == ("x" * 200, {"ž": [1, None]})


@pytest.mark.django_db
def test_nothing_to_record_writes_nothing() -> None:
    firm = FirmFactory.create().pk
    with acting(firm):
        audit.record([])
        assert AuditEntry.objects.count() == 0
