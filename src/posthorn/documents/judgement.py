"""Checks a file of any kind by what it is; loads only what that kind needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.documents import statements
from posthorn.documents.findings import Finding, Verdict, verdict_of
from posthorn.documents.formats import CII_ROOTS, UBL_ROOTS
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.opening import Opened

if TYPE_CHECKING:
    from datetime import date

    from posthorn.documents.statements.model import StatementFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a file may be believed, and what speaks against it."""

    verdict: Verdict | None = None  # None for what cannot be checked, such as a plain PDF
    findings: tuple[Finding, ...] = ()


def judge(opened: Opened, *, on: date | None = None, limits: Limits = LIMITS) -> Judgement:
    """Check a file that is open already, by the rules in force on a day."""
    if opened.format in statements.FORMATS:
        file = statements.read(opened.data, opened.format, opened.tree)
        return _judged(of_statements(file))
    if opened.tree is not None and opened.root in UBL_ROOTS:
        from posthorn.documents.checks import check  # noqa: PLC0415  # other files need no rules

        return _judged(check(opened.tree, on=on).findings)
    if opened.root in CII_ROOTS:
        return _judged(_of_conversion(opened, limits))
    return Judgement(findings=opened.notes)


def _judged(findings: tuple[Finding, ...]) -> Judgement:
    return Judgement(verdict=verdict_of(findings), findings=findings)


def of_statements(file: StatementFile) -> tuple[Finding, ...]:
    """Return what is wrong with a file of statements."""
    from posthorn.documents.statements.checks import check  # noqa: PLC0415  # as the rules

    return tuple(check(file))


def _of_conversion(opened: Opened, limits: Limits) -> tuple[Finding, ...]:
    """Judge what is in another syntax by the UBL that it makes."""
    from posthorn.documents.convert import (  # noqa: PLC0415  # as the rules
        NotConvertibleError,
        convert_opened,
    )

    try:
        return convert_opened(opened, limits=limits).warnings
    except NotConvertibleError as error:
        return error.findings
