"""Makes a Peppol BIS Billing 3.0 document of another e-invoice, or says why that cannot be."""

from __future__ import annotations

from posthorn.documents.convert.completion import Completion, complete
from posthorn.documents.convert.conversion import Conversion, convert, convert_opened
from posthorn.documents.convert.draft import Change
from posthorn.documents.convert.form import (
    CompletionForm,
    FieldError,
    FormError,
    LineFields,
    PartyFields,
    VatFields,
)
from posthorn.documents.convert.refusal import NotConvertibleError
from posthorn.documents.convert.supplement import Supplement

__all__ = [
    "Change",
    "Completion",
    "CompletionForm",
    "Conversion",
    "FieldError",
    "FormError",
    "LineFields",
    "NotConvertibleError",
    "PartyFields",
    "Supplement",
    "VatFields",
    "complete",
    "convert",
    "convert_opened",
]
