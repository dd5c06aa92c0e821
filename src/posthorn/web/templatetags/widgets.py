"""Draws fields of forms in one piece; Django's own templates include two more for each option."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from posthorn.web.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    # What Django's Select gives: the group's label, its options, its place.
    OptGroup = tuple[str | None, list[dict[str, Any]], int]

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Line):
    """One option of a select."""

    value: str
    label: str
    attributes: SafeString


@register.filter
def grouped(groups: Iterable[OptGroup]) -> Iterator[tuple[str | None, list[Choice]]]:
    """Give the options of a select by group; those of no group that follow each other as one."""
    for label, alike in groupby(groups, key=lambda group: group[0]):
        yield label, [_choice(option) for _, options, _ in alike for option in options]


def _choice(option: Mapping[str, Any]) -> Choice:
    return Choice(
        value=str(option["value"]),
        label=str(option["label"]),
        attributes=attributes(option["attrs"]),
    )


@register.filter
def attributes(named: Mapping[str, object]) -> SafeString:
    """Draw attributes in their order: True as a name alone, False not at all."""
    return SafeString("".join(_attribute(*one) for one in named.items()))


def _attribute(name: str, value: object) -> str:
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
