"""Converts a document, and gives it back only when it then is valid Peppol BIS 3.0."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from posthorn.documents import cii, ubl, xml
from posthorn.documents.checks import check, schema
from posthorn.documents.convert import attachments, figures, identity, parties, payments, texts
from posthorn.documents.convert.draft import Change, Draft
from posthorn.documents.convert.losses import note_losses
from posthorn.documents.convert.missing import missing_terms
from posthorn.documents.convert.obstacles import obstacles
from posthorn.documents.convert.refusal import NotConvertibleError
from posthorn.documents.convert.sources import Source, source_of
from posthorn.documents.convert.supplement import NOTHING_MORE, Supplement, add_supplement
from posthorn.documents.convert.watching import Watched
from posthorn.documents.errors import UnwritableError
from posthorn.documents.findings import Finding, Severity, Verdict
from posthorn.documents.formats import UBL_ROOTS
from posthorn.documents.invoice import Invoice, Note
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.xml import Tree

_STEPS: Final = (
    identity.name_specification,
    identity.name_kind,
    identity.name_order,
    parties.rename_schemes,
    parties.keep_one_number,
    parties.find_addresses,
    texts.move_text_lines,
    texts.number_lines,
    texts.join_notes,
    figures.trim_zeros,
    figures.turn_negative_prices,
    figures.drop_lone_gross_prices,
    figures.drop_idle_discounts,
    figures.drop_half_bases,
    figures.drop_own_tax_currency,
    figures.add_vat_total,
    payments.part_accounts,
    payments.complete_payment,
    attachments.drop_software,
    attachments.name_files,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A valid Peppol BIS 3.0 document."""

    data: bytes = field(repr=False)
    changes: tuple[Change, ...] = ()  # empty: the bytes are those that came
    warnings: tuple[Finding, ...] = ()  # what the check found that is not fatal


def convert(
    data: bytes,
    *,
    embed_pdf: bool = False,
    supplement: Supplement = NOTHING_MORE,
    limits: Limits = LIMITS,
) -> Conversion:
    """Return the Peppol BIS 3.0 document that an e-invoice makes; one that is valid stays as it is.

    `embed_pdf` attaches a Factur-X PDF to the document made of the XML inside it; `supplement` is
    what the receiver knows and the sender left out. No amount is worked out anew, no sum mended.
    Raises NotConvertibleError with the findings, and DocumentError
    as `read` does.
    """
    opened = open_inside(data, limits)
    return convert_opened(opened, embed_pdf=embed_pdf, supplement=supplement, limits=limits)


def convert_opened(
    opened: Opened,
    *,
    embed_pdf: bool = False,
    supplement: Supplement = NOTHING_MORE,
    limits: Limits = LIMITS,
) -> Conversion:
    """Convert a file that is open already, as `convert` does."""
    source = source_of(opened)
    pdf = source.pdf if embed_pdf else None
    if source.is_ubl and pdf is None:
        report = check(source.tree)
        if report.verdict is Verdict.VALID:
            return Conversion(data=source.data, changes=source.changes, warnings=report.findings)
    return _converted(source, pdf, supplement, limits)


def _converted(
    source: Source, pdf: bytes | None, supplement: Supplement, limits: Limits
) -> Conversion:
    tree, read = source.tree, Watched(source.tree.root, None)
    if source.is_ubl:
        _refuse(*schema.findings(tree))
    invoice = ubl.read_invoice(read) if source.is_ubl else cii.read_invoice(read)
    _refuse(*obstacles(tree, read, invoice))
    draft = Draft(invoice)
    draft.changes.extend(source.changes)
    _note_syntax(draft, tree)
    for step in _STEPS:
        step(draft)
    add_supplement(draft, supplement)
    if not source.is_ubl:
        _refuse(*_incomplete(invoice.specification, draft.invoice))
    if pdf is not None:
        attachments.embed(draft, pdf)
    return _checked(draft, read, limits)


def _refuse(*findings: Finding) -> None:
    if findings:
        raise NotConvertibleError(*findings)


def _note_syntax(draft: Draft, tree: Tree) -> None:
    if tree.root.name not in UBL_ROOTS:
        draft.note("CONVERT-SYNTAX", "", tree.root.name, "UBL 2.1")
    elif draft.invoice.is_credit_note and tree.root.name != "cn:CreditNote":
        draft.note("CONVERT-CREDIT-NOTE", "BT-3", tree.root.name, "cn:CreditNote")


def _incomplete(guideline: str | None, invoice: Invoice) -> list[Finding]:
    found = list(missing_terms(invoice))
    if cii.is_summary(guideline):
        return [Finding(id="CONVERT-SUMMARY", values={"profile": guideline or ""}), *found]
    return found


def _checked(draft: Draft, read: Watched, limits: Limits) -> Conversion:
    """Write the document and check it; its terms must be those that were to be written."""
    try:
        data = ubl.write(draft.invoice)
    except UnwritableError as error:
        raise NotConvertibleError(
            Finding(id="CONVERT-VALUE", values={"value": error.detail})
        ) from error
    tree = xml.parse(data, limits)
    report = check(tree)
    if report.verdict is not Verdict.VALID:
        # Nobody keeps the file that the lines would count in.
        fatal = (each for each in report.findings if each.severity is Severity.FATAL)
        raise NotConvertibleError(*(replace(each, line=None) for each in fatal))
    if _plain(ubl.read_invoice(tree.root)) != _plain(draft.invoice):
        raise NotConvertibleError(Finding(id="CONVERT-LOST"))
    note_losses(draft, read, tree.root)
    return Conversion(data=data, changes=tuple(draft.changes), warnings=report.findings)


def _plain(invoice: Invoice) -> Invoice:
    """Return the invoice with its notes as UBL writes them: `#AAI#` may be code or text."""
    notes = tuple(Note(text=texts.written(note)) for note in invoice.notes)
    return replace(invoice, notes=notes)
