"""Mutations of codes, identifiers and their attributes: right ones elsewhere, and wrong ones."""

from __future__ import annotations

import random
from typing import Final

from lxml import etree

from tests.oracle.structure import Mutation, elements, name_of, picked

CATEGORIES: Final = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B", "X", "s", "")
_CURRENCIES: Final = ("EUR", "SEK", "DKK", "NOK", "ISK", "BGN", "XCG", "XXX", "HRK", "eur", "EURO")
_COUNTRIES: Final = (
    *("BE", "NL", "DE", "DK", "SE", "NO", "IT", "GR", "IS", "FR", "XI", "1A"),
    *("EL", "UK", "ZZ", "be", "BEL", ""),
)
_MEANS: Final = (
    *("1", "10", "30", "31", "42", "48", "49", "50", "54", "55", "57", "58", "59", "93", "97"),
    *("68", "69", "98", "99", "ZZZ", "0", "030", " 30", "60"),
)
_TYPES: Final = (
    *("380", "381", "384", "389", "326", "386", "396", "393", "82", "80", "81", "83", "130"),
    *("261", "532", "751", "875", "876", "877", "502", "503", "71", "999", "0380", "38 0"),
)
_REASONS: Final = (
    *("95", "41", "42", "60", "62", "63", "64", "65", "66", "67", "68", "70", "71", "88", "100"),
    *("102", "103", "104", "105", "ZZZ", "AA", "FC", "PRV", "TX", "AAA", "095", "1"),
)
_UNITS: Final = ("C62", "EA", "HUR", "KGM", "XPP", "X1A", "ZZ", "PCE", "c62", "STK", "")
VATEX: Final = (
    *("VATEX-EU-AE", "VATEX-EU-IC", "VATEX-EU-G", "VATEX-EU-O", "VATEX-EU-132", "VATEX-EU-D"),
    *("VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J", "VATEX-EU-79-C", "VATEX-FR-FRANCHISE"),
    *("VATEX-EU-135-1", "VATEX-EU-153", "VATEX-FR-AE", "vatex-eu-ae", "VATEX-BE", "AE"),
)
SCHEMES: Final = (
    *("0002", "0007", "0009", "0037", "0060", "0088", "0096", "0106", "0130", "0142", "0147"),
    *("0151", "0154", "0177", "0183", "0184", "0190", "0192", "0193", "0195", "0196", "0198"),
    *("0199", "0200", "0201", "0202", "0203", "0204", "0208", "0209", "0210", "0211", "0212"),
    *("0213", "0216", "0217", "0221", "0230", "0235", "0240", "0245", "0248", "9901", "9906"),
    *("9907", "9913", "9925", "9930", "9944", "9956", "9957", "AN", "EM", "SEPA", "GLN"),
    *("DK:CVR", "9999", "", "IBAN"),
)
_LISTS: Final = (
    "STI",
    "TSP",
    "HS",
    "EN",
    "CLI",
    "ZZZ",
    "PPI",
    "GMN",
    "MP",
    "SRV",
    "sti",
    "QQQ",
    "",
)
_MIMES: Final = (
    *("application/pdf", "image/png", "image/jpeg", "text/csv", "text/xml", "Application/PDF"),
    *("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "image/gif", ""),
    *("application/vnd.oasis.opendocument.spreadsheet", "application/xml", "text/plain"),
)
_PROFILES: Final = (
    *("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"),
    *("urn:fdc:peppol.eu:2017:poacc:billing:03:1.0", "urn:fdc:peppol.eu:2017:poacc:billing:1:1.0"),
    *("urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0", "urn:peppol:france:billing:regulated"),
    *("urn:fdc:peppol.eu:2017:poacc:billing:99:1.0", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.1"),
    *("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0 ", "P1", "", "S1"),
)
_EN: Final = "urn:cen.eu:en16931:2017"
_BIS: Final = f"{_EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_CUSTOMIZATIONS: Final = (
    *(_BIS, _EN, f"{_BIS}:extra", f"x{_BIS}", f"{_BIS} ", _BIS.upper(), f"{_BIS}.1", ""),
    f"{_EN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
    f"{_EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    f"{_EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0",
)
_PERIOD_CODES: Final = ("3", "35", "432", "5", "29", "72", "03", "")
_DOCUMENT_CODES: Final = ("130", "50", "751", "916", "380", "13", "0130")
_INDICATORS: Final = ("true", "false", "1", "0", "TRUE", "yes", " true ", "")
_BY_NAME: Final = {
    "CreditNoteTypeCode": _TYPES,
    "CustomizationID": _CUSTOMIZATIONS,
    "DescriptionCode": _PERIOD_CODES,
    "DocumentCurrencyCode": _CURRENCIES,
    "DocumentTypeCode": _DOCUMENT_CODES,
    "IdentificationCode": _COUNTRIES,
    "InvoiceTypeCode": _TYPES,
    "AllowanceChargeReasonCode": _REASONS,
    "ChargeIndicator": _INDICATORS,
    "PaymentMeansCode": _MEANS,
    "ProfileID": _PROFILES,
    "TaxCurrencyCode": _CURRENCIES,
    "TaxExemptionReasonCode": VATEX,
}
_BY_ATTRIBUTE: Final = {
    "currencyID": _CURRENCIES,
    "listID": _LISTS,
    "mimeCode": _MIMES,
    "schemeID": SCHEMES,
    "unitCode": _UNITS,
    "filename": ("", "a.pdf", "  "),
}
_OTHER_ATTRIBUTES: Final = (
    *("schemeName", "schemeAgencyID", "schemeVersionID", "listVersionID", "name", "listAgencyID"),
    *("languageID", "format", "unitCodeListID", "encodingCode", "uri"),
)
# Identifiers with a check digit of their own, right and wrong.
_IDENTIFIERS: Final = {
    "0007": ("5560360793", "5560360794", "556036079", "556036-0793", "2120000142", "16556036079"),
    "0088": (
        "5798000012349",
        "5798000012340",
        "7300010000001",
        "57980000123",
        "ABCDEFGHIJKLM",
        "0",
    ),
    "0106": ("12345678", "1234567", "1234567A"),
    "0130": ("1", "A"),
    "0142": ("12345678", "X"),
    "0151": ("51824753556", "51824753557", "5182475355"),
    "0184": ("DK12345678", "12345678", "1234567", "DK1234567", "dk12345678", "DK13585628"),
    "0190": ("00000001234567890000", "0000000123456789000", "A0000001234567890000"),
    "0192": ("974760673", "974760674", "97476067", "NO974760673"),
    "0195": ("SGUENT08GA0028A", "X"),
    "0196": ("1234567890", "123456789", "A234567890", "5501694739"),
    "0198": ("DK12345678", "DK1234567", "12345678"),
    "0201": ("ABCDEF", "ABC123", "ABCDE", "ABCDEFG", "ABC-12"),
    "0208": ("0203201340", "0203201341", "203201340", "0417497106", "1203201340", "BE0203201340"),
    "0210": ("RSSMRA85T10A562S", "RSSMRA85T10A562", "12345670785", "12345670786"),
    "0211": ("IT12345670785", "IT12345670786", "12345670785", "IT1234567078"),
    "0096": ("1234567890", "123456789", "A123456789"),
    "9906": ("IT12345670785", "12345670785", "IT12345670784"),
    "9907": ("RSSMRA85T10A562S", "12345670785"),
    "9944": ("NL123456789B12", "NL123456789", "123456789B12"),
    "0217": ("123456789012", "12345678901"),
}


def change_code(root: etree._Element, dice: random.Random) -> str | None:
    """Put another code where one stands."""
    having = [each for each in elements(root) if etree.QName(each).localname in _BY_NAME]
    if not having:
        return None
    one = picked(having, dice)
    one.text = dice.choice(_BY_NAME[etree.QName(one).localname])
    return f"{name_of(one)} = {one.text!r}"


def change_attribute(root: etree._Element, dice: random.Random) -> str | None:
    """Put another code in an attribute."""
    having = [
        (each, name)
        for each in elements(root)
        for name in sorted(map(str, each.attrib))
        if name in _BY_ATTRIBUTE
    ]
    if not having:
        return None
    wanted = dice.choice(sorted({name for _, name in having}))
    one, name = picked([each for each, found in having if found == wanted], dice), wanted
    one.set(name, dice.choice(_BY_ATTRIBUTE[name]))
    return f"{name_of(one)}/@{name} = {one.get(name)!r}"


def change_identifier(root: etree._Element, dice: random.Random) -> str | None:
    """Give an identifier a scheme with check digits, and a value right or wrong in it."""
    names = ("EndpointID", "ID", "CompanyID")
    parents = ("Party", "PartyIdentification", "PartyLegalEntity", "DeliveryLocation")
    having = [
        each
        for each in elements(root)
        if etree.QName(each).localname in names and name_of(each).split("/")[0] in parents
    ]
    if not having:
        return None
    one = picked(having, dice)
    scheme = dice.choice(sorted(_IDENTIFIERS))
    one.set("schemeID", scheme)
    one.text = dice.choice(_IDENTIFIERS[scheme])
    return f"{name_of(one)} = {scheme}:{one.text}"


def add_attribute(root: etree._Element, dice: random.Random) -> str:
    """Put an attribute where none, or another, stands."""
    one = picked(elements(root), dice)
    name = dice.choice((*_BY_ATTRIBUTE, *_OTHER_ATTRIBUTES))
    one.set(name, dice.choice(_BY_ATTRIBUTE.get(name, ("x", "", "1"))))
    return f"add {name_of(one)}/@{name} = {one.get(name)!r}"


ALL: Final[tuple[Mutation, ...]] = (
    *(change_code, change_code, change_code, change_code),
    *(change_attribute, change_attribute, change_identifier, change_identifier, add_attribute),
)
