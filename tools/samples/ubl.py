"""Writes Peppol BIS Billing 3.0 (release 3.0.21) invoices and credit notes in UBL 2.1."""

from __future__ import annotations

import base64
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from tools.samples.companies import Company
from tools.samples.invoices import Invoice, Line, Vat

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def el(name: str, /, *content: str, **attributes: str) -> str:
    """Return one element of cbc or cac with its attributes; content is markup already."""
    listed = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{listed}>{''.join(content)}</{name}>"


def value(name: str, text: object, /, **attributes: str) -> str:
    """Return a cbc element with a text, nothing for an empty text."""
    return el(f"cbc:{name}", escape(str(text)), **attributes) if str(text) else ""


def amount(name: str, figure: Decimal) -> str:
    """Return an amount in euro."""
    return value(name, figure, currencyID="EUR")


def write(invoice: Invoice, pdf: bytes | None = None) -> bytes:
    """Return the file, indented, in UTF-8."""
    kind = "CreditNote" if invoice.credits else "Invoice"
    opening = (
        f'<{kind} xmlns="{_SPACE}{kind}-2"'
        f' xmlns:cac="{_SPACE}CommonAggregateComponents-2"'
        f' xmlns:cbc="{_SPACE}CommonBasicComponents-2">'
    )
    parts = (
        *_header(invoice),
        *_references(invoice, pdf),
        _party("AccountingSupplierParty", invoice.seller),
        _party("AccountingCustomerParty", invoice.buyer),
        _delivery(invoice),
        _payment(invoice),
        _allowance(invoice),
        _taxes(invoice),
        _totals(invoice),
        *(_line(kind, place, line) for place, line in enumerate(invoice.lines, start=1)),
    )
    body = "\n".join(f"  {part}" for part in parts if part)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{body}\n</{kind}>\n'.encode()


def _header(invoice: Invoice) -> tuple[str, ...]:
    is_credit = invoice.credits is not None
    return (
        value("CustomizationID", _CUSTOMIZATION),
        value("ProfileID", _PROFILE),
        value("ID", invoice.number),
        value("IssueDate", invoice.issued),
        # UBL 2.1 gives a credit note no DueDate.
        "" if is_credit else value("DueDate", invoice.due),
        value("CreditNoteTypeCode", 381) if is_credit else value("InvoiceTypeCode", 380),
        value("Note", invoice.note),
        value("DocumentCurrencyCode", "EUR"),
        value("BuyerReference", invoice.reference),
    )


def _references(invoice: Invoice, pdf: bytes | None) -> tuple[str, ...]:
    credited = invoice.credits
    return (
        el(
            "cac:BillingReference",
            el(
                "cac:InvoiceDocumentReference",
                value("ID", credited.number),
                value("IssueDate", credited.issued),
            ),
        )
        if credited
        else "",
        _attachment(invoice, pdf) if pdf else "",
    )


def _attachment(invoice: Invoice, pdf: bytes) -> str:
    name = f"{invoice.number.replace('/', '-')}.pdf"
    content = base64.b64encode(pdf).decode("ascii")
    return el(
        "cac:AdditionalDocumentReference",
        value("ID", invoice.number),
        value("DocumentDescription", "CreditNote" if invoice.credits else "CommercialInvoice"),
        el(
            "cac:Attachment",
            value(
                "EmbeddedDocumentBinaryObject",
                content,
                mimeCode="application/pdf",
                filename=name,
            ),
        ),
    )


def _party(role: str, company: Company) -> str:
    return el(
        f"cac:{role}",
        el(
            "cac:Party",
            value("EndpointID", company.enterprise, schemeID=company.scheme),
            el("cac:PartyName", value("Name", company.name)),
            el(
                "cac:PostalAddress",
                value("StreetName", company.street),
                value("CityName", company.city),
                value("PostalZone", company.postcode),
                el("cac:Country", value("IdentificationCode", company.country)),
            ),
            el("cac:PartyTaxScheme", value("CompanyID", company.vat), _vat_scheme()),
            el(
                "cac:PartyLegalEntity",
                value("RegistrationName", company.name),
                value("CompanyID", company.enterprise, schemeID=company.scheme),
            ),
        ),
    )


def _vat_scheme() -> str:
    return el("cac:TaxScheme", value("ID", "VAT"))


def _delivery(invoice: Invoice) -> str:
    # What a credit note takes back keeps the day on which it was delivered.
    day = (invoice.credits or invoice).issued
    place = invoice.buyer
    return el(
        "cac:Delivery",
        value("ActualDeliveryDate", day),
        el(
            "cac:DeliveryLocation",
            el(
                "cac:Address",
                value("StreetName", place.street),
                value("CityName", place.city),
                value("PostalZone", place.postcode),
                el("cac:Country", value("IdentificationCode", place.country)),
            ),
        ),
    )


def _payment(invoice: Invoice) -> str:
    return el(
        "cac:PaymentMeans",
        # 58: SEPA credit transfer (UNCL 4461), which Dutch senders must use (NL-R-008).
        value("PaymentMeansCode", 58, name="SEPA credit transfer"),
        value("PaymentID", invoice.payment),
        el(
            "cac:PayeeFinancialAccount",
            value("ID", invoice.seller.iban),
            value("Name", invoice.seller.name),
        ),
    )


def _allowance(invoice: Invoice) -> str:
    if not invoice.allowance:
        return ""
    return el(
        "cac:AllowanceCharge",
        value("ChargeIndicator", "false"),
        value("AllowanceChargeReasonCode", 95),
        value("AllowanceChargeReason", "Discount"),
        value("MultiplierFactorNumeric", invoice.discount),
        amount("Amount", invoice.allowance),
        amount("BaseAmount", invoice.sum_of_lines),
        _category("cac:TaxCategory", invoice.lines[0].vat),
    )


def _taxes(invoice: Invoice) -> str:
    subtotals = (
        el(
            "cac:TaxSubtotal",
            amount("TaxableAmount", base),
            amount("TaxAmount", tax),
            _category("cac:TaxCategory", kind, kind.exemption),
        )
        for kind, (base, tax) in invoice.taxes.items()
    )
    return el("cac:TaxTotal", amount("TaxAmount", invoice.tax), *subtotals)


def _category(name: str, vat: Vat, exemption: tuple[str, str] | None = None) -> str:
    code, reason = exemption or ("", "")
    return el(
        name,
        value("ID", vat.category),
        value("Percent", vat.rate),
        value("TaxExemptionReasonCode", code),
        value("TaxExemptionReason", reason),
        _vat_scheme(),
    )


def _totals(invoice: Invoice) -> str:
    return el(
        "cac:LegalMonetaryTotal",
        amount("LineExtensionAmount", invoice.sum_of_lines),
        amount("TaxExclusiveAmount", invoice.net),
        amount("TaxInclusiveAmount", invoice.total),
        amount("AllowanceTotalAmount", invoice.allowance) if invoice.allowance else "",
        amount("PrepaidAmount", invoice.prepaid) if invoice.prepaid else "",
        amount("PayableAmount", invoice.total - invoice.prepaid),
    )


def _line(kind: str, place: int, line: Line) -> str:
    counted = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    return el(
        f"cac:{kind}Line",
        value("ID", place),
        value(counted, line.quantity, unitCode=line.article.unit),
        amount("LineExtensionAmount", line.net),
        el(
            "cac:Item",
            value("Name", line.article.name),
            _category("cac:ClassifiedTaxCategory", line.vat),
        ),
        el("cac:Price", amount("PriceAmount", line.article.price)),
    )
