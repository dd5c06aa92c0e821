"""What a document's check found, as the command line tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from posthorn.archive.findings import finding_of
from posthorn.cli.languages import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Record = dict[str, Any]
_PLACES: Final = 5


def records(kept: Iterable[Record]) -> list[Record]:
    """Give kept findings for programs; `count` where a rule was found more often than is kept."""
    return [_record(row) for row in kept]


def _record(row: Record) -> Record:
    found = finding_of(row)
    made: Record = {
        "id": found.id,
        "severity": found.severity.value,
        "xpath": found.xpath,
        "line": found.line,
        "message": found.message(language()),
    }
    return {**made, "count": row["count"]} if "count" in row else made


def lines(found: Iterable[Record]) -> Iterator[str]:
    """Yield two lines for each rule that is broken: what to change, and where; fatal ones first."""
    by_rule: dict[tuple[str, str], list[Record]] = {}
    for each in found:
        by_rule.setdefault((each["severity"], each["id"]), []).append(each)
    for (severity, name), same in by_rule.items():
        yield f"{severity:<7}  {name}: {same[0]['message']}"
        yield from _where(same)


def _where(found: Sequence[Record]) -> Iterator[str]:
    count = max([len(found), *(each["count"] for each in found if "count" in each)])
    shown = found[:_PLACES]
    for each in shown:
        line = f"line {each['line']}" if each["line"] else ""
        place = "  ".join(filter(None, (line, each["xpath"])))
        if place:
            yield f"         {place}"
    if count > len(shown):
        yield f"         and {count - len(shown)} more"
