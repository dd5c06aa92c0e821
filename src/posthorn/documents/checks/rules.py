"""How a rule is written down: a function with an identifier, the elements it looks at, a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from posthorn.documents.checks.selects import Find, Select, found_by
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.xml import Element


class Broken:
    """A rule's answer when it does not hold and its sentence quotes values; false as a boolean."""

    __slots__ = ("at", "values")

    def __init__(self, *, at: Element | None = None, **values: object) -> None:
        """Take the element to point at, where it is not the context, and the values."""
        self.at = at
        self.values = {name: "—" if value is None else str(value) for name, value in values.items()}

    def __bool__(self) -> bool:
        """Tell that the rule does not hold."""
        return False


Answer: TypeAlias = bool | Broken
Test: TypeAlias = Callable[[Element, Subject], Answer]
# The identifiers of the rules that do not hold, and where.
Answers: TypeAlias = Callable[[Subject], Iterable[tuple[str, Broken]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """From which release of its specification a rule is in force, and from which no longer."""

    since: tuple[int, ...] = ()
    until: tuple[int, ...] = (9999,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a specification."""

    id: str
    family: str  # en16931 or peppol
    severity: Severity
    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRule(Rule):
    """A rule that is asked of elements, one by one."""

    select: Select  # the elements it is asked of
    test: Test  # true where it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Many rules alike that one pass over the document answers together."""

    name: str
    rules: Mapping[str, Rule]  # by identifier
    find: Answers


class Family:
    """The rules of one specification; the place where they are collected."""

    def __init__(self, name: str) -> None:
        """Begin without rules."""
        self.name = name
        self.rules: list[AskedRule] = []
        self.sweeps: list[Sweep] = []

    def rule(
        self,
        identifier: str,
        select: Find,
        *,
        severity: Severity = Severity.FATAL,
        since: tuple[int, ...] = (),
        until: tuple[int, ...] = (9999,),
    ) -> Callable[[Test], Test]:
        """Make a function a rule: it is asked of each selected element and true where it holds."""

        def collect(test: Test) -> Test:
            self.add(identifier, select, test, severity=severity, since=since, until=until)
            return test

        return collect

    def add(self, identifier: str, select: Find, test: Test, **when: Any) -> None:  # noqa: ANN401
        """Add a rule that a loop makes, one of many alike; `when` as for `rule`."""
        severity = when.pop("severity", Severity.FATAL)
        self.rules.append(
            AskedRule(
                id=identifier,
                family=self.name,
                severity=severity,
                select=select if isinstance(select, Select) else found_by(select),
                test=test,
                release=Release(**when),
            )
        )

    def sweep(
        self,
        name: str,
        severities: Mapping[str, Severity],
        **when: Any,  # noqa: ANN401
    ) -> Callable[[Answers], Answers]:
        """Make a function the answer to all these rules at once; `when` as for `rule`."""
        rules = {
            identifier: Rule(
                id=identifier, family=self.name, severity=severity, release=Release(**when)
            )
            for identifier, severity in severities.items()
        }

        def collect(find: Answers) -> Answers:
            self.sweeps.append(Sweep(name=name, rules=rules, find=find))
            return find

        return collect


EN16931: Final = Family("en16931")
PEPPOL: Final = Family("peppol")
