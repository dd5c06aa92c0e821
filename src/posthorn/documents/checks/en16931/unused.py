"""What UBL has and the core invoice does not use: about 700 paths, found in one pass.

The table `unused.tsv` says of each rule what it warns of: `cac:Delivery/cbc:ID` from the root,
`//cac:Country/cbc:IdentificationCode/@listID` anywhere, `LINE/cbc:UUID` on a line of either kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from posthorn.documents.checks.en16931.attributes import by_attribute
from posthorn.documents.checks.en16931.contexts import strings
from posthorn.documents.checks.rules import EN16931, Answer, Broken
from posthorn.documents.checks.selects import named, root
from posthorn.documents.checks.subject import Subject
from posthorn.documents.findings import Severity
from posthorn.documents.formats import UBL_ROOTS
from posthorn.documents.xml import Element

rule = EN16931.rule
_Path: TypeAlias = tuple[str, str]  # the rule, and the path as the table has it


@dataclass(slots=True)
class _Step:
    """A step of the paths, read from their end: which paths end here, and what may stand above."""

    from_root: list[_Path] = field(default_factory=list)
    anywhere: list[_Path] = field(default_factory=list)
    above: dict[str, _Step] = field(default_factory=dict)
    names_above: set[str] = field(default_factory=set)  # those, and the root's where it may be

    def likely(self, elements: Sequence[Element]) -> Sequence[Element]:
        """Return those of the elements of this name that stand where one of the paths may be."""
        # The hot path: nearly all elements of a good invoice are left out here.
        if self.anywhere:
            return elements
        names = self.names_above
        return [one for one in elements if one.parent is not None and one.parent.name in names]


class _Table:
    """The paths of a table, arranged by the name they end with."""

    def __init__(self, text: str) -> None:
        """Read the lines: identifier, path, severity, with tabs between."""
        self.severities: dict[str, Severity] = {}
        self.elements: dict[str, _Step] = {}
        self.attributes: dict[str, _Step] = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                identifier, path, severity = line.split("\t")
                self.severities[identifier] = Severity(severity)
                for line_name in ("cac:InvoiceLine", "cac:CreditNoteLine"):
                    self._add(identifier, path.replace("LINE/", f"{line_name}/"))

    def _add(self, identifier: str, path: str) -> None:
        bare = path.removeprefix("//")
        last, *above = reversed(bare.split("/"))
        if last.startswith("@"):
            step = self.attributes.setdefault(last[1:], _Step())
        else:
            step = self.elements.setdefault(last, _Step())
        for name in above:
            step.names_above.add(name)
            step = step.above.setdefault(name, _Step())
        ends = step.from_root if bare == path else step.anywhere
        step.names_above.update(UBL_ROOTS)
        if (identifier, path) not in ends:
            ends.append((identifier, path))


TABLE: Final = _Table(Path(__file__).with_name("unused.tsv").read_text("utf-8"))


@EN16931.sweep("UBL-CR", TABLE.severities)
def unused(subject: Subject) -> Iterator[tuple[str, Broken]]:
    """Yield the rule of each path of the table that occurs, once, with the first place."""
    seen: set[str] = set()
    for element, ends in _occurrences(subject):
        for identifier, path in ends:
            if identifier not in seen:
                seen.add(identifier)
                yield identifier, Broken(at=element, path=path.removeprefix("//"))


def _occurrences(subject: Subject) -> Iterator[tuple[Element, list[_Path]]]:
    root = subject.root
    for step, namesakes in _known(subject.by_name, TABLE.elements):
        for element in step.likely(namesakes):
            if ends := _ends(step, element.parent, root):
                yield element, ends
    for step, namesakes in _known(by_attribute(subject), TABLE.attributes):
        for element in namesakes:
            if ends := _ends(step, element, root):
                yield element, ends


def _known(
    by_name: Mapping[str, Sequence[Element]], steps: Mapping[str, _Step]
) -> Iterator[tuple[_Step, Sequence[Element]]]:
    for name, namesakes in by_name.items():
        step = steps.get(name)
        if step is not None:
            yield step, namesakes


def _ends(step: _Step, at: Element | None, root: Element) -> list[_Path]:
    """Return the paths that end with a step whose element, or attribute, stands under `at`."""
    found = step.anywhere
    while at is not None and at is not root:
        above = step.above.get(at.name)
        if above is None:
            return found
        step, at = above, at.parent
        if step.anywhere:
            found = found + step.anywhere
    return found + step.from_root if at is root else found


@rule("UBL-CR-002", root, severity=Severity.WARNING)
def is_of_version_2_1(invoice: Element, _: Subject) -> Answer:
    """UBL-CR-002: where the version of UBL is stated, it is 2.1."""
    versions = invoice.kids.get("cbc:UBLVersionID")
    return versions is None or "2.1" in strings(versions) or Broken(found=versions[0].value)


@rule("UBL-CR-412", root, severity=Severity.WARNING)
def has_its_due_date_at_the_top(invoice: Element, subject: Subject) -> Answer:
    """BT-9: only a credit note has its due date with the means of payment."""
    if subject.is_credit_note:
        return True
    found = invoice.first("cac:PaymentMeans", "cbc:PaymentDueDate")
    return found is None or Broken(at=found)


_documents = named("cac:AdditionalDocumentReference")


def _is_object(document: Element) -> bool:
    return "130" in strings(document.kids.get("cbc:DocumentTypeCode", ()))


@rule("UBL-CR-665", _documents, severity=Severity.WARNING)
def has_a_scheme_only_for_an_object(document: Element, _: Subject) -> Answer:
    """BT-122: only the number of the invoiced object (type 130) has a scheme."""
    codes = strings(document.kids.get("cbc:DocumentTypeCode", ()))
    return codes == {"130"} or not any(
        "schemeID" in number.attributes for number in document.kids.get("cbc:ID", ())
    )


@rule("UBL-CR-666", _documents)
def attaches_nothing_to_an_object(document: Element, _: Subject) -> Answer:
    """BT-18: the invoiced object (type 130) has no attachment."""
    return "cac:Attachment" not in document.kids or not _is_object(document)


@rule("UBL-CR-673", _documents)
def describes_no_object(document: Element, _: Subject) -> Answer:
    """BT-18: the invoiced object (type 130) has no description."""
    return "cbc:DocumentDescription" not in document.kids or not _is_object(document)
