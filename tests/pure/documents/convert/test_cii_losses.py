from __future__ import annotations

from posthorn.documents.convert import Conversion, convert
from tests.pure.documents.convert.sources import full_cii

TRANSACTION = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
BANK = "/ram:PayeeSpecifiedCreditorFinancialInstitution"


def lost(converted: Conversion) -> list[str]:
    """Give where the changes say that `LOST-1` stood, which is not in the document."""
    assert b"LOST-1" not in converted.data
    return [
        each.path.removeprefix(TRANSACTION) for each in converted.changes if each.before == "LOST-1"
    ]


def test_number_of_a_paper_without_a_type_is_told() -> None:
    party = "</ram:SellerTradeParty>"
    paper = (
        "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>LOST-1</ram:IssuerAssignedID>"
        "</ram:AdditionalReferencedDocument>"
    )

    assert lost(convert(full_cii((party, party + paper)))) == [
        "/ram:ApplicableHeaderTradeAgreement/ram:AdditionalReferencedDocument/ram:IssuerAssignedID"
    ]


def test_second_number_of_a_place_is_told() -> None:
    place = "<ram:ShipToTradeParty>"

    assert lost(convert(full_cii((place, f"{place}<ram:ID>LOST-1</ram:ID>")))) == [
        "/ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:ID"
    ]


def test_bank_without_an_account_is_told() -> None:
    account = """<ram:PayeePartyCreditorFinancialAccount>
          <ram:IBANID>BE68539007547034</ram:IBANID>
          <ram:AccountName>De Vos Print</ram:AccountName>
        </ram:PayeePartyCreditorFinancialAccount>"""

    settlement = "/ram:ApplicableHeaderTradeSettlement"

    assert lost(convert(full_cii((account, ""), ("GKCCBEBB", "LOST-1")))) == [
        f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans{BANK}/ram:BICID"
    ]
