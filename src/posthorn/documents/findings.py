"""What is wrong with a file, in a form that a screen, a report and a machine can all use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posthorn.documents.sentences import sentence


class Severity(StrEnum):
    """How much a finding weighs."""

    FATAL = "fatal"  # the document is invalid
    WARNING = "warning"


class Verdict(StrEnum):
    """How a check ends."""

    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where."""

    id: str  # the rule's own identifier, such as BR-CO-15; XSD for a schema failure
    severity: Severity = Severity.FATAL
    xpath: str = ""  # /Invoice/cac:InvoiceLine[2]/cbc:ID; empty where there is no XML
    line: int | None = None  # of the file, from 1
    values: Mapping[str, str] = field(default_factory=dict)  # quoted; hostile text

    def message(self, language: str = "en") -> str:
        """Return one sentence that says what to change; nl, fr, en or de."""
        return sentence(self.id, language, self.values)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Tell whether anything found is fatal."""
    is_fatal = any(finding.severity is Severity.FATAL for finding in findings)
    return Verdict.INVALID if is_fatal else Verdict.VALID
