"""What Posthorn says of an e-invoice, in the form in which the official rules say it."""

from __future__ import annotations

from dataclasses import dataclass

from posthorn.documents import DocumentError, xml
from posthorn.documents.checks import check
from posthorn.documents.findings import Finding, Severity

OWN = ("XSD", "POSTHORN-")  # findings that no stylesheet knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The ids we give; `refused` is the code of a file we do not read."""

    fatal: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    broken: tuple[str, ...] = ()
    refused: str = ""

    @property
    def is_invalid(self) -> bool:
        """Tell whether the document is not a valid one to us."""
        return bool(self.fatal or self.own or self.refused)


def say(data: bytes) -> Said:
    """Check a UBL document."""
    try:
        tree = xml.parse(data)
    except DocumentError as error:
        return Said(refused=error.code)
    findings = check(tree).findings
    return Said(
        fatal=_ids(findings, Severity.FATAL),
        warnings=_ids(findings, Severity.WARNING),
        own=frozenset(found.id for found in findings if found.id.startswith(OWN)),
        broken=tuple(
            f"{found.values['rule']} {found.values['error']} at {found.xpath}"
            for found in findings
            if "rule" in found.values and found.id.startswith("POSTHORN-")
        ),
    )


def _ids(findings: tuple[Finding, ...], severity: Severity) -> frozenset[str]:
    return frozenset(
        found.id
        for found in findings
        if found.severity is severity and not found.id.startswith(OWN)
    )
