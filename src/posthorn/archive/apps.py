"""Registers the archive layer with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """What came in: files, documents and their life."""

    name = "posthorn.archive"
    label = "archive"
