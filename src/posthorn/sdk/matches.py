"""What a typed text names in the package: the answers for a Resolved field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MATCHES_MAX: Final = 10_000
"""Most that `matches` gives: a large firm's clients, several times over."""

VAT_NUMBER: Final = "vat_number"
"""The fact that is compared with the client's own number, to warn and to choose beforehand."""
ENTERPRISE_NUMBER: Final = "enterprise_number"
"""Compared as well: the number in the country's register of companies."""
OWNER: Final = "owner"
"""The fact that tells whose it is, where several have the same code."""
CODE: Final = "code"
"""The fact that a person would type for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One thing in the package that a typed text names.

    `remark` and `blocked` are codes of errors.toml: what to read before choosing it, and why it
    cannot be chosen.
    """

    value: str  # the package's own key, kept as the setting; never changes
    label: str  # as the package names it
    facts: Mapping[str, str] = field(default_factory=dict)  # shown; those above have a meaning
    remark: str = ""
    blocked: str = ""
