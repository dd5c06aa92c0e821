"""Valid documents in which nearly every element of BIS occurs, for several countries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

_FULL: Final = Path(__file__).parent / "full.xml"
_LINES: Final = Path(__file__).parent / "lines.xml"  # three of them, one for each rate
_REGISTERED: Final = (
    "\n      <cac:PartyTaxScheme><cbc:CompanyID>{words}</cbc:CompanyID>"
    "<cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
)
_REFERENCE: Final = (
    "\n  <cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID>"
    "<cbc:DocumentDescription>{kind}</cbc:DocumentDescription>{place}"
    "</cac:AdditionalDocumentReference>"
)
_PLACE: Final = (
    "<cac:Attachment><cac:ExternalReference><cbc:URI>https://mydata.example/1</cbc:URI>"
    "</cac:ExternalReference></cac:Attachment>"
)
_HEADS: Final = {
    "Invoice": (
        "<cbc:DueDate>2026-10-31</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        "<cbc:Note>Dank u</cbc:Note><cbc:TaxPointDate>2026-09-30</cbc:TaxPointDate>"
    ),
    "CreditNote": (
        "<cbc:TaxPointDate>2026-09-30</cbc:TaxPointDate>"
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode><cbc:Note>Dank u</cbc:Note>"
    ),
}
_ORIGINATOR: Final = (
    "  <cac:OriginatorDocumentReference><cbc:ID>T-1</cbc:ID></cac:OriginatorDocumentReference>\n"
)
_PROJECT: Final = "  <cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>\n"
_ACCOUNT: Final = (
    "<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID><cbc:Name>Rekening</cbc:Name>"
    "<cac:FinancialInstitutionBranch><cbc:ID>{bank}</cbc:ID></cac:FinancialInstitutionBranch>"
    "</cac:PayeeFinancialAccount>"
)
_MANDATE: Final = (
    "<cac:PaymentMandate><cbc:ID>M-1</cbc:ID><cac:PayerFinancialAccount>"
    "<cbc:ID>BE68539007547034</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>"
)
_CARD: Final = (
    "<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID>"
    "<cbc:NetworkID>VISA</cbc:NetworkID><cbc:HolderName>An</cbc:HolderName></cac:CardAccount>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What a document of this country says of itself."""

    code: str
    vat: str
    legal: tuple[str, str]  # scheme (or empty) and number
    endpoint: tuple[str, str] = ("0088", "5798000012349")
    rates: tuple[str, str] = ("21", "6")
    currency: str = "EUR"
    number: str = "F-1"
    registered: str = ""  # the words of a second tax registration
    references: tuple[tuple[str, str, str], ...] = ()  # kind, number, place
    payment: tuple[str, str, str] = ("30", "BE68539007547034", "GEBABEBB")
    payment_id: str = "+++090/9337/55493+++"
    extra: str = ""  # of the payment
    terms: str = "30 dagen"


COUNTRIES: Final = (
    Country(
        code="BE",
        vat="BE0203201340",
        legal=("0208", "0203201340"),
        endpoint=("0208", "0203201340"),
        payment=("59", "BE68539007547034", "GEBABEBB"),
        extra=_MANDATE,
    ),
    Country(
        code="NL",
        vat="NL123456782B90",
        legal=("0106", "12345678"),
        endpoint=("0106", "12345678"),
        payment=("48", "NL91ABNA0417164300", "ABNANL2A"),
        extra=_CARD,
    ),
    Country(
        code="DE",
        vat="DE123456788",
        legal=("", "HRB 123456"),
        endpoint=("9930", "DE123456788"),
        rates=("19", "7"),
        payment=("58", "DE75512108001245126199", "SOGEDEFF"),
        terms="#SKONTO#TAGE=14#PROZENT=2.25#\n",
    ),
    Country(
        code="DK",
        vat="DK13585628",
        legal=("0184", "DK13585628"),
        endpoint=("0184", "DK13585628"),
        rates=("25", "12"),
        currency="DKK",
        payment=("93", "12345678", "1234"),
        payment_id="71#123456789012345",
    ),
    Country(
        code="SE",
        vat="SE556036079301",
        legal=("0007", "5560360793"),
        endpoint=("0007", "5560360793"),
        rates=("25", "12"),
        currency="NOK",
        registered="Godkänd för F-skatt",
        payment=("30", "1234567", "SE:BANKGIRO"),
    ),
    Country(
        code="NO",
        vat="NO974760673MVA",
        legal=("0192", "974760673"),
        endpoint=("0192", "974760673"),
        rates=("25", "15"),
        currency="NOK",
        registered="Foretaksregisteret",
    ),
    Country(
        code="IT",
        vat="IT12345670785",
        legal=("", "MI-123456"),
        endpoint=("0211", "IT12345670785"),
        rates=("22", "10"),
        registered="RSSMRA85T10A562S",
    ),
    Country(
        code="GR",
        vat="EL094259216",
        legal=("", "094259216"),
        endpoint=("9933", "094259216"),
        rates=("24", "13"),
        number="094259216|01/10/2026|0|1.1|A|1",
        references=(("##M.AR.K##", "400001234567890", ""), ("##INVOICE|URL##", "1", _PLACE)),
    ),
    Country(
        code="IS",
        vat="IS123456",
        legal=("0196", "5501694739"),
        endpoint=("0196", "5501694739"),
        rates=("24", "11"),
        currency="ISK",
        references=(("EINDAGI", "2026-11-30", ""),),
        payment=("42", "123456789012", "x"),
    ),
)


def bases() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every document."""
    for root in _HEADS:
        for country in COUNTRIES:
            yield f"{country.code} {root}", document(country, root)


def document(country: Country, root: str = "Invoice", *, triples: int = 1) -> bytes:
    """Write the document of a country, seller and buyer of it, with three lines a triple."""
    words = _words(country, root, triples)
    lines = _LINES.read_text("utf-8")
    words["lines"] = "".join(
        lines.format_map({**words, "first": first, "second": first + 1, "third": first + 2})
        for first in range(1, 3 * triples, 3)
    )
    return _FULL.read_text("utf-8").format_map(words).encode()


def _words(country: Country, root: str, triples: int) -> dict[str, str]:
    return {
        "root": root,
        "head": _HEADS[root],
        "line": f"{root}Line",
        "quantity": "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity",
        "before_contract": _ORIGINATOR if root == "Invoice" else "",
        "after_contract": _PROJECT if root == "Invoice" else _ORIGINATOR,
        "number": country.number,
        "currency": country.currency,
        "tax_currency": "SEK",
        "agent_country": country.code,
        "agent_vat": country.vat,
        "terms": country.terms,
        "references": "".join(
            _REFERENCE.format(kind=kind, number=number, place=place)
            for kind, number, place in country.references
            if root == "Invoice" or kind != "EINDAGI"  # a due date, which it has not
        ),
        "payment": _payment(country),
        **_totals(country.rates, triples),
        **_party("seller", country, "Drukkerij Maes"),
        **_party("buyer", country, "Bakkerij Janssens"),
    }


def _payment(country: Country) -> str:
    means, account, bank = country.payment
    return (
        f'  <cac:PaymentMeans><cbc:PaymentMeansCode name="x">{means}</cbc:PaymentMeansCode>'
        f"<cbc:PaymentID>{country.payment_id}</cbc:PaymentID>"
        f"{country.extra if country.extra == _CARD else ''}"
        f"{_ACCOUNT.format(account=account, bank=bank)}"
        f"{country.extra if country.extra == _MANDATE else ''}</cac:PaymentMeans>\n"
    )


def _party(side: str, country: Country, name: str) -> dict[str, str]:
    scheme, number = country.legal
    registered = _REGISTERED.format(words=country.registered) if country.registered else ""
    return {
        f"{side}_name": name,
        f"{side}_country": country.code,
        f"{side}_vat": country.vat,
        f"{side}_scheme": country.endpoint[0],
        f"{side}_endpoint": country.endpoint[1],
        f"{side}_legal_scheme": f' schemeID="{scheme}"' if scheme else "",
        f"{side}_legal": number,
        f"{side}_tax": registered,
    }


def _totals(rates: tuple[str, str], triples: int) -> dict[str, str]:
    high_base, low_base = 98 * triples - Decimal("10.00"), 100 * triples + Decimal("6.00")
    exempt = 20 * Decimal(triples)
    high_tax, low_tax = (
        base * Decimal(rate) / 100 for base, rate in zip((high_base, low_base), rates, strict=True)
    )
    net = high_base + low_base + exempt
    figures = {
        "high_base": high_base,
        "low_base": low_base,
        "exempt": exempt,
        "high_tax": high_tax,
        "low_tax": low_tax,
        "tax": high_tax + low_tax,
        "lines_net": 218 * Decimal(triples),
        "net": net,
        "gross": net + high_tax + low_tax,
        "due": net + high_tax + low_tax - Decimal("13.50"),
    }
    words = {name: f"{figure:.2f}" for name, figure in figures.items()}
    return {"high": rates[0], "low": rates[1], **words}
