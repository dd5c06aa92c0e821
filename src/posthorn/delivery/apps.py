"""Registers the delivery layer with Django, and itself as the planner of what is released."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """How documents get there: plans, lanes, attempts and proof."""

    name = "posthorn.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Put the one planner behind the archive's port."""
        from posthorn.archive import ports  # noqa: PLC0415  # models exist from here on
        from posthorn.delivery.planner import Planner  # noqa: PLC0415

        ports.register_planner(Planner())
