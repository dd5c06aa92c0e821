"""Which agreement an e-invoice says it follows, told from the identifiers it carries."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Profile(StrEnum):
    """An agreement on what an e-invoice holds: a CIUS, an extension or a level of Factur-X."""

    BIS = "peppol_bis"  # Peppol BIS Billing 3.0
    SELF_BILLING = "peppol_self_billing"
    PINT = "peppol_pint"
    XRECHNUNG = "xrechnung"
    NLCIUS = "nlcius"  # SI-UBL 2.0
    UBL_BE = "ubl_be"
    EFFF = "e_fff"  # the older Belgian one, UBL 2.0
    EN16931 = "en16931"  # the plain standard
    MINIMUM = "facturx_minimum"
    BASIC_WL = "facturx_basic_wl"
    BASIC = "facturx_basic"
    EXTENDED = "facturx_extended"
    ZUGFERD_1 = "zugferd_1"
    OTHER = "other"  # it names one that is not known here
    NONE = "none"  # it names none


# The first that fits counts. Identifiers as published: docs.peppol.eu/poacc/billing/3.0,
# xeinkauf.de, NEN NLCIUS 1.0, UBL.BE 1.31, factur-x 1.09, ZUGFeRD 1.0; read 2026-11.
_KNOWN: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), profile)
    for pattern, profile in (
        (r"urn:fdc:peppol\.eu:2017:poacc:selfbilling:3\.0", Profile.SELF_BILLING),
        (r"urn:fdc:peppol\.eu:2017:poacc:billing:3\.0", Profile.BIS),
        (r"urn:peppol:pint:", Profile.PINT),
        (r"xrechnung", Profile.XRECHNUNG),
        (r"urn:fdc:nen\.nl:nlcius|si-ubl", Profile.NLCIUS),
        (r"urn:ubl\.be:", Profile.UBL_BE),
        (r"e-?fff", Profile.EFFF),
        (r"urn:ferd:", Profile.ZUGFERD_1),
        (r"(?:factur-x\.eu|zugferd\.de):.*:minimum$", Profile.MINIMUM),
        (r"(?:factur-x\.eu|zugferd\.de):.*:basicwl$", Profile.BASIC_WL),
        (r"(?:factur-x\.eu|zugferd\.de):.*:basic$", Profile.BASIC),
        (r"(?:factur-x\.eu|zugferd\.de):.*:extended$", Profile.EXTENDED),
        (r"^urn:cen\.eu:en16931:2017$", Profile.EN16931),
    )
)
_OLD_UBL: Final = "2.0"


def profile_of(customization: str | None, version: str | None = None) -> Profile:
    """Return the profile that a CustomizationID, or CII's guideline, names.

    `version` is UBLVersionID: e-FFF, the Belgian UBL 2.0, often names nothing else.
    """
    if customization:
        for pattern, profile in _KNOWN:
            if pattern.search(customization):
                return profile
    if (version or "").startswith(_OLD_UBL):
        return Profile.EFFF
    return Profile.OTHER if customization else Profile.NONE
