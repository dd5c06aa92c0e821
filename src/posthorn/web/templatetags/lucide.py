"""Draws icons; each kind once, for a page of fifty rows shows the same few a hundred times."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
def lucide(name: str, **attributes: str) -> SafeString:
    """Draw an icon of the Lucide set with attributes of its element."""
    return _drawn(str(name), tuple(sorted(attributes.items())))


@lru_cache(maxsize=512)
def _drawn(name: str, attributes: tuple[tuple[str, str], ...]) -> SafeString:
    return SafeString(draw(name, size=24, **dict(attributes)))
