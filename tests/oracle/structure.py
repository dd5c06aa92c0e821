"""Mutations of the tree: elements and attributes dropped, doubled, emptied, swapped, added."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Final, TypeAlias

from lxml import etree

# Does one thing to a document and says what; None where it finds nothing to do it to.
Mutation: TypeAlias = Callable[[etree._Element, random.Random], str | None]


def name_of(element: etree._Element) -> str:
    """Give an element's local name and its parent's, to say what was done where."""
    parent = element.getparent()
    own = etree.QName(element).localname
    return own if parent is None else f"{etree.QName(parent).localname}/{own}"


def elements(root: etree._Element) -> list[etree._Element]:
    """Give all elements below the root."""
    return list(root.iterdescendants(etree.Element))


def leaves(root: etree._Element) -> list[etree._Element]:
    """Give the elements with a value."""
    return [each for each in elements(root) if not len(each)]


def picked(having: list[etree._Element], dice: random.Random) -> etree._Element:
    """Choose a place first: what stands once is chosen as often as what stands in every line."""
    place = dice.choice(sorted({name_of(each) for each in having}))
    return dice.choice([each for each in having if name_of(each) == place])


def drop(root: etree._Element, dice: random.Random) -> str:
    """Take an element away."""
    one = picked(elements(root), dice)
    said = f"drop {name_of(one)}"
    _take_out(one)
    return said


def drop_all(root: etree._Element, dice: random.Random) -> str:
    """Take away an element and all others of its name."""
    one = picked(elements(root), dice)
    said = f"drop every {name_of(one)}"
    for each in list(root.iter(one.tag)):
        _take_out(each)
    return said


def double(root: etree._Element, dice: random.Random) -> str:
    """Put a copy beside an element."""
    one = picked(elements(root), dice)
    one.addnext(deepcopy(one))
    return f"double {name_of(one)}"


def empty(root: etree._Element, dice: random.Random) -> str:
    """Take away all that is in an element, attributes kept."""
    one = picked(elements(root), dice)
    said = f"empty {name_of(one)}"
    for child in list(one):
        one.remove(child)
    one.text = None
    return said


def blank(root: etree._Element, dice: random.Random) -> str:
    """Put nothing but blanks in place of a value."""
    one = picked(leaves(root), dice)
    one.text = dice.choice((" ", "  ", "\n", "\t", "\u00a0"))
    return f"blank {name_of(one)} {one.text!r}"


def pad(root: etree._Element, dice: random.Random) -> str:
    """Put blanks around or into a value."""
    one = picked(leaves(root), dice)
    text = one.text or ""
    middle = len(text) // 2
    one.text = dice.choice(
        (f" {text}", f"{text} ", f"\n  {text}\n  ", f"{text[:middle]} {text[middle:]}", f"{text}\t")
    )
    return f"pad {name_of(one)} {one.text!r}"


def swap(root: etree._Element, dice: random.Random) -> str | None:
    """Let two neighbours change places."""
    one = picked(elements(root), dice)
    other = one.getnext()
    if other is None:
        return None
    said = f"swap {name_of(one)} with {name_of(other)}"
    one.addprevious(other)
    return said


def swap_values(root: etree._Element, dice: random.Random) -> str | None:
    """Exchange the values of two elements of one name."""
    one = picked(leaves(root), dice)
    others = [each for each in root.iter(one.tag) if not len(each) and each.text != one.text]
    if not others:
        return None
    other = dice.choice(others)
    one.text, other.text = other.text, one.text
    return f"swap values of {name_of(one)} and {name_of(other)}"


def comment(root: etree._Element, dice: random.Random) -> str | None:
    """Put a comment or an instruction into a value."""
    one = picked(leaves(root), dice)
    text = one.text or ""
    if len(text) < 2:
        return None
    at = dice.randrange(1, len(text))
    inside = dice.choice((etree.Comment(" x "), etree.ProcessingInstruction("x", "y")))
    one.text = text[:at]
    inside.tail = text[at:]
    one.append(inside)
    return f"comment in {name_of(one)} at {at}"


def drop_attribute(root: etree._Element, dice: random.Random) -> str | None:
    """Take an attribute away."""
    having = [each for each in elements(root) if each.attrib]
    if not having:
        return None
    one = picked(having, dice)
    name = dice.choice(sorted(map(str, one.attrib)))
    del one.attrib[name]
    return f"drop {name_of(one)}/@{name}"


def move(root: etree._Element, dice: random.Random) -> str | None:
    """Put a copy of an element under another parent of its own parent's name."""
    one = picked(elements(root), dice)
    parent = one.getparent()
    if parent is None or parent is root:
        return None
    other = dice.choice(list(root.iter(parent.tag)))
    if other is parent:
        return None
    other.append(deepcopy(one))
    return f"copy {name_of(one)} into another"


def graft(root: etree._Element, dice: random.Random) -> str:
    """Put a copy of an element under any other element that holds elements."""
    one = picked(elements(root), dice)
    other = picked([each for each in elements(root) if len(each)], dice)
    other.append(deepcopy(one))
    return f"graft {name_of(one)} into {name_of(other)}"


def _take_out(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


ALL: Final[tuple[Mutation, ...]] = (
    *(drop, drop, drop, drop_all, double, double, empty, blank, pad),
    *(swap, swap_values, comment, drop_attribute, drop_attribute, move, graft),
)
