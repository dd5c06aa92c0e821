"""The benchmarks' own promises: lists take turns, a name chooses, and help starts nothing."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from benchmarks import __main__ as bench
from benchmarks import lists
from benchmarks.pace import Pace
from benchmarks.rounds import LIMIT_MS, MAX_QUERIES, Measured, measure


def asks(told: list[str], name: str, queries: int) -> None:
    """Note that it was this one's turn, and ask as many queries."""
    told.append(name)
    with connection.cursor() as cursor:
        for _ in range(queries):
            cursor.execute("WITH one AS (SELECT 1) SELECT * FROM one")


@pytest.mark.django_db
def test_lists_and_their_variations_take_turns_beside_the_pace_of_the_host() -> None:
    told: list[str] = []
    pace = Pace()
    first = [partial(asks, told, "a1", 1), partial(asks, told, "a2", 2)]

    rows = measure([("a", first), ("b", [partial(asks, told, "b", 3)])], rounds=3, pace=pace)

    assert told == ["a1", "a2", "b", "a1", "b", "a2", "b", "a1", "b"]
    assert [(row.name, row.requests, row.queries, row.scanned) for row in rows] == [
        ("a", 3, 2, ()),
        ("b", 3, 3, ()),
    ]
    assert len(pace.times_ms) == 3
    assert min(pace.times_ms) > 0


@pytest.mark.parametrize(
    ("changed", "is_met"),
    [
        ({}, True),
        ({"p95_ms": float(LIMIT_MS)}, False),
        ({"queries": MAX_QUERIES + 1}, False),
        ({"scanned": ("archive_document",)}, False),
    ],
)
def test_a_list_keeps_all_three_promises_or_the_figure_misses(
    changed: dict[str, object], *, is_met: bool
) -> None:
    kept = {"p95_ms": LIMIT_MS - 0.1, "queries": MAX_QUERIES, "scanned": ()} | changed
    row = Measured(name="page: x", requests=100, p50_ms=1.0, **kept)  # type: ignore[arg-type]

    figure = lists.Report(size=lists.FULL, rows=[row], pace=Pace(times_ms=[50.0, 75.0])).figure

    assert figure.met is is_met
    assert figure.name.endswith("(a million additions took 62 ms, at worst 75)")


def test_names_are_listed_and_an_unknown_one_starts_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert lists.main(["--list"]) == 0
    assert capsys.readouterr().out.splitlines() == [*lists.VIEWS, "queries"]
    for main, arguments, code in (
        (bench.main, ["--list"], 0),
        (bench.main, ["--help"], 0),
        (bench.main, ["latencies"], 2),
        (lists.main, ["document"], 2),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == code
    told = capsys.readouterr()
    assert told.out.splitlines()[:12] == list(bench.measurements(bench.QUICK))
    assert "no figure is called 'latencies'" in told.err
    assert "no list is called 'document'" in told.err
