"""A stand-in for Exact Online: its sign-in, data interface, limits, and its faults on request."""

from __future__ import annotations

from posthorn_sandbox.exact.serving import serve
from posthorn_sandbox.exact.settings import StandInSettings
from posthorn_sandbox.exact.standin import StandIn
from posthorn_sandbox.exact.switches import Switches

__all__ = ["StandIn", "StandInSettings", "Switches", "serve"]
