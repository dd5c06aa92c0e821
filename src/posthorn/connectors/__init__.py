"""One folder per accounting package; found at run time, imported by nobody."""

from __future__ import annotations
