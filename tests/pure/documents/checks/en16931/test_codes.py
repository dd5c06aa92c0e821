from __future__ import annotations

import pytest

from posthorn.documents.codelists import codelist
from tests.pure.documents.checks.en16931.parts import Row, fires, put, values
from tests.pure.documents.checks.en16931.sales import assert_tells_apart, category, rules

_AMOUNTS = (
    "Amount",
    "BaseAmount",
    "PriceAmount",
    "TaxAmount",
    "TaxableAmount",
    "LineExtensionAmount",
    "TaxExclusiveAmount",
    "TaxInclusiveAmount",
    "AllowanceTotalAmount",
    "ChargeTotalAmount",
    "PrepaidAmount",
    "PayableRoundingAmount",
    "PayableAmount",
)
_OBJECT = put("cbc:DocumentTypeCode", "130")
_OFF, _ON = put("cbc:ChargeIndicator", "false"), put("cbc:ChargeIndicator", "true")
_SELLER = "cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID"
_PAYEE = "cac:PayeeParty/cac:PartyIdentification/cbc:ID"
_BUYER = "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID"
_VAT_DATE = "cac:InvoicePeriod/cbc:DescriptionCode"
_FILE = "cbc:EmbeddedDocumentBinaryObject"

# The rule, where its code stands, a code, and what is none.
_VALUES = (
    ("BR-CL-01", "cbc:InvoiceTypeCode", "380", "381"),
    ("BR-CL-01", "cbc:CreditNoteTypeCode", "381", "380"),
    ("BR-CL-04", "cbc:DocumentCurrencyCode", "EUR", "eur"),
    ("BR-CL-05", "cbc:TaxCurrencyCode", "SEK", "BEF"),
    ("BR-CL-06", _VAT_DATE, "432", "4"),
    ("BR-CL-14", "cac:Country/cbc:IdentificationCode", "1A", "EL"),
    ("BR-CL-15", "cac:OriginCountry/cbc:IdentificationCode", "GR", "be"),
    ("BR-CL-16", "cac:PaymentMeans/cbc:PaymentMeansCode", "58", "030"),
    ("BR-CL-17", "cac:TaxCategory/cbc:ID", "AE", "A"),
    ("BR-CL-18", "cac:ClassifiedTaxCategory/cbc:ID", "K", "IC"),
    ("BR-CL-22", "cbc:TaxExemptionReasonCode", "vatex-eu-ae", "AE"),
)
_ATTRIBUTES = (
    *(("BR-CL-03", f"cbc:{name}", "currencyID", "EUR", "EURO") for name in _AMOUNTS),
    ("BR-CL-10", "cac:PartyIdentification/cbc:ID", "schemeID", "0208", "208"),
    ("BR-CL-11", "cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "0106", "KVK"),
    (
        "BR-CL-13",
        "cac:CommodityClassification/cbc:ItemClassificationCode",
        "listID",
        "STI",
        "UNSPSC",
    ),
    ("BR-CL-21", "cac:StandardItemIdentification/cbc:ID", "schemeID", "0160", "GTIN"),
    ("BR-CL-23", "cbc:InvoicedQuantity", "unitCode", "C62", "PCS"),
    ("BR-CL-23", "cbc:CreditedQuantity", "unitCode", "HUR", "hur"),
    ("BR-CL-23", "cbc:BaseQuantity", "unitCode", "XBX", "BX."),
    ("BR-CL-25", "cbc:EndpointID", "schemeID", "EM", "0001"),
    ("BR-CL-26", "cac:DeliveryLocation/cbc:ID", "schemeID", "0088", "GLN"),
)


def _noted(text: str) -> str:
    return put("cbc:Note", text)


def _file(kind: str) -> str:
    return f'<{_FILE} mimeCode="{kind}"/>'


def _of_type_130(scheme: str, name: str = "cac:AdditionalDocumentReference") -> str:
    return put(name, put(f"cbc:ID@schemeID={scheme}") + _OBJECT)


def _because(sign: str, code: str, path: str = "cac:AllowanceCharge") -> str:
    return put(path, sign + put("cbc:AllowanceChargeReasonCode", code))


ROWS: tuple[Row, ...] = (
    *((rule, put(path, good), put(path, bad)) for rule, path, good, bad in _VALUES),
    *((rule, put(path, f" {good}\n"), put(path)) for rule, path, good, _ in _VALUES),
    *((rule, put(path, good), put(path, f"{good} {good}")) for rule, path, good, _ in _VALUES),
    *(
        (rule, put(f"{path}@{name}={good}"), put(f"{path}@{name}={bad}"))
        for rule, path, name, good, bad in _ATTRIBUTES
    ),
    *(
        (rule, put(f"{path}@{name}= {good} "), put(f"{path}@{name}="))
        for rule, path, name, good, _ in _ATTRIBUTES
    ),
    ("BR-CL-03", put("cbc:OtherAmount"), put("cbc:TaxAmount")),
    ("BR-CL-06", put("cbc:DescriptionCode", "4"), put(f"cac:X/{_VAT_DATE}")),
    ("BR-CL-07", _of_type_130("AAA"), _of_type_130("AA")),
    ("BR-CL-07", _of_type_130(" AAA "), _of_type_130("AA", "cac:DocumentReference")),
    ("BR-CL-07", put("cac:DocumentReference", put("cbc:ID") + _OBJECT), _of_type_130("")),
    ("BR-CL-07", put("cac:DocumentReference/cbc:ID@schemeID=AA"), _of_type_130("aaa")),
    ("BR-CL-07", _of_type_130("AA").replace("130", "50"), _of_type_130("AA") + _OBJECT),
    ("BR-CL-08", _noted("#AAI#Mind this"), _noted("#AAZZ#") + _noted("#QQQ#Mind this")),
    ("BR-CL-08", _noted("Mind #QQQ") + _noted("#QQ#") + _noted("# QQQ #"), _noted("Mind #QQQ#")),
    ("BR-CL-08", put("cac:InvoiceLine", _noted("#QQQ#")), _noted("#aai#")),
    ("BR-CL-08", _noted("#A A#") + _noted("# AA#"), _noted("#  A#")),
    ("BR-CL-10", put(f"{_SELLER}@schemeID=SEPA"), put(f"{_BUYER}@schemeID=SEPA")),
    ("BR-CL-10", put(f"{_PAYEE}@schemeID= SEPA "), put(f"{_PAYEE}@schemeID=sepa")),
    ("BR-CL-19", _because(_OFF, " 95 "), _because(_OFF, "FC")),
    ("BR-CL-19", _because("", "x"), _because(_OFF, "", "cac:InvoiceLine/cac:AllowanceCharge")),
    ("BR-CL-20", _because(_ON, "FC"), _because(_ON, "95")),
    ("BR-CL-24", _file("application/pdf"), _file("image/gif")),
    ("BR-CL-24", put(_FILE), _file(" text/csv")),
)


@pytest.mark.parametrize("rule", rules(ROWS))
def test_code_is_one_of_the_list(rule: str) -> None:
    assert_tells_apart(ROWS, rule)


@pytest.mark.parametrize("rule", sorted({rule for rule, *_ in _ATTRIBUTES} - {"BR-CL-03"}))
def test_nothing_is_asked_where_the_attribute_is_absent(rule: str) -> None:
    bare = [path for identifier, path, *_ in _ATTRIBUTES if identifier == rule]

    assert [path for path in bare if fires(rule, put(path))] == []


def test_code_is_quoted_as_sent() -> None:
    place = "/ubl:Invoice/cac:TaxCategory/cbc:ID"

    assert values("BR-CL-17", put("cac:TaxCategory", category("QQ "))) == [
        (place, {"found": "QQ "})
    ]
    assert values("BR-CL-22", put("cbc:TaxExemptionReasonCode", "x")) == [
        ("/ubl:Invoice/cbc:TaxExemptionReasonCode", {"found": "x"})
    ]
    assert values("BR-CL-25", put("cbc:EndpointID@schemeID=X")) == [
        ("/ubl:Invoice/cbc:EndpointID", {"found": "X"})
    ]
    assert values("BR-CL-24", put(f"{_FILE}@mimeCode=x")) == [
        (f"/ubl:Invoice/{_FILE}", {"found": "x"})
    ]
    assert values("BR-CL-10", put(f"{_BUYER}@schemeID= SEPA")) == [
        (f"/ubl:Invoice/{_BUYER}", {"found": "SEPA"})
    ]
    assert values("BR-CL-08", _noted("#QQQ#")) == [("/ubl:Invoice/cbc:Note", {"found": "QQQ"})]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("cac:TaxCategory/cbc:ID", "vat-categories"),
        ("cac:Country/cbc:IdentificationCode", "countries"),
    ],
)
def test_every_code_of_the_list_is_taken(path: str, name: str) -> None:
    rule = {"vat-categories": "BR-CL-17", "countries": "BR-CL-14"}[name]

    assert not fires(rule, "".join(put(path, code) for code in codelist(name)))
