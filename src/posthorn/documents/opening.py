"""Opens a file as far as every reader needs it: what it is, and its tree where it is XML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from posthorn.documents import xml
from posthorn.documents.encoding import looks_like_xml
from posthorn.documents.errors import EmptyError, TooLargeError
from posthorn.documents.findings import Finding, Severity
from posthorn.documents.formats import ENVELOPE_ROOT, Format, xml_format
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.profiles import Profile, profile_of
from posthorn.documents.xml import Tree

_GUIDELINE = ("ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID")
_CONTEXTS = ("rsm:ExchangedDocumentContext", "rsm1:SpecifiedExchangedDocumentContext")

# ISO 32000-2: embedded files (7.11.4), associated files (14.13), objects out of sight (7.5.7), and
# encryption (7.6). A PDF without any of these holds no e-invoice and need not be taken apart.
_MARKS = (b"/EmbeddedFile", b"/AF", b"/ObjStm", b"/Encrypt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """An e-invoice or an order that a PDF carries."""

    name: str  # as the PDF says; hostile text
    data: bytes = field(repr=False)  # out of its envelope where it came in one


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file, opened."""

    data: bytes  # of the document itself, out of its envelope where it came in one
    format: Format
    profile: Profile = Profile.NONE  # of an e-invoice
    tree: Tree | None = None  # of an XML file, or of the one inside a PDF
    notes: tuple[Finding, ...] = ()  # what was wrong, yet not enough to refuse the file
    is_enveloped: bool = False  # it came in a Standard Business Document
    inside: Inside | None = None  # of a PDF: what was found embedded in it

    @property
    def root(self) -> str | None:
        """Return the short name of the XML's root element; None for what is not XML."""
        return self.tree.root.name if self.tree else None


def open_file(data: bytes, limits: Limits = LIMITS) -> Opened:
    """Return what the bytes hold; raises a subclass of DocumentError when they cannot be opened."""
    if not data:
        raise EmptyError
    if len(data) > limits.max_bytes:
        raise TooLargeError(f"{len(data)} bytes, at most {limits.max_bytes}")
    if looks_like_xml(data):
        return open_xml(data, limits)
    from posthorn.documents.sniffing import sniff  # noqa: PLC0415  # XML needs none of its marks

    return Opened(data=data, format=sniff(data).format)


def open_inside(data: bytes, limits: Limits = LIMITS) -> Opened:
    """Return what the bytes hold, and look for an e-invoice inside a PDF; raises as `open_file`.

    The data of a PDF stays the PDF's.
    """
    opened = open_file(data, limits)
    return _inside(opened, limits) if opened.format is Format.PDF else opened


def _inside(pdf: Opened, limits: Limits) -> Opened:
    if not any(mark in pdf.data for mark in _MARKS):
        return pdf
    from posthorn.documents.facturx import (  # noqa: PLC0415  # the library takes long to load
        Kind,
        PdfBrokenError,
        embedded_xml,
    )

    try:
        embedded = embedded_xml(pdf.data, limits)
    except PdfBrokenError as error:
        # Programs that show PDFs mend what is broken: people may read it all the same.
        finding = Finding(id=error.code, severity=Severity.WARNING, values={"detail": error.detail})
        return replace(pdf, notes=(finding,))
    if embedded is None:
        return pdf
    if embedded.kind is Kind.ORDER:
        inside = Inside(name=embedded.name, data=embedded.data)
        return replace(pdf, format=Format.ORDERX, inside=inside)
    inner = open_xml(embedded.data, limits)
    inside = Inside(name=embedded.name, data=inner.data)
    return replace(inner, data=pdf.data, format=Format.FACTURX, inside=inside)


def open_xml(data: bytes, limits: Limits = LIMITS) -> Opened:
    """Return what an XML file holds; raises as `parse` and `unwrap`."""
    tree = xml.parse(data, limits)
    is_enveloped = tree.root.name == ENVELOPE_ROOT
    if is_enveloped:
        from posthorn.documents.envelopes import unwrap  # noqa: PLC0415  # few files have one

        data = unwrap(data, limits)
        tree = xml.parse(data, limits)
    return Opened(
        data=data,
        format=xml_format(tree.root.name),
        profile=_profile(tree),
        tree=tree,
        is_enveloped=is_enveloped,
    )


def _profile(tree: Tree) -> Profile:
    root = tree.root
    guidelines = (root.text(context, *_GUIDELINE) for context in _CONTEXTS)
    named = root.text("cbc:CustomizationID") or next(filter(None, guidelines), None)
    return profile_of(named, root.text("cbc:UBLVersionID"))
