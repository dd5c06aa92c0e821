"""Draws the head of a client's page for every page of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from posthorn.web.client_pages import head_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.template.context import Context

register = template.Library()


@register.inclusion_tag("clients/_head.html", takes_context=True)
def client_head(context: Context, client_id: UUID, part: str) -> dict[str, Any]:
    """Draw name, state, deeds and tabs of a client; `part` names the tab that is shown."""
    space = context["space"]
    head = context.get("head") or head_of(space, client_id, part)
    return {"space": space, "head": head, "csrf_token": context.get("csrf_token")}
