"""Reads a file and checks it in one go: what the archive keeps and a person wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.documents import statements
from posthorn.documents.findings import verdict_of
from posthorn.documents.judgement import Judgement, judge, of_statements
from posthorn.documents.limits import LIMITS, Limits
from posthorn.documents.model import Facts
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.profiles import Profile
from posthorn.documents.reader import read_opened

if TYPE_CHECKING:
    from datetime import date

    from posthorn.documents.statements.model import StatementFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination(Judgement):
    """What a file says, and whether it may be believed."""

    facts: Facts
    profile: Profile = Profile.NONE  # of an e-invoice


def examine(data: bytes, *, on: date | None = None, limits: Limits = LIMITS) -> Examination:
    """Return a file's facts and what its check found, by the rules in force on a day.

    Without a day the newest rules are asked. Raises DocumentError where the file cannot be read.
    """
    opened = open_inside(data, limits)
    if opened.format in statements.FORMATS:
        return examine_statements(statements.read(opened.data, opened.format, opened.tree))
    return examine_opened(opened, on=on, limits=limits)


def examine_opened(
    opened: Opened, *, on: date | None = None, limits: Limits = LIMITS
) -> Examination:
    """Return what `examine` does of a file that is open already and holds no statements."""
    facts = read_opened(opened)
    judged = judge(opened, on=on, limits=limits)
    return Examination(
        facts=facts, profile=opened.profile, verdict=judged.verdict, findings=judged.findings
    )


def examine_statements(file: StatementFile) -> Examination:
    """Return what `examine` does of statements that are read already."""
    from posthorn.documents.statements.facts import facts_of  # noqa: PLC0415  # as the rules

    findings = of_statements(file)
    return Examination(facts=facts_of(file), verdict=verdict_of(findings), findings=findings)
