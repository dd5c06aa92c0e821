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
}
# Elsewhere these are the two ends of a time.
_ENDS = {"from": pgettext_lazy("mail", "From"), "to": pgettext_lazy("mail", "To")}
_ABBREVIATIONS = {"camt053": "CAMT.053", "facturx": "Factur-X"} | {
    name: name.upper() for name in ("tls", "pdf", "coda", "mt940", "xml", "zip")
}


def kind_name(kind: str) -> str:
    """Name a kind of documents as accounting packages take them."""
    return gettext(_KINDS[Kind(kind)])


def label(name: str) -> str:
    """Write a field's or a format's name for people."""
    if name in _ENDS:
        return str(_ENDS[name])
    if name in _LABELS:
        return gettext(_LABELS[name])
    return _ABBREVIATIONS.get(name, name.replace("_", " ").capitalize())
