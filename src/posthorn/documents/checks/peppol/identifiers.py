"""The form and the check digits of identifiers whose scheme says what they are.

Source: Peppol BIS Billing 3.0.21, May 2026 release, docs.peppol.eu/poacc/billing/3.0/rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from posthorn.documents.checks.peppol import digits
from posthorn.documents.checks.peppol.text import tidied, tidy
from posthorn.documents.checks.rules import PEPPOL, Answer, Broken, Test
from posthorn.documents.checks.selects import Select, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element

_KEY: Final = "peppol identifiers"
_DUTCH_VAT: Final = re.compile(r"NL[0-9]{9}B[0-9]{2}")
_MAY_2026: Final = (3, 0, 21)


@dataclass(frozen=True, slots=True)
class _Index:
    """The identifiers of a document by their scheme."""

    addresses: dict[str, list[Element]] = field(default_factory=dict)
    all: dict[str, list[Element]] = field(default_factory=dict)


def _index(subject: Subject) -> _Index:
    found = subject.notes.get(_KEY)
    if not isinstance(found, _Index):
        found = subject.notes[_KEY] = _read(subject)
    return found


def _read(subject: Subject) -> _Index:
    index = _Index()
    for address in subject.named("cbc:EndpointID"):
        _enter(index.addresses, address)
        _enter(index.all, address)
    for party in subject.named("cac:PartyIdentification"):
        for identifier in party.each("cbc:ID"):
            _enter(index.all, identifier)
    for number in subject.named("cbc:CompanyID"):
        _enter(index.all, number)
    return index


def _enter(index: dict[str, list[Element]], identifier: Element) -> None:
    scheme = identifier.attributes.get("schemeID")
    if scheme is not None:
        index.setdefault(scheme, []).append(identifier)


def _identifiers(subject: Subject) -> Mapping[str, Sequence[Element]]:
    return _index(subject).all


def _endpoints(subject: Subject) -> Mapping[str, Sequence[Element]]:
    return _index(subject).addresses


def _of_scheme(scheme: str) -> Select:
    """Select the addresses, party identifiers and company numbers of a scheme."""
    return Select(_identifiers, scheme)


def _holds(is_right: Callable[[str], bool]) -> Test:
    """Return the test that a value, blanks around it aside, is as it must be."""

    def is_valid(identifier: Element, _: Subject) -> Answer:
        found = tidy(identifier.value)
        return is_right(found) or Broken(found=found or None)

    return is_valid


def _holds_as_sent(is_right: Callable[[str], bool]) -> Test:
    """Return the test that a value, blanks around it included, is as it must be."""

    def is_valid(identifier: Element, _: Subject) -> Answer:
        found = identifier.value or ""
        return is_right(found) or Broken(found=found or None)

    return is_valid


def _are_ten(text: str) -> bool:
    return digits.are_digits(text, 10)


def _is_danish_se(text: str) -> bool:
    return text.startswith("DK") and digits.is_danish(text)


def _is_swedish(text: str) -> bool:
    return len(text) == 10 and digits.is_swedish(text)  # noqa: PLR2004


def _is_dutch_vat(text: str) -> bool:
    return _DUTCH_VAT.fullmatch(text) is not None


# Schemes: ISO 6523 and Peppol's list of participant identifier schemes.
_FATAL: Final[dict[str, tuple[str, Test]]] = {
    "PEPPOL-COMMON-R040": ("0088", _holds(digits.is_gln)),
    "PEPPOL-COMMON-R041": ("0192", _holds(digits.is_norwegian)),
    "PEPPOL-COMMON-R042": ("0184", _holds_as_sent(digits.is_danish)),
    "PEPPOL-COMMON-R043": ("0208", _holds(digits.is_belgian)),
    "PEPPOL-COMMON-R049": ("0007", _holds(_is_swedish)),
    "PEPPOL-COMMON-R050": ("0151", _holds(digits.is_australian)),
}
# Fatal since May 2026; warnings in the release before it.
_FATAL_SINCE_MAY_2026: Final[dict[str, tuple[str, Test]]] = {
    "PEPPOL-COMMON-R052": ("0096", _holds_as_sent(_are_ten)),
    "PEPPOL-COMMON-R053": ("0198", _holds_as_sent(_is_danish_se)),
}
_WARNINGS: Final[dict[str, tuple[str, Test]]] = {
    "PEPPOL-COMMON-R044": ("0201", _holds(digits.is_italian_office)),
    "PEPPOL-COMMON-R045": ("0210", _holds(digits.is_italian_tax_code)),
    "PEPPOL-COMMON-R047": ("0211", _holds(digits.is_italian_vat)),
}
# New in May 2026, and announced as fatal for later.
_WARNINGS_SINCE_MAY_2026: Final[dict[str, tuple[str, Test]]] = {
    "PEPPOL-COMMON-R054": ("0106", _holds(partial(digits.are_digits, count=8))),
    "PEPPOL-COMMON-R055": ("0190", _holds(partial(digits.are_digits, count=20))),
    "PEPPOL-COMMON-R056-1": ("9944", _holds(_is_dutch_vat)),
}
# The rules above stand before R056-2 in their pattern, and only the first that fits is asked.
_BEFORE: Final = frozenset(
    scheme
    for table in (_FATAL, _FATAL_SINCE_MAY_2026, _WARNINGS, _WARNINGS_SINCE_MAY_2026)
    for scheme, _ in table.values()
)


def _is_dutch_vat_number(number: Element) -> bool:
    """Tell whether a company number begins with NL and its tax scheme is VAT."""
    scheme = number.parent
    return (
        scheme is not None
        and scheme.name == "cac:PartyTaxScheme"
        and tidy(number.value).startswith("NL")
        and tidied(scheme, "cac:TaxScheme", "cbc:ID") == "VAT"
    )


_dutch_vat_numbers: Final = where(
    named("cbc:CompanyID"),
    lambda number: (
        number.attributes.get("schemeID") not in _BEFORE and _is_dutch_vat_number(number)
    ),
)
_establishments: Final = where(_of_scheme("0217"), lambda number: not _is_dutch_vat_number(number))


for _table, _severity, _since in (
    (_FATAL, Severity.FATAL, ()),
    (_FATAL_SINCE_MAY_2026, Severity.FATAL, _MAY_2026),
    (_WARNINGS, Severity.WARNING, ()),
    (_WARNINGS_SINCE_MAY_2026, Severity.WARNING, _MAY_2026),
):
    for _identifier, (_scheme, _test) in _table.items():
        PEPPOL.add(_identifier, _of_scheme(_scheme), _test, severity=_severity, since=_since)

PEPPOL.add(
    "PEPPOL-COMMON-R046",
    Select(_endpoints, "9907"),
    _holds(digits.is_italian_tax_code),
    severity=Severity.WARNING,
)
PEPPOL.add(
    "PEPPOL-COMMON-R056-2",
    _dutch_vat_numbers,
    _holds(_is_dutch_vat),
    severity=Severity.WARNING,
    since=_MAY_2026,
)
PEPPOL.add(
    "PEPPOL-COMMON-R057",
    _establishments,
    _holds(partial(digits.are_digits, count=12)),
    severity=Severity.WARNING,
    since=_MAY_2026,
)
