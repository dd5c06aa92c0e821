"""Reads a file and checks it in one go: what the archive keeps and a person wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from posthorn.documents import statements
from posthorn.documents.checks import check
from posthorn.documents.findings import Finding, Verdict, verdict_of
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Category, Facts
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.profiles import Profile
from posthorn.documents.reader import read_opened
from posthorn.documents.statements.checks import check as check_statements
from posthorn.documents.statements.facts import facts_of as facts_of_statements
from posthorn.documents.ubl import FORMATS

_INVOICES: Final = (Category.INVOICE, Category.CREDIT_NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a file says, and whether it may be believed."""

    facts: Facts
    profile: Profile = Profile.NONE  # of an e-invoice
    verdict: Verdict | None = None  # None for what cannot be checked, such as a plain PDF
    findings: tuple[Finding, ...] = ()


def examine(data: bytes, *, on: date | None = None, limits: Limits = LIMITS) -> Examination:
    """Return a file's facts and what its check found, by the rules in force on a day.

    Without a day the newest rules are asked. Raises DocumentError where the file cannot be read.
    """
    opened = open_inside(data, limits)
    if opened.format in statements.FORMATS:
        return _of_statements(opened)
    facts = read_opened(opened)
    if opened.tree is None or facts.category not in _INVOICES:
        return Examination(facts=facts, profile=opened.profile, findings=opened.notes)
    findings = _of_invoice(data, opened, on, limits)
    return Examination(
        facts=facts, profile=opened.profile, verdict=verdict_of(findings), findings=findings
    )


def _of_statements(opened: Opened) -> Examination:
    file = statements.read(opened.data, opened.format)
    findings = tuple(check_statements(file))
    return Examination(
        facts=facts_of_statements(file), verdict=verdict_of(findings), findings=findings
    )


def _of_invoice(
    data: bytes, opened: Opened, on: date | None, limits: Limits
) -> tuple[Finding, ...]:
    """Check UBL as it is; what is in another syntax is as good as the UBL that it makes."""
    if opened.tree is not None and opened.tree.root.name in FORMATS:
        return check(opened.tree, on=on).findings
    from posthorn.documents.convert import (  # noqa: PLC0415  # most files never need it
        NotConvertibleError,
        convert,
    )

    try:
        return convert(data, limits=limits).warnings
    except NotConvertibleError as error:
        return error.findings
