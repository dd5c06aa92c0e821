"""Reads hostile XML into a small tree: no DTD, no entities, no network, bounded before it grows.

The tree is made for questions by name: what an element holds is found through dictionaries, and
elements are known by short names (`cbc:ID`), whatever prefixes the sender chose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from posthorn.documents.encoding import as_utf8, refuse_doctype
from posthorn.documents.errors import (
    MalformedError,
    TooComplexError,
    TooLargeError,
    XmlDoctypeError,
)
from posthorn.documents.limits import LIMITS, Limits, refuse_complexity
from posthorn.documents.names import NAMES
from posthorn.documents.payloads import Payloads

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NO_KIDS: Final[Mapping[str, list[Element]]] = MappingProxyType({})
# XML_ERR_RESOURCE_LIMIT: libxml2's own bounds on depth, attributes and text (2.14, xmlerror.h).
_BOUND: Final = 114


class Element:
    """An element with its attributes, its children by name, and its value.

    `value` is the whole text of an element without child elements, comments and instructions left
    out, exactly as sent; None beside child elements. `10<!-- -->00` is "1000" here, where one
    parser says "10" and the next "1000".
    """

    __slots__ = ("attributes", "kids", "name", "parent", "value")

    def __init__(
        self,
        name: str,
        parent: Element | None,
        kids: Mapping[str, list[Element]],
        attributes: Mapping[str, str],
        value: str | None,
    ) -> None:
        """Make an element; `kids` is filled by whoever reads the file."""
        self.name = name
        self.parent = parent
        self.kids = kids
        self.attributes = attributes
        self.value = value

    def children(self) -> Iterator[Element]:
        """Yield the child elements, those of one name in document order."""
        for namesakes in self.kids.values():
            yield from namesakes

    def each(self, *path: str) -> Iterator[Element]:
        """Return the elements at the end of the path of names, in document order."""
        found = [self]
        for name in path:
            if len(found) == 1:  # nearly always, and faster
                found = found[0].kids.get(name, [])
            else:
                found = [kid for above in found for kid in above.kids.get(name, ())]
        return iter(found)

    def first(self, *path: str) -> Element | None:
        """Return the first element at the end of the path of names."""
        # Asked very often, and nearly always of elements without namesakes.
        at = self
        for step, name in enumerate(path):
            namesakes = at.kids.get(name)
            if not namesakes:
                return None
            if len(namesakes) > 1:
                return next(at.each(*path[step:]), None)
            at = namesakes[0]
        return at

    def text(self, *path: str) -> str | None:
        """Return the first value at the end of the path that is not blank, blanks collapsed."""
        words = (" ".join((found.value or "").split()) for found in self.each(*path))
        return next(filter(None, words), None)


class Tree:
    """A whole XML document: its root, and every element by its name in document order.

    `marked` are the elements that have attributes, in document order.
    """

    __slots__ = ("_known", "_source", "by_name", "marked", "root")

    def __init__(
        self,
        root: Element,
        by_name: Mapping[str, list[Element]],
        marked: list[Element],
        source: etree._Element,
    ) -> None:
        """Take the tree and the parser's own, which knows the lines."""
        self.root = root
        self.by_name = by_name
        self.marked = marked
        self._source = source
        self._known: dict[int, tuple[int, int]] | None = None

    def schema_errors(self, schema: etree.XMLSchema) -> list[tuple[int, str]]:
        """Return what a schema finds wrong, as (line, the schema's words); empty when valid."""
        if schema.validate(self._source):
            return []
        return [(error.line, error.message) for error in schema.error_log]  # type: ignore[attr-defined]

    def path_of(self, element: Element) -> str:
        """Return the XPath of an element of this tree, `/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID`.

        Positions are written where the element has namesakes.
        """
        parts: list[str] = []
        at: Element | None = element
        while at is not None:
            has_twins = at.parent is not None and len(at.parent.kids[at.name]) > 1
            parts.append(f"{at.name}[{self._places()[id(at)][0]}]" if has_twins else at.name)
            at = at.parent
        return "/" + "/".join(reversed(parts))

    def line_of(self, element: Element) -> int:
        """Return the line on which an element of this tree begins, from 1."""
        return self._places()[id(element)][1]

    def _places(self) -> dict[int, tuple[int, int]]:
        """Return every element's position among its namesakes and its line, worked out once."""
        if self._known is None:
            self._known = {id(self.root): (1, _line(self._source))}
            _note(self.root, self._source, self._known)
        return self._known


def _note(element: Element, source: etree._Element, known: dict[int, tuple[int, int]]) -> None:
    seen: dict[str, int] = {}
    for child in source:
        name = NAMES[child.tag]
        position = seen[name] = seen.get(name, 0) + 1
        twin = element.kids[name][position - 1]
        known[id(twin)] = (position, _line(child))
        _note(twin, child, known)


def _line(source: etree._Element) -> int:
    line: int | None = source.sourceline  # type: ignore[assignment]  # the stubs say Ellipsis
    return line or 0


def parse(data: bytes, limits: Limits = LIMITS) -> Tree:
    """Return the tree of an XML file.

    Raises TooLargeError, TooComplexError, XmlDoctypeError, XmlEncodingError, XmlIncludeError and
    MalformedError.
    """
    if len(data) > limits.max_bytes:
        raise TooLargeError(f"{len(data)} bytes, at most {limits.max_bytes}")
    refuse_doctype(data)
    text = as_utf8(data)
    refuse_doctype(text)
    payloads = Payloads()
    light = payloads.lift(text)
    refuse_complexity(light, limits)
    source = _source(light)
    by_name, marked = _grown(source, limits.max_depth)
    if payloads:
        payloads.put_back(by_name)
    root = by_name[NAMES[source.tag]][0]
    return Tree(root, by_name, marked, source)


def _source(light: bytes) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # what it is fed, whatever the declaration says
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        # Without them the pieces of a value grow together again.
        remove_comments=True,
        remove_pis=True,
    )
    try:
        source = etree.fromstring(light, parser)
    except etree.XMLSyntaxError as error:
        if error.code == _BOUND:  # type: ignore[attr-defined]  # not in the stubs
            raise TooComplexError(error.msg) from error
        raise MalformedError(error.msg) from error
    if source.getroottree().docinfo.internalDTD is not None:
        raise XmlDoctypeError
    if parser.error_log:
        # Prefixes without a namespace end no parser's work, but leave names that mean nothing.
        raise MalformedError(parser.error_log[0].message)
    return source


def _grown(
    source: etree._Element, max_depth: int
) -> tuple[Mapping[str, list[Element]], list[Element]]:
    """Return our elements for those of the parser: by name, and those that have attributes."""
    # The hot path of everything that reads XML: no call that is not needed, not even __init__.
    new, names = Element.__new__, NAMES
    by_name: defaultdict[str, list[Element]] = defaultdict(list)
    marked: list[Element] = []
    # What stands above the next element: each with its children, and how many more there are.
    above: list[tuple[Element | None, dict[str, list[Element]], int]] = []
    parent: Element | None = None
    kids: dict[str, list[Element]] = {}
    left = 1
    for each in source.iter():
        while not left:
            parent, kids, left = above.pop()
        left -= 1
        name, items, size = names[each.tag], each.items(), len(each)
        made = new(Element)
        made.name, made.parent = name, parent
        made.attributes = dict(items) if items else _NOTHING  # type: ignore[arg-type]  # no bytes
        by_name[name].append(made)
        if name in kids:
            kids[name].append(made)
        else:
            kids[name] = [made]
        if items:
            marked.append(made)
        if not size:
            made.kids, made.value = _NO_KIDS, each.text or ""
            continue
        above.append((parent, kids, left))
        if len(above) >= max_depth:
            raise TooComplexError("too many levels")
        parent, kids, left = made, {}, size
        made.kids, made.value = kids, None
    return by_name, marked
