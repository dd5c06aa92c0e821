"""Spares a process that reads many small trees the search for cycles that are not there."""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 20, 20)


def tune_collector() -> None:
    """Let Python look for cycles less often, and never among what is loaded already.

    For processes that read documents, one after another: a document's tree is thousands of objects
    that all go at once.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
