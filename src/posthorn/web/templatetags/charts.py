"""Draws the bars of a chart: a hundred elements, each of whole numbers and one of the tones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from posthorn.web.charts import Bar, Block

register = template.Library()

_PLAIN: Final = "good"
"""The one tone without a texture."""


@register.simple_tag
def draw_bar(bar: Bar, height: int) -> SafeString:
    """Draw one bar as SVG, in its column `height` high that people point at."""
    column = f'<rect class="column" x="{bar.left}" width="{bar.wide}" y="0" height="{height}"/>'
    blocks = "".join(_block(bar, block) for block in bar.blocks)
    told = escape(bar.told)
    return SafeString(f'<g class="bar"><title>{told}</title>{column}{blocks}</g>')


def _block(bar: Bar, block: Block) -> str:
    box = f'x="{bar.x}" width="{bar.width}" y="{block.y}" height="{block.height}"'
    drawn = f'<rect class="is-{block.tone}" {box}/>'
    if block.tone == _PLAIN:
        return drawn
    return f'{drawn}<rect fill="url(#texture-{block.tone})" {box}/>'
