"""Registers the connections layer with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Where documents go: connectors, connections, integrations and their secrets."""

    name = "posthorn.connections"
    label = "connections"
