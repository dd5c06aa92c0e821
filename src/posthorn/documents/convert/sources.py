"""Takes the e-invoice out of what came: an envelope, a PDF, or itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from posthorn.documents.convert.draft import Change
from posthorn.documents.convert.refusal import NotConvertibleError
from posthorn.documents.findings import Finding, Severity
from posthorn.documents.formats import INVOICE_ROOTS, UBL_ROOTS, Format, xml_format
from posthorn.documents.opening import Opened
from posthorn.documents.xml import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An e-invoice in XML, and where it was found."""

    data: bytes
    tree: Tree
    is_ubl: bool
    pdf: bytes | None = None  # in which it was embedded
    changes: tuple[Change, ...] = ()  # what was taken off around it


def source_of(opened: Opened) -> Source:
    """Return the e-invoice; raises NotConvertibleError where there is none."""
    if opened.tree is None or opened.root not in INVOICE_ROOTS:
        raise NotConvertibleError(*_obstacles(opened))
    inside, changes = opened.inside, []
    if inside is not None:
        changes.append(Change(code="CONVERT-PDF", before=inside.name))
    if opened.is_enveloped:
        changes.append(Change(code="CONVERT-ENVELOPE"))
    return Source(
        data=inside.data if inside else opened.data,
        tree=opened.tree,
        is_ubl=opened.root in UBL_ROOTS,
        pdf=opened.data if inside else None,
        changes=tuple(changes),
    )


def _obstacles(opened: Opened) -> tuple[Finding, ...]:
    """Say why there is no e-invoice to convert."""
    if opened.notes:
        # People may read it all the same, yet nothing can be taken out of it.
        return tuple(replace(each, severity=Severity.FATAL) for each in opened.notes)
    if opened.format is Format.PDF:
        return (Finding(id="CONVERT-PLAIN-PDF"),)
    if opened.format is Format.ORDERX:
        name = opened.inside.name if opened.inside else ""
        return (Finding(id="CONVERT-ORDER", values={"name": name}),)
    kind = xml_format(opened.root) if opened.tree else opened.format
    return (Finding(id="CONVERT-KIND", values={"format": kind}),)
