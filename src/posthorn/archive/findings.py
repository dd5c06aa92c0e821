"""Keeps what a check found with a document, and gives it back grouped for whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from posthorn.documents.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from posthorn.archive.examined import Examined
    from posthorn.archive.models import Document

MAX_PLACES: Final = 5  # of one rule; nobody reads a line of each of 10,000
MAX_RULES: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a rule is broken; `sentence` where it says something else than the first one."""

    line: int | None
    xpath: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All that one rule found; `more` places are not shown."""

    id: str
    severity: Severity
    sentence: str
    places: tuple[Place, ...]
    more: int

    @property
    def is_fatal(self) -> bool:
        """Tell whether it makes the document invalid."""
        return self.severity is Severity.FATAL

    @property
    def found(self) -> int:
        """Count the places, those included that are not shown."""
        return len(self.places) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a check found, fatal rules first; `more` rules are not shown."""

    groups: tuple[Group, ...] = ()
    more: int = 0


def kept(examined: Examined) -> list[dict[str, Any]]:
    """Give findings as JSON values; `count` where a rule was found more often than is kept."""
    more = {(each.id, each.severity): each.found for each in examined.counts}
    rows = []
    for finding in examined.examination.findings:
        row: dict[str, Any] = {
            "id": finding.id,
            "severity": finding.severity.value,
            "xpath": finding.xpath,
            "line": finding.line,
            "values": dict(finding.values),
        }
        count = more.pop((finding.id, finding.severity), None)
        rows.append(row if count is None else {**row, "count": count})
    return rows


def first_fatal(document: Document) -> Finding | None:
    """Give the first finding that makes a document invalid."""
    fatal = (row for row in document.findings if row["severity"] == Severity.FATAL.value)
    return next(map(finding_of, fatal), None)


def finding_of(row: Mapping[str, Any]) -> Finding:
    """Read a finding as it is kept."""
    return Finding(
        id=row["id"],
        severity=Severity(row["severity"]),
        xpath=row["xpath"],
        line=row["line"],
        values=row["values"],
    )


def grouped(document: Document, language: str) -> Findings:
    """Give a document's findings by rule, fatal before warnings, with sentences in a language."""
    by_rule: dict[tuple[Severity, str], list[Mapping[str, Any]]] = {}
    for row in document.findings:
        by_rule.setdefault((Severity(row["severity"]), row["id"]), []).append(row)
    ordered = sorted(by_rule.items(), key=lambda each: each[0][0] is not Severity.FATAL)
    shown = tuple(_group(rows, language) for _, rows in ordered[:MAX_RULES])
    return Findings(groups=shown, more=len(ordered) - len(shown))


def _group(rows: Sequence[Mapping[str, Any]], language: str) -> Group:
    first = finding_of(rows[0])
    sentence = first.message(language)
    places = tuple(_places(map(finding_of, rows[:MAX_PLACES]), sentence, language))
    found = max([len(rows), *(row["count"] for row in rows if "count" in row)])
    return Group(
        id=first.id,
        severity=first.severity,
        sentence=sentence,
        places=places,
        more=found - len(places),
    )


def _places(findings: Iterable[Finding], said: str, language: str) -> Iterable[Place]:
    for finding in findings:
        sentence = finding.message(language)
        yield Place(
            line=finding.line, xpath=finding.xpath, sentence=sentence if sentence != said else ""
        )
