"""The elements of a document by the attributes they have, worked out once for many rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, cast

from posthorn.documents.checks.subject import Subject
from posthorn.documents.xml import Element

_KEY: Final = "en16931.attributes"


def by_attribute(subject: Subject) -> Mapping[str, list[Element]]:
    """Return the elements by the names of their attributes, in document order."""
    found = subject.notes.get(_KEY)
    if found is None:
        found = subject.notes[_KEY] = _sorted(subject)
    return cast(Mapping[str, list[Element]], found)


def _sorted(subject: Subject) -> Mapping[str, list[Element]]:
    found: defaultdict[str, list[Element]] = defaultdict(list)
    for element in subject.marked:
        for name in element.attributes:
            found[name].append(element)
    found.default_factory = None
    return found
