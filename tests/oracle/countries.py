"""Mutations that bring national rules into play: other countries, and what they want to see."""

from __future__ import annotations

import random
from functools import partial
from typing import Final

from lxml import etree

from tests.oracle.structure import Mutation

CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_SIDES: Final = ("AccountingSupplierParty", "AccountingCustomerParty")
# VAT numbers and legal identifiers, right and wrong.
_VAT: Final = {
    "DE": ("DE123456789", "DE12345678"),
    "DK": ("DK12345678", "DK1234567"),
    "GR": ("EL094259216", "EL094259215", "GR094259216", "EL123456789", "EL09425921"),
    "IS": ("IS123456", "IS12345"),
    "IT": ("IT12345670785", "IT12345670784", "IT1234567"),
    "NL": ("NL123456789B12", "NL123456789B1", "NL12345678912", "nl123456789B12"),
    "NO": ("NO974760673MVA", "NO974760674MVA", "NO974760673", "974760673MVA", "NO97476067MVA"),
    "SE": ("SE556036079301", "SE55603607930", "SE5560360793AB", "SE556036079401"),
    "BE": ("BE0203201340", "BE0203201341", "0203201340"),
}
_LEGAL: Final = {
    "DE": (("", "HRB 123456"),),
    "DK": (("0184", "DK12345678"), ("0184", "12345678"), ("", "12345678"), ("0088", "1")),
    "GR": (("", "094259216"),),
    "IS": (("0196", "5501694739"), ("0196", "550169473"), ("", "5501694739")),
    "IT": (("0210", "12345670785"), ("", "MI-123456")),
    "NL": (("0106", "12345678"), ("0190", "00000001234567890000"), ("0106", ""), ("", "12345678")),
    "NO": (("0192", "974760673"), ("0192", "974760674"), ("", "974760673")),
    "SE": (("0007", "5560360793"), ("0007", "556036079A"), ("", "5560360794"), ("", "556036079")),
    "BE": (("0208", "0203201340"), ("0208", "0203201341")),
}
# (means, payment id, account, institution)
_PAYMENTS: Final = (
    ("31", "", "12345678", "1234"),
    ("42", "", "12345678", ""),
    ("42", "x", "", "1234"),
    ("49", "", "", ""),
    ("50", "01#", "1234567", ""),
    ("50", "04#1234567890123456", "12345678", ""),
    ("50", "15#123456789012345", "1234567", ""),
    ("50", "04#123", "123456", ""),
    ("50", "", "1234567", ""),
    ("93", "71#123456789012345", "12345678", ""),
    ("93", "73#", "12345678", ""),
    ("93", "75#1234567890123456", "12345678", ""),
    ("93", "72#123", "1234567", ""),
    ("93", "", "12345678", ""),
    ("9", "", "123456789012", ""),
    ("9", "", "12345", ""),
    ("42", "", "123456789012", ""),
    ("30", "1234567", "BANKGIRO", "SE:BANKGIRO"),
    ("30", "", "1234567", "SE:BANKGIRO"),
    ("30", "", "12345", "SE:BANKGIRO"),
    ("30", "", "123-4567", "SE:BANKGIRO"),
    ("30", "", "12345678", "SE:PLUSGIRO"),
    ("30", "", "1", "SE:PLUSGIRO"),
    ("30", "", "12A", "SE:PLUSGIRO"),
    ("50", "", "1234567", "SE:BANKGIRO"),
    ("56", "", "1234567", "SE:PLUSGIRO"),
    ("58", "", "DE75512108001245126199", "SOGEDEFF"),
    ("58", "", "DE75512108001245126198", ""),
    ("59", "", "", ""),
    ("48", "", "", ""),
)
_DOCUMENTS: Final = (
    *(("##M.AR.K##", "400001234567890", ""), ("##M.AR.K##", "0400", ""), ("##M.AR.K##", "", "")),
    ("##INVOICE|URL##", "1", "https://mydata.example/x"),
    *(("##INVOICE|URL##", "1", ""), ("EINDAGI", "2026-01-31", ""), ("EINDAGI", "2030-12-31", "")),
    *(("EINDAGI", "31-01-2026", ""), ("EINDAGI", "2026-02-31", ""), ("x", "1", "ftp://x.example")),
    ("x", "2", "www.example.com"),
)
_SEGMENTS: Final = (
    ("094259216", "094259215", "EL094259216", ""),
    ("01/10/2026", "01/01/2026", "1/1/2026", "2026-10-01", ""),
    ("0", "1", "-1", "x", ""),
    ("1.1", "2.1", "5.1", "9.9", ""),
    ("A", "0", ""),
    ("1", ""),
)
_SKONTO: Final = (
    *("#SKONTO#TAGE=14#PROZENT=2.25#\n", "#SKONTO#TAGE=14#PROZENT=2.25#", "#SKONTO#TAGE=14#"),
    *(
        "#SKONTO#TAGE=14#PROZENT=2,25#\n",
        "30 days\n#SKONTO#TAGE=7#PROZENT=3.00#BASISBETRAG=1.00#\n",
    ),
    *("#VERZUG#TAGE=14#PROZENT=2.25#\n", "14 days"),
)


def settle(root: etree._Element, dice: random.Random) -> str | None:
    """Move one party, or both, to another country, with a VAT number of that country."""
    country = dice.choice(sorted(_VAT))
    sides = dice.choice((_SIDES, _SIDES, _SIDES[:1], _SIDES[1:]))
    for side in sides:
        for code in root.iterfind(f"{CAC}{side}/{CAC}Party/{CAC}PostalAddress/{CAC}Country/*"):
            code.text = country
        for number in root.iterfind(f"{CAC}{side}/{CAC}Party/{CAC}PartyTaxScheme/{CBC}CompanyID"):
            number.text = dice.choice(_VAT[country])
        if dice.random() < 0.7:
            _set_legal(root, side, dice.choice(_LEGAL[country]))
    return f"settle {'+'.join(sides)} in {country}"


def pay(root: etree._Element, dice: random.Random) -> str | None:
    """Pay by other means."""
    means = root.findall(f"{CAC}PaymentMeans")
    if not means:
        return None
    one = dice.choice(means)
    code, number, account, branch = dice.choice(_PAYMENTS)
    for child in list(one):
        one.remove(child)
    etree.SubElement(one, f"{CBC}PaymentMeansCode").text = code
    if number:
        etree.SubElement(one, f"{CBC}PaymentID").text = number
    if account or branch:
        payee = etree.SubElement(one, f"{CAC}PayeeFinancialAccount")
        etree.SubElement(payee, f"{CBC}ID").text = account
        if branch:
            place = etree.SubElement(payee, f"{CAC}FinancialInstitutionBranch")
            etree.SubElement(place, f"{CBC}ID").text = branch
    return f"pay {code} {number} {account} {branch}"


def refer(root: etree._Element, dice: random.Random) -> str | None:
    """Refer to a document as Greece and Iceland do."""
    description, number, place = dice.choice(_DOCUMENTS)
    made = etree.Element(f"{CAC}AdditionalDocumentReference")
    etree.SubElement(made, f"{CBC}ID").text = number
    etree.SubElement(made, f"{CBC}DocumentDescription").text = description
    if place:
        outside = etree.SubElement(
            etree.SubElement(made, f"{CAC}Attachment"), f"{CAC}ExternalReference"
        )
        etree.SubElement(outside, f"{CBC}URI").text = place
    before = root.find(f"{CAC}AccountingSupplierParty")
    if before is None:
        return None
    before.addprevious(made)
    return f"refer to {description} {number} {place}"


def number_as_greek(root: etree._Element, dice: random.Random) -> str | None:
    """Give the invoice a number in six parts, as Greece wants it."""
    one = root.find(f"{CBC}ID")
    if one is None:
        return None
    parts = [dice.choice(choices[: dice.choice((1, 1, 9))]) for choices in _SEGMENTS]
    issued = root.findtext(f"{CBC}IssueDate") or ""
    if dice.random() < 0.7:
        parts[1] = "/".join(reversed(issued.split("-")))
    one.text = "|".join(parts[: dice.choice((6, 6, 6, 5))])
    return f"number {one.text}"


def write_terms(root: etree._Element, dice: random.Random) -> str | None:
    """Write payment terms as Germany does."""
    one = root.find(f"{CAC}PaymentTerms/{CBC}Note")
    if one is None:
        return None
    one.text = dice.choice(_SKONTO)
    return f"terms {one.text!r}"


def register(root: etree._Element, dice: random.Random) -> str | None:
    """Add a tax registration as Sweden and Norway want one."""
    party = root.find(f"{CAC}AccountingSupplierParty/{CAC}Party")
    before = party.find(f"{CAC}PartyLegalEntity") if party is not None else None
    if before is None:
        return None
    made = etree.Element(f"{CAC}PartyTaxScheme")
    words = ("Godkänd för F-skatt", "GODKÄND FÖR F-SKATT ", "Foretaksregisteret", "x")
    etree.SubElement(made, f"{CBC}CompanyID").text = dice.choice(words)
    scheme = etree.SubElement(made, f"{CAC}TaxScheme")
    etree.SubElement(scheme, f"{CBC}ID").text = dice.choice(("TAX", "TAX", "VAT", " TAX"))
    before.addprevious(made)
    return f"register {made[0].text} {scheme[0].text}"


def classify(root: etree._Element, dice: random.Random) -> str | None:
    """Classify an item by the code list that Denmark asks for."""
    items = list(root.iter(f"{CAC}Item"))
    if not items:
        return None
    item = dice.choice(items)
    made = etree.Element(f"{CAC}CommodityClassification")
    code = etree.SubElement(made, f"{CBC}ItemClassificationCode")
    code.text = "44121618"
    code.set("listID", dice.choice(("TST", "MP", "STI")))
    version = dice.choice(("19.05.01", "19.0501", "26.08.01", "", None))
    if version is not None:
        code.set("listVersionID", version)
    before = item.find(f"{CAC}ClassifiedTaxCategory")
    if before is None:
        item.append(made)
    else:
        before.addprevious(made)
    return f"classify {code.get('listID')} {version}"


def explain(root: etree._Element, dice: random.Random) -> str | None:
    """Give an allowance or a charge the reason ZZZ and a number."""
    having = list(root.iter(f"{CAC}AllowanceCharge"))
    if not having:
        return None
    one = dice.choice(having)
    values = {"AllowanceChargeReasonCode": "ZZZ"}
    values["AllowanceChargeReason"] = dice.choice(("0001", "9999", "123", "12345", "abcd", "-001"))
    for name, value in values.items():
        child = one.find(f"{CBC}{name}")
        if child is None:
            child = etree.Element(f"{CBC}{name}")
            one.insert(1, child)
        child.text = value
    return f"explain {values['AllowanceChargeReason']}"


def _set_legal(root: etree._Element, side: str, legal: tuple[str, str]) -> None:
    scheme, number = legal
    for entity in root.iterfind(f"{CAC}{side}/{CAC}Party/{CAC}PartyLegalEntity"):
        one = entity.find(f"{CBC}CompanyID")
        if one is None:
            one = etree.Element(f"{CBC}CompanyID")
            entity.insert(1, one)
        one.text = number
        if scheme:
            one.set("schemeID", scheme)
        elif "schemeID" in one.attrib:
            del one.attrib["schemeID"]


def abroad(
    detail: Mutation,
    root: etree._Element,
    dice: random.Random,
) -> str | None:
    """Move the parties, then do what their country looks at."""
    where = settle(root, dice)
    said = detail(root, dice)
    return f"{where}, {said}" if said else where


_DETAILS: Final = (
    pay,
    pay,
    refer,
    refer,
    number_as_greek,
    write_terms,
    register,
    classify,
    explain,
)
ALL: Final[tuple[Mutation, ...]] = (
    settle,
    settle,
    *(partial(abroad, detail) for detail in _DETAILS),
)
