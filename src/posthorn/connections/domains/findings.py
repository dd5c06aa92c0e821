"""What *Check my domain* found: a finding a subject, with the DNS line that would mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Subject(StrEnum):
    """What is looked at."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    MX = "mx"
    TLS = "tls"


class Standing(StrEnum):
    """How a subject stands."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One subject: its code has a text in errors.toml; name and value are the record to publish."""

    subject: Subject
    standing: Standing
    code: str
    detail: str = ""
    name: str = ""
    kind: str = "TXT"
    value: str = ""

    def as_kept(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {key: str(value)[:_LONGEST] for key, value in asdict(self).items()}


_LONGEST = 2_000


def from_kept(kept: Mapping[str, str]) -> Finding:
    """Read what `as_kept` gave."""
    return Finding(
        subject=Subject(kept["subject"]),
        standing=Standing(kept["standing"]),
        code=kept["code"],
        detail=kept["detail"],
        name=kept["name"],
        kind=kept["kind"],
        value=kept["value"],
    )


def zone_line(finding: Finding) -> str:
    """Return the record as a zone file writes it: texts in pieces of at most 255 characters."""
    if finding.kind != "TXT":
        return f"{finding.name}. IN {finding.kind} {finding.value}"
    # RFC 1035 section 3.3: a character-string holds at most 255 octets.
    pieces = [finding.value[at : at + 255] for at in range(0, len(finding.value), 255)]
    quoted = " ".join(f'"{piece}"' for piece in pieces)
    return f"{finding.name}. IN TXT {quoted}"
