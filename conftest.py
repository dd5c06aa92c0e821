"""Loads the tiers for every test of the tree, a connector's own among them."""

from __future__ import annotations

pytest_plugins = ("tests.tiers",)
