"""Makes a valid Peppol BIS document of a plain PDF and the form that a person filled in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from posthorn.documents import numbers, ubl, xml
from posthorn.documents.checks import check
from posthorn.documents.checks.peppol.general import BILLING, SPECIFICATION
from posthorn.documents.convert import attachments, parties
from posthorn.documents.convert.draft import Draft
from posthorn.documents.convert.form import (
    CompletionForm,
    FieldError,
    FormError,
    LineFields,
    PartyFields,
    VatFields,
)
from posthorn.documents.convert.refusal import NotConvertibleError
from posthorn.documents.convert.typing_errors import typing_errors
from posthorn.documents.findings import Severity, Verdict
from posthorn.documents.invoice import (
    Address,
    CreditTransfer,
    Identifier,
    Invoice,
    Item,
    Line,
    Party,
    PaymentMeans,
    Price,
    References,
    Totals,
    VatLine,
)

_CENT: Final = Decimal("0.01")
_ONE: Final = "C62"  # UN/ECE Recommendation 20: one piece
_SEPA: Final = "58"  # UNTDID 4461
_UNDEFINED: Final = "1"
_UNRATED: Final = "O"  # UNTDID 5305: not subject to VAT, which has no rate at all
# VATEX, the reasons that the category itself tells.
_REASONS: Final = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
_INVOICE, _CREDIT_NOTE = "380", "381"  # UNTDID 1001


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The document that a form made."""

    invoice: Invoice
    data: bytes = field(repr=False)  # valid Peppol BIS 3.0, the PDF inside


def complete(form: CompletionForm) -> Completion:
    """Return the document that a form makes, its sums worked out and its PDF attached.

    Raises FormError for what is missing or wrong, field by field, and NotConvertibleError with the
    findings where the rules want more than the form asks.
    """
    _refuse(*typing_errors(form))
    draft = Draft(_invoice(form))
    parties.find_addresses(draft)
    attachments.embed(draft, form.pdf)
    _refuse(*_without_address(draft.invoice), *_other_total(form, draft.invoice))
    data = ubl.write(draft.invoice)
    report = check(xml.parse(data))
    if report.verdict is not Verdict.VALID:
        fatal = (each for each in report.findings if each.severity is Severity.FATAL)
        raise NotConvertibleError(*(replace(each, line=None) for each in fatal))
    return Completion(invoice=draft.invoice, data=data)


def _refuse(*errors: FieldError) -> None:
    if errors:
        raise FormError(*errors)


def _without_address(invoice: Invoice) -> list[FieldError]:
    return [
        FieldError(field=f"{role}.address", code="FORM-ADDRESS")
        for role in ("seller", "buyer")
        if getattr(invoice, role).endpoint is None
    ]


def _other_total(form: CompletionForm, invoice: Invoice) -> list[FieldError]:
    worked_out = invoice.totals.payable
    if form.payable is None or form.payable == worked_out:
        return []
    return [FieldError(field="payable", code="FORM-TOTAL", value=str(worked_out))]


def _invoice(form: CompletionForm) -> Invoice:
    lines = tuple(_line(n, each) for n, each in enumerate(_lines(form), 1))
    vat = _vat_of_totals(form.totals) or _vat_of_lines(form.lines, lines)
    return Invoice(
        is_credit_note=form.is_credit_note,
        number=form.number.strip(),
        issue_date=form.issue_date,
        due_date=form.due_date,
        type_code=_CREDIT_NOTE if form.is_credit_note else _INVOICE,
        currency=form.currency,
        references=References(buyer=form.buyer_reference.strip()),
        process=BILLING,
        specification=SPECIFICATION,
        seller=_party(form.seller),
        buyer=_party(form.buyer),
        payment=_payment(form),
        totals=_totals(lines, vat),
        vat=vat,
        lines=lines,
    )


def _party(typed: PartyFields) -> Party:
    vat = numbers.vat(typed.vat_number) if typed.vat_number else None
    number = Identifier(value=typed.enterprise_number.strip()) if typed.enterprise_number else None
    party = Party(
        name=typed.name.strip(),
        legal_identifier=number,
        vat_identifier=vat,
        endpoint=typed.address,
        address=Address(country=typed.country),
    )
    return parties.with_register(party)


def _lines(form: CompletionForm) -> tuple[LineFields, ...]:
    return form.lines or tuple(_line_of_total(total) for total in form.totals)


def _line_of_total(total: VatFields) -> LineFields:
    net = total.net or Decimal()
    return LineFields(
        text=f"VAT {total.rate or 0} % ({total.category})",
        price=abs(net),
        quantity=Decimal(-1) if net < 0 else Decimal(1),
        category=total.category,
        rate=total.rate,
        reason=total.reason,
    )


def _line(number: int, typed: LineFields) -> Line:
    price = typed.price or Decimal()
    return Line(
        number=str(number),
        quantity=typed.quantity,
        unit=_ONE,
        amount=_rounded(price * typed.quantity),
        price=Price(net=price),
        vat_category=typed.category,
        vat_rate=_rate(typed),
        item=Item(name=typed.text.strip()),
    )


def _rate(typed: LineFields | VatFields) -> Decimal | None:
    return None if typed.category == _UNRATED else typed.rate or Decimal()


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _vat_of_totals(totals: tuple[VatFields, ...]) -> tuple[VatLine, ...]:
    return tuple(_vat_line(total, total.net, total.tax) for total in totals)


def _vat_of_lines(typed: tuple[LineFields, ...], lines: tuple[Line, ...]) -> tuple[VatLine, ...]:
    """Return the VAT of each category and rate, in the order in which the lines have them."""
    groups: dict[tuple[str, Decimal | None], tuple[LineFields, Decimal]] = {}
    for each, line in zip(typed, lines, strict=True):
        key = (each.category, _rate(each))
        first, net = groups.get(key, (each, Decimal()))
        groups[key] = (first, net + (line.amount or 0))
    return tuple(
        _vat_line(first, net, _rounded(net * (rate or 0) / 100))
        for (_, rate), (first, net) in groups.items()
    )


def _vat_line(typed: LineFields | VatFields, net: Decimal | None, tax: Decimal | None) -> VatLine:
    return VatLine(
        taxable=net,
        tax=tax,
        category=typed.category,
        rate=_rate(typed),
        exemption_reason=typed.reason.strip() or None,
        exemption_code=_REASONS.get(typed.category),
    )


def _totals(lines: tuple[Line, ...], vat: tuple[VatLine, ...]) -> Totals:
    net = sum((line.amount or Decimal() for line in lines), Decimal())
    tax = sum((each.tax or Decimal() for each in vat), Decimal())
    return Totals(lines=net, without_vat=net, vat=tax, with_vat=net + tax, payable=net + tax)


def _payment(form: CompletionForm) -> tuple[PaymentMeans, ...]:
    if not (form.iban or form.payment_reference):
        return ()
    transfers = (CreditTransfer(account=numbers.iban(form.iban)),) if form.iban else ()
    return (
        PaymentMeans(
            code=_SEPA if form.iban else _UNDEFINED,
            remittance=form.payment_reference.strip() or None,
            transfers=transfers,
        ),
    )
