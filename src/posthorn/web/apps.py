"""Registers the web face with Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Sign-in, lists and pages."""

    name = "posthorn.web"
    label = "web"

    def ready(self) -> None:
        """Stand behind the port of the layer below that puts notices into words."""
        from posthorn.delivery.notices.ports import register_writer  # noqa: PLC0415
        from posthorn.web.notices import NoticeWriter  # noqa: PLC0415

        register_writer(NoticeWriter())
