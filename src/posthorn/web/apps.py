"""Registers the web face with Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Sign-in, lists and pages."""

    name = "posthorn.web"
    label = "web"
