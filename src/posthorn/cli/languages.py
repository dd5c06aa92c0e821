"""Chooses the language of what connectors and checks say on the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LANGUAGES: Final = ("nl", "fr", "en", "de")
# POSIX.1-2024, Base Definitions 8.2: the first that is set and not empty decides.
_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Give the terminal's language, such as nl for nl_BE.UTF-8; English when it is not ours."""
    said = next(filter(None, map(environment.get, _VARIABLES)), "")
    asked = said.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return asked if asked in _LANGUAGES else "en"
