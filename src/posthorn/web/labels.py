"""Names kinds of documents, formats and fields of a mail for people."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _

from posthorn.sdk.kinds import Kind

_KINDS = {
    Kind.PURCHASE: _("Purchase"),
    Kind.SALES: _("Sales"),
    Kind.STATEMENT: _("Bank statements"),
}
_LABELS = {
    "subject": _("Subject"),
    "files": _("Files"),
    "server": _("Server"),
    "reply": _("Reply"),
    "queue_id": _("Queue id"),
    "ubl_invoice": _("UBL invoice"),
    "ubl_credit_note": _("UBL credit note"),
    "cii": _("CII invoice"),
    "company": _("Company"),
    "document": _("Document"),
    "e_invoice": _("E-invoice"),
    "route": _("Delivered through"),
    "type": _("Type"),
}
# Elsewhere these are the two ends of a time.
_ENDS = {"from": pgettext_lazy("mail", "From"), "to": pgettext_lazy("mail", "To")}
_ABBREVIATIONS = {"camt053": "CAMT.053", "facturx": "Factur-X"} | {
    name: name.upper() for name in ("tls", "pdf", "coda", "mt940", "xml", "zip")
}


def kind_name(kind: str) -> str:
    """Name a kind of documents as accounting packages take them."""
    return gettext(_KINDS[Kind(kind)])


# What became of the PDF of an e-invoice in a mail, by the word of what was sent.
_PDFS = {
    "off": _("Not sent along"),
    "attached": _("The e-invoice's own, beside it"),
    "attached_alone": _("The e-invoice's own, in its place"),
    "drawn": _("Drawn from the e-invoice, beside it"),
    "drawn_alone": _("Drawn from the document, in its place"),
    "drawn_inside": _("Drawn from the e-invoice and put inside"),
    "inside_already": _("Inside the e-invoice, as received"),
    "none_in_document": _("None: the e-invoice holds none"),
    "not_placed": _("None: the e-invoice may not be changed"),
    "cannot_draw": _("None: the e-invoice cannot be drawn"),
    "too_long_to_draw": _("None: the e-invoice is too long to be drawn"),
    "too_large": _("Left out: the mail would be too large"),
    "not_for_this_format": _("Not for this kind of file"),
    "link": _("At a download address, with the document"),
    "left_out": _("Left out: larger than the package takes"),
}
# What else is written down in one word when a document is prepared, by its name.
_REMARKS = {
    "pdf": _PDFS,
    "e_invoice": {
        "as_received": _("As received"),
        "converted": _("Converted to Peppol BIS 3.0"),
        "taken_out_of_pdf": _("As it was inside the PDF"),
    },
    "route": {"documents": _("Documents"), "mailbox": _("Digital postbox")},
}


def pdf_words(remark: str) -> str:
    """Say what became of the PDF; an older word stays as it is."""
    return remark_words("pdf", remark)


def remark_words(name: str, remark: str) -> str:
    """Say what was written down in one word; any other text stays as it is."""
    known = _REMARKS.get(name, {})
    return gettext(known[remark]) if remark in known else remark


def label(name: str) -> str:
    """Write a field's or a format's name for people."""
    if name in _ENDS:
        return str(_ENDS[name])
    if name in _LABELS:
        return gettext(_LABELS[name])
    return _ABBREVIATIONS.get(name, name.replace("_", " ").capitalize())
