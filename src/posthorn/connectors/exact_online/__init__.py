"""Exact Online, through its documents or its digital postbox."""

from __future__ import annotations

from posthorn.connectors.exact_online.connector import ExactOnline

connector = ExactOnline

__all__ = ["connector"]
