"""Keeps secrets off the command line, where others can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.cli.errors import UsageError
from posthorn.sdk.fields import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from posthorn.sdk.fields import Field


def refuse_secrets(fields: Sequence[Field], names: Iterable[str]) -> None:
    """Refuse secrets among the settings given by --set; raises UsageError."""
    secret = {one.id for one in fields if isinstance(one, Secret)}
    found = sorted(secret.intersection(names))
    if found:
        message = (
            f"{', '.join(found)} is a secret: give it with --secrets-stdin or when asked,"
            " since command lines can be read by others."
        )
        raise UsageError(message)
