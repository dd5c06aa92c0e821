"""Reads and compares the numbers under which documents name a company: one way to write each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import ean
from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError

from posthorn.tenancy.errors import BadNumberError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import Promise


class NumberScheme(StrEnum):
    """What kind of number identifies a client in a document."""

    ENTERPRISE = "enterprise"
    VAT = "vat"
    ENDPOINT = "endpoint"
    IBAN = "iban"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in its one way of writing: upper case, no separators, endpoints as `scheme:id`."""

    scheme: NumberScheme
    value: str


def vat(value: str) -> Number:
    """Give a VAT number."""
    return Number(scheme=NumberScheme.VAT, value=value)


def enterprise(value: str) -> Number:
    """Give an enterprise number."""
    return Number(scheme=NumberScheme.ENTERPRISE, value=value)


def endpoint(value: str) -> Number:
    """Give an electronic address, `scheme:id`."""
    return Number(scheme=NumberScheme.ENDPOINT, value=value)


def iban(value: str) -> Number:
    """Give an account number."""
    return Number(scheme=NumberScheme.IBAN, value=value)


def normalised(scheme: NumberScheme, text: str, *, country: str = "BE") -> Number:
    """Write a number in its one way; raises BadNumberError when its check digits do not hold.

    `country` is that of the company: it tells a Belgian enterprise number from a Dutch one.
    """
    sent = "".join(text.split()).upper()
    try:
        value = _CHECKS[scheme](sent, country.upper())
    except (ValidationError, SchwiftyException, ValueError) as error:
        raise BadNumberError(_WRONG[scheme], number=text) from error
    return Number(scheme=scheme, value=value)


def _vat(sent: str, country: str) -> str:
    return str(european.validate(sent if sent[:2].isalpha() else country + sent))


def _enterprise(sent: str, country: str) -> str:
    digits = re.sub(r"[.\-]", "", sent.removeprefix(country))
    if country == "BE":
        return str(belgian.validate(digits))
    if country == "NL":
        return _kvk(digits)
    return _plain(digits)


def _kvk(digits: str) -> str:
    """Check a number of the Dutch trade register; it has eight digits and none to check."""
    return _matching(r"\d{8}", digits)


def _endpoint(sent: str, country: str) -> str:  # noqa: ARG001  # an address names its own country
    scheme, _sign, name = sent.partition(":")
    _matching(r"\d{4}|EM|AN|AQ|AS|AU", scheme)
    return f"{scheme}:{_ENDPOINTS.get(scheme, _plain)(name)}"


def _iban(sent: str, country: str) -> str:  # noqa: ARG001  # an IBAN names its own country
    return str(IBAN(sent.replace("-", "").replace(".", "")))


def _plain(text: str) -> str:
    return _matching(r"[0-9A-Z][0-9A-Z.:@_+\-]{1,49}", text)


def _matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError(text)
    return text


_CHECKS: Mapping[NumberScheme, Callable[[str, str], str]] = {
    NumberScheme.VAT: _vat,
    NumberScheme.ENTERPRISE: _enterprise,
    NumberScheme.ENDPOINT: _endpoint,
    NumberScheme.IBAN: _iban,
}
_WRONG: Mapping[NumberScheme, Promise] = {
    NumberScheme.VAT: _("“%(number)s” is not a valid VAT number: check it for a typing error."),
    NumberScheme.ENTERPRISE: _(
        "“%(number)s” is not a valid enterprise number: check it for a typing error."
    ),
    NumberScheme.ENDPOINT: _(
        "“%(number)s” is not a valid electronic address (scheme:id, such as 0208:0417497106):"
        " check it for a typing error."
    ),
    NumberScheme.IBAN: _("“%(number)s” is not a valid IBAN: check it for a typing error."),
}
# Electronic address schemes (Peppol EAS code list v9.1) whose numbers can be checked.
_ENDPOINTS: Mapping[str, Callable[[str], str]] = {
    "0208": lambda name: str(belgian.validate(name)),
    "9925": lambda name: _vat(name, "BE"),
    "9944": lambda name: _vat(name, "NL"),
    "0106": _kvk,
    "0190": lambda name: _matching(r"\d{20}", name),
    "0088": lambda name: str(ean.validate(name)),
}


def equivalents(number: Number) -> frozenset[Number]:
    """Give every way in which a document may write the same registration, the number included."""
    return frozenset({number, *_OTHERS.get(number.scheme, _none)(number.value)})


def _none(value: str) -> tuple[Number, ...]:  # noqa: ARG001  # a number that stands for itself
    return ()


def _of_belgian(digits: str) -> tuple[Number, ...]:
    """Give the four ways of one Belgian registration, whose VAT number is its enterprise number."""
    country = f"BE{digits}"
    return (
        vat(country),
        enterprise(digits),
        endpoint(f"0208:{digits}"),
        endpoint(f"9925:{country}"),
    )


def _of_vat(value: str) -> tuple[Number, ...]:
    if value.startswith("BE"):
        return _of_belgian(value.removeprefix("BE"))
    return (endpoint(f"9944:{value}"),) if value.startswith("NL") else ()


def _of_enterprise(value: str) -> tuple[Number, ...]:
    if re.fullmatch(r"[01]\d{9}", value):
        return _of_belgian(value)
    return (endpoint(f"0106:{value}"),) if re.fullmatch(r"\d{8}", value) else ()


def _of_endpoint(value: str) -> tuple[Number, ...]:
    scheme, _sign, name = value.partition(":")
    if scheme == "0208":
        return _of_belgian(name)
    if scheme in {"9925", "9944"}:
        return (vat(name), *_of_vat(name))
    return (enterprise(name),) if scheme == "0106" else ()


_OTHERS: Mapping[NumberScheme, Callable[[str], tuple[Number, ...]]] = {
    NumberScheme.VAT: _of_vat,
    NumberScheme.ENTERPRISE: _of_enterprise,
    NumberScheme.ENDPOINT: _of_endpoint,
}
