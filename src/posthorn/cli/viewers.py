"""Whose eyes the command line has: an operator sees what an administrator of the firm sees."""

from __future__ import annotations

from posthorn.tenancy.access import Viewer
from posthorn.tenancy.roles import Role

OPERATOR = Viewer(role=Role.ADMINISTRATOR)
