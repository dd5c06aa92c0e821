"""Reads a file and checks it in one go: what the archive keeps and a person wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posthorn.documents import statements
from posthorn.documents.checks import check
from posthorn.documents.findings import Finding, Verdict, verdict_of
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Facts
from posthorn.documents.opening import Opened, open_file
from posthorn.documents.profiles import Profile
from posthorn.documents.reader import read_opened
from posthorn.documents.statements.checks import check as check_statements
from posthorn.documents.statements.facts import facts_of as facts_of_statements
from posthorn.documents.ubl import FORMATS


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
    opened = open_file(data, limits)
    if opened.format in statements.FORMATS:
        return _of_statements(opened)
    facts = read_opened(opened)
    if opened.tree is None or opened.tree.root.name not in FORMATS:
        return Examination(facts=facts, profile=opened.profile)
    report = check(opened.tree, on=on)
    return Examination(
        facts=facts, profile=opened.profile, verdict=report.verdict, findings=report.findings
    )


def _of_statements(opened: Opened) -> Examination:
    file = statements.read(opened.data, opened.format)
    findings = tuple(check_statements(file))
    return Examination(
        facts=facts_of_statements(file), verdict=verdict_of(findings), findings=findings
    )
