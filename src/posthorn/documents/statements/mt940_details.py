"""Reads what an MT940 movement says about its other side, in the ways banks write field 86.

Rabobank, "Formaatbeschrijving SWIFT MT940 Structured"; ABN AMRO and ING, MT940 descriptions: codes
between slashes. German banks: parts after `?`, which the package reads. Triodos: after `>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from posthorn.documents import numbers
from posthorn.documents.statements.accounts import has_form_of_iban
from posthorn.documents.statements.communication import free, structured
from posthorn.documents.statements.model import (
    Communication,
    Counterparty,
    Movement,
    Reference,
    ReferenceKind,
)

_WIDTH: Final = 65  # of a line of field 86: a full one goes on in the next without a blank
_CODED: Final = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|PREF|MARF|CSID|BENM|ORDP|ULTB|ULTD|CNTP|ISDT|PURP|ADDR"
    r"|RTRN|SVCL|ID|RREF)/"
)
_ANGLED: Final = re.compile(r"\d{3}>(?=\d\d)", re.ASCII)
# Rabobank, field 61 subfield 9: the other account, in old files nine or ten digits.
_OLD_ACCOUNT: Final = re.compile(r"P?\d{9,10}", re.ASCII)
_NO_REFERENCE: Final = frozenset({"NONREF", "EREF", "PREF", "MARF", "NOTPROVIDED", ""})
_STRUCTURED: Final = re.compile(r"STRD/(?:CUR|ISO)/([^/]+)")
_REFERENCES: Final = {
    "EREF": ReferenceKind.END_TO_END,
    "MARF": ReferenceKind.MANDATE,
    "CSID": ReferenceKind.CREDITOR,
}
_GERMAN_REFERENCES: Final = {
    "end_to_end_reference": ReferenceKind.END_TO_END,
    "additional_position_reference": ReferenceKind.MANDATE,
    "applicant_creditor_id": ReferenceKind.CREDITOR,
}
_ANGLED_PURPOSE: Final = frozenset(map(str, range(20, 30)))


_NOBODY: Final = Counterparty()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    counterparty: Counterparty = _NOBODY
    communication: Communication | None = None
    references: tuple[Reference, ...] = ()


def movement_of(
    data: Mapping[str, Any],
    details: str,
    *,
    currency: str | None,
    entry_date: date | None,
    value_date: date | None,
) -> Movement:
    """Return the movement of what the package read in field 61 and the text of field 86."""
    told = _details(data, details)
    below = " ".join((data.get("extra_details") or "").split())
    account = told.counterparty.account
    if account is None and (has_form_of_iban(below) or _OLD_ACCOUNT.fullmatch(below)):
        account, below = numbers.iban(below), ""
    elif account and numbers.iban(below) == account:
        below = ""
    sent = [
        _reference(ReferenceKind.BANK, data.get("bank_reference")),
        _reference(ReferenceKind.CUSTOMER, data.get("customer_reference")),
        *told.references,
    ]
    return Movement(
        amount=data["amount"].amount,
        currency=currency,
        entry_date=entry_date,
        value_date=value_date,
        counterparty=Counterparty(
            name=told.counterparty.name, account=account, bic=told.counterparty.bic
        ),
        communications=(told.communication,) if told.communication else (),
        information=(below,) if below else (),
        references=tuple(filter(None, sent)),
        code=(data.get("id") or "").strip() or None,
    )


def _details(data: Mapping[str, Any], text: str) -> _Details:
    if "purpose" in data:
        return _german(data)
    joined = text.replace("\n", "")
    if _CODED.match(joined):
        return _coded(joined)
    if _ANGLED.match(joined):
        return _angled(joined)
    # A full line was broken where it was full, another one where a word ended.
    lines = (line if len(line) >= _WIDTH else f"{line} " for line in text.split("\n"))
    return _Details(communication=free("".join(lines)))


def _german(data: Mapping[str, Any]) -> _Details:
    references = (_reference(kind, data.get(key)) for key, kind in _GERMAN_REFERENCES.items())
    account = data.get("applicant_iban") or data.get("gvc_applicant_iban")
    return _Details(
        counterparty=Counterparty(
            name=_plain(data.get("applicant_name")),
            account=numbers.iban(account) if account else None,
            bic=_plain(data.get("applicant_bin")),
        ),
        communication=free(data.get("purpose") or ""),
        references=tuple(filter(None, references)),
    )


def _coded(text: str) -> _Details:
    _, *pieces = _CODED.split(text)
    found: dict[str, str] = {}
    for code, value in zip(pieces[::2], pieces[1::2], strict=True):
        found.setdefault(code, value.strip("/ "))
    # ING: account, bank, name and place of the other side between single slashes.
    account, bic, name, *_ = [*found.get("CNTP", "").split("/"), "", "", ""]
    account = account or found.get("IBAN", "")
    references = (_reference(kind, found.get(code)) for code, kind in _REFERENCES.items())
    return _Details(
        counterparty=Counterparty(
            name=_plain(name or found.get("NAME")),
            account=numbers.iban(account) if account else None,
            bic=_plain(bic or found.get("BIC")),
        ),
        communication=_remittance(found.get("REMI", "")),
        references=tuple(filter(None, references)),
    )


def _remittance(text: str) -> Communication | None:
    reference = _STRUCTURED.fullmatch(text)
    if reference:
        return structured(reference[1], None)
    return free(text.removeprefix("USTD//"))


def _angled(text: str) -> _Details:
    parts = [(piece[:2], piece[2:]) for piece in text.split(">")[1:]]
    account = next((value.strip() for code, value in parts if code == "10"), "")
    purpose = "".join(value for code, value in parts if code in _ANGLED_PURPOSE)
    return _Details(
        counterparty=Counterparty(account=numbers.iban(account) if account else None),
        communication=free(purpose),
    )


def _reference(kind: ReferenceKind, text: str | None) -> Reference | None:
    plain = " ".join((text or "").split())
    return None if plain in _NO_REFERENCE else Reference(kind=kind, text=plain)


def _plain(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
