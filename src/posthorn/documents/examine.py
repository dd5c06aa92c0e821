"""Reads a file and checks it in one go: what the archive keeps and a person wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posthorn.documents.checks import check
from posthorn.documents.findings import Finding, Verdict, verdict_of
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Facts
from posthorn.documents.opening import Opened, open_file
from posthorn.documents.profiles import Profile
from posthorn.documents.reader import read_opened
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
    facts = read_opened(opened)
    findings = _findings(opened, on)
    return Examination(
        facts=facts,
        profile=opened.profile,
        verdict=None if findings is None else verdict_of(findings),
        findings=findings or (),
    )


def _findings(opened: Opened, on: date | None) -> tuple[Finding, ...] | None:
    """Return what a check found; None for what cannot be checked."""
    if opened.tree is not None and opened.tree.root.name in FORMATS:
        return check(opened.tree, on=on).findings
    return None
