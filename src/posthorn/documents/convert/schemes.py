"""Names schemes of numbers by the codes that Peppol uses, where senders use older names."""

from __future__ import annotations

from typing import Final

# Peppol Policy for use of Identifiers 4.x, code list of participant identifier schemes 9.7: the
# name of each scheme beside its code, and codes that were withdrawn in favour of another.
CODES: Final = {
    "FR:SIRENE": "0002",
    "SE:ORGNR": "0007",
    "FR:SIRET": "0009",
    "DUNS": "0060",
    "GLN": "0088",
    "EAN": "0088",
    "DK:P": "0096",
    "IT:FTI": "0097",
    "NL:KVK": "0106",
    "KVK": "0106",
    "DK:CVR": "0184",
    "DK:DIGST": "0184",
    "9902": "0184",
    "NL:OIN": "0190",
    "OIN": "0190",
    "9954": "0190",
    "NO:ORG": "0192",
    "NO:ORGNR": "0192",
    "9908": "0192",
    "DK:SE": "0198",
    "DK:ERST": "0198",
    "9904": "0198",
    "LEI": "0199",
    "DE:LWID": "0204",
    "9958": "0204",
    "BE:EN": "0208",
    "BE:CBE": "0208",
    "9956": "0208",
    "IT:IVA": "0211",
    "9906": "0211",
    "AT:VAT": "9914",
    "ES:VAT": "9920",
    "BE:VAT": "9925",
    "DE:VAT": "9930",
    "GB:VAT": "9932",
    "IE:VAT": "9935",
    "LU:VAT": "9938",
    "NL:VAT": "9944",
    "PL:VAT": "9945",
    "PT:VAT": "9946",
    "FR:VAT": "9957",
}
# The scheme of electronic addresses that are VAT numbers, by the prefix of the number.
VAT_SCHEMES: Final = {
    "AD": "9922", "AL": "9923", "AT": "9914", "BA": "9924", "BE": "9925", "BG": "9926",
    "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931", "EL": "9933",
    "ES": "9920", "FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934", "HU": "9910",
    "IE": "9935", "IT": "0211", "LI": "9936", "LT": "9937", "LU": "9938", "LV": "9939",
    "MC": "9940", "ME": "9941", "MK": "9942", "MT": "9943", "NL": "9944", "PL": "9945",
    "PT": "9946", "RO": "9947", "RS": "9948", "SI": "9949", "SK": "9950", "SM": "9951",
    "TR": "9952", "VA": "9953",
}  # fmt: skip


def code_of(scheme: str | None) -> str | None:
    """Return the code of a scheme; one that is no older name stays as it is."""
    return None if scheme is None else CODES.get(scheme.strip().upper(), scheme)
