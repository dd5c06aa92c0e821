"""Spares a process the search for cycles among much that is short-lived."""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 20, 20)


def tune_collector() -> None:
    """Let Python look for cycles less often, and never among what is loaded already.

    For processes that read documents or make pages, one after another: a document's tree and the
    rows of a list are thousands of objects that all go at once.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
