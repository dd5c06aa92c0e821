"""What a person reads for the codes of this layer and of the settings' fields."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from posthorn.sdk.texts import ErrorText, error_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posthorn.connections.registry import Loaded


@cache
def own_texts() -> Mapping[str, ErrorText]:
    """Return code → text of what the core itself says: mail, bounces, registry, single fields."""
    fields = error_texts("posthorn.sdk", "field_errors.toml")
    calls = error_texts("posthorn.connections", "http_errors.toml")
    domains = error_texts("posthorn.connections.domains")
    returns = error_texts("posthorn.connections", "returns.toml")
    places = error_texts("posthorn.connections", "place_errors.toml")
    own = error_texts("posthorn.connections")
    return MappingProxyType({**fields, **own, **calls, **returns, **domains, **places})


def text_of(code: str, loaded: Loaded | None = None) -> ErrorText | None:
    """Return the text of a code: the connector's own word first, then the core's."""
    if loaded is not None and code in loaded.assets.errors:
        return loaded.assets.errors[code]
    return own_texts().get(code)


def sentence(code: str, language: str) -> str:
    """Return what happened and what to do, in one of the four languages; the code when unknown."""
    found = text_of(code)
    if found is None:
        return code
    return f"{found.sentence[language]} {found.advice[language]}"
