"""A connector to copy: a made-up package that takes documents over HTTPS."""

from __future__ import annotations

from .connector import ExamplePackage  # noqa: TID252  so that the folder works under any name

connector = ExamplePackage

__all__ = ["connector"]
