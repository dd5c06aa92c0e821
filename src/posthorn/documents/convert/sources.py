"""Finds the e-invoice in what came: in an envelope, in a PDF, or there itself."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from posthorn.documents.convert.draft import Change
from posthorn.documents.convert.refusal import NotConvertibleError
from posthorn.documents.findings import Finding
from posthorn.documents.limits import Limits
from posthorn.documents.model import Format
from posthorn.documents.opening import Opened, open_file
from posthorn.documents.ubl import FORMATS
from posthorn.documents.xml import Tree

if TYPE_CHECKING:
    from posthorn.documents.facturx import Embedded

_INVOICES = (*FORMATS.values(), Format.CII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An e-invoice in XML, and where it was found."""

    data: bytes
    tree: Tree
    is_ubl: bool
    pdf: bytes | None = None  # in which it was embedded
    changes: tuple[Change, ...] = ()  # what was taken off around it


def source_of(data: bytes, limits: Limits) -> Source:
    """Return the e-invoice; raises NotConvertibleError where there is none."""
    opened = open_file(data, limits)
    if opened.format is not Format.PDF:
        return _source(opened, None, ())
    embedded = _embedded(data, limits)
    taken_out = Change(code="CONVERT-PDF", before=embedded.name)
    return _source(open_file(embedded.data, limits), data, (taken_out,))


def _source(opened: Opened, pdf: bytes | None, changes: tuple[Change, ...]) -> Source:
    if opened.format not in _INVOICES or opened.tree is None:
        raise NotConvertibleError(Finding(id="CONVERT-KIND", values={"format": opened.format}))
    if opened.is_enveloped:
        changes = (*changes, Change(code="CONVERT-ENVELOPE"))
    return Source(
        data=opened.data,
        tree=opened.tree,
        is_ubl=opened.tree.root.name in FORMATS,
        pdf=pdf,
        changes=changes,
    )


def _embedded(pdf: bytes, limits: Limits) -> Embedded:
    # Loading the PDF library takes longer than converting any XML.
    facturx = import_module("posthorn.documents.facturx")
    embedded: Embedded | None = facturx.embedded_xml(pdf, limits)
    if embedded is None:
        raise NotConvertibleError(Finding(id="CONVERT-PLAIN-PDF"))
    if embedded.kind is facturx.Kind.ORDER:
        raise NotConvertibleError(Finding(id="CONVERT-ORDER", values={"name": embedded.name}))
    return embedded
