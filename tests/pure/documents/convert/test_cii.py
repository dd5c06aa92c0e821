from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from posthorn.documents import cii, xml
from posthorn.documents.convert import Change, convert
from posthorn.documents.invoice import Card, Invoice, Note, PaymentMeans
from tests.pure.documents.convert.sources import (
    BILLING,
    BIS,
    change,
    full_cii,
    read,
    refusals,
    sample,
    zugferd,
)


def terms(data: bytes) -> Invoice:
    return cii.read_invoice(xml.parse(data).root)


def test_all_terms_of_cii_are_in_the_ubl() -> None:
    data = full_cii()

    converted = convert(data)

    sent = terms(data)
    card = Card(number="123456", network="NA", holder="M. Weber")
    assert read(converted) == replace(sent, payment=(replace(sent.payment[0], card=card),))


def test_all_terms_of_a_credit_note_are_in_the_ubl() -> None:
    data = sample("cii/full-credit-note.xml")

    converted = convert(data)

    assert read(converted) == terms(data)
    assert xml.parse(converted.data).root.name == "cn:CreditNote"


def test_every_change_of_a_zugferd_invoice_is_listed() -> None:
    converted = convert(zugferd())

    root = "/rsm1:CrossIndustryDocument"
    order = (
        f"{root}/rsm1:SpecifiedSupplyChainTradeTransaction"
        "/ram:ApplicableSupplyChainTradeAgreement/ram:BuyerOrderReferencedDocument"
    )
    old = "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"
    free = "Lieferung frei Haus"
    assert converted.changes == (
        Change(code="CONVERT-SYNTAX", before="rsm1:CrossIndustryDocument", after="UBL 2.1"),
        Change(code="CONVERT-SPECIFICATION", path="BT-24", before=old, after=BIS),
        Change(code="CONVERT-PROCESS", path="BT-23", after=BILLING),
        Change(code="CONVERT-ADDRESS", path="BT-34", after="0088:5412345000013"),
        Change(code="CONVERT-ADDRESS", path="BT-49", after="9930:DE136695976"),
        Change(code="CONVERT-TEXT-LINE", path="BT-127", before=free, after=free),
        Change(code="CONVERT-LINE-NUMBERS", path="BT-126", after="1-1"),
        Change(code="CONVERT-NOTES", path="BT-22", before="2", after="1"),
        Change(code="CONVERT-ZEROS", before="100.0000", after="100.00", count=2),
        Change(code="CONVERT-GROSS-PRICE", path="BT-148", before="50.0000"),
        Change(
            code="CONVERT-DROPPED",
            path=f"{root}/rsm1:HeaderExchangedDocument/ram:Name",
            before="RECHNUNG",
        ),
        Change(
            code="CONVERT-DROPPED",
            path=f"{order}/ram:IssueDateTime",
            before="2014-03-01T00:00:00",
        ),
    )
    assert read(converted).notes == (Note(text="Danke für Ihren Auftrag\nLieferung frei Haus"),)


def test_notes_keep_their_subjects_when_they_are_joined() -> None:
    one = "<ram:IncludedNote><ram:Content>Danke für Ihren Auftrag</ram:Content>"
    coded = f"{one}<ram:SubjectCode>AAI</ram:SubjectCode></ram:IncludedNote><ram:IncludedNote>"
    coded += "<ram:Content>Sitz: Wien</ram:Content><ram:SubjectCode>REG</ram:SubjectCode>"

    converted = convert(zugferd((one, coded)))

    text = "Danke für Ihren Auftrag\n#REG#Sitz: Wien\nLieferung frei Haus"
    assert read(converted).notes == (Note(subject="AAI", text=text),)


def test_german_parties_keep_their_notes_apart() -> None:
    german = zugferd(
        ("<ram:CountryID>AT</ram:CountryID>", "<ram:CountryID>DE</ram:CountryID>"),
        ("ATU12345675", "DE136695976"),
        ("<ram:TypeCode>31</ram:TypeCode>", "<ram:TypeCode>58</ram:TypeCode>"),
    )

    assert len(read(convert(german)).notes) == 2


GROSS = (
    '<ram:GrossPriceProductTradePrice><ram:ChargeAmount currencyID="EUR">50.0000'
    "</ram:ChargeAmount></ram:GrossPriceProductTradePrice>"
)
PRICE = '<ram:ChargeAmount currencyID="EUR">50.0000'
QUANTITY = 'unitCode="C62">2.0000'


def test_negative_price_becomes_a_negative_quantity() -> None:
    converted = convert(
        zugferd(
            (GROSS, ""), (PRICE, PRICE.replace("50.0000", "-50")), (QUANTITY, QUANTITY[:-6] + "-2")
        )
    )

    assert change(converted, "CONVERT-PRICE-SIGN") == Change(
        code="CONVERT-PRICE-SIGN", path="BT-146", before="-2 * -50", after="2 * 50"
    )
    (line,) = read(converted).lines
    assert line.price is not None
    assert (line.quantity, line.price.net) == (Decimal(2), Decimal(50))


def test_negative_price_with_a_gross_price_is_the_senders_to_explain() -> None:
    prices = 'ChargeAmount currencyID="EUR">50.0000'
    off = (
        "</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ActualAmount>0"
        "</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice>"
    )

    data = zugferd(
        (prices, prices.replace("50.0000", "-50")),
        ("</ram:ChargeAmount></ram:GrossPriceProductTradePrice>", off),
        ('unitCode="C62">2.0000', 'unitCode="C62">-2'),
    )

    assert refusals(data) == ["BR-27", "BR-28"]


UNTAXED = (
    ("<ram:CategoryCode>S<", "<ram:CategoryCode>Z<"),
    ("ApplicablePercent>20.00<", "ApplicablePercent>0<"),
    ('<ram:CalculatedAmount currencyID="EUR">22.00<', '<ram:CalculatedAmount currencyID="EUR">0<'),
    ('<ram:TaxTotalAmount currencyID="EUR">22.00</ram:TaxTotalAmount>', ""),
)


def test_total_of_no_vat_is_written_down() -> None:
    converted = convert(zugferd(*UNTAXED, (">132.00<", ">110.00<")))

    assert change(converted, "CONVERT-VAT-TOTAL") == Change(
        code="CONVERT-VAT-TOTAL", path="BT-110", after="0.00"
    )
    assert read(converted).totals.vat == Decimal(0)


def test_total_of_vat_is_not_worked_out() -> None:
    data = zugferd(('<ram:TaxTotalAmount currencyID="EUR">22.00</ram:TaxTotalAmount>', ""))

    assert refusals(data) == ["CONVERT-MISSING-BT-110"]


def test_payment_reference_without_a_way_to_pay_is_kept() -> None:
    text = sample("cii/zugferd-1.xml").decode()
    means = text[text.index("<ram:SpecifiedTradeSettlementPaymentMeans>") :]
    means = means[: means.index("</ram:SpecifiedTradeSettlementPaymentMeans>")]

    converted = convert(zugferd((f"{means}</ram:SpecifiedTradeSettlementPaymentMeans>", "")))

    assert change(converted, "CONVERT-PAYMENT-CODE").after == "1"
    assert read(converted).payment == (PaymentMeans(code="1", remittance="2014-77"),)


def test_text_of_one_way_to_pay_is_written_once() -> None:
    text = sample("cii/zugferd-1.xml").decode()
    name = "ram:SpecifiedTradeSettlementPaymentMeans"
    means = text[text.index(f"<{name}>") : text.index(f"</{name}>")] + f"</{name}>"

    converted = convert(
        zugferd((means, means + means.replace("BE68539007547034", "BE62510007547061")))
    )

    assert [each.text for each in read(converted).payment] == ["Überweisung", None]


def test_payee_with_two_numbers_keeps_the_one_of_a_scheme() -> None:
    payee = (
        '<ram:PayeeTradeParty><ram:ID>P-1</ram:ID><ram:GlobalID schemeID="0088">5433333000006'
        "</ram:GlobalID><ram:Name>Bank</ram:Name></ram:PayeeTradeParty>"
    )
    at = "<ram:SpecifiedTradeSettlementPaymentMeans>"

    converted = convert(zugferd((at, payee + at)))

    assert change(converted, "CONVERT-NUMBER") == Change(
        code="CONVERT-NUMBER", path="BT-60", before="P-1"
    )


def test_mark_of_a_test_is_told() -> None:
    mark = "<udt:Indicator>false</udt:Indicator></ram:TestIndicator>"

    converted = convert(zugferd((mark, mark.replace("false", "true"))))

    assert change(converted, "CONVERT-TEST").before == "true"
