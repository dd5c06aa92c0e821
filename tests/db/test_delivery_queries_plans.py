"""Every list can be read through an index, and asks few questions, on rows enough for a plan."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from benchmarks import asking, lists, rounds
from benchmarks.filling import BIG, Filled, fill
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.database import Database

_VALUE = re.compile(r"'(?:[^']|'')*'(?:::\w+)?(?:, )?|\b\d+\b")
_SCAN = re.compile(r'"Node Type": "Seq Scan"[^{}\[\]]*"Relation Name": "(\w+)"')


@pytest.fixture(name="filled")
def filled_fixture(committed: Database) -> Filled:
    return fill(committed, documents=1_500, clients=60)


def plan(filled: Filled, statement: str) -> str:
    """Explain with reading in full forbidden: what is read so all the same has no index."""
    with acting(filled.firm), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"))
        return json.dumps(cursor.fetchone()[0])


def calls(filled: Filled) -> dict[str, list[Callable[[], object]]]:
    found = {name: list(each) for name, each in asking.queries(filled)}
    for name, (path, variations) in lists.VIEWS.items():
        found[f"page: {name}"] = asking.pages(filled, path, variations)
    return found


def test_no_list_needs_a_big_table_in_full_or_more_than_thirty_queries(filled: Filled) -> None:
    scanned, most, seen = set(), 0, set()
    for name, each in calls(filled).items():
        for call in each[::3]:  # the benchmark asks them all
            statements = rounds.statements(call)
            most = max(most, len(statements))
            for one in statements:
                shape = _VALUE.sub("?", one)
                if one.startswith("SELECT") and shape not in seen:
                    seen.add(shape)
                    tables = set(_SCAN.findall(plan(filled, one))) & set(BIG)
                    scanned |= {(name, table) for table in tables}

    assert scanned == set()
    assert 10 < most <= rounds.MAX_QUERIES


def test_the_check_sees_a_table_that_is_read_in_full(filled: Filled) -> None:
    with acting(filled.firm), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT * FROM delivery_attempt")
        found = json.dumps(cursor.fetchone()[0])
    assert _SCAN.findall(found) == ["delivery_attempt"]


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("words @@ '''telenet'':*'::tsquery", "document_words"),
        ("total >= 1000000", "document_total"),
    ],
)
def test_row_level_security_shuts_no_index_of_the_search_out(
    filled: Filled, condition: str, index: str
) -> None:
    found = plan(filled, f"SELECT id FROM archive_search WHERE {condition}")  # noqa: S608

    assert f'"Index Name": "{index}"' in found


def test_search_shows_the_firms_own_documents_alone(filled: Filled) -> None:
    counted = []
    for firm in (filled.firm, filled.administrator):  # the second one is no firm at all
        with acting(firm), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM archive_search")
            counted.append(cursor.fetchone()[0])

    assert counted == [1_500, 0]
