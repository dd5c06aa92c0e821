from __future__ import annotations

import pytest

from posthorn.documents.convert import Change, convert
from tests.pure.documents.convert.sources import (
    BILLING,
    BIS,
    EN,
    codes,
    full_ubl,
    plain_ubl,
    sample,
    terms,
)


@pytest.mark.parametrize("name", ["full-invoice", "full-credit-note"])
def test_valid_document_passes_byte_for_byte(name: str) -> None:
    data = sample(f"ubl/{name}.xml")

    converted = convert(data)

    assert (converted.data, converted.changes) == (data, ())


def test_document_comes_out_of_its_envelope_unchanged() -> None:
    inner = full_ubl().partition(b"?>\n")[2]
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    head = f'<s:StandardBusinessDocument xmlns:s="{space}"><s:StandardBusinessDocumentHeader/>'
    data = head.encode() + inner + b"</s:StandardBusinessDocument>"

    converted = convert(data)

    assert codes(converted) == ["CONVERT-ENVELOPE"]
    assert inner.partition(b"<Invoice")[2].rstrip() in converted.data


@pytest.mark.parametrize(
    "profile",
    [
        EN,
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
        "urn:cen.eu:en16931:2017#conformant#urn:UBL.BE:1.0.0.20180214",
        "urn:peppol:pint:billing-1@eu-1",
    ],
)
def test_other_profile_becomes_bis_and_all_terms_stay(profile: str) -> None:
    data = full_ubl((BIS, profile), (f"<cbc:ProfileID>{BILLING}</cbc:ProfileID>", ""))

    converted = convert(data)

    assert converted.changes == (
        Change(code="CONVERT-SPECIFICATION", path="BT-24", before=profile, after=BIS),
        Change(code="CONVERT-PROCESS", path="BT-23", before=None, after=BILLING),
    )
    assert terms(converted.data) == terms(data)


def test_process_with_response_is_kept() -> None:
    data = plain_ubl((BILLING, "urn:peppol:bis:billing_with_response"))

    assert codes(convert(data)) == ["CONVERT-SPECIFICATION"]
