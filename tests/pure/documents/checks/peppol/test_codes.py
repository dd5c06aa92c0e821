from __future__ import annotations

import pytest

from tests.pure.documents.checks.peppol.rows import Row, country, failures, found, put

ID = "PEPPOL-EN16931-"
PROCESS = put("cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
RESPONSE = put("cbc:ProfileID", "urn:peppol:bis:billing_with_response")
GERMAN = country("Supplier", "DE") + country("Customer", " de")
EXEMPTIONS = {
    "P0104": ("VATEX-EU-G", "G"),
    "P0105": ("VATEX-EU-O", "O"),
    "P0106": ("VATEX-EU-IC", "K"),
    "P0107": ("vatex-eu-ae", "AE"),
    "P0108": ("VATEX-EU-D", "E"),
    "P0109": ("VATEX-EU-F", "E"),
    "P0110": ("VATEX-EU-I", "E"),
    "P0111": ("VATEX-EU-J", "E"),
}


def file(kind: str) -> str:
    name = "cbc:EmbeddedDocumentBinaryObject"
    return f'<{name} mimeCode="{kind}">eA==</{name}>'


def reason(indicator: str, code: str) -> str:
    return put(
        "cac:AllowanceCharge",
        put("cbc:ChargeIndicator", indicator) + put("cbc:AllowanceChargeReasonCode", code),
    )


def invoice(code: str, *rest: str) -> str:
    return "".join(rest) + put("cbc:InvoiceTypeCode", code)


def credit(code: str, *rest: str) -> str:
    return "".join(rest) + put("cbc:CreditNoteTypeCode", code)


def exempt(exemption: str, category: str) -> str:
    return put(
        "cac:TaxCategory",
        put("cbc:ID", category) + put("cbc:TaxExemptionReasonCode", exemption),
    )


ROWS = (
    Row(
        f"{ID}CL001", file("application/pdf"), file("application/xml"), {"found": "application/xml"}
    ),
    Row(
        f"{ID}CL001",
        put("cbc:EmbeddedDocumentBinaryObject"),
        file("Text/csv"),
        {"found": "Text/csv"},
    ),
    Row(f"{ID}CL002", reason("false", " 95"), reason("false", "ZZZ"), {"found": "ZZZ"}),
    Row(f"{ID}CL002", reason("true", "ZZZ"), reason("false", ""), {"found": ""}),
    Row(f"{ID}CL003", reason("true", "ZZZ"), reason("true", "95"), {"found": "95"}),
    Row(f"{ID}CL003", reason("1", "95"), reason("true", "zzz"), {"found": "zzz"}),
    Row(
        f"{ID}CL006",
        put("cac:InvoicePeriod/cbc:DescriptionCode", " 432 "),
        put("cac:InvoicePeriod/cbc:DescriptionCode", "5"),
        {"found": "5"},
    ),
    Row(
        f"{ID}CL008",
        put("cbc:EndpointID@schemeID=0208"),
        put("cbc:EndpointID@schemeID=EM"),
        {"found": "EM"},
    ),
    Row(f"{ID}CL008", put("cbc:EndpointID"), put("cbc:EndpointID@schemeID="), {"found": ""}),
    Row(f"{ID}P0100", invoice(" 380", PROCESS), invoice("389", PROCESS), {"found": "389"}),
    Row(f"{ID}P0100", invoice("389"), invoice("381", RESPONSE), {"found": "381"}),
    Row(f"{ID}P0101", credit(" 381", PROCESS), credit("380", PROCESS), {"found": "380"}),
    Row(f"{ID}P0101", credit("380"), credit("261", RESPONSE), {"found": "261"}),
    Row(f"{ID}P0112", invoice("326", GERMAN), invoice(" 326"), {"found": "326"}),
    Row(f"{ID}P0112", invoice("380"), invoice("384", country("Supplier", "DE")), {"found": "384"}),
    *(
        Row(
            f"{ID}{rule}",
            exempt(exemption, f" {category}"),
            exempt(exemption, "S"),
            {"expected": category, "found": "S"},
        )
        for rule, (exemption, category) in EXEMPTIONS.items()
    ),
    Row(
        f"{ID}P0104",
        exempt("VATEX-EU-132", "S"),
        put("cac:TaxCategory/cbc:TaxExemptionReasonCode", "VATEX-EU-G"),
        {"expected": "G", "found": "—"},
    ),
)


def test_rules_tell_right_from_wrong() -> None:
    assert failures(ROWS) == []


@pytest.mark.parametrize("rule", EXEMPTIONS)
def test_exemption_asks_for_its_own_category_alone(rule: str) -> None:
    exemption, _ = EXEMPTIONS[rule]

    assert {name for name in found(exempt(exemption, "S")) if name.startswith(f"{ID}P01")} == {
        f"{ID}{rule}"
    }
    assert f"{ID}{rule}" not in found(
        put("cac:TaxCategory", put("cbc:TaxExemptionReasonCode", exemption) * 2)
    )
