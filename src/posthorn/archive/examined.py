"""What a reading process tells about a file: its examination, bounded, and where it may be cut.

Runs over hostile bytes, inside that process; what it gives is checked again outside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from posthorn.documents import DocumentError, Examination, statements
from posthorn.documents.errors import StatementCutError
from posthorn.documents.examination import examine_opened, examine_statements
from posthorn.documents.findings import Finding, Severity
from posthorn.documents.model import Category
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.statements.model import Span
from posthorn.documents.statements.slices import slices

if TYPE_CHECKING:
    from posthorn.documents import Facts
    from posthorn.documents.statements.model import StatementFile

MAX_FINDINGS: Final = 200
MAX_PARTS: Final = 1_000
_PER_RULE: Final = 10  # of each rule: a line of each of 10,000 would say the same
_MAX_VALUE: Final = 200  # characters of each value of a finding
_MAX_XPATH: Final = 500  # characters
_MAX_SPANS: Final = 20_000
_MAX_STATEMENTS: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often a rule was found broken, of which the examination shows only the first."""

    id: str
    severity: Severity
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An examination as the archive gets it."""

    examination: Examination  # with the first findings of each rule, fatal ones first
    counts: tuple[Count, ...] = ()
    accounts: tuple[str, ...] = ()  # of a file of statements; "" for one that names none
    parts: tuple[tuple[Span, ...], ...] = ()  # of a file of several accounts
    uncut: str = ""  # why a file of several accounts cannot be cut


def examined(data: bytes) -> Examined:
    """Examine a file, and find where one of several accounts may be cut; each file is read once.

    Raises DocumentError where it cannot be read.
    """
    opened = open_inside(data)
    if opened.format not in statements.FORMATS:
        return bounded(examine_opened(opened))
    file = statements.read(opened.data, opened.format, opened.tree)
    made = bounded(examine_statements(file))
    return _with_parts(opened, file, made) if len(made.accounts) > 1 else made


def bounded(examination: Examination) -> Examined:
    """Keep of an examination what the archive shows, and count the rest."""
    findings = sorted(examination.findings, key=lambda each: each.severity is not Severity.FATAL)
    shown = _first(findings)
    found = Counter((each.id, each.severity) for each in findings)
    given = Counter((each.id, each.severity) for each in shown)
    return Examined(
        examination=replace(examination, findings=tuple(shown), facts=_latest(examination.facts)),
        counts=tuple(
            Count(id=name, severity=severity, found=count)
            for (name, severity), count in found.items()
            if (name, severity) in given and count > given[name, severity]
        ),
        accounts=_accounts(examination.facts),
    )


def _first(findings: list[Finding]) -> list[Finding]:
    seen: Counter[str] = Counter()
    shown = []
    for each in findings:
        seen[each.id] += 1
        if seen[each.id] <= _PER_RULE:
            shown.append(each)
    return [_short(each) for each in shown[:MAX_FINDINGS]]


def _short(finding: Finding) -> Finding:
    values = {name: text[:_MAX_VALUE] for name, text in finding.values.items()}
    return replace(finding, xpath=finding.xpath[:_MAX_XPATH], values=values)


def _latest(facts: Facts) -> Facts:
    """Keep of the statements what the archive shows: the last of too many."""
    statements = facts.statements[-_MAX_STATEMENTS:]
    return replace(facts, statements=statements, accounts=facts.accounts[: MAX_PARTS + 1])


def _accounts(facts: Facts) -> tuple[str, ...]:
    """Return the accounts of a file of statements, each once, one more than can be parted.

    Nothing says that two statements without an account are of one: each counts.
    """
    if facts.category is not Category.STATEMENT:
        return ()
    named = dict.fromkeys(each.account for each in facts.statements if each.account)
    nameless = sum(1 for each in facts.statements if not each.account)
    return (*named, *[""] * nameless)[: MAX_PARTS + 1]


def _with_parts(opened: Opened, file: StatementFile, made: Examined) -> Examined:
    try:
        return replace(made, parts=_parts(opened, file))
    except DocumentError as error:
        return replace(made, uncut=str(error))


def _parts(opened: Opened, file: StatementFile) -> tuple[tuple[Span, ...], ...]:
    if opened.is_enveloped:
        raise StatementCutError("it came in an envelope")
    parts = tuple(each.spans for each in slices(opened.data, file))
    if len(parts) > MAX_PARTS or sum(map(len, parts)) > _MAX_SPANS:
        raise StatementCutError(f"more than {MAX_PARTS} parts")
    return parts


def fits(spans: tuple[Span, ...], size: int) -> bool:
    """Tell whether the pieces of a part lie within a file of so many bytes, in its order."""
    place = 0
    for span in spans:
        if not place <= span.start <= span.end <= size:
            return False
        place = span.end
    return place > 0
