"""Says why a document cannot become a Peppol BIS document."""

from __future__ import annotations

from posthorn.documents.errors import DocumentError
from posthorn.documents.findings import Finding


class NotConvertibleError(DocumentError):
    """The document cannot be sent as Peppol BIS 3.0: the findings say what its sender must add."""

    code = "not_convertible"

    def __init__(self, *findings: Finding) -> None:
        """Take what stands in the way; places in a UBL file that was made have no line."""
        super().__init__(", ".join(dict.fromkeys(finding.id for finding in findings)))
        self.findings = findings
