from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from posthorn.documents import xml
from posthorn.documents.checks.check import Outcome, outcomes
from posthorn.documents.checks.rules import Answer, Broken, Family
from posthorn.documents.checks.rulesets import RuleSet, arranged
from posthorn.documents.checks.selects import Select, named, where
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Finding, Severity
from posthorn.documents.sentences import sentence
from posthorn.documents.xml import Element

TREE = xml.parse(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')


def found(family: Family, release: tuple[int, ...] = (1,)) -> list[Outcome]:
    ruleset = RuleSet(id="own", valid_from=date(2026, 1, 1), **arranged({family: release}))
    return list(outcomes(ruleset, Subject(TREE)))


def everywhere(subject: Subject) -> Iterable[Element]:
    return (subject.root,)


def test_one_pass_answers_many_rules() -> None:
    family = Family("own")

    @family.sweep("OWN", {"OWN-1": Severity.WARNING, "OWN-2": Severity.FATAL})
    def find(subject: Subject) -> Iterator[tuple[str, Broken]]:
        yield "OWN-1", Broken(path="a")
        yield "OWN-2", Broken(at=subject.root)

    assert found(family) == [
        (TREE.root, Finding(id="OWN-1", severity=Severity.WARNING, values={"path": "a"})),
        (TREE.root, Finding(id="OWN-2", severity=Severity.FATAL)),
    ]


def test_sweep_keeps_silent_about_rules_of_other_releases() -> None:
    family = Family("own")

    @family.sweep("OLD", {"OLD-1": Severity.FATAL}, until=(2,))
    def find(_: Subject) -> Iterator[tuple[str, Broken]]:
        yield "OLD-1", Broken()

    assert found(family, (1,)) == [(TREE.root, Finding(id="OLD-1"))]
    assert found(family, (2,)) == []


def test_error_in_a_sweep_is_a_finding_and_keeps_what_was_found() -> None:
    family = Family("own")

    @family.sweep("OWN", {"OWN-1": Severity.FATAL})
    def find(_: Subject) -> Iterator[tuple[str, Broken]]:
        yield "OWN-1", Broken()
        raise KeyError

    failed = Finding(id="POSTHORN-INTERNAL", values={"rule": "OWN", "error": "KeyError"})
    assert found(family) == [(TREE.root, Finding(id="OWN-1")), (TREE.root, failed)]


def test_error_in_a_rule_is_a_finding_and_stops_no_other() -> None:
    family = Family("own")

    @family.rule("OWN-1", everywhere)
    def fails(_: Element, __: Subject) -> Answer:
        raise ValueError

    @family.rule("OWN-2", everywhere, severity=Severity.WARNING)
    def never_holds(_: Element, __: Subject) -> Answer:
        return False

    failed = Finding(id="POSTHORN-INTERNAL", values={"rule": "OWN-1", "error": "ValueError"})
    warned = Finding(id="OWN-2", severity=Severity.WARNING)
    assert found(family) == [(TREE.root, failed), (TREE.root, warned)]


def test_error_in_a_selection_is_a_finding_for_each_of_its_rules() -> None:
    family = Family("own")

    def nowhere(_: Subject) -> Iterable[Element]:
        raise LookupError

    family.add("OWN-1", nowhere, lambda _, __: True)
    family.add("OWN-2", nowhere, lambda _, __: True)

    assert found(family) == [
        (
            TREE.root,
            Finding(id="POSTHORN-INTERNAL", values={"rule": rule, "error": "LookupError"}),
        )
        for rule in ("OWN-1", "OWN-2")
    ]


def test_rule_points_where_its_answer_points() -> None:
    tree = xml.parse(b"<a><b/></a>")
    family = Family("own")
    family.add("OWN-1", everywhere, lambda root, _: Broken(at=root.first("b"), found=None))
    ruleset = RuleSet(id="own", valid_from=date(2026, 1, 1), **arranged({family: (1,)}))

    answer = outcomes(ruleset, Subject(tree))

    assert list(answer) == [(tree.root.first("b"), Finding(id="OWN-1", values={"found": "—"}))]


def test_code_without_own_words_has_those_of_its_family() -> None:
    words = sentence("UBL-CR-001", "en", {"path": "ext:UBLExtensions"})
    assert words == sentence("UBL-CR", "en", {"path": "ext:UBLExtensions"})
    assert "ext:UBLExtensions" in words
    assert sentence("NOT-KNOWN-1", "en", {}) == "NOT-KNOWN-1"


def test_error_in_an_index_is_a_finding_of_each_rule_of_it_and_stops_no_other() -> None:
    family = Family("own")

    def broken(_: Subject) -> dict[str, list[Element]]:
        raise KeyError

    def never(_: Element, __: Subject) -> Answer:
        return False

    family.add("OWN-1", Select(broken, "a", "b"), never)
    family.add("OWN-2", Select(broken, "b"), never)
    family.add("OWN-3", everywhere, never)

    assert [(found.id, dict(found.values)) for _, found in found(family)] == [
        ("POSTHORN-INTERNAL", {"rule": "OWN-1", "error": "KeyError"}),
        ("POSTHORN-INTERNAL", {"rule": "OWN-2", "error": "KeyError"}),
        ("OWN-3", {}),
    ]


def test_selection_of_several_names_asks_each_element_once() -> None:
    family = Family("own")

    def never(_: Element, __: Subject) -> Answer:
        return False

    family.add("OWN-1", named("cn:CreditNote", "ubl:Invoice"), never)
    family.add("OWN-2", where(named("ubl:Invoice"), lambda _: False), never)

    assert found(family) == [(TREE.root, Finding(id="OWN-1"))]
