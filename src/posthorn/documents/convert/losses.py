"""Lists what a file says that the converted document does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from posthorn.documents.convert.draft import Draft
from posthorn.documents.convert.watching import Watched
from posthorn.documents.xml import Element

_TEST: Final = "ram:TestIndicator"
_TRUE: Final = ("true", "1")
_VERSIONS: Final = ("cbc:UBLVersionID", "cbc:ProfileExecutionID")


def note_losses(draft: Draft, read: Watched, made: Element) -> None:
    """Note each path whose values were neither read nor written again, once."""
    leaves = [(path_of(leaf), leaf) for leaf in read.leaves()]
    # A date that stands with each VAT rate is told once it was read once.
    told = {(path, leaf.sent.strip()) for path, leaf in leaves if leaf.is_read}
    told.update(_written(made))
    for path, leaf in leaves:
        if (path, leaf.sent.strip()) in told or leaf.name in _VERSIONS:
            continue
        if not _is_test(leaf):
            draft.note("CONVERT-DROPPED", path, leaf.sent)
        elif leaf.sent.strip() in _TRUE:
            draft.note("CONVERT-TEST", path, leaf.sent)


def path_of(element: Element) -> str:
    """Return the names from the root to an element, without positions."""
    names, at = [element.name], element.parent
    while at is not None:
        names.append(at.name)
        at = at.parent
    return "/" + "/".join(reversed(names))


def _written(element: Element) -> Iterator[tuple[str, str]]:
    for child in element.children():
        if child.kids:
            yield from _written(child)
        else:
            yield path_of(child), (child.value or "").strip()


def _is_test(leaf: Watched) -> bool:
    return leaf.name == _TEST or (leaf.parent is not None and leaf.parent.name == _TEST)
