"""Our rules against the official ones over thousands of mutants."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.oracle.comparison import compared
from tests.oracle.known import unexplained, unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison came to; `unexplained` must be 0, `stale` entries are looked at."""

    documents: int
    valid: int
    aborted: int
    rules: int  # different ids that the stylesheets gave
    stale: int  # known differences that nothing showed
    unexplained: int

    @property
    def complaints(self) -> dict[str, int]:
        """Give the figure that should be 0, when it is not."""
        return {"unexplained": self.unexplained} if self.unexplained else {}


def compare_rules(times: int, seed: int) -> Compared:
    """Compare all documents at hand and so many mutants; tells each difference."""
    tally = compared(mutants=times, seed=seed)
    strange, stale = unexplained(tally.differences), unseen(tally.differences)
    for each in strange:
        sys.stderr.write(f"{each}\n")
    for known in stale:
        sys.stderr.write(f"nothing showed {known.side}{known.id}: {known.why}\n")
    return Compared(
        documents=tally.documents,
        valid=tally.valid,
        aborted=tally.aborted,
        rules=len(tally.rules),
        stale=len(stale),
        unexplained=len(strange),
    )
