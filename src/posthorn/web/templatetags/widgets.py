"""Draws the attributes of form fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.filter
def attributes(named: Mapping[str, object]) -> SafeString:
    """Draw attributes in their order: True as a name alone, False not at all."""
    return SafeString("".join(_attribute(*one) for one in named.items()))


def _attribute(name: str, value: object) -> str:
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
