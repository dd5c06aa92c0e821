"""Asks before a deed is done: a page with a form, which links and buttons show as a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.web.returning import way_back
from posthorn.web.shell import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `fields` are sent along, `reason` is the label of a reason, empty without."""

    title: str
    text: str
    url: str
    verb: str
    fields: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    reason_name: str = "reason"
    is_danger: bool = False


def ask(request: HttpRequest, space: Space, question: Question, *, here: str) -> HttpResponse:
    """Show the question; its form leads to the deed with the answer."""
    back = way_back(request, space.url(here))
    return page(request, space, "documents/ask.html", here=here, question=question, back=back)
