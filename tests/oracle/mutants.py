"""Makes documents that are nearly right: one small thing done to a good one, or two, or three.

A mutant is known by (file, seed, index) and by what was done, so that a difference found once can
be made again.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tests.oracle import additions, amounts, codes, countries, structure, taxes
from tests.oracle.structure import Mutation

FAMILIES: Final[tuple[tuple[Mutation, ...], ...]] = (
    structure.ALL,
    structure.ALL,
    codes.ALL,
    amounts.ALL,
    taxes.ALL,
    countries.ALL,
    additions.ALL,
)
_HOW_MANY: Final = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
_TRIES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A changed document, and what was done to it."""

    data: bytes
    done: str


def mutant(data: bytes, *, seed: int, index: int) -> Mutant:
    """Make a document's mutant of that number."""
    digest = hashlib.sha256(data).hexdigest()
    dice = random.Random(f"{seed} {index} {digest}")  # noqa: S311  # choices, not secrets
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    wanted, done = dice.choice(_HOW_MANY), list[str]()
    for _ in range(_TRIES):
        if len(done) == wanted or not structure.elements(root):
            break
        said = dice.choice(dice.choice(FAMILIES))(root, dice)
        if said:
            done.append(said)
    return Mutant(
        data=etree.tostring(root, encoding="UTF-8", xml_declaration=True), done="; ".join(done)
    )
