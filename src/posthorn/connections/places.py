"""The one place at which each row's secrets decrypt, whoever reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthorn.connections.grant_models import Grant, SignIn


def place_of_grant(row: Grant) -> str:
    """Return the place of a sign-in's tokens."""
    return f"connections_grant/{row.firm_id}/{row.connection_id}"


def place_of_sign_in(row: SignIn) -> str:
    """Return the place of what a sign-in under way keeps."""
    return f"connections_signin/{row.firm_id}/{row.id}"
