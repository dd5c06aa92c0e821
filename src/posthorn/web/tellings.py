"""Tells how a deed on several rows ended: what was done, what was refused and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

_MAX_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What was done: `words` for one and for several, with %(number)s; a sentence per refusal."""

    done: int
    words: tuple[str, str]
    refused: Sequence[str] = field(default=())
    undo: str = ""


def tell(request: HttpRequest, ending: Ending) -> None:
    """Leave one message for what was done and one for what was refused."""
    if ending.done:
        one, many = ending.words
        said = (one if ending.done == 1 else many) % {"number": ending.done}
        messages.success(request, said, extra_tags=ending.undo)
    if ending.refused:
        messages.warning(request, refusals(ending.refused))


def refusals(reasons: Sequence[str]) -> str:
    """Say how many were refused and why, the most frequent reason first."""
    said = ngettext("%(number)s was refused:", "%(number)s were refused:", len(reasons))
    counted = Counter(reasons).most_common()
    shown = [
        reason if len(counted) == 1 else f"{reason} ({number})"
        for reason, number in counted[:_MAX_REASONS]
    ]
    if len(counted) > _MAX_REASONS:
        shown.append(gettext("and other reasons."))
    return " ".join([said % {"number": len(reasons)}, *shown])
