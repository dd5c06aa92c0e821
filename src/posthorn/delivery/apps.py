"""Registers the delivery layer with Django, and itself behind the ports of the layers below."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """How documents get there: plans, lanes, attempts and proof."""

    name = "posthorn.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Stand behind the ports of the layers below; models exist from here on."""
        from posthorn.archive.ports import register_planner  # noqa: PLC0415
        from posthorn.connections.ports import (  # noqa: PLC0415
            register_gate,
            register_hold_keeper,
            register_meter,
        )
        from posthorn.delivery import instance  # noqa: PLC0415
        from posthorn.delivery.budget import Budgets  # noqa: PLC0415
        from posthorn.delivery.clients import ClientFollower  # noqa: PLC0415
        from posthorn.delivery.holds import HoldKeeper  # noqa: PLC0415
        from posthorn.delivery.planner import Planner  # noqa: PLC0415
        from posthorn.tenancy.ports import register_client_watcher  # noqa: PLC0415

        keeper = HoldKeeper()
        register_planner(Planner())
        register_hold_keeper(keeper)
        register_meter(Budgets())
        register_gate(instance.may_call)
        register_client_watcher(ClientFollower(keeper))
